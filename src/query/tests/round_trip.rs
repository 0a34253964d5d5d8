//! A tree prints to a text that parses to the same tree.

use proptest::prelude::*;

use super::super::ast::{DateProperty, Field, Interval, Node, PeopleField, Place, Query, TextMatch, TokenField};
use super::super::parse;
use super::context;

fn text() -> impl Strategy<Value = TextMatch> {
    let word = prop::string::string_regex("[a-z\u{e9}\u{5317}][a-z0-9.&'_\u{2013}-]{0,6}[a-z]{3}").unwrap();
    let phrase = prop::string::string_regex("[A-Za-z:<>=()+/\u{e9}\u{5317} .-]{0,12}[a-z]{3}").unwrap();
    let operator = prop::sample::select(vec!["AND", "OR", "NOT", "NEAR", "XRANK", "and", "today"]);
    (
        prop_oneof![
            word.prop_filter("a range", |text| !text.contains("..")).prop_map(|text| (text, false)),
            phrase.prop_map(|text| (text, true)),
            operator.prop_map(|text| (text.to_owned(), text.chars().all(char::is_uppercase))),
        ],
        any::<bool>(),
    )
        .prop_map(|((text, quoted), prefix)| TextMatch {
            prefix: prefix && text != "OR",
            text,
            quoted,
            place: Place::default(),
        })
}

fn interval(range: std::ops::Range<i64>, unit: i64) -> impl Strategy<Value = Interval> {
    (range, 1..1_000_i64, 0..3).prop_map(move |(from, length, shape)| {
        let (from, before) = (from * unit, (from + length) * unit);
        match shape {
            0 => Interval { from: Some(from), before: Some(before) },
            1 => Interval { from: Some(from), before: None },
            _ => Interval { from: None, before: Some(before) },
        }
    })
}

fn date() -> impl Strategy<Value = Node> {
    let property = prop::sample::select(vec![DateProperty::Sent, DateProperty::Received, DateProperty::Either]);
    let days = interval(-700_000..2_900_000, 86_400_000);
    let seconds = interval(-60_000_000_000..250_000_000_000, 1_000);
    let millis = interval(-60_000_000_000_000..250_000_000_000_000, 1);
    (property, prop_oneof![days, seconds, millis]).prop_map(|(property, interval)| Node::Date { property, interval })
}

fn token() -> impl Strategy<Value = Node> {
    let closed = prop::sample::select(vec![
        (TokenField::Kind, "im"),
        (TokenField::Kind, "docs"),
        (TokenField::Importance, "medium"),
        (TokenField::Event, "edited"),
        (TokenField::Platform, "whatsapp"),
        (TokenField::FileType, "pdf"),
    ]);
    let open = prop::sample::select(vec![
        TokenField::Conversation,
        TokenField::MessageId,
        TokenField::ThreadId,
        TokenField::ItemClass,
    ]);
    let value = prop::string::string_regex("[A-Za-z@(][A-Za-z0-9@.:= ()-]{0,9}[a-z]").unwrap();
    prop_oneof![
        closed.prop_map(|(field, value)| Node::Token { field, value: value.to_owned(), prefix: false }),
        (open, value, any::<bool>()).prop_map(|(field, value, prefix)| Node::Token {
            field,
            prefix: prefix && value.len() > 2,
            value
        }),
    ]
}

fn leaf() -> impl Strategy<Value = Node> {
    let field = prop::sample::select(vec![Field::Subject, Field::Body, Field::AttachmentNames, Field::Category]);
    let people = prop::sample::select(vec![
        PeopleField::From,
        PeopleField::To,
        PeopleField::Cc,
        PeopleField::Bcc,
        PeopleField::Recipients,
        PeopleField::Participants,
    ]);
    prop_oneof![
        text().prop_map(Node::Anywhere),
        (field.clone(), text()).prop_map(|(field, text)| Node::Text { field, text }),
        (people.clone(), text()).prop_map(|(field, text)| Node::People { field, text }),
        token(),
        date(),
        interval(0..i64::MAX - 2_000, 1).prop_map(Node::Size),
        any::<bool>().prop_map(Node::HasAttachment),
        any::<bool>().prop_map(Node::IsRead),
        field.prop_map(Node::HasText),
        people.prop_map(Node::HasPeople),
        near(),
    ]
}

fn near_operand() -> impl Strategy<Value = Node> {
    prop_oneof![
        text().prop_map(Node::Anywhere),
        prop::collection::vec(text().prop_map(Node::Anywhere), 2..4).prop_map(Node::Or),
    ]
}

fn near() -> impl Strategy<Value = Node> {
    let link = (any::<bool>(), 0..20_u32, near_operand());
    (near_operand(), prop::collection::vec(link, 1..4)).prop_map(|(first, links)| {
        links.into_iter().fold(first, |left, (ordered, distance, right)| Node::Near {
            ordered,
            distance,
            left: Box::new(left),
            right: Box::new(right),
        })
    })
}

fn tree() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..5).prop_map(Node::And),
            prop::collection::vec(inner.clone(), 2..5).prop_map(Node::Or),
            inner.prop_map(|node| Node::Not(Box::new(node))),
        ]
    })
}

/// A tree, or a keyword list with or without conditions.
fn root() -> impl Strategy<Value = Node> {
    let rows = prop::collection::vec(tree(), 2..5).prop_map(Node::Rows).boxed();
    let conditions = prop::collection::vec(tree(), 1..4);
    prop_oneof![
        4 => tree(),
        1 => rows.clone(),
        1 => (rows, conditions).prop_map(|(rows, conditions)| {
            Node::And(std::iter::once(rows).chain(conditions).collect())
        }),
    ]
}

proptest! {
    #[test]
    fn every_tree_survives_print_and_parse(root in root()) {
        let query = Query { root };
        let printed = query.to_string();
        let parsed = parse(&printed, &context()).unwrap_or_else(|error| panic!("{printed}: {error:?}"));
        prop_assert_eq!(parsed.query, query, "{}", printed);
    }
}
