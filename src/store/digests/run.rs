//! Runs: sorted blocks under one number.

use std::collections::VecDeque;

use redb::ReadableTable as _;
use serde::{Deserialize, Serialize};

use super::super::codec::{self, Record};
use super::super::failed;
use super::super::tables::{DIGEST_RUNS, Tables, Transaction};
use super::block::{Block, BlockFiller};
use super::key::{Key, TreeKey};
use super::{BlockRows, BlockTable, DigestKind};
use crate::{Error, Result};

/// Number of a run, then the first key that a block may hold.
pub(in crate::store) type BlockKey = [u8; 14];

/// Blocks that a merge reads at a time.
const BLOCKS_AT_ONCE: usize = 16;

const COUNTER: &str = "digest_run";

/// A run and how many keys it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct DigestRun {
    pub(in crate::store) no: u32,
    pub(in crate::store) keys: u64,
}

impl Record for DigestRun {
    const NAME: &'static str = "a run of digests";
}

/// The runs of a kind, by level; a level has one at most.
pub(super) fn runs(tables: &impl Tables, kind: DigestKind) -> Result<Vec<(u8, DigestRun)>> {
    let table = tables.table(DIGEST_RUNS)?;
    let rows = table.range((kind.no(), 0)..=(kind.no(), u8::MAX)).map_err(failed("read the runs of digests"))?;
    rows.map(|row| {
        let (key, value) = row.map_err(failed("read the runs of digests"))?;
        Ok((key.value().1, codec::decode(value.value())?))
    })
    .collect()
}

/// Remembers the run of a level; one without keys is forgotten.
pub(super) fn put_run(transaction: &Transaction, kind: DigestKind, level: u8, run: DigestRun) -> Result<()> {
    let mut table = transaction.writable(DIGEST_RUNS)?;
    let place = (kind.no(), level);
    if run.keys == 0 {
        table.remove(place).map_err(failed("forget a run of digests"))?;
    } else {
        let bytes = codec::encode(&run)?;
        table.insert(place, bytes.as_slice()).map_err(failed("remember a run of digests"))?;
    }
    Ok(())
}

/// The place of the block of `run` whose first key is `key`.
pub(super) fn block_key(run: u32, key: Key) -> BlockKey {
    let mut place = [0; 14];
    let (number, rest) = place.split_at_mut(4);
    number.copy_from_slice(&run.to_be_bytes());
    rest.copy_from_slice(&key.bytes());
    place
}

/// The first key that the block at `place` may hold.
pub(super) fn first_key(place: &BlockKey) -> Key {
    place.last_chunk::<10>().map_or_else(|| Key::new(0, 0), |bytes: &TreeKey| Key::of_bytes(bytes))
}

/// The keys of a run, one after the other.
pub(super) struct RunReader {
    /// Where the next block may begin; `None` after the last.
    next: Option<BlockKey>,
    last: BlockKey,
    loaded: VecDeque<Key>,
}

impl RunReader {
    pub(super) fn new(run: u32) -> Self {
        let (next, last) = all_blocks(run);
        Self { next: Some(next), last, loaded: VecDeque::new() }
    }

    /// The next key; `None` after the last.
    pub(super) fn next(&mut self, blocks: &impl BlockRows) -> Result<Option<Key>> {
        if self.loaded.is_empty()
            && let Some(next) = self.next.take()
        {
            self.load(blocks, next)?;
        }
        Ok(self.loaded.pop_front())
    }

    fn load(&mut self, blocks: &impl BlockRows, next: BlockKey) -> Result<()> {
        let mut rows = blocks.range::<&BlockKey>(&next..=&self.last).map_err(failed("read digests"))?;
        for row in rows.by_ref().take(BLOCKS_AT_ONCE) {
            let (place, bytes) = row.map_err(failed("read digests"))?;
            self.loaded.extend(Block::read(first_key(place.value()), bytes.value())?.keys());
        }
        if let Some(row) = rows.next() {
            self.next = Some(*row.map_err(failed("read digests"))?.0.value());
        }
        Ok(())
    }
}

fn all_blocks(run: u32) -> (BlockKey, BlockKey) {
    (block_key(run, Key::of_parts(0, 0)), block_key(run, Key::of_parts(u64::MAX >> 24, u64::MAX)))
}

/// Writes sorted keys, and those of `merged`, as a run of its own; the merged ones are gone then.
pub(super) fn write_run(
    transaction: &Transaction,
    blocks: &mut BlockTable<'_>,
    keys: Vec<Key>,
    merged: &[DigestRun],
) -> Result<DigestRun> {
    let number = transaction.next(COUNTER)?;
    let no = u32::try_from(number).map_err(|_| Error::InvalidInput("the archive has no numbers left".to_owned()))?;
    let mut filler = BlockFiller::default();
    let mut written = 0;
    let mut readers: Vec<RunReader> = merged.iter().map(|run| RunReader::new(run.no)).collect();
    let mut heads = Vec::with_capacity(readers.len());
    for reader in &mut readers {
        heads.push(reader.next(blocks)?);
    }
    let mut keys = keys.into_iter().peekable();
    loop {
        let oldest =
            heads.iter_mut().zip(&mut readers).filter(|(head, _)| head.is_some()).min_by_key(|(head, _)| **head);
        let key = match (oldest, keys.peek()) {
            (Some((head, reader)), new) if new.is_none_or(|new| Some(*new) > *head) => {
                std::mem::replace(head, reader.next(blocks)?)
            }
            _ => keys.next(),
        };
        let Some(key) = key else { break };
        written += 1;
        if let Some(block) = filler.push(key) {
            put_block(blocks, no, block)?;
        }
    }
    if let Some(block) = filler.take() {
        put_block(blocks, no, block)?;
    }
    for run in merged {
        remove_run(blocks, run.no)?;
    }
    Ok(DigestRun { no, keys: written })
}

fn put_block(blocks: &mut BlockTable<'_>, run: u32, (first, bytes): (Key, Vec<u8>)) -> Result<()> {
    blocks.insert(&block_key(run, first), bytes.as_slice()).map_err(failed("write digests"))?;
    Ok(())
}

fn remove_run(blocks: &mut BlockTable<'_>, run: u32) -> Result<()> {
    let (first, last) = all_blocks(run);
    blocks.retain_in::<&BlockKey, _>(&first..=&last, |_, _| false).map_err(failed("remove merged digests"))
}
