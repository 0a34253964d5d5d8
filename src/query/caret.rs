//! Shows a place in a query.

use super::mark::is_invisible;

/// The query and, in a second line, a caret under the character at a byte offset.
///
/// Line breaks and characters that cannot be seen are replaced, so that the result has two lines and the caret stands
/// right on terminals that show East Asian characters two columns wide. An offset inside a character means its start,
/// one beyond the text its end.
pub fn caret(text: &str, offset: usize) -> String {
    let mut line = String::with_capacity(text.len());
    let mut columns = 0;
    for (start, c) in text.char_indices() {
        if start + c.len_utf8() <= offset {
            columns += width(c);
        }
        line.push(shown(c));
    }
    format!("{line}\n{}^", " ".repeat(columns))
}

/// The character as it is printed.
fn shown(c: char) -> char {
    if c.is_whitespace() && c != '\u{3000}' {
        ' '
    } else if is_invisible(c) {
        '\u{fffd}'
    } else {
        c
    }
}

/// Columns on a terminal: 2 for East Asian wide characters and pictures (UAX 11, the blocks in common use), 0 for
/// combining marks.
fn width(c: char) -> usize {
    let wide = matches!(c,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}' | '\u{1f900}'..='\u{1f9ff}' | '\u{20000}'..='\u{3fffd}');
    let combining = unicode_normalization::char::is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}');
    match (wide, combining) {
        (_, true) => 0,
        (true, _) => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::caret;

    #[test]
    fn points_at_columns_not_bytes() {
        assert_eq!(caret("to: x", 3), "to: x\n   ^");
        assert_eq!(caret("\u{e9}\u{e9} )", 5), "\u{e9}\u{e9} )\n   ^");
        assert_eq!(caret("\u{5317}\u{4eac} )", 7), "\u{5317}\u{4eac} )\n     ^");
        assert_eq!(caret("e\u{301} )", 4), "e\u{301} )\n  ^");
    }

    #[test]
    fn stays_on_two_lines_for_any_offset() {
        assert_eq!(caret("a\nb\u{7}", 2), "a b\u{fffd}\n  ^");
        assert_eq!(caret("\u{e9}", 1), "\u{e9}\n^");
        assert_eq!(caret("ab", 99), "ab\n  ^");
        assert_eq!(caret("", 0), "\n^");
    }
}
