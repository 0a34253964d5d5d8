//! Telephone numbers written with blanks and without quotes, which are searched as words.

use crate::text::phone::{Writing, is_sign, number};

use super::code;
use super::token::{Token, TokenKind};
use super::warning::Warning;

/// Most parts of a number that are looked at.
const PARTS: usize = 18;

/// A warning for each number of the query that stands in several words.
pub(super) fn numbers_in_parts(tokens: &[Token]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut at = 0;
    while let Some(rest) = tokens.get(at..).filter(|rest| !rest.is_empty()) {
        let parts = Parts::at_start(rest);
        match parts.numbered() {
            Some((count, used)) => {
                warnings.extend(rest.first().map(|first| parts.warning(count, first.offset)));
                at += used;
            }
            None => at += 1,
        }
    }
    warnings
}

/// Words next to each other that could be the groups of one number.
#[derive(Default)]
struct Parts {
    /// The property before the first, with its operator.
    property: String,
    /// Each as it is written, and how many tokens come up to its end.
    words: Vec<(String, usize)>,
}

impl Parts {
    /// Those that `tokens` begin with.
    fn at_start(tokens: &[Token]) -> Self {
        let mut parts = Self::default();
        let mut used = parts.first(tokens).unwrap_or_default();
        while used > 0
            && parts.words.len() < PARTS
            && let Some((word, length)) = tokens.get(used..).and_then(part)
        {
            used += length;
            parts.words.push((word, used));
        }
        parts
    }

    /// Adds the first, which may have a plus or a property before it; returns how many tokens it has.
    fn first(&mut self, tokens: &[Token]) -> Option<usize> {
        let (word, used) = match &tokens.first()?.kind {
            TokenKind::Sign { negative: false } => {
                let (word, length) = part(tokens.get(1..)?)?;
                (format!("+{word}"), length + 1)
            }
            TokenKind::Restriction { property, comparison, value: Some(value) } if property.is_words() => {
                self.property = format!("{}{}", property.name(), comparison.spelling());
                (digits(&value.text).filter(|_| !value.quoted)?.to_owned(), 1)
            }
            _ => part(tokens)?,
        };
        self.words.push((word, used));
        Some(used)
    }

    /// How many of the words are a number, and how many tokens they have.
    fn numbered(&self) -> Option<(usize, usize)> {
        (2..=self.words.len()).rev().find_map(|count| {
            let found = number(&self.text(count))?;
            let is_all = count == self.words.len();
            let is_number = match found.writing {
                Writing::Bare(_) => is_all && !self.are_several(),
                Writing::International(_) | Writing::National(_) => true,
            };
            let used = self.words.get(count - 1)?.1;
            is_number.then_some((count, used))
        })
    }

    fn text(&self, count: usize) -> String {
        self.words.iter().take(count).map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Whether words without plus and zero are rather years, dates, amounts or numbers of their own.
    fn are_several(&self) -> bool {
        let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
        let has_own_sense = |word: &str| {
            let digits = word.chars().filter(|c| !c.is_ascii_punctuation()).count();
            let groups = word.split(['-', '/']).count();
            number(word).is_some() || word.contains('.') || (groups == 3 && (6..=8).contains(&digits))
        };
        self.words.iter().all(|(word, _)| is_year(word)) || self.words.iter().any(|(word, _)| has_own_sense(word))
    }

    fn warning(&self, count: usize, offset: usize) -> Warning {
        let (property, text) = (&self.property, self.text(count));
        let message = format!(
            "`{property}{text}` is searched as {count} words; for the telephone number in any writing put it in quotes, \
             `{property}\"{text}\"`, and for the words write AND between them"
        );
        Warning::new(code::W_NUMBER_IN_PARTS, offset, message)
    }
}

/// The group of digits, in parentheses or not, that `tokens` begin with, and how many of them it has.
fn part(tokens: &[Token]) -> Option<(String, usize)> {
    let word = |token: Option<&Token>| match &token?.kind {
        TokenKind::Text(text) if !text.quoted => digits(&text.text).map(str::to_owned),
        _ => None,
    };
    if tokens.first()?.kind != TokenKind::Open {
        return Some((word(tokens.first())?, 1));
    }
    let inner = word(tokens.get(1)).filter(|_| tokens.get(2).is_some_and(|token| token.kind == TokenKind::Close))?;
    Some((format!("({inner})"), 3))
}

/// A word that is written with nothing but digits and what separates them.
fn digits(word: &str) -> Option<&str> {
    let is_part = word.chars().all(is_sign) && word.chars().any(char::is_numeric);
    is_part.then_some(word)
}
