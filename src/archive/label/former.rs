//! What a query that could not be read may have meant, once the label has another one: the label retains it as if it had been
//! set on it at that time, until a person decides over the item.

use roaring::RoaringTreemap;

use super::offer::matched_through;
use crate::Result;
use crate::model::{ItemNo, LabelId, RetentionLabel, UtcTime};
use crate::store::{
    SetPart, Tables, Transaction, cleared_labels, former_items, is_former_item, items_cleared_of, items_since,
    labelled_items, remove_former_item,
};

/// The items that queries may have meant which labels had before their own.
#[derive(Default)]
pub(super) struct FormerItems {
    /// By label, the oldest first.
    labels: Vec<OfLabel>,
}

struct OfLabel {
    label: LabelId,
    mended_at: UtcTime,
    /// `None` if all are looked up.
    items: Option<RoaringTreemap>,
}

impl FormerItems {
    /// As the store has them, for all items or for those of a few messages. `labels` are in the order of adding.
    pub(super) fn load(tables: &impl Tables, labels: &[RetentionLabel], part: SetPart) -> Result<Self> {
        let mut loaded = Self::default();
        for label in labels {
            let Some(mended_at) = label.mended_at else { continue };
            let items = match part {
                SetPart::Whole => Some(former_items(tables, label.id)?),
                SetPart::Around(_) => None,
            };
            loaded.labels.push(OfLabel { label: label.id, mended_at, items });
        }
        Ok(loaded)
    }

    /// Counts as if `label` had got the query that it has, while nobody knew whether the one before means `items`.
    pub(super) fn propose(&mut self, label: &RetentionLabel, items: &RoaringTreemap) {
        let Some(mended_at) = label.mended_at else { return };
        let before = self.labels.iter().position(|known| known.label == label.id);
        let before = before.and_then(|place| self.labels.remove(place).items).unwrap_or_default();
        self.labels.push(OfLabel { label: label.id, mended_at, items: Some(before | items) });
    }

    /// The labels that may have been meant for an item that carries `carried`, each with when it counts as set on it.
    pub(super) fn of(
        &self,
        tables: &impl Tables,
        item: ItemNo,
        carried: Option<LabelId>,
    ) -> Result<Vec<(LabelId, UtcTime)>> {
        let mut found = Vec::new();
        for OfLabel { label, mended_at, items } in &self.labels {
            let is_meant = match items {
                Some(items) => items.contains(item.0),
                None => is_former_item(tables, *label, item)?,
            };
            if is_meant && carried != Some(*label) {
                found.push((*label, *mended_at));
            }
        }
        if !found.is_empty() {
            let cleared = cleared_labels(tables, item)?.labels;
            found.retain(|(label, _)| !cleared.contains(label));
        }
        Ok(found)
    }
}

/// The items of which nobody knows whether the query of `label` means them, for it cannot be read.
pub(in crate::archive) fn items_in_doubt(tables: &impl Tables, label: &RetentionLabel) -> Result<RoaringTreemap> {
    let mut items = RoaringTreemap::new();
    items_since(tables, matched_through(label), |item| {
        items.insert(item.no.0);
        Ok(())
    })?;
    Ok(items - labelled_items(tables)? - items_cleared_of(tables, label.id)?)
}

/// Notes that a person decided over an item, whatever queries may have meant.
pub(super) fn settle_former(transaction: &Transaction, labels: &[RetentionLabel], item: ItemNo) -> Result<()> {
    for label in labels.iter().filter(|label| label.mended_at.is_some()) {
        if is_former_item(transaction, label.id, item)? {
            remove_former_item(transaction, label.id, item)?;
        }
    }
    Ok(())
}
