//! Telephone numbers in texts and as people write them, compared in whatever way they are written: `+49 171 1234567`,
//! `0049171/1234567`, `0171-1234567`.
//!
//! Two writings are of one number if
//! - both are international, with `+` or `00`, and have the same digits, zeros behind the country code aside;
//! - both are national, with a zero before, or one of them is, and the digits behind the zero are the same as those behind
//!   the other's country code (ITU-T E.164, list of country codes);
//! - one has neither, and is the other as either.
//!
//! Whether a number exists is not asked, so that the answer does not change with the plans of countries. Where several
//! groups stand in a row, each that could begin a number begins one, and each could end it. One behind other digits could
//! if it has a plus or a zero, is a number alone, or if what stands before it may number a list; but not as what surely is the
//! rest of a number with a plus, or with `00` and a country code.

mod extension;
mod groups;
mod rest;
#[cfg(test)]
mod tests;
mod writing;

use std::collections::VecDeque;

use self::extension::extension;
use super::ignorable::is_ignorable;
use groups::{Group, Groups};

pub use groups::is_sign;
pub use writing::{Form, Writing};

/// Most groups of digits of a number among others.
const GROUPS: usize = 8;
/// Most groups of one that stands alone, or has a plus: each digit may be one, and a zero in parentheses.
const SPELT_GROUPS: usize = 18;

/// A number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The first byte of its digits.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
    /// How it is written, without the extension.
    pub writing: Writing,
    /// The digits of the extension, if it has one.
    pub extension: Option<String>,
}

impl Number {
    /// The forms that a text has which names the number so (see [`Writing::kept`]), each with the extension.
    pub fn kept(&self) -> impl Iterator<Item = (Form, String)> {
        self.extended(self.writing.kept())
    }

    /// The forms of which every text has one that names the same number, with the same extension if this has one.
    pub fn sought(&self) -> impl Iterator<Item = (Form, String)> {
        self.extended(self.writing.sought())
    }

    fn extended(&self, forms: Vec<(Form, String)>) -> impl Iterator<Item = (Form, String)> + use<> {
        let extension = self.extension.as_ref().map(|extension| format!("#{extension}")).unwrap_or_default();
        forms.into_iter().map(move |(form, digits)| (form, digits + &extension))
    }

    /// Whether it is found where `other` stands in a text.
    pub fn finds(&self, other: &Self) -> bool {
        self.extension == other.extension && self.writing.is_same(&other.writing)
    }
}

/// The numbers in a text, in the order of their starts; one with an extension stands there without it, too. Few of its
/// groups are in memory at a time.
pub fn numbers(text: &str) -> impl Iterator<Item = Number> + '_ {
    let mut groups = Groups::new(text);
    let mut ahead: VecDeque<Group> = VecDeque::new();
    let mut found: VecDeque<Number> = VecDeque::new();
    // Where the rests of numbers begin that name their country, and where these numbers end.
    let mut rests: Vec<(usize, usize)> = Vec::new();
    std::iter::from_fn(move || {
        while found.is_empty() {
            ahead.extend(groups.by_ref().take(SPELT_GROUPS + 1 - ahead.len()));
            let first = ahead.front()?;
            if first.may_begin(text) {
                rests.retain(|(start, _)| *start >= first.start);
                let is_own = |number: &Number| !rests.contains(&(number.start, number.end));
                let own: Vec<Number> = beginnings(text, &ahead).into_iter().filter(is_own).collect();
                let is_sure = |number: &&Number| first.plus || number.writing.has_usual_length();
                for start in rest::rests(text, &ahead) {
                    rests.extend(own.iter().filter(is_sure).map(|number| (start, number.end)));
                }
                found.extend(own);
            }
            ahead.pop_front();
        }
        found.pop_front()
    })
}

/// The number that `text` is as a whole, if it is one; as a link (`tel:+49-171-1234567`), too.
pub fn number(text: &str) -> Option<Number> {
    let text = without_scheme(text.trim_start());
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || groups::is_separator(c) || is_ignorable(c)).len();
    let groups: VecDeque<Group> = Groups::new(text).take(SPELT_GROUPS + 1).collect();
    let number = beginnings(text, &groups).pop().filter(|number| number.end == end)?;
    let digits = beginnings(text, &groups).into_iter().rev().find(|number| number.extension.is_none())?;
    text.get(..digits.end)?.chars().all(is_sign).then_some(number)
}

/// What follows the scheme of a link to a telephone (RFC 3966, RFC 5724).
fn without_scheme(text: &str) -> &str {
    let scheme = ["tel:", "sms:", "callto:"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(scheme)));
    text.get(scheme.map_or(0, str::len)..).unwrap_or(text)
}

/// How `text` writes the first digits of a number; `None` if they are no such digits.
pub fn beginning(text: &str) -> Option<Writing> {
    let groups = groups_of(text)?;
    let plus = groups.front()?.plus;
    let digits = joined(text, &groups).last()?.0;
    Some(Writing::beginning(&digits, plus))
}

/// How an account is written whose number is kept as digits without plus; `None` if it is no number.
pub fn account(digits: &str) -> Option<Writing> {
    Writing::of(digits, false)
}

/// The groups of a text that is nothing but groups of one number.
fn groups_of(text: &str) -> Option<VecDeque<Group>> {
    let groups: VecDeque<Group> = Groups::new(text).take(SPELT_GROUPS + 1).collect();
    let is_one = groups.len() <= SPELT_GROUPS && groups.iter().skip(1).all(Group::goes_on);
    (is_one && text.chars().all(is_sign)).then_some(groups)
}

/// Each number that begins with the first of `groups`.
fn beginnings(text: &str, groups: &VecDeque<Group>) -> Vec<Number> {
    let Some(first) = groups.front() else { return Vec::new() };
    let own = joined(text, groups).take_while(|(digits, _)| !Writing::is_too_long(digits));
    let numbers = own.enumerate().filter_map(|(n, (digits, end))| {
        let is_row = first.begins_row() && groups.get(n + 1).is_none_or(|next| !next.goes_on());
        let writing = Writing::of(&digits, first.plus).filter(|_| n < GROUPS || first.plus || is_row)?;
        Some(Number { start: first.start, end, writing, extension: None })
    });
    let extended = |number: Number| {
        let extension = extension(text, number.end);
        let with = extension.map(|(extension, end)| Number { end, extension: Some(extension), ..number.clone() });
        std::iter::once(number).chain(with)
    };
    numbers.flat_map(extended).collect()
}

/// The digits of the first group, of the first two and so on as far as they follow each other, with the byte after them.
fn joined<'a>(text: &'a str, groups: &'a VecDeque<Group>) -> impl Iterator<Item = (String, usize)> + use<'a> {
    let own = groups.iter().enumerate().take_while(|(n, group)| *n == 0 || group.goes_on());
    own.scan(String::new(), move |digits, (n, group)| {
        let is_international = groups.front().is_some_and(|first| first.plus) || digits.starts_with("00");
        // `+49 (0)171`, `+49 (0171)`: the zero is for callers in the country.
        let is_prefixed = n > 0 && is_international && group.is_in_parentheses;
        let own = group.digits(text).skip_while(|digit| is_prefixed && *digit == '0');
        digits.extend(own);
        Some((digits.clone(), group.end))
    })
}
