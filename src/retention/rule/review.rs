//! Disposition review.

use crate::model::UtcTime;
use crate::retention::reasons::Reasons;
use crate::retention::{AppliedLabel, Effect, PossibleLabel, Reason, Rule, Source};

/// Whether reviewers let the item go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::retention) enum ReviewState {
    NotRequired,
    /// A label that the item may have to carry demands one: until that is known, nobody is there to decide.
    Unknown,
    Pending,
    Approved(UtcTime),
}

/// Where the review that the label demands stands, for an item whose periods end at `due`.
pub(in crate::retention) fn review(label: &AppliedLabel, due: UtcTime, reasons: &mut Reasons) -> ReviewState {
    let Some(review) = label.review else { return ReviewState::NotRequired };
    let (state, rule, effect) = match review.approved_at {
        Some(at) => (ReviewState::Approved(at), Rule::Approval, Effect::Approved { at }),
        None => (ReviewState::Pending, Rule::Review, Effect::AwaitsReview { since: due }),
    };
    reasons.add(|| Reason { rule, source: Source::Label, name: label.name.clone(), effect });
    state
}

/// Whether a label that the item may get would demand a review.
pub(in crate::retention) fn possible_review(labels: &[PossibleLabel], reasons: &mut Reasons) -> ReviewState {
    let mut state = ReviewState::NotRequired;
    for label in labels.iter().map(|possible| possible.label.last()).filter(|label| label.review.is_some()) {
        let (rule, source, effect) = (Rule::Review, Source::Label, Effect::MayAskReview);
        reasons.add(|| Reason { rule, source, name: label.name.clone(), effect });
        state = ReviewState::Unknown;
    }
    state
}
