//! What is asked of items is asked of each item, not of its message: folder, custodian, label, hold.
#![cfg(feature = "cli")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{TestArchive, number, text};

const ANN: &str = "ann@firm.example";
const BEN: &str = "ben@firm.example";

/// Each of three messages in the mailboxes of both.
fn office() -> TestArchive {
    let archive = TestArchive::new();
    for address in [ANN, BEN] {
        archive.ok(&["mailbox", "add", address]);
    }
    for subject in ["merger", "lunch", "port"] {
        let mail = format!("From: c@x.example\nTo: {ANN}, {BEN}\nSubject: {subject}\n\nabout the {subject}\n");
        archive.write(&format!("mail/{subject}.eml"), mail);
    }
    archive.import(&archive.path("mail"), &[]);
    archive
}

fn hits(archive: &TestArchive, arguments: &[&str]) -> BTreeSet<(String, String)> {
    let lines = archive.ok(&[&["search"], arguments].concat());
    let hits: Vec<&Value> = lines.iter().filter(|line| line.get("type").is_some_and(|t| t == "hit")).collect();
    let found: BTreeSet<_> = hits.iter().map(|hit| (text(hit, "subject"), text(hit, "mailbox"))).collect();
    assert_eq!(number(lines.first().expect("a summary"), "items"), hits.len() as u64, "{arguments:?}");
    assert_eq!(found.len(), hits.len());
    found
}

fn expected<const N: usize>(items: [(&str, &str); N]) -> BTreeSet<(String, String)> {
    items.map(|(subject, mailbox)| (subject.to_owned(), mailbox.to_owned())).into()
}

fn folder_of(archive: &TestArchive, mailbox: &str) -> String {
    let shown = archive.one("mailbox", &["mailbox", "show", mailbox]);
    shown.pointer("/folders/0/id").and_then(Value::as_str).expect("a number").to_owned()
}

/// Sets `label` on the item of a subject in a mailbox.
fn label(archive: &TestArchive, label: &str, subject: &str, mailbox: &str) {
    let found = archive.ok(&["search", &format!("subject:{subject}"), "--mailbox", mailbox]);
    let item = text(found.get(1).expect("a hit"), "item");
    archive.ok(&["retention", "label", "set", label, &item]);
}

#[test]
fn folders_and_custodians_are_those_of_the_item() {
    let archive = office();
    let ann = format!("folderid:{}", folder_of(&archive, ANN));
    for condition in [ann.as_str(), "custodian:ann@firm.example", "custodian:Quay"] {
        if condition == "custodian:Quay" {
            let refused = archive.json(2, &["search", condition]);
            assert!(text(&refused.error(), "message").contains("no case or mailbox"));
            archive.ok(&["case", "create", "Quay"]);
            assert_eq!(hits(&archive, &[condition]), expected([]), "nobody is a custodian yet");
            archive.ok(&["custodian", "add", ANN, "--case", "Quay"]);
        }
        let with = |rest: &str| format!("{condition} {rest}");
        assert_eq!(hits(&archive, &[&with("merger")]), expected([("merger", ANN)]));
        assert_eq!(hits(&archive, &[&with("(merger OR port)")]), expected([("merger", ANN), ("port", ANN)]));
        assert_eq!(hits(&archive, &[&format!("merger NOT {condition}")]), expected([("merger", BEN)]));
        let either = format!("({condition} AND lunch) OR (NOT {condition} AND port)");
        assert_eq!(hits(&archive, &[&either]), expected([("lunch", ANN), ("port", BEN)]));
        let mixed = format!("{condition} OR subject:port");
        let all = expected([("lunch", ANN), ("merger", ANN), ("port", ANN), ("port", BEN)]);
        for options in [&[][..], &["--sort", "relevance"], &["--sort", "sender"], &["--limit", "9"]] {
            assert_eq!(hits(&archive, &[&[mixed.as_str()], options].concat()), all, "{options:?}");
        }
        assert_eq!(hits(&archive, &[&mixed, "--mailbox", BEN]), expected([("port", BEN)]));
    }
    archive.ok(&["custodian", "release", ANN, "--case", "Quay", "--reason", "done"]);
    assert_eq!(hits(&archive, &["custodian:Quay"]), expected([]), "who was released is no custodian");
}

#[test]
fn labels_are_those_of_the_item_and_the_newest() {
    let archive = office();
    for name in ["Keep Contracts", "Keep Lunches"] {
        archive.ok(&["retention", "label", "add", name, "--action", "retain", "--period", "5y"]);
    }
    label(&archive, "Keep Contracts", "merger", ANN);
    label(&archive, "Keep Lunches", "lunch", BEN);
    let contracts = expected([("merger", ANN)]);
    let both = expected([("merger", ANN), ("lunch", BEN)]);
    for (query, found) in [
        ("retentionlabel:\"keep contracts\"", &contracts),
        ("compliancetag:\"Keep C*\"", &contracts),
        ("retentionlabel:\"Keep*\"", &both),
        ("retentionlabel:*", &both),
        ("retentionlabel:* merger", &contracts),
        ("retentionlabel:\"keep contracts\" retentionlabel:\"keep lunches\"", &both),
    ] {
        assert_eq!(&hits(&archive, &[query]), found, "{query}");
    }
    let unlabelled = expected([("merger", BEN), ("lunch", ANN), ("port", ANN), ("port", BEN)]);
    assert_eq!(hits(&archive, &["NOT retentionlabel:*"]), unlabelled);
    assert_eq!(hits(&archive, &["retentionlabel<>\"Keep Lunches\" lunch"]), expected([("lunch", ANN)]));
    let refused = archive.json(2, &["search", "retentionlabel:Nothing"]);
    assert!(text(&refused.error(), "message").contains("no retention label"));
    archive.ok(&[
        "retention",
        "label",
        "add",
        "Ports",
        "--action",
        "retain",
        "--period",
        "5y",
        "--auto",
        "subject:port",
    ]);
    assert_eq!(hits(&archive, &["retentionlabel:Ports"]), expected([("port", ANN), ("port", BEN)]));
}

#[test]
fn counts_rows_copies_and_frozen_results_are_of_the_same_items() {
    let archive = office();
    let query = format!("merger OR folderid:{}", folder_of(&archive, ANN));
    let lines = archive.ok(&["search", &query, "--stats"]);
    assert_eq!(number(lines.first().expect("a summary"), "items"), 4);
    for by in ["mailbox", "folder", "platform", "month", "sender"] {
        let rows = lines.iter().filter(|line| line.get("by").is_some_and(|kind| kind == by));
        assert_eq!(rows.map(|row| number(row, "items")).sum::<u64>(), 4, "{by}");
    }
    let list = archive.write("terms.txt", format!("{query}\nlunch\ncustodian:{BEN} port\ncustodian:nobody\n"));
    let lines = archive.json(3, &["search", "--keywords", list.to_str().expect("UTF-8")]).lines();
    let rows: Vec<&Value> = lines.iter().filter(|line| line.get("type").is_some_and(|t| t == "keyword")).collect();
    let counts = |row: &&&Value| ["messages", "items", "unique_messages", "unique_items"].map(|name| number(row, name));
    let counted: Vec<[u64; 4]> = rows.iter().take(3).map(|row| counts(&row)).collect();
    assert_eq!(counted, [[3, 4, 1, 3], [1, 2, 0, 1], [1, 1, 0, 1]]);
    assert_eq!(number(lines.first().expect("a summary"), "items"), 6);
    assert_eq!(rows.last().and_then(|row| row.pointer("/error/code")).and_then(Value::as_str), Some("E_ENUM_VALUE"));
    let within = archive.ok(&["search", "custodian:ann@firm.example", "--keywords", "two.txt"].map(|word| {
        if word == "two.txt" {
            archive.write("two.txt", "merger\nport OR lunch\n");
        }
        word
    }));
    assert_eq!(number(within.first().expect("a summary"), "items"), 3);
    let together = archive.ok(&["search", &query, "--dedupe"]);
    let places = together.iter().filter_map(|hit| hit.get("places").and_then(Value::as_array).map(Vec::len));
    assert_eq!(places.sum::<usize>(), 4);
    let frozen = archive.one("frozen", &["search", "freeze", "F", &query]);
    assert_eq!(number(&frozen, "items"), 4);
    assert_eq!(archive.one("frozen", &["search", "show", "F@1"]).get("intact"), Some(&Value::Bool(true)));
}

#[test]
fn explain_says_what_each_condition_means_and_holds_refuse_them() {
    let archive = office();
    let folder = folder_of(&archive, ANN);
    let explained = archive.one("explain", &["search", &format!("folderid:{folder} merger"), "--explain"]);
    assert_eq!(number(&explained, "items"), 1);
    let part = explained.pointer("/tree/parts/0").expect("a part");
    assert_eq!(number(part, "messages"), 3);
    assert!(part.get("meaning").expect("a meaning").to_string().contains(ANN));
    assert!(text(&explained, "searched_as").contains("folderid:"));
    for query in ["folderid:1", "custodian:ann@firm.example", "retentionlabel:*"] {
        let refused = archive.json(2, &["hold", "place", "h", "--all-mailboxes", "--query", query, "--reason", "x"]);
        assert!(text(&refused.error(), "message").contains("cannot decide"));
    }
}

#[test]
fn a_search_can_look_at_what_is_on_hold_only() {
    let archive = office();
    assert_eq!(hits(&archive, &["--all", "--on-hold"]), expected([]));
    archive.ok(&["hold", "place", "ann", "--mailbox", ANN, "--query", "merger OR port", "--reason", "letter"]);
    let held = expected([("merger", ANN), ("port", ANN)]);
    assert_eq!(hits(&archive, &["--all", "--on-hold"]), held);
    assert_eq!(hits(&archive, &["port OR lunch", "--on-hold"]), expected([("port", ANN)]));
    archive.ok(&["hold", "release", "ann", "--reason", "settled"]);
    assert_eq!(hits(&archive, &["--all", "--on-hold"]), held, "in the delay too");
}
