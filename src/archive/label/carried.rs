//! The labels that items carry, as decisions need them.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringTreemap;

use super::former::FormerItems;
use super::offer::matched_through;
use super::waiting::{known_through, waiting};
use crate::model::{
    Actor, Item, ItemLabel, ItemNo, LabelId, LabelOrigin, LabelStart, MessageNo, RetentionLabel, UtcTime,
};
use crate::retention::{AppliedLabel, Extension, LabelTrigger, PossibleLabel, RecordedEvent, Review};
use crate::store::{
    MessageSet, SetPart, Tables, cleared_labels, item_label, item_review, labelled_items, labels, load_part,
    retention_events, reviewed_items,
};
use crate::{Error, Result};

/// Why an item may get a label that another query than its own may mean it by.
const FORMER: &str = "a query that it had before, and that could not be read, may mean the item";

/// The labels that items carry, the events that they count from, and the reviews that they ask for.
pub(in crate::archive) struct Carried {
    labels: HashMap<LabelId, (RetentionLabel, Arc<str>)>,
    /// The items that carry one; `None` if all are looked up.
    items: Option<RoaringTreemap>,
    /// By type and asset: of several events, the one that happened last, for retention wins over deletion.
    events: HashMap<(String, String), RecordedEvent>,
    /// The items that were reviewed; `None` if all are looked up.
    reviewed: Option<RoaringTreemap>,
    /// What the queries of labels find that wait and can be read, as far as known.
    matches: HashMap<LabelId, RoaringTreemap>,
    /// The labels whose query waits, the oldest first.
    waiting: Vec<WaitingLabel>,
    /// What queries may have meant that could not be read and were replaced.
    former: FormerItems,
}

/// A label whose query waits.
struct WaitingLabel {
    id: LabelId,
    /// The last item that it was asked about.
    asked_through: ItemNo,
    /// The last message of which it is known whether it finds it.
    known_through: MessageNo,
    /// Why it waits.
    why: Arc<str>,
}

impl Carried {
    /// As the store has them, for all items or for those of a few messages.
    pub(in crate::archive) fn load(tables: &impl Tables, part: SetPart) -> Result<Self> {
        let all = labels(tables)?;
        let former = FormerItems::load(tables, &all, part)?;
        let named = all.into_iter().map(|label| (label.id, (label.clone(), label.name.as_str().into())));
        let (items, reviewed) = match part {
            SetPart::Whole => (Some(labelled_items(tables)?), Some(reviewed_items(tables)?)),
            SetPart::Around(_) => (None, None),
        };
        let mut carried = Self {
            labels: named.collect(),
            items,
            events: HashMap::new(),
            reviewed,
            matches: HashMap::new(),
            waiting: Vec::new(),
            former,
        };
        carried.find_waiting();
        for label in carried.waiting.iter().filter(|label| label.known_through > MessageNo(0)) {
            carried.matches.insert(label.id, load_part(tables, MessageSet::LabelMatches(label.id), part)?);
        }
        for event in retention_events(tables)? {
            let recorded = RecordedEvent { at: event.at, recorded_at: event.recorded_at };
            let known = carried.events.entry((event.kind, event.asset)).or_insert(recorded);
            if recorded.at >= known.at {
                *known = recorded;
            }
        }
        Ok(carried)
    }

    /// Counts with labels that are not in force: in place of those of the same id. Of those whose query is another one than
    /// before, `in_doubt` has the items of which nobody knows whether that means them.
    pub(in crate::archive) fn propose<'l>(
        &mut self,
        labels: impl Iterator<Item = &'l RetentionLabel>,
        in_doubt: &[(LabelId, RoaringTreemap)],
    ) {
        self.labels.extend(labels.map(|label| (label.id, (label.clone(), label.name.as_str().into()))));
        for (id, items) in in_doubt {
            if let Some((label, _)) = self.labels.get(id) {
                self.former.propose(label, items);
            }
        }
        self.find_waiting();
    }

    fn find_waiting(&mut self) {
        let all: Vec<RetentionLabel> = self.labels.values().map(|(label, _)| label.clone()).collect();
        let of = |(label, why): (&RetentionLabel, String)| WaitingLabel {
            id: label.id,
            asked_through: matched_through(label),
            known_through: known_through(label),
            why: why.into(),
        };
        self.waiting = waiting(&all).into_iter().map(of).collect();
    }

    /// The labels that an item may have to get, of which nobody knows. One that carries no label may get one from a query that
    /// waits, as if it was set at `set_at`: of those that surely find it the oldest, and what is older than that and may find
    /// it. Whatever it carries, it may be what a query meant that could not be read and was replaced.
    pub(in crate::archive) fn possible(
        &self,
        tables: &impl Tables,
        item: &Item,
        carried: Option<LabelId>,
        set_at: UtcTime,
    ) -> Result<Vec<PossibleLabel>> {
        let mut possible = if carried.is_none() { self.waited_for(tables, item, set_at)? } else { Vec::new() };
        for (id, mended_at) in self.former.of(tables, item.no, carried)? {
            let Some(label) = self.offered(id, mended_at) else { continue };
            if possible.iter().all(|other| other.label.name != label.name) {
                possible.push(PossibleLabel { label, why: FORMER.into() });
            }
        }
        Ok(possible)
    }

    fn waited_for(&self, tables: &impl Tables, item: &Item, set_at: UtcTime) -> Result<Vec<PossibleLabel>> {
        let mut possible = Vec::new();
        let cleared = if self.waiting.is_empty() { return Ok(possible) } else { cleared_labels(tables, item.no)? };
        for label in &self.waiting {
            let finds = self.finds(label, item.message);
            if item.no <= label.asked_through || finds == Some(false) || cleared.labels.contains(&label.id) {
                continue;
            }
            let applied = self.offered(label.id, set_at);
            possible.extend(applied.map(|applied| PossibleLabel { label: applied, why: Arc::clone(&label.why) }));
            if finds == Some(true) {
                break;
            }
        }
        Ok(possible)
    }

    /// Whether the query of a label that waits finds a message; `None` if nobody knows.
    fn finds(&self, label: &WaitingLabel, message: MessageNo) -> Option<bool> {
        let matches = self.matches.get(&label.id).filter(|_| message <= label.known_through)?;
        Some(matches.contains(message.0))
    }

    /// A label as it would apply to an item that it is set on at `set_at`.
    pub(in crate::archive) fn offered(&self, label: LabelId, set_at: UtcTime) -> Option<AppliedLabel> {
        let (set_by, origin) = (Actor(String::new()), LabelOrigin::Query);
        let carrier = ItemLabel { label, set_at, set_by, origin, asset: None };
        self.applied(label, &carrier, LabelTrigger::Labelled(set_at))
    }

    /// The label on an item, and how it applies.
    pub(in crate::archive) fn of(&self, tables: &impl Tables, item: ItemNo) -> Result<Option<(LabelId, AppliedLabel)>> {
        let Some(carrier) = self.carrier(tables, item)? else { return Ok(None) };
        let Some(mut applied) = self.applied(carrier.label, &carrier, LabelTrigger::Labelled(carrier.set_at)) else {
            return Err(Error::Corrupt(format!("item {item} carries a label that is not there")));
        };
        let reviewed = self.reviewed.as_ref().is_none_or(|items| items.contains(item.0));
        if let Some(review) = if reviewed { item_review(tables, item)? } else { None } {
            let label = self.labels.get(&carrier.label).map(|(label, _)| label);
            let (stages, generation) = label.map_or((0, 0), |label| (label.review.len(), label.review_generation));
            applied.extension = review.extended_until().map(Extension::Until);
            applied.review = applied.review.map(|_| Review { approved_at: review.approved_at(stages, generation) });
        }
        Ok(Some((carrier.label, applied)))
    }

    /// The label that an item carries.
    pub(in crate::archive) fn label_of(&self, tables: &impl Tables, item: ItemNo) -> Result<Option<&RetentionLabel>> {
        let carrier = self.carrier(tables, item)?;
        Ok(carrier.and_then(|carrier| self.labels.get(&carrier.label)).map(|(label, _)| label))
    }

    fn carrier(&self, tables: &impl Tables, item: ItemNo) -> Result<Option<ItemLabel>> {
        if self.items.as_ref().is_some_and(|items| !items.contains(item.0)) {
            return Ok(None);
        }
        item_label(tables, item)
    }

    /// A label as it applies to what carries it, or comes to carry it, with those that take its place. `labelled` is
    /// from when it counts if it does so from the labelling.
    fn applied(&self, id: LabelId, carrier: &ItemLabel, labelled: LabelTrigger) -> Option<AppliedLabel> {
        let (label, name) = self.labels.get(&id)?;
        let trigger = match &label.start {
            LabelStart::Created => LabelTrigger::Created,
            LabelStart::Modified => LabelTrigger::Modified,
            LabelStart::Labelled => labelled,
            LabelStart::Event(kind) => {
                let named = carrier.asset.as_ref().map(|asset| (kind.clone(), asset.clone()));
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
