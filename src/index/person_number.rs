//! The keys by which people are found by number in any writing (see [`crate::text::phone`]).

use crate::model::Participant;
use crate::text::phone::{Form, Writing, account, beginning, is_sign, number, numbers};

use super::key::{PersonKey, digits};

/// Fewest digits of a number in a query; fewer are taken as a name only.
const MIN_DIGITS: usize = 4;

/// The keys of a person: of the number, and of whatever in the display name and before the `@` could be one.
pub(super) fn kept(person: &Participant) -> Vec<(PersonKey, String)> {
    let local = person.address.rsplit_once('@').map_or(person.address.as_str(), |(local, _)| local);
    let alone = [local, person.name.rsplit(' ').next().unwrap_or_default()];
    let alone = alone.into_iter().map(|word| word.strip_prefix('+').unwrap_or(word)).filter(|word| is_account(word));
    let mut keys: Vec<_> = person.number.as_deref().into_iter().chain(alone).flat_map(keys_of_account).collect();
    for number in numbers(&person.name) {
        let extension = number.extension.as_ref().map(|extension| format!("#{extension}")).unwrap_or_default();
        keys.push((PersonKey::Number, number.writing.dialled() + &extension));
        keys.extend(keys_kept(number.kept()));
    }
    unique(keys)
}

/// Whether a word is the number of an account (ITU-T E.164 6.2; fewer than seven digits are an extension or a year).
fn is_account(word: &str) -> bool {
    (7..=15).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The keys of a number that is kept as digits without plus, at times with a national zero, or with `00`.
fn keys_of_account(number: &str) -> Vec<(PersonKey, String)> {
    let digits = plain(number);
    let kept: Vec<_> = account(&digits).iter().flat_map(|writing| keys_kept(writing.kept())).collect();
    std::iter::once((PersonKey::Number, digits)).chain(kept).collect()
}

/// The keys of a number beside that of its digits as they are dialled.
fn keys_kept(forms: impl IntoIterator<Item = (Form, String)>) -> Vec<(PersonKey, String)> {
    let key = |(form, digits)| match form {
        Form::International => Some((PersonKey::Number, digits)),
        Form::Subscriber => Some((PersonKey::Subscriber, digits)),
        // That of a national number is the number itself.
        Form::National => None,
    };
    forms.into_iter().filter_map(key).collect()
}

/// The keys of whom the value of a query means, or their beginnings; none if it is no number.
pub(super) fn sought(value: &str, is_beginning: bool) -> Vec<(PersonKey, String)> {
    let whole = number(value).filter(|_| !is_beginning);
    if let Some(whole) = whole.as_ref().filter(|_| !value.chars().all(is_sign)) {
        return unique(whole.sought().flat_map(keys_of).collect());
    }
    let all = digits(value);
    if all.len() < MIN_DIGITS || !value.chars().all(is_sign) {
        return Vec::new();
    }
    let Some(first) = beginning(value) else { return vec![(PersonKey::Number, all)] };
    let mut keys = vec![(PersonKey::Number, first.dialled())];
    match (whole, first) {
        (Some(whole), _) => keys.extend(whole.sought().flat_map(keys_of)),
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
