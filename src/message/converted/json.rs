//! A pull reader of JSON (RFC 8259) for one record.
//!
//! A general JSON tree would lose what this format promises to keep: digits of long numbers, and members that occur
//! twice. It would also cost many times the line's length for a line of empty arrays. This reader hands out the members
//! of objects one by one and copies unknown values as they are written.

mod string;

use std::borrow::Cow;

pub(super) use string::write_string;

/// Deepest nesting of a record.
const MAX_DEPTH: u32 = 64;

/// A reader at some place of a JSON text.
#[derive(Debug)]
pub(super) struct Json<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

/// The kind of a value, by its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl ValueKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

impl<'a> Json<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The kind of the next value.
    pub(super) fn kind(&mut self) -> Result<ValueKind, String> {
        match self.peek() {
            Some(b'n') => Ok(ValueKind::Null),
            Some(b't' | b'f') => Ok(ValueKind::Bool),
            Some(b'-' | b'0'..=b'9') => Ok(ValueKind::Number),
            Some(b'"') => Ok(ValueKind::String),
            Some(b'[') => Ok(ValueKind::Array),
            Some(b'{') => Ok(ValueKind::Object),
            _ => Err(self.invalid("a value")),
        }
    }

    /// Reads an object, calling `member` with each name; `member` must read exactly one value.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), String>,
    ) -> Result<(), String> {
        self.enter(b'{', "an object")?;
        if self.take(b'}') {
            return self.leave();
        }
        loop {
            let name = self.string()?;
            if !self.take(b':') {
                return Err(self.invalid("`:` after a name"));
            }
            member(self, name)?;
            if self.take(b'}') {
                return self.leave();
            }
            if !self.take(b',') {
                return Err(self.invalid("`,` or `}`"));
            }
        }
    }

    /// Reads an array, calling `element` before each value; `element` must read exactly one value.
    pub(super) fn array(&mut self, mut element: impl FnMut(&mut Self) -> Result<(), String>) -> Result<(), String> {
        self.enter(b'[', "an array")?;
        if self.take(b']') {
            return self.leave();
        }
        loop {
            element(self)?;
            if self.take(b']') {
                return self.leave();
            }
            if !self.take(b',') {
                return Err(self.invalid("`,` or `]`"));
            }
        }
    }

    /// Reads any value and gives it as written, without white space between its tokens.
    pub(super) fn raw(&mut self) -> Result<String, String> {
        let mut out = String::new();
        self.copy(&mut out)?;
        Ok(out)
    }

    /// Reads `true`, `false`, `null` or a number as written.
    pub(super) fn scalar(&mut self) -> Result<&'a str, String> {
        self.white_space();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find(|c: char| !matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.'));
        let token = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        if !matches!(token, "true" | "false" | "null") && !is_number(token) {
            return Err(self.invalid("a value"));
        }
        self.at += token.len();
        Ok(token)
    }

    /// Checks that nothing follows.
    pub(super) fn end(&mut self) -> Result<(), String> {
        if self.peek().is_none() { Ok(()) } else { Err(self.invalid("one record a line, and nothing after it")) }
    }

    fn copy(&mut self, out: &mut String) -> Result<(), String> {
        match self.kind()? {
            ValueKind::Object => {
                out.push('{');
                self.object(|json, name| {
                    separate(out);
                    write_string(&name, out);
                    out.push(':');
                    json.copy(out)
                })?;
                out.push('}');
            }
            ValueKind::Array => {
                out.push('[');
                self.array(|json| {
                    separate(out);
                    json.copy(out)
                })?;
                out.push(']');
            }
            ValueKind::String => write_string(&self.string()?, out),
            ValueKind::Null | ValueKind::Bool | ValueKind::Number => out.push_str(self.scalar()?),
        }
        Ok(())
    }

    fn enter(&mut self, open: u8, what: &str) -> Result<(), String> {
        if !self.take(open) {
            return Err(self.invalid(what));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH} levels at byte {}", self.at));
        }
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "ends the two functions that read containers")]
    fn leave(&mut self) -> Result<(), String> {
        self.depth -= 1;
        Ok(())
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn white_space(&mut self) {
        let skipped = self.rest().iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.at = skipped.map_or(self.text.len(), |skipped| self.at + skipped);
    }

    fn peek(&mut self) -> Option<u8> {
        self.white_space();
        self.rest().first().copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn invalid(&self, expected: &str) -> String {
        format!("not valid JSON at byte {}: expected {expected}", self.at)
    }
}

/// The number grammar of RFC 8259 section 6.
fn is_number(token: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let token = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = token.split_once(['e', 'E']).map_or((token, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

fn separate(out: &mut String) {
    if !out.ends_with(['{', '[']) {
        out.push(',');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let mut json = Json::new(text);
        let raw = json.raw()?;
        json.end()?;
        Ok(raw)
    }

    #[test]
    fn values_are_kept_as_written() {
        for (text, raw) in [
            (" { \"a\" : [ 1 , 2.50 , -0e+3 ] } ", r#"{"a":[1,2.50,-0e+3]}"#),
            (
                "123456789012345678901234567890.12345678901234567890",
                "123456789012345678901234567890.12345678901234567890",
            ),
            (r#"{"a":1,"a":2}"#, r#"{"a":1,"a":2}"#),
            (r#"["","[",{}]"#, r#"["","[",{}]"#),
            (r#""\u00e9\n\/\ud83d\ude00""#, r#""\u00e9\u000a/\ud83d\ude00""#),
        ] {
            assert_eq!(read(text).as_deref(), Ok(raw));
        }
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        for text in
            ["", "{", "[1,]", "{\"a\"}", "01", "1.", "+1", "nul", "\"\t\"", "\"\\x\"", "\"\\ud800\"", "1 2", "'a'"]
        {
            assert!(read(text).unwrap_err().contains("at byte"), "{text}");
        }
        assert!(read(&"[".repeat(1_000_000)).unwrap_err().contains("deeper"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn agrees_with_another_reader(text in r#"([\[\]{},:"\\utf0-9eE.+\- ]|"a"|null|true|"\\u00e9"|\{"k":1\}){0,12}"#) {
            prop_assert_eq!(read(&text).is_ok(), serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
        }

        #[test]
        fn any_text_is_written_and_read_back(text in any::<String>()) {
            let mut written = String::new();
            write_string(&text, &mut written);
            prop_assert!(written.is_ascii());
            prop_assert_eq!(Json::new(&written).string().unwrap(), text.as_str());
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
