//! What was found, counted by mailbox, folder, platform, month and sender.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike as _;
use roaring::RoaringTreemap;
use serde::Serialize;

use super::scope::Scope;
use crate::Result;
use crate::index::{Columns, Row};
use crate::model::{MailboxNo, UtcTime};
use crate::people::Directory;
use crate::store::Snapshot;

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

    pub(super) fn of(
        snapshot: &Snapshot,
        scope: &Scope,
        partial: &RoaringTreemap,
        mut columns: Columns,
    ) -> Result<Self> {
        columns.rows.sort_unstable_by_key(|row| row.found.message);
        let mut places = Places { rows: &columns.rows, items: vec![0; columns.rows.len()] };
        let (mailboxes, folders) = places.count(snapshot, scope, partial)?;
        let items = places.items;
        let directory = Directory::new(scope.mailboxes.values());
        let senders = columns.senders.iter().map(|label| sender(label, &directory, scope)).collect::<Vec<_>>();
        let (mut platforms, mut months, mut by_sender) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (row, items) in columns.rows.iter().zip(items) {
            let platform = columns.platforms.get(row.platform as usize).map_or("", String::as_str);
            count(&mut platforms, platform, row, items);
            count(&mut months, month(row.found.sent), row, items);
            count(&mut by_sender, senders.get(row.sender as usize), row, items);
        }
        let named = |(name, row): (&str, StatisticsRow)| StatisticsRow { name: name.to_owned(), ..row };
        let dated = |(month, row)| StatisticsRow { name: month_name(month), ..row };
        let sent = |(sender, row): (Option<&(String, Option<String>)>, StatisticsRow)| {
            let (name, mailbox) = sender.cloned().unwrap_or_default();
            StatisticsRow { name, mailbox, ..row }
        };
        Ok(Self {
            mailboxes: largest_first(mailboxes, |row| row.items),
            folders: largest_first(folders, |row| row.items),
            platforms: largest_first(platforms.into_iter().map(named).collect(), |row| row.messages),
            months: months.into_iter().map(dated).collect(),
            senders: largest_first(by_sender.into_iter().map(sent).collect(), |row| row.messages),
        })
    }
}

fn count<K: Ord>(rows: &mut BTreeMap<K, StatisticsRow>, key: K, row: &Row, items: u32) {
    let counts = rows.entry(key).or_default();
    counts.messages += 1;
    counts.items += u64::from(items);
    counts.bytes += row.found.size;
}

fn largest_first(mut rows: Vec<StatisticsRow>, by: impl Fn(&StatisticsRow) -> u64) -> Vec<StatisticsRow> {
    rows.sort_by(|a, b| by(b).cmp(&by(a)).then_with(|| (&a.name, &a.mailbox).cmp(&(&b.name, &b.mailbox))));
    rows
}

/// Year and month in UTC; `None`, which comes first, without a date.
fn month(sent: Option<UtcTime>) -> Option<(i32, u32)> {
    sent.map(UtcTime::to_chrono).map(|sent| (sent.year(), sent.month()))
}

fn month_name(month: Option<(i32, u32)>) -> String {
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

/// The hits by message, and how many items in scope each has.
struct Places<'r> {
    rows: &'r [Row],
    items: Vec<u32>,
}

impl Places<'_> {
    /// Counts the items of each message; returns the counts by mailbox and by folder.
    fn count(
        &mut self,
        snapshot: &Snapshot,
        scope: &Scope,
        partial: &RoaringTreemap,
    ) -> Result<(Vec<StatisticsRow>, Vec<StatisticsRow>)> {
        let hits: RoaringTreemap = self.rows.iter().map(|row| row.found.message.0).collect();
        let mut folders = Vec::new();
        let mut mailboxes: HashMap<MailboxNo, (RoaringTreemap, StatisticsRow)> = HashMap::new();
        for folder in scope.folders.values() {
            let unread = scope.members_among(snapshot, folder.no, partial)?.len();
            let found = scope.matching(folder.no, scope.members_among(snapshot, folder.no, &hits)?);
            let (all, mailbox) = mailboxes.entry(folder.mailbox).or_default();
            mailbox.items += found.len();
            *mailbox.partially_indexed.get_or_insert(0) += unread;
            if found.is_empty() && unread == 0 {
                continue;
            }
            folders.push(StatisticsRow {
                name: folder.path.clone(),
                mailbox: scope.mailboxes.get(&folder.mailbox).map(|mailbox| mailbox.address.clone()),
                messages: found.len(),
                items: found.len(),
                bytes: self.visit(&found),
                partially_indexed: Some(unread),
            });
            *all |= found;
        }
        let mut by_mailbox = Vec::new();
        for (no, (all, mut row)) in mailboxes {
            if all.is_empty() && row.partially_indexed.unwrap_or(0) == 0 {
                continue;
            }
            row.name = scope.mailboxes.get(&no).map_or_else(String::new, |mailbox| mailbox.address.clone());
            row.messages = all.len();
            row.bytes = self.bytes(&all);
            by_mailbox.push(row);
        }
        Ok((by_mailbox, folders))
    }

    /// Counts an item of each of `messages`; returns their bytes.
    fn visit(&mut self, messages: &RoaringTreemap) -> u64 {
        for at in places(self.rows, messages) {
            if let Some(items) = self.items.get_mut(at) {
                *items += 1;
            }
        }
        self.bytes(messages)
    }

    fn bytes(&self, messages: &RoaringTreemap) -> u64 {
        places(self.rows, messages).filter_map(|at| self.rows.get(at)).map(|row| row.found.size).sum()
    }
}

/// Where `messages`, which are all in `rows`, stand there; both are sorted.
fn places(rows: &[Row], messages: &RoaringTreemap) -> impl Iterator<Item = usize> {
    let mut from = 0;
    messages.iter().map(move |message| {
        let rest = rows.get(from..).unwrap_or_default();
        // Hits of one folder are mostly neighbours: look nearby first.
        let mut reach = 1;
        while rest.get(reach).is_some_and(|row| row.found.message.0 <= message) {
            reach *= 2;
        }
        let near = rest.get(..rest.len().min(reach + 1)).unwrap_or(rest);
        from += near.partition_point(|row| row.found.message.0 < message);
        from
    })
}
