//! Where in a file each minute ends: messages of one minute may stand apart, where one of them came late.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::clock::LocalClock;
use super::stamp::{Stamp, WrittenDate};
use crate::model::TimeZone;

/// The minutes of a file as they are written, in its order, each with the number of its last header, from 1.
#[derive(Debug, Default)]
pub(super) struct WrittenMinutes(Vec<(WrittenDate, u16, u16, u64)>);

impl WrittenMinutes {
    /// The header of this number has this stamp.
    pub(super) fn add(&mut self, stamp: &Stamp, header_no: u64) {
        let (date, hour, minute) = (stamp.date, stamp.time.hour, stamp.time.minute);
        match self.0.last_mut() {
            Some((last_date, last_hour, last_minute, last))
                if (*last_date, *last_hour, *last_minute) == (date, hour, minute) =>
            {
                *last = header_no;
            }
            _ => self.0.push((date, hour, minute, header_no)),
        }
    }
}

/// The minutes of a file, whose dates are understood.
#[derive(Debug)]
pub(super) struct Minutes {
    zone: TimeZone,
    /// The number of the last header of each, by minutes since the epoch.
    last: HashMap<i64, u64>,
}

impl Minutes {
    /// The minutes of a file in `zone`; `day` understands its dates.
    pub(super) fn new(
        written: WrittenMinutes,
        zone: TimeZone,
        day: impl Fn(&WrittenDate) -> Option<NaiveDate>,
    ) -> Self {
        let mut last = HashMap::new();
        for (date, hour, minute, header_no) in written.0 {
            let local = day(&date).and_then(|day| day.and_hms_opt(hour.into(), minute.into(), 0));
            if let Some(minute) = local.and_then(|local| minute_of(local, &zone)) {
                last.insert(minute, header_no);
            }
        }
        Self { zone, last }
    }

    /// The number of the last header in the minute of a local time; `header_no` is that of one in it.
    pub(super) fn until(&self, local: NaiveDateTime, header_no: u64) -> u64 {
        let last = minute_of(local, &self.zone).and_then(|minute| self.last.get(&minute));
        last.map_or(header_no, |last| header_no.max(*last))
    }
}

/// A local time in minutes since the epoch; of a time that occurs twice, the first.
fn minute_of(local: NaiveDateTime, zone: &TimeZone) -> Option<i64> {
    LocalClock::new(zone.clone()).instant(local).map(|instant| instant.timestamp().div_euclid(60))
}
