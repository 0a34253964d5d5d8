//! Disposition reviews: who looks at an item at the end of its label's period, and what they decided.

use serde::{Deserialize, Serialize};

use super::{Actor, LabelId, UtcTime};

/// The most stages that a review has.
pub const REVIEW_STAGES: usize = 5;

/// One step of a review: any one of its reviewers decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewStage {
    /// Who may decide, as actors are named.
    pub reviewers: Vec<Actor>,
}

/// What a reviewer decides over an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReviewDecision {
    /// It may go, as far as this stage is concerned.
    Approve,
    /// It stays until this instant, and is reviewed anew from the first stage then.
    Extend(UtcTime),
    /// It gets this label in place of the one that it carries, which ends the review.
    Relabel(LabelId),
    /// These people may decide at this stage too, for this item.
    AddReviewers(Vec<Actor>),
}

/// A decision with who took it, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewEntry {
    /// The label that asked for the review.
    pub label: LabelId,
    /// The stage that it was taken at, from 1.
    pub stage: u32,
    /// The decision.
    pub decision: ReviewDecision,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: UtcTime,
    /// In the reviewer's words.
    pub comment: String,
    /// How often the label's reviewers had been changed before; 0 in what older versions wrote.
    pub generation: u32,
}

/// What a reviewer did, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewWord {
    /// Approved the disposition.
    Approve,
    /// Extended the retention.
    Extend,
    /// Set another label.
    Relabel,
    /// Named more reviewers.
    AddReviewer,
}

impl ReviewWord {
    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Extend => "extend",
            Self::Relabel => "relabel",
            Self::AddReviewer => "add-reviewer",
        }
    }
}

/// A decision as people read it, with labels by name: what explanations, disposition records and certificates say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewNote {
    /// The name of the label that asked for the review.
    pub label: String,
    /// The stage that it was taken at, from 1.
    pub stage: u32,
    /// What was decided.
    pub decision: ReviewWord,
    /// Until when the retention was extended.
    pub until: Option<UtcTime>,
    /// The name of the label that was set instead.
    pub new_label: Option<String>,
    /// Who was named besides.
    pub reviewers: Vec<Actor>,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: UtcTime,
    /// In the reviewer's words.
    pub comment: String,
}

impl ReviewNote {
    /// An entry, with labels named by `name`.
    pub fn of(entry: &ReviewEntry, name: impl Fn(LabelId) -> String) -> Self {
        let mut note = Self {
            label: name(entry.label),
            stage: entry.stage,
            decision: ReviewWord::Approve,
            until: None,
            new_label: None,
            reviewers: Vec::new(),
            by: entry.by.clone(),
            at: entry.at,
            comment: entry.comment.clone(),
        };
        match &entry.decision {
            ReviewDecision::Approve => {}
            ReviewDecision::Extend(until) => (note.decision, note.until) = (ReviewWord::Extend, Some(*until)),
            ReviewDecision::Relabel(label) => {
                (note.decision, note.new_label) = (ReviewWord::Relabel, Some(name(*label)));
            }
            ReviewDecision::AddReviewers(more) => {
                (note.decision, note.reviewers) = (ReviewWord::AddReviewer, more.clone());
            }
        }
        note
    }
}

/// The reviews of one item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ItemReview {
    /// Every decision, the oldest first.
    pub entries: Vec<ReviewEntry>,
    /// How many of them were taken under labels that the item no longer carries, or before such a label was taken off
    /// or set again; they count no longer.
    pub former: u64,
}

impl ItemReview {
    /// The decisions under the label that the item carries now.
    fn current(&self) -> &[ReviewEntry] {
        usize::try_from(self.former).ok().and_then(|former| self.entries.get(former..)).unwrap_or_default()
    }

    /// Ends the review under the label that the item carried.
    pub fn end(&mut self) {
        self.former = self.entries.len() as u64;
    }

    /// Until when reviewers extended the retention; the latest counts.
    pub fn extended_until(&self) -> Option<UtcTime> {
        let until = |entry: &ReviewEntry| match entry.decision {
            ReviewDecision::Extend(until) => Some(until),
            _ => None,
        };
        self.current().iter().filter_map(until).max()
    }

    /// The approvals since the last extension by reviewers of this `generation`, one for each stage that is passed.
    pub fn approvals(&self, generation: u32) -> impl Iterator<Item = &ReviewEntry> {
        let current = self.current();
        let extended = current.iter().rposition(|entry| matches!(entry.decision, ReviewDecision::Extend(_)));
        let last = current.get(extended.map_or(0, |place| place + 1)..).unwrap_or_default();
        last.iter().filter(move |entry| entry.decision == ReviewDecision::Approve && entry.generation == generation)
    }

    /// When the last of `stages` stages approved, if they all did by reviewers of this `generation`.
    pub fn approved_at(&self, stages: usize, generation: u32) -> Option<UtcTime> {
        self.approvals(generation).nth(stages.checked_sub(1)?).map(|entry| entry.at)
    }

    /// Who may decide at `stage`, from 1, of `stages`, those included whom reviewers of this `generation` added.
    pub fn reviewers(&self, stages: &[ReviewStage], stage: usize, generation: u32) -> Vec<Actor> {
        let named = stage.checked_sub(1).and_then(|place| stages.get(place));
        let mut all: Vec<Actor> = named.map(|stage| stage.reviewers.clone()).unwrap_or_default();
        let at_stage = self.current().iter().filter(|entry| entry.stage as usize == stage);
        for entry in at_stage.filter(|entry| entry.generation == generation) {
            if let ReviewDecision::AddReviewers(more) = &entry.decision {
                all.extend(more.iter().filter(|actor| !all.contains(actor)).cloned().collect::<Vec<_>>());
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(name: &str) -> Actor {
        Actor(name.to_owned())
    }

    fn entry(stage: u32, decision: ReviewDecision, at: i64) -> ReviewEntry {
        ReviewEntry {
            label: LabelId(1),
            stage,
            decision,
            by: actor("ann"),
            at: UtcTime(at),
            comment: String::new(),
            generation: 0,
        }
    }

    #[test]
    fn every_stage_approves_and_an_extension_begins_anew() {
        let mut review = ItemReview::default();
        assert_eq!(review.approved_at(2, 0), None);
        review.entries.push(entry(1, ReviewDecision::Approve, 10));
        assert_eq!((review.approvals(0).count(), review.approved_at(2, 0)), (1, None));
        review.entries.push(entry(2, ReviewDecision::Extend(UtcTime(50)), 20));
        assert_eq!((review.approvals(0).count(), review.extended_until()), (0, Some(UtcTime(50))));
        review.entries.push(entry(1, ReviewDecision::Approve, 60));
        review.entries.push(entry(2, ReviewDecision::Approve, 70));
        assert_eq!(review.approved_at(2, 0), Some(UtcTime(70)));
        review.end();
        assert_eq!((review.approved_at(2, 0), review.extended_until()), (None, None));
        assert_eq!(review.entries.len(), 4);
    }

    #[test]
    fn added_reviewers_decide_at_their_stage_only() {
        let stages = [ReviewStage { reviewers: vec![actor("ann")] }, ReviewStage { reviewers: vec![actor("bob")] }];
        let mut review = ItemReview::default();
        review.entries.push(entry(1, ReviewDecision::AddReviewers(vec![actor("eve"), actor("ann")]), 10));
        assert_eq!(review.reviewers(&stages, 1, 0), [actor("ann"), actor("eve")]);
        assert_eq!(review.reviewers(&stages, 2, 0), [actor("bob")]);
        review.end();
        assert_eq!(review.reviewers(&stages, 1, 0), [actor("ann")]);
        assert_eq!(review.reviewers(&stages, 3, 0), []);
    }

    #[test]
    fn what_was_decided_before_the_reviewers_changed_counts_no_longer_whatever_the_clock_said() {
        let stages = [ReviewStage { reviewers: vec![actor("ann")] }];
        let mut review = ItemReview::default();
        review.entries.push(entry(1, ReviewDecision::Extend(UtcTime(90)), 5));
        review.entries.push(entry(1, ReviewDecision::AddReviewers(vec![actor("eve")]), 10));
        review.entries.push(entry(1, ReviewDecision::Approve, 2000));
        assert_eq!(review.approved_at(1, 0), Some(UtcTime(2000)));
        assert_eq!((review.approved_at(1, 1), review.approvals(1).count()), (None, 0));
        assert_eq!(review.reviewers(&stages, 1, 1), [actor("ann")]);
        assert_eq!(review.extended_until(), Some(UtcTime(90)), "what was extended stays so");
        for at in [30, 2000] {
            let mut again = review.clone();
            again.entries.push(ReviewEntry { generation: 1, ..entry(1, ReviewDecision::Approve, at) });
            assert_eq!(again.approved_at(1, 1), Some(UtcTime(at)));
            assert_eq!(again.approved_at(1, 2), None, "others came again");
        }
    }
}
