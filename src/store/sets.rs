//! Sets of message numbers, in chunks of 65,536 numbers, so that a small change rewrites kilobytes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use redb::ReadableTable as _;
use roaring::{RoaringBitmap, RoaringTreemap};

use super::failed;
use super::set_chunk::{CHUNK_BITS, Chunks, keys, read_chunk, write_chunk};
use super::tables::{SETS, Tables, Transaction};
use crate::Result;
use crate::model::{FolderNo, LabelId, MessageNo, PolicyId};

/// Which set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageSet {
    /// Messages with an item in the folder.
    Folder(FolderNo),
    /// Messages that match the query of the retention policy.
    PolicyMatches(PolicyId),
    /// Messages that matched the query of the retention policy by older rules of searching, under other names of its people,
    /// or a query before it, and no longer do; and those of which nobody knew whether the query before matches them.
    FormerPolicyMatches(PolicyId),
    /// Messages that the query of the retention label finds, while it waits for an older one.
    LabelMatches(LabelId),
    /// Messages of which nobody knows whether their items get the retention label, or should have got it: when it was offered,
    /// not all of them could be searched, and a query found them for what they lack.
    LabelDoubts(LabelId),
    /// Messages with items that the query of the retention label set it on, and that it no longer finds: by newer rules of
    /// searching, or because its people have other names.
    FormerLabelMatches(LabelId),
    /// Messages that a narrowed scope of a hold covers, under the number that the hold gives its set.
    HoldMatches(u64),
    /// Messages of which not all can be searched.
    PartiallyIndexed,
    /// Messages in quarantine.
    Quarantined,
    /// Messages whose attachments are still to be read.
    AttachmentsUnread,
    /// Messages of which there are other renditions.
    Renditions,
}

impl MessageSet {
    fn key(self) -> (u8, u64) {
        match self {
            Self::Folder(no) => (1, u64::from(no.0)),
            Self::HoldMatches(set) => (2, set),
            Self::PartiallyIndexed => (3, 0),
            Self::Quarantined => (4, 0),
            Self::PolicyMatches(id) => (5, id.0),
            Self::AttachmentsUnread => (6, 0),
            Self::Renditions => (7, 0),
            Self::FormerPolicyMatches(id) => (8, id.0),
            Self::LabelMatches(id) => (9, id.0),
            Self::LabelDoubts(id) => (11, id.0),
            Self::FormerLabelMatches(id) => (12, id.0),
        }
    }
}

/// How much of a set is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetPart {
    /// All of it.
    Whole,
    /// Whether a message is in it, and maybe its neighbours.
    Around(MessageNo),
}

/// The whole set.
///
/// # Errors
/// The store failed or the set is damaged.
pub fn load_set(tables: &impl Tables, set: MessageSet) -> Result<RoaringTreemap> {
    load_part(tables, set, SetPart::Whole)
}

/// As much of the set as is needed.
///
/// # Errors
/// The store failed or the set is damaged.
pub fn load_part(tables: &impl Tables, set: MessageSet, part: SetPart) -> Result<RoaringTreemap> {
    let chunks = match part {
        SetPart::Whole => 0..=u64::MAX,
        SetPart::Around(no) => no.0 >> CHUNK_BITS..=no.0 >> CHUNK_BITS,
    };
    load_chunks(tables, set.key(), chunks)
}

/// The numbers of some chunks of the set with a key.
pub(super) fn load_chunks(
    tables: &impl Tables,
    (kind, id): (u8, u64),
    chunks: RangeInclusive<u64>,
) -> Result<RoaringTreemap> {
    let table = tables.table(SETS)?;
    let mut all = Chunks::default();
    for row in table.range((kind, id, *chunks.start())..=(kind, id, *chunks.end())).map_err(failed("read a set"))? {
        let (key, value) = row.map_err(failed("read a set"))?;
        all.add(key.value().2, value.value())?;
    }
    Ok(all.joined())
}

/// What the set has in common with `other`. Only those chunks are read that numbers of `other` stand in.
///
/// # Errors
/// The store failed or the set is damaged.
pub fn load_common(tables: &impl Tables, set: MessageSet, other: &RoaringTreemap) -> Result<RoaringTreemap> {
    let (kind, id) = set.key();
    let table = tables.table(SETS)?;
    let bitmaps = other.bitmaps().collect();
    let mut common = Chunks::default();
    for neighbours in keys(other).chunk_by(|key, next| key + 1 == *next) {
        let (Some(first), Some(last)) = (neighbours.first(), neighbours.last()) else { continue };
        for row in table.range((kind, id, *first)..=(kind, id, *last)).map_err(failed("read a set"))? {
            let (key, value) = row.map_err(failed("read a set"))?;
            common.add_common(key.value().2, value.value(), &bitmaps)?;
        }
    }
    Ok(common.joined())
}

/// Adds `insert` to the set and takes `remove` out of it.
///
/// # Errors
/// The store failed or the set is damaged.
pub fn extend_set(
    transaction: &Transaction,
    set: MessageSet,
    insert: impl IntoIterator<Item = MessageNo>,
    remove: impl IntoIterator<Item = MessageNo>,
) -> Result<()> {
    let numbers = |no: MessageNo| no.0;
    change_chunks(transaction, set.key(), insert.into_iter().map(numbers), remove.into_iter().map(numbers))
}

/// Adds `insert` to the set with a key and takes `remove` out of it.
pub(super) fn change_chunks(
    transaction: &Transaction,
    (kind, id): (u8, u64),
    insert: impl Iterator<Item = u64>,
    remove: impl Iterator<Item = u64>,
) -> Result<()> {
    let mut changes: BTreeMap<u64, Vec<(u32, bool)>> = BTreeMap::new();
    for (no, present) in insert.map(|no| (no, true)).chain(remove.map(|no| (no, false))) {
        changes.entry(no >> CHUNK_BITS).or_default().push(((no & 0xffff) as u32, present));
    }
    let mut table = transaction.writable(SETS)?;
    for (chunk, numbers) in changes {
        let key = (kind, id, chunk);
        let mut bitmap = match table.get(key).map_err(failed("read a set"))? {
            Some(value) => read_chunk(value.value())?,
            None => RoaringBitmap::new(),
        };
        for (low, present) in numbers {
            if present {
                bitmap.insert(low)
            } else {
                bitmap.remove(low)
            };
        }
        if bitmap.is_empty() {
            table.remove(key).map_err(failed("write a set"))?;
        } else {
            table.insert(key, write_chunk(&mut bitmap)?.as_slice()).map_err(failed("write a set"))?;
        }
    }
    Ok(())
}

/// Makes the set equal to `numbers`.
///
/// # Errors
/// The store failed.
pub fn replace_set(transaction: &Transaction, set: MessageSet, numbers: &RoaringTreemap) -> Result<()> {
    let old = load_set(transaction, set)?;
    let gone = &old - numbers;
    extend_set(transaction, set, numbers.iter().map(MessageNo), gone.iter().map(MessageNo))
}
