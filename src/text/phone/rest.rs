//! What surely is only the rest of a number that names its country, and so no number of its own.
//!
//! A plus says it of all that goes on with the number. Two zeros and digits like those of a country may also number a row
//! or a list, or end a time or an amount. They are the country's for sure if the zero of national numbers stands in
//! parentheses directly behind, or if the number goes on in one writing without a zero. Wherever that is in doubt, both
//! readings are kept: a number that is found too often does less harm than one that is missed.

use std::collections::VecDeque;

use super::super::digit::decimal;
use super::super::ignorable::is_ignorable;
use super::groups::{Group, plain};
use super::writing::is_country_code;

/// Most groups of two zeros and a country code.
const CODE_GROUPS: usize = 4;
/// Fewest digits in one group that are rather a number with its own country code than the rest of one.
const INTERNATIONAL: usize = 11;

/// The first bytes of the groups that begin no number which ends where one ends that begins with the first of `groups`.
pub(super) fn rests(text: &str, groups: &VecDeque<Group>) -> Vec<usize> {
    if groups.front().is_some_and(|first| first.plus) {
        return groups.iter().skip(1).take_while(|group| group.goes_on()).map(|group| group.start).collect();
    }
    let Some((length, mut last)) = code(text, groups) else { return Vec::new() };
    let mut row = groups.iter().skip(length).take_while(|group| group.goes_on()).peekable();
    let trunk = row.next_if(|group| is_trunk(text, last, group));
    let mut rests = Vec::new();
    if let Some(trunk) = trunk {
        rests.push(trunk.start);
        last = trunk;
    }
    for group in row {
        let signs = between(text, last, group);
        let behind_trunk = signs.strip_prefix(')').filter(|_| last.is_in_parentheses && trunk.is_some());
        let is_one = behind_trunk.map_or(is_joint(&signs), |signs| signs.is_empty() || is_joint(signs));
        if !is_one || begins_with_zero(text, group) {
            break;
        }
        if trunk.is_some() || group.digits(text).count() < INTERNATIONAL {
            rests.push(group.start);
        }
        last = group;
    }
    rests
}

/// How many groups are two zeros and a country code, and the last of these.
fn code<'g>(text: &str, groups: &'g VecDeque<Group>) -> Option<(usize, &'g Group)> {
    let first = groups.front().filter(|first| is_unmarked(text, first.start))?;
    let mut digits: String = first.digits(text).collect();
    let mut last = first;
    for length in 1..=CODE_GROUPS {
        if is_country_code(digits.strip_prefix("00")?) {
            return Some((length, last));
        }
        let goes_on = |next: &&Group| next.goes_on() && is_joint(&between(text, last, next));
        let next = groups.get(length).filter(goes_on).filter(|next| !begins_with_zero(text, next))?;
        digits.extend(next.digits(text));
        last = next;
    }
    None
}

/// Whether nothing directly before says that digits number something, or belong to digits before.
fn is_unmarked(text: &str, start: usize) -> bool {
    let mut before = text.get(..start).unwrap_or_default().chars().rev().filter(|c| !is_ignorable(*c)).map(plain);
    match before.next() {
        None | Some('(') => true,
        Some(':' | ';' | ',' | '.' | '/' | '=' | '-' | '"' | '\'') => {
            before.next().is_none_or(|c| decimal(c).is_none())
        }
        Some(c) => c.is_whitespace(),
    }
}

/// Whether a group behind a country code begins with the zero for callers in the country, in parentheses: `0049 (0)171`,
/// `0049(0171)`. A number behind that of a row may have its area in parentheses, too: `0049 (0171)`.
fn is_trunk(text: &str, code: &Group, group: &Group) -> bool {
    let signs = between(text, code, group);
    let is_near = match group.digits(text).nth(1) {
        None => signs.strip_suffix('(').is_some_and(|signs| signs.is_empty() || is_joint(signs)),
        Some(second) => second != '0' && signs == "(",
    };
    is_near && group.is_in_parentheses && begins_with_zero(text, group)
}

fn begins_with_zero(text: &str, group: &Group) -> bool {
    group.digits(text).next() == Some('0')
}

/// The signs between two groups that can be seen, in ASCII where they have such forms.
fn between(text: &str, last: &Group, next: &Group) -> String {
    text.get(last.end..next.start).unwrap_or_default().chars().filter(|c| !is_ignorable(*c)).map(plain).collect()
}

/// Whether signs are one blank or hyphen.
fn is_joint(signs: &str) -> bool {
    matches!(signs, " " | "\u{a0}" | "\u{202f}" | "-" | "\u{2010}" | "\u{2011}")
}
