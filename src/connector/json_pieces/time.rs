//! Times as seconds or milliseconds since 1970 in UTC.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde_json::Value;

/// Greater numbers are milliseconds: as seconds they would be after the year 2286.
const MAX_SECONDS: f64 = 9_999_999_999.0;

/// The time that a number, or a text of digits, stands for, to the microsecond.
pub(in crate::connector) fn time_of(value: &Value) -> Option<DateTime<FixedOffset>> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => text.parse().ok()?,
        _ => return None,
    };
    let micros = if number > MAX_SECONDS { number * 1e3 } else { number * 1e6 };
    // Within the years that `DateTime` knows, whole microseconds are exact in neither type, but the nearest is the same
    // everywhere. Zero and below stand for "unknown" wherever this is used.
    if !(micros >= 1.0 && micros < 2.6e17) {
        return None;
    }
    DateTime::<Utc>::from_timestamp_micros(micros.round() as i64).map(|time| time.fixed_offset())
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
    fn numbers_and_digits_are_times() {
        for (value, expected) in [
            (json!("1697043223"), "2023-10-11T16:53:43Z"),
            (json!(1_697_043_223), "2023-10-11T16:53:43Z"),
            (json!(1_463_926_635.571_629), "2016-05-22T14:17:15.571629Z"),
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
            json!("nan"),
            json!("-1"),
            json!("."),
        ] {
            assert_eq!(time_of(&value), None, "{value}");
        }
    }
}
