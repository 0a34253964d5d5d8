//! Orders to preserve.

use redb::ReadableTable as _;

use super::codec::{self, Record};
use super::failed;
use super::tables::{HOLDS, Tables, Transaction};
use crate::Result;
use crate::model::Hold;

impl Record for Hold {
    const NAME: &'static str = "a hold";
}

/// All of them, ended ones included, in the order of their ids.
///
/// # Errors
/// The store failed.
pub fn holds(tables: &impl Tables) -> Result<Vec<Hold>> {
    let table = tables.table(HOLDS)?;
    let rows = table.iter().map_err(failed("read the holds"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the holds"))?.1.value())).collect()
}

/// Writes a hold under its id.
///
/// # Errors
/// The store failed.
pub fn put_hold(transaction: &Transaction, hold: &Hold) -> Result<()> {
    let bytes = codec::encode(hold)?;
    transaction.writable(HOLDS)?.insert(hold.id.0, bytes.as_slice()).map_err(failed("write a hold"))?;
    Ok(())
}
