//! Times as seconds or milliseconds since 1970 in UTC.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde_json::Value;

/// Numbers below it count seconds since 1970 (until the year 5138), those above milliseconds (since 1973).
const FIRST_MILLISECONDS: u64 = 100_000_000_000;
/// The last millisecond of the year 9999.
const LAST: i64 = 253_402_300_799_999;

/// The time of a number of seconds or milliseconds; `None` for 0 and for what is outside of the years 1970 to 9999.
pub(in crate::connector) fn time(number: u64) -> Option<DateTime<FixedOffset>> {
    let milliseconds = if number < FIRST_MILLISECONDS { number.checked_mul(1000)? } else { number };
    let milliseconds = i64::try_from(milliseconds).ok().filter(|time| (1..=LAST).contains(time))?;
    DateTime::from_timestamp_millis(milliseconds).map(|time| time.fixed_offset())
}

/// The same of a number, or a text of digits, that may have a fraction: to the microsecond.
pub(in crate::connector) fn time_of(value: &Value) -> Option<DateTime<FixedOffset>> {
    match value {
        Value::Number(number) => number.as_u64().map_or_else(|| fraction(number.as_f64()?), time),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
            text.parse().map_or_else(|_| fraction(text.parse().ok()?), time)
        }
        _ => None,
    }
}

fn fraction(number: f64) -> Option<DateTime<FixedOffset>> {
    let micros = if number < FIRST_MILLISECONDS as f64 { number * 1e6 } else { number * 1e3 };
    // Whole microseconds are not exact in this type so far from 1970, but the nearest is the same everywhere.
    if !(1.0..LAST as f64 * 1e3).contains(&micros) {
        return None;
    }
    DateTime::from_timestamp_micros(micros.round() as i64).map(|time| time.fixed_offset())
}

/// A time for people: `2024-01-02T03:04:05Z`.
pub(in crate::connector) fn time_text(time: DateTime<FixedOffset>) -> String {
    time.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn seconds_and_milliseconds() {
        for (number, expected) in [
            (0, None),
            (1, Some("1970-01-01T00:00:01Z")),
            (1_700_000_000, Some("2023-11-14T22:13:20Z")),
            (1_700_000_000_123, Some("2023-11-14T22:13:20.123Z")),
            (253_402_300_800_000, None),
            (u64::MAX, None),
        ] {
            assert_eq!(time(number).map(time_text).as_deref(), expected, "{number}");
        }
    }

    #[test]
    fn numbers_and_digits_are_times() {
        for (value, expected) in [
            (json!("1697043223"), "2023-10-11T16:53:43Z"),
            (json!(1_697_043_223), "2023-10-11T16:53:43Z"),
            (json!(1_463_926_635.571_629), "2016-05-22T14:17:15.571629Z"),
            (json!("1463926635.5"), "2016-05-22T14:17:15.500Z"),
            (json!(1_463_926_635_571_u64), "2016-05-22T14:17:15.571Z"),
            (json!("1463926635571"), "2016-05-22T14:17:15.571Z"),
        ] {
            assert_eq!(time_text(time_of(&value).unwrap()), expected);
        }
        for value in [
            json!(""),
            json!("x"),
            json!(null),
            json!(0),
            json!(-5),
            json!(1e300),
            json!(u64::MAX),
            json!("99999999999999999999"),
            json!("nan"),
            json!("-1"),
            json!("."),
        ] {
            assert_eq!(time_of(&value), None, "{value}");
        }
    }
}
