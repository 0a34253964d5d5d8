//! Fields of JSON objects whose types cannot be relied upon.

use serde_json::Value;

/// A member that is a string; empty if it is none.
pub(in crate::connector) fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A member that is a whole number, or a string of one.
pub(in crate::connector) fn number(object: &Value, name: &str) -> Option<u64> {
    match object.get(name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A member as people write it: a string or number as it is, anything else as JSON; empty if it is missing or null.
pub(in crate::connector) fn shown(object: &Value, name: &str) -> String {
    object.get(name).map(plain).unwrap_or_default()
}

/// A value as people write it; null is empty.
pub(in crate::connector) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The elements of a member that is an array.
pub(in crate::connector) fn items<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// All strings in a value that are not blank, in the order of their names, but for the members named `without`.
pub(in crate::connector) fn strings(value: &Value, without: &[&str]) -> Vec<String> {
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
}
