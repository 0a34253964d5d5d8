//! The time for second thoughts after a release.

use crate::model::UtcTime;

/// Days for which a released hold still holds and a released retention still retains, so that a
/// release by mistake can be taken back.
pub const DELAY_DAYS: u32 = 30;

const DAY_MILLIS: i64 = 86_400_000;

/// The instant `days` times 24 hours after `start`; saturates at the end of time.
pub(super) fn days_after(start: UtcTime, days: u32) -> UtcTime {
    UtcTime(start.0.saturating_add(i64::from(days) * DAY_MILLIS))
}

/// When the delay after a release at `released_at` ends.
pub fn delay_end(released_at: UtcTime) -> UtcTime {
    days_after(released_at, DELAY_DAYS)
}
