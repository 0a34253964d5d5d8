//! Deletion: the most explicit wins, and of equal ones the shortest.

use std::sync::Arc;

use crate::retention::claim::Claim;
use crate::retention::reasons::Reasons;
use crate::retention::{Effect, Reason, RetainUntil, Rule, Source};

/// The deletion that decides; of equal ones the first.
pub(in crate::retention) fn winning_deletion<'a, 's>(
    claims: &'a [Claim<'s>],
    reasons: &mut Reasons,
) -> Option<&'a Claim<'s>> {
    let deleting = || claims.iter().filter(|claim| claim.action.deletes());
    let Some(rank) = deleting().map(|claim| claim.rank).max() else {
        reasons.add(|| {
            let name = "no delete action".into();
            Reason { rule: Rule::NoDeleteAction, source: Source::Guard, name, effect: Effect::Stays }
        });
        return None;
    };
    let winner = deleting().filter(|claim| claim.rank == rank).min_by_key(|claim| claim.end)?;
    for claim in deleting() {
        reasons.add(|| {
            let (rule, effect) = if std::ptr::eq(claim, winner) {
                (Rule::Delete, Effect::Deletes(claim.span))
            } else {
                (Rule::Overruled, Effect::DeletesLess { span: claim.span, by: winner.by() })
            };
            Reason { rule, source: claim.source, name: Arc::clone(claim.name), effect }
        });
    }
    Some(winner)
}

/// Adds the reason for a deletion that waits for a longer retention, if it does.
pub(in crate::retention) fn suspension(deletion: &Claim, retention: &Claim, reasons: &mut Reasons) {
    let Some(delete_at) = deletion.end.at().filter(|&at| retention.end > RetainUntil::At(at)) else { return };
    reasons.add(|| Reason {
        rule: Rule::Suspend,
        source: deletion.source,
        name: Arc::clone(deletion.name),
        effect: Effect::Waits { delete_at, until: retention.end, by: retention.by() },
    });
}
