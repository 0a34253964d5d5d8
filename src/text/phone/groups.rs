//! The groups of digits of a text, and what may stand between two of one number.

use super::super::script::is_unspaced;
use super::writing::can_stand_alone;

/// Most signs between two groups.
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
    /// Whether it may go on with the number that the group before it belongs to.
    pub(super) fn follows(&self) -> bool {
        self.behind != Behind::Nothing
    }

    /// Whether it is looked at as the first of a number.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        self.plus
            || self.behind != Behind::Digits
            || self.digits(text).next() == Some('0')
            || can_stand_alone(self.digits(text).count())
    }

    /// Its digits in ASCII.
    pub(super) fn digits<'t>(&self, text: &'t str) -> impl Iterator<Item = char> + use<'t> {
        text.get(self.start..self.end).unwrap_or_default().chars().map(plain)
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
            start += bytes.get(start..)?.iter().position(|byte| byte.is_ascii_digit() || *byte == FULL_WIDTH)?;
            let length: usize = self.text.get(start..)?.chars().take_while(|c| is_digit(*c)).map(char::len_utf8).sum();
            if length > 0 {
                return Some((start, start + length));
            }
            // The first byte of another character.
            start += 3;
        }
    }

    fn group(&self, start: usize, end: usize) -> Option<Group> {
        let before = self.text.get(..start)?.chars().next_back().unwrap_or(' ');
        let after = self.text.get(end..)?.chars().next().unwrap_or(' ');
        if is_joined(before) || is_joined(after) {
            return None;
        }
        let between = self.last.and_then(|last| self.text.get(last.end..start));
        let is_near = |signs: &str| signs.chars().all(is_separator) && signs.chars().nth(GAP).is_none();
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
            let counts = is_short && !group.follows() && !is_prefix;
            self.last = Some(Last { end, counts });
            return Some(group);
        }
    }
}

/// First byte in UTF-8 of the full-width forms.
const FULL_WIDTH: u8 = 0xEF;

/// Full-width forms as ASCII (NFKC, UAX #15); anything else as it is.
fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

pub(super) fn is_digit(c: char) -> bool {
    plain(c).is_ascii_digit()
}

/// Whether a character belongs to the same word as digits beside it.
fn is_joined(c: char) -> bool {
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
    is_digit(c) || is_separator(c) || plain(c) == '+'
}
