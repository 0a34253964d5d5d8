//! What was found, counted by mailbox, folder, platform, month and sender.

mod places;

use std::collections::BTreeMap;

use roaring::RoaringTreemap;
use serde::Serialize;

use super::scope::Scope;
use crate::Result;
use crate::archive::follower::Follower;
use crate::index::{Counts, Groups, HitTable, MessageScope, Month};
use crate::people::Directory;
use crate::query::Query;
use crate::store::Snapshot;

use places::Places;

/// Counts of one mailbox, folder, platform, month or sender.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct StatisticsRow {
    /// Address, path, platform, month as `2024-01`, or sender; empty where the message says nothing.
    pub name: String,
    /// Of a folder, its mailbox; of a sender, the mailbox of that person, if there is one.
    pub mailbox: Option<String>,
    /// Messages that match. One that is in several mailboxes counts in each.
    pub messages: u64,
    /// Items that match.
    pub items: u64,
    /// Raw bytes of the messages, each counted once in a row.
    pub bytes: u64,
    /// Items in scope of which not all can be searched; of mailboxes and folders only.
    pub partially_indexed: Option<u64>,
}

/// Counts of what was found. Items add up to the total in each list; messages and bytes in those of platforms, months
/// and senders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statistics {
    /// By mailbox, most items first.
    pub mailboxes: Vec<StatisticsRow>,
    /// By folder, most items first.
    pub folders: Vec<StatisticsRow>,
    /// By platform, most messages first.
    pub platforms: Vec<StatisticsRow>,
    /// By the month of the sent time in UTC, in order.
    pub months: Vec<StatisticsRow>,
    /// By the first author, most messages first. Addresses and numbers of one mailbox are one sender.
    pub senders: Vec<StatisticsRow>,
}

impl Statistics {
    /// Each list with its name.
    pub fn lists(&self) -> [(&'static str, &[StatisticsRow]); 5] {
        [
            ("mailbox", &self.mailboxes),
            ("folder", &self.folders),
            ("platform", &self.platforms),
            ("month", &self.months),
            ("sender", &self.senders),
        ]
    }
}

/// What is counted, and where.
pub(super) struct Counting<'a> {
    pub(super) index: &'a Follower,
    pub(super) query: &'a Query,
    pub(super) searched: &'a MessageScope,
    pub(super) snapshot: &'a Snapshot,
    pub(super) scope: &'a Scope,
}

impl Counting<'_> {
    /// Counts `hits`, which are all that the query finds. Takes memory for the rows and a part of the hits, however many
    /// there are: they are counted window by window.
    pub(super) fn statistics(&self, hits: &RoaringTreemap, partial: &RoaringTreemap) -> Result<Statistics> {
        let mut groups = Groups::default();
        let mut places = Places::new(self.snapshot, self.scope, partial)?;
        for window in HitTable::windows(hits) {
            let found = places.found(&window)?;
            let mut table = HitTable::of(&window);
            for (_, messages) in &found {
                table.add_items(messages);
            }
            let here = if window.len() == hits.len() { self.searched.clone() } else { MessageScope::new(Some(window)) };
            let (counted, mut table) = self.index.groups(self.query, &here, table)?;
            groups.add(counted);
            places.count(&found, &mut table);
        }
        Ok(self.named(groups, places))
    }

    fn named(&self, groups: Groups, places: Places<'_>) -> Statistics {
        let named = |(name, counts)| row(name, None, counts);
        let dated = |(month, counts)| row(month_name(month), None, counts);
        let (mailboxes, folders) = places.rows();
        Statistics {
            mailboxes: largest_first(mailboxes, |row| row.items),
            folders: largest_first(folders, |row| row.items),
            platforms: largest_first(groups.platforms.into_iter().map(named).collect(), |row| row.messages),
            months: groups.months.into_iter().map(dated).collect(),
            senders: largest_first(self.senders(groups.senders), |row| row.messages),
        }
    }

    /// All labels of one mailbox in one row.
    fn senders(&self, labels: BTreeMap<String, Counts>) -> Vec<StatisticsRow> {
        let directory = Directory::new(self.scope.mailboxes.values());
        let mut rows: BTreeMap<(String, Option<String>), Counts> = BTreeMap::new();
        for (label, counts) in labels {
            rows.entry(sender(&label, &directory, self.scope)).or_default().add(counts);
        }
        rows.into_iter().map(|((name, mailbox), counts)| row(name, mailbox, counts)).collect()
    }
}

fn row(name: String, mailbox: Option<String>, counts: Counts) -> StatisticsRow {
    let Counts { messages, items, bytes } = counts;
    StatisticsRow { name, mailbox, messages, items, bytes, partially_indexed: None }
}

fn largest_first(mut rows: Vec<StatisticsRow>, by: impl Fn(&StatisticsRow) -> u64) -> Vec<StatisticsRow> {
    rows.sort_by(|a, b| by(b).cmp(&by(a)).then_with(|| (&a.name, &a.mailbox).cmp(&(&b.name, &b.mailbox))));
    rows
}

/// Empty without a date.
fn month_name(month: Month) -> String {
    month.map_or_else(String::new, |(year, month)| format!("{year:04}-{month:02}"))
}

/// The name that a sender is counted under, and its mailbox.
fn sender(label: &str, directory: &Directory, scope: &Scope) -> (String, Option<String>) {
    let mailbox = directory.find(label).and_then(|no| scope.mailboxes.get(&no));
    match mailbox {
        Some(mailbox) => (mailbox.address.clone(), Some(mailbox.address.clone())),
        None => (label.to_owned(), None),
    }
}
