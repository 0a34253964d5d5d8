//! Comparison of phone numbers.

/// The form in which numbers are compared and kept: E.164 digits (ITU-T E.164 6.2: at most 15) without plus.
///
/// A number must be international: `+44 20 7946 0958`, `0044...`, or digits that begin with the country code. The
/// country of a national number is never guessed.
///
/// # Errors
/// `text` has a letter, fewer than 7 or more than 15 digits, or begins with a national trunk zero.
pub fn normalize_phone(text: &str) -> Result<String, String> {
    let refuse = |why: &str| format!("`{text}` is not an international phone number: {why}; write it as +442079460958");
    let mut digits = String::new();
    for c in text.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' | ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2011}' | '\u{202a}'..='\u{202e}' => {}
            _ => return Err(refuse("it has other characters than digits")),
        }
    }
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    match digits.len() {
        _ if digits.starts_with('0') => Err(refuse("it begins with a national zero")),
        7..=15 => Ok(digits.to_owned()),
        _ => Err(refuse("it must have 7 to 15 digits")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn international_numbers_compare_by_their_digits() {
        for text in
            ["+44 20 7946 0958", "0044-20-7946-0958", "442079460958", "\u{202a}+44\u{a0}20\u{a0}79460958\u{202c}"]
        {
            assert_eq!(normalize_phone(text).as_deref(), Ok("442079460958"), "{text}");
        }
        for text in ["", "123", "020 7946 0958", "4.45204E+11", "1234567890123456", "ann"] {
            assert!(normalize_phone(text).is_err(), "{text}");
        }
    }
}
