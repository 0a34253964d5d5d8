//! What reviewers decide. All items of one decision, or none.

use super::waiting::{Waiting, under_review, waiting};
use crate::archive::Archive;
use crate::archive::decide::Judge;
use crate::archive::label::note_cleared;
use crate::model::{
    Actor, ItemLabel, ItemNo, LabelOrigin, RecordKind, RetentionLabel, RetentionPeriod, ReviewDecision, ReviewEntry,
    ReviewNote, UtcTime,
};
use crate::store::{Tables, Transaction, item, item_label, labels, put_item_label, put_item_review};
use crate::{Error, Result};

/// What a reviewer wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewChoice {
    /// Let the items go.
    Approve,
    /// Keep each for a period from when it came to be reviewed.
    ExtendBy(RetentionPeriod),
    /// Keep them until an instant.
    ExtendUntil(UtcTime),
    /// Give them another label, by name or id.
    Relabel(String),
    /// Let others decide too.
    AddReviewers(Vec<String>),
}

/// Over which items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewSelection {
    /// These.
    Items(Vec<ItemNo>),
    /// All that wait for whoever acts, under one label by name or id, or under any.
    Waiting(Option<String>),
}

/// An item that was decided over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedItem {
    /// The item.
    pub item: ItemNo,
    /// What was decided.
    pub note: ReviewNote,
    /// How many stages the review has.
    pub stages: u32,
    /// Whether every stage has approved now.
    pub approved: bool,
}

impl Archive {
    /// Decides over items that wait for whoever acts.
    ///
    /// # Errors
    /// The clock cannot be trusted, there is no comment, an item does not wait or not for whoever acts, what is wanted
    /// is impossible, or the store or the index failed. Nothing is decided then.
    pub fn decide_review(
        &mut self,
        selection: &ReviewSelection,
        choice: &ReviewChoice,
        comment: &str,
    ) -> Result<Vec<ReviewedItem>> {
        if comment.trim().is_empty() {
            return Err(Error::InvalidInput("a decision needs a comment: say --comment \"...\"".to_owned()));
        }
        self.check_clock("disposition.review", "")?;
        self.settle()?;
        match self.decide_within(selection, choice, comment) {
            Err(refusal @ Error::Refused(_)) => {
                self.record_alone("disposition.review.refuse", "", &refusal.to_string())?;
                Err(refusal)
            }
            decided => decided,
        }
    }

    fn decide_within(
        &self,
        selection: &ReviewSelection,
        choice: &ReviewChoice,
        comment: &str,
    ) -> Result<Vec<ReviewedItem>> {
        let transaction = self.store.begin()?;
        let (now, at, all) = (self.now(), self.act_time(&transaction)?, labels(&transaction)?);
        let new_label = match choice {
            ReviewChoice::Relabel(name) => Some(self.show_label(name)?),
            _ => None,
        };
        let mut judge = Judge::new(&transaction, &self.info, now)?;
        let mut decided = Vec::new();
        for no in self.selected(&transaction, &all, selection)? {
            let waiting = waiting(&transaction, &mut judge, &all, no, now)?;
            let Some(waiting) = self.allowed(&transaction, waiting, no, selection)? else { continue };
            let decision = decision(choice, new_label.as_ref(), &waiting, at)?;
            let stages = waiting.label.review.len();
            let entry = ReviewEntry {
                label: waiting.label.id,
                stage: u32::try_from(waiting.stage).unwrap_or(u32::MAX),
                decision,
                by: self.session.actor.clone(),
                at,
                comment: comment.to_owned(),
                generation: waiting.label.review_generation,
            };
            let note = ReviewNote::of(&entry, |id| {
                all.iter().find(|label| label.id == id).map_or_else(String::new, |label| label.name.clone())
            });
            self.carry_out(&transaction, waiting.item.no, &waiting, entry)?;
            let action = format!("disposition.review.{}", note.decision.as_str());
            self.record(&transaction, &action, &waiting.item.no.to_string(), &in_words(&note, stages))?;
            let approved = matches!(choice, ReviewChoice::Approve) && waiting.stage == stages;
            let stages = u32::try_from(stages).unwrap_or(u32::MAX);
            decided.push(ReviewedItem { item: waiting.item.no, note, stages, approved });
        }
        if decided.is_empty() {
            return Err(Error::InvalidInput(format!("nothing waits for {}", self.session.actor.0)));
        }
        transaction.commit()?;
        Ok(decided)
    }

    /// The items selected, each once; of a selection of what waits, those that may.
    fn selected(
        &self,
        tables: &impl Tables,
        all: &[RetentionLabel],
        selection: &ReviewSelection,
    ) -> Result<Vec<ItemNo>> {
        match selection {
            ReviewSelection::Items(items) => {
                let mut items = items.clone();
                items.sort_unstable();
                items.dedup();
                Ok(items)
            }
            ReviewSelection::Waiting(None) => under_review(tables, all),
            ReviewSelection::Waiting(Some(name)) => under_review(tables, &[self.show_label(name)?]),
        }
    }

    /// The review, if it waits for whoever acts; `None` if it does not and the item was not named.
    fn allowed(
        &self,
        tables: &impl Tables,
        waiting: Option<Waiting>,
        no: ItemNo,
        selection: &ReviewSelection,
    ) -> Result<Option<Waiting>> {
        let actor = &self.session.actor;
        if matches!(selection, ReviewSelection::Waiting(_)) {
            return Ok(waiting.filter(|waiting| waiting.reviewers.contains(actor)));
        }
        let Some(waiting) = waiting else {
            item(tables, no)?.ok_or_else(|| Error::NotFound { what: "item", id: no.to_string() })?;
            let text = format!("item {no} does not wait for a review: `custodia explain {no}` says where it stands");
            return Err(Error::InvalidInput(text));
        };
        if waiting.reviewers.contains(actor) {
            return Ok(Some(waiting));
        }
        let names: Vec<&str> = waiting.reviewers.iter().map(|reviewer| reviewer.0.as_str()).collect();
        Err(Error::Refused(format!(
            "item {no} waits at stage {} of {} for {}, not for {}",
            waiting.stage,
            waiting.label.review.len(),
            names.join(", "),
            actor.0
        )))
    }

    /// Writes the decision, and for a relabelling the label.
    fn carry_out(&self, transaction: &Transaction, no: ItemNo, waiting: &Waiting, entry: ReviewEntry) -> Result<()> {
        let mut review = waiting.review.clone();
        let (decision, at) = (entry.decision.clone(), entry.at);
        review.entries.push(entry);
        put_item_review(transaction, no, &review)?;
        let ReviewDecision::Relabel(label) = decision else { return Ok(()) };
        let asset = item_label(transaction, no)?.and_then(|carried| carried.asset);
        let set_by = self.session.actor.clone();
        let carried = ItemLabel { label, set_at: at, set_by, origin: LabelOrigin::Review, asset };
        put_item_label(transaction, no, Some(&carried))?;
        note_cleared(transaction, no, Some(waiting.label.id), Some(label))
    }
}

fn decision(
    choice: &ReviewChoice,
    new_label: Option<&RetentionLabel>,
    waiting: &Waiting,
    at: UtcTime,
) -> Result<ReviewDecision> {
    let no = waiting.item.no;
    let refuse = |why: String| Err(Error::InvalidInput(format!("item {no} {why}")));
    match (choice, new_label) {
        (ReviewChoice::Approve, _) => Ok(ReviewDecision::Approve),
        (ReviewChoice::ExtendUntil(until), _) if *until <= at => {
            refuse(format!("cannot be kept until {until}: it is past"))
        }
        (ReviewChoice::ExtendUntil(until), _) => Ok(ReviewDecision::Extend(*until)),
        (ReviewChoice::ExtendBy(period), _) => match period.end(waiting.since) {
            Some(until) if until > at => Ok(ReviewDecision::Extend(until)),
            Some(until) => refuse(format!(
                "waits since {}, and {period} from then ended on {until}: say --until DATE instead",
                waiting.since
            )),
            None => refuse("cannot be extended without end: give it another label".to_owned()),
        },
        (ReviewChoice::Relabel(_), Some(label)) if label.id == waiting.label.id => {
            refuse(format!("carries label `{}` already", label.name))
        }
        (ReviewChoice::Relabel(_), Some(_)) if waiting.label.record == RecordKind::Regulatory => {
            let text =
                format!("item {no} is a regulatory record by label `{}`, which nobody takes off", waiting.label.name);
            Err(Error::Refused(text))
        }
        (ReviewChoice::Relabel(_), Some(label)) => Ok(ReviewDecision::Relabel(label.id)),
        (ReviewChoice::Relabel(name), None) => Err(Error::NotFound { what: "retention label", id: name.clone() }),
        (ReviewChoice::AddReviewers(names), _) => {
            let named = names.iter().map(|name| Actor(name.trim().to_owned()));
            let more: Vec<Actor> = named.filter(|actor| !waiting.reviewers.contains(actor)).collect();
            if more.is_empty() || more.iter().any(|actor| actor.0.is_empty()) {
                return refuse("needs the name of somebody who is not a reviewer of this stage yet".to_owned());
            }
            Ok(ReviewDecision::AddReviewers(more))
        }
    }
}

/// A decision in words, for the audit log.
fn in_words(note: &ReviewNote, stages: usize) -> String {
    let until = note.until.map(|until| format!(" until {until}"));
    let label = note.new_label.as_ref().map(|label| format!(" as {label}"));
    let names: Vec<&str> = note.reviewers.iter().map(|actor| actor.0.as_str()).collect();
    let more = Some(format!(" {}", names.join(", "))).filter(|_| !names.is_empty());
    format!(
        "{}{} at stage {} of {stages}, label {}; comment: {}",
        note.decision.as_str(),
        until.or(label).or(more).unwrap_or_default(),
        note.stage,
        note.label,
        note.comment
    )
}
