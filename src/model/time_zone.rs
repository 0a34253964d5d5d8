//! Time zones of the IANA database, as bundled with the program.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, FixedOffset, MappedLocalTime, NaiveDateTime, Timelike as _};
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZoneDatabase};

use super::UtcTime;

/// A time zone of the IANA database, the same on each machine whatever its system knows.
#[derive(Clone, PartialEq, Eq)]
pub struct TimeZone(jiff::tz::TimeZone);

impl TimeZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(jiff::tz::TimeZone::UTC);

    /// The name in the database, such as `Europe/Berlin`.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The instants at which the clocks show `local`: two in an hour that is repeated, the earlier first; none in one that
    /// is left out, and none beyond the years -9999 to 9999.
    pub fn instants(&self, local: NaiveDateTime) -> MappedLocalTime<DateTime<FixedOffset>> {
        let Some(offset) = civil_time(local).map(|local| self.0.to_ambiguous_timestamp(local).offset()) else {
            return MappedLocalTime::None;
        };
        match offset {
            AmbiguousOffset::Unambiguous { offset } => {
                instant(local, offset).map_or(MappedLocalTime::None, MappedLocalTime::Single)
            }
            AmbiguousOffset::Gap { .. } => MappedLocalTime::None,
            AmbiguousOffset::Fold { before, after } => match (instant(local, before), instant(local, after)) {
                (Some(before), Some(after)) => MappedLocalTime::Ambiguous(before, after),
                _ => MappedLocalTime::None,
            },
        }
    }

    /// What the clocks show at an instant; universal time beyond the years -9999 to 9999.
    pub fn local(&self, time: UtcTime) -> DateTime<FixedOffset> {
        let known = jiff::Timestamp::from_millisecond(time.0).ok();
        let offset = known.and_then(|time| fixed(self.0.to_offset(time)));
        offset.map_or_else(|| time.to_chrono().fixed_offset(), |offset| time.to_chrono().with_timezone(&offset))
    }
}

fn civil_time(local: NaiveDateTime) -> Option<civil::DateTime> {
    let small = |part: u32| i8::try_from(part).ok();
    let date = civil::Date::new(i16::try_from(local.year()).ok()?, small(local.month())?, small(local.day())?).ok()?;
    // A leap second is shown at the end of the second before it.
    let nanosecond = i32::try_from(local.nanosecond().min(999_999_999)).ok()?;
    let time =
        civil::Time::new(small(local.hour())?, small(local.minute())?, small(local.second())?, nanosecond).ok()?;
    Some(date.to_datetime(time))
}

fn fixed(offset: Offset) -> Option<FixedOffset> {
    FixedOffset::east_opt(offset.seconds())
}

fn instant(local: NaiveDateTime, offset: Offset) -> Option<DateTime<FixedOffset>> {
    local.and_local_timezone(fixed(offset)?).single()
}

impl Default for TimeZone {
    fn default() -> Self {
        Self::UTC
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TimeZone {
    type Err = String;

    /// By its name, in upper or lower case.
    ///
    /// # Errors
    /// The database has no such name: a text for people.
    fn from_str(name: &str) -> Result<Self, String> {
        let zone = TimeZoneDatabase::bundled().get(name).ok();
        zone.filter(|zone| !zone.is_unknown() && zone.iana_name().is_some())
            .map(Self)
            .ok_or_else(|| format!("unknown time zone `{name}`; write its IANA name, such as Europe/Berlin or UTC"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(zone: &str, local: &str) -> Vec<String> {
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M:%S").unwrap();
        let zone: TimeZone = zone.parse().unwrap();
        match zone.instants(local) {
            MappedLocalTime::Single(instant) => vec![instant.to_rfc3339()],
            MappedLocalTime::Ambiguous(earlier, later) => vec![earlier.to_rfc3339(), later.to_rfc3339()],
            MappedLocalTime::None => Vec::new(),
        }
    }

    #[test]
    fn local_times_are_one_two_or_no_instants() {
        for (zone, local, instants) in [
            ("UTC", "2024-02-29 23:59:59", &["2024-02-29T23:59:59+00:00"][..]),
            ("Europe/Berlin", "2024-01-15 12:00:00", &["2024-01-15T12:00:00+01:00"]),
            ("Europe/Berlin", "2024-03-31 02:30:00", &[]),
            ("Europe/Berlin", "2024-10-27 02:30:00", &["2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00+01:00"]),
            ("Asia/Kathmandu", "2024-01-15 12:00:00", &["2024-01-15T12:00:00+05:45"]),
            ("Australia/Lord_Howe", "2024-04-07 01:45:00", &["2024-04-07T01:45:00+11:00", "2024-04-07T01:45:00+10:30"]),
            // Clocks that are no longer set back, known since 2026.
            ("America/Vancouver", "2026-11-01 01:30:00", &["2026-11-01T01:30:00-07:00"]),
            ("Europe/Berlin", "2050-07-01 12:00:00", &["2050-07-01T12:00:00+02:00"]),
        ] {
            assert_eq!(shown(zone, local), instants, "{zone} {local}");
        }
    }

    #[test]
    fn an_instant_is_one_local_time() {
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        for (time, local) in [
            ("2024-03-31T00:59:59Z", "2024-03-31T01:59:59+01:00"),
            ("2024-03-31T01:00:00Z", "2024-03-31T03:00:00+02:00"),
        ] {
            assert_eq!(berlin.local(UtcTime::parse(time).unwrap()).to_rfc3339(), local);
        }
    }

    #[test]
    fn names_are_those_of_the_database() {
        for name in ["UTC", "Europe/Berlin", "Asia/Calcutta", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "GB"] {
            assert_eq!(name.parse::<TimeZone>().unwrap().name(), name);
        }
        assert_eq!("europe/berlin".parse::<TimeZone>().unwrap().name(), "Europe/Berlin");
        for name in ["", "Mars/Olympus", "Etc/Unknown", "+02:00", "../etc/passwd", "CET+1"] {
            assert!(name.parse::<TimeZone>().is_err(), "{name}");
        }
    }

    #[test]
    fn times_beyond_the_calendar_are_no_panic() {
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        for time in [i64::MIN, i64::MAX] {
            berlin.local(UtcTime(time));
        }
        for local in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            assert_eq!(berlin.instants(local), MappedLocalTime::None);
        }
    }
}
