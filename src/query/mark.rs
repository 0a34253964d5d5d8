//! Characters that look like the punctuation of the language, and characters that cannot be seen.

/// The ASCII character that a typographic or full-width one stands for in a query; others as they are.
///
/// Dashes are not among them: inside a word they separate, as every dash does; see [`is_dash`].
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{ff02}' => '"',
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{ff0a}' => '*',
        '\u{ff0b}' => '+',
        '\u{ff1a}' => ':',
        '\u{ff1c}' => '<',
        '\u{ff1d}' => '=',
        '\u{ff1e}' => '>',
        other => other,
    }
}

/// Whether a character before an operand is read as the sign `-`: en dash, em dash, minus, full-width hyphen.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '\u{2014}' | '\u{2212}' | '\u{ff0d}')
}

/// Whether a character leaves no trace on a screen, so that a query may look other than it is. Joiners inside words
/// of Persian and Indic scripts are not counted.
pub(super) fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}')
}
