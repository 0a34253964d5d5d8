//! Deletion: the most explicit wins, and of equal ones the shortest.

use std::sync::Arc;

use crate::retention::claim::Claim;
use crate::retention::reasons::Reasons;
use crate::retention::{Effect, Reason, RetainUntil, Rule, Source};

/// The deletion that decides; of equal ones the first.
///
/// A deletion by a policy that may not cover the item deletes nothing. But where it would come before the one that decides
/// without it, and takes place later, it decides: whether the policy covers the item or not, this is the later of the two.
pub(in crate::retention) fn winning_deletion<'a, 's>(
    claims: &'a [Claim<'s>],
    reasons: &mut Reasons,
) -> Option<&'a Claim<'s>> {
    let deleting = || claims.iter().filter(|claim| claim.action.deletes());
    let certain = || deleting().filter(|claim| !claim.doubtful);
    let rank = certain().map(|claim| claim.rank).max();
    let first = certain().filter(|claim| Some(claim.rank) == rank).min_by_key(|claim| claim.end);
    let winner = first.map(|first| {
        let later = deleting().filter(|claim| claim.doubtful && claim.rank > first.rank && claim.end > first.end);
        later.max_by_key(|claim| claim.end).unwrap_or(first)
    });
    if winner.is_none() {
        reasons.add(|| {
            let name = "no delete action".into();
            Reason { rule: Rule::NoDeleteAction, source: Source::Guard, name, effect: Effect::Stays }
        });
    }
    for claim in deleting() {
        reasons.add(|| reason(claim, winner));
    }
    winner
}

fn reason(claim: &Claim, winner: Option<&Claim>) -> Reason {
    let (rule, effect) = match winner {
        Some(winner) if std::ptr::eq(claim, winner) => (Rule::Delete, Effect::Deletes(claim.span)),
        Some(winner) if !claim.doubtful => (Rule::Overruled, Effect::DeletesLess { span: claim.span, by: winner.by() }),
        _ => (Rule::Overruled, Effect::DeletesInDoubt(claim.span)),
    };
    Reason { rule, source: claim.source, name: Arc::clone(claim.name), effect }
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
