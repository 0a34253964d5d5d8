//! What is new at a remote source, fetched in rounds.

use std::collections::VecDeque;

use super::folder::{Fetched, admit, digest_of, is_known};
use super::run::ConnectorEvent;
use super::siblings::Siblings;
use super::spool::Spool;
use crate::archive::import::Intake;
use crate::archive::{Archive, ImportOptions, Interrupt};
use crate::connector::remote::{Listed, Remote};
use crate::connector::{Sources, open};
use crate::model::Connector;
use crate::{Error, Result};

/// Bytes that are fetched before they are imported and make room for others.
const ROUND_BYTES: u64 = 4 << 30;

/// Deliveries that are fetched before they are imported.
const ROUND_DELIVERIES: usize = 10_000;

/// Failures of the source itself without a success between them, after which it is held for broken.
const FAILURES: u32 = 3;

/// A remote source being read.
pub(super) struct Fetch<'a> {
    connector: &'a Connector,
    options: &'a ImportOptions,
    remote: Box<dyn Remote>,
    spool: Spool,
    interrupt: &'a Interrupt,
    tell: &'a dyn Fn(ConnectorEvent<'_>),
    /// What is still to be fetched; `None` before the source was listed.
    waiting: Option<VecDeque<Listed>>,
    failures: u32,
    siblings: Siblings,
    /// The error that ended the fetching.
    error: Option<Error>,
}

impl<'a> Fetch<'a> {
    pub(super) fn new(
        connector: &'a Connector,
        options: &'a ImportOptions,
        remote: Box<dyn Remote>,
        spool: Spool,
        interrupt: &'a Interrupt,
        tell: &'a dyn Fn(ConnectorEvent<'_>),
    ) -> Self {
        Self {
            connector,
            options,
            remote,
            spool,
            interrupt,
            tell,
            waiting: None,
            failures: 0,
            siblings: Siblings::default(),
            error: None,
        }
    }

    /// The checkpoint that the source gave, and the error that ended the fetching.
    pub(super) fn end(self) -> (String, Option<Error>) {
        (self.remote.checkpoint(), self.error)
    }

    /// The messages of the next deliveries that are new; `None` if there are no more.
    pub(super) fn next(&mut self, archive: &Archive, intake: &mut Intake) -> Result<Option<Sources>> {
        self.spool.clear()?;
        self.siblings.forget_fetched();
        let mut waiting = match self.waiting.take() {
            Some(waiting) => waiting,
            None => self.list(archive, intake)?,
        };
        let snapshot = archive.store.snapshot()?;
        let (mut paths, mut bytes) = (Vec::new(), 0_u64);
        while bytes < ROUND_BYTES && paths.len() < ROUND_DELIVERIES && self.error.is_none() {
            let Some(listed) = waiting.pop_front().filter(|_| !self.interrupt.is_raised()) else { break };
            (self.tell)(ConnectorEvent::Fetched {
                deliveries: intake.run.counts.listed.saturating_sub(waiting.len() as u64),
                of: intake.run.counts.listed,
            });
            let Some(found) = self.fetch(intake, &listed)? else { continue };
            let Some(beside) = self.fetch_named(intake, &found)? else { continue };
            bytes = bytes.saturating_add(beside);
            let (path, len) = (found.path.clone(), found.bytes);
            if admit(&snapshot, archive, self.connector.no, intake, found)? {
                paths.push(path);
                bytes = bytes.saturating_add(len);
            }
        }
        self.waiting = Some(waiting);
        if paths.is_empty() {
            return Ok(None);
        }
        Ok(Some(open(&paths, &archive.source_options(self.options)?)?))
    }

    fn list(&mut self, archive: &Archive, intake: &mut Intake) -> Result<VecDeque<Listed>> {
        let listed = self.remote.list(&self.connector.checkpoint)?;
        intake.run.counts.listed = listed.len() as u64;
        let snapshot = archive.store.snapshot()?;
        let mut waiting = VecDeque::new();
        for listed in listed {
            if is_known(&snapshot, self.connector.no, &listed)? {
                intake.run.counts.known += 1;
                if !is_mail_store(self.connector) {
                    self.siblings.add(listed);
                }
            } else {
                waiting.push_back(listed);
            }
        }
        Ok(waiting)
    }

    /// Fetches what a delivery names and an earlier run took; the bytes of it. `None` if it cannot be had now: then the
    /// delivery waits for the next run, because without it its messages would be other ones.
    fn fetch_named(&mut self, intake: &mut Intake, found: &Fetched<'_>) -> Result<Option<u64>> {
        let mut bytes = 0_u64;
        for sibling in self.siblings.named_in(found.listed, &found.path)? {
            let (path, mut file) = self.spool.file(&sibling)?;
            if let Err(error) = self.remote.fetch(&sibling, &mut file) {
                for path in [&path, &found.path] {
                    std::fs::remove_file(path).map_err(Error::io("remove", path))?;
                }
                let reason =
                    format!("`{}`, which it names, cannot be fetched: {error}; the next run tries again", sibling.id);
                intake.fail(found.listed.id.clone(), reason);
                return Ok(None);
            }
            bytes = bytes.saturating_add(file.metadata().map_err(Error::io("read", &path))?.len());
        }
        Ok(Some(bytes))
    }

    /// Fetches a delivery into the spool; `None` if it cannot be had now.
    fn fetch<'l>(&mut self, intake: &mut Intake, listed: &'l Listed) -> Result<Option<Fetched<'l>>> {
        let (path, mut file) = self.spool.file(listed)?;
        let fetched = self.remote.fetch(listed, &mut file).and_then(|()| {
            let bytes = file.metadata().map_err(Error::io("read", &path))?.len();
            match listed.bytes.filter(|announced| *announced != bytes) {
                Some(announced) => Err(Error::InvalidInput(format!(
                    "{bytes} bytes came of {announced}; it is being written, or the transfer was cut"
                ))),
                None => Ok(bytes),
            }
        });
        match fetched {
            Ok(bytes) => {
                self.failures = 0;
                let read = std::fs::File::open(&path).map_err(Error::io("read", &path))?;
                let digest = digest_of(read, &path)?;
                Ok(Some(Fetched { listed, path, digest, bytes, place: String::new(), in_place: false }))
            }
            Err(error) => {
                // A message would take it for the file that it names beside it.
                std::fs::remove_file(&path).map_err(Error::io("remove", &path))?;
                intake.fail(listed.id.clone(), format!("{error}; the next run tries again"));
                // One that the server never gives must not keep those after it away.
                self.failures +=
                    u32::from(!matches!(error, Error::Remote { of_all: false, .. } | Error::InvalidInput(_)));
                if self.failures >= FAILURES {
                    self.error = Some(error);
                }
                Ok(None)
            }
        }
    }
}

/// Whether deliveries are mails, of which none names another.
fn is_mail_store(connector: &Connector) -> bool {
    connector.source.from.starts_with("imap")
}
