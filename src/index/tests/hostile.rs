//! Messages made to break things are indexed and found like any other.

use super::fixture::{TestIndex, any, body, facts, near, person, text};
use crate::message::Facts;
use crate::model::Role;
use crate::query::{Node, PeopleField, TokenField};

#[test]
fn many_people_labels_marks_and_ids_cost_what_their_size_does() {
    let domain = "b.".repeat(20_000) + "example.com";
    let crowd = (0..20_000).map(|n| person(Role::To, "A B", &format!("a{n}@x{n}.example.org")));
    let index = TestIndex::of([
        Facts { participants: vec![person(Role::From, &"n ".repeat(50_000), &format!("a@{domain}"))], ..facts() },
        Facts { participants: crowd.collect(), ..facts() },
        Facts { message_id: Some("m".repeat(100_000)), ..facts() },
        body(&"x\u{327}\u{5B0}".repeat(100_000)),
        body(&"\u{4E2D}".repeat(100_000)),
        body("\u{0}\u{1}\u{1F}=name \u{1}"),
    ]);
    let from = |value: &str| index.find(Node::People { field: PeopleField::From, text: text(value) });
    assert_eq!(from(&format!("a@{domain}")), [1]);
    assert_eq!(from("n n"), [1]);
    let to = |value: &str| index.find(Node::People { field: PeopleField::To, text: text(value) });
    assert_eq!(to("x19999.example.org"), [2]);
    assert_eq!(to("example.org"), [2]);
    assert_eq!(to("b a"), [0_u64; 0]);
    let id = |value: String| index.find(Node::Token { field: TokenField::MessageId, value, prefix: false });
    assert_eq!(id("M".repeat(100_000)), [3]);
    assert_eq!(id("m".repeat(100_001)), [0_u64; 0]);
    assert_eq!(index.find(any(&"\u{4E2D}".repeat(2_000))), [5]);
    assert_eq!(index.find(any("name")), [6]);
}

#[test]
fn a_word_repeated_very_often_is_near_without_comparing_all_pairs() {
    let index = TestIndex::of_bodies(&[&"a b ".repeat(200_000), &"a ".repeat(400_000)]);
    assert_eq!(index.find(near(any("a"), u32::MAX, any("b"))), [1]);
    assert_eq!(index.find(near(any("a a"), 5, any("a"))), [2]);
}
