//! Where a hold stands.

use std::fmt;

use crate::model::{Hold, MailboxNo, Release, UtcTime};
use crate::retention::DELAY_DAYS;

/// Where a hold stands: `draft`, `on`, `query-changed`, `delay`, `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    /// Written down, and holds nothing yet.
    Draft,
    /// Holds.
    On,
    /// Holds; what it covered before it was changed is still in the delay.
    QueryChanged,
    /// Released less than 30 days ago; what it covered is still held.
    Delay,
    /// Holds nothing any longer.
    Off,
}

impl HoldState {
    /// Where `hold` stands at `now`.
    pub fn of(hold: &Hold, now: UtcTime) -> Self {
        match &hold.released {
            _ if hold.on_since.is_none() && hold.released.is_none() => Self::Draft,
            Some(release) if hold.on_since.is_some() && in_delay(release, hold.delay_ended.as_ref(), now) => {
                Self::Delay
            }
            Some(_) => Self::Off,
            None if hold.former.iter().any(|former| in_delay(&former.ended, former.delay_ended.as_ref(), now)) => {
                Self::QueryChanged
            }
            None => Self::On,
        }
    }

    /// Whether it still holds something.
    pub fn holds(self) -> bool {
        matches!(self, Self::On | Self::QueryChanged | Self::Delay)
    }

    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::On => "on",
            Self::QueryChanged => "query-changed",
            Self::Delay => "delay",
            Self::Off => "off",
        }
    }
}

impl fmt::Display for HoldState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// When the delay after a release ends, or was ended.
pub(in crate::archive) fn delay_until(release: &Release, ended: Option<&Release>) -> UtcTime {
    let delay = i64::from(DELAY_DAYS) * 24 * 3600 * 1000;
    let full = UtcTime(release.at.0.saturating_add(delay));
    ended.map_or(full, |ended| ended.at.max(release.at).min(full))
}

/// Whether the delay after a release is still running at `now`.
pub(in crate::archive) fn in_delay(release: &Release, ended: Option<&Release>, now: UtcTime) -> bool {
    now < delay_until(release, ended)
}

/// Whether `hold` holds something of `mailbox` at `now`, be it what it covered before it was changed.
pub(in crate::archive) fn covers_mailbox(hold: &Hold, mailbox: MailboxNo, now: UtcTime) -> bool {
    let mut former = hold.former.iter().filter(|f| in_delay(&f.ended, f.delay_ended.as_ref(), now));
    let formerly = former.any(|former| former.scope.covers_mailbox(mailbox));
    HoldState::of(hold, now).holds() && (formerly || hold.scope.covers_mailbox(mailbox))
}
