//! Legal cases.

use redb::ReadableTable as _;

use super::codec::{self, Record};
use super::failed;
use super::tables::{CASES, Tables, Transaction};
use crate::Result;
use crate::model::Case;

impl Record for Case {
    const NAME: &'static str = "a case";
}

/// All of them, deleted ones included, in the order of their ids.
///
/// # Errors
/// The store failed.
pub fn cases(tables: &impl Tables) -> Result<Vec<Case>> {
    let table = tables.table(CASES)?;
    let rows = table.iter().map_err(failed("read the cases"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the cases"))?.1.value())).collect()
}

/// Writes a case under its id.
///
/// # Errors
/// The store failed.
pub fn put_case(transaction: &Transaction, case: &Case) -> Result<()> {
    let bytes = codec::encode(case)?;
    transaction.writable(CASES)?.insert(case.id.0, bytes.as_slice()).map_err(failed("write a case"))?;
    Ok(())
}
