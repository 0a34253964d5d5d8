//! Labels that do not set themselves on an item again.

use redb::ReadableTable as _;
use roaring::RoaringTreemap;

use super::codec::{self, Record};
use super::failed;
use super::tables::{CLEARED_LABELS, Tables, Transaction};
use crate::Result;
use crate::model::{ClearedLabels, ItemNo, LabelId};

impl Record for ClearedLabels {
    const NAME: &'static str = "the cleared labels of an item";
}

/// The labels that do not set themselves on an item again.
///
/// # Errors
/// The store failed.
pub fn cleared_labels(tables: &impl Tables, item: ItemNo) -> Result<ClearedLabels> {
    let table = tables.table(CLEARED_LABELS)?;
    let row = table.get(item.0).map_err(failed("read the cleared labels of an item"))?;
    Ok(row.map(|row| codec::decode(row.value())).transpose()?.unwrap_or_default())
}

/// The numbers of the items that `label` does not set itself on again.
///
/// # Errors
/// The store failed.
pub fn items_cleared_of(tables: &impl Tables, label: LabelId) -> Result<RoaringTreemap> {
    let table = tables.table(CLEARED_LABELS)?;
    let mut items = RoaringTreemap::new();
    for row in table.iter().map_err(failed("read the cleared labels of items"))? {
        let (item, cleared) = row.map_err(failed("read the cleared labels of items"))?;
        if codec::decode::<ClearedLabels>(cleared.value())?.labels.contains(&label) {
            items.insert(item.value());
        }
    }
    Ok(items)
}

/// Writes the labels that do not set themselves on an item again.
///
/// # Errors
/// The store failed.
pub fn put_cleared_labels(transaction: &Transaction, item: ItemNo, cleared: &ClearedLabels) -> Result<()> {
    let mut table = transaction.writable(CLEARED_LABELS)?;
    if cleared.labels.is_empty() {
        table.remove(item.0)
    } else {
        table.insert(item.0, codec::encode(cleared)?.as_slice())
    }
    .map_err(failed("write the cleared labels of an item"))?;
    Ok(())
}
