//! The worked examples of the query language give the messages that they were computed to give.

use std::path::Path;

use serde_json::Value;

use super::fixture::{TestIndex, attachment, facts, person, time};
use crate::index::{Index, Load, MessageScope};
use crate::message::Facts;
use crate::model::{Digest, Importance, Kind, MessageNo, Participant, Role, UtcTime};
use crate::query::{Context, parse};

fn people(message: &Value, key: &str, role: Role) -> Vec<Participant> {
    let list = match &message[key] {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    list.iter()
        .map(|text| {
            let (name, rest) = text.as_str().expect("person").split_once(" <").expect("name and address");
            person(role, name, rest.trim_end_matches('>'))
        })
        .collect()
}

fn message(value: &Value) -> Facts {
    let text = |key: &str| value[key].as_str().expect("text").to_owned();
    let roles = [("from", Role::From), ("to", Role::To), ("cc", Role::Cc), ("bcc", Role::Bcc)];
    let attachments = value["att"].as_array().expect("attachments").iter();
    Facts {
        participants: roles.into_iter().flat_map(|(key, role)| people(value, key, role)).collect(),
        subject: text("subject"),
        body: text("body"),
        attachments: attachments
            .map(|pair| attachment(pair[0].as_str().expect("name"), pair[1].as_str().expect("text")))
            .collect(),
        sent_at: Some(time(&text("sent"))),
        received_at: Some(time(&text("received"))),
        kind: Kind::ALL.into_iter().find(|kind| kind.as_str() == text("kind")).expect("kind"),
        importance: match text("importance").as_str() {
            "high" => Importance::High,
            "low" => Importance::Low,
            _ => Importance::Medium,
        },
        read: value["isread"].as_bool().expect("isread"),
        ..facts()
    }
}

#[test]
fn worked_examples() {
    let Some(shared) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let file = std::fs::read(Path::new(&shared).join("samples/legal/kql_cases.json")).expect("cases");
    let cases: Value = serde_json::from_slice(&file).expect("JSON");
    let TestIndex { dir, .. } = TestIndex::of([]);
    let index = Index::open(dir.path()).expect("index");
    let mut writer = index.writer(Load::Few).expect("writer");
    for (number, value) in (1..).zip(cases["messages"].as_array().expect("messages")) {
        let size = value["size"].as_u64().expect("size");
        writer.add(MessageNo(number), &Digest::of(b"x"), size, &message(value)).expect("add");
    }
    writer.commit(MessageNo(7)).expect("commit");
    let reader = index.reader().expect("reader");
    let context = Context::search(UtcTime::parse(cases["now"].as_str().expect("now")).expect("time"));
    let mut answered = 0;
    for case in cases["cases"].as_array().expect("cases") {
        let query = case["q"].as_str().expect("query");
        let Some(expected) = case["expect"].as_array() else { continue };
        let parsed = parse(query, &context).expect(query);
        let found = reader.matches(&parsed.query, &MessageScope::default()).expect(query);
        let found: Vec<String> = found.into_iter().map(|number| format!("m{number}")).collect();
        assert_eq!(found, expected.iter().map(|id| id.as_str().expect("id")).collect::<Vec<_>>(), "{query}");
        answered += 1;
    }
    assert!(answered > 40, "only {answered} cases");
}
