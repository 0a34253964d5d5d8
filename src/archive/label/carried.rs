//! The labels that items carry, as decisions need them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::Result;
use crate::model::{ItemNo, LabelId, LabelStart, RetentionLabel, UtcTime};
use crate::retention::{AppliedLabel, Extension, LabelTrigger, RecordedEvent, Review};
use crate::store::{Tables, item_labels, item_reviews, labels, retention_events};

/// The labels on all items, the events that they count from, and the reviews that they ask for.
pub(in crate::archive) struct Carried {
    labels: HashMap<LabelId, (RetentionLabel, Arc<str>)>,
    /// In the order of items.
    items: Vec<Carrier>,
    /// By type and asset: of several events, the one that happened last, for retention wins over deletion.
    events: HashMap<(String, String), RecordedEvent>,
    /// What reviewers decided, by item.
    reviewed: HashMap<ItemNo, Reviewed>,
}

/// An item with a label.
struct Carrier {
    item: ItemNo,
    label: LabelId,
    set_at: UtcTime,
    asset: Option<Box<str>>,
}

/// What reviewers decided over an item under the label that it carries.
#[derive(Clone, Copy)]
struct Reviewed {
    extended_until: Option<UtcTime>,
    approved_at: Option<UtcTime>,
}

impl Carried {
    /// As the store has them.
    pub(in crate::archive) fn load(tables: &impl Tables) -> Result<Self> {
        let named = labels(tables)?.into_iter().map(|label| (label.id, (label.clone(), label.name.as_str().into())));
        let (items, events, reviewed) = (Vec::new(), HashMap::new(), HashMap::new());
        let mut carried = Self { labels: named.collect(), items, events, reviewed };
        item_labels(tables, |item, label| {
            let asset = label.asset.map(String::into_boxed_str);
            carried.items.push(Carrier { item, label: label.label, set_at: label.set_at, asset });
        })?;
        for event in retention_events(tables)? {
            let recorded = RecordedEvent { at: event.at, recorded_at: event.recorded_at };
            let known = carried.events.entry((event.kind, event.asset)).or_insert(recorded);
            if recorded.at >= known.at {
                *known = recorded;
            }
        }
        item_reviews(tables, |item, review| {
            let stages = carried.carrier(item).and_then(|carrier| carried.labels.get(&carrier.label));
            let approved_at = stages.and_then(|(label, _)| review.approved_at(label.review.len()));
            carried.reviewed.insert(item, Reviewed { extended_until: review.extended_until(), approved_at });
        })?;
        Ok(carried)
    }

    /// The label on an item, as it applies.
    pub(in crate::archive) fn of(&self, item: ItemNo) -> Option<AppliedLabel> {
        let carrier = self.carrier(item)?;
        let mut applied = self.applied(carrier.label, carrier, LabelTrigger::Labelled(carrier.set_at))?;
        if let Some(reviewed) = self.reviewed.get(&item) {
            applied.extension = reviewed.extended_until.map(Extension::Until);
            applied.review = applied.review.map(|_| Review { approved_at: reviewed.approved_at });
        }
        Some(applied)
    }

    /// The label that an item carries.
    pub(in crate::archive) fn label_of(&self, item: ItemNo) -> Option<&RetentionLabel> {
        self.labels.get(&self.carrier(item)?.label).map(|(label, _)| label)
    }

    fn carrier(&self, item: ItemNo) -> Option<&Carrier> {
        let place = self.items.binary_search_by_key(&item, |carrier| carrier.item).ok()?;
        self.items.get(place)
    }

    /// A label as it applies to what carries it, or comes to carry it, with those that take its place. `labelled` is
    /// from when it counts if it does so from the labelling.
    fn applied(&self, id: LabelId, carrier: &Carrier, labelled: LabelTrigger) -> Option<AppliedLabel> {
        let (label, name) = self.labels.get(&id)?;
        let trigger = match &label.start {
            LabelStart::Created => LabelTrigger::Created,
            LabelStart::Modified => LabelTrigger::Modified,
            LabelStart::Labelled => labelled,
            LabelStart::Event(kind) => {
                let named = carrier.asset.as_ref().map(|asset| (kind.clone(), asset.to_string()));
                LabelTrigger::Event(named.and_then(|key| self.events.get(&key).copied()))
            }
        };
        // A label can only name one that was there before it, so this comes to an end.
        let next = label.next.and_then(|next| self.applied(next, carrier, LabelTrigger::Succession));
        Some(AppliedLabel {
            name: Arc::clone(name),
            action: label.action,
            period: label.period,
            trigger,
            extension: None,
            review: (!label.review.is_empty()).then_some(Review { approved_at: None }),
            next: next.map(Box::new),
        })
    }
}
