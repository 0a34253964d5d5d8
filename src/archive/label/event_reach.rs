//! What an event, or the events of a type, concern: whoever misspells a type or an asset starts no period.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Result;
use crate::archive::Archive;
use crate::model::{LabelId, LabelStart, RetentionEvent, RetentionLabel, UtcTime};
use crate::store::{Tables, item_labels, labels, retention_events};

/// Longest word that is compared with others: characters.
const LONGEST: usize = 200;

/// What an event concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventReach {
    /// The labels that count from events of its type, by name.
    pub labels: Vec<String>,
    /// Items about its asset that carry such a label, or one that it takes the place of: their period counts from
    /// `counts_from`.
    pub items: u64,
    /// When the event happened from which they count now: of several of the type and asset the one that happened last.
    pub counts_from: UtcTime,
    /// From when they counted before it was recorded; `None` if they waited for it.
    pub counted_from: Option<UtcTime>,
    /// If there is no such label, the type most like it that one counts from.
    pub nearest_type: Option<String>,
    /// If no labelled item is about the asset, the asset most like it that one is about.
    pub nearest_asset: Option<String>,
    /// Whether a labelled item is about the asset.
    #[serde(skip)]
    pub is_known_asset: bool,
}

/// A type of event that a label counts from, or that was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct EventType {
    /// The type.
    pub event_type: String,
    /// The labels that count from it, by name.
    pub labels: Vec<String>,
    /// Items that carry one of them, or one that it takes the place of.
    pub items: u64,
    /// Those of them that say what they are about, as an event has to name it.
    pub items_with_asset: u64,
    /// Events of the type that were recorded.
    pub events: u64,
}

impl Archive {
    /// What an event concerns.
    ///
    /// # Errors
    /// The store failed.
    pub fn event_reach(&self, event: &RetentionEvent) -> Result<EventReach> {
        let snapshot = self.store.snapshot()?;
        let all = labels(&snapshot)?;
        let of_type = all.iter().filter(|label| event_type(label) == Some(event.kind.as_str()));
        let labels: Vec<String> = of_type.map(|label| label.name.clone()).collect();
        let mut nearest_type = Nearest::to(&event.kind);
        for known in all.iter().filter_map(event_type) {
            nearest_type.look_at(known);
        }
        let (mut nearest_asset, mut items, mut is_known_asset) = (Nearest::to(&event.asset), 0, false);
        item_labels(&snapshot, |_, carried| {
            let Some(asset) = &carried.asset else { return };
            if *asset == event.asset {
                is_known_asset = true;
                items += u64::from(counts_from(&all, carried.label, &event.kind));
            } else {
                nearest_asset.look_at(asset);
            }
        })?;
        let others = retention_events(&snapshot)?.into_iter().filter(|other| other.no < event.no);
        let others = others.filter(|other| (&other.kind, &other.asset) == (&event.kind, &event.asset));
        let counted_from = others.map(|other| other.at).max();
        Ok(EventReach {
            counts_from: counted_from.map_or(event.at, |before| before.max(event.at)),
            counted_from,
            nearest_type: nearest_type.found.filter(|_| labels.is_empty()),
            nearest_asset: nearest_asset.found.filter(|_| !is_known_asset),
            labels,
            items,
            is_known_asset,
        })
    }

    /// The types of events that labels count from, and those that were recorded though none does.
    ///
    /// # Errors
    /// The store failed.
    pub fn event_types(&self) -> Result<Vec<EventType>> {
        event_types(&self.store.snapshot()?)
    }
}

fn event_types(tables: &impl Tables) -> Result<Vec<EventType>> {
    let all = labels(tables)?;
    let mut types: BTreeMap<String, EventType> = BTreeMap::new();
    for label in &all {
        if let Some(kind) = event_type(label) {
            types.entry(kind.to_owned()).or_default().labels.push(label.name.clone());
        }
    }
    for event in retention_events(tables)? {
        types.entry(event.kind).or_default().events += 1;
    }
    for (kind, known) in &mut types {
        known.event_type.clone_from(kind);
    }
    let counting: BTreeMap<LabelId, Vec<String>> = all
        .iter()
        .map(|label| (label.id, types.keys().filter(|kind| counts_from(&all, label.id, kind)).cloned().collect()))
        .collect();
    item_labels(tables, |_, carried| {
        for kind in counting.get(&carried.label).into_iter().flatten() {
            if let Some(known) = types.get_mut(kind) {
                known.items += 1;
                known.items_with_asset += u64::from(carried.asset.is_some());
            }
        }
    })?;
    Ok(types.into_values().collect())
}

fn event_type(label: &RetentionLabel) -> Option<&str> {
    match &label.start {
        LabelStart::Event(kind) => Some(kind),
        LabelStart::Created | LabelStart::Modified | LabelStart::Labelled => None,
    }
}

/// Whether a label, or one that takes its place, counts from events of a type.
fn counts_from(all: &[RetentionLabel], label: LabelId, kind: &str) -> bool {
    let find = |id: LabelId| all.iter().find(|label| label.id == id);
    // A label can only name one that was there before it, so this comes to an end.
    let mut chain = std::iter::successors(find(label), |label| label.next.and_then(find)).take(all.len());
    chain.any(|label| event_type(label) == Some(kind))
}

/// The word most like another one, of those that were looked at.
struct Nearest {
    wanted: String,
    found: Option<String>,
    distance: usize,
}

impl Nearest {
    /// Looks for words in which about one letter of three differs from `wanted` at most, in whatever case.
    fn to(wanted: &str) -> Self {
        let wanted: String = wanted.trim().to_lowercase();
        let distance = wanted.chars().count() / 3 + 1;
        Self { wanted, found: None, distance: distance + 1 }
    }

    fn look_at(&mut self, known: &str) {
        let word = known.trim().to_lowercase();
        let [length, wanted] = [&word, &self.wanted].map(|word| word.chars().count());
        if length > LONGEST || wanted > LONGEST || length.abs_diff(wanted) >= self.distance {
            return;
        }
        let distance = strsim::osa_distance(&word, &self.wanted);
        if distance < self.distance {
            (self.found, self.distance) = (Some(known.to_owned()), distance);
        }
    }
}
