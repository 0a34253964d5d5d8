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
//! if it has a plus or a zero, is a number alone, or if what stands before it may number a list.

mod groups;
mod writing;

use std::collections::VecDeque;

use groups::{Group, Groups};

pub use groups::is_sign;
pub use writing::{Form, Writing};

/// Most groups of digits of a number.
const GROUPS: usize = 8;

/// A number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The first byte of its digits.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
    /// How it is written.
    pub writing: Writing,
}

/// The numbers in a text, in the order of their starts. Few of its groups are in memory at a time.
pub fn numbers(text: &str) -> impl Iterator<Item = Number> + '_ {
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

/// How `text` writes the number that it is as a whole, if it is one.
pub fn number(text: &str) -> Option<Writing> {
    let text = text.trim();
    let groups = groups_of(text)?;
    beginnings(text, &groups).pop().filter(|number| number.end == text.len()).map(|number| number.writing)
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
    let groups: VecDeque<Group> = Groups::new(text).take(GROUPS + 1).collect();
    let is_one = groups.len() <= GROUPS && groups.iter().skip(1).all(|group| group.follows() && !group.plus);
    (is_one && text.chars().all(is_sign)).then_some(groups)
}

/// Each number that begins with the first of `groups`.
fn beginnings(text: &str, groups: &VecDeque<Group>) -> Vec<Number> {
    let Some(first) = groups.front() else { return Vec::new() };
    let own = joined(text, groups).take_while(|(digits, _)| !Writing::is_too_long(digits));
    let numbers = own.filter_map(|(digits, end)| {
        let writing = Writing::of(&digits, first.plus)?;
        Some(Number { start: first.start, end, writing })
    });
    numbers.collect()
}

/// The digits of the first group, of the first two and so on as far as they follow each other, with the byte after them.
fn joined<'a>(text: &'a str, groups: &'a VecDeque<Group>) -> impl Iterator<Item = (String, usize)> + use<'a> {
    let own = groups.iter().enumerate().take_while(|(n, group)| *n == 0 || group.follows());
    own.scan(String::new(), move |digits, (n, group)| {
        let is_international = groups.front().is_some_and(|first| first.plus) || digits.starts_with("00");
        // `+49 (0)171`, `+49 (0171)`: the zero is for callers in the country.
        let is_prefixed = n > 0 && is_international && group.is_in_parentheses;
        let own = group.digits(text).skip_while(|digit| is_prefixed && *digit == '0');
        digits.extend(own);
        Some((digits.clone(), group.end))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a query of one writing finds a text with the other.
    fn finds(query: &str, text: &str) -> bool {
        let sought = number(query).expect(query);
        numbers(text).any(|number| sought.is_same(&number.writing))
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
            &["+49 (0171) 1234567", "+49 0171 1234567", "+49\t171\u{2009}1234567", "0171\u{3000}1234567"],
            &["\u{ff0b}\u{ff14}\u{ff19} \u{ff11}\u{ff17}\u{ff11}\u{ff0d}1234567", "+491711234567"],
            &["+86 138 1234 5678", "13812345678", "\u{ff11}\u{ff13}\u{ff18}12345678"],
        ] {
            for (query, text) in writings.iter().flat_map(|query| writings.iter().map(move |text| (query, text))) {
                for around in ["", "call ", "(Tel.: ", "3 times. ", "3 ", "12. ", "2) ", "\u{7535}\u{8BDD}"] {
                    assert!(finds(query, &format!("{around}{text}, or later")), "{query} in {around}{text}");
                }
                assert!(finds(query, &format!("{text} 2024-05-01")), "{query} {text}");
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
        // Which of the groups of a row begins a number is not known.
        assert!(!finds("+48 555 010 001", "1234 555 010 001") && finds("+48 555 010 001", "1234 555010001"));
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
        fn no_text_is_too_strange(text in "[+0-9 ()/.\u{a0}\u{e9}\u{ff10}\u{ff0b}\u{ff08}\u{4e2d}a-]{0,200}") {
            for number in numbers(&text) {
                prop_assert!(text.get(number.start..number.end).is_some());
            }
            let _ = (number(&text), beginning(&text));
        }
    }
}
