//! The labels that items carry, as decisions need them.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringTreemap;

use crate::model::{ItemNo, LabelId, LabelStart, RetentionLabel};
use crate::retention::{AppliedLabel, LabelTrigger, RecordedEvent};
use crate::store::{SetPart, Tables, item_label, labelled_items, labels, retention_events};
use crate::{Error, Result};

/// The labels that items carry, and the events that they count from.
pub(in crate::archive) struct Carried {
    labels: HashMap<LabelId, (RetentionLabel, Arc<str>)>,
    /// The items that carry one; `None` if all are looked up.
    items: Option<RoaringTreemap>,
    /// By type and asset: of several events, the one that happened last, for retention wins over deletion.
    events: HashMap<(String, String), RecordedEvent>,
}

impl Carried {
    /// As the store has them, for all items or for those of a few messages.
    pub(in crate::archive) fn load(tables: &impl Tables, part: SetPart) -> Result<Self> {
        let named = labels(tables)?.into_iter().map(|label| (label.id, (label.clone(), label.name.as_str().into())));
        let items = match part {
            SetPart::Whole => Some(labelled_items(tables)?),
            SetPart::Around(_) => None,
        };
        let mut carried = Self { labels: named.collect(), items, events: HashMap::new() };
        for event in retention_events(tables)? {
            let recorded = RecordedEvent { at: event.at, recorded_at: event.recorded_at };
            let known = carried.events.entry((event.kind, event.asset)).or_insert(recorded);
            if recorded.at >= known.at {
                *known = recorded;
            }
        }
        Ok(carried)
    }

    /// The label on an item, as it applies.
    pub(in crate::archive) fn of(&self, tables: &impl Tables, item: ItemNo) -> Result<Option<AppliedLabel>> {
        if self.items.as_ref().is_some_and(|items| !items.contains(item.0)) {
            return Ok(None);
        }
        let Some(carried) = item_label(tables, item)? else { return Ok(None) };
        let Some((label, name)) = self.labels.get(&carried.label) else {
            return Err(Error::Corrupt(format!("item {item} carries a label that is not there")));
        };
        let trigger = match &label.start {
            LabelStart::Created => LabelTrigger::Created,
            LabelStart::Modified => LabelTrigger::Modified,
            LabelStart::Labelled => LabelTrigger::Labelled(carried.set_at),
            LabelStart::Event(kind) => {
                let named = carried.asset.map(|asset| (kind.clone(), asset));
                LabelTrigger::Event(named.and_then(|key| self.events.get(&key).copied()))
            }
        };
        let (action, period) = (label.action, label.period);
        Ok(Some(AppliedLabel { name: Arc::clone(name), action, period, trigger, extended_by: None, review: None }))
    }
}
