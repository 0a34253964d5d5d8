//! Messages are found by their ids, whole or by a beginning, whatever sort of id they have.

use proptest::prelude::*;

use super::fixture::{TestIndex, body};
use crate::message::Facts;
use crate::model::{Digest, MessageNo};
use crate::query::{Node, TokenField};

use super::super::Link;

const IDS: [&str; 12] = [
    "605d7ff23535ffd91f88ca9b088543c9@whatsapp.invalid",
    "605d7ff23535ffd91f88ca9b088543c8@whatsapp.invalid",
    "605d7ff23535ffd91f88ca9b088543c9@wechat.invalid",
    "605d7ff23535ffda00000000000000000@long.example",
    "605d7ff23535ffda0000000000000000@example",
    "605ffffffffffffff000000000000000@example",
    "60600000000000000000000000000000@example",
    "00000000000000000000000000000000@a.example",
    "ffffffffffffffffffffffffffffffff@a.example",
    "605d@example",
    "zz5d7ff23535ffd91f88ca9b088543c9@whatsapp.invalid",
    "+05d7ff23535ffd91f88ca9b088543c9@whatsapp.invalid",
];

fn index() -> TestIndex {
    TestIndex::of(IDS.map(|id| Facts { message_id: Some(id.to_owned()), ..body("x") }))
}

fn found(index: &TestIndex, field: TokenField, value: &str, prefix: bool) -> Vec<u64> {
    index.find(Node::Token { field, value: value.to_owned(), prefix })
}

fn expected(matches: impl Fn(&str) -> bool) -> Vec<u64> {
    (1..).zip(IDS).filter(|(_, id)| matches(id)).map(|(number, _)| number).collect()
}

#[test]
fn an_id_is_found_whole_and_by_every_beginning() {
    let index = index();
    for id in IDS {
        for field in [TokenField::MessageId, TokenField::ThreadId] {
            assert_eq!(found(&index, field, id, false), expected(|other| other == id), "{id}");
            assert_eq!(found(&index, field, &format!("<{}>", id.to_uppercase()), false), expected(|other| other == id));
            for end in 0..=id.len() {
                let start = &id[..end];
                assert_eq!(found(&index, field, start, true), expected(|other| other.starts_with(start)), "{start}*");
                if end < id.len() {
                    assert_eq!(found(&index, field, start, false), [0_u64; 0], "{start}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ids_in_no_order_are_found(ids in prop::collection::hash_set("[0-9a-f]{32}@(a|b)", 1..40), cut in 0_usize..34) {
        let ids: Vec<String> = ids.into_iter().collect();
        let index = TestIndex::of(ids.iter().map(|id| Facts { message_id: Some(id.clone()), ..body("x") }));
        for (number, id) in (1..).zip(&ids) {
            prop_assert_eq!(found(&index, TokenField::MessageId, id, false), [number]);
            let with_start = |other: &String| other.starts_with(&id[..cut]);
            let expected: Vec<u64> = (1..).zip(&ids).filter(|(_, other)| with_start(other)).map(|(no, _)| no).collect();
            prop_assert_eq!(found(&index, TokenField::MessageId, &id[..cut], true), expected);
        }
    }

    #[test]
    fn messages_are_linked_by_the_ids_of_their_platform(ids in prop::collection::hash_set(".{1,20}", 1..40)) {
        let ids: Vec<String> = ids.into_iter().collect();
        let messages = ids.iter().map(|id| Facts { native_id: id.clone(), ..body("x") });
        let events = ids.iter().map(|id| {
            let mut facts = body("x");
            facts.event.reference.clone_from(id);
            facts
        });
        let index = TestIndex::of(messages.chain(events));
        for (number, id) in (1..).zip(&ids) {
            prop_assert_eq!(index.reader.linked(Link::NativeId(id)).expect("search"), [MessageNo(number)]);
            let event = MessageNo(number + ids.len() as u64);
            prop_assert_eq!(index.reader.linked(Link::EventReference(id)).expect("search"), [event]);
        }
        let unknown = Digest::of(b"unknown").to_string();
        prop_assert_eq!(index.reader.linked(Link::NativeId(&unknown)).expect("search"), []);
    }
}
