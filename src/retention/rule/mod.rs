//! The rules, one per file: each looks at the subject and adds its reasons.

mod delay;
mod deletion;
mod event;
mod hold;
mod residence;
mod retention;
mod review;
mod unread;

use crate::model::UtcTime;

pub(super) use delay::delays;
pub(super) use deletion::{suspension, winning_deletion};
pub(super) use event::late_events;
pub(super) use hold::holds;
pub(super) use residence::minimum_residence;
pub(super) use retention::longest_retention;
pub(super) use review::{ReviewState, possible_review, review};
pub(super) use unread::unread;

/// Until when something keeps the item; ordered from shortest to longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kept {
    /// It keeps nothing.
    No,
    /// Until this instant, not included.
    Until(UtcTime),
    /// Without known end.
    Open,
}

impl Kept {
    /// Whether it keeps the item at `as_of`.
    pub(super) fn at(self, as_of: UtcTime) -> bool {
        self > Self::Until(as_of)
    }

    /// The instant at which it ends, if it has one.
    pub(super) fn end(self) -> Option<UtcTime> {
        match self {
            Self::Until(end) => Some(end),
            Self::No | Self::Open => None,
        }
    }

    /// Whether it counts in an explanation: it keeps the item at `as_of`, or beyond `due`.
    fn counts(self, as_of: UtcTime, due: Option<UtcTime>) -> bool {
        self.at(as_of) || due.is_some_and(|due| self.at(due))
    }
}
