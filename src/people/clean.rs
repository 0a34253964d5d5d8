//! Texts of identifiers without what cannot be seen.

use unicode_normalization::UnicodeNormalization as _;

/// `text` without marks of direction, joining and byte order, in form NFC, with one space between words. Chat exports
/// put such marks around names and numbers, and they are copied into lists with them.
pub(super) fn cleaned(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_mark(*c)).nfc().collect::<String>();
    let mut cleaned = String::with_capacity(seen.len());
    for word in seen.split_whitespace() {
        if !cleaned.is_empty() {
            cleaned.push(' ');
        }
        cleaned.push_str(word);
    }
    cleaned
}

/// The form in which identifiers are compared: cleaned, in lower case.
pub(super) fn folded(text: &str) -> String {
    cleaned(text).to_lowercase().nfc().collect()
}

/// The text in the ways by which people keep a spreadsheet from rounding a number: `'44520...` and `="44520..."`.
pub(super) fn without_spreadsheet_quotes(text: &str) -> &str {
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return inner.trim();
    }
    match text.strip_prefix(['\'', '\u{2019}']) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit() || c == '+') => rest.trim_end_matches('\''),
        _ => text,
    }
}

/// Soft hyphens, zero width marks, marks of direction, byte order marks, and control characters that are no space.
fn is_mark(c: char) -> bool {
    let control = c.is_control() && !c.is_whitespace();
    control
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_left_out() {
        for (text, expected) in [
            ("\u{feff} Ann\u{a0} Lee\t", "Ann Lee"),
            ("\u{202a}+44\u{a0}20\u{202c}", "+44 20"),
            ("~\u{2068}Jose\u{301}\u{2069}", "~Jos\u{e9}"),
            ("\u{0}\u{200f}", ""),
        ] {
            assert_eq!(cleaned(text), expected);
        }
        assert_eq!(folded("WXID_\u{c9}"), folded("wxid_e\u{301}"));
    }

    #[test]
    fn quotes_against_spreadsheets_are_taken_away() {
        for (text, expected) in [
            ("'445204334324", "445204334324"),
            ("=\"445204334324\"", "445204334324"),
            ("'+44", "+44"),
            ("'quoted'", "'quoted'"),
            ("=\"", "=\""),
        ] {
            assert_eq!(without_spreadsheet_quotes(text), expected);
        }
    }
}
