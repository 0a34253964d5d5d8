//! What was committed is there after anything, and nothing else is.

use std::collections::BTreeSet;

use tantivy::schema::{FieldType, Term};

use super::fixture::{TestIndex, add, any, attachment, body, facts, near, not, person, set, text};
use crate::index::{Index, Load, MatchedIn, MessageScope};
use crate::message::Facts;
use crate::model::{DocumentProperties, MessageNo, Role};
use crate::query::{Field, Node, PeopleField, Query};

#[test]
fn the_last_message_is_that_of_the_last_commit() {
    let index = TestIndex::of_bodies(&["one", "two"]);
    assert_eq!(index.index.last_message().expect("last"), MessageNo(2));
    let mut writer = index.index.writer(Load::Few).expect("writer");
    add(&mut writer, 3, &body("three"));
    drop(writer);
    let again = Index::open(index.path()).expect("open");
    assert_eq!(again.last_message().expect("last"), MessageNo(2));
    assert_eq!(again.reader().expect("reader").messages(), 2);
}

#[test]
fn a_reader_moves_when_told() {
    let index = TestIndex::of_bodies(&["one"]);
    let mut writer = index.index.writer(Load::Bulk).expect("writer");
    add(&mut writer, 2, &body("one more"));
    writer.delete(MessageNo(1)).expect("deletion");
    writer.commit(MessageNo(2)).expect("commit");
    writer.close().expect("close");
    assert_eq!(index.find(any("one")), [1]);
    index.reader.reload().expect("reload");
    assert_eq!(index.find(any("one")), [2]);
}

#[test]
fn small_segments_become_one_in_which_everything_is_found() {
    let TestIndex { index, reader, dir } = TestIndex::of_bodies(&["zero plain"]);
    let mut writer = index.writer(Load::Few).expect("writer");
    for number in 2..=200 {
        add(&mut writer, number, &body(if number % 2 == 0 { "even plain" } else { "odd plain" }));
        if number % 70 == 0 {
            writer.delete(MessageNo(number - 3)).expect("deletion");
            writer.commit(MessageNo(number)).expect("commit");
        }
    }
    writer.commit(MessageNo(200)).expect("commit");
    assert!(index.layout().expect("layout").segments > 2);
    writer.merge_small().expect("merge");
    writer.merge_small().expect("nothing is left to merge");
    writer.close().expect("close");
    assert_eq!(index.layout().expect("layout").segments, 1);
    assert_eq!(index.last_message().expect("last"), MessageNo(200));
    let test = TestIndex { index, reader, dir };
    test.reader.reload().expect("reload");
    let odd: Vec<u64> = (3..=200).filter(|number| number % 2 == 1 && ![67, 137].contains(number)).collect();
    assert_eq!(test.find(any("odd")), odd);
    // Messages lead a search by their numbers, wherever blocks of numbers begin and end.
    for numbers in [vec![1, 63, 64, 65, 127, 128, 200, 900], vec![67], (60..=70).collect()] {
        let within = MessageScope::new(Some(numbers.iter().copied().collect()));
        let found = test.reader.matches(&Query { root: any("odd") }, &within).expect("search");
        let expected: Vec<u64> = numbers.into_iter().filter(|number| odd.contains(number)).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn an_index_is_created_once_and_removed_whole() {
    let index = TestIndex::of_bodies(&["one"]);
    assert!(Index::create(index.path()).is_err());
    assert!(index.index.bytes().expect("bytes") > 0);
    assert!(index.index.writer(Load::Few).is_ok());
    Index::remove(index.path()).expect("remove");
    Index::remove(index.path()).expect("remove again");
    assert!(Index::open(index.path()).is_err());
    assert_eq!(Index::create(index.path()).expect("create").last_message().expect("last"), MessageNo(0));
}

#[test]
fn large_documents_pass_the_bounded_queue() {
    let index = TestIndex::of_bodies(&[]);
    let mut writer = index.index.writer(Load::Bulk).expect("writer");
    let text = "lorem ipsum ".repeat(1_000_000);
    for number in 1..=8 {
        add(&mut writer, number, &body(&text));
    }
    writer.commit(MessageNo(8)).expect("commit");
    index.reader.reload().expect("reload");
    assert_eq!(index.find(any("ipsum lorem")).len(), 8);
}

#[test]
fn segments_that_lack_a_field_hide_nothing_of_the_others() {
    let index = TestIndex::of_bodies(&["plan", "other"]);
    let rest = [
        Facts { attachments: vec![attachment("plan.pdf", "the plan, in detail")], ..body("see attached") },
        Facts { participants: vec![person(Role::Bcc, "Plan Office", "plan@x.example")], ..facts() },
        Facts { subject: "!!!".to_owned(), ..body("no plan") },
    ];
    for (number, facts) in (3..).zip(&rest) {
        let mut writer = index.index.writer(Load::Few).expect("writer");
        add(&mut writer, number, facts);
        writer.commit(MessageNo(number)).expect("commit");
        writer.close().expect("close");
    }
    index.reader.reload().expect("reload");
    assert_eq!(index.find(any("plan")), [1, 3, 4, 5]);
    assert_eq!(index.find(any("pla*")), [1, 3, 4, 5]);
    assert_eq!(index.find(any("the plan")), [3]);
    assert_eq!(index.find(near(any("plan"), 3, any("detail"))), [3]);
    assert_eq!(index.find(not(any("plan"))), [2]);
    let query = Query { root: any("plan") };
    let within = set([1, 3, 4, 9]);
    assert_eq!(index.reader.matches(&query, &MessageScope::new(Some(within.clone()))).expect("search"), set([1, 3, 4]));
    let matched = index.reader.matched_in(&query, &within).expect("search");
    let parts = |number| matched.get(&MessageNo(number)).map(|matched| matched.parts.as_slice()).unwrap_or_default();
    assert_eq!(parts(1), [MatchedIn::Body]);
    assert_eq!(parts(3), [MatchedIn::AttachmentName, MatchedIn::AttachmentText]);
    assert_eq!(parts(4), [MatchedIn::People]);
    assert!(parts(5).is_empty() && parts(9).is_empty());
}

#[test]
fn each_field_of_text_is_known_to_be_where_it_is() {
    let documents = |authors: &[&str], titles: &[&str]| DocumentProperties {
        authors: authors.iter().map(|&author| author.to_owned()).collect(),
        titles: titles.iter().map(|&title| title.to_owned()).collect(),
        ..DocumentProperties::default()
    };
    let property = |field| Node::Text { field, text: text("plan") };
    let someone = |field| Node::People { field, text: text("plan") };
    let with = |role| Facts { participants: vec![person(role, "Plan Office", "office@x.example")], ..facts() };
    let messages = [
        (Facts { subject: "plan".to_owned(), ..facts() }, property(Field::Subject)),
        (body("plan"), property(Field::Body)),
        (Facts { attachments: vec![attachment("plan", "")], ..facts() }, property(Field::AttachmentNames)),
        (Facts { attachments: vec![attachment("", "plan")], ..facts() }, any("plan")),
        (Facts { categories: vec!["plan".to_owned()], ..facts() }, property(Field::Category)),
        (Facts { documents: documents(&["plan"], &[]), ..facts() }, property(Field::Author)),
        (Facts { documents: documents(&[], &["plan"]), ..facts() }, property(Field::Title)),
        (with(Role::From), someone(PeopleField::From)),
        (with(Role::To), someone(PeopleField::To)),
        (with(Role::Cc), someone(PeopleField::Cc)),
        (with(Role::Bcc), someone(PeopleField::Bcc)),
    ];
    let index = TestIndex::of_bodies(&["other"]);
    for (number, (facts, _)) in (2..).zip(&messages) {
        let mut writer = index.index.writer(Load::Few).expect("writer");
        add(&mut writer, number, facts);
        writer.commit(MessageNo(number)).expect("commit");
        writer.close().expect("close");
    }
    index.reader.reload().expect("reload");
    for (number, (_, query)) in (2..).zip(messages) {
        assert!(index.find(query.clone()).contains(&number), "{query:?}");
    }
    let searcher = index.reader.reader.searcher();
    let mut used = BTreeSet::new();
    for segment in searcher.segment_readers() {
        for (field, entry) in searcher.schema().fields().filter(|(_, entry)| entry.name() != "key") {
            let FieldType::Str(options) = entry.field_type() else { continue };
            if options.get_indexing_options().is_none() {
                continue;
            }
            let has_words = segment.inverted_index(field).expect("field").terms().num_terms() > 0;
            let key = Term::from_field_text(
                searcher.schema().get_field("key").expect("key"),
                &format!("has:{}", entry.name()),
            );
            let is_told =
                segment.inverted_index(key.field()).expect("keys").get_term_info(&key).expect("keys").is_some();
            assert_eq!(has_words, is_told, "{}", entry.name());
            used.extend(has_words.then(|| entry.name().to_owned()));
        }
    }
    assert_eq!(used.len(), 11, "each of them is in some segment: {used:?}");
}

#[test]
fn the_attachments_that_match_are_known_by_number() {
    let report = attachment("plan.txt", "");
    let several = Facts {
        attachments: vec![
            attachment("photo.png", ""),
            attachment("plan.pdf", "buy the harbour at a price"),
            attachment("", "sell the harbour, and call 0049 (0)171 1234567"),
            report,
            attachment("", "\u{4E2D}\u{56FD}\u{4EBA}, price of the port"),
        ],
        ..body("see the plan")
    };
    let index = TestIndex::of([body("plan"), several, Facts { attachments: vec![attachment("a", "buy")], ..facts() }]);
    let found = |root: Node, message: u64| -> Vec<(usize, Vec<MatchedIn>)> {
        let within = set(index.find(root.clone()));
        let matched = index.reader.matched_in(&Query { root }, &within).expect("search");
        let attachments = matched.get(&MessageNo(message)).map(|matched| matched.attachments.clone());
        attachments.unwrap_or_default().into_iter().map(|found| (found.n, found.parts)).collect()
    };
    let (name, text) = (MatchedIn::AttachmentName, MatchedIn::AttachmentText);
    assert_eq!(found(any("plan"), 2), [(2, vec![name]), (4, vec![name])]);
    assert_eq!(found(any("plan"), 1), []);
    assert_eq!(found(any("harbour"), 2), [(2, vec![text]), (3, vec![text])]);
    assert_eq!(found(any("har*"), 2), [(2, vec![text]), (3, vec![text])]);
    assert_eq!(found(any("the harbour at"), 2), [(2, vec![text])]);
    assert_eq!(found(any("+49 171 1234567"), 2), [(3, vec![text])]);
    assert_eq!(found(any("\u{56FD}\u{4EBA}"), 2), [(5, vec![text])]);
    assert_eq!(found(any("buy"), 3), [(1, vec![text])]);
    assert_eq!(found(near(any("harbour"), 9, any("price")), 2), [(2, vec![text])]);
    assert_eq!(found(near(near(any("buy"), 9, any("harbour")), 9, any("price")), 2), [(2, vec![text])]);
    assert_eq!(found(near(any("port"), 9, Node::Or(vec![any("sell"), any("price")])), 2), [(5, vec![text])]);
    assert_eq!(
        found(Node::And(vec![any("sell"), any("port"), not(any("nothing"))]), 2),
        [(3, vec![text]), (5, vec![text])]
    );
    let named = Node::Text { field: Field::AttachmentNames, text: super::fixture::text("p*") };
    assert_eq!(found(named, 2), [(1, vec![name]), (2, vec![name]), (4, vec![name])]);
}
