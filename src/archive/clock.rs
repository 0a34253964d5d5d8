//! What time it is.

use chrono::Utc;

use crate::model::UtcTime;

/// The environment variable that sets the clock in debug builds.
pub const CLOCK_VARIABLE: &str = "CUSTODIA_TEST_CLOCK";

/// The source of captured times, audit times and "now".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// Standing still.
    Fixed(UtcTime),
}

impl Clock {
    /// The machine's clock. A debug build takes the time from `CUSTODIA_TEST_CLOCK` if that is set; a release build never
    /// does, because whoever moves its clock could dispose early.
    pub fn from_environment() -> Self {
        if cfg!(debug_assertions)
            && let Ok(text) = std::env::var(CLOCK_VARIABLE)
            && let Ok(time) = UtcTime::parse(&text)
        {
            return Self::Fixed(time);
        }
        Self::System
    }

    /// The time now.
    pub fn now(self) -> UtcTime {
        match self {
            Self::System => UtcTime::from_chrono(Utc::now()),
            Self::Fixed(time) => time,
        }
    }
}
