//! What a folded character is to the tokenizer.

use unicode_normalization::char::is_combining_mark;

use crate::text::script::is_unspaced;

/// The part that a folded character plays in the division of text into tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Ends a token and belongs to none.
    Separator,
    /// A letter or digit of a script that sets spaces between words.
    Word,
    /// A letter, digit or sign of a script that sets none.
    Run,
    /// A token of its own: emoji and pictorial symbols.
    Symbol,
    /// Goes on with the token before it, or separates.
    Mark,
}

/// The class of a folded character.
pub(super) fn class(c: char) -> Class {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() { Class::Word } else { Class::Separator };
    }
    if matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3041}'..='\u{3096}' | '\u{AC00}'..='\u{D7A3}') {
        return Class::Run;
    }
    let mark = is_combining_mark(c);
    if mark || c.is_alphanumeric() {
        return match (is_unspaced(c), mark && !c.is_alphanumeric()) {
            (true, _) => Class::Run,
            (false, true) => Class::Mark,
            (false, false) => Class::Word,
        };
    }
    if is_symbol(c) { Class::Symbol } else { Class::Separator }
}

/// Whether `c` is half of a flag: two of them make one symbol (UTS #51, emoji flag sequence).
pub(super) fn is_regional_indicator(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Emoji, their skin tones and pictorial symbols; the signs of copyright and trade marks and of degrees separate, as they
/// stand beside words that are searched without them (general category So, but for the lines and blocks that people draw
/// tables with).
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{2307}'
        | '\u{230C}'..='\u{2328}' | '\u{232B}'..='\u{23FF}' | '\u{2400}'..='\u{244A}' | '\u{25A0}'..='\u{2767}'
        | '\u{2794}'..='\u{27BF}' | '\u{2800}'..='\u{28FF}' | '\u{2934}' | '\u{2935}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{3004}' | '\u{3012}' | '\u{3013}' | '\u{3020}' | '\u{3036}' | '\u{3037}' | '\u{303E}' | '\u{303F}'
        | '\u{4DC0}'..='\u{4DFF}' | '\u{1D100}'..='\u{1D24F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Whether `text` begins with a character of a script without spaces.
pub(super) fn is_run_start(text: &str) -> bool {
    text.chars().next().is_some_and(|c| class(c) == Class::Run)
}
