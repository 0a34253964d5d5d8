//! What holds cover item by item: for reports and certificates.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::coverage::{Coverage, coverages};
use crate::model::{Digest, FolderNo, Hold, Item, ItemNo, MailboxNo, UtcTime};
use crate::retention::AppliedHold;
use crate::store::{MessageSet, SetPart, Tables, all_items, holds, item, load_set, message};
use crate::{Error, Result};

/// What a hold keeps at an instant, durations and delays counted.
#[derive(Debug, Clone, Default)]
pub(super) struct HeldItems {
    /// The items.
    pub(super) items: RoaringTreemap,
    /// Their messages.
    pub(super) messages: RoaringTreemap,
    /// Items that it keeps only because not all of them can be searched.
    pub(super) partially_indexed: u64,
    /// Items that it keeps only because nobody knows whether they match.
    pub(super) unevaluated: u64,
    /// Raw bytes of the messages.
    pub(super) bytes: u64,
    /// When the oldest item was created.
    pub(super) oldest: Option<UtcTime>,
    /// When the newest item was created.
    pub(super) newest: Option<UtcTime>,
}

/// What each of `holds` keeps at `now`.
pub(super) fn held_items(tables: &impl Tables, holds: &[Hold], now: UtcTime) -> Result<Vec<HeldItems>> {
    let coverages = coverages(tables, holds, SetPart::Whole, now)?;
    let partial = load_set(tables, MessageSet::PartiallyIndexed)?;
    let mut held = vec![HeldItems::default(); holds.len()];
    let mut of_mailbox: HashMap<MailboxNo, Vec<&Coverage>> = HashMap::new();
    all_items(tables, |item| {
        let covering = of_mailbox
            .entry(item.mailbox)
            .or_insert_with(|| coverages.iter().filter(|coverage| coverage.covers_mailbox(item.mailbox)).collect());
        for coverage in covering.iter() {
            let Some(applied) = coverage.applied(&item) else { continue };
            let unread = partial.contains(item.message.0);
            let Some(held) = held.get_mut(coverage.hold).filter(|held| !held.items.contains(item.no.0)) else {
                continue;
            };
            if applied.keeps(item.created_at, unread, now) {
                held.add(tables, &item, &applied)?;
            }
        }
        Ok(())
    })?;
    Ok(held)
}

/// The messages of each folder whose items a hold keeps at `now`, or the delay after one.
pub(in crate::archive) fn messages_on_hold(
    tables: &impl Tables,
    now: UtcTime,
) -> Result<HashMap<FolderNo, RoaringTreemap>> {
    let coverages = coverages(tables, &holds(tables)?, SetPart::Whole, now)?;
    let partial = load_set(tables, MessageSet::PartiallyIndexed)?;
    let mut held: HashMap<FolderNo, RoaringTreemap> = HashMap::new();
    all_items(tables, |item| {
        let unread = partial.contains(item.message.0);
        let covering = coverages.iter().filter(|coverage| coverage.covers_mailbox(item.mailbox));
        let mut applied = covering.filter_map(|coverage| coverage.applied(&item));
        if applied.any(|applied| applied.keeps(item.created_at, unread, now)) {
            held.entry(item.folder).or_default().insert(item.message.0);
        }
        Ok(())
    })?;
    Ok(held)
}

impl HeldItems {
    fn add(&mut self, tables: &impl Tables, item: &Item, applied: &AppliedHold) -> Result<()> {
        self.items.insert(item.no.0);
        self.partially_indexed += u64::from(applied.has_query && !applied.matches);
        self.unevaluated += u64::from(applied.unevaluated);
        self.oldest = Some(self.oldest.map_or(item.created_at, |oldest| oldest.min(item.created_at)));
        self.newest = self.newest.max(Some(item.created_at));
        if self.messages.insert(item.message.0)
            && let Some(row) = message(tables, item.message)?
        {
            self.bytes += row.raw_len;
        }
        Ok(())
    }

    /// The digest of the list of the items: the number of each, in order, and the digest of its message.
    pub(super) fn digest(&self, tables: &impl Tables) -> Result<Digest> {
        let mut hasher = blake3::Hasher::new_derive_key("custodia held items 1");
        for no in &self.items {
            let held = item(tables, ItemNo(no))?;
            let row = held.map(|item| message(tables, item.message)).transpose()?.flatten();
            let row = row.ok_or_else(|| Error::Corrupt(format!("item {no} has no message")))?;
            hasher.update(&no.to_le_bytes()).update(&row.digest.0);
        }
        Ok(Digest(*hasher.finalize().as_bytes()))
    }
}
