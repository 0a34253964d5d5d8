//! Retention labels, the items that carry them, and the events that they count from.

use redb::ReadableTable as _;
use roaring::RoaringTreemap;
use serde::Deserialize;

use super::codec::{self, Fields, Record};
use super::failed;
use super::reviews::{item_review, put_item_review};
use super::tables::{ITEM_LABELS, LABELS, RETENTION_EVENTS, Tables, Transaction};
use crate::Result;
use crate::model::{
    Actor, ItemLabel, ItemNo, LabelId, LabelStart, RecordKind, RetentionAction, RetentionEvent, RetentionLabel,
    RetentionPeriod, UtcTime,
};

impl Record for RetentionLabel {
    const VERSION: u8 = 9;
    const NAME: &'static str = "a retention label";

    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        if !matches!(version, 1..=8) {
            return Ok(None);
        }
        let mut label = Self::from(fields.read::<FirstLabel>()?);
        if version > 1 {
            label.review = fields.read()?;
            label.next = fields.read()?;
        }
        if version > 2 {
            // Nobody knows by which names the people of the query were known.
            fields.read::<u32>()?;
        }
        if version > 3 {
            label.matched_through = fields.read()?;
            label.refused = fields.read()?;
        }
        if version > 4 {
            label.evaluation = fields.read()?;
        }
        if version > 5 {
            label.review_since = fields.read()?;
            // What was approved then says nothing of its generation, and may have been before the change.
            label.review_generation = u32::from(label.review_since.is_some());
        }
        if version > 6 {
            label.review_generation = fields.read()?;
        }
        if version > 7 {
            label.mended_at = fields.read()?;
        }
        Ok(Some(label))
    }
}

/// Version 1: without review and next label. The others begin so.
#[derive(Deserialize)]
struct FirstLabel {
    id: LabelId,
    no: u64,
    name: String,
    action: RetentionAction,
    period: RetentionPeriod,
    start: LabelStart,
    record: RecordKind,
    folders: Vec<String>,
    query: Option<String>,
    added_at: UtcTime,
    added_by: Actor,
    offered_through: ItemNo,
}

impl From<FirstLabel> for RetentionLabel {
    fn from(first: FirstLabel) -> Self {
        Self {
            id: first.id,
            no: first.no,
            name: first.name,
            action: first.action,
            period: first.period,
            start: first.start,
            record: first.record,
            folders: first.folders,
            query: first.query,
            added_at: first.added_at,
            added_by: first.added_by,
            offered_through: first.offered_through,
            review: Vec::new(),
            next: None,
            offered_rules: 0,
            matched_through: first.offered_through,
            refused: None,
            evaluation: None,
            review_since: None,
            review_generation: 0,
            mended_at: None,
            people: None,
        }
    }
}

impl Record for ItemLabel {
    const VERSION: u8 = 2;
    const NAME: &'static str = "the label on an item";

    /// Version 1 knew fewer ways in which a label is set.
    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        if version == 1 { fields.read().map(Some) } else { Ok(None) }
    }
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

/// Calls `visit` with each item that carries a label, by number.
///
/// # Errors
/// The store failed.
pub fn item_labels(tables: &impl Tables, mut visit: impl FnMut(ItemNo, ItemLabel)) -> Result<()> {
    let table = tables.table(ITEM_LABELS)?;
    for row in table.iter().map_err(failed("read the labels on items"))? {
        let (item, label) = row.map_err(failed("read the labels on items"))?;
        visit(ItemNo(item.value()), codec::decode(label.value())?);
    }
    Ok(())
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

/// Sets the label on an item, or takes it off. Unless it is the same label, set at the same time for the same asset, the
/// review under the one before ends.
///
/// # Errors
/// The store failed.
pub fn put_item_label(transaction: &Transaction, item: ItemNo, label: Option<&ItemLabel>) -> Result<()> {
    let before = item_label(transaction, item)?;
    let same = |before: &ItemLabel, label: &ItemLabel| {
        (before.label, before.set_at, &before.asset) == (label.label, label.set_at, &label.asset)
    };
    if !before.as_ref().zip(label).is_some_and(|(before, label)| same(before, label))
        && let Some(mut review) = item_review(transaction, item)?
    {
        review.end();
        put_item_review(transaction, item, &review)?;
    }
    let mut table = transaction.writable(ITEM_LABELS)?;
    match label {
        Some(label) => table.insert(item.0, codec::encode(label)?.as_slice()),
        None => table.remove(item.0),
    }
    .map_err(failed("write the label on an item"))?;
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
