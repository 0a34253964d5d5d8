//! Who is mapped late gets what others have already when somebody says so: once, nothing moves, and what was disposed of
//! stays away.
#![cfg(feature = "cli")]

mod support;

use serde_json::{Value, json};
use support::{TestArchive, number, text};

const ANN: &str = "ann@firm.example";
const BEN: &str = "ben@firm.example";
const EVE: &str = "eve@firm.example";

/// Ann has what Ben, Eve and Mum wrote to her; nobody else is known.
fn office() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN]);
    let record = |(id, day): (&str, u8)| {
        json!({
            "source": "test", "platform": "wecom", "id": format!("m{day}"), "text": format!("word{day}"),
            "sent": format!("2025-03-0{day}T10:00:00Z"), "sender": { "id": id }, "recipients": [{ "address": ANN }],
        })
        .to_string()
    };
    let lines: Vec<String> = ["ben", "eve", "mum", "ben"].into_iter().zip(1..).map(record).collect();
    let summary = archive.import(&archive.write("chat.jsonl", lines.join("\n")), &[]);
    assert_eq!((number(&summary, "stored"), number(&summary, "items")), (4, 4));
    archive
}

fn map(archive: &TestArchive, rows: &str) {
    let file = archive.write("mapping.csv", format!("id,mailbox\n{rows}"));
    archive.ok(&["mapping", "import", file.to_str().expect("UTF-8")]);
}

/// What applying the mapping tells: the items of each mailbox, and the last line.
fn apply(archive: &TestArchive, options: &[&str]) -> (Vec<(String, u64)>, Value) {
    let mut lines = archive.ok(&[&["mapping", "apply"], options].concat());
    let applied = lines.pop().expect("a last line");
    assert_eq!(text(&applied, "type"), "applied");
    assert_eq!(number(&applied, "offered"), number(&applied, "stored") + number(&applied, "duplicate"), "{applied}");
    let given: Vec<_> = lines.iter().map(|line| (text(line, "mailbox"), number(line, "items"))).collect();
    assert_eq!(given.iter().map(|(_, items)| items).sum::<u64>(), number(&applied, "items"));
    (given, applied)
}

fn given(archive: &TestArchive, options: &[&str]) -> Vec<(String, u64)> {
    apply(archive, options).0
}

fn places(archive: &TestArchive) -> Vec<(String, String, String)> {
    let hits = archive.hits(None);
    let mut places: Vec<_> =
        hits.iter().map(|hit| (text(hit, "mailbox"), text(hit, "folder"), text(hit, "item"))).collect();
    places.sort();
    places
}

fn left_out(applied: &Value) -> [u64; 3] {
    let left_out = applied.get("left_out").expect("counts");
    ["mail", "exports", "quarantined"].map(|why| number(left_out, why))
}

#[test]
fn late_people_get_what_others_have_and_get_it_once() {
    let archive = office();
    archive.ok(&["mailbox", "add", BEN]);
    archive.ok(&["mailbox", "add", EVE]);
    let before = places(&archive);
    map(&archive, "ben,ben@firm.example\neve,eve@firm.example\nmum,\n");
    assert_eq!(places(&archive), before, "a change of mapping moves nothing by itself");
    let wanted = vec![(BEN.to_owned(), 2), (EVE.to_owned(), 1)];
    let (dry, applied) = apply(&archive, &["--dry-run"]);
    assert_eq!((&dry, number(&applied, "stored"), number(&applied, "duplicate")), (&wanted, 3, 1));
    assert_eq!(places(&archive), before, "a dry run adds nothing");
    assert_eq!(given(&archive, &["--mailbox", EVE, "--dry-run"]), [(EVE.to_owned(), 1)]);
    assert_eq!(given(&archive, &["--mailbox", EVE]), [(EVE.to_owned(), 1)]);
    assert_eq!(given(&archive, &[]), [(BEN.to_owned(), 2)]);
    assert_eq!(given(&archive, &[]), []);
    let after = places(&archive);
    assert!(before.iter().all(|place| after.contains(place)), "nothing moves");
    let folders: Vec<_> = after.iter().map(|(mailbox, folder, _)| (mailbox.as_str(), folder.as_str())).collect();
    let wechat = "WeChat Archiver";
    assert_eq!(folders[4..], [(BEN, wechat), (BEN, wechat), (EVE, wechat)]);
    let batch = archive.one("batch", &["batch", "show", "3"]);
    assert_eq!((text(&batch, "source"), text(&batch, "state")), ("mapping".to_owned(), "complete".to_owned()));
    let log = archive.run(&["audit", "log"]).text();
    assert_eq!(log.matches("mapping.apply").count(), 2 + 3 * 2, "{log}");
    archive.verify_clean();
}

#[test]
fn new_items_are_captured_now_and_held_and_kept_like_any_that_comes() {
    let mut archive = TestArchive::absent();
    archive.ok(&["init", "--name", "test", "--min-residence", "30"]);
    archive.ok(&["mailbox", "add", ANN]);
    archive.ok(&["mailbox", "add", BEN]);
    let record = json!({
        "source": "test", "platform": "wecom", "id": "m1", "text": "secret merger", "sent": "2020-03-01T10:00:00Z",
        "sender": { "id": "ben" }, "recipients": [{ "address": ANN }],
    });
    archive.import(&archive.write("chat.jsonl", format!("{record}\n")), &[]);
    let rule = ["--action", "delete", "--period", "1d", "--without-simulation", "test"];
    archive.ok(&[&["retention", "policy", "add", "day"], rule.as_slice()].concat());
    archive.set_clock("2026-03-15T12:00:00Z");
    map(&archive, "ben,ben@firm.example\n");
    assert_eq!(given(&archive, &[]), [(BEN.to_owned(), 1)]);
    let of = |archive: &TestArchive, mailbox: &str| {
        let hits = archive.hits(None);
        let hit = hits.iter().find(|hit| text(hit, "mailbox") == mailbox).expect("an item").clone();
        archive.ok(&["explain", &text(&hit, "item")]).remove(0)
    };
    assert_eq!(text(&of(&archive, ANN), "outcome"), "eligible");
    let late = of(&archive, BEN);
    assert_eq!((text(&late, "outcome"), text(&late, "until")), ("kept".to_owned(), "2026-04-14T12:00:00Z".to_owned()));
    archive.set_clock("2026-04-15T12:00:00Z");
    assert_eq!(text(&of(&archive, BEN), "outcome"), "eligible");
    archive.ok(&["hold", "place", "Merger", "--mailbox", BEN, "--query", "merger", "--reason", "letter"]);
    assert_eq!(text(&of(&archive, BEN), "outcome"), "held");
    assert_eq!(text(&of(&archive, ANN), "outcome"), "eligible");
}

#[test]
fn items_added_are_held_and_labelled_by_the_queries_that_find_them() {
    let archive = office();
    archive.ok(&["mailbox", "add", BEN]);
    archive.ok(&["hold", "place", "Words", "--mailbox", BEN, "--query", "word1", "--reason", "letter"]);
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "day",
        "--action",
        "delete",
        "--period",
        "1d",
        "--without-simulation",
        "t",
    ]);
    archive.ok(&["retention", "label", "add", "nine", "--action", "retain", "--period", "9y", "--auto", "word4"]);
    map(&archive, "ben,ben@firm.example\n");
    assert_eq!(given(&archive, &[]), [(BEN.to_owned(), 2)]);
    let outcomes = |word: &str| {
        let hits = archive.hits(Some(word));
        let outcome = |hit: &Value| {
            (text(hit, "mailbox"), text(&archive.ok(&["explain", &text(hit, "item")]).remove(0), "outcome"))
        };
        let mut outcomes: Vec<_> = hits.iter().map(outcome).collect();
        outcomes.sort();
        outcomes
    };
    let of = |mailbox: &str, outcome: &str| (mailbox.to_owned(), outcome.to_owned());
    assert_eq!(outcomes("word1"), [of(ANN, "eligible"), of(BEN, "held")]);
    assert_eq!(outcomes("word4"), [of(ANN, "kept"), of(BEN, "kept")], "by the label");
}

#[test]
fn what_was_disposed_of_in_a_mailbox_does_not_come_back_to_it() {
    let archive = office();
    archive.ok(&["mailbox", "add", BEN]);
    map(&archive, "ben,ben@firm.example\n");
    assert_eq!(given(&archive, &[]), [(BEN.to_owned(), 2)]);
    let rule = ["--action", "delete", "--period", "1d", "--include", BEN, "--without-simulation", "test"];
    archive.ok(&[&["retention", "policy", "add", "day"], rule.as_slice()].concat());
    archive.ok(&["disposition", "plan", "--output", "plan.json"]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    assert_eq!(archive.hits(None).len(), 4, "those of Ann");
    let (given, applied) = apply(&archive, &[]);
    assert_eq!((given, number(&applied, "disposed")), (Vec::new(), 2));
    assert_eq!(archive.hits(None).len(), 4);
    archive.verify_clean();
}

#[test]
fn mail_exports_and_quarantine_are_left_out_and_counted() {
    let archive = office();
    archive.ok(&["mailbox", "add", BEN]);
    let mail = archive.write("a.eml", format!("From: {ANN}\nTo: ben@old.example\nSubject: plain\n\nHello\n"));
    archive.import(&mail, &[]);
    let export = "1/13/25, 10:00 - Ann: export one\n1/13/25, 10:01 - Ben: export two\n";
    archive.write("people.csv", "id,mailbox\nAnn,ann@firm.example\n");
    archive.import(&archive.write("WhatsApp Chat with Team.txt", export), &["--mapping", "people.csv"]);
    let stranger = json!({
        "source": "test", "platform": "wecom", "id": "m9", "text": "word9", "sent": "2025-03-09T10:00:00Z",
        "sender": { "id": "mum" }, "recipients": [{ "id": "ben" }],
    });
    let waits = archive.write("waits.jsonl", format!("{stranger}\n"));
    archive.import(&waits, &[]);
    archive.ok(&["mailbox", "set", BEN, "--alias", "ben@old.example"]);
    map(&archive, "ben,ben@firm.example\n");
    let (items, applied) = apply(&archive, &["--dry-run"]);
    assert_eq!((items, left_out(&applied)), (vec![(BEN.to_owned(), 2)], [1, 2, 1]));
    assert_eq!(given(&archive, &["--no-auto-mapping", "--dry-run"]), [(BEN.to_owned(), 2)]);
    let (items, applied) = apply(&archive, &[]);
    assert_eq!((items, left_out(&applied)), (vec![(BEN.to_owned(), 2)], [1, 2, 1]));
    let again = archive.import(&archive.path("WhatsApp Chat with Team.txt"), &[]);
    assert_eq!((number(&again, "items"), number(&again, "messages")), (2, 0), "the export says who took part");
}

#[test]
fn mailboxes_that_are_not_there_are_named() {
    let archive = office();
    map(&archive, "ben,ben@firm.example\n");
    let (items, applied) = apply(&archive, &[]);
    assert_eq!((items, &applied["missing_mailboxes"]), (Vec::new(), &json!({ BEN: 2 })));
    let outcome = archive.run(&["mapping", "apply", "--mailbox", BEN]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains(BEN), "{}", outcome.stderr);
}
