//! The tokens by which a telephone number in a text is found in any writing (see [`crate::text::phone`]).
//!
//! Beside its groups of digits, which are words, a number in a text has tokens for the whole, at the position of the first
//! group. A query that is a number looks for these too.

use crate::text::phone::{Form, Writing};

/// Begins a token that stands for a number. No word contains it.
const NUMBER_MARK: char = '\u{2}';

/// The tokens of a text with a number.
pub(super) fn kept(number: &Writing) -> impl Iterator<Item = String> {
    number.kept().into_iter().map(token)
}

/// The tokens of which texts with the same number have one.
pub(super) fn sought(number: &Writing) -> impl Iterator<Item = String> {
    number.sought().into_iter().map(token)
}

fn token((form, digits): (Form, String)) -> String {
    let kind = match form {
        Form::International => 'i',
        Form::National => 'n',
        Form::Subscriber => 's',
    };
    format!("{NUMBER_MARK}{kind}{digits}")
}
