//! When a connector runs.

use std::fmt;

use chrono::{Days, Duration, NaiveTime};
use serde::{Deserialize, Serialize};

use super::{TimeZone, UtcTime};

/// When a connector runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Schedule {
    /// So many hours after it last began, from 1 to 8,760.
    Every {
        /// Hours.
        hours: u32,
    },
    /// Once a day, by the clocks of the archive's time zone.
    Daily {
        /// From 0 to 23.
        hour: u32,
        /// From 0 to 59.
        minute: u32,
    },
}

/// Longest distance of two runs, in hours: one year.
const MOST_HOURS: u32 = 24 * 365;

impl Default for Schedule {
    fn default() -> Self {
        Self::Every { hours: 24 }
    }
}

impl Schedule {
    /// Every so many hours.
    ///
    /// # Errors
    /// 0 hours, or more than a year: a text for people.
    pub fn every(hours: u32) -> Result<Self, String> {
        match hours {
            1..=MOST_HOURS => Ok(Self::Every { hours }),
            _ => Err(format!("a connector runs every 1 to {MOST_HOURS} hours, not every {hours}")),
        }
    }

    /// Once a day at `HH:MM`.
    ///
    /// # Errors
    /// The text is no time of day: a text for people.
    pub fn daily(text: &str) -> Result<Self, String> {
        let two = |part: &str| match part.as_bytes() {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0')),
            _ => None,
        };
        let parts = text.split_once(':').and_then(|(hour, minute)| Some((two(hour)?, two(minute)?)));
        match parts {
            Some((hour @ 0..=23, minute @ 0..=59)) => Ok(Self::Daily { hour, minute }),
            _ => Err(format!("`{text}` is no time of day; write hours and minutes, such as 02:30")),
        }
    }

    /// When the run after one that began at `last` is due.
    pub fn next_after(self, last: UtcTime, zone: &TimeZone) -> UtcTime {
        match self {
            Self::Every { hours } => UtcTime(last.0.saturating_add(i64::from(hours) * 3_600_000)),
            Self::Daily { hour, minute } => {
                let local = zone.local(last);
                let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
                let days = (0..3).filter_map(|days| local.date_naive().checked_add_days(Days::new(days)));
                let due = days.filter_map(|day| instant(day.and_time(time), zone)).find(|due| *due > last);
                due.unwrap_or(UtcTime(last.0.saturating_add(24 * 3_600_000)))
            }
        }
    }
}

/// The earliest instant at which the clocks show `local`; where they skip it, the first quarter of an hour after it.
fn instant(local: chrono::NaiveDateTime, zone: &TimeZone) -> Option<UtcTime> {
    let mut later = (0..=8).filter_map(|quarters| local.checked_add_signed(Duration::minutes(15 * quarters)));
    let due = later.find_map(|local| zone.instants(local).earliest())?;
    Some(UtcTime(due.timestamp_millis()))
}

impl fmt::Display for Schedule {
    /// For people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every { hours: 1 } => f.write_str("every hour"),
            Self::Every { hours } => write!(f, "every {hours} hours"),
            Self::Daily { hour, minute } => write!(f, "daily at {hour:02}:{minute:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_run_follows_the_clocks_of_the_zone() {
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        for (schedule, last, next) in [
            ("24", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"),
            ("02:30", "2026-01-15T00:00:00Z", "2026-01-15T01:30:00Z"),
            ("02:30", "2026-01-15T01:30:00Z", "2026-01-16T01:30:00Z"),
            ("02:30", "2026-01-15T23:59:00Z", "2026-01-16T01:30:00Z"),
            // On 29 March 2026 the clocks go from 02:00 to 03:00.
            ("02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
            // On 25 October 2026 they show 02:30 twice.
            ("02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
            ("02:30", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
        ] {
            let schedule = match schedule.parse() {
                Ok(hours) => Schedule::every(hours).unwrap(),
                Err(_) => Schedule::daily(schedule).unwrap(),
            };
            let after = schedule.next_after(UtcTime::parse(last).unwrap(), &berlin);
            assert_eq!(after.to_string(), next, "{schedule} after {last}");
        }
    }

    #[test]
    fn a_time_beyond_the_calendar_is_no_panic() {
        for last in [i64::MIN, i64::MAX] {
            for schedule in [Schedule::default(), Schedule::daily("23:59").unwrap()] {
                schedule.next_after(UtcTime(last), &TimeZone::UTC);
            }
        }
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for text in ["", "2:30", "24:00", "12:60", "ab:cd", "0230", "12:0", "+1:+2"] {
            assert!(Schedule::daily(text).is_err(), "{text}");
        }
        assert!(Schedule::every(0).is_err() && Schedule::every(u32::MAX).is_err());
    }
}
