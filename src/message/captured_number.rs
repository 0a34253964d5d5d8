//! The telephone numbers of people in chats that were made into mails.
//!
//! Only there does a number in a display name tell who somebody is: in other mail it may be that of a ticket or an order,
//! or anything else that a sender likes to be called.

use crate::model::Participant;
use crate::text::phone::{Number, Writing, numbers};

/// How the mails of a chat show the number of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// At the end of the display name, in any writing (`First Last Mobile`, as capturing services write it).
    InName,
    /// As digits at the end of the display name, or of an address that was made of it (see `converted::address`).
    AsDigits,
}

/// The digits of a participant's number, with a national zero if it is written so; `None` if none is shown.
pub(super) fn captured_number(participant: &Participant, shown: Shown) -> Option<String> {
    let in_name = || match shown {
        Shown::InName => name_and_number(&participant.name).map(|(_, number)| number),
        Shown::AsDigits => converted(&participant.name),
    };
    let (local, domain) = participant.address.rsplit_once('@').unwrap_or((&participant.address, ""));
    if shown == Shown::AsDigits && domain.to_ascii_lowercase().ends_with(".invalid") {
        // Of an id that is nothing but digits, only the address is made.
        let last = participant.name.rsplit(' ').next();
        return digits(local).filter(|digits| last == Some(digits));
    }
    in_name().or_else(|| digits(local))
}

/// The number in the local part of an address of ordinary mail, where a plus says that it is one: gateways to telephones
/// write `+15551234567@sms.example`.
pub(super) fn number_in_address(address: &str) -> Option<String> {
    let (local, _) = address.rsplit_once('@')?;
    local.starts_with('+').then(|| digits(local)).flatten()
}

/// Divides a display name from the telephone number at its end.
pub fn name_and_number(name: &str) -> Option<(&str, String)> {
    let whole = name.trim_end();
    let end = whole.trim_end_matches(')').len();
    let ends = |number: &Number| number.end == end && number.extension.is_none();
    let last: Vec<Number> = numbers(whole).filter(ends).collect();
    let Some(number) = chosen(whole, &last) else { return short_number(whole) };
    let before = whole.get(..number.start).unwrap_or_default();
    Some((before.trim_end_matches(['+', '\u{ff0b}', '(']).trim_end(), number.writing.dialled()))
}

/// Which of the numbers that end a name is meant, if it is not the last word alone. A name may end in digits itself:
/// `Agent 007 445204334324`.
fn chosen<'n>(name: &str, last: &'n [Number]) -> Option<&'n Number> {
    /// Fewest digits of one group that are taken for a number with its country code.
    const INTERNATIONAL: usize = 11;
    let has_plus = |number: &&Number| name.get(..number.start).is_some_and(|text| text.ends_with(['+', '\u{ff0b}']));
    let is_prefixed = |number: &&Number| !matches!(number.writing, Writing::Bare(_));
    let is_group = |number: &&Number| {
        let digits = name.get(number.start..number.end).unwrap_or_default();
        digits.chars().all(|c| c.is_ascii_digit())
    };
    let word = name.rsplit(char::is_whitespace).next().unwrap_or(name);
    let is_whole = word.len() >= INTERNATIONAL && word.bytes().all(|byte| byte.is_ascii_digit());
    let plus = last.iter().rev().find(has_plus);
    if is_whole && plus.is_none() {
        return last.last().filter(|number| number.end - number.start == word.len());
    }
    plus.or_else(|| last.last().filter(is_group).filter(|number| number.end - number.start >= INTERNATIONAL))
        .or_else(|| last.iter().find(is_prefixed))
        .or_else(|| last.last().filter(is_group))
        .or_else(|| last.first())
}

/// A last word that has too few digits to be a number anywhere else.
fn short_number(name: &str) -> Option<(&str, String)> {
    let (before, word) = name.rsplit_once(char::is_whitespace).unwrap_or(("", name));
    Some((before.trim_end(), digits(word)?))
}

/// The last word of a converted name, or all of a name that is nothing but a number.
fn converted(name: &str) -> Option<String> {
    let is_whole = name.starts_with('+');
    let whole = is_whole.then(|| crate::text::phone::number(name)).flatten();
    whole.map(|number| number.writing.dialled()).or_else(|| name.rsplit(' ').next().and_then(digits))
}

/// E.164 numbers have at most 15 digits; fewer than 7 are an extension, a year or a short code.
fn digits(word: &str) -> Option<String> {
    let digits = word.strip_prefix('+').unwrap_or(word);
    let is_number = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;

    fn person(name: &str, address: &str) -> Participant {
        Participant { role: Role::From, name: name.to_owned(), address: address.to_owned(), number: None, id: None }
    }

    #[test]
    fn the_whole_number_at_the_end_of_a_name_is_taken() {
        for (name, expected) in [
            ("Susan Hart 445204334324", Some(("Susan Hart", "445204334324"))),
            ("445204334324", Some(("", "445204334324"))),
            ("Susan Hart +49 171 1234567", Some(("Susan Hart", "491711234567"))),
            ("+44 (0)7700 900102", Some(("", "447700900102"))),
            ("Hart, Susan (+44 7700 900102)", Some(("Hart, Susan", "447700900102"))),
            ("Susan 0044 7700 900102", Some(("Susan", "447700900102"))),
            ("Susan 0044 7700900102", Some(("Susan", "447700900102"))),
            ("Susan 07700 900102", Some(("Susan", "07700900102"))),
            ("Susan 44 7700 900102", Some(("Susan", "447700900102"))),
            ("Susan (617) 435-4634", Some(("Susan", "6174354634"))),
            ("Agent 7 445204334324", Some(("Agent 7", "445204334324"))),
            ("Agent 007 445204334324", Some(("Agent 007", "445204334324"))),
            ("Agent 7 +44 5204 334324", Some(("Agent 7", "445204334324"))),
            ("Agent 7 07700 900102", Some(("Agent 7", "07700900102"))),
            ("+49 171 1234567 491711234567", Some(("+49 171 1234567", "491711234567"))),
            ("\u{674e}\u{534e}8613812345678", Some(("\u{674e}\u{534e}", "8613812345678"))),
            ("Ann 1234567", Some(("Ann", "1234567"))),
            ("Ann 2024", None),
            ("445204334324 Susan", None),
            ("AB445204334324", None),
            ("Ann 1234567890123456", None),
            ("", None),
        ] {
            let found = name_and_number(name);
            assert_eq!(found.as_ref().map(|(name, number)| (*name, number.as_str())), expected, "{name}");
        }
    }

    #[test]
    fn the_name_says_more_than_an_address_that_was_given() {
        use Shown::{AsDigits, InName};
        for (name, address, shown, expected) in [
            ("Susan Hart 445204334324", "12345678@firm.example", InName, Some("445204334324")),
            ("Susan Hart", "16174354634@sms.example", InName, Some("16174354634")),
            ("Agent 7 4912345", "a@firm.example", AsDigits, Some("4912345")),
            ("Agent 7 491234567", "a@firm.example", AsDigits, Some("491234567")),
            ("+49 171 1234567", "a@firm.example", AsDigits, Some("491711234567")),
            ("+49 171 1234567 491711234567", "a@firm.example", AsDigits, Some("491711234567")),
            ("Ticket 4812345678", "u77@whatsapp.invalid", AsDigits, None),
            ("Ann 445204334324", "445204334324@whatsapp.invalid", AsDigits, Some("445204334324")),
            ("Li", "13812345678@wecom.invalid", AsDigits, None),
            ("Ann", "ann@firm.example", AsDigits, None),
        ] {
            let found = captured_number(&person(name, address), shown);
            assert_eq!(found.as_deref(), expected, "{name} <{address}>");
        }
    }

    #[test]
    fn an_address_is_a_number_where_it_says_so() {
        for (address, expected) in [
            ("+15551234567@sms.example", Some("15551234567")),
            ("4812345678@uni.example", None),
            ("+15551234567", None),
            ("+a@sms.example", None),
        ] {
            assert_eq!(number_in_address(address).as_deref(), expected, "{address}");
        }
    }
}
