//! Retention labels: added, listed, set on items and taken off, and the events that they count from.

mod carried;
mod definition;
mod event;
mod offer;
mod period;
mod set;
mod succession;

use super::Archive;
use super::named::find_named;
use crate::model::{
    ItemNo, LabelId, LabelStart, RecordKind, RetentionAction, RetentionLabel, RetentionPeriod, ReviewStage,
};
use crate::store::{insert_label, labels};
use crate::{Error, Result};

pub(super) use carried::Carried;
pub use event::NewEvent;
pub use set::LabelledItem;

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
    ///
    /// # Errors
    /// The name is taken or empty, the query is refused, there is no such next label, or what it says contradicts
    /// itself.
    pub fn add_label(&mut self, new: &NewLabel) -> Result<RetentionLabel> {
        new.check()?;
        if let Some(query) = &new.query {
            self.hold_query(query)?;
        }
        let snapshot = self.store.snapshot()?;
        if labels(&snapshot)?.iter().any(|label| label.name == new.name) {
            return Err(Error::AlreadyExists { what: "retention label", id: new.name.clone() });
        }
        let next = new.next.as_deref().map(|name| self.show_label(name)).transpose()?;
        let label = RetentionLabel {
            id: LabelId(self.new_id("label", &new.name)),
            no: 0,
            name: new.name.clone(),
            action: new.action,
            period: new.period,
            start: new.start.clone(),
            record: new.record,
            folders: new.folders.clone(),
            query: new.query.clone(),
            added_at: self.act_time(&snapshot)?,
            added_by: self.session.actor.clone(),
            offered_through: ItemNo(0),
            review: new.review.clone(),
            next: next.map(|label| label.id),
        };
        let transaction = self.store.begin()?;
        let label = insert_label(&transaction, label)?;
        let outcome = definition::in_words(&label);
        self.record(&transaction, "retention.label.add", &label.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(label)
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
