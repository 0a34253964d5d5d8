//! What a query means depends on.

use chrono::Weekday;

use crate::model::UtcTime;

/// What the meaning of a query depends on beyond its text. Stored with each run, so that it can be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The time from which `today`, `"last month"` and the like are reckoned.
    pub now: UtcTime,
    /// The first day of `"this week"`.
    pub week_start: Weekday,
    /// Whether relative dates are allowed; they are not in holds and retention rules, which must mean the same
    /// tomorrow.
    pub allow_relative_dates: bool,
}

impl Context {
    /// For a content search: weeks start on Monday, relative dates are allowed.
    pub fn search(now: UtcTime) -> Self {
        Self { now, week_start: Weekday::Mon, allow_relative_dates: true }
    }

    /// For holds and rules: relative dates are refused.
    pub fn rule(now: UtcTime) -> Self {
        Self { now, week_start: Weekday::Mon, allow_relative_dates: false }
    }
}
