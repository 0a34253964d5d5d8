//! The keys by which people are found by number in any writing (see [`crate::text::phone`]).

use crate::text::phone::{Form, Writing, account, beginning, is_sign, number};

use super::key::{PersonKey, digits};

/// Fewest digits of a number in a query; fewer are taken as a name only.
const MIN_DIGITS: usize = 4;

/// The keys of a person whose number is kept as `number`: digits without plus, at times with a national zero, or with `00`.
pub(super) fn kept(number: &str) -> Vec<(PersonKey, String)> {
    let digits = plain(number);
    let mut keys = vec![(PersonKey::Number, digits.clone())];
    for (form, digits) in account(&digits).iter().flat_map(Writing::kept) {
        match form {
            Form::International => keys.push((PersonKey::Number, digits)),
            Form::Subscriber => keys.push((PersonKey::Subscriber, digits)),
            // That of a national number is the number itself.
            Form::National => {}
        }
    }
    unique(keys)
}

/// The keys of whom the value of a query means, or their beginnings; none if it is no number.
pub(super) fn sought(value: &str, is_beginning: bool) -> Vec<(PersonKey, String)> {
    let all = digits(value);
    if all.len() < MIN_DIGITS || !value.chars().all(is_sign) {
        return Vec::new();
    }
    let Some(first) = beginning(value) else { return vec![(PersonKey::Number, all)] };
    let mut keys = vec![(PersonKey::Number, first.dialled())];
    match (number(value).filter(|_| !is_beginning), first) {
        (Some(whole), _) => keys.extend(whole.sought().into_iter().flat_map(keys_of)),
        (None, Writing::National(digits)) if is_beginning => keys.push((PersonKey::Subscriber, digits)),
        (None, _) => {}
    }
    unique(keys)
}

/// The keys of those who have a number of this form.
fn keys_of((form, digits): (Form, String)) -> Vec<(PersonKey, String)> {
    match form {
        Form::International => vec![(PersonKey::Number, digits)],
        Form::National => vec![(PersonKey::Number, format!("0{digits}")), (PersonKey::Number, digits)],
        Form::Subscriber => vec![(PersonKey::Subscriber, digits)],
    }
}

/// The digits of a number that is kept, without the `00` that stands for plus (ITU-T E.123).
pub(super) fn plain(number: &str) -> String {
    let all = digits(number);
    let international = all.strip_prefix("00").filter(|rest| rest.starts_with(|c| matches!(c, '1'..='9')));
    international.map_or_else(|| all.clone(), str::to_owned)
}

fn unique(keys: Vec<(PersonKey, String)>) -> Vec<(PersonKey, String)> {
    let mut unique = Vec::new();
    for key in keys {
        if !key.1.is_empty() && !unique.contains(&key) {
            unique.push(key);
        }
    }
    unique
}
