//! The labels that items carry, as decisions need them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::Result;
use crate::model::{ItemNo, LabelId, LabelStart, RetentionLabel, UtcTime};
use crate::retention::{AppliedLabel, LabelTrigger, RecordedEvent};
use crate::store::{Tables, item_labels, labels, retention_events};

/// The labels on all items, and the events that they count from.
pub(in crate::archive) struct Carried {
    labels: HashMap<LabelId, (RetentionLabel, Arc<str>)>,
    /// In the order of items.
    items: Vec<(ItemNo, LabelId, UtcTime, Option<Box<str>>)>,
    /// By type and asset: of several events, the one that happened last, for retention wins over deletion.
    events: HashMap<(String, String), RecordedEvent>,
}

impl Carried {
    /// As the store has them.
    pub(in crate::archive) fn load(tables: &impl Tables) -> Result<Self> {
        let named = labels(tables)?.into_iter().map(|label| (label.id, (label.clone(), label.name.as_str().into())));
        let mut carried = Self { labels: named.collect(), items: Vec::new(), events: HashMap::new() };
        item_labels(tables, |item, label| {
            carried.items.push((item, label.label, label.set_at, label.asset.map(String::into_boxed_str)));
        })?;
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
    pub(in crate::archive) fn of(&self, item: ItemNo) -> Option<AppliedLabel> {
        let place = self.items.binary_search_by_key(&item, |row| row.0).ok()?;
        let (_, id, set_at, asset) = self.items.get(place)?;
        let (label, name) = self.labels.get(id)?;
        let trigger = match &label.start {
            LabelStart::Created => LabelTrigger::Created,
            LabelStart::Modified => LabelTrigger::Modified,
            LabelStart::Labelled => LabelTrigger::Labelled(*set_at),
            LabelStart::Event(kind) => {
                let named = asset.as_ref().map(|asset| (kind.clone(), asset.to_string()));
                LabelTrigger::Event(named.and_then(|key| self.events.get(&key).copied()))
            }
        };
        let (action, period) = (label.action, label.period);
        Some(AppliedLabel { name: Arc::clone(name), action, period, trigger, extended_by: None, review: None })
    }
}
