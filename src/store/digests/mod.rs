//! From digests to numbers: keys in no order, millions of them.
//!
//! A tree alone would have to write most of its pages anew for each commit. New keys stand in a small tree; when that is
//! full, they become a sorted run, merged with those of its size, so that each key is written a few times in all and
//! every page that is written is full. A look-up asks the tree and each run.

mod block;
mod key;
mod remove;
mod run;

#[cfg(test)]
mod tests;

use redb::{ReadableTable, ReadableTableMetadata as _, Table, TableDefinition};

use super::failed;
use super::tables::{
    CONTENT_HASH_BLOCKS, CONTENT_HASHES, MESSAGE_DIGEST_BLOCKS, MESSAGE_DIGESTS, PART_DIGEST_BLOCKS, PART_DIGESTS,
    Tables, Transaction,
};
use crate::{Error, Result};
use block::Block;
use key::{Key, MAX_NUMBER};
use run::{DigestRun, RunReader, block_key, first_key, put_run, runs, write_run};

pub(super) use key::TreeKey;
pub(super) use remove::remove;
pub(super) use run::BlockKey;

/// Keys in no order.
pub(super) trait TreeRows: ReadableTable<&'static TreeKey, ()> {}
impl<T: ReadableTable<&'static TreeKey, ()>> TreeRows for T {}

/// Blocks of sorted keys.
pub(super) trait BlockRows: ReadableTable<&'static BlockKey, &'static [u8]> {}
impl<T: ReadableTable<&'static BlockKey, &'static [u8]>> BlockRows for T {}

type TreeTable<'t> = Table<'t, &'static TreeKey, ()>;
type BlockTable<'t> = Table<'t, &'static BlockKey, &'static [u8]>;

/// Most keys of the tree, where a key takes twice the room that it takes in a run. Fewer, and daily deliveries would merge
/// often.
const TREE_KEYS: u64 = 8_192;

/// How many times as many keys the run of a level may have as that of the level below.
const GROWTH: u64 = 8;

/// What digests are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DigestKind {
    /// Raw bytes of messages.
    Messages,
    /// Contents of messages.
    Contents,
    /// Decoded bytes of parts.
    Parts,
}

impl DigestKind {
    /// The first half of the keys of `digest_runs`.
    fn no(self) -> u8 {
        match self {
            Self::Messages => 1,
            Self::Contents => 2,
            Self::Parts => 3,
        }
    }

    fn tree(self) -> TableDefinition<'static, &'static TreeKey, ()> {
        match self {
            Self::Messages => MESSAGE_DIGESTS,
            Self::Contents => CONTENT_HASHES,
            Self::Parts => PART_DIGESTS,
        }
    }

    fn blocks(self) -> TableDefinition<'static, &'static BlockKey, &'static [u8]> {
        match self {
            Self::Messages => MESSAGE_DIGEST_BLOCKS,
            Self::Contents => CONTENT_HASH_BLOCKS,
            Self::Parts => PART_DIGEST_BLOCKS,
        }
    }
}

/// The first eight bytes of a digest, and the number that it leads to.
pub(super) type DigestLead = (u64, u64);

/// Looks digests of one kind up.
pub(super) struct DigestReader<T, B> {
    tree: T,
    blocks: B,
    runs: Vec<u32>,
}

/// A reader of what `tables` show.
///
/// # Errors
/// The store failed.
pub(super) fn reader(tables: &impl Tables, kind: DigestKind) -> Result<DigestReader<impl TreeRows, impl BlockRows>> {
    let runs = runs(tables, kind)?.into_iter().map(|(_, run)| run.no).collect();
    Ok(DigestReader { tree: tables.table(kind.tree())?, blocks: tables.table(kind.blocks())?, runs })
}

/// A reader within the transaction that is going to write.
pub(super) type DigestsBefore<'t> = DigestReader<TreeTable<'t>, BlockTable<'t>>;

impl<'t> DigestsBefore<'t> {
    /// What stands there before `transaction` writes.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn new(transaction: &'t Transaction, kind: DigestKind) -> Result<Self> {
        let runs = runs(transaction, kind)?.into_iter().map(|(_, run)| run.no).collect();
        Ok(Self { tree: transaction.writable(kind.tree())?, blocks: transaction.writable(kind.blocks())?, runs })
    }
}

impl<T: TreeRows, B: BlockRows> DigestReader<T, B> {
    /// The first that `row` returns for a number whose digest may begin with `prefix`, its first eight bytes. Different
    /// digests may share a key's five bytes: the row decides.
    ///
    /// # Errors
    /// The store failed, or `row` did.
    pub(super) fn find<F>(&self, prefix: u64, mut row: impl FnMut(u64) -> Result<Option<F>>) -> Result<Option<F>> {
        let (low, high) = (Key::new(prefix, 0), Key::new(prefix, MAX_NUMBER));
        let in_tree = self.tree.range::<&TreeKey>(&low.bytes()..=&high.bytes());
        for key in in_tree.map_err(failed("look up a digest"))? {
            let (key, _) = key.map_err(failed("look up a digest"))?;
            if let Some(found) = row(Key::of_bytes(key.value()).no())? {
                return Ok(Some(found));
            }
        }
        for run in &self.runs {
            if let Some(found) = self.find_in_run(*run, low, high, &mut row)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// From the last block that may hold such a key backwards: copies of one content may fill many blocks.
    fn find_in_run<F>(
        &self,
        run: u32,
        low: Key,
        high: Key,
        row: &mut impl FnMut(u64) -> Result<Option<F>>,
    ) -> Result<Option<F>> {
        let (first, last) = (block_key(run, Key::of_parts(0, 0)), block_key(run, high));
        let blocks = self.blocks.range::<&BlockKey>(&first..=&last).map_err(failed("look up a digest"))?;
        for block in blocks.rev() {
            let (place, bytes) = block.map_err(failed("look up a digest"))?;
            let first = first_key(place.value());
            for no in Block::read(first, bytes.value())?.numbers(low) {
                if let Some(found) = row(no)? {
                    return Ok(Some(found));
                }
            }
            if first < low {
                break;
            }
        }
        Ok(None)
    }

    /// Whether `no` stands under a digest whose first eight bytes are `prefix`.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn leads_to(&self, prefix: u64, no: u64) -> Result<bool> {
        let key = Key::new(prefix, no);
        if self.tree.get(&key.bytes()).map_err(failed("look up a digest"))?.is_some() {
            return Ok(true);
        }
        for run in &self.runs {
            let (first, last) = (block_key(*run, Key::of_parts(0, 0)), block_key(*run, key));
            let mut blocks = self.blocks.range::<&BlockKey>(&first..=&last).map_err(failed("look up a digest"))?;
            if let Some(block) = blocks.next_back() {
                let (place, bytes) = block.map_err(failed("look up a digest"))?;
                if Block::read(first_key(place.value()), bytes.value())?.contains(key) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// How many keys lead to numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestCounts {
    /// From digests to messages.
    pub messages: u64,
    /// From content hashes to messages.
    pub contents: u64,
    /// From digests to parts.
    pub parts: u64,
}

/// How many keys there are; as many as what they lead to, or something is lost or left.
///
/// # Errors
/// The store failed.
pub fn digest_counts(tables: &impl Tables) -> Result<DigestCounts> {
    Ok(DigestCounts {
        messages: count(tables, DigestKind::Messages)?,
        contents: count(tables, DigestKind::Contents)?,
        parts: count(tables, DigestKind::Parts)?,
    })
}

fn count(tables: &impl Tables, kind: DigestKind) -> Result<u64> {
    let mut counted = tables.table(kind.tree())?.len().map_err(failed("count digests"))?;
    let blocks = tables.table(kind.blocks())?;
    for (_, run) in runs(tables, kind)? {
        let mut keys = RunReader::new(run.no);
        let mut in_run = 0;
        while keys.next(&blocks)?.is_some() {
            in_run += 1;
        }
        if in_run != run.keys {
            return Err(Error::Corrupt(format!("run {} of digests has {in_run} keys, and says {}", run.no, run.keys)));
        }
        counted += in_run;
    }
    Ok(counted)
}

/// Adds keys.
///
/// # Errors
/// The store failed, or there are more numbers than fit.
pub(super) fn insert(transaction: &Transaction, kind: DigestKind, keys: Vec<DigestLead>) -> Result<()> {
    insert_with_room(transaction, kind, keys, TREE_KEYS)
}

/// Adds keys to a tree that holds at most `room`.
fn insert_with_room(transaction: &Transaction, kind: DigestKind, keys: Vec<DigestLead>, room: u64) -> Result<()> {
    if keys.iter().any(|(_, no)| *no > MAX_NUMBER) {
        return Err(Error::InvalidInput(format!("an archive cannot hold more than {MAX_NUMBER} messages or parts")));
    }
    let mut keys: Vec<Key> = keys.into_iter().map(|(prefix, no)| Key::new(prefix, no)).collect();
    keys.sort_unstable();
    let mut tree = transaction.writable(kind.tree())?;
    if keys.len() as u64 + tree.len().map_err(failed("write digests"))? <= room {
        for key in keys {
            tree.insert(&key.bytes(), ()).map_err(failed("write digests"))?;
        }
        return Ok(());
    }
    for key in tree.iter().map_err(failed("read digests"))? {
        keys.push(Key::of_bytes(key.map_err(failed("read digests"))?.0.value()));
    }
    drop(tree);
    transaction.empty(kind.tree())?;
    keys.sort_unstable();
    merge(transaction, kind, keys, room)
}

/// Makes a run of sorted keys, together with the runs of those levels that they would not fit beside.
fn merge(transaction: &Transaction, kind: DigestKind, keys: Vec<Key>, room: u64) -> Result<()> {
    let known = runs(transaction, kind)?;
    let (mut total, mut capacity) = (keys.len() as u64, room);
    let mut merged = Vec::new();
    let mut level = 0;
    while level == 0 || total > capacity {
        level += 1;
        capacity = capacity.saturating_mul(GROWTH);
        if let Some((_, run)) = known.iter().find(|(of, _)| *of == level) {
            total += run.keys;
            merged.push(*run);
            put_run(transaction, kind, level, DigestRun { keys: 0, ..*run })?;
        }
    }
    let run = write_run(transaction, &mut transaction.writable(kind.blocks())?, keys, &merged)?;
    put_run(transaction, kind, level, run)
}
