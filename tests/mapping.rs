//! Each message reaches the mailboxes of all who took part and are known, in the order of mapping, address and number;
//! what reaches nobody waits whole until it is mapped again.
#![cfg(feature = "cli")]

mod support;

use std::path::PathBuf;

use custodia::model::{MessageNo, Participant, Role};
use custodia::store::{Store, insert_quarantined, quarantined};
use serde_json::{Value, json};
use support::{TestArchive, number, text};

const ANN: &str = "ann@firm.example";
const BEN: &str = "ben@firm.example";

fn record(n: usize, sender: &Value, recipients: &Value) -> String {
    let day = 1 + n % 28;
    let record = json!({
        "source": "test", "platform": "whatsapp", "id": format!("m{n}"), "text": format!("word{n}"),
        "sent": format!("2025-03-{day:02}T10:00:00Z"), "sender": sender, "recipients": recipients,
    });
    format!("{record}\n")
}

fn chat(archive: &TestArchive, people: &[(Value, Value)]) -> PathBuf {
    let lines: String = people.iter().enumerate().map(|(n, (from, to))| record(n, from, to)).collect();
    archive.write("chat.jsonl", lines)
}

fn office() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN, "--phone", "+44 20 7946 0958"]);
    archive.ok(&["mailbox", "add", BEN]);
    archive
}

/// The mailboxes in which a word is found.
fn mailboxes(archive: &TestArchive, word: &str) -> Vec<String> {
    let mut found: Vec<String> = archive.hits(Some(word)).iter().map(|hit| text(hit, "mailbox")).collect();
    found.sort();
    found
}

fn mapped_by(summary: &Value) -> [u64; 4] {
    let counts = summary.get("mapped_by").expect("counts");
    ["mapping", "address", "number", "equivalent_number"].map(|name| number(counts, name))
}

fn map(archive: &TestArchive, rows: &str) {
    let file = archive.write("mapping.csv", rows);
    archive.ok(&["mapping", "import", file.to_str().expect("UTF-8")]);
}

#[test]
fn the_mapping_comes_before_addresses_and_numbers() {
    let archive = office();
    archive.ok(&["mailbox", "add", "mx@firm.example", "--phone", "+52 1 55 1234 5678"]);
    let out = json!([{ "number": "+48111222333" }]);
    let file = chat(
        &archive,
        &[
            (json!({ "number": "+442079460958" }), out.clone()),
            (json!({ "address": "Ben@firm.example" }), out.clone()),
            (json!({ "name": "Li", "id": "wxid_A1" }), out.clone()),
            (json!({ "name": "Mum" }), out.clone()),
            (json!({ "number": "+525512345678" }), json!([{ "number": "+442079460958" }, { "id": "wxid_a1" }])),
        ],
    );
    map(&archive, "id,mailbox\n+442079460958,ben@firm.example\nwxid_a1,ann@firm.example\nmum,ann@firm.example\n");
    let summary = archive.import(&file, &[]);
    assert_eq!(mapped_by(&summary), [5, 1, 1, 1], "{summary}");
    for (word, expected) in [
        ("word0", vec![BEN]),
        ("word1", vec![BEN]),
        ("word2", vec![ANN]),
        ("word3", vec![ANN]),
        ("word4", vec![ANN, BEN, "mx@firm.example"]),
    ] {
        assert_eq!(mailboxes(&archive, word), expected, "{word}");
    }
    // Under the id alone, behind the summary; and as Ann, who is called Mum and has a number too.
    assert_eq!(archive.ok(&["search", "participants:wxid_A1", "--no-expand"]).len(), 1 + 4);
    assert_eq!(archive.hits(Some("participants:wxid_A1")).len(), 6);
    archive.verify_clean();
}

#[test]
fn a_mapping_of_one_run_comes_before_that_of_the_archive() {
    let archive = office();
    let file = chat(&archive, &[(json!({ "id": "li" }), json!([{ "id": "hua" }]))]);
    map(&archive, "li,ann@firm.example\nhua,ann@firm.example\n");
    let own = archive.write("own.csv", "li,ben@firm.example\n");
    let own = own.to_str().expect("UTF-8");
    assert_eq!(number(&archive.import(&file, &["--mapping", own]), "items"), 2);
    assert_eq!(mailboxes(&archive, "word0"), [ANN, BEN]);
    // A change of the mapping moves nothing.
    map(&archive, "li,\nhua,\n");
    assert_eq!(mailboxes(&archive, "word0"), [ANN, BEN]);
    let log = archive.ok(&["audit", "log"]);
    assert!(log.iter().any(|entry| text(entry, "outcome").contains("own.csv with 1 ids, digest ")), "{log:?}");
    assert!(log.iter().any(|entry| text(entry, "action") == "mapping.import"));
}

#[test]
fn whoever_is_not_to_be_archived_gets_no_item_and_nothing_is_lost() {
    let archive = office();
    map(&archive, "id,mailbox\n+442079460958,\n");
    let ann = json!({ "number": "+442079460958" });
    let file = chat(
        &archive,
        &[(ann.clone(), json!([{ "address": BEN }])), (ann.clone(), json!([{ "number": "+48111222333" }]))],
    );
    let summary = archive.import(&file, &[]);
    assert_eq!((number(&summary, "stored"), number(&summary, "quarantined")), (1, 1));
    assert_eq!(mailboxes(&archive, "word0"), [BEN]);
    let waiting = archive.one("quarantined", &["quarantine", "list"]);
    assert!(text(&waiting, "reason").contains("not to archive for those whom it knows"), "{waiting}");
    assert_eq!(waiting.get("sought"), Some(&json!(["+442079460958", "+48111222333"])));
}

#[test]
fn only_the_mapping_counts_where_that_is_asked_for() {
    let archive = office();
    let ann = json!({ "number": "+442079460958", "address": ANN });
    let file = chat(&archive, &[(ann.clone(), json!([{ "id": "li" }]))]);
    assert_eq!(number(&archive.import(&file, &["--no-auto-mapping", "--create-mailboxes"]), "quarantined"), 1);
    let own = archive.write("own.csv", "li,li@firm.example\n");
    let own = own.to_str().expect("UTF-8");
    let summary = archive.import(&file, &["--no-auto-mapping", "--mapping", own]);
    assert_eq!(summary.get("missing_mailboxes"), Some(&json!({ "li@firm.example": 1 })));
    let summary = archive.import(&file, &["--no-auto-mapping", "--mapping", own, "--create-mailboxes"]);
    assert_eq!(summary.get("created_mailboxes"), Some(&json!(["li@firm.example"])));
    assert_eq!(mailboxes(&archive, "word0"), ["li@firm.example"]);
    archive.verify_clean();
}

#[test]
fn what_waits_is_stored_once_the_mapping_is_mended() {
    let mut archive = office();
    let out = json!([{ "number": "+48111222333" }]);
    let file = chat(&archive, &[(json!({ "id": "li" }), out.clone()), (json!({ "id": "hua" }), out.clone())]);
    assert_eq!(number(&archive.import(&file, &[]), "quarantined"), 2);
    let waiting = archive.ok(&["quarantine", "list"]);
    let reason = text(waiting.first().expect("it waits"), "reason");
    assert_eq!(reason, "no participant matches a mailbox: li, +48111222333");
    let first = text(waiting.first().expect("it waits"), "message");
    let shown = archive.one("message", &["quarantine", "show", &first]);
    assert_eq!((text(&shown, "text").as_str(), text(&shown, "platform").as_str()), ("word0", "whatsapp"));
    let raw = archive.run(&["quarantine", "show", &first, "--raw"]).stdout;
    assert_eq!(blake3::hash(&raw).to_hex().as_str(), text(&shown, "digest"));

    let remap = |archive: &TestArchive, code: i32, options: &[&str]| {
        let summary =
            archive.json(code, &[&["quarantine", "remap"], options].concat()).lines().pop().expect("a summary");
        ["offered", "stored", "quarantined", "items"].map(|name| number(&summary, name))
    };
    assert_eq!(remap(&archive, 3, &[]), [2, 0, 2, 0]);
    assert_eq!(remap(&archive, 0, &["--batch", "9"]), [0, 0, 0, 0]);
    archive.set_clock("2026-02-01T12:00:00Z");
    map(&archive, "li,ann@firm.example\n");
    assert_eq!(remap(&archive, 3, &["--batch", "1"]), [2, 1, 1, 1]);
    assert_eq!(mailboxes(&archive, "word0"), [ANN]);
    let item = text(archive.hits(Some("word0")).first().expect("a hit"), "item");
    let shown = archive.one("item", &["show", &item]);
    assert_eq!(text(&shown, "captured_at"), "2026-02-01T12:00:00Z");
    assert_eq!(text(&shown, "folder"), "WhatsApp Archiver");
    assert_eq!(shown.pointer("/participants/0/id"), Some(&json!("li")));
    let own = archive.write("own.csv", "hua,hua@firm.example\n");
    let own = own.to_str().expect("UTF-8");
    assert_eq!(remap(&archive, 0, &["--mapping", own, "--create-mailboxes", "--no-auto-mapping"]), [1, 1, 0, 1]);
    assert!(archive.ok(&["quarantine", "list"]).is_empty());
    archive.verify_clean();
    assert_eq!(archive.json(1, &["quarantine", "show", &first]).error().get("code"), Some(&json!(1)));
    for batch in archive.ok(&["batch", "list"]) {
        let ledger = batch.get("ledger").expect("a ledger");
        let parts = ["stored", "duplicate", "quarantined", "rejected"].map(|name| number(ledger, name));
        assert_eq!(number(ledger, "offered"), parts.iter().sum::<u64>(), "{batch}");
    }
}

#[test]
fn mapping_again_names_the_mailboxes_that_are_not_there() {
    let archive = office();
    let file = chat(&archive, &[(json!({ "id": "li" }), json!([{ "id": "hua" }]))]);
    archive.import(&file, &[]);
    map(&archive, "li,li@firm.example\nhua,hua@firm.example\n");
    let summary = archive.json(3, &["quarantine", "remap"]).lines().pop().expect("a summary");
    let missing = json!({ "hua@firm.example": 1, "li@firm.example": 1 });
    assert_eq!(summary.get("missing_mailboxes"), Some(&missing));
    let outcome = archive.run(&["quarantine", "remap"]);
    for said in ["the mapping names `li@firm.example`, which is no mailbox, for 1 message", "--create-mailboxes"] {
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
    archive.one("summary", &["quarantine", "remap", "--create-mailboxes"]);
    assert_eq!(mailboxes(&archive, "word0"), ["hua@firm.example", "li@firm.example"]);
}

#[test]
fn a_field_of_ones_own_names_whose_a_mail_is() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@firm.example"]);
    archive.ok(&["mailbox", "add", "ben@firm.example"]);
    let mail = "From: a@other.example\nX-Owner: ann@firm.example; ben@firm.example\nSubject: mine\n\nowned\n";
    let file = archive.write("mail/1.eml", mail);
    assert_eq!(number(&archive.import(&file, &[]), "quarantined"), 1);
    assert_eq!(number(&archive.import(&file, &["--user-header", "x-owner"]), "items"), 2);
    let report = format!(
        "From: j@firm.example\nX-MS-Journal-Report:\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n\
         Sender: a@other.example\nTo: c@other.example\n\n--b\nContent-Type: message/rfc822\n\n{mail}\n--b--\n"
    );
    let file = archive.write("mail/2.eml", report);
    assert_eq!(number(&archive.import(&file, &["--user-header", "X-Owner:"]), "items"), 2);
    assert_eq!(archive.json(2, &["import", "mail", "--user-header", "no name"]).code, 2);
    archive.verify_clean();
}

#[test]
fn others_whom_only_the_chat_names_are_found_later_too() {
    let archive = office();
    let file = chat(&archive, &[(json!({ "name": "Mum" }), json!([{ "name": "Dad" }]))]);
    archive.import(&file, &[]);
    let store = Store::open(&archive.directory().join("archive.redb")).expect("the store opens");
    let transaction = store.begin().expect("the store can be changed");
    let mut row = quarantined(&transaction, MessageNo(1)).expect("readable").expect("it waits");
    row.folders[0].others = vec![Participant {
        role: Role::To,
        name: String::new(),
        address: String::new(),
        number: Some("442079460958".to_owned()),
        id: None,
    }];
    insert_quarantined(&transaction, &row).expect("the store can be changed");
    transaction.commit().expect("the store can be changed");
    drop(store);
    let summary = archive.one("summary", &["quarantine", "remap"]);
    assert_eq!(mapped_by(&summary), [0, 0, 1, 0]);
    assert_eq!(mailboxes(&archive, "word0"), [ANN]);
}

#[test]
fn a_file_with_a_row_that_cannot_be_used_changes_nothing() {
    let archive = office();
    let file = archive
        .write("bad.csv", "User ID;Mailbox\nli;ann@firm.example\n4.45204E+11;ben@firm.example\nhua;gone@x.example\n");
    let file = file.to_str().expect("UTF-8");
    let checked = archive.json(3, &["mapping", "check", file]).lines();
    let issues: Vec<(u64, String)> = checked
        .iter()
        .filter(|line| text(line, "type") == "issue")
        .map(|i| (number(i, "row"), text(i, "severity")))
        .collect();
    assert_eq!(issues, [(3, "error".to_owned()), (4, "warning".to_owned())]);
    let error = archive.json(2, &["mapping", "import", file]).error();
    assert!(
        text(&error, "message").contains("row 3, column 1: `4.45204E+11`: a spreadsheet has rounded it"),
        "{error}"
    );
    assert!(archive.ok(&["mapping", "list"]).is_empty());
    let chat = chat(&archive, &[(json!({ "id": "li" }), json!([]))]);
    let chat = chat.to_str().expect("UTF-8");
    archive.json(2, &["import", chat, "--mapping", file]);
    archive.json(2, &["mapping", "check", file, "--region", "XX"]);
    archive.json(1, &["mapping", "check", "absent.csv"]);
    assert!(archive.ok(&["batch", "list"]).is_empty());
}

#[test]
fn ids_are_added_changed_and_replaced() {
    let archive = office();
    let import = |rows: &str, options: &[&str]| {
        let file = archive.write("mapping.csv", rows);
        let line = archive.one("imported", &[&["mapping", "import", file.to_str().expect("UTF-8")], options].concat());
        ["added", "changed", "removed", "unchanged"].map(|name| number(&line, name))
    };
    assert_eq!(import("020 7946 0958,ann@firm.example\nli,ann@firm.example\n", &["--region", "GB"]), [2, 0, 0, 0]);
    assert_eq!(import("+442079460958,ben@firm.example\nhua,\n", &[]), [1, 1, 0, 0]);
    assert_eq!(import("hua,\n", &["--replace"]), [0, 0, 2, 1]);
    let left = archive.one("mapping", &["mapping", "list"]);
    assert_eq!((text(&left, "id").as_str(), left.get("mailbox")), ("hua", Some(&Value::Null)));
    archive.verify_clean();
}

#[test]
fn digits_in_a_name_are_nobodys_number() {
    let archive = office();
    archive.ok(&["mailbox", "set", BEN, "--phone", "+49 171 1234567"]);
    let out = json!([{ "number": "+48111222333" }]);
    let agent = json!({ "name": "Agent +49 171 1234567", "address": "agent@other.example" });
    let file = chat(
        &archive,
        &[
            (agent, out.clone()),
            (json!({ "name": "Agent 491711234567", "id": "491711234567" }), out.clone()),
            (json!({ "name": "Ben +49 171 1234567", "number": "+491711234567" }), out),
        ],
    );
    let summary = archive.import(&file, &[]);
    assert_eq!((number(&summary, "stored"), number(&summary, "quarantined")), (1, 2));
    assert_eq!(mailboxes(&archive, "word2"), [BEN]);
    let summary = archive.json(3, &["quarantine", "remap"]).lines().pop().expect("a summary");
    assert_eq!(number(&summary, "quarantined"), 2, "it is no number later either");
    archive.verify_clean();
}

/// A record with an attachment of somebody whose name ends in digits, and the mail that was made of such a record before.
fn record_and_former() -> (String, String) {
    let archive = office();
    let agent = json!({ "name": "Agent +49 171 1234567", "address": ANN });
    let picture = json!([{ "name": "a.bin", "base64": "AAECAwQ=" }]);
    let mut line: Value = serde_json::from_str(&record(0, &agent, &json!([{ "address": BEN }]))).expect("JSON");
    line.as_object_mut().expect("an object").insert("attachments".to_owned(), picture);
    let record = format!("{line}\n");
    archive.import(&archive.write("chat.jsonl", &record), &[]);
    let item = text(archive.hits(Some("word0")).first().expect("an item"), "item");
    let mail = archive.run(&["show", &item, "--raw"]).text();
    let former = mail.replace("X-Custodia-Extra: {\"/sender/number\":\"\"}\r\n", "");
    assert_ne!(former, mail);
    (record, former)
}

const CHATS_OF_ANN: [&str; 4] = ["--mailbox", ANN, "--folder", "WhatsApp Archiver"];

#[test]
fn a_record_that_was_kept_before_is_known_though_its_mail_was_another() {
    let (record, former) = record_and_former();
    let archive = office();
    archive.import(&archive.write("former.eml", former), &CHATS_OF_ANN);
    let summary = archive.import(&archive.write("chat.jsonl", record), &[]);
    assert_eq!((number(&summary, "stored"), number(&summary, "messages")), (1, 0), "for Ben, who lacked it");
    assert_eq!(mailboxes(&archive, "word0"), [ANN, BEN]);
    let summary = archive.import(&archive.path("chat.jsonl"), &[]);
    assert_eq!((number(&summary, "stored"), number(&summary, "duplicate")), (0, 1));
}

#[test]
fn a_record_that_was_disposed_of_as_another_mail_is_told_when_it_comes_again() {
    let (record, former) = record_and_former();
    let archive = office();
    archive.import(&archive.write("former.eml", former), &CHATS_OF_ANN);
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
        "test",
    ]);
    archive.ok(&["disposition", "plan", "--output", "plan.json"]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    assert!(archive.hits(None).is_empty());
    let chat = archive.write("chat.jsonl", record);
    let again = |options: &[&str]| {
        let summary = archive.import(&chat, options);
        ["messages", "items", "disposed_before"].map(|name| number(&summary, name))
    };
    assert_eq!(again(&["--dry-run"]), [1, 2, 1]);
    assert_eq!(again(&[]), [1, 2, 1]);
    assert_eq!(again(&[]), [0, 0, 0]);
    archive.verify_clean();
}

#[test]
fn what_was_disposed_of_and_waits_is_told_when_it_is_mapped_again() {
    let archive = office();
    let file = chat(&archive, &[(json!({ "number": "+442079460958" }), json!([{ "name": "Mum" }]))]);
    archive.import(&file, &[]);
    let rule = ["retention", "policy", "add", "day", "--action", "delete", "--period", "1d"];
    archive.ok(&[&rule[..], &["--without-simulation", "test"]].concat());
    archive.ok(&["disposition", "plan", "--output", "plan.json"]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    assert_eq!(number(&archive.import(&file, &["--no-auto-mapping"]), "quarantined"), 1);
    let summary = archive.one("summary", &["quarantine", "remap"]);
    assert_eq!((number(&summary, "stored"), number(&summary, "disposed_before")), (1, 1), "{summary}");
}
