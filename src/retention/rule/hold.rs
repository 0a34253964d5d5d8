//! Holds: above everything else.

use crate::model::UtcTime;
use crate::retention::delay::delay_end;
use crate::retention::reasons::Reasons;
use crate::retention::{
    AppliedHold, Effect, HoldDoubt, HoldEnd, Reason, RetainUntil, Rule, Source, Span, SpanStart, Subject,
};

use super::Kept;

/// Until when the last hold, with its delay, keeps an item that is due at `due`.
///
/// A hold that does not cover the item gives no reason.
pub(in crate::retention) fn holds(
    subject: &Subject,
    as_of: UtcTime,
    due: Option<UtcTime>,
    reasons: &mut Reasons,
) -> Kept {
    let mut longest = Kept::No;
    for hold in subject.holds.iter().filter(|hold| hold.covers(subject.partially_indexed)) {
        let (kept, rule, effect) = if hold.from > as_of {
            (Kept::No, Rule::HoldLater, Effect::HoldsLater { from: hold.from })
        } else {
            let end = end(hold, subject.times.created, as_of);
            let kept = kept(hold, end);
            let rule = if kept.counts(as_of, due) { Rule::Hold } else { Rule::Lapsed };
            (kept, rule, Effect::Holds { from: hold.from, end, doubt: hold.doubt() })
        };
        reasons.add(|| Reason { rule, source: Source::Hold, name: hold.name.clone(), effect });
        longest = longest.max(kept);
    }
    longest
}

impl AppliedHold {
    /// Why it covers an item that its query is not known to find; `None` if it is.
    fn doubt(&self) -> Option<HoldDoubt> {
        match (self.has_query, self.matches) {
            (true, false) => Some(HoldDoubt::PartiallyIndexed),
            (true, true) if self.unevaluated => Some(HoldDoubt::Unevaluated),
            _ => None,
        }
    }

    /// Whether it keeps an item that was created at `created` at the instant `as_of`.
    pub fn keeps(&self, created: UtcTime, partially_indexed: bool, as_of: UtcTime) -> bool {
        self.covers(partially_indexed) && self.runs(created, as_of)
    }

    /// Whether it is on, or in the delay, at the instant `as_of` for an item that was created at `created`, if it covers
    /// that. Without a duration it is so for all items or for none.
    pub fn runs(&self, created: UtcTime, as_of: UtcTime) -> bool {
        self.from <= as_of && kept(self, end(self, created, as_of)).at(as_of)
    }
}

/// How the hold ends for an item that was created at `created`, as known at `as_of`.
///
/// A duration that has run before the release is no release, and gives no delay.
fn end(hold: &AppliedHold, created: UtcTime, as_of: UtcTime) -> HoldEnd {
    let span = hold.duration.map(|period| Span { period, start: SpanStart::Creation(created), extension: None });
    let lapse = span.and_then(|span| match span.end() {
        RetainUntil::At(until) => Some((span, until)),
        RetainUntil::No | RetainUntil::Event | RetainUntil::Forever => None,
    });
    let released = hold.released_at.filter(|&at| at <= as_of);
    match (lapse, released) {
        (Some((span, until)), released) if released.is_none_or(|at| until <= at) => HoldEnd::Duration { span, until },
        (_, Some(released_at)) => {
            let removed = hold.delay_removed_at.filter(|&at| at <= as_of).map(|at| at.max(released_at));
            let full = delay_end(released_at);
            HoldEnd::Delay { released_at, until: removed.map_or(full, |at| at.min(full)) }
        }
        (_, None) => HoldEnd::Open,
    }
}

fn kept(hold: &AppliedHold, end: HoldEnd) -> Kept {
    match end {
        HoldEnd::Open => Kept::Open,
        HoldEnd::Delay { until, .. } => Kept::Until(until),
        HoldEnd::Duration { until, .. } if until > hold.from => Kept::Until(until),
        // The duration had run for this item before the hold was placed.
        HoldEnd::Duration { .. } => Kept::No,
    }
}
