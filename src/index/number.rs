//! The tokens by which a telephone number in a text is found in any writing (see [`crate::text::phone`]).
//!
//! Beside its groups of digits, which are words, a number in a text has tokens for the whole, at the position of the first
//! group. Each ends in how many words the number has there, so that it is known what stands beside it. A query that is a
//! number looks for these too, whatever the length.

use crate::text::phone::{Form, Number};

use super::tokenizer::tokens;

/// Begins a token that stands for a number. No word contains it.
const NUMBER_MARK: char = '\u{2}';
/// Stands between the digits and the length.
const LENGTH_MARK: char = ':';

/// The tokens of a `text` for a number in it.
pub(super) fn kept(text: &str, number: &Number) -> Vec<String> {
    let words = text.get(number.start..number.end).map_or(1, |digits| tokens(digits).count());
    let mut kept: Vec<String> = Vec::new();
    for form in number.kept() {
        let token = format!("{}{words}", token(form));
        if !kept.contains(&token) {
            kept.push(token);
        }
    }
    kept
}

/// The beginnings of the tokens of which texts with the same number have one.
pub(super) fn sought(number: &Number) -> Vec<String> {
    number.sought().map(token).collect()
}

/// Whether a token of a number begins as one that is sought.
pub(super) fn beginning(token: &str) -> &str {
    token.rsplit_once(LENGTH_MARK).map_or(token, |(digits, _)| token.get(..=digits.len()).unwrap_or(token))
}

/// How many words the number has for which a token stands.
pub(super) fn length(token: &str) -> Option<u32> {
    token.rsplit_once(LENGTH_MARK)?.1.parse().ok()
}

fn token((form, digits): (Form, String)) -> String {
    let kind = match form {
        Form::International => 'i',
        Form::National => 'n',
        Form::Subscriber => 's',
    };
    format!("{NUMBER_MARK}{kind}{digits}{LENGTH_MARK}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::phone::number;

    #[test]
    fn tokens_tell_how_many_words_a_number_has() {
        for (text, words) in [
            ("+49 171 1234567", 3),
            ("+491711234567", 1),
            ("+49 (0)171\u{200b} 123\u{ad}4567", 4),
            ("0171\u{200e}1234567", 1),
            ("+442079460000x12", 1),
            ("+442079460000 ext. 12", 3),
        ] {
            let number = number(text).expect(text);
            for token in kept(text, &number) {
                assert_eq!(length(&token), Some(words), "{text}");
                assert!(token.starts_with(beginning(&token)) && beginning(&token).ends_with(LENGTH_MARK));
            }
        }
    }
}
