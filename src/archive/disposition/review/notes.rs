//! Reviews as people read them.

use std::collections::HashMap;

use crate::Result;
use crate::model::{Actor, ItemNo, LabelId, RetentionLabel, ReviewNote};
use crate::store::{Tables, item_label, item_review, labels};

/// What reviewers decided over items, with labels by name.
pub(in crate::archive) struct Notes {
    labels: HashMap<LabelId, RetentionLabel>,
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
    /// With all labels.
    pub(in crate::archive) fn load(tables: &impl Tables) -> Result<Self> {
        Ok(Self { labels: labels(tables)?.into_iter().map(|label| (label.id, label)).collect() })
    }

    /// Those of an item.
    pub(in crate::archive) fn of(&self, tables: &impl Tables, item: ItemNo) -> Result<ItemNotes> {
        let name = |id: LabelId| self.labels.get(&id).map_or_else(String::new, |label| label.name.clone());
        let carried = item_label(tables, item)?.map(|carried| carried.label);
        let generation = carried.and_then(|id| self.labels.get(&id)).map_or(0, |label| label.review_generation);
        let label = carried.map(name);
        let Some(review) = item_review(tables, item)? else { return Ok(ItemNotes { label, ..ItemNotes::default() }) };
        let mut approved_by: Vec<Actor> = Vec::new();
        for approval in review.approvals(generation) {
            if !approved_by.contains(&approval.by) {
                approved_by.push(approval.by.clone());
            }
        }
        let notes = review.entries.iter().map(|entry| ReviewNote::of(entry, name)).collect();
        Ok(ItemNotes { label, notes, approved_by })
    }
}
