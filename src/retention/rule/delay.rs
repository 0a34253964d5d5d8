//! The delay after a retention was released.

use crate::model::UtcTime;
use crate::retention::delay::delay_end;
use crate::retention::reasons::Reasons;
use crate::retention::{AppliedPolicy, Effect, Reason, Rule, Source};

use super::Kept;

/// Until when released policies still retain an item that is due at `due`.
///
/// The delay covers everything that the policy covered, even what it no longer retained: nobody
/// can tell before the 30 days are over whether the release was meant. A policy that only deleted
/// leaves no delay.
pub(in crate::retention) fn delays(
    policies: &[AppliedPolicy],
    as_of: UtcTime,
    due: Option<UtcTime>,
    reasons: &mut Reasons,
) -> Kept {
    let mut longest = Kept::No;
    for policy in policies {
        let Some(at) = policy.release_known(as_of) else { continue };
        let (kept, effect) = if policy.action.retains() {
            let until = delay_end(at);
            (Kept::Until(until), Effect::Released { at, until })
        } else {
            (Kept::No, Effect::DeletionReleased { at })
        };
        let rule = if kept.counts(as_of, due) { Rule::Delay } else { Rule::Lapsed };
        reasons.add(|| Reason { rule, source: Source::Policy, name: policy.name.clone(), effect });
        longest = longest.max(kept);
    }
    longest
}
