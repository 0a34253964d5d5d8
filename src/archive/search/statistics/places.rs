//! Hits counted by mailbox and folder.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::StatisticsRow;
use crate::Result;
use crate::archive::search::scope::Scope;
use crate::index::HitTable;
use crate::model::{FolderNo, MailboxNo};
use crate::store::Snapshot;

/// What was counted of each mailbox and folder in scope.
pub(super) struct Places<'a> {
    snapshot: &'a Snapshot,
    scope: &'a Scope,
    mailboxes: HashMap<MailboxNo, StatisticsRow>,
    folders: HashMap<FolderNo, StatisticsRow>,
}

impl<'a> Places<'a> {
    /// Without hits yet; of items that cannot be searched whole, those among `partial`.
    pub(super) fn new(snapshot: &'a Snapshot, scope: &'a Scope, partial: &RoaringTreemap) -> Result<Self> {
        let mut places = Self { snapshot, scope, mailboxes: HashMap::new(), folders: HashMap::new() };
        for folder in scope.folders.values() {
            let unread = scope.members_among(snapshot, folder.no, partial)?.len();
            let address = scope.mailboxes.get(&folder.mailbox).map(|mailbox| mailbox.address.clone());
            let mailbox = places.mailboxes.entry(folder.mailbox).or_insert_with(|| StatisticsRow {
                name: address.clone().unwrap_or_default(),
                partially_indexed: Some(0),
                ..StatisticsRow::default()
            });
            *mailbox.partially_indexed.get_or_insert(0) += unread;
            let (name, partially_indexed) = (folder.path.clone(), Some(unread));
            let row = StatisticsRow { name, mailbox: address, partially_indexed, ..StatisticsRow::default() };
            places.folders.insert(folder.no, row);
        }
        Ok(places)
    }

    /// Which of some hits are in each folder.
    pub(super) fn found(&self, hits: &RoaringTreemap) -> Result<Vec<(FolderNo, RoaringTreemap)>> {
        let mut found = Vec::new();
        for folder in self.scope.folders.keys() {
            let here = self.scope.matching(*folder, self.scope.members_among(self.snapshot, *folder, hits)?);
            if !here.is_empty() {
                found.push((*folder, here));
            }
        }
        Ok(found)
    }

    /// Counts what was found in folders; `table` has the sizes.
    pub(super) fn count(&mut self, found: &[(FolderNo, RoaringTreemap)], table: &mut HitTable) {
        let mut all: HashMap<MailboxNo, RoaringTreemap> = HashMap::new();
        for (no, messages) in found {
            let (Some(row), Some(folder)) = (self.folders.get_mut(no), self.scope.folders.get(no)) else { continue };
            row.messages += messages.len();
            row.items += messages.len();
            row.bytes += table.bytes(messages);
            if let Some(mailbox) = self.mailboxes.get_mut(&folder.mailbox) {
                mailbox.items += messages.len();
            }
            *all.entry(folder.mailbox).or_default() |= messages;
        }
        for (no, messages) in all {
            if let Some(row) = self.mailboxes.get_mut(&no) {
                row.messages += messages.len();
                row.bytes += table.bytes(&messages);
            }
        }
    }

    /// The rows of mailboxes and of folders that have something.
    pub(super) fn rows(self) -> (Vec<StatisticsRow>, Vec<StatisticsRow>) {
        let has_some = |row: &StatisticsRow| row.items > 0 || row.partially_indexed.unwrap_or(0) > 0;
        let mailboxes = self.mailboxes.into_values().filter(has_some).collect();
        (mailboxes, self.folders.into_values().filter(has_some).collect())
    }
}
