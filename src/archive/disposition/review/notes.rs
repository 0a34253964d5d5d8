//! Reviews as people read them.

use std::collections::HashMap;

use crate::Result;
use crate::model::{Actor, ItemNo, LabelId, ReviewNote};
use crate::store::{Tables, item_label, item_review, labels};

/// What reviewers decided over items, with labels by name.
pub(in crate::archive) struct Notes {
    names: HashMap<LabelId, String>,
}

/// What reviewers decided over one item.
#[derive(Debug, Default)]
pub(in crate::archive) struct ItemNotes {
    /// The name of the label that it carries.
    pub(in crate::archive) label: Option<String>,
    /// Every decision, the oldest first.
    pub(in crate::archive) notes: Vec<ReviewNote>,
    /// Who approved its disposition, each named once.
    pub(in crate::archive) approved_by: Vec<Actor>,
}

impl Notes {
    /// With the names of all labels.
    pub(in crate::archive) fn load(tables: &impl Tables) -> Result<Self> {
        Ok(Self { names: labels(tables)?.into_iter().map(|label| (label.id, label.name)).collect() })
    }

    /// Those of an item.
    pub(in crate::archive) fn of(&self, tables: &impl Tables, item: ItemNo) -> Result<ItemNotes> {
        let name = |id: LabelId| self.names.get(&id).cloned().unwrap_or_default();
        let label = item_label(tables, item)?.map(|carried| name(carried.label));
        let Some(review) = item_review(tables, item)? else { return Ok(ItemNotes { label, ..ItemNotes::default() }) };
        let mut approved_by: Vec<Actor> = Vec::new();
        for approval in review.approvals() {
            if !approved_by.contains(&approval.by) {
                approved_by.push(approval.by.clone());
            }
        }
        let notes = review.entries.iter().map(|entry| ReviewNote::of(entry, name)).collect();
        Ok(ItemNotes { label, notes, approved_by })
    }
}
