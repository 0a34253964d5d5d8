//! Words, phrases and prefixes.

use unicode_normalization::UnicodeNormalization;

use super::ast::{Place, TextMatch};
use super::code;
use super::refusal::{ValueRefusal, excerpt};
use super::token::RawText;

/// The fewest characters before the `*` of a prefix.
pub const MIN_PREFIX: usize = 3;

/// What the `*` at the end of a value completes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Completes {
    /// The last word.
    Word,
    /// The whole value, punctuation included: an address, an identifier.
    Value,
}

/// Whether `c` lies in a block of arrows, symbols and emoji, which are indexed like words.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{24ff}' | '\u{25a0}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Checks a word or phrase.
pub(super) fn text_match(raw: &RawText, completes: Completes) -> Result<TextMatch, ValueRefusal> {
    let (text, prefix) = split_prefix(raw)?;
    if !text.nfkc().any(|c| c.is_alphanumeric() || is_pictograph(c)) {
        let message = format!("`{}` has no letter, digit or pictograph, so no message could match", excerpt(&text));
        return Err(ValueRefusal::new(code::E_NO_WORD, message, "search for words; punctuation is not indexed"));
    }
    if prefix {
        check_prefix(&text, completes)?;
    }
    Ok(TextMatch { text, quoted: raw.quoted, prefix, place: Place(raw.offset) })
}

/// Checks an identifier, which matches whole, and tells whether it is only the beginning of one.
pub(super) fn identifier(raw: &RawText) -> Result<(String, bool), ValueRefusal> {
    let (text, prefix) = split_prefix(raw)?;
    if prefix {
        check_prefix(&text, Completes::Value)?;
    }
    Ok((text, prefix))
}

/// The text without its final `*`, and whether it had one.
fn split_prefix(raw: &RawText) -> Result<(String, bool), ValueRefusal> {
    if raw.text.trim().is_empty() {
        let hint = "write something between the quotes; for messages without a value write `NOT subject:*`";
        return Err(ValueRefusal::new(code::E_EMPTY_VALUE, "empty text matches nothing", hint));
    }
    let (text, prefix) = match raw.text.strip_suffix('*') {
        Some(text) => (text, true),
        None => (raw.text.as_str(), false),
    };
    if text.contains('*') || text.is_empty() {
        return Err(wildcard_position());
    }
    Ok((text.to_owned(), prefix))
}

fn check_prefix(text: &str, completes: Completes) -> Result<(), ValueRefusal> {
    let folded = text.nfkc();
    let length = match completes {
        Completes::Value => folded.count(),
        Completes::Word => folded.fold(0, |length, c| if c.is_alphanumeric() { length + 1 } else { 0 }),
    };
    match length {
        0 => Err(wildcard_position()),
        length if length < MIN_PREFIX => {
            let message = format!("a prefix needs at least {MIN_PREFIX} characters before `*`");
            Err(ValueRefusal::new(code::E_PREFIX_TOO_SHORT, message, "write more of the word, or the words with OR"))
        }
        _ => Ok(()),
    }
}

/// The refusal of a `*` that does not complete the end of a word.
pub(super) fn wildcard_position() -> ValueRefusal {
    let hint = "`*` stands directly behind the last word only, as in `guarant*`; for a domain write `from:example.org`; \
                for every message in scope use `search --all`";
    ValueRefusal::new(code::E_WILDCARD_POSITION, "`*` can only complete the end of a word", hint)
}
