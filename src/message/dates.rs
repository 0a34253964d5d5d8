//! Dates of header fields (RFC 5322 3.3, obsolete forms 4.3).

use chrono::NaiveDate;

use crate::model::UtcTime;

/// A date, and whether it named its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeaderDate {
    /// The instant; UTC was assumed if no zone is named.
    pub(super) time: UtcTime,
    /// Whether a zone is named.
    pub(super) has_zone: bool,
}

/// Reads `Mon, 03 Jan 2022 10:00:00 +0100 (comment)`, its obsolete forms and the order of `asctime`.
pub(super) fn parse(text: &str) -> Option<HeaderDate> {
    let mut words = Vec::with_capacity(10);
    let (mut depth, mut start) = (0_usize, None);
    for (at, byte) in text.bytes().take(512).enumerate() {
        let separates = depth > 0 || byte.is_ascii_whitespace() || matches!(byte, b',' | b'(' | b')');
        match (start, separates) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                words.extend(text.get(from..at));
                start = None;
            }
            _ => {}
        }
        depth = match byte {
            b'(' => depth + 1,
            b')' => depth.saturating_sub(1),
            _ => depth,
        };
    }
    words.extend(start.and_then(|from| text.get(from..)).map(|rest| rest.get(..512).unwrap_or(rest)));
    read(&words)
}

#[derive(Default)]
struct Pieces {
    day: Option<u32>,
    month: Option<u32>,
    year: Option<i32>,
    seconds: Option<i64>,
    offset: Option<i64>,
}

fn read(words: &[&str]) -> Option<HeaderDate> {
    let mut pieces = Pieces::default();
    for word in words {
        if word.contains(':') && pieces.seconds.is_none() {
            let (clock, zone) = split_zone(word);
            pieces.seconds = Some(clock_seconds(clock)?);
            pieces.offset = zone.and_then(numeric_offset);
        } else if let Some(month) = month(word) {
            pieces.month = pieces.month.or(Some(month));
        } else if pieces.seconds.is_some() && pieces.offset.is_none() && zone(word).is_some() {
            pieces.offset = zone(word);
        } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
            if pieces.day.is_none() && word.len() <= 2 {
                pieces.day = word.parse().ok();
            } else if pieces.year.is_none() {
                pieces.year = year(word);
            }
        } else if pieces.day.is_none() && word.contains('-') {
            let (day, rest) = word.split_once('-')?;
            let (name, number) = rest.split_once('-')?;
            (pieces.day, pieces.month, pieces.year) = (day.parse().ok(), month(name), year(number));
        }
    }
    let date = NaiveDate::from_ymd_opt(pieces.year?, pieces.month?, pieces.day?)?;
    let seconds = date.and_hms_opt(0, 0, 0)?.and_utc().timestamp() + pieces.seconds? - pieces.offset.unwrap_or(0);
    Some(HeaderDate { time: UtcTime::from_seconds(seconds), has_zone: pieces.offset.is_some() })
}

/// A time with the zone attached, as some senders write it: `10:00:00+0100`.
fn split_zone(word: &str) -> (&str, Option<&str>) {
    match word.find(['+', '-']) {
        Some(at) => (word.get(..at).unwrap_or(word), word.get(at..)),
        None => (word, None),
    }
}

/// A second of 60 is a leap second and counted as the next one.
fn clock_seconds(clock: &str) -> Option<i64> {
    let mut parts = clock.split([':', '.']);
    let mut next = |limit: i64| match parts.next() {
        None => Some(0),
        Some(text) if text.len() <= 2 => text.parse().ok().filter(|value| (0..=limit).contains(value)),
        Some(_) => None,
    };
    Some(next(23)? * 3600 + next(59)? * 60 + next(60)?)
}

/// RFC 5322 4.3: two digits below 50 are of this century; three digits count from 1900.
fn year(word: &str) -> Option<i32> {
    let value: i32 = word.parse().ok()?;
    match (word.len(), value) {
        (2, 0..=49) => Some(value + 2000),
        (2 | 3, _) => Some(value + 1900),
        (4, 1900..) => Some(value),
        _ => None,
    }
}

fn month(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = word.get(..3).filter(|_| word.bytes().all(|byte| byte.is_ascii_alphabetic()))?;
    NAMES.iter().zip(1..).find(|(name, _)| name.eq_ignore_ascii_case(start)).map(|(_, number)| number)
}

/// Seconds east of UTC.
fn zone(word: &str) -> Option<i64> {
    if word.starts_with(['+', '-']) {
        return numeric_offset(word);
    }
    if !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    // RFC 5322 4.3: the names of North America have meaning, all others mean that the zone is unknown.
    let hours = match word.to_ascii_uppercase().as_str() {
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "MON" | "TUE" | "WED" | "THU" | "FRI" | "SAT" | "SUN" => return None,
        _ => 0,
    };
    Some(hours * 3600)
}

fn numeric_offset(word: &str) -> Option<i64> {
    let sign = if word.starts_with('-') { -1 } else { 1 };
    let digits: String = word.get(1..)?.chars().filter(|c| *c != ':').collect();
    let value: i64 = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (hours, minutes) = match digits.len() {
        1 | 2 => (value, 0),
        3 | 4 => (value / 100, value % 100),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_and_obsolete_forms() {
        for (text, expected, has_zone) in [
            ("Mon, 03 Jan 2022 10:00:00 +0100", "2022-01-03T09:00:00Z", true),
            (" 3 Jan 2022 10:00 -0530 (comment (nested))\r\n", "2022-01-03T15:30:00Z", true),
            ("Mon,3 Jan 22 10:00:00 EST", "2022-01-03T15:00:00Z", true),
            ("3 Jan 99 10:00:00 GMT", "1999-01-03T10:00:00Z", true),
            ("3 Jan 102 10:00:00 Z", "2002-01-03T10:00:00Z", true),
            ("Tue Jan  4 10:00:00 2022", "2022-01-04T10:00:00Z", false),
            ("Tue Jan  4 10:00:00 PST 2022", "2022-01-04T18:00:00Z", true),
            ("Tue, 04-Jan-2022 10:00:00 UT", "2022-01-04T10:00:00Z", true),
            ("Tuesday, 4 January 2022 10:00:00+02:00", "2022-01-04T08:00:00Z", true),
            ("4 Jan 2022 23:59:60 +0000", "2022-01-05T00:00:00Z", true),
            ("29 Feb 2024 00:00:00 XYZ", "2024-02-29T00:00:00Z", true),
            ("4 (day) Jan (month) 2022 10:00:00 -0000", "2022-01-04T10:00:00Z", true),
        ] {
            let date = parse(text).expect(text);
            assert_eq!((date.time.to_string().as_str(), date.has_zone), (expected, has_zone), "{text}");
        }
    }

    #[test]
    fn no_date_is_made_up() {
        for text in [
            "",
            "yesterday",
            "30 Feb 2024 10:00:00 +0000",
            "4 Jan 2022",
            "4 Jan 2022 25:00:00 +0000",
            "10:00",
            "4 Jan 0001 10:00:00 Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
