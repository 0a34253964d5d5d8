//! What was decided.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::model::UtcTime;

use super::Reason;

/// Where an item stands at the as-of instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A retention, a delay, a review or the minimum residence keeps it, or nothing deletes it.
    Kept,
    /// A hold, or the delay after one, keeps it, whatever else does.
    Held,
    /// Nothing requires it any longer, and a rule deletes it.
    Eligible,
}

impl Outcome {
    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Held => "held",
            Self::Eligible => "eligible",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How long retention lasts; ordered from shortest to longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetainUntil {
    /// Nothing retains.
    No,
    /// Until this instant, not included.
    At(UtcTime),
    /// Until an event that is not recorded yet, and a period after it.
    Event,
    /// Without end.
    Forever,
}

impl RetainUntil {
    /// Whether it lasts as long as `other` from `as_of` on, whatever happens: an event that is not recorded yet may be
    /// one of long ago.
    pub fn surely_reaches(self, other: Self, as_of: UtcTime) -> bool {
        match (self, other) {
            (_, Self::No) | (Self::Forever, _) => true,
            (Self::At(own), Self::At(end)) => own >= end || end <= as_of,
            (_, Self::At(end)) => end <= as_of,
            (_, Self::Event | Self::Forever) => false,
        }
    }

    /// The instant at which it ends; `None` if nothing retains or no end is known.
    pub fn at(self) -> Option<UtcTime> {
        match self {
            Self::At(at) => Some(at),
            Self::No | Self::Event | Self::Forever => None,
        }
    }
}

/// The earliest disposition, as far as known at the as-of instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// No rule deletes the item, or its retention has no end.
    Never,
    /// Not before a hold is released; nobody knows when that will be.
    Held,
    /// Not before reviewers approve it.
    PendingReview {
        /// From when the item waits for them: all periods have ended then.
        since: UtcTime,
    },
    /// From this instant on.
    At(UtcTime),
}

impl Disposition {
    /// Whether this one may come before `other`, as of `as_of`: what is past by then counts as then. Nobody knows how
    /// long a review takes, so that each of a review and an instant may come first.
    pub fn may_precede(self, other: Self, as_of: UtcTime) -> bool {
        let wait = |disposition| match disposition {
            Self::At(at) | Self::PendingReview { since: at } => (0, at.max(as_of)),
            Self::Held => (1, as_of),
            Self::Never => (2, as_of),
        };
        let review_ends = matches!((self, other), (Self::At(_), Self::PendingReview { .. }));
        review_ends || wait(self) < wait(other)
    }
}

impl fmt::Display for Disposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => write!(f, "from {at} on"),
            Self::PendingReview { since } => write!(f, "once it is reviewed, from {since} on"),
            Self::Held => f.write_str("once no hold keeps it"),
            Self::Never => f.write_str("never, as far as is known"),
        }
    }
}

/// The decision over one item, as of one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Where the item stands.
    pub outcome: Outcome,
    /// The first instant after the as-of instant at which every period, delay and hold that keeps
    /// the item has ended. `None` if it is eligible already, if one of them has no known end, or if
    /// the item only waits for a review or is kept because nothing deletes it.
    pub until: Option<UtcTime>,
    /// How long policies and the label retain it; holds and delays do not count here.
    pub retain_until: RetainUntil,
    /// When the deletion that won would take place if nothing kept the item; `None` if none would.
    pub delete_at: Option<UtcTime>,
    /// The name of the policy or label whose deletion won; `None` if nothing deletes the item.
    pub deleted_by: Option<Arc<str>>,
    /// From when it waits for reviewers, whether or not a hold keeps it too; `None` if it does not, or nothing deletes it.
    pub review_since: Option<UtcTime>,
    /// Whether it is held, and could be disposed of if it was not.
    pub due_but_held: bool,
    /// The earliest disposition, everything counted.
    pub earliest: Disposition,
    /// Each rule that was considered, and its effect; empty if the reasons were not asked for.
    pub reasons: Vec<Reason>,
}
