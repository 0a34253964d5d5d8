//! What a query means depends on.

use chrono::Weekday;

use crate::model::UtcTime;

/// How a text is read that the vendor documentation says is silently reinterpreted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// It is refused. The only mode for holds and rules.
    #[default]
    Strict,
    /// It is read as documented, with a warning that names the reading. For typing in a search box.
    Lenient,
}

impl Mode {
    /// `strict` or `lenient`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Lenient => "lenient",
        }
    }
}

/// The first day of a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeekStart {
    /// As ISO 8601 has it.
    #[default]
    Monday,
    /// As in the United States.
    Sunday,
}

impl From<WeekStart> for Weekday {
    fn from(start: WeekStart) -> Self {
        match start {
            WeekStart::Monday => Self::Mon,
            WeekStart::Sunday => Self::Sun,
        }
    }
}

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
    /// Whether items can be asked for their folder, custodian and label; not in holds and retention rules, for which
    /// items they are about would change behind them.
    pub allow_item_properties: bool,
    /// What happens to texts that may be read in an unexpected way.
    pub mode: Mode,
}

impl Context {
    /// For a content search: strict, weeks start on Monday, relative dates are allowed.
    pub fn search(now: UtcTime) -> Self {
        Self {
            now,
            week_start: Weekday::Mon,
            allow_relative_dates: true,
            allow_item_properties: true,
            mode: Mode::Strict,
        }
    }

    /// The same, in lenient mode.
    pub fn lenient(now: UtcTime) -> Self {
        Self { mode: Mode::Lenient, ..Self::search(now) }
    }

    /// For holds and rules: relative dates and properties of items are refused.
    pub fn rule(now: UtcTime) -> Self {
        Self { allow_relative_dates: false, allow_item_properties: false, ..Self::search(now) }
    }
}
