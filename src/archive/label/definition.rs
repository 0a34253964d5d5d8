//! What a label may say.

use std::collections::HashSet;

use super::NewLabel;
use crate::model::{REVIEW_STAGES, RecordKind, RetentionAction, RetentionLabel, RetentionPeriod, ReviewStage};
use crate::{Error, Result};

impl NewLabel {
    /// What a label says, with the name of the one that takes its place.
    pub(in crate::archive) fn of(label: &RetentionLabel, all: &[RetentionLabel]) -> Self {
        let next = label.next.and_then(|next| all.iter().find(|other| other.id == next));
        Self {
            name: label.name.clone(),
            action: label.action,
            period: label.period,
            start: label.start.clone(),
            record: label.record,
            folders: label.folders.clone(),
            query: label.query.clone(),
            review: label.review.clone(),
            next: next.map(|next| next.name.clone()),
        }
    }

    /// Refuses what contradicts itself.
    pub(super) fn check(&self) -> Result<()> {
        let unlimited = self.period == RetentionPeriod::Unlimited;
        let refuse = |why: &str| Err(Error::InvalidInput(why.to_owned()));
        if self.name.trim().is_empty() {
            return refuse("a retention label needs a name");
        }
        if self.action == RetentionAction::Delete && unlimited {
            return refuse("a label that deletes needs a period that ends");
        }
        if self.record == RecordKind::Regulatory && self.query.is_some() {
            return refuse("a regulatory record is declared by people or by folder, never by a search: drop --auto");
        }
        if self.next.is_some() && (self.action != RetentionAction::Retain || unlimited) {
            return refuse(
                "a label with a next label retains for a period that ends; the next one says what comes then",
            );
        }
        if !self.review.is_empty() && !self.action.deletes() {
            return refuse("a review is of a disposition: a label with reviewers needs an action that deletes");
        }
        check_stages(&self.review)
    }
}

fn check_stages(stages: &[ReviewStage]) -> Result<()> {
    if stages.len() > REVIEW_STAGES {
        let text = format!("a review has {REVIEW_STAGES} stages at most, not {}", stages.len());
        return Err(Error::InvalidInput(text));
    }
    for (place, stage) in stages.iter().enumerate() {
        let named: HashSet<_> = stage.reviewers.iter().collect();
        let nobody = stage.reviewers.iter().any(|reviewer| reviewer.0.trim().is_empty());
        if stage.reviewers.is_empty() || nobody || named.len() < stage.reviewers.len() {
            let text = format!("stage {} of the review needs reviewers, each named once", place + 1);
            return Err(Error::InvalidInput(text));
        }
    }
    Ok(())
}

/// A label in words, for the audit log.
pub(super) fn in_words(label: &RetentionLabel) -> String {
    let named = format!("{} {} {}", label.name, label.action.as_str(), label.period);
    let stages = Some(stages_in_words(&label.review)).filter(|_| !label.review.is_empty());
    let next = label.next.map(|next| format!("then label {next}"));
    std::iter::once(named).chain(stages).chain(next).collect::<Vec<_>>().join("; ")
}

/// The stages of a review in words, for the audit log.
pub(super) fn stages_in_words(stages: &[ReviewStage]) -> String {
    let stages = stages.iter().enumerate().map(|(place, stage)| {
        let names: Vec<&str> = stage.reviewers.iter().map(|reviewer| reviewer.0.as_str()).collect();
        format!("review stage {}: {}", place + 1, names.join(", "))
    });
    let words = stages.collect::<Vec<_>>().join("; ");
    if words.is_empty() { "nobody".to_owned() } else { words }
}
