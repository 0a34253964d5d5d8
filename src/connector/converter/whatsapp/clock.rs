//! Local times as instants.

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, TimeDelta};

use crate::model::{TimeZone, UtcTime};

/// Minutes between two guesses of what was meant by a local time that was skipped.
const STEP: i64 = 15;

/// Turns the local times of a file, in its order, into instants.
#[derive(Debug)]
pub(super) struct LocalClock {
    zone: TimeZone,
    /// The latest of the local times that occur twice, while they go on, and whether they have begun again.
    twice: Option<(NaiveDateTime, bool)>,
}

impl LocalClock {
    /// A clock in `zone`.
    pub(super) fn new(zone: TimeZone) -> Self {
        Self { zone, twice: None }
    }

    /// The instant of a local time. Where clocks were set forward over it, they are taken to have been late; where they
    /// were set back, it is the earlier instant until the times of the file go back too, by half of that
    /// at least. `None` beyond the calendar.
    pub(super) fn instant(&mut self, local: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        match self.zone.instants(local) {
            MappedLocalTime::Single(instant) => {
                self.twice = None;
                Some(instant)
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
                Some(if again { later } else { earlier })
            }
            MappedLocalTime::None => self.skipped(local),
        }
    }

    fn skipped(&self, local: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        (1..=24 * 60 / STEP).find_map(|steps| {
            let back = TimeDelta::minutes(steps * STEP);
            let before = self.zone.instants(local.checked_sub_signed(back)?).latest()?;
            let instant = before.checked_add_signed(back)?;
            Some(self.zone.local(UtcTime(instant.timestamp_millis())))
        })
    }
}
