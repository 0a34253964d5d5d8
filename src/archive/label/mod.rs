//! Retention labels: added, listed, set on items and taken off, and the events that they count from.

mod carried;
mod cleared;
mod definition;
mod doubt;
mod event;
mod event_reach;
mod former;
mod loss;
mod offer;
mod period;
mod query;
mod reread;
mod reviewers;
mod set;
mod succession;
mod waiting;

use roaring::RoaringTreemap;

use super::Archive;
use super::named::find_named;
use super::rules::{behind, schedule_with_label};
use super::simulation::Proposal;
use crate::index::RULES;
use crate::model::{
    ItemNo, LabelId, LabelStart, RecordKind, RetentionAction, RetentionLabel, RetentionPeriod, ReviewStage,
};
use crate::store::{Snapshot, Transaction, insert_label, labels};
use crate::{Error, Result};

pub(super) use carried::{Carried, CarriedLabel};
pub(super) use cleared::note_cleared;
pub(super) use doubt::labels_in_doubt;
pub use event::NewEvent;
pub use event_reach::{EventReach, EventType};
pub(super) use former::items_in_doubt;
pub(super) use offer::{Choice, Offer, chosen};
pub(super) use query::{mended_in_words, put_mended_label};
pub use set::LabelledItem;
pub(super) use waiting::{forget_matches, waiting, waiting_ids};

/// A label to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLabel {
    /// Its name, unique in the archive.
    pub name: String,
    /// What it does.
    pub action: RetentionAction,
    /// For how long, or after how long.
    pub period: RetentionPeriod,
    /// From when.
    pub start: LabelStart,
    /// Whether it makes records.
    pub record: RecordKind,
    /// Folders by path whose items get it if they have none.
    pub folders: Vec<String>,
    /// The content search query whose finds get it if they have none.
    pub query: Option<String>,
    /// The stages of the review before disposition, in order.
    pub review: Vec<ReviewStage>,
    /// The label that takes its place at the end of the period, by name or id.
    pub next: Option<String>,
}

impl Archive {
    /// Adds a label. Where it says so it is set by folder or query, on what is there and what comes.
    /// `without_simulation` is the reason for letting items go earlier without having seen which.
    ///
    /// # Errors
    /// The name is taken or empty, the query is refused, there is no such next label, what it says contradicts itself,
    /// or something could go earlier by it and that was not simulated within the last seven days.
    pub fn add_label(&mut self, new: &NewLabel, without_simulation: Option<&str>) -> Result<RetentionLabel> {
        let snapshot = self.store.snapshot()?;
        let label = self.draft_label(&snapshot, new, &labels(&snapshot)?)?;
        let after = schedule_with_label(&snapshot, &label)?;
        let tried = ("retention.label.refuse", new.name.as_str());
        let ground = self.ground_or_record(&snapshot, &after, without_simulation, tried)?;
        let transaction = self.store.begin()?;
        let ground = self.consented(&transaction, ground)?;
        let label = self.put_new_label(&transaction, label, ground)?;
        transaction.commit()?;
        Ok(label)
    }

    /// What a label that is not there yet would come to, to be simulated.
    pub(super) fn proposed_label(&mut self, new: &NewLabel) -> Result<Proposal> {
        let snapshot = self.store.snapshot()?;
        let label = self.draft_label(&snapshot, new, &labels(&snapshot)?)?;
        let mut proposal = Proposal::new(self.now());
        self.propose_label(&snapshot, &mut proposal, label)?;
        Ok(proposal)
    }

    /// Writes a label that is not there yet.
    pub(super) fn put_new_label(
        &self,
        transaction: &Transaction,
        label: RetentionLabel,
        ground: Option<String>,
    ) -> Result<RetentionLabel> {
        let label = insert_label(transaction, label)?;
        let outcome = format!("{}{}", definition::in_words(&label), behind(ground));
        self.record(transaction, "retention.label.add", &label.id.to_string(), &outcome)?;
        Ok(label)
    }

    /// Refuses a query that cannot be read.
    fn check_label_query(&self, query: &str) -> Result<()> {
        self.index.matches_within(&self.hold_query(query)?, Some(&RoaringTreemap::new())).map(drop)
    }

    /// A label that is not there yet, among those that are.
    pub(super) fn draft_label(
        &self,
        snapshot: &Snapshot,
        new: &NewLabel,
        known: &[RetentionLabel],
    ) -> Result<RetentionLabel> {
        new.check()?;
        if let Some(query) = &new.query {
            self.check_label_query(query)?;
        }
        if known.iter().any(|label| label.name == new.name) {
            return Err(Error::AlreadyExists { what: "retention label", id: new.name.clone() });
        }
        let named = |name| find_named("retention label", known.to_vec(), name, |label| (&label.name, label.id));
        let next = new.next.as_deref().map(named).transpose()?;
        Ok(RetentionLabel {
            id: LabelId(self.new_id("label", &new.name)),
            no: 0,
            name: new.name.clone(),
            action: new.action,
            period: new.period,
            start: new.start.clone(),
            record: new.record,
            folders: new.folders.clone(),
            query: new.query.clone(),
            added_at: self.act_time(snapshot)?,
            added_by: self.session.actor.clone(),
            offered_through: ItemNo(0),
            review: new.review.clone(),
            next: next.map(|label| label.id),
            offered_rules: RULES,
            matched_through: ItemNo(0),
            refused: None,
            evaluation: None,
            review_since: None,
            review_generation: 0,
            mended_at: None,
            people: self.known_people(new.query.as_deref())?,
        })
    }

    /// All labels, the oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_labels(&self) -> Result<Vec<RetentionLabel>> {
        labels(&self.store.snapshot()?)
    }

    /// One label, by name, id, or unique prefix of its id.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn show_label(&self, name: &str) -> Result<RetentionLabel> {
        find_named("retention label", self.list_labels()?, name, |label| (&label.name, label.id))
    }
}
