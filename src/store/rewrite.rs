//! Rewriting of the whole file, so that nothing of what was destroyed is left in free pages.
//!
//! redb's own compaction moves pages and may leave old bytes in pages that stay free; copying every live row into a new
//! file leaves none. It costs one read and one write of the archive.

use std::path::{Path, PathBuf};

use redb::{Key, ReadableTable as _, TableDefinition, Value};

use super::tables::{self, PACKS, Snapshot, Tables, Transaction, counter, with_tables};
use super::{CACHE_BYTES, Store, builder, failed};
use crate::{Error, Result};

/// Bytes of packs copied by one transaction.
const COPY_BYTES: usize = 64 << 20;

/// Where a file is written that is to take the place of `path`.
pub(super) fn replacement(path: &Path) -> PathBuf {
    path.with_extension("redb.new")
}

/// Removes what an interrupted rewrite left behind. The file itself is whole whatever happened.
///
/// # Errors
/// The leftover cannot be removed.
pub(super) fn clean_up(path: &Path) -> Result<()> {
    let leftover = replacement(path);
    match std::fs::remove_file(&leftover) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", leftover)(error)),
        _ => Ok(()),
    }
}

/// Puts a file in the place of `path`, durably.
pub(super) fn put_in_place(file: &Path, path: &Path) -> Result<()> {
    std::fs::rename(file, path).map_err(Error::io("replace", path))?;
    if let Some(directory) = path.parent() {
        let synced = std::fs::File::open(directory).and_then(|directory| directory.sync_all());
        synced.map_err(Error::io("sync", directory))?;
    }
    Ok(())
}

const PENDING: &str = "erasure_pending";

/// Whether a disposition was committed whose bytes may still be in free pages.
///
/// # Errors
/// The store failed.
pub fn erasure_pending(tables: &impl Tables) -> Result<bool> {
    counter(tables, PENDING).map(|pending| pending != 0)
}

/// Remembers that free pages may hold destroyed bytes, until the store is rewritten.
///
/// # Errors
/// The store failed.
pub fn set_erasure_pending(transaction: &Transaction) -> Result<()> {
    transaction.set_counter(PENDING, 1)
}

impl Store {
    /// Writes the file anew with only what is live, and puts it in the old one's place.
    ///
    /// Killed before the rename, the old file is still there and whole; after it, the new one is.
    ///
    /// # Errors
    /// A page of it is not what was written, which nothing would show any longer, the store failed, or the disk is full; the old file
    /// stays.
    pub fn rewrite(&mut self) -> Result<()> {
        self.check()?;
        let target = replacement(&self.path);
        clean_up(&self.path)?;
        let rewritten = self.rewrite_into(&target);
        if rewritten.is_err() {
            // The half-written file would only take the room that was missing.
            clean_up(&self.path)?;
        }
        rewritten
    }

    fn rewrite_into(&mut self, target: &Path) -> Result<()> {
        let database = builder(CACHE_BYTES).create(target).map_err(failed("create the rewritten store"))?;
        let mut copy = Self { database, path: target.to_owned(), opened_bytes: 0 };
        copy_all(&self.snapshot()?, &copy)?;
        copy.trim()?;
        copy.path.clone_from(&self.path);
        put_in_place(target, &self.path)?;
        *self = copy;
        Ok(())
    }
}

fn copy_all(from: &Snapshot, to: &Store) -> Result<()> {
    copy_packs(from, to)?;
    let transaction = to.begin()?;
    macro_rules! copy {
        ($($table:ident),*) => { $( copy_table(from, &transaction, tables::$table)?; )* };
    }
    with_tables!(copy);
    transaction.set_counter(PENDING, 0)?;
    transaction.commit()
}

fn copy_packs(from: &Snapshot, to: &Store) -> Result<()> {
    let source = from.0.open_table(PACKS).map_err(failed("open a table"))?;
    let mut rows = source.iter().map_err(failed("copy the packs"))?;
    loop {
        let transaction = to.begin()?;
        let mut table = transaction.writable(PACKS)?;
        let mut copied = 0;
        let mut more = false;
        for row in rows.by_ref() {
            let (key, value) = row.map_err(failed("copy the packs"))?;
            table.insert(key.value(), value.value()).map_err(failed("copy the packs"))?;
            copied += value.value().len();
            if copied > COPY_BYTES {
                more = true;
                break;
            }
        }
        drop(table);
        transaction.commit()?;
        if !more {
            return Ok(());
        }
    }
}

fn copy_table<K: Key + 'static, V: Value + 'static>(
    from: &Snapshot,
    to: &Transaction,
    definition: TableDefinition<'_, K, V>,
) -> Result<()> {
    let source = from.0.open_table(definition).map_err(failed("open a table"))?;
    let mut target = to.writable(definition)?;
    for row in source.iter().map_err(failed("copy a table"))? {
        let (key, value) = row.map_err(failed("copy a table"))?;
        target.insert(key.value(), value.value()).map_err(failed("copy a table"))?;
    }
    Ok(())
}
