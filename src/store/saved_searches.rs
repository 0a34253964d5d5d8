//! Saved searches, and results of them that were kept.

use redb::ReadableTable as _;
use roaring::{RoaringBitmap, RoaringTreemap};

use super::codec::{self, Record};
use super::failed;
use super::set_chunk::{CHUNK_BITS, Chunks, write_chunk};
use super::tables::{FROZEN_ITEMS, FROZEN_SEARCHES, SAVED_SEARCHES, Tables, Transaction};
use crate::model::{FrozenSearch, SavedSearch};
use crate::{Error, Result};

impl Record for SavedSearch {
    const NAME: &'static str = "a saved search";
}

impl Record for FrozenSearch {
    const NAME: &'static str = "a frozen result";
}

/// All saved searches by name.
///
/// # Errors
/// The store failed.
pub fn saved_searches(tables: &impl Tables) -> Result<Vec<SavedSearch>> {
    let table = tables.table(SAVED_SEARCHES)?;
    let rows = table.iter().map_err(failed("read the saved searches"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the saved searches"))?.1.value())).collect()
}

/// A saved search by its name.
///
/// # Errors
/// The store failed.
pub fn saved_search(tables: &impl Tables, name: &str) -> Result<Option<SavedSearch>> {
    let table = tables.table(SAVED_SEARCHES)?;
    let row = table.get(name).map_err(failed("read a saved search"))?;
    row.map(|row| codec::decode(row.value())).transpose()
}

/// Writes a saved search under its name.
///
/// # Errors
/// The store failed.
pub fn put_saved_search(transaction: &Transaction, search: &SavedSearch) -> Result<()> {
    let bytes = codec::encode(search)?;
    let mut table = transaction.writable(SAVED_SEARCHES)?;
    table.insert(search.name.as_str(), bytes.as_slice()).map_err(failed("write a saved search"))?;
    Ok(())
}

/// Deletes a saved search.
///
/// # Errors
/// The store failed.
pub fn delete_saved_search(transaction: &Transaction, name: &str) -> Result<()> {
    transaction.writable(SAVED_SEARCHES)?.remove(name).map_err(failed("delete a saved search"))?;
    Ok(())
}

/// The frozen results of a saved search, in order.
///
/// # Errors
/// The store failed.
pub fn frozen_searches(tables: &impl Tables, name: &str) -> Result<Vec<FrozenSearch>> {
    let table = tables.table(FROZEN_SEARCHES)?;
    let rows = table.range((name, 0)..=(name, u64::MAX)).map_err(failed("read the frozen results"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the frozen results"))?.1.value())).collect()
}

/// Calls `visit` with each frozen result, also of searches that are saved no longer, by its label; or with what is wrong with
/// its record.
///
/// # Errors
/// The store failed, or `visit` returned an error.
pub fn all_frozen_searches(
    tables: &impl Tables,
    mut visit: impl FnMut(String, Result<FrozenSearch>) -> Result<()>,
) -> Result<()> {
    let table = tables.table(FROZEN_SEARCHES)?;
    for row in table.iter().map_err(failed("read the frozen results"))? {
        let (key, value) = row.map_err(failed("read the frozen results"))?;
        let (name, no) = key.value();
        let frozen = codec::decode::<FrozenSearch>(value.value());
        visit(format!("{name}@{no}"), frozen)?;
    }
    Ok(())
}

/// Writes a frozen result with the numbers of its items. It must not be there yet.
///
/// # Errors
/// The store failed.
pub fn insert_frozen_search(transaction: &Transaction, frozen: &FrozenSearch, items: &RoaringTreemap) -> Result<()> {
    let key = (frozen.name.as_str(), frozen.no);
    let mut table = transaction.writable(FROZEN_SEARCHES)?;
    if table.insert(key, codec::encode(frozen)?.as_slice()).map_err(failed("write a frozen result"))?.is_some() {
        return Err(Error::AlreadyExists { what: "frozen result", id: frozen.label() });
    }
    let mut chunks = transaction.writable(FROZEN_ITEMS)?;
    let mut write = |chunk: u64, numbers: &mut RoaringBitmap| -> Result<()> {
        if !numbers.is_empty() {
            let bytes = write_chunk(numbers)?;
            chunks.insert((key.0, key.1, chunk), bytes.as_slice()).map_err(failed("write the items of a result"))?;
        }
        *numbers = RoaringBitmap::new();
        Ok(())
    };
    let (mut chunk, mut numbers) = (0, RoaringBitmap::new());
    for item in items {
        if item >> CHUNK_BITS != chunk {
            write(chunk, &mut numbers)?;
            chunk = item >> CHUNK_BITS;
        }
        numbers.insert((item & 0xffff) as u32);
    }
    write(chunk, &mut numbers)
}

/// The numbers of the items of a frozen result.
///
/// # Errors
/// The store failed, or the numbers are damaged.
pub fn frozen_items(tables: &impl Tables, frozen: &FrozenSearch) -> Result<RoaringTreemap> {
    let (name, no) = (frozen.name.as_str(), frozen.no);
    let table = tables.table(FROZEN_ITEMS)?;
    let mut all = Chunks::default();
    for row in table.range((name, no, 0)..=(name, no, u64::MAX)).map_err(failed("read the items of a result"))? {
        let (key, value) = row.map_err(failed("read the items of a result"))?;
        all.add(key.value().2, value.value()).map_err(|error| match error {
            Error::Corrupt(_) => Error::Corrupt(format!("the items of frozen result `{}` are damaged", frozen.label())),
            other => other,
        })?;
    }
    Ok(all.joined())
}
