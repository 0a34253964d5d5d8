//! What is new in a folder.

use std::fs::File;
use std::path::PathBuf;

use super::run::ConnectorEvent;
use crate::archive::import::{Expected, Intake};
use crate::archive::{Archive, ImportOptions, Interrupt};
use crate::connector::remote::Listed;
use crate::connector::{FolderFile, Sources, file_version, list_folder, open_files};
use crate::model::{Connector, ConnectorNo, Delivery, Digest};
use crate::store::{Tables, delivery, delivery_by_digest};
use crate::{Error, Result};

/// The one round in which a folder is read: its files stay where they are.
pub(super) struct FolderRound<'a> {
    connector: &'a Connector,
    options: &'a ImportOptions,
    root: Option<PathBuf>,
    interrupt: &'a Interrupt,
    tell: &'a dyn Fn(ConnectorEvent<'_>),
}

impl<'a> FolderRound<'a> {
    pub(super) fn new(
        connector: &'a Connector,
        options: &'a ImportOptions,
        root: PathBuf,
        interrupt: &'a Interrupt,
        tell: &'a dyn Fn(ConnectorEvent<'_>),
    ) -> Self {
        Self { connector, options, root: Some(root), interrupt, tell }
    }

    /// The messages of the files that are new; `None` if there are none, or the second time.
    pub(super) fn next(&mut self, archive: &Archive, intake: &mut Intake) -> Result<Option<Sources>> {
        let Some(root) = self.root.take() else { return Ok(None) };
        let listing = list_folder(&root)?;
        let of = (listing.files.len() + listing.passed.len()) as u64;
        intake.run.counts.listed = of;
        for passed in listing.passed {
            intake.fail(passed.origin, passed.reason);
        }
        let snapshot = archive.store.snapshot()?;
        let mut wanted = Vec::new();
        for (deliveries, file) in (0..).zip(listing.files) {
            if self.interrupt.is_raised() {
                return Ok(None);
            }
            (self.tell)(ConnectorEvent::Fetched { deliveries, of });
            if is_known(&snapshot, self.connector.no, &file.listed)? {
                intake.run.counts.known += 1;
            } else if self.is_wanted(&snapshot, archive, intake, &file)? {
                wanted.push(file);
            }
        }
        if wanted.is_empty() {
            return Ok(None);
        }
        Ok(Some(open_files(wanted, &archive.source_options(self.options)?)))
    }

    fn is_wanted(
        &self,
        tables: &impl Tables,
        archive: &Archive,
        intake: &mut Intake,
        file: &FolderFile,
    ) -> Result<bool> {
        let path = file.path();
        let digest = match File::open(&path).map_err(Error::io("read", &path)).and_then(|file| digest_of(file, &path)) {
            Ok(digest) => digest,
            Err(error) => {
                intake.fail(file.listed.id.clone(), format!("{error}; the next run tries again"));
                return Ok(false);
            }
        };
        if file_version(&path).ok().as_ref() != Some(&file.listed.version) {
            intake.fail(file.listed.id.clone(), "it is still being written; the next run reads it".to_owned());
            return Ok(false);
        }
        let (bytes, place) = (file.listed.bytes.unwrap_or_default(), file.place.clone());
        let found = Fetched { listed: &file.listed, path, digest, bytes, place, in_place: true };
        admit(tables, archive, self.connector.no, intake, found)
    }
}

/// A delivery whose bytes are here.
pub(super) struct Fetched<'a> {
    pub(super) listed: &'a Listed,
    pub(super) path: PathBuf,
    pub(super) digest: Digest,
    pub(super) bytes: u64,
    pub(super) place: String,
    pub(super) in_place: bool,
}

/// Whether an earlier run took a delivery as it is now. Without a version its bytes have to tell.
pub(super) fn is_known(tables: &impl Tables, connector: ConnectorNo, listed: &Listed) -> Result<bool> {
    if listed.version.is_empty() {
        return Ok(false);
    }
    Ok(delivery(tables, connector, &listed.id)?.is_some_and(|row| row.version == listed.version))
}

/// Whether a delivery is to be read: not if its bytes were taken before under another name or time.
pub(super) fn admit(
    tables: &impl Tables,
    archive: &Archive,
    connector: ConnectorNo,
    intake: &mut Intake,
    found: Fetched<'_>,
) -> Result<bool> {
    let Fetched { listed, path, digest, bytes, place, in_place } = found;
    let (id, version) = (listed.id.clone(), listed.version.clone());
    if let Some((same, row)) = delivery_by_digest(tables, connector, &digest, &place)? {
        let same_as = if same == id { row.same_as.clone() } else { Some(same) };
        let at = archive.act_time(tables)?;
        intake.recognise(id, Delivery { version, same_as, at, ..row });
        return Ok(false);
    }
    let expected = Expected { id, version, digest, bytes, place, others: Vec::new(), in_place };
    Ok(intake.expect(path, expected))
}

/// The digest of all of a file.
pub(super) fn digest_of(file: File, path: &std::path::Path) -> Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file).map_err(Error::io("read", path))?;
    Ok(Digest(*hasher.finalize().as_bytes()))
}
