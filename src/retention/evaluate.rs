//! The decision.

use std::sync::Arc;

use crate::model::UtcTime;

use super::claim;
use super::reasons::Reasons;
use super::rule::{self, Kept, ReviewState};
use super::{Decision, Disposition, Outcome, RetainUntil, Subject};

/// Decides over `subject` as of `as_of`. Pure, total, and linear in the number of rules.
pub fn evaluate(subject: &Subject, as_of: UtcTime) -> Decision {
    decide(subject, as_of, Reasons::kept())
}

/// The same decision without its reasons, for those who count.
pub fn evaluate_without_reasons(subject: &Subject, as_of: UtcTime) -> Decision {
    decide(subject, as_of, Reasons::ignored())
}

fn decide(subject: &Subject, as_of: UtcTime, mut reasons: Reasons) -> Decision {
    let claims = claim::in_force(subject, as_of);
    rule::unread(subject, as_of, &mut reasons);
    let retention = rule::longest_retention(&claims, &mut reasons);
    let deletion = rule::winning_deletion(&claims, &mut reasons);
    if let (Some(deletion), Some(retention)) = (deletion, retention) {
        rule::suspension(deletion, retention, &mut reasons);
    }
    let retain_until = retention.map_or(RetainUntil::No, |claim| claim.end);
    let delete_at = deletion.and_then(|claim| claim.end.at());

    let labels = || subject.label.iter().chain(subject.possible_labels.iter().map(|possible| &possible.label));
    let due = due(delete_at, retain_until)
        .map(|due| labels().fold(due, |due, label| rule::late_events(label, due, &mut reasons)));
    let blocks = Blocks::find(subject, as_of, due, &mut reasons);

    let earliest = blocks.earliest(due);
    let outcome = blocks.outcome(due, as_of);
    let until = blocks.until(earliest, retain_until).filter(|&until| until > as_of);
    let due_but_held = outcome == Outcome::Held && blocks.without_holds().outcome(due, as_of) == Outcome::Eligible;
    let deleted_by = deletion.map(|claim| Arc::clone(claim.name));
    let review_since = due.filter(|_| blocks.review == ReviewState::Pending);
    let reasons = reasons.into_list();
    Decision { outcome, until, retain_until, delete_at, deleted_by, review_since, due_but_held, earliest, reasons }
}

/// When deletion meets no retention any longer; `None` if that never happens.
fn due(delete_at: Option<UtcTime>, retain_until: RetainUntil) -> Option<UtcTime> {
    match retain_until {
        RetainUntil::No => delete_at,
        RetainUntil::At(end) => delete_at.map(|at| at.max(end)),
        RetainUntil::Event | RetainUntil::Forever => None,
    }
}

/// What stands in the way of an item that is due.
struct Blocks {
    holds: Kept,
    delays: Kept,
    review: ReviewState,
    /// `None` if the item is never due, so that nothing need keep it.
    residence: Option<UtcTime>,
}

impl Blocks {
    fn find(subject: &Subject, as_of: UtcTime, due: Option<UtcTime>, reasons: &mut Reasons) -> Self {
        let mut review = ReviewState::NotRequired;
        if let Some(due) = due {
            let own = subject.label.as_ref().map(|label| rule::review(label.last(), due, reasons));
            let possible = rule::possible_review(&subject.possible_labels, reasons);
            review = own.filter(|_| possible == ReviewState::NotRequired).unwrap_or(possible);
        }
        let holds = rule::holds(subject, as_of, due, reasons);
        let delays = rule::delays(&subject.policies, as_of, due, reasons);
        let residence = due.map(|due| rule::minimum_residence(subject, due, reasons));
        Self { holds, delays, review, residence }
    }

    /// The latest known end of all that stands in the way, but for `first`.
    fn latest(&self, first: Option<UtcTime>) -> Option<UtcTime> {
        let approved = match self.review {
            ReviewState::Approved(at) => Some(at),
            ReviewState::NotRequired | ReviewState::Unknown | ReviewState::Pending => None,
        };
        [first, self.holds.end(), self.delays.end(), self.residence, approved].into_iter().flatten().max()
    }

    fn earliest(&self, due: Option<UtcTime>) -> Disposition {
        let Some(due) = due else { return Disposition::Never };
        match (self.holds, self.review) {
            (_, ReviewState::Unknown) => Disposition::Never,
            (Kept::Open, _) => Disposition::Held,
            (_, ReviewState::Pending) => Disposition::PendingReview { since: due },
            _ => Disposition::At(self.latest(Some(due)).unwrap_or(due)),
        }
    }

    /// The same as if there were no holds.
    fn without_holds(&self) -> Self {
        Self { holds: Kept::No, ..*self }
    }

    fn outcome(&self, due: Option<UtcTime>, as_of: UtcTime) -> Outcome {
        match self.earliest(due) {
            _ if self.holds.at(as_of) => Outcome::Held,
            Disposition::At(at) if at <= as_of => Outcome::Eligible,
            _ => Outcome::Kept,
        }
    }

    fn until(&self, earliest: Disposition, retain_until: RetainUntil) -> Option<UtcTime> {
        let endless = matches!(retain_until, RetainUntil::Event | RetainUntil::Forever);
        if self.holds == Kept::Open || self.review == ReviewState::Unknown || endless {
            return None;
        }
        match earliest {
            Disposition::Never => self.latest(retain_until.at()),
            Disposition::Held => None,
            Disposition::PendingReview { since } => self.latest(Some(since)),
            Disposition::At(at) => Some(at),
        }
    }
}
