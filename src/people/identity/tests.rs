//! A name finds whom a search through all mailboxes and ids would find, and gives all their names.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::model::{Actor, UtcTime};
use crate::people::{Directory, read_mapping};

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

/// The rows of a mapping file.
fn mapped(rows: &str) -> Vec<MappedId> {
    let file = read_mapping(format!("id,mailbox\n{rows}").as_bytes(), "GB".parse().ok());
    assert!(!file.is_refused(), "{:?}", file.issues);
    let row = |row: crate::people::MappingRow| MappedId {
        key: row.key,
        id: row.id,
        mailbox: row.mailbox,
        imported_at: UtcTime(0),
        imported_by: Actor(String::new()),
    };
    file.rows.into_iter().map(row).collect()
}

/// Names and ids, none twice: a number of a mailbox is both.
fn shown(names: &PersonNames) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let all = names.names.iter().map(String::as_str).chain(names.ids.iter().map(|id| id.id.as_str()));
    all.filter(|name| seen.insert(*name)).collect()
}

#[test]
fn a_value_names_whom_it_fits_as_a_whole() {
    let all = [
        mailbox(1, "ann@firm.example", "Ann  Novak", &["a.novak@old.example"], &["48555010001"]),
        mailbox(2, "ben@firm.example", "Ann Novak", &[], &[]),
        mailbox(3, "ann@other.example", "", &[], &[]),
    ];
    let people = People::new(&all, mapped("wx_ann,a.novak@old.example\n07700 900123,ann@firm.example\nwx_cy,\n"));
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
        ("WX_Ann", vec![1]),
        ("+447700900123", vec![1]),
        ("447700900123@s.whatsapp.net", vec![1]),
        ("07700 900123", vec![1]),
        ("wx_cy", vec![]),
        ("wx", vec![]),
        ("+49 555 010 001", vec![]),
        ("555010002", vec![]),
        ("010001", vec![]),
        ("novak", vec![]),
        ("firm.example", vec![]),
        ("@firm.example", vec![]),
        ("", vec![]),
    ] {
        let found: Vec<u32> = people.mailboxes_of(value).iter().map(|no| no.0).collect();
        assert_eq!(found, expected, "{value}");
    }
    assert_eq!(
        shown(&people.names_of("wx_ann")),
        [
            "ann@firm.example",
            "a.novak@old.example",
            "+48555010001",
            "Ann Novak",
            "wx_ann",
            "+447700900123",
            "07700 900123"
        ]
    );
}

#[test]
fn an_address_that_is_no_mailbox_names_somebody_with_its_ids() {
    let people = People::new(&[], mapped("wx_ann,ann@firm.example\nli hua/7,ann@firm.example\n+15550100001,b@x.org\n"));
    for value in ["ann@firm.example", "wx_ann", "LI  hua/7", "ann"] {
        assert_eq!(shown(&people.names_of(value)), ["ann@firm.example", "wx_ann", "li hua/7"], "{value}");
        assert!(people.mailboxes_of(value).is_empty());
    }
}

#[test]
fn a_number_stands_for_its_account_unless_somebody_else_has_the_other_writing() {
    let ann = mailbox(1, "ann@firm.example", "", &[], &["525512345678"]);
    let people = People::new([&ann], mapped("+55 11 8765-4321,ann@firm.example\n"));
    let all = ["ann@firm.example", "+525512345678", "+551187654321", "+5215512345678", "+5511987654321"];
    for value in ["ann@firm.example", "+52 1 55 1234 5678", "+55 11 98765-4321"] {
        assert_eq!(shown(&people.names_of(value)), all, "{value}");
    }
    let ben = mailbox(2, "ben@firm.example", "", &[], &["5215512345678"]);
    let people = People::new([&ann, &ben], []);
    assert_eq!(shown(&people.names_of("ann@firm.example")), ["ann@firm.example", "+525512345678"]);
    assert_eq!(people.mailboxes_of("+52 55 1234 5678"), [MailboxNo(1)]);
    let people = People::new([&ann], mapped("+52 1 55 1234 5678,\n"));
    assert_eq!(shown(&people.names_of("ann@firm.example")), ["ann@firm.example", "+525512345678"]);
    assert!(people.mailboxes_of("+52 1 55 1234 5678").is_empty());
}

#[test]
fn a_number_of_a_mailbox_is_an_id_too() {
    let ann = mailbox(1, "ann@firm.example", "", &[], &["48555010001"]);
    let ids = People::new([&ann], []).names_of("ann@firm.example").ids;
    assert_eq!(ids, [number_id("48555010001")]);
    let twice = People::new([&ann], mapped("+48555010001,ann@firm.example\n")).names_of("ann@firm.example").ids;
    assert_eq!(twice.iter().collect::<HashSet<_>>().len(), 1);
}

/// Whom a value names, mailbox by mailbox and row by row: of each person the first address.
fn linear(value: &str, mailboxes: &[Mailbox], rows: &[MappedId]) -> BTreeSet<String> {
    let whole = value.trim();
    let inner = whole.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inner, _)| inner);
    let value = inner.filter(|inner| inner.contains('@')).unwrap_or(whole);
    if value.is_empty() {
        return BTreeSet::new();
    }
    let directory = Directory::new(mailboxes);
    let owner = |address: &String| match directory.find(address) {
        Some(no) => mailboxes.iter().find(|mailbox| mailbox.no == no).expect("it is one").address.clone(),
        None => address.clone(),
    };
    let mut numbers: Vec<(String, String)> = Vec::new();
    for mailbox in mailboxes {
        numbers.extend(mailbox.phones.iter().map(|phone| (phone.clone(), mailbox.address.clone())));
    }
    let owned = rows.iter().filter_map(|row| Some((row, owner(row.mailbox.as_ref()?))));
    let owned: Vec<(&MappedId, String)> = owned.collect();
    numbers.extend(owned.iter().filter_map(|(row, owner)| Some((number_of_key(&row.key)?.to_owned(), owner.clone()))));
    let (address, digits) = (normalize_address(value).ok(), account_number(value));
    let writing = number(value).filter(|number| number.extension.is_none()).map(|number| number.writing);
    let is_named = |known: &str| {
        let local = known.rsplit_once('@').map(|(local, _)| local.to_lowercase());
        address.as_deref() == Some(known) || local == Some(plain(value))
    };
    let mut found = BTreeSet::new();
    for mailbox in mailboxes {
        let named = is_named(&mailbox.address) || mailbox.aliases.iter().any(|alias| is_named(alias));
        if named || plain(&mailbox.display_name) == plain(value) {
            found.insert(mailbox.address.clone());
        }
    }
    for (row, owner) in &owned {
        let is_stranger = mailboxes.iter().all(|mailbox| mailbox.address != *owner);
        let is_id = [&row.key, &id_key(&row.id)].into_iter().any(|key| *key == id_key(whole));
        if is_id || (is_stranger && is_named(owner)) {
            found.insert(owner.clone());
        }
    }
    for (known, owner) in &numbers {
        let international = Writing::International(known.clone());
        let is_written = writing.as_ref().is_some_and(|writing| writing.is_same(&international));
        if digits.as_ref() == Some(known) || is_written {
            found.insert(owner.clone());
        }
    }
    if let Some(class) = digits.as_deref().and_then(equivalence_class) {
        let members = numbers.iter().filter(|(known, _)| equivalence_class(known).as_ref() == Some(&class));
        let owners: BTreeSet<&String> = members.map(|(_, owner)| owner).collect();
        let unarchived = rows.iter().filter(|row| row.mailbox.is_none()).filter_map(|row| number_of_key(&row.key));
        let is_nobodys = unarchived.filter_map(equivalence_class).any(|other| other == class);
        found.extend(owners.into_iter().filter(|_| !is_nobodys && owner_count(&numbers, &class) == 1).cloned());
    }
    found
}

fn owner_count(numbers: &[(String, String)], class: &str) -> usize {
    let members = numbers.iter().filter(|(known, _)| equivalence_class(known).as_deref() == Some(class));
    members.map(|(_, owner)| owner).collect::<BTreeSet<_>>().len()
}

const ADDRESSES: [&str; 6] = [
    "ann@firm.example",
    "ann@other.example",
    "ben@firm.example",
    "wx_ann@x.org",
    "cy@firm.example",
    "48555010001@x.org",
];
const PHONES: [&str; 6] =
    ["48555010001", "49555010001", "525512345678", "5215512345678", "447700900123", "390612345678"];
const NAMES: [&str; 4] = ["", "Ann Novak", "wx_ann", "Ben"];
const IDS: [&str; 9] = [
    "wx_ann",
    "Ann Novak",
    "li hua/7",
    "+48 555 010 001",
    "07700 900123",
    "5215512345678",
    "ann@old.example",
    "ben",
    "ann@other.example",
];

fn any_mailboxes() -> impl Strategy<Value = Vec<Mailbox>> {
    let owners = prop::collection::vec(0..4_usize, ADDRESSES.len() + PHONES.len());
    (owners, prop::collection::vec(select(NAMES.as_slice()), 4)).prop_map(|(owners, names)| {
        let mut made: Vec<Mailbox> = Vec::new();
        for (place, name) in (0..4_usize).zip(names).skip(1) {
            let of = |all: &[&'static str], from: usize| {
                let owned = all.iter().enumerate().filter(|(at, _)| owners.get(from + at) == Some(&place));
                owned.map(|(_, text)| *text).collect::<Vec<_>>()
            };
            let (addresses, phones) = (of(&ADDRESSES, 0), of(&PHONES, ADDRESSES.len()));
            if let Some((address, aliases)) = addresses.split_first() {
                made.push(mailbox(u32::try_from(place).expect("few"), address, name, aliases, &phones));
            }
        }
        made
    })
}

fn any_rows() -> impl Strategy<Value = Vec<MappedId>> {
    let targets = prop::collection::vec(select([&ADDRESSES[..], &[""][..]].concat()), IDS.len());
    (subsequence(IDS.as_slice(), 1..IDS.len()), targets).prop_map(|(ids, targets)| {
        let rows: Vec<String> = ids.iter().zip(targets).map(|(id, target)| format!("{id},{target}\n")).collect();
        mapped(&rows.concat())
    })
}

fn any_value() -> impl Strategy<Value = String> {
    let known = [&ADDRESSES[..], &NAMES[..], &IDS[..]].concat();
    let other = vec![
        "ann",
        "novak",
        "+52 1 55 1234 5678",
        "0555010001",
        "555 010 001",
        "+39 6 12345678",
        "X <ann@firm.example>",
    ];
    prop_oneof![
        select(known).prop_map(str::to_uppercase),
        select(other).prop_map(str::to_owned),
        select(PHONES.as_slice()).prop_map(|digits| format!("+{digits}")),
        "[0-9 +@a-z]{0,14}".prop_map(String::from),
    ]
}

proptest! {
    #[test]
    fn a_name_finds_whom_a_search_through_all_would_find(
        mailboxes in any_mailboxes(), rows in any_rows(), value in any_value(),
    ) {
        let people = People::new(&mailboxes, rows.clone());
        let found: BTreeSet<String> = people.named(&value).filter_map(|person| person.names.first().cloned()).collect();
        prop_assert_eq!(&found, &linear(&value, &mailboxes, &rows));
        // Whoever is found under a name is found under each of the others.
        let names = people.names_of(&value);
        for name in names.names.iter().chain(names.ids.iter().map(|id| &id.id)) {
            let again: BTreeSet<String> =
                people.named(name).filter_map(|person| person.names.first().cloned()).collect();
            prop_assert!(!again.is_disjoint(&found), "{name}");
        }
    }
}
