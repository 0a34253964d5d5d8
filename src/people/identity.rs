//! By what else a person of the directory may be named in messages.

use super::{normalize_address, normalize_phone};
use crate::model::Mailbox;
use crate::text::phone::{Writing, number};

/// The mailboxes that a value names as a whole: by address, alias, phone number in any writing, display name, or by what
/// stands before the `@` of an address. Never by a part of a name or by a domain. All of them where several are named alike.
pub fn named_by<'m>(value: &str, mailboxes: &'m [Mailbox]) -> Vec<&'m Mailbox> {
    let value = value.trim();
    let inner = value.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inner, _)| inner);
    let value = inner.filter(|inner| inner.contains('@')).unwrap_or(value);
    if value.is_empty() {
        return Vec::new();
    }
    let (address, phone) = (normalize_address(value).ok(), normalize_phone(value).ok());
    let writing = number(value).filter(|number| number.extension.is_none()).map(|number| number.writing);
    let has_number = |known: &String| {
        let international = Writing::International(known.clone());
        phone.as_ref() == Some(known) || writing.as_ref().is_some_and(|writing| writing.is_same(&international))
    };
    let plain = plain(value);
    let is_named = |mailbox: &&Mailbox| {
        let mut addresses = std::iter::once(&mailbox.address).chain(&mailbox.aliases);
        let local = |known: &str| known.rsplit_once('@').is_some_and(|(local, _)| local.to_lowercase() == plain);
        addresses.any(|known| Some(known) == address.as_ref() || local(known))
            || mailbox.phones.iter().any(has_number)
            || self::plain(&mailbox.display_name) == plain
    };
    mailboxes.iter().filter(is_named).collect()
}

/// What a mailbox is named by: address, aliases, phone numbers with `+`, display name.
pub fn names(mailbox: &Mailbox) -> Vec<String> {
    let addresses = std::iter::once(&mailbox.address).chain(&mailbox.aliases).cloned();
    let phones = mailbox.phones.iter().map(|phone| format!("+{phone}"));
    let display = mailbox.display_name.split_whitespace().collect::<Vec<_>>().join(" ");
    addresses.chain(phones).chain(Some(display).filter(|name| !name.is_empty())).collect()
}

/// Without case and with single blanks.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{MailboxNo, UtcTime};

    fn mailbox(no: u32, address: &str, name: &str, aliases: &[&str], phones: &[&str]) -> Mailbox {
        Mailbox {
            no: MailboxNo(no),
            address: address.to_owned(),
            display_name: name.to_owned(),
            aliases: aliases.iter().map(ToString::to_string).collect(),
            phones: phones.iter().map(ToString::to_string).collect(),
            attributes: BTreeMap::new(),
            active: true,
            created_at: UtcTime(0),
        }
    }

    #[test]
    fn a_value_names_whom_it_fits_as_a_whole() {
        let all = [
            mailbox(1, "ann@firm.example", "Ann  Novak", &["a.novak@old.example"], &["48555010001"]),
            mailbox(2, "ben@firm.example", "Ann Novak", &[], &[]),
            mailbox(3, "ann@other.example", "", &[], &[]),
        ];
        for (value, expected) in [
            ("ANN@firm.example", vec![1]),
            ("A.Novak@old.example", vec![1]),
            ("Somebody <ann@firm.example>", vec![1]),
            ("a.novak", vec![1]),
            ("ann", vec![1, 3]),
            ("ann novak", vec![1, 2]),
            ("+48 555 010 001", vec![1]),
            ("+48 (0)555 010 001", vec![1]),
            ("0048555010001", vec![1]),
            ("0555 010 001", vec![1]),
            ("555010001", vec![1]),
            ("48555010001", vec![1]),
            ("+49 555 010 001", vec![]),
            ("555010002", vec![]),
            ("010001", vec![]),
            ("novak", vec![]),
            ("firm.example", vec![]),
            ("@firm.example", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<u32> = named_by(value, &all).iter().map(|mailbox| mailbox.no.0).collect();
            assert_eq!(found, expected, "{value}");
        }
        let names = names(&all[0]);
        assert_eq!(names, ["ann@firm.example", "a.novak@old.example", "+48555010001", "Ann Novak"]);
    }
}
