//! The archive's mapping of external ids to mailboxes.

use redb::ReadableTable as _;
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::directory::note_people;
use super::failed;
use super::tables::{MAPPINGS, Tables, Transaction};
use crate::Result;
use crate::model::{Actor, MappedId, UtcTime};

/// What a key stands for.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct MappingRow {
    id: String,
    mailbox: Option<String>,
    imported_at: UtcTime,
    imported_by: Actor,
}

impl Record for MappingRow {
    const NAME: &'static str = "a row of the mapping";
}

/// The mapping, by key.
///
/// # Errors
/// The store failed.
pub fn mapped_ids(tables: &impl Tables) -> Result<Vec<MappedId>> {
    let table = tables.table(MAPPINGS)?;
    let rows = table.iter().map_err(failed("read the mapping"))?;
    rows.map(|row| {
        let (key, row) = row.map_err(failed("read the mapping"))?;
        let MappingRow { id, mailbox, imported_at, imported_by } = codec::decode(row.value())?;
        Ok(MappedId { key: key.value().to_owned(), id, mailbox, imported_at, imported_by })
    })
    .collect()
}

/// Writes rows of the mapping, each in place of that with the same key.
///
/// # Errors
/// The store failed.
pub fn put_mapped_ids<'m>(transaction: &Transaction, ids: impl IntoIterator<Item = &'m MappedId>) -> Result<()> {
    note_people(transaction)?;
    let mut table = transaction.writable(MAPPINGS)?;
    for mapped in ids {
        let MappedId { id, mailbox, imported_by, .. } = mapped.clone();
        let bytes = codec::encode(&MappingRow { id, mailbox, imported_at: mapped.imported_at, imported_by })?;
        table.insert(mapped.key.as_str(), bytes.as_slice()).map_err(failed("write the mapping"))?;
    }
    Ok(())
}

/// Takes rows out of the mapping.
///
/// # Errors
/// The store failed.
pub fn remove_mapped_ids<'k>(transaction: &Transaction, keys: impl IntoIterator<Item = &'k str>) -> Result<()> {
    note_people(transaction)?;
    let mut table = transaction.writable(MAPPINGS)?;
    for key in keys {
        table.remove(key).map_err(failed("write the mapping"))?;
    }
    Ok(())
}
