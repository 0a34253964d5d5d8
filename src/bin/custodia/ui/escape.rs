//! Text from messages made safe for a terminal.

/// `text` with everything written out that a terminal would act on or hide: control characters, escape sequences,
/// direction overrides, zero-width characters. With `lines`, line ends and tabs stay.
pub(crate) fn escape(text: &str, lines: bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' if lines => safe.push(c),
            '\r' if lines => {}
            '\n' | '\r' | '\t' => safe.push(' '),
            c if is_hidden(c) => safe.extend(c.escape_unicode()),
            c => safe.push(c),
        }
    }
    safe
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_terminal_acts_on_nothing_of_a_message() {
        for (text, lines, safe) in [
            ("plain \u{17c}\u{f3}\u{142}w \u{4f60}\u{597d}", false, "plain \u{17c}\u{f3}\u{142}w \u{4f60}\u{597d}"),
            ("\u{1b}[2Jgone", false, "\\u{1b}[2Jgone"),
            ("a\r\nb\tc", true, "a\nb\tc"),
            ("a\r\nb\tc", false, "a  b c"),
            ("invoice\u{202e}fdp.exe", false, "invoice\\u{202e}fdp.exe"),
            ("a\u{200b}b\u{9b}1m", false, "a\\u{200b}b\\u{9b}1m"),
            ("\u{1f469}\u{200d}\u{1f4bb}", false, "\u{1f469}\u{200d}\u{1f4bb}"),
        ] {
            assert_eq!(escape(text, lines), safe);
        }
    }
}
