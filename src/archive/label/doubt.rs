//! Labels whose query finds a message for what it lacks, of which not all can be searched: the rest may say it. Whether such a
//! label, and a younger one whose query finds the message too, gets on its items is in doubt. It is not set by itself, retains
//! what it would retain, and deletes nothing.

use std::sync::Arc;

use roaring::RoaringTreemap;

use super::offer::Offer;
use crate::Result;
use crate::archive::unsearched::Unsearched;
use crate::model::{Item, ItemLabel, LabelId, LabelOrigin, MessageNo, RetentionLabel};
use crate::query::{Context, Exclusions, parse};
use crate::store::{MessageSet, SetPart, Tables, cleared_labels, labels, load_part, load_set};

/// Why it is in doubt whether an item gets a label, or should have got it.
pub(super) const UNSEARCHED: &str = "not all of the item can be searched, and it is found by a query for what it lacks";
const WAS_NOT_FOUND: &str = "when the label was offered to the item, its query did not find that \
    as it does now, or not all of it could be searched";
const NO_LONGER_FOUND: &str = "the query that set the label found the item, and does not find it any longer";

/// What is in doubt for which labels.
#[derive(Default)]
pub(super) struct Doubts {
    labels: Vec<OfLabel>,
    /// The messages of which not all can be searched, where a query excludes something.
    unsearched: Unsearched,
}

struct OfLabel {
    id: LabelId,
    no: u64,
    exclusions: Exclusions,
    messages: RoaringTreemap,
    /// What it was set on and its query does not find any longer.
    former: RoaringTreemap,
}

impl Doubts {
    /// As the store has them, for all messages or a few.
    pub(super) fn load(tables: &impl Tables, labels: &[RetentionLabel], part: SetPart) -> Result<Self> {
        let mut doubts = Self::default();
        for label in labels.iter().filter(|label| label.query.is_some()) {
            let messages = load_part(tables, MessageSet::LabelDoubts(label.id), part)?;
            let former = load_part(tables, MessageSet::FormerLabelMatches(label.id), part)?;
            let exclusions = exclusions(label);
            doubts.labels.push(OfLabel { id: label.id, no: label.no, exclusions, messages, former });
        }
        let excluded: Vec<Exclusions> = doubts.labels.iter().map(|label| label.exclusions).collect();
        if excluded.iter().any(|excluded| *excluded != Exclusions::default()) {
            doubts.unsearched = Unsearched::load(tables, part, excluded)?;
        }
        Ok(doubts)
    }

    /// Why it is in doubt whether an item of `message` should carry the label that it does; `None` if it is not.
    pub(super) fn of_carried(&self, carrier: &ItemLabel, message: MessageNo) -> Option<Arc<str>> {
        let of_query = |label: &&OfLabel| label.id == carrier.label && carrier.origin == LabelOrigin::Query;
        let label = self.labels.iter().find(of_query)?;
        if label.former.contains(message.0) {
            return Some(NO_LONGER_FOUND.into());
        }
        (label.messages.contains(message.0) || self.may_find(label.id, message)).then(|| self.why(message))
    }

    /// Whether a label that finds a message may do so only for what cannot be searched.
    pub(super) fn may_find(&self, label: LabelId, message: MessageNo) -> bool {
        let known = self.labels.iter().find(|known| known.id == label);
        known.is_some_and(|known| self.unsearched.may_hide(message, known.exclusions))
    }

    /// The labels that an item may have to get, the oldest first; `carried` is the number of the one that it carries, and
    /// how that came to it.
    pub(super) fn of(
        &self,
        tables: &impl Tables,
        item: &Item,
        carried: Option<(u64, LabelOrigin)>,
    ) -> Result<Vec<LabelId>> {
        let is_meant = |label: &&OfLabel| label.messages.contains(item.message.0) && may_precede(label.no, carried);
        let mut found: Vec<LabelId> = self.labels.iter().filter(is_meant).map(|label| label.id).collect();
        if !found.is_empty() {
            let cleared = cleared_labels(tables, item.no)?.labels;
            found.retain(|label| !cleared.contains(label));
        }
        Ok(found)
    }

    /// Why something is in doubt for a message.
    pub(super) fn why(&self, message: MessageNo) -> Arc<str> {
        if self.unsearched.contains(message) { UNSEARCHED.into() } else { WAS_NOT_FOUND.into() }
    }
}

/// The names of the labels, of those in force and of `offers`, that are in doubt for some messages.
pub(in crate::archive) fn labels_in_doubt(tables: &impl Tables, offers: &[Offer]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for label in labels(tables)?.into_iter().filter(|label| label.query.is_some()) {
        if !load_set(tables, MessageSet::LabelDoubts(label.id))?.is_empty() {
            names.push(label.name);
        }
    }
    for Offer { label, doubtful, .. } in offers {
        if !doubtful.is_empty() && !names.contains(&label.name) {
            names.push(label.name.clone());
        }
    }
    Ok(names)
}

/// Whether a label with number `no` would have come before the one that an item carries, whose number and origin that are. The
/// one that took the place of another has a number that says nothing, and what a person chose stands.
pub(super) fn may_precede(no: u64, carried: Option<(u64, LabelOrigin)>) -> bool {
    match carried {
        None | Some((_, LabelOrigin::Succession)) => true,
        Some((other, LabelOrigin::Query | LabelOrigin::Folder)) => no < other,
        Some((_, LabelOrigin::Person | LabelOrigin::Review)) => false,
    }
}

/// What the query of a label excludes, so that it may find a message for what that lacks; one that cannot be read may exclude
/// anything.
pub(super) fn exclusions(label: &RetentionLabel) -> Exclusions {
    let Some(query) = &label.query else { return Exclusions::default() };
    parse(query, &Context::rule(label.added_at)).map_or(Exclusions::UNKNOWN, |read| read.query.exclusions())
}
