//! Fields of JSON objects whose types cannot be relied upon.

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

/// A member that is a string; empty if it is none.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A member that is a whole number, or a string of one.
pub(super) fn number(object: &Value, name: &str) -> Option<u64> {
    match object.get(name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A member as people write it: a string or number as it is, anything else as JSON; empty if it is missing or null.
pub(super) fn shown(object: &Value, name: &str) -> String {
    object.get(name).map(plain).unwrap_or_default()
}

/// A value as people write it; null is empty.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The elements of a member that is an array.
pub(super) fn items<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// All strings in a value that are not blank, in the order of their names, but for the members named `without`.
pub(super) fn strings(value: &Value, without: &[&str]) -> Vec<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(|value| strings(value, without)).collect(),
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().filter(|(name, _)| !without.contains(&name.as_str())).collect();
            sorted.sort_by_key(|(name, _)| *name);
            sorted.into_iter().flat_map(|(_, value)| strings(value, without)).collect()
        }
        _ => Vec::new(),
    }
}

/// Numbers below it count seconds since 1970 (until the year 5138), those above milliseconds (since 1973).
const FIRST_MILLISECONDS: u64 = 100_000_000_000;

/// The time of a number of seconds or milliseconds; `None` for 0 and for what is outside of the years 1970 to 9999.
pub(super) fn time(number: u64) -> Option<DateTime<FixedOffset>> {
    let milliseconds = if number < FIRST_MILLISECONDS { number.checked_mul(1000)? } else { number };
    let last = 253_402_300_799_999;
    let milliseconds = i64::try_from(milliseconds).ok().filter(|time| (1..=last).contains(time))?;
    DateTime::from_timestamp_millis(milliseconds).map(|time| time.fixed_offset())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_any_type() {
        let object = json!({"a": "x", "b": 18_446_744_073_709_551_615_u64, "c": " 7 ", "d": null, "e": [1], "f": -1});
        assert_eq!((text(&object, "a"), text(&object, "b"), text(&object, "z")), ("x", "", ""));
        assert_eq!((number(&object, "b"), number(&object, "c"), number(&object, "f")), (Some(u64::MAX), Some(7), None));
        assert_eq!(
            [shown(&object, "b"), shown(&object, "d"), shown(&object, "e")],
            ["18446744073709551615", "", "[1]"]
        );
        assert_eq!(strings(&json!({"b": ["2", {"c": "3"}], "a": "1", "x": "no", "z": " "}), &["x"]), ["1", "2", "3"]);
    }

    #[test]
    fn seconds_and_milliseconds() {
        for (number, expected) in [
            (0, None),
            (1, Some("1970-01-01T00:00:01+00:00")),
            (1_700_000_000, Some("2023-11-14T22:13:20+00:00")),
            (1_700_000_000_123, Some("2023-11-14T22:13:20.123+00:00")),
            (253_402_300_800_000, None),
            (u64::MAX, None),
        ] {
            assert_eq!(time(number).map(|time| time.to_rfc3339()).as_deref(), expected, "{number}");
        }
    }
}
