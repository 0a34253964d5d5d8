//! The groups of digits of a text, and what may stand between two of one number.

use super::super::digit::{decimal, may_begin_decimal};
use super::super::ignorable::is_ignorable;
use super::super::script::is_unspaced;
use super::extension::extension;
use super::writing::can_stand_alone;

/// Most signs between two groups that can be seen.
const GAP: usize = 3;
/// Most digits of what numbers a list.
const LIST_DIGITS: usize = 2;

/// Digits next to each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after it.
    pub(super) end: usize,
    /// Whether a plus stands directly before.
    pub(super) plus: bool,
    pub(super) is_in_parentheses: bool,
    behind: Behind,
}

/// What stands before a group, with nothing between them but what separates the groups of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    Nothing,
    /// Digits that may be the number of an entry in a list.
    Counter,
    Digits,
}

impl Group {
    /// Whether it may go on with the number that the group before it belongs to. A plus begins another one.
    pub(super) fn goes_on(&self) -> bool {
        self.behind != Behind::Nothing && !self.plus
    }

    /// Whether it is the first of a row, but for what numbers a list.
    pub(super) fn begins_row(&self) -> bool {
        self.behind != Behind::Digits
    }

    /// Whether it is looked at as the first of a number.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        self.plus
            || self.begins_row()
            || self.digits(text).next() == Some('0')
            || can_stand_alone(self.digits(text).count())
    }

    /// Its digits in ASCII.
    pub(super) fn digits<'t>(&self, text: &'t str) -> impl Iterator<Item = char> + use<'t> {
        text.get(self.start..self.end).unwrap_or_default().chars().filter_map(decimal)
    }
}

/// The groups of digits of a text; those that are part of a word are none.
pub(super) struct Groups<'t> {
    text: &'t str,
    /// What is left begins here.
    at: usize,
    /// The group before, if nothing came between but groups.
    last: Option<Last>,
}

#[derive(Clone, Copy)]
struct Last {
    end: usize,
    /// Whether it may be the number of an entry in a list.
    counts: bool,
}

impl<'t> Groups<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, last: None }
    }

    /// The bytes of the next digits.
    fn bytes(&self) -> Option<(usize, usize)> {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        loop {
            start += bytes.get(start..)?.iter().position(|byte| may_begin_decimal(*byte))?;
            let mut characters = self.text.get(start..)?.char_indices();
            let first = characters.next()?.1;
            if decimal(first).is_none() {
                start += first.len_utf8();
                continue;
            }
            let mut end = start + first.len_utf8();
            for (at, c) in characters {
                if decimal(c).is_some() {
                    end = start + at + c.len_utf8();
                } else if !is_ignorable(c) {
                    break;
                }
            }
            return Some((start, end));
        }
    }

    fn group(&self, start: usize, end: usize) -> Option<Group> {
        let seen = |c: &char| !is_ignorable(*c);
        let before = self.text.get(..start)?.chars().rev().find(seen).unwrap_or(' ');
        let after = self.text.get(end..)?.chars().find(seen).unwrap_or(' ');
        if is_joined(before) || (is_joined(after) && extension(self.text, end).is_none()) {
            return None;
        }
        let between = self.last.and_then(|last| self.text.get(last.end..start));
        let is_near = |signs: &str| {
            let mut seen = signs.chars().filter(seen);
            seen.by_ref().take(GAP).all(is_separator) && seen.next().is_none()
        };
        let behind = match self.last.filter(|_| between.is_some_and(is_near)) {
            None => Behind::Nothing,
            Some(Last { counts: true, .. }) => Behind::Counter,
            Some(_) => Behind::Digits,
        };
        let is_in_parentheses = plain(before) == '(' && plain(after) == ')';
        Some(Group { start, end, plus: plain(before) == '+', is_in_parentheses, behind })
    }
}

impl Iterator for Groups<'_> {
    type Item = Group;

    fn next(&mut self) -> Option<Group> {
        loop {
            let (start, end) = self.bytes()?;
            self.at = end;
            let Some(group) = self.group(start, end) else {
                self.last = None;
                continue;
            };
            let is_short = group.digits(self.text).nth(LIST_DIGITS).is_none();
            let is_prefix = group.plus || group.digits(self.text).next() == Some('0');
            let counts = is_short && group.behind == Behind::Nothing && !is_prefix;
            self.last = Some(Last { end, counts });
            return Some(group);
        }
    }
}

/// Full-width forms as ASCII (NFKC, UAX #15); anything else as it is.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// Whether a character belongs to the same word as digits beside it.
pub(super) fn is_joined(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}

/// Whether a character may stand between two groups: blanks of any width but line ends, hyphens and dashes, dots,
/// slashes, parentheses.
pub(super) fn is_separator(c: char) -> bool {
    matches!(plain(c), ' ' | '\t' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}'
        | '\u{205f}' | '\u{3000}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether a number may be written with the character.
pub fn is_sign(c: char) -> bool {
    decimal(c).is_some() || is_separator(c) || is_ignorable(c) || plain(c) == '+'
}
