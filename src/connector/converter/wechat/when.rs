//! Times as exports give them.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveDateTime};
use serde_json::Value;

use crate::connector::converter::json;
use crate::model::{TimeZone, UtcTime};

/// A time as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum When {
    /// A point in time.
    Known(DateTime<FixedOffset>),
    /// The local time of a computer.
    Local {
        /// As it was written.
        text: String,
        /// Without its zone.
        time: NaiveDateTime,
        /// Whether it has no seconds.
        minutes: bool,
    },
    /// None, or one that cannot be read; as it was written.
    Unknown(String),
}

impl When {
    /// Reads seconds or milliseconds since 1970, RFC 3339, or a local date and time.
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim();
        let number = text.parse().ok().or_else(|| text.strip_suffix(".0").and_then(|whole| whole.parse().ok()));
        if let Some(number) = number {
            return json::time(number).map_or_else(|| Self::Unknown(text.to_owned()), Self::Known);
        }
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Self::Known(time);
        }
        local(text).map_or_else(
            || Self::Unknown(text.to_owned()),
            |(time, minutes)| Self::Local { text: text.to_owned(), time, minutes },
        )
    }

    /// The same of a JSON value.
    pub(super) fn read_json(value: Option<&Value>) -> Self {
        Self::read(&value.map(json::plain).unwrap_or_default())
    }

    /// The point in time, where local times are those of `zone`, with facts that say what was assumed.
    pub(super) fn resolve(self, zone: &TimeZone, facts: &mut Vec<(&'static str, Value)>) -> DateTime<FixedOffset> {
        match self {
            Self::Known(time) => time,
            Self::Unknown(text) => {
                facts.push(("/time_unknown", true.into()));
                facts.push(("/sent_local", text.into()));
                DateTime::default()
            }
            Self::Local { text, time, minutes } => {
                facts.push(("/sent_local", text.into()));
                facts.push(("/timezone", zone.name().into()));
                if minutes {
                    facts.push(("/precision", "minute".into()));
                }
                let local = zone.instants(time);
                if local.single().is_none() {
                    facts.push(("/time_ambiguous", true.into()));
                }
                local.earliest().unwrap_or_else(|| in_gap(zone, time))
            }
        }
    }
}

/// A time that clocks passed over, read as if they had not been moved forward yet.
fn in_gap(zone: &TimeZone, time: NaiveDateTime) -> DateTime<FixedOffset> {
    let before = time.checked_sub_signed(Duration::hours(3)).unwrap_or(time);
    let offset = *zone.local(UtcTime(before.and_utc().timestamp_millis())).offset();
    time.and_local_timezone(offset).earliest().unwrap_or_default()
}

/// Year, month, day, hour, minute and perhaps second, with anything between them; whether there is no second.
fn local(text: &str) -> Option<(NaiveDateTime, bool)> {
    let numbers: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse().ok())
        .collect::<Option<_>>()?;
    let (year, rest) = numbers.split_first().filter(|(year, _)| (1900..=9999).contains(*year))?;
    let &[month, day, hour, minute, ref rest @ ..] = rest else { return None };
    let second = rest.first().copied();
    let date = NaiveDate::from_ymd_opt(i32::try_from(*year).ok()?, month, day)?;
    let time = date.and_hms_opt(hour, minute, second.unwrap_or(0))?;
    (rest.len() <= 2 && text.len() <= 40).then_some((time, second.is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, zone: &TimeZone) -> String {
        let mut facts = Vec::new();
        let time = When::read(text).resolve(zone, &mut facts).to_rfc3339();
        facts
            .into_iter()
            .filter(|(name, _)| *name != "/sent_local")
            .fold(time, |all, (name, value)| format!("{all} {name}={value}"))
    }

    #[test]
    fn every_writing_is_read() {
        let zone = "Asia/Shanghai".parse().unwrap();
        for (text, expected) in [
            ("1696118400", "2023-10-01T00:00:00+00:00"),
            ("1696118400.0", "2023-10-01T00:00:00+00:00"),
            ("1696118400123", "2023-10-01T00:00:00.123+00:00"),
            ("2024-10-04T03:42:07.000Z", "2024-10-04T03:42:07+00:00"),
            ("2024/10/4 11:42", "2024-10-04T11:42:00+08:00 /timezone=\"Asia/Shanghai\" /precision=\"minute\""),
            ("2024-10-04 11:42:07", "2024-10-04T11:42:07+08:00 /timezone=\"Asia/Shanghai\""),
            ("2024\u{5e74}1\u{6708}2\u{65e5} 3:04:05", "2024-01-02T03:04:05+08:00 /timezone=\"Asia/Shanghai\""),
            ("", "1970-01-01T00:00:00+00:00 /time_unknown=true"),
            ("0", "1970-01-01T00:00:00+00:00 /time_unknown=true"),
            ("2024-13-01 1:2", "1970-01-01T00:00:00+00:00 /time_unknown=true"),
            ("99999999999999999999", "1970-01-01T00:00:00+00:00 /time_unknown=true"),
            ("yesterday", "1970-01-01T00:00:00+00:00 /time_unknown=true"),
        ] {
            assert_eq!(read(text, &zone), expected, "{text}");
        }
    }

    #[test]
    fn hours_that_occur_twice_or_never() {
        let zone = "Europe/Berlin".parse().unwrap();
        for (text, expected) in
            [("2024-10-27 02:30:00", "2024-10-27T02:30:00+02:00"), ("2024-03-31 02:30:00", "2024-03-31T02:30:00+01:00")]
        {
            let read = read(text, &zone);
            assert!(read.starts_with(expected) && read.ends_with("/time_ambiguous=true"), "{read}");
        }
    }
}
