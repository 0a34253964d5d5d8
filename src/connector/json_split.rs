//! Where values begin and end in JSON text, found without reading them: a file of records is taken apart first, so that
//! a damaged record spoils itself only, and each is kept as it stands, with numbers of any length.

use std::ops::Range;

use serde_json::Value;

/// Member names that are looked at when a file is recognised.
const MAX_KEYS: usize = 400;

/// What comes next in a list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// A value.
    Value(Range<usize>),
    /// A value whose end is missing.
    Unfinished(Range<usize>),
    /// There is none.
    End,
}

/// The value of a list that starts at or after byte `at`: of an array behind its `[`, or of values one after the other.
pub(super) fn next_value(json: &[u8], at: usize) -> Next {
    let Some(start) = position(json, at, |byte| !byte.is_ascii_whitespace() && byte != b',') else { return Next::End };
    if json.get(start) == Some(&b']') {
        return Next::End;
    }
    value_end(json, start).map_or(Next::Unfinished(start..json.len()), |end| Next::Value(start..end))
}

/// The value of the first member whose name is one of `names`, of the object at the start of `json`.
pub(super) fn member(json: &[u8], names: &[&str]) -> Option<Range<usize>> {
    let mut at = position(json, 0, |byte| !byte.is_ascii_whitespace())?;
    if json.get(at) != Some(&b'{') {
        return None;
    }
    at += 1;
    loop {
        let name_start = position(json, at, |byte| !byte.is_ascii_whitespace() && byte != b',')?;
        if json.get(name_start) != Some(&b'"') {
            return None;
        }
        let name_end = string_end(json, name_start)?;
        let colon = position(json, name_end, |byte| !byte.is_ascii_whitespace())?;
        if json.get(colon) != Some(&b':') {
            return None;
        }
        let start = position(json, colon + 1, |byte| !byte.is_ascii_whitespace())?;
        let end = value_end(json, start);
        let name = json.get(name_start + 1..name_end - 1)?;
        if names.iter().any(|known| known.as_bytes() == name) {
            return Some(start..end.unwrap_or(json.len()));
        }
        at = end?;
    }
}

/// Names of members in the first object of a text that may be cut, each with the number of objects it is in. Those of
/// nested objects come among those of the outer ones.
pub(super) fn keys(head: &[u8]) -> Vec<(usize, &str)> {
    let (mut found, mut depth, mut at) = (Vec::new(), 0_usize, 0);
    while let Some(&byte) = head.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => break,
            b'}' => depth -= 1,
            b'"' => {
                let Some(end) = string_end(head, at) else { break };
                let colon = position(head, end, |byte| !byte.is_ascii_whitespace());
                if colon.and_then(|colon| head.get(colon)) == Some(&b':') {
                    let name = head.get(at + 1..end - 1).and_then(|name| std::str::from_utf8(name).ok());
                    found.extend(name.map(|name| (depth, name)));
                }
                at = end - 1;
            }
            _ => {}
        }
        if found.len() == MAX_KEYS {
            break;
        }
        at += 1;
    }
    found
}

/// Whether a line is one object from its first to its last character.
pub(super) fn is_whole_object(line: &[u8]) -> bool {
    line.starts_with(b"{") && value_end(line, 0) == Some(line.trim_ascii_end().len())
}

/// A JSON text as it was read.
#[derive(Debug)]
pub(super) struct Parsed {
    /// What it says. Numbers beyond 64 bits are rounded.
    pub(super) value: Value,
    /// The text without blanks between its values: all digits of every number.
    pub(super) text: String,
    /// Whether it holds halves of surrogate pairs, which stand for no character and were replaced by U+FFFD.
    pub(super) mended: bool,
}

/// Reads one value.
///
/// # Errors
/// It is no JSON: a text for people.
pub(super) fn parse(json: &[u8]) -> Result<Parsed, String> {
    let text = std::str::from_utf8(json)
        .map_err(|error| format!("not UTF-8 at byte {}; export it again as UTF-8", error.valid_up_to()))?;
    let parsed = serde_json::from_str(text).map(|value| Parsed { value, text: compact(text), mended: false });
    parsed.or_else(|error| {
        let mended = mend_surrogates(text).ok_or_else(|| not_json(&error))?;
        let value = serde_json::from_str(&mended).map_err(|error| not_json(&error))?;
        Ok(Parsed { value, text: compact(&mended), mended: true })
    })
}

fn not_json(error: &serde_json::Error) -> String {
    format!("not JSON ({error}); if the file was cut or edited, export it again")
}

fn position(json: &[u8], at: usize, test: impl Fn(u8) -> bool) -> Option<usize> {
    let rest = json.get(at..)?;
    rest.iter().position(|&byte| test(byte)).map(|found| at + found)
}

/// The byte after the value that starts at `at`.
fn value_end(json: &[u8], at: usize) -> Option<usize> {
    match json.get(at)? {
        b'"' => string_end(json, at),
        b'{' | b'[' => nested_end(json, at),
        _ => {
            let end = position(json, at + 1, |byte| byte.is_ascii_whitespace() || b",]}{[\"".contains(&byte));
            Some(end.unwrap_or(json.len()))
        }
    }
}

fn nested_end(json: &[u8], start: usize) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, start);
    loop {
        match json.get(at)? {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return Some(at + 1),
            b'}' | b']' => depth -= 1,
            b'"' => at = string_end(json, at)? - 1,
            _ => {}
        }
        at += 1;
    }
}

/// The byte after the string that starts at `start`.
fn string_end(json: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', json.get(at..)?)?;
        if json.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The text without blanks outside of strings.
fn compact(text: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let kept = text.chars().filter(|&c| {
        let keep = in_string || !c.is_ascii_whitespace();
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
        keep
    });
    kept.collect()
}

/// The text with U+FFFD for each half of a surrogate pair that stands alone; `None` if there is none.
fn mend_surrogates(text: &str) -> Option<String> {
    let (mut mended, mut rest, mut changed) = (String::with_capacity(text.len()), text, false);
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let len = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => 0,
            _ => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        if len == 0 {
            mended.push_str("\\ufffd");
            changed = true;
        }
        mended.push_str(escape.get(..len).unwrap_or_default());
        rest = escape.get(if len == 0 { 6 } else { len }..).unwrap_or_default();
    }
    mended.push_str(rest);
    changed.then_some(mended)
}

/// The UTF-16 code unit of an escape at the start of `text`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(json: &str) -> Vec<String> {
        let (mut found, mut at) = (Vec::new(), 0);
        loop {
            match next_value(json.as_bytes(), at) {
                Next::Value(range) => {
                    at = range.end;
                    found.push(json[range].to_owned());
                }
                Next::Unfinished(range) => {
                    found.push(format!("cut: {}", &json[range]));
                    return found;
                }
                Next::End => return found,
            }
        }
    }

    #[test]
    fn lists_are_taken_apart() {
        for (json, expected) in [
            ("", [].as_slice()),
            (r#"{"a":"}\"]"} , [1,{}],2 ]x"#, &[r#"{"a":"}\"]"}"#, "[1,{}]", "2"]),
            ("{}\n{} 3\"x\"", &["{}", "{}", "3", "\"x\""]),
            (r#"{"a":1},{"b":"x"#, &[r#"{"a":1}"#, r#"cut: {"b":"x"#]),
            ("}{]", &["}", "{]"]),
            ("\"\\", &["cut: \"\\"]),
        ] {
            assert_eq!(values(json), expected, "{json}");
        }
    }

    #[test]
    fn members_and_keys() {
        let json = r#" {"errcode" : 0, "note":"\"list\":[", "list": [{"a":{"b":1}}], "list":2}"#;
        assert_eq!(&json[member(json.as_bytes(), &["x", "list"]).unwrap()], r#"[{"a":{"b":1}}]"#);
        assert_eq!(member(json.as_bytes(), &["a"]), None);
        assert_eq!(keys(json.as_bytes()), [(1, "errcode"), (1, "note"), (1, "list"), (2, "a"), (3, "b"), (1, "list")]);
        let cut = r#"{"a":[{"b":"#;
        assert_eq!(member(cut.as_bytes(), &["a"]), Some(5..cut.len()));
        for odd in ["", "[", "{", "{\"a\"", "{\"a\" 1}", "{1:2}", "{\"a\":"] {
            assert_eq!(member(odd.as_bytes(), &["x"]), None, "{odd}");
        }
    }

    #[test]
    fn numbers_keep_their_digits_and_half_characters_are_replaced() {
        let parsed = parse(b"{ \"id\" : 123456789012345678901234567890 , \"s\":\"a \\\" b\" }").unwrap();
        assert_eq!(parsed.text, r#"{"id":123456789012345678901234567890,"s":"a \" b"}"#);
        let parsed = parse(br#"["\ud83d\ude00\\ud800 \udc00\ud83dx\ud83d"]"#).unwrap();
        assert_eq!(parsed.value[0], "\u{1f600}\\ud800 \u{fffd}\u{fffd}x\u{fffd}");
        assert!(parsed.mended);
        assert!(parse(br#"["\ud800"#).unwrap_err().contains("not JSON"));
        assert!(parse(b"\"\xff\"").unwrap_err().contains("UTF-8"));
        assert!(parse("[".repeat(100_000).as_bytes()).unwrap_err().contains("not JSON"));
    }
}
