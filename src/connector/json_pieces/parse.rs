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

/// Reads one value. Lone halves of surrogate pairs, bytes that are not UTF-8 and control characters within strings, which
/// some writers let through, are mended, because the rest of a message must not be lost for them.
///
/// # Errors
/// It is no JSON, or nested too deeply: a text for people.
pub(in crate::connector) fn parse(bytes: &[u8]) -> Result<Parsed, String> {
    let error = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok(Parsed { value, mended: false }),
        Err(error) => error,
    };
    match serde_json::from_str(&mended(bytes)) {
        Ok(value) => Ok(Parsed { value, mended: true }),
        Err(_) => Err(format!("not valid JSON: {error}; get the file again from where it comes from")),
    }
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
            out.push('\u{fffd}');
            return 6;
        }
        (Some(_), _) => 6,
        (None, _) => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
    };
    out.push_str(rest.get(..taken).unwrap_or_default());
    taken
}

/// The UTF-16 unit that `\uXXXX` at the start of a text stands for.
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
            assert!(parse(text).unwrap_err().starts_with("not valid JSON: "));
        }
    }
}
