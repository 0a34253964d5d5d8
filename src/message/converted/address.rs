//! Participants as mail addresses.

use super::header_value::phrase;
use super::record::Person;
use crate::message::captured_number::{Shown, captured_number};
use crate::message::participants::collapsed;
use crate::model::{Participant, Role};

/// Longest local part (RFC 5321 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// `First Last 445204334324 <address>`.
pub(super) fn mailbox(person: &Person, platform: &str) -> String {
    let display = display(person);
    let address = address(person, platform);
    if display.is_empty() { format!("<{address}>") } else { format!("{} <{address}>", phrase(&display)) }
}

fn display(person: &Person) -> String {
    let name = [person.name.as_str(), person.number.as_str()].into_iter().filter(|text| !text.is_empty());
    name.collect::<Vec<_>>().join(" ")
}

/// Whether the mail shows no other number than the person's. Who has nothing but a name may have a number for it.
pub(super) fn shows_number(person: &Person, platform: &str) -> bool {
    if person.address.is_empty() && person.id.is_empty() {
        return true;
    }
    let (name, address) = (collapsed(&display(person)), address(person, platform));
    let read = Participant { role: Role::From, name, address, number: None, id: None };
    captured_number(&read, Shown::AsDigits).is_none_or(|shown| shown == person.number)
}

/// The platform itself, as the sender of its own events.
pub(super) fn platform_mailbox(display: &str, platform: &str) -> String {
    format!("{} <{platform}@{platform}.invalid>", phrase(display))
}

/// Whether the address shows the person's id, so that it need not be kept elsewhere.
pub(super) fn shows_id(person: &Person) -> bool {
    person.id.is_empty()
        || (person.address.is_empty() && person.number.is_empty() && escaped(&person.id).len() <= MAX_LOCAL)
}

fn address(person: &Person, platform: &str) -> String {
    if !person.address.is_empty() {
        return person.address.clone();
    }
    let key = [&person.number, &person.id, &person.name].into_iter().find(|text| !text.is_empty());
    let mut local = key.map(|key| escaped(key)).unwrap_or_default();
    if local.len() > MAX_LOCAL {
        let digest = blake3::hash(local.as_bytes()).to_hex();
        // An escape may be cut in two here; the digest alone makes the address unique.
        local.truncate(MAX_LOCAL - 33);
        local.push('-');
        local.push_str(digest.get(..32).unwrap_or_default());
    }
    format!("{local}@{platform}.invalid")
}

/// The key of a person in the local part of an address that was made of it; `None` where it was shortened.
pub(in crate::message) fn shown_key(local: &str) -> Option<String> {
    let digest = local.get(MAX_LOCAL - 33..).and_then(|rest| rest.strip_prefix('-')).filter(|rest| rest.len() == 32);
    if digest.is_some_and(|digest| digest.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return None;
    }
    let mut pieces = local.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(piece.get(..2)?, 16).ok()?);
        bytes.extend_from_slice(piece.get(2..)?.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// Letters, digits and `_`, `-`, inner single `.`; all other bytes as `%XX`.
fn escaped(key: &str) -> String {
    let mut local = String::with_capacity(key.len());
    for (at, byte) in key.bytes().enumerate() {
        let inner_dot = byte == b'.' && at > 0 && at + 1 < key.len() && !local.ends_with('.');
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || inner_dot {
            local.push(char::from(byte));
        } else {
            local.push('%');
            local.extend([byte >> 4, byte & 15].iter().filter_map(|digit| char::from_digit(u32::from(*digit), 16)));
        }
    }
    local
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, number: &str, address: &str, id: &str) -> Person {
        Person { name: name.into(), number: number.into(), address: address.into(), id: id.into() }
    }

    #[test]
    fn everybody_gets_an_address() {
        for (person, expected) in [
            (person("Susan Hart", "445204334324", "s@example.com", ""), "Susan Hart 445204334324 <s@example.com>"),
            (person("", "445204334324", "", ""), "445204334324 <445204334324@sms.invalid>"),
            (person("Li Wei", "", "", "wxid_a b"), "Li Wei <wxid_a%20b@sms.invalid>"),
            (person("Mum", "", "", ""), "Mum <Mum@sms.invalid>"),
            (person("", "", "", ".a..b."), "<%2ea.%2eb%2e@sms.invalid>"),
            (person("\u{e9}", "", "", ""), "=?utf-8?B?w6k=?= <%c3%a9@sms.invalid>"),
            (person("a\r\n<x@y>", "", "", ""), "=?utf-8?B?YQ0KPHhAeT4=?= <a%0d%0a%3cx%40y%3e@sms.invalid>"),
        ] {
            assert_eq!(mailbox(&person, "sms"), expected);
        }
        for key in ["wxid_a b", ".a..b.", "\u{e9}%20", "a\r\n<x@y>", &"x".repeat(64), ""] {
            assert_eq!(shown_key(&escaped(key)).as_deref(), Some(key));
        }
        for local in ["%", "%e", "%zz", "%c3", "%\u{e9}"] {
            assert_eq!(shown_key(local), None, "{local}");
        }
        let long = address(&person(&"x".repeat(1000), "", "", ""), "sms");
        assert_eq!(shown_key(long.split_once('@').unwrap().0), None);
        assert_eq!(long.find('@'), Some(MAX_LOCAL));
        assert_ne!(long, address(&person(&"x".repeat(1001), "", "", ""), "sms"));
    }
}
