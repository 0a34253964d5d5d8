//! Hold notices and their letters.

use redb::ReadableTable as _;

use super::codec::{self, Record};
use super::failed;
use super::tables::{HOLD_NOTICE_LETTERS, HOLD_NOTICES, Tables, Transaction};
use crate::Result;
use crate::model::{HoldNotice, HoldNoticeId};

impl Record for HoldNotice {
    const NAME: &'static str = "a hold notice";
}

/// All of them, in the order of their ids.
///
/// # Errors
/// The store failed.
pub fn hold_notices(tables: &impl Tables) -> Result<Vec<HoldNotice>> {
    let table = tables.table(HOLD_NOTICES)?;
    let rows = table.iter().map_err(failed("read the hold notices"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the hold notices"))?.1.value())).collect()
}

/// Writes a notice under its id.
///
/// # Errors
/// The store failed.
pub fn put_hold_notice(transaction: &Transaction, notice: &HoldNotice) -> Result<()> {
    let bytes = codec::encode(notice)?;
    transaction.writable(HOLD_NOTICES)?.insert(notice.id.0, bytes.as_slice()).map_err(failed("write a hold notice"))?;
    Ok(())
}

/// A letter of a notice, as it was written; `None` if there is none with this number.
///
/// # Errors
/// The store failed.
pub fn hold_notice_letter(tables: &impl Tables, notice: HoldNoticeId, number: u64) -> Result<Option<Vec<u8>>> {
    let table = tables.table(HOLD_NOTICE_LETTERS)?;
    let row = table.get((notice.0, number)).map_err(failed("read a letter of a hold notice"))?;
    Ok(row.map(|row| row.value().to_vec()))
}

/// Keeps a letter under its notice and number.
///
/// # Errors
/// The store failed.
pub fn put_hold_notice_letter(
    transaction: &Transaction,
    notice: HoldNoticeId,
    number: u64,
    letter: &[u8],
) -> Result<()> {
    let mut table = transaction.writable(HOLD_NOTICE_LETTERS)?;
    table.insert((notice.0, number), letter).map_err(failed("write a letter of a hold notice"))?;
    Ok(())
}
