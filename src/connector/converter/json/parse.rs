//! A JSON value, also when its text is damaged in ways that leave no doubt about what it says.

use serde_json::Value;

/// A value that was read.
#[derive(Debug)]
pub(in crate::connector) struct Parsed {
    /// It.
    pub(in crate::connector) value: Value,
    /// Whether characters that are no Unicode, or that JSON forbids, had to be replaced (by U+FFFD) or escaped.
    pub(in crate::connector) mended: bool,
}

/// A value that was read, with its text.
#[derive(Debug)]
pub(in crate::connector) struct Verbatim {
    /// What it says. Numbers beyond 64 bits are rounded.
    pub(in crate::connector) value: Value,
    /// The text without blanks between its values: all digits of every number.
    pub(in crate::connector) text: String,
    /// Whether characters had to be replaced or escaped, as in [`Parsed`].
    pub(in crate::connector) mended: bool,
}

/// Reads one value. Lone halves of surrogate pairs, bytes that are not UTF-8 and control characters within strings, which
/// some writers let through, are mended, because the rest of a message must not be lost for them.
///
/// # Errors
/// It is no JSON, or nested too deeply: a text for people.
pub(in crate::connector) fn parse(bytes: &[u8]) -> Result<Parsed, String> {
    let (value, mended) = read(bytes)?;
    Ok(Parsed { value, mended: mended.is_some() })
}

/// Reads one value, and keeps its text. Bytes that are not UTF-8 are an error here: where other encodings are in use, they
/// are a sign that all of the file is in one of them.
///
/// # Errors
/// It is no JSON, nested too deeply, or not UTF-8: a text for people.
pub(in crate::connector) fn parse_verbatim(bytes: &[u8]) -> Result<Verbatim, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 at byte {}; export it again as UTF-8", error.valid_up_to()))?;
    let (value, mended) = read(bytes)?;
    Ok(Verbatim { value, text: compact(mended.as_deref().unwrap_or(text)), mended: mended.is_some() })
}

/// The value, and the text that it was read from if that had to be mended.
fn read(bytes: &[u8]) -> Result<(Value, Option<String>), String> {
    let error = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok((value, None)),
        Err(error) => error,
    };
    let mended = mended(bytes);
    match serde_json::from_str(&mended) {
        Ok(value) => Ok((value, Some(mended))),
        Err(_) => {
            Err(format!("not JSON ({error}); if the file was cut or edited, get it again from where it comes from"))
        }
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

/// The text with everything in strings replaced that no parser takes.
fn mended(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut in_string) = (text.as_ref(), false);
    while let Some(letter) = rest.chars().next() {
        let mut taken = letter.len_utf8();
        match letter {
            '"' => {
                in_string = !in_string;
                out.push('"');
            }
            '\\' if in_string => taken = escape(rest, &mut out),
            control if in_string && control < ' ' => {
                out.push_str("\\u00");
                out.extend([u32::from(control) >> 4, u32::from(control) & 15].map(hexadecimal));
            }
            other => out.push(other),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// Copies the escape at the start of `rest`, with U+FFFD for half of a surrogate pair. The bytes that were taken.
fn escape(rest: &str, out: &mut String) -> usize {
    let taken = match (unit(rest), unit(rest.get(6..).unwrap_or_default())) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
        (Some(0xd800..=0xdfff), _) => {
            out.push_str("\\ufffd");
            return 6;
        }
        (Some(_), _) => 6,
        (None, _) => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
    };
    out.push_str(rest.get(..taken).unwrap_or_default());
    taken
}

/// The UTF-16 unit that an escape at the start of a text, `\u` with four hexadecimal digits, stands for (RFC 8259 7).
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
}

fn hexadecimal(digit: u32) -> char {
    char::from_digit(digit, 16).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_that_says_enough_is_mended() {
        for (text, expected) in [
            (&b"{\"a\":\"x\"}"[..], ("x", false)),
            (b"{\"a\":\"\\ud83d\\ude00\"}", ("\u{1f600}", false)),
            (b"{\"a\":\"cut \\ud83d\"}", ("cut \u{fffd}", true)),
            (b"{\"a\":\"\\ude00\\ud83d\\ude00\"}", ("\u{fffd}\u{1f600}", true)),
            (b"{\"a\":\"\\ud83d\\n\\\\ud83d\"}", ("\u{fffd}\n\\ud83d", true)),
            (b"{\"a\":\"tab\there\nand \x01\"}", ("tab\there\nand \u{1}", true)),
            (b"{\"a\":\"caf\xe9\"}", ("caf\u{fffd}", true)),
        ] {
            let parsed = parse(text).unwrap();
            assert_eq!((parsed.value["a"].as_str().unwrap(), parsed.mended), expected);
        }
    }

    #[test]
    fn what_says_nothing_is_refused() {
        let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
        for text in [&b"{"[..], b"", b"{\"a\":\"\\u12\"}", b"{\"a\":\"\\", b"{'a':1}", b"1e999", &deep] {
            assert!(parse(text).unwrap_err().starts_with("not JSON ("));
        }
    }

    #[test]
    fn numbers_keep_their_digits_and_half_characters_are_replaced() {
        let parsed = parse_verbatim(b"{ \"id\" : 123456789012345678901234567890 , \"s\":\"a \\\" b\" }").unwrap();
        assert_eq!(parsed.text, r#"{"id":123456789012345678901234567890,"s":"a \" b"}"#);
        assert!(!parsed.mended);
        let parsed = parse_verbatim(br#"["\ud83d\ude00\\ud800 \udc00\ud83dx\ud83d"]"#).unwrap();
        assert_eq!(parsed.value[0], "\u{1f600}\\ud800 \u{fffd}\u{fffd}x\u{fffd}");
        assert!(parsed.mended && parsed.text.ends_with(r#" \ufffd\ufffdx\ufffd"]"#));
        assert!(parse_verbatim(b"\"\xff\"").unwrap_err().contains("UTF-8"));
    }
}
