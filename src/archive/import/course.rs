//! What an import keeps from one commit to the next.

use std::collections::HashSet;
use std::path::PathBuf;

use super::ImportReport;
use super::file_report::FileTally;
use super::open_minutes::OpenMinutes;
use super::route::Router;
use crate::Result;
use crate::model::Digest;
use crate::store::{Snapshot, disposition_records};

/// Digests of what was disposed of.
pub(in crate::archive) fn disposed_digests(snapshot: &Snapshot) -> Result<HashSet<Digest>> {
    let mut disposed = HashSet::new();
    disposition_records(snapshot, |record| {
        disposed.insert(record.digest);
        Ok(())
    })?;
    Ok(disposed)
}

/// What an import keeps from one commit to the next.
pub(super) struct Course {
    pub(super) router: Router,
    pub(super) report: ImportReport,
    pub(super) files: FileTally,
    pub(super) minutes: OpenMinutes,
    /// Digests of what was disposed of before, and has not come again.
    pub(super) disposed: HashSet<Digest>,
}

impl Course {
    /// What waits does so in memory and in the directory of the archive.
    pub(super) fn new(directory: PathBuf, router: Router, report: ImportReport, disposed: HashSet<Digest>) -> Self {
        Self { router, report, files: FileTally::default(), minutes: OpenMinutes::new(directory), disposed }
    }

    /// Whether a message was disposed of under one of its digests, and has not come again since.
    pub(super) fn is_back(&mut self, digests: impl Iterator<Item = Digest>) -> bool {
        digests.filter(|digest| self.disposed.remove(digest)).count() > 0
    }
}
