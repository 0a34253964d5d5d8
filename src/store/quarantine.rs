//! Quarantine: messages kept whole that nobody could be found for.

use redb::ReadableTable as _;
use serde::Deserialize;

use super::codec::{self, Fields, Record};
use super::failed;
use super::sets::{MessageSet, extend_set};
use super::tables::{QUARANTINE, Tables, Transaction};
use crate::Result;
use crate::model::{BatchNo, MessageNo, Quarantined, QuarantinedFolder, UtcTime};

impl Record for Quarantined {
    const VERSION: u8 = 3;
    const NAME: &'static str = "a quarantined message";

    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        if !(1..=2).contains(&version) {
            return Ok(None);
        }
        let OldQuarantined { message, batch, origin, reason, folder: path, captured_at } = fields.read()?;
        let (sought, others) = if version == 2 { fields.read()? } else { (Vec::new(), Vec::new()) };
        let folders = vec![QuarantinedFolder { path, others }];
        Ok(Some(Self { message, batch, origin, reason, captured_at, sought, folders }))
    }
}

/// What versions 1 and 2 begin with; version 1 ends with it. They have one folder.
#[derive(Deserialize)]
struct OldQuarantined {
    message: MessageNo,
    batch: BatchNo,
    origin: String,
    reason: String,
    folder: String,
    captured_at: UtcTime,
}

/// All messages in quarantine, by number.
///
/// # Errors
/// The store failed.
pub fn quarantined_messages(tables: &impl Tables) -> Result<Vec<Quarantined>> {
    let table = tables.table(QUARANTINE)?;
    let rows = table.iter().map_err(failed("read the quarantine"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the quarantine"))?.1.value())).collect()
}

/// A message in quarantine; `None` if it is not there.
///
/// # Errors
/// The store failed.
pub fn quarantined(tables: &impl Tables, message: MessageNo) -> Result<Option<Quarantined>> {
    let table = tables.table(QUARANTINE)?;
    let row = table.get(message.0).map_err(failed("read the quarantine"))?;
    row.map(|row| codec::decode(row.value())).transpose()
}

/// Puts a message in quarantine.
///
/// # Errors
/// The store failed.
pub fn insert_quarantined(transaction: &Transaction, row: &Quarantined) -> Result<()> {
    let bytes = codec::encode(row)?;
    transaction
        .writable(QUARANTINE)?
        .insert(row.message.0, bytes.as_slice())
        .map_err(failed("quarantine a message"))?;
    extend_set(transaction, MessageSet::Quarantined, [row.message], [])
}

/// Takes a message out of quarantine because it has an item now.
///
/// # Errors
/// The store failed.
pub fn release_quarantined(transaction: &Transaction, message: MessageNo) -> Result<()> {
    transaction.writable(QUARANTINE)?.remove(message.0).map_err(failed("release a quarantined message"))?;
    extend_set(transaction, MessageSet::Quarantined, [], [message])
}
