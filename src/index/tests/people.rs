//! A people value finds whom it means, and nobody else.

use super::fixture::{TestIndex, facts, not, person, text};
use crate::message::Facts;
use crate::model::{Participant, PersonId, Role};
use crate::query::{Node, PeopleField};

fn index() -> TestIndex {
    let message = |participants: Vec<Participant>| Facts { participants, ..facts() };
    let number =
        |name: &str, number: &str| Participant { number: Some(number.to_owned()), ..person(Role::From, name, "") };
    TestIndex::of([
        message(vec![
            person(Role::From, "Ann Beebe", "AnnB@Contoso.com"),
            person(Role::To, "Garth Fort", "garth.fort@mail.contoso.com"),
        ]),
        message(vec![
            person(Role::From, "Contoso News", "news@fabrikam.com"),
            person(Role::To, "", "annb@contoso.com"),
            person(Role::Cc, "Ann", "ann@notcontoso.com"),
            person(Role::Envelope, "", "ANNB@contoso.com"),
            person(Role::Envelope, "", "hidden@contoso.com"),
        ]),
        message(vec![number("\u{5F20}\u{4E09}\u{4E30}", "491711234567")]),
        message(vec![person(Role::From, "Beebe Ann", "wxid_77")]),
        message(vec![number("", "447700900102")]),
        message(vec![number("", "00447700900102")]),
        message(vec![number("", "07700900102")]),
        message(vec![number("", "487700900102")]),
        message(vec![number("", "390612345678")]),
        message(vec![number("", "11223344")]),
    ])
}

#[test]
fn numbers_of_people_are_found_in_any_writing() {
    let index = index();
    for (value, expected) in [
        ("+447700900102", vec![5, 6, 7]),
        ("00447700900102", vec![5, 6, 7]),
        ("447700900102", vec![5, 6, 7]),
        ("+44 (0)7700 900102", vec![5, 6, 7]),
        ("+44 (07700) 900-102", vec![5, 6, 7]),
        ("07700900102", vec![5, 6, 7, 8]),
        ("(07700) 900 102", vec![5, 6, 7, 8]),
        ("7700900102", vec![5, 6, 7, 8]),
        ("+487700900102", vec![7, 8]),
        ("+44 7700 900103", vec![]),
        ("7700900103", vec![]),
        ("+4477*", vec![5, 6]),
        ("004477*", vec![5, 6]),
        ("+44 (0)77*", vec![5, 6]),
        ("0770*", vec![5, 6, 7, 8]),
        ("4477*", vec![5, 6]),
        ("+39 06 12345678", vec![9]),
        ("06 12345678", vec![9]),
        ("+3906*", vec![9]),
        ("11223344", vec![10]),
        ("011223344", vec![10]),
        ("11223345", vec![]),
    ] {
        assert_eq!(index.find(Node::People { field: PeopleField::From, text: text(value) }), expected, "{value}");
    }
}

#[test]
fn people_values() {
    let index = index();
    let from = PeopleField::From;
    for (field, value, expected) in [
        (from, "annb@contoso.com", vec![1]),
        (from, "Ann Beebe <annb@contoso.com>", vec![1]),
        (from, "ann@contoso.com", vec![]),
        (from, "contoso.com", vec![1]),
        (PeopleField::To, "contoso.com", vec![1, 2]),
        (PeopleField::To, "mail.contoso.com", vec![1]),
        (PeopleField::Cc, "contoso.com", vec![]),
        (PeopleField::To, "@mail.cont*", vec![1]),
        (PeopleField::Participants, "@notco*", vec![2]),
        (from, "annb", vec![1]),
        (from, "contoso", vec![2]),
        (from, "com", vec![]),
        (PeopleField::To, "garth.fort", vec![1]),
        (PeopleField::Participants, "ann", vec![1, 2, 4]),
        (from, "Ann Beebe", vec![1]),
        (from, "beebe annb", vec![]),
        (from, "beeb*", vec![1, 4]),
        (from, "annb@cont*", vec![1]),
        (from, "annb@fab*", vec![]),
        (from, "+49 (171) 123-4567", vec![3]),
        (from, "0049 171 1234567", vec![3]),
        (from, "+49171*", vec![3]),
        (from, "1234567", vec![]),
        (from, "\u{5F20}\u{4E09}", vec![3]),
        (from, "\u{4E09}\u{4E30}", vec![3]),
        (from, "\u{5F20}", vec![3]),
        (from, "wxid_77", vec![4]),
        (PeopleField::Bcc, "hidden", vec![2]),
        (PeopleField::Bcc, "annb", vec![]),
        (PeopleField::Recipients, "hidden@contoso.com", vec![2]),
    ] {
        assert_eq!(index.find(Node::People { field, text: text(value) }), expected, "{field:?}:{value}");
    }
    assert_eq!(index.find(Node::HasPeople(PeopleField::Bcc)), [2]);
    assert_eq!(index.code(Node::People { field: from, text: text(" ") }), "E_NO_SEARCHABLE_TEXT");
}

#[test]
fn an_id_finds_whom_a_mapping_knows_by_it_and_nobody_who_is_called_so() {
    let with = |id: &str, of: Participant| Facts {
        participants: vec![Participant { id: Some(id.to_owned()), ..of }],
        ..facts()
    };
    let index = TestIndex::of([
        with("WX_Ann", person(Role::From, "Ann", "ann@firm.example")),
        with("li  hua/7", person(Role::From, "Li", "li_hua_7@wecom.invalid")),
        with("48555010001", person(Role::From, "", "48555010001@wechat.invalid")),
        Facts { participants: vec![person(Role::From, "J\u{f3}zef", "x@whatsapp.invalid")], ..facts() },
        Facts { participants: vec![person(Role::From, "J\u{f3}zef", "j@firm.example")], ..facts() },
        Facts { participants: vec![person(Role::From, "wx ann", "wx_ann@firm.example")], ..facts() },
        with("ann@corp", person(Role::To, "Ann", "ann_corp@wecom.invalid")),
        Facts {
            participants: vec![Participant { number: Some("0555010001".to_owned()), ..person(Role::From, "", "") }],
            ..facts()
        },
    ]);
    for (keys, expected) in [
        (&["id:wx_ann"][..], vec![1]),
        (&["id:li hua/7"], vec![2]),
        (&["number:48555010001"], vec![3, 8]),
        (&["id:j\u{f3}zef"], vec![4]),
        (&["id:jozef"], vec![]),
        (&["id:j@firm.example"], vec![5]),
        (&["id:ann@corp"], vec![7]),
        (&["id:wx_ann", "id:ann@corp", "id:nobody"], vec![1, 7]),
    ] {
        let named = |keys: Vec<String>| Node::PersonIds {
            field: PeopleField::Participants,
            ids: keys.into_iter().map(|key| PersonId { id: key.clone(), key }).collect(),
        };
        let few: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let many: Vec<String> = (0..1_000).map(|n| format!("id:{n}")).chain(few.clone()).collect();
        assert_eq!(index.find(named(few)), expected, "{keys:?}");
        assert_eq!(index.find(named(many.clone())), expected, "{keys:?} among many");
        let others = (1..=8).filter(|no| !expected.contains(no)).collect::<Vec<u64>>();
        assert_eq!(index.find(not(named(many))), others, "all but {keys:?}");
    }
    for (value, expected) in
        [("li hua/7", vec![2]), ("ann@corp", vec![7]), ("wx_ann", vec![1, 6]), ("j\u{f3}zef", vec![4, 5])]
    {
        let found = index.find(Node::People { field: PeopleField::Participants, text: text(value) });
        assert_eq!(found, expected, "{value}");
    }
}
