//! Removal of keys, as part of a disposition.

use redb::ReadableTable as _;

use super::super::failed;
use super::super::tables::Transaction;
use super::block::{self, Block};
use super::key::Key;
use super::run::{DigestRun, block_key, first_key, put_run, runs};
use super::{BlockKey, BlockTable, DigestKind, DigestLead};
use crate::Result;

/// Removes keys. Each block is written anew once.
///
/// # Errors
/// The store failed.
pub(in crate::store) fn remove(transaction: &Transaction, kind: DigestKind, keys: &[DigestLead]) -> Result<()> {
    let mut tree = transaction.writable(kind.tree())?;
    let mut rest = Vec::new();
    for key in keys.iter().map(|(prefix, no)| Key::new(*prefix, *no)) {
        if tree.remove(&key.bytes()).map_err(failed("remove a digest"))?.is_none() {
            rest.push(key);
        }
    }
    rest.sort_unstable();
    let mut blocks = transaction.writable(kind.blocks())?;
    for (level, run) in runs(transaction, kind)? {
        let removed = remove_from_run(&mut blocks, run.no, &rest)?;
        put_run(transaction, kind, level, DigestRun { keys: run.keys.saturating_sub(removed), ..run })?;
    }
    Ok(())
}

/// Removes those of the sorted keys that stand in a run; returns how many.
fn remove_from_run(blocks: &mut BlockTable<'_>, run: u32, keys: &[Key]) -> Result<u64> {
    let mut removed = 0;
    let mut rest = keys;
    while let Some(next) = rest.first() {
        let Some((place, stored)) = block_of(blocks, run, *next)? else {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        let kept: Vec<Key> = stored.iter().copied().filter(|key| keys.binary_search(key).is_err()).collect();
        removed += (stored.len() - kept.len()) as u64;
        if kept.len() < stored.len() {
            // The key of the block may be one of those that are removed.
            blocks.remove(&place).map_err(failed("remove digests"))?;
            if let Some(first) = kept.first() {
                let bytes = block::write(*first, &kept);
                blocks.insert(&block_key(run, *first), bytes.as_slice()).map_err(failed("remove digests"))?;
            }
        }
        let last = stored.last().copied().unwrap_or(*next).max(*next);
        rest = rest.get(rest.partition_point(|key| *key <= last)..).unwrap_or_default();
    }
    Ok(removed)
}

/// The block in which `key` would stand, and its keys.
fn block_of(blocks: &BlockTable<'_>, run: u32, key: Key) -> Result<Option<(BlockKey, Vec<Key>)>> {
    let (first, last) = (block_key(run, Key::of_parts(0, 0)), block_key(run, key));
    let mut found = blocks.range::<&BlockKey>(&first..=&last).map_err(failed("look up a digest"))?;
    let Some(block) = found.next_back() else { return Ok(None) };
    let (place, bytes) = block.map_err(failed("look up a digest"))?;
    let keys = Block::read(first_key(place.value()), bytes.value())?.keys().collect();
    Ok(Some((*place.value(), keys)))
}
