//! What an import keeps from one commit to the next.

use std::collections::HashSet;

use super::ImportReport;
use super::file_report::FileTally;
use super::open_minutes::OpenMinutes;
use super::route::Router;
use crate::model::Digest;

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
    pub(super) fn new(router: Router, report: ImportReport, disposed: HashSet<Digest>) -> Self {
        Self { router, report, files: FileTally::default(), minutes: OpenMinutes::default(), disposed }
    }

    /// Whether a message was disposed of under one of its digests, and has not come again since.
    pub(super) fn is_back(&mut self, digests: impl Iterator<Item = Digest>) -> bool {
        digests.filter(|digest| self.disposed.remove(digest)).count() > 0
    }
}
