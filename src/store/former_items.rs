//! The items that the query of a label may have meant that could not be read and was replaced.

use roaring::RoaringTreemap;

use super::set_chunk::CHUNK_BITS;
use super::sets::{change_chunks, load_chunks};
use super::tables::{Tables, Transaction};
use crate::Result;
use crate::model::{ItemNo, LabelId};

/// The kind among the sets; its numbers are those of items.
const KIND: u8 = 10;

/// The numbers of the items that a query of `label` before its own may have meant.
///
/// # Errors
/// The store failed or the set is damaged.
pub fn former_items(tables: &impl Tables, label: LabelId) -> Result<RoaringTreemap> {
    load_chunks(tables, (KIND, label.0), 0..=u64::MAX)
}

/// Whether a query of `label` before its own may have meant `item`.
///
/// # Errors
/// The store failed or the set is damaged.
pub fn is_former_item(tables: &impl Tables, label: LabelId, item: ItemNo) -> Result<bool> {
    let chunk = item.0 >> CHUNK_BITS;
    Ok(load_chunks(tables, (KIND, label.0), chunk..=chunk)?.contains(item.0))
}

/// Notes that a query of `label` before its own may have meant `items`.
///
/// # Errors
/// The store failed or the set is damaged.
pub fn add_former_items(transaction: &Transaction, label: LabelId, items: &RoaringTreemap) -> Result<()> {
    change_chunks(transaction, (KIND, label.0), items.iter(), std::iter::empty())
}

/// Notes that it makes no difference any longer whether a query of `label` before its own meant `item`.
///
/// # Errors
/// The store failed or the set is damaged.
pub fn remove_former_item(transaction: &Transaction, label: LabelId, item: ItemNo) -> Result<()> {
    change_chunks(transaction, (KIND, label.0), std::iter::empty(), std::iter::once(item.0))
}
