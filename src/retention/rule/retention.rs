//! Retention: the longest wins.

use crate::retention::claim::Claim;
use crate::retention::{Effect, Reason, Rule};

/// The retention that lasts longest; of equal ones the first, a label before policies.
pub(in crate::retention) fn longest_retention<'a>(claims: &'a [Claim], reasons: &mut Vec<Reason>) -> Option<&'a Claim> {
    let retaining = || claims.iter().filter(|claim| claim.action.retains());
    // Of equal keys `max_by_key` takes the last.
    let winner = retaining().rev().max_by_key(|claim| claim.end)?;
    for claim in retaining() {
        let wins = std::ptr::eq(claim, winner);
        let effect =
            if wins { Effect::Retains(claim.span) } else { Effect::RetainsLess { span: claim.span, by: winner.by() } };
        let rule = if wins { Rule::Retain } else { Rule::Overruled };
        reasons.push(Reason { rule, source: claim.source, name: claim.name.clone(), effect });
    }
    Some(winner)
}
