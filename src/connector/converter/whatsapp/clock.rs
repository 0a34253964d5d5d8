//! Local times as instants.

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// Minutes between two guesses of what was meant by a local time that was skipped.
const STEP: i64 = 15;

/// Turns the local times of a file, in its order, into instants.
#[derive(Debug)]
pub(super) struct LocalClock {
    zone: Tz,
    /// The latest of the local times that occur twice, while they go on, and whether they have begun again.
    twice: Option<(NaiveDateTime, bool)>,
}

impl LocalClock {
    /// A clock in `zone`.
    pub(super) fn new(zone: Tz) -> Self {
        Self { zone, twice: None }
    }

    /// The instant of a local time. Where clocks were set forward over it, they are taken to have been late; where they
    /// were set back, it is the earlier instant until the times of the file go back too, by half of that
    /// at least. `None` beyond the calendar.
    pub(super) fn instant(&mut self, local: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        let found = match self.zone.from_local_datetime(&local) {
            MappedLocalTime::Single(instant) => {
                self.twice = None;
                instant
            }
            MappedLocalTime::Ambiguous(earlier, later) => {
                let near = |(latest, _): &(NaiveDateTime, bool)| (local - *latest).abs() < TimeDelta::hours(3);
                let before = self.twice.filter(near);
                // A line that is late by minutes does not begin the hour again; half of what is repeated does.
                let goes_back = (later - earlier) / 2;
                let again = before.is_some_and(|(latest, again)| again || latest - local >= goes_back);
                let latest =
                    before.filter(|(_, before)| *before == again).map_or(local, |(latest, _)| latest.max(local));
                self.twice = Some((latest, again));
                if again { later } else { earlier }
            }
            MappedLocalTime::None => self.skipped(local)?,
        };
        Some(found.fixed_offset())
    }

    fn skipped(&self, local: NaiveDateTime) -> Option<DateTime<Tz>> {
        (1..=24 * 60 / STEP).find_map(|steps| {
            let back = TimeDelta::minutes(steps * STEP);
            let before = self.zone.from_local_datetime(&local.checked_sub_signed(back)?).latest()?;
            before.checked_add_signed(back)
        })
    }
}
