//! Deletion: the most explicit wins, and of equal ones the shortest.

use crate::retention::claim::Claim;
use crate::retention::{Effect, Reason, RetainUntil, Rule, Source};

/// The deletion that decides; of equal ones the first.
pub(in crate::retention) fn winning_deletion<'a>(claims: &'a [Claim], reasons: &mut Vec<Reason>) -> Option<&'a Claim> {
    let deleting = || claims.iter().filter(|claim| claim.action.deletes());
    let Some(rank) = deleting().map(|claim| claim.rank).max() else {
        let name = "no delete action".into();
        reasons.push(Reason { rule: Rule::NoDeleteAction, source: Source::Guard, name, effect: Effect::Stays });
        return None;
    };
    let winner = deleting().filter(|claim| claim.rank == rank).min_by_key(|claim| claim.end)?;
    for claim in deleting() {
        let wins = std::ptr::eq(claim, winner);
        let effect =
            if wins { Effect::Deletes(claim.span) } else { Effect::DeletesLess { span: claim.span, by: winner.by() } };
        let rule = if wins { Rule::Delete } else { Rule::Overruled };
        reasons.push(Reason { rule, source: claim.source, name: claim.name.clone(), effect });
    }
    Some(winner)
}

/// The reason for a deletion that waits for a longer retention.
pub(in crate::retention) fn suspension(deletion: &Claim, retention: &Claim) -> Option<Reason> {
    let delete_at = deletion.end.at()?;
    (retention.end > RetainUntil::At(delete_at)).then(|| Reason {
        rule: Rule::Suspend,
        source: deletion.source,
        name: deletion.name.clone(),
        effect: Effect::Waits { delete_at, until: retention.end, by: retention.by() },
    })
}
