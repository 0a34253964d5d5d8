//! Phone numbers in texts, found in whatever way they are written: `+49 171 1234567`, `0049171/1234567`, `0171-1234567`.
//!
//! Beside its groups of digits, which are words, a number in a text has tokens for the whole, at the position of the first
//! group. A query that is a number looks for these too. Two writings are of one number if
//! - both are international, with `+` or `00`, and have the same digits;
//! - both are national, with a zero before, or one of them is, and the digits behind the zero are the same as those behind
//!   the other's country code (ITU-T E.164, list of country codes);
//! - one has neither, and is the other as either.
//!
//! Whether a number exists is not asked, so that the answer does not change with the plans of countries. Where several
//! groups stand in a row, each that could begin a number begins one, and each could end it.

use std::collections::VecDeque;

/// Begins a token that stands for a number. No word contains it.
const NUMBER_MARK: char = '\u{2}';
/// Most groups of digits of a number.
const GROUPS: usize = 8;
/// Most signs between two groups.
const GAP: usize = 3;
/// Most digits (ITU-T E.164 6.2), and fewest where a sign says that it is international.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// Fewest digits, a national zero included, where none does.
const FEWEST: usize = 9;

/// A number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// The first byte of its digits.
    pub(super) start: usize,
    /// The byte after it.
    pub(super) end: usize,
    writing: Writing,
}

/// How a number is written, with the digits that count.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Writing {
    /// With `+` or `00`; those of the country included.
    International(String),
    /// With a zero; without it.
    National(String),
    /// With neither.
    Bare(String),
}

impl Number {
    /// The tokens of a text with it.
    pub(super) fn kept(&self) -> Vec<String> {
        match &self.writing {
            Writing::International(digits) => vec![token('i', digits), token('s', subscriber(digits))],
            Writing::National(digits) => vec![token('n', digits)],
            Writing::Bare(digits) => {
                vec![token('i', digits), token('n', digits), token('s', subscriber(digits))]
            }
        }
    }

    /// The tokens of which texts with the same number have one.
    pub(super) fn sought(&self) -> Vec<String> {
        match &self.writing {
            Writing::International(digits) => vec![token('i', digits), token('n', subscriber(digits))],
            Writing::National(digits) => vec![token('n', digits), token('s', digits)],
            Writing::Bare(digits) => {
                let own = ['i', 'n', 's'].map(|kind| token(kind, digits));
                own.into_iter().chain([token('n', subscriber(digits))]).collect()
            }
        }
    }
}

/// The numbers in a text, in the order of their starts. Few of its groups are in memory at a time.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = Number> + '_ {
    let mut groups = Groups::new(text);
    let mut ahead: VecDeque<Group> = VecDeque::new();
    let mut found: VecDeque<Number> = VecDeque::new();
    std::iter::from_fn(move || {
        while found.is_empty() {
            ahead.extend(groups.by_ref().take(GROUPS - ahead.len()));
            let first = ahead.front()?;
            if first.may_begin(text) {
                found.extend(beginnings(text, &ahead));
            }
            ahead.pop_front();
        }
        found.pop_front()
    })
}

/// The number that `text` is as a whole, if it is one.
pub(super) fn number(text: &str) -> Option<Number> {
    let text = text.trim();
    let is_sign = |c: char| c.is_ascii_digit() || is_separator(c) || c == '+';
    if !text.chars().all(is_sign) || !text.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let groups: VecDeque<Group> = Groups::new(text).take(GROUPS + 1).collect();
    let is_one = groups.iter().skip(1).all(|group| group.follows) && groups.len() <= GROUPS;
    beginnings(text, &groups).pop().filter(|number| is_one && number.end == text.len())
}

/// Each number that begins with the first of `groups`.
fn beginnings(text: &str, groups: &VecDeque<Group>) -> Vec<Number> {
    let Some(first) = groups.front() else { return Vec::new() };
    let own = groups.iter().enumerate().take_while(|(n, group)| *n == 0 || group.follows).map(|(_, group)| group);
    let (mut digits, mut found) = (String::new(), Vec::new());
    let is_international = first.plus || first.text(text).starts_with("00");
    for group in own {
        // `+49 (0)171`: the zero is for callers in the country.
        if is_international && group.is_in_parentheses && group.text(text) == "0" {
            continue;
        }
        digits.push_str(group.text(text));
        if digits.len() > DIGITS.end() + 2 {
            break;
        }
        if let Some(writing) = Writing::of(&digits, first.plus) {
            found.push(Number { start: first.start, end: group.end, writing });
        }
    }
    found
}

impl Writing {
    fn of(digits: &str, plus: bool) -> Option<Self> {
        let international = if plus { Some(digits) } else { digits.strip_prefix("00") };
        if let Some(international) = international {
            let is_one = DIGITS.contains(&international.len()) && !international.starts_with('0');
            return is_one.then(|| Self::International(international.to_owned()));
        }
        if !(FEWEST..=*DIGITS.end()).contains(&digits.len()) {
            return None;
        }
        Some(match digits.strip_prefix('0') {
            Some(national) => Self::National(national.to_owned()),
            None => Self::Bare(digits.to_owned()),
        })
    }
}

fn token(kind: char, digits: &str) -> String {
    format!("{NUMBER_MARK}{kind}{digits}")
}

/// The digits behind the country code, without the zero that Italy keeps there.
fn subscriber(digits: &str) -> &str {
    const TWO: [&str; 43] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95",
    ];
    let code = match digits.get(..2) {
        Some(two) if two.starts_with(['1', '7']) => 1,
        Some(two) if TWO.contains(&two) || two == "98" => 2,
        _ => 3,
    };
    digits.get(code..).unwrap_or_default().trim_start_matches('0')
}

/// Digits next to each other.
#[derive(Debug, Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
    /// Whether a plus stands directly before.
    plus: bool,
    is_in_parentheses: bool,
    /// Whether nothing but what separates the groups of a number stands between the one before and this.
    follows: bool,
}

impl Group {
    fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    fn may_begin(&self, text: &str) -> bool {
        self.plus || !self.follows || self.text(text).starts_with('0')
    }
}

/// The groups of digits of a text; those that are part of a word are none.
struct Groups<'t> {
    text: &'t str,
    /// What is left begins here.
    at: usize,
    /// The end of the group before, if nothing came between but groups.
    last_end: Option<usize>,
}

impl<'t> Groups<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0, last_end: None }
    }

    fn follows(&self, start: usize) -> bool {
        let between = self.last_end.and_then(|end| self.text.get(end..start));
        between.is_some_and(|signs| signs.chars().all(is_separator) && signs.chars().nth(GAP).is_none())
    }
}

impl Iterator for Groups<'_> {
    type Item = Group;

    fn next(&mut self) -> Option<Group> {
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            let start = self.at + rest.iter().position(u8::is_ascii_digit)?;
            let digits = self.text.as_bytes().get(start..)?;
            let end = start + digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
            self.at = end;
            let before = self.text.get(..start)?.chars().next_back().unwrap_or(' ');
            let after = self.text.get(end..)?.chars().next().unwrap_or(' ');
            if before.is_alphanumeric() || after.is_alphanumeric() {
                self.last_end = None;
                continue;
            }
            let follows = self.follows(start);
            self.last_end = Some(end);
            let is_in_parentheses = before == '(' && after == ')';
            return Some(Group { start, end, plus: before == '+', is_in_parentheses, follows });
        }
    }
}

fn is_separator(sign: char) -> bool {
    matches!(sign, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{202f}' | '\u{2010}'..='\u{2015}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a query of one writing finds a text with the other.
    fn finds(query: &str, text: &str) -> bool {
        let sought = number(query).expect(query).sought();
        numbers(text).flat_map(|number| number.kept()).any(|token| sought.contains(&token))
    }

    #[test]
    fn writings_of_one_number_find_each_other() {
        for writings in [
            &[
                "+49 171 1234567",
                "0171/1234567",
                "00491711234567",
                "+49 (0)171-1234567",
                "491711234567",
                "0171 123 45 67",
            ][..],
            &["+48 555 010 001", "555-010-001", "0048555010001", "48555010001"],
            &["+1 (555) 010-0014", "(555) 010-0014", "555.010.0014", "0015550100014"],
            &["+39 06 12345678", "06 12345678", "003906 12345678"],
            &["+44 20 7946 0958", "(020) 7946 0958", "020\u{a0}7946\u{2011}0958"],
        ] {
            for (query, text) in writings.iter().flat_map(|query| writings.iter().map(move |text| (query, text))) {
                for around in ["", "call ", "(Tel.: ", "3 times. "] {
                    assert!(finds(query, &format!("{around}{text}, or later")), "{query} in {around}{text}");
                }
                assert!(
                    finds(query, &format!("12 {text} 2024-05-01")) || !text.starts_with(['0', '+']),
                    "{query} {text}"
                );
            }
        }
    }

    #[test]
    fn other_numbers_are_others() {
        for (query, text) in [
            ("+49 171 1234567", "+48 171 1234567"),
            ("+49 171 1234567", "0171 1234568"),
            ("0171 1234567", "0172 1234567"),
            ("+49 171 1234567", "49 171 123456"),
        ] {
            assert!(!finds(query, text) && !finds(text, query), "{query} {text}");
        }
        for text in ["x48555010001", "48555010001x", "48 555 010\n001", "48 555, 010 001", "48 555 - - 010 001"] {
            assert!(!finds("+48 555 010 001", text), "{text}");
        }
        for text in ["2024-01-31", "1,234,567,890", "12.05.2024", "10:30", "0171", "word", "", "+", "1234567890123456"]
        {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn many_groups_are_many_short_numbers_at_most() {
        let text = "0 ".repeat(100_000);
        assert!(numbers(&text).count() <= 100_000 * GROUPS);
        assert!(numbers(&"1".repeat(1_000_000)).next().is_none());
    }

    proptest! {
        #[test]
        fn any_number_is_found_in_any_writing(
            country in prop::sample::select(vec!["1", "7", "49", "48", "44", "852", "353", "98"]),
            subscriber in "[1-9][0-9]{7,9}",
            cuts in prop::collection::vec(1_usize..4, 6),
            signs in prop::collection::vec(prop::sample::select(vec!["", " ", "-", "/", ".", " / "]), 6),
            forms in (0_usize..4, 0_usize..4),
            around in "[a-z,;: ]{0,6}",
        ) {
            let mut grouped = String::new();
            let mut rest = subscriber.as_str();
            for (cut, sign) in cuts.iter().zip(&signs) {
                if rest.len() > *cut + 2 {
                    let (group, more) = rest.split_at(*cut);
                    grouped.push_str(group);
                    grouped.push_str(sign);
                    rest = more;
                }
            }
            grouped.push_str(rest);
            let plain = subscriber.clone();
            let write = |form: usize, body: &str| match form {
                0 => format!("+{country} {body}"),
                1 => format!("00{country}{body}"),
                2 => format!("0{body}"),
                _ => format!("{country}{plain}"),
            };
            let (query, text) = (write(forms.0, &plain), write(forms.1, &grouped));
            prop_assert!(finds(&query, &format!("{around} {text};{around}")), "{query} in {text}");
            let query = write(forms.0, &grouped);
            if number(&query).is_some() {
                prop_assert!(finds(&query, &write(forms.1, &plain)), "{query} in {text}");
            }
        }

        #[test]
        fn no_text_is_too_strange(text in "[+0-9 ()/.\u{a0}\u{e9}a-]{0,200}") {
            for number in numbers(&text) {
                prop_assert!(text.get(number.start..number.end).is_some());
            }
            let _ = number(&text);
        }
    }
}
