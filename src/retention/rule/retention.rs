//! Retention: the longest wins.

use std::sync::Arc;

use crate::retention::claim::Claim;
use crate::retention::reasons::Reasons;
use crate::retention::{Effect, Reason, Rule};

/// The retention that lasts longest; of equal ones the first, a label before policies.
pub(in crate::retention) fn longest_retention<'a, 's>(
    claims: &'a [Claim<'s>],
    reasons: &mut Reasons,
) -> Option<&'a Claim<'s>> {
    let retaining = || claims.iter().filter(|claim| claim.action.retains());
    // Of equal keys `max_by_key` takes the last.
    let winner = retaining().rev().max_by_key(|claim| claim.end)?;
    for claim in retaining() {
        reasons.add(|| {
            let (rule, effect) = if std::ptr::eq(claim, winner) {
                (Rule::Retain, Effect::Retains(claim.span))
            } else {
                (Rule::Overruled, Effect::RetainsLess { span: claim.span, by: winner.by() })
            };
            Reason { rule, source: claim.source, name: Arc::clone(claim.name), effect }
        });
    }
    Some(winner)
}
