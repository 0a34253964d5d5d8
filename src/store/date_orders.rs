//! How the dates of chats are written: settled once for a chat, because one day's export rarely tells.

use std::collections::BTreeMap;

use redb::ReadableTable as _;

use super::codec::{self, Record};
use super::failed;
use super::tables::{DATE_ORDERS, Tables, Transaction};
use crate::Result;
use crate::model::DateOrder;

impl Record for DateOrder {
    const NAME: &'static str = "a date order";
}

/// The orders that are settled, by identifier of the chat.
///
/// # Errors
/// The store failed.
pub fn date_orders(tables: &impl Tables) -> Result<BTreeMap<String, DateOrder>> {
    let table = tables.table(DATE_ORDERS)?;
    let rows = table.iter().map_err(failed("read the date orders"))?;
    rows.map(|row| {
        let (chat, order) = row.map_err(failed("read the date orders"))?;
        Ok((chat.value().to_owned(), codec::decode(order.value())?))
    })
    .collect()
}

/// Settles the order of a chat.
///
/// # Errors
/// The store failed.
pub fn put_date_order(transaction: &Transaction, chat: &str, order: DateOrder) -> Result<()> {
    let bytes = codec::encode(&order)?;
    transaction.writable(DATE_ORDERS)?.insert(chat, bytes.as_slice()).map_err(failed("settle a date order"))?;
    Ok(())
}
