//! Header field values that nothing can break out of.

use data_encoding::BASE64;

/// Bytes of text in one encoded word, so that it stays within 75 characters (RFC 2047 section 2).
const WORD_BYTES: usize = 45;

/// Longest word that is left as it is: lines stay far below 998 characters (RFC 5322 2.1.1).
const MAX_PLAIN_WORD: usize = 200;

/// `text` as the value of an unstructured field: as it stands if every reader gives back exactly that, else as encoded
/// words separated by single spaces, at which it may be folded.
pub fn unstructured(text: &str) -> String {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !text.contains("=?")
        && !text.contains("  ")
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && text.split(' ').all(|word| word.len() <= MAX_PLAIN_WORD);
    if plain { text.to_owned() } else { encoded_words(text) }
}

/// `text` as a display name (RFC 5322 3.2.5): atoms, a quoted string, or encoded words.
pub fn phrase(text: &str) -> String {
    let value = unstructured(text);
    let atoms = |byte: u8| byte.is_ascii_alphanumeric() || b" !#$%&'*+-/=?^_`{|}~".contains(&byte);
    if value != text || text.bytes().all(atoms) {
        return value;
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn encoded_words(text: &str) -> String {
    let mut value = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while !rest.is_empty() {
        // RFC 2047 section 5: a character is never divided between two words.
        let word = beginning(rest, WORD_BYTES);
        if !value.is_empty() {
            value.push(' ');
        }
        value.push_str("=?utf-8?B?");
        BASE64.encode_append(word.as_bytes(), &mut value);
        value.push_str("?=");
        rest = rest.get(word.len()..).unwrap_or_default();
    }
    value
}

/// The longest beginning of `text` of at most `max` bytes that divides no character; `max` is at least 4.
pub(super) fn beginning(text: &str, max: usize) -> &str {
    (max.saturating_sub(3)..=max).rev().find_map(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_plain() {
        for text in ["", "Sales Group", "16174354634", "a@b \"c\" (d)"] {
            assert_eq!(unstructured(text), text);
        }
        assert_eq!(phrase("Ann O'Hara 123"), "Ann O'Hara 123");
        assert_eq!(phrase("Hart, S. \"x\\"), r#""Hart, S. \"x\\""#);
    }

    #[test]
    fn everything_else_is_encoded_words() {
        for text in
            ["a\r\nBcc: b@c", "\0", " a", "a ", "a  b", "=?utf-8?Q?x?=", "\u{e9}", "\u{1f600}", &"x".repeat(300)]
        {
            for value in [unstructured(text), phrase(text)] {
                assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{value}");
                assert!(value.split(' ').all(|w| w.starts_with("=?utf-8?B?") && w.ends_with("?=") && w.len() <= 75));
            }
        }
        assert_eq!(unstructured("\u{e9}"), "=?utf-8?B?w6k=?=");
    }
}
