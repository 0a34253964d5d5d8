//! Words, phrases, prefixes, properties, dates and sets select exactly the messages that they say.

use super::fixture::{TestIndex, any, attachment, body, facts, near, not, onear, person, set, text, time};
use crate::index::{Highlighter, HitOrder, MessageScope};
use crate::message::Facts;
use crate::model::{Conversation, Importance, Kind, MessageNo, Role};
use crate::query::{DateProperty, Field, Interval, Node, PeopleField, Query, TokenField};

fn in_field(field: Field, words: &str) -> Node {
    Node::Text { field, text: text(words) }
}

fn token(field: TokenField, value: &str) -> Node {
    let (value, prefix) = value.strip_suffix('*').map_or((value, false), |value| (value, true));
    Node::Token { field, value: value.to_owned(), prefix }
}

fn five() -> TestIndex {
    TestIndex::of([
        Facts {
            subject: "Budget Q1".to_owned(),
            sent_at: Some(time("2024-03-01")),
            ..body("Please review the figures")
        },
        Facts {
            sent_at: Some(time("2024-01-01")),
            received_at: Some(time("2024-04-01")),
            ..body("the budget, at last")
        },
        Facts {
            attachments: vec![attachment("annual report.PPT", "profit"), attachment("budget.xlsx", "and loss")],
            importance: Importance::High,
            ..body("see attached")
        },
        Facts {
            kind: Kind::Im,
            categories: vec!["Deal Alpha".to_owned(), "Beta".to_owned()],
            participants: vec![person(Role::From, "Budget Office", "office@contoso.com")],
            conversation: Some(Conversation { id: "Chat-1".to_owned(), ..Conversation::default() }),
            message_id: Some("M4@x".to_owned()),
            item_class: "IPM.ExternalData.WhatsApp".to_owned(),
            ..body("lunch? Q1")
        },
        Facts { thread_ids: vec!["m4@x".to_owned()], sent_at: Some(time("1969-12-31")), ..facts() },
    ])
}

#[test]
fn free_text_is_found_in_every_field_of_the_message() {
    let index = five();
    assert_eq!(index.find(any("BUDGET")), [1, 2, 3, 4]);
    assert_eq!(index.find(any("profit")), [3]);
    assert_eq!(index.find(any("contoso")), [4]);
    assert_eq!(index.find(any("alpha")), [0_u64; 0]);
    assert_eq!(index.find(any("budg*")), [1, 2, 3, 4]);
    assert_eq!(index.find(any("budget q1")), [1]);
    assert_eq!(index.find(any("annual report")), [3]);
    assert_eq!(index.find(any("annual rep*")), [3]);
    assert_eq!(index.find(any("Budget Office <office@contoso.com>")), [4]);
}

#[test]
fn operators_combine() {
    let index = five();
    assert_eq!(index.find(Node::And(vec![any("budget"), any("q1")])), [1, 4]);
    assert_eq!(index.find(Node::And(vec![any("budget"), not(any("q1"))])), [2, 3]);
    assert_eq!(index.find(Node::And(vec![not(any("budget")), not(any("nothing"))])), [5]);
    assert_eq!(index.find(not(any("budget"))), [5]);
    assert_eq!(index.find(not(not(any("lunch")))), [4]);
    assert_eq!(index.find(Node::Or(vec![any("lunch"), any("figures")])), [1, 4]);
    assert_eq!(index.find(Node::All), [1, 2, 3, 4, 5]);
}

#[test]
fn fields_hold_what_they_are_named_for() {
    let index = five();
    assert_eq!(index.find(in_field(Field::Subject, "budget")), [1]);
    assert_eq!(index.find(in_field(Field::Body, "budget")), [2]);
    assert_eq!(index.find(in_field(Field::AttachmentNames, "report.ppt")), [3]);
    assert_eq!(index.find(in_field(Field::Category, "deal alpha")), [4]);
    assert_eq!(index.find(Node::HasText(Field::Subject)), [1]);
    assert_eq!(index.find(not(Node::HasText(Field::Body))), [5]);
    assert_eq!(index.find(Node::HasText(Field::AttachmentNames)), [3]);
    assert_eq!(index.find(Node::HasPeople(PeopleField::Participants)), [4]);
    assert_eq!(index.find(Node::HasAttachment(true)), [3]);
    assert_eq!(index.find(Node::HasAttachment(false)), [1, 2, 4, 5]);
}

#[test]
fn phrases_do_not_cross_parts() {
    let index = five();
    assert_eq!(index.find(any("ppt budget")), [0_u64; 0]);
    assert_eq!(index.find(any("profit and")), [0_u64; 0]);
    assert_eq!(index.find(any("profit an*")), [0_u64; 0]);
    assert_eq!(index.find(in_field(Field::Category, "alpha beta")), [0_u64; 0]);
}

#[test]
fn tokens_match_whole_and_ignore_case() {
    let index = five();
    assert_eq!(index.find(token(TokenField::Kind, "im")), [4]);
    assert_eq!(index.find(token(TokenField::Importance, "high")), [3]);
    assert_eq!(index.find(token(TokenField::Conversation, "CHAT-1")), [4]);
    assert_eq!(index.find(token(TokenField::Conversation, "CHAT")), [0_u64; 0]);
    assert_eq!(index.find(token(TokenField::MessageId, "<m4@X>")), [4]);
    assert_eq!(index.find(token(TokenField::ThreadId, "m4@x")), [4, 5]);
    assert_eq!(index.find(token(TokenField::ItemClass, "ipm.external*")), [4]);
    assert_eq!(index.find(token(TokenField::ItemClass, "ipm.*")), [1, 2, 3, 4, 5]);
    assert_eq!(index.find(token(TokenField::FileType, "ppt")), [3]);
    assert_eq!(index.find(token(TokenField::Event, "sent")), [1, 2, 3, 4, 5]);
    let digest = crate::model::Digest::of(&2_u64.to_le_bytes()).to_string();
    assert_eq!(index.find(token(TokenField::Hash, &digest)), [2]);
    assert_eq!(index.code(token(TokenField::ItemClass, &format!("{}*", "x".repeat(2_000)))), "E_VALUE_TOO_LONG");
}

#[test]
fn dates_and_sizes_are_half_open_intervals() {
    let index = five();
    let date = |property, from: Option<&str>, before: Option<&str>| {
        let interval = Interval::times(from.map(time), before.map(time));
        index.find(Node::Date { property, interval })
    };
    assert_eq!(date(DateProperty::Sent, Some("2024-01-01"), Some("2024-03-01")), [2]);
    assert_eq!(date(DateProperty::Sent, None, Some("2024-01-01")), [5]);
    assert_eq!(date(DateProperty::Sent, None, None), [1, 2, 5]);
    assert_eq!(date(DateProperty::Received, Some("1970-01-01"), None), [2]);
    assert_eq!(date(DateProperty::Either, Some("2024-02-01"), None), [1, 2]);
    assert_eq!(date(DateProperty::Sent, Some("2024-03-01"), Some("2024-01-01")), [0_u64; 0]);
    assert_eq!(index.find(Node::Size(Interval { from: Some(12), before: Some(20) })), [2, 3]);
    assert_eq!(index.find(Node::Size(Interval { from: None, before: Some(1) })), [5]);
    assert_eq!(index.find(Node::Size(Interval { from: Some(-5), before: Some(-1) })), [0_u64; 0]);
}

#[test]
fn ranges_are_excluded_together() {
    let sized = |day: &str, size: usize| Facts { sent_at: Some(time(day)), ..body(&"x".repeat(size)) };
    let index = TestIndex::of([
        sized("2024-01-05", 9),
        sized("2024-02-05", 3),
        sized("2024-01-05", 3),
        sized("2024-01-05", 9),
        sized("2024-01-05", 3),
    ]);
    let january = || Node::Date {
        property: DateProperty::Sent,
        interval: Interval { from: Some(time("2024-01-01").0), before: Some(time("2024-02-01").0) },
    };
    let small = || Node::Size(Interval { from: None, before: Some(5) });
    for both in [vec![january(), small()], vec![small(), january()], vec![small(), Node::Or(vec![january(), any("y")])]]
    {
        assert_eq!(index.find(not(Node::And(both.clone()))), [1, 2, 4]);
        assert_eq!(index.find(Node::And(vec![small(), not(Node::And(both))])), [2]);
    }
}

fn all() -> MessageScope {
    MessageScope::default()
}

#[test]
fn results_are_narrowed_sorted_and_limited() {
    let index = five();
    let query = Query { root: Node::All };
    let from = |number| index.reader.matches(&query, &all().from(MessageNo(number))).expect("search");
    assert_eq!(from(4), set([4, 5]));
    let within = set([2, 4, 77]);
    assert_eq!(
        index.reader.matches(&query, &MessageScope::new(Some(within)).from(MessageNo(3))).expect("search"),
        set([4])
    );
    let wide = set(2..5_000);
    let budget = Query { root: any("budget") };
    let found = |scope: MessageScope| index.reader.matches(&budget, &scope).expect("search");
    assert_eq!(found(MessageScope::new(Some(wide.clone()))), set([2, 3, 4]));
    assert_eq!(found(MessageScope::new(Some(wide)).without(set([3, 9]))), set([2, 4]));
    assert_eq!(found(all().without(set([2]))), set([1, 3, 4]));
    let order = |order, limit| -> Vec<u64> {
        let found = index.reader.sorted(&query, &all(), order, limit).expect("search");
        found.into_iter().map(|found| found.message.0).collect()
    };
    assert_eq!(order(HitOrder::Oldest, None), [5, 2, 1, 3, 4]);
    assert_eq!(order(HitOrder::Newest, None), [1, 2, 5, 4, 3]);
    assert_eq!(order(HitOrder::Newest, Some(2)), [1, 2]);
    assert_eq!(order(HitOrder::Newest, Some(0)), [0_u64; 0]);
}

#[test]
fn what_cannot_be_searched_is_refused() {
    let index = five();
    assert_eq!(index.code(any("?!")), "E_NO_SEARCHABLE_TEXT");
    let mut deep = any("x");
    for _ in 0..2_000 {
        deep = not(deep);
    }
    assert_eq!(index.code(deep), "E_TOO_DEEP");
}

#[test]
fn a_prefix_is_unlimited_alone_and_refused_in_a_phrase_when_it_stands_for_too_much() {
    let messages = (0..10_050).map(|n| body(&format!("case pre{n:05}")));
    let index = TestIndex::of(messages);
    assert_eq!(index.find(any("pre*")).len(), 10_050);
    assert_eq!(index.find(any("case pre0*")).len(), 10_000);
    assert_eq!(index.code(any("case pre*")), "E_TOO_MANY_VARIANTS");
    assert_eq!(index.find(any("case pre0000*")).len(), 10);
}

#[test]
fn symbols_and_overlong_words_are_found() {
    let word = "ab".repeat(400);
    let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}";
    let index = TestIndex::of_bodies(&[&format!("x {word}c."), &format!("ok {family}"), "thumbs \u{1F44D}\u{1F3FD}"]);
    assert_eq!(index.find(any(&format!("{word}c"))), [1]);
    assert_eq!(index.find(any(&format!("{word}*"))), [1]);
    assert_eq!(index.find(any(family)), [2]);
    assert_eq!(index.find(any("\u{1F469}")), [2]);
    assert_eq!(index.find(any("\u{1F44D}")), [3]);
}

#[test]
fn phone_numbers_are_found_in_any_writing_and_near_other_words() {
    let index = TestIndex::of_bodies(&[
        "please call +49 171 1234567 today",
        "call 0171/1234567, or not",
        "00491711234567",
        "+48 171 1234567 is another, and so is 0171 1234568",
        "no number",
    ]);
    for query in ["+49 171 1234567", "00491711234567"] {
        assert_eq!(index.find(any(query)), [1, 2, 3], "{query}");
        assert_eq!(index.find(in_field(Field::Body, query)), [1, 2, 3], "{query}");
        assert_eq!(index.find(in_field(Field::Subject, query)), [0_u64; 0], "{query}");
        assert_eq!(index.find(not(any(query))), [4, 5], "{query}");
        assert_eq!(index.find(near(any("call"), 0, any(query))), [1, 2], "{query}");
    }
    assert_eq!(index.find(any("0171/1234567")), [1, 2, 3, 4], "a national number is that of any country");
    assert_eq!(index.find(any("171 1234567")), [1, 2, 3, 4], "one with neither plus nor zero is taken as either");
    assert_eq!(index.find(any("1234567 today")), [1], "its groups are words as before");
    assert_eq!(index.find(any("1234*")), [1, 2, 4]);
    let shown = |text: &str| {
        let ranges = Highlighter::of(&Query { root: any("+49 171 1234567") }).all(text);
        ranges.into_iter().map(|range| text.get(range).expect("boundary").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(shown("call 0171/1234567, or not"), ["0171/1234567"]);
}

#[test]
fn a_number_takes_as_many_words_as_it_is_written_in() {
    let index = TestIndex::of_bodies(&[
        "one +49 (0)171 123-4567 two",
        "one 01711234567 two",
        "one 0049 171 1234567 x two",
        "two 0171 1234567 ext. 12 one",
        "\u{660}\u{661}\u{667}\u{661} \u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667} two",
    ]);
    let number = || any("+49 171 1234567");
    assert_eq!(index.find(number()), [1, 2, 3, 4, 5]);
    assert_eq!(index.find(near(number(), 0, any("two"))), [1, 2, 4, 5]);
    assert_eq!(index.find(onear(number(), 0, any("two"))), [1, 2, 5]);
    assert_eq!(index.find(onear(number(), 1, any("two"))), [1, 2, 3, 5]);
    assert_eq!(index.find(onear(any("one"), 0, number())), [1, 2, 3]);
    assert_eq!(index.find(near(any("one"), 2, any("0171 1234567x12"))), [4]);
    assert_eq!(index.find(near(any("one"), 0, any("0171 1234567x12"))), [4]);
    // No part of a number is another word beside it.
    assert_eq!(index.find(near(number(), 8, any("4567"))), [0_u64; 0]);
    assert_eq!(index.find(near(near(any("one"), 0, number()), 0, any("two"))), [1, 2]);
    let shown = |text: &str| {
        let found = Highlighter::of(&Query { root: number() }).all(text);
        found.into_iter().map(|range| text.get(range).expect("boundary").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(shown("a +49 (0)171 123\u{200b}4567, b"), ["49 (0)171 123\u{200b}4567"]);
}
