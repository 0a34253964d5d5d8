//! Text made safe for a page.

use std::fmt::Write as _;

/// `text` for HTML content and attribute values. Characters that change the direction of what stands around them, and
/// control characters, are written out: a file name must not read backwards.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(c),
            '\r' => {}
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => written_out(&mut safe, c),
            c if c.is_control() => written_out(&mut safe, c),
            c => safe.push(c),
        }
    }
    safe
}

fn written_out(safe: &mut String, c: char) {
    // Writing to a string does not fail.
    write!(safe, "\\u{{{:x}}}", u32::from(c)).ok();
}

/// A number with commas between groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_message_is_markup() {
        for (text, safe) in [
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("\" onload=\"x", "&quot; onload=&quot;x"),
            ("a & b", "a &amp; b"),
            ("invoice\u{202e}fdp.exe", "invoice\\u{202e}fdp.exe"),
            ("a\u{0}\u{1b}[2Jb\r\n", "a\\u{0}\\u{1b}[2Jb\n"),
            ("\u{5408}\u{540c} \u{1f469}\u{200d}\u{1f4bb}", "\u{5408}\u{540c} \u{1f469}\u{200d}\u{1f4bb}"),
        ] {
            assert_eq!(escape(text), safe);
        }
    }

    #[test]
    fn digits_are_grouped_from_the_right() {
        let written = [0, 999, 1_000, 12_345, 123_456, 1_234_567, u64::MAX].map(grouped);
        let expected = ["0", "999", "1,000", "12,345", "123,456", "1,234,567", "18,446,744,073,709,551,615"];
        assert_eq!(written, expected);
    }
}
