//! Retention labels, the items that carry them, and the events that they count from.

use redb::ReadableTable as _;
use roaring::RoaringTreemap;

use super::codec::{self, Record};
use super::failed;
use super::tables::{ITEM_LABELS, ITEM_PLACES, LABELS, RETENTION_EVENTS, Tables, Transaction};
use crate::Result;
use crate::model::{FolderNo, ItemLabel, ItemNo, RetentionEvent, RetentionLabel};

impl Record for RetentionLabel {
    const NAME: &'static str = "a retention label";
}

impl Record for ItemLabel {
    const NAME: &'static str = "the label on an item";
}

impl Record for RetentionEvent {
    const NAME: &'static str = "a retention event";
}

/// All labels, in the order of adding.
///
/// # Errors
/// The store failed.
pub fn labels(tables: &impl Tables) -> Result<Vec<RetentionLabel>> {
    let table = tables.table(LABELS)?;
    let rows = table.iter().map_err(failed("read the labels"))?;
    let mut labels = rows
        .map(|row| codec::decode(row.map_err(failed("read the labels"))?.1.value()))
        .collect::<Result<Vec<RetentionLabel>>>()?;
    labels.sort_by_key(|label| label.no);
    Ok(labels)
}

/// Adds a label under its id, with the next number; its own is ignored.
///
/// # Errors
/// The store failed.
pub fn insert_label(transaction: &Transaction, mut label: RetentionLabel) -> Result<RetentionLabel> {
    label.no = transaction.next("retention_label")?;
    put_label(transaction, &label)?;
    Ok(label)
}

/// Writes a label under its id.
///
/// # Errors
/// The store failed.
pub fn put_label(transaction: &Transaction, label: &RetentionLabel) -> Result<()> {
    let bytes = codec::encode(label)?;
    transaction.writable(LABELS)?.insert(label.id.0, bytes.as_slice()).map_err(failed("write a label"))?;
    Ok(())
}

/// The label on an item.
///
/// # Errors
/// The store failed.
pub fn item_label(tables: &impl Tables, item: ItemNo) -> Result<Option<ItemLabel>> {
    let table = tables.table(ITEM_LABELS)?;
    let row = table.get(item.0).map_err(failed("read the label on an item"))?;
    row.map(|row| codec::decode(row.value())).transpose()
}

/// The numbers of the items that carry a label.
///
/// # Errors
/// The store failed.
pub fn labelled_items(tables: &impl Tables) -> Result<RoaringTreemap> {
    let table = tables.table(ITEM_LABELS)?;
    let mut items = RoaringTreemap::new();
    for row in table.iter().map_err(failed("read the labels on items"))? {
        items.insert(row.map_err(failed("read the labels on items"))?.0.value());
    }
    Ok(items)
}

/// Sets the label on an item, or takes it off.
///
/// # Errors
/// The store failed.
pub fn put_item_label(transaction: &Transaction, item: ItemNo, label: Option<&ItemLabel>) -> Result<()> {
    let mut table = transaction.writable(ITEM_LABELS)?;
    match label {
        Some(label) => table.insert(item.0, codec::encode(label)?.as_slice()),
        None => table.remove(item.0),
    }
    .map_err(failed("write the label on an item"))?;
    Ok(())
}

/// Calls `visit` with the items that came after `since`, by number, with the folder of each.
///
/// # Errors
/// The store failed, or `visit` returned an error.
pub fn items_since(
    tables: &impl Tables,
    since: ItemNo,
    mut visit: impl FnMut(ItemNo, FolderNo) -> Result<()>,
) -> Result<()> {
    let table = tables.table(ITEM_PLACES)?;
    for row in table.range(since.0.saturating_add(1)..).map_err(failed("read the places of items"))? {
        let (item, place) = row.map_err(failed("read the places of items"))?;
        visit(ItemNo(item.value()), FolderNo(place.value().1))?;
    }
    Ok(())
}

/// All events, in the order of recording.
///
/// # Errors
/// The store failed.
pub fn retention_events(tables: &impl Tables) -> Result<Vec<RetentionEvent>> {
    let table = tables.table(RETENTION_EVENTS)?;
    let rows = table.iter().map_err(failed("read the retention events"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the retention events"))?.1.value())).collect()
}

/// Records an event under the next number; its own is ignored.
///
/// # Errors
/// The store failed.
pub fn insert_retention_event(transaction: &Transaction, mut event: RetentionEvent) -> Result<RetentionEvent> {
    event.no = transaction.next("retention_event")?;
    let bytes = codec::encode(&event)?;
    transaction
        .writable(RETENTION_EVENTS)?
        .insert(event.no, bytes.as_slice())
        .map_err(failed("record a retention event"))?;
    Ok(event)
}
