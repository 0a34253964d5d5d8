//! Disposition reviews of items.

use redb::ReadableTable as _;
use roaring::RoaringTreemap;
use serde::Deserialize;

use super::codec::{self, Fields, Record};
use super::failed;
use super::tables::{ITEM_REVIEWS, Tables, Transaction};
use crate::Result;
use crate::model::{Actor, ItemNo, ItemReview, LabelId, ReviewDecision, ReviewEntry, UtcTime};

impl Record for ItemReview {
    const VERSION: u8 = 2;
    const NAME: &'static str = "the reviews of an item";

    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        if version != 1 {
            return Ok(None);
        }
        let entries = fields.read::<Vec<FirstEntry>>()?.into_iter().map(ReviewEntry::from).collect();
        Ok(Some(Self { entries, former: fields.read()? }))
    }
}

/// An entry of version 1: without the generation of the reviewers.
#[derive(Deserialize)]
struct FirstEntry {
    label: LabelId,
    stage: u32,
    decision: ReviewDecision,
    by: Actor,
    at: UtcTime,
    comment: String,
}

impl From<FirstEntry> for ReviewEntry {
    fn from(first: FirstEntry) -> Self {
        Self {
            label: first.label,
            stage: first.stage,
            decision: first.decision,
            by: first.by,
            at: first.at,
            comment: first.comment,
            generation: 0,
        }
    }
}

/// The reviews of an item; `None` if nothing was ever decided over it.
///
/// # Errors
/// The store failed.
pub fn item_review(tables: &impl Tables, item: ItemNo) -> Result<Option<ItemReview>> {
    let table = tables.table(ITEM_REVIEWS)?;
    let row = table.get(item.0).map_err(failed("read the reviews of an item"))?;
    row.map(|row| codec::decode(row.value())).transpose()
}

/// The numbers of the items that were reviewed.
///
/// # Errors
/// The store failed.
pub fn reviewed_items(tables: &impl Tables) -> Result<RoaringTreemap> {
    let table = tables.table(ITEM_REVIEWS)?;
    let mut items = RoaringTreemap::new();
    for row in table.iter().map_err(failed("read the reviews of items"))? {
        items.insert(row.map_err(failed("read the reviews of items"))?.0.value());
    }
    Ok(items)
}

/// Writes the reviews of an item.
///
/// # Errors
/// The store failed.
pub fn put_item_review(transaction: &Transaction, item: ItemNo, review: &ItemReview) -> Result<()> {
    let bytes = codec::encode(review)?;
    let mut table = transaction.writable(ITEM_REVIEWS)?;
    table.insert(item.0, bytes.as_slice()).map_err(failed("write the reviews of an item"))?;
    Ok(())
}
