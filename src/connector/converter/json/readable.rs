//! JSON of a kind that is not known, as text in which its words are found.

use serde_json::Value;

/// Characters of the names of members before a value, so that long names before many values do not multiply.
const MAX_PATH: usize = 200;

/// One line for each text, number and truth value: `names of the members, joined by points: value`. Empty texts, nulls
/// and places in lists are left out.
pub(in crate::connector) fn readable(value: &Value) -> String {
    let mut lines = Vec::new();
    collect("", value, &mut lines);
    lines.join("\n")
}

/// The parser has bounded the depth.
fn collect(path: &str, value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => lines.push(line(path, text)),
        Value::Bool(_) | Value::Number(_) => lines.push(line(path, &value.to_string())),
        Value::Array(values) => values.iter().for_each(|value| collect(path, value, lines)),
        Value::Object(members) => {
            for (name, value) in members {
                let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let end = inner.char_indices().nth(MAX_PATH).map_or(inner.len(), |(at, _)| at);
                collect(inner.get(..end).unwrap_or_default(), value, lines);
            }
        }
    }
}

fn line(path: &str, text: &str) -> String {
    if path.is_empty() { text.to_owned() } else { format!("{path}: {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_are_there() {
        let value = serde_json::json!({"b": [{"c": "x"}, "y", null, ""], "a": {"d": {"e": true}}, "n": 12});
        assert_eq!(readable(&value), "a.d.e: true\nb.c: x\nb: y\nn: 12");
        assert_eq!(readable(&Value::Null), "");
    }
}
