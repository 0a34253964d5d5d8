//! From records to mails: the last step of every converter.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use tempfile::{SpooledData, SpooledTempFile};

use crate::connector::attached::Attached;
use crate::connector::faults::Faults;
use crate::connector::file_range::FileRange;
use crate::connector::{LARGE, Raw, SourceRecord};
use crate::message::converted::{Record, folder, former_header, to_mail_stream};
use crate::model::Digest;

/// Bytes of a mail that are hashed at a time.
const BLOCK: u64 = 64 << 10;

/// Makes the mails of one file's records, and tells equal records apart.
#[derive(Debug)]
pub(in crate::connector) struct Conversion {
    /// Where it is noted that this machine failed.
    faults: Faults,
    /// How often each record occurred, by the first bytes of its identity. If two unlike ones ever shared them, one of
    /// them would have the ordinal 1 where 0 would do, on every machine.
    occurred: HashMap<u64, u32>,
}

impl Conversion {
    /// Nothing was converted yet.
    pub(in crate::connector) fn new(faults: &Faults) -> Self {
        Self { faults: faults.clone(), occurred: HashMap::new() }
    }

    /// The mail of a record with its attachments, in the order in which the record names them.
    ///
    /// # Errors
    /// A text for people: an attachment cannot be read any more, or the disk is full.
    pub(in crate::connector) fn convert(
        &mut self,
        origin: String,
        record: &Record,
        attached: &mut [Attached],
    ) -> Result<SourceRecord, String> {
        let digests: Vec<Digest> = attached.iter().map(|file| file.digest).collect();
        let occurred = self.occurred.entry(record.identity(&digests, 0).prefix()).or_default();
        let ordinal = u64::from(*occurred);
        let raw = spool(record, attached, ordinal)
            .inspect_err(|error| self.faults.note(error))
            .map_err(|error| format!("cannot convert it: {error}"))?;
        *occurred = occurred.saturating_add(1);
        let former = former(record, &digests, ordinal, &raw)
            .inspect_err(|error| self.faults.note(error))
            .map_err(|error| format!("cannot convert it: {error}"))?;
        let record = SourceRecord::new(origin, raw, Some(folder(&record.platform)));
        Ok(SourceRecord { made: true, former, ..record })
    }
}

/// The digest of the mail that a record had before, if that was another than `raw`.
fn former(record: &Record, digests: &[Digest], ordinal: u64, raw: &Raw) -> io::Result<Option<Digest>> {
    let Some((header, now)) = former_header(record, digests, ordinal)? else { return Ok(None) };
    let mut hasher = blake3::Hasher::new();
    hasher.update(&header);
    let source = raw.source();
    let (mut at, mut block) = (now, vec![0; source.len().saturating_sub(now).min(BLOCK) as usize]);
    while at < source.len() {
        let length = (source.len() - at).min(block.len() as u64);
        let block = block.get_mut(..length as usize).unwrap_or_default();
        source.read_exact_at(at, block)?;
        hasher.update(block);
        at += length;
    }
    Ok(Some(Digest(*hasher.finalize().as_bytes())))
}

/// Writes the mail to memory, or to an unnamed file once it is larger than [`LARGE`].
fn spool(record: &Record, attached: &mut [Attached], ordinal: u64) -> io::Result<Raw> {
    let mut spool = SpooledTempFile::new(LARGE as usize);
    let mut readers: Vec<_> = attached.iter_mut().map(Attached::reader).collect();
    to_mail_stream(record, &mut readers, ordinal, &mut spool)?;
    into_raw(spool)
}

/// What was written to a spool.
///
/// # Errors
/// The length of its file cannot be asked for.
pub(in crate::connector) fn into_raw(spool: SpooledTempFile) -> io::Result<Raw> {
    Ok(match spool.into_inner() {
        SpooledData::InMemory(bytes) => Raw::Memory(bytes.into_inner()),
        SpooledData::OnDisk(file) => {
            let len = file.metadata()?.len();
            Raw::Stored(Arc::new(FileRange::new(Arc::new(file), 0, len)))
        }
    })
}
