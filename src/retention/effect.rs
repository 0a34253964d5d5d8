//! What a rule does to an item.

use std::sync::Arc;

use serde::Serialize;

use crate::model::{RetentionPeriod, UtcTime};

use super::{RetainUntil, Source};

/// What a period is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanStart {
    /// The item's creation.
    Creation(UtcTime),
    /// Its last modification.
    Modification(UtcTime),
    /// The labelling.
    Labelling(UtcTime),
    /// An event; `None` if it is not recorded yet.
    Event(Option<UtcTime>),
    /// The end of the label before; `None` if it has no known end yet.
    Succession(Option<UtcTime>),
}

impl SpanStart {
    /// The instant, if it is known.
    pub fn at(self) -> Option<UtcTime> {
        match self {
            Self::Creation(at) | Self::Modification(at) | Self::Labelling(at) => Some(at),
            Self::Event(at) | Self::Succession(at) => at,
        }
    }
}

/// A period in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The period.
    pub period: RetentionPeriod,
    /// What it is counted from.
    pub start: SpanStart,
    /// How reviewers extended it.
    pub extension: Option<Extension>,
}

/// How reviewers extended a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extension {
    /// By a period, counted from the end.
    By(RetentionPeriod),
    /// Until an instant, unless it ends later anyway.
    Until(UtcTime),
}

impl Span {
    /// When it ends.
    pub fn end(&self) -> RetainUntil {
        let Some(start) = self.start.at() else { return RetainUntil::Event };
        let end = self.period.end(start).and_then(|end| match self.extension {
            Some(Extension::By(period)) => period.end(end),
            Some(Extension::Until(until)) => Some(end.max(until)),
            None => Some(end),
        });
        end.map_or(RetainUntil::Forever, RetainUntil::At)
    }
}

/// When a hold ends for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldEnd {
    /// Not before it is released.
    Open,
    /// With the delay after its release.
    Delay {
        /// When it was released.
        released_at: UtcTime,
        /// When the delay ends.
        until: UtcTime,
    },
    /// When its duration, counted from the item's creation, has run; without delay.
    Duration {
        /// The duration.
        span: Span,
        /// When it has run.
        until: UtcTime,
    },
}

/// Why a hold covers an item that its query is not known to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldDoubt {
    /// Not all of the item can be searched.
    PartiallyIndexed,
    /// The query was not evaluated on it, or cannot be read.
    Unevaluated,
}

/// What a rule does to the item. `Display` puts it into words that can be read out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Retains it.
    Retains(Span),
    /// Deletes it.
    Deletes(Span),
    /// Would retain it, but the retention of another rule is longer or as long.
    RetainsLess {
        /// What it would do.
        span: Span,
        /// The rule that retains longer.
        by: (Source, Arc<str>),
    },
    /// Would delete it, but the deletion of another rule decides.
    DeletesLess {
        /// What it would do.
        span: Span,
        /// The rule that decides.
        by: (Source, Arc<str>),
    },
    /// Would delete it, if it was known to cover it.
    DeletesInDoubt(Span),
    /// The deletion waits for the retention of another rule.
    Waits {
        /// When it would take place.
        delete_at: UtcTime,
        /// Until when it waits.
        until: RetainUntil,
        /// The rule that retains.
        by: (Source, Arc<str>),
    },
    /// Was released, and retains it for the delay.
    Released {
        /// When it was released.
        at: UtcTime,
        /// When the delay ends.
        until: UtcTime,
    },
    /// Was released, which gives no delay, since it only deleted.
    DeletionReleased {
        /// When it was released.
        at: UtcTime,
    },
    /// Holds it.
    Holds {
        /// When the hold was placed.
        from: UtcTime,
        /// When it ends.
        end: HoldEnd,
        /// Why it covers the item although its query is not known to find it.
        doubt: Option<HoldDoubt>,
    },
    /// Does not hold it yet.
    HoldsLater {
        /// When the hold is placed.
        from: UtcTime,
    },
    /// Its disposition waits for reviewers.
    AwaitsReview {
        /// From when.
        since: UtcTime,
    },
    /// Its disposition was approved.
    Approved {
        /// When.
        at: UtcTime,
    },
    /// The event was recorded when the period from it had ended already.
    RecordedLate {
        /// When the event happened.
        event: UtcTime,
        /// When it was recorded.
        recorded_at: UtcTime,
    },
    /// It has not been in the archive for long enough.
    Resides {
        /// When it was captured.
        captured: UtcTime,
        /// The minimum residence.
        days: u32,
        /// When that ends.
        until: UtcTime,
    },
    /// Is taken to concern it, for its query cannot be read.
    Unread {
        /// Why not.
        why: Arc<str>,
    },
    /// Would have its disposition reviewed, if it concerns it.
    MayAskReview,
    /// Nothing deletes it.
    Stays,
}

impl Serialize for Effect {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
