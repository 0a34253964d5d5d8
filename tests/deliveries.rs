//! Deliveries as platforms and people make them: each message reaches its people, what happened to it later is told with
//! it, and nothing is lost or counted twice.
#![cfg(feature = "cli")]

mod support;

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use support::{TestArchive, number, text};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The mark by which the app tells its own words on iOS.
const MARK: &str = "\u{200e}";

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a file begins");
        writer.write_all(content.as_bytes()).expect("a file is written");
    }
    writer.finish().expect("the zip file ends").into_inner()
}

fn mail(n: u32, subject: &str) -> String {
    format!(
        "From: Susan Hart 445204334324 <susan@firm.example>\r\nTo: Clara Weiss 48555010042 <clara@north.example>\r\n\
         Subject: {subject}\r\nDate: Mon, 12 Jan 2026 10:0{n}:00 +0000\r\nMessage-ID: <{n}@delivery.example>\r\n\r\n\
         See you at the harbour\r\n"
    )
}

fn counts(summary: &Value) -> [u64; 4] {
    ["stored", "duplicate", "quarantined", "rejected"].map(|name| number(summary, name))
}

#[test]
fn a_delivery_with_a_manifest_says_what_did_not_come() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "susan@firm.example"]);
    let sent = mail(1, "WhatsApp Message From 445204334324 to 48555010042");
    let deleted = mail(2, "DELETED - READ - WhatsApp Message From 445204334324 to 48555010042");
    let manifest = "Count: 4\n1.eml\n2.eml\n3.eml\n4.eml\n";
    let delivery = zip(&[("1.eml", &sent), ("2.eml", &deleted), ("3.eml", ""), ("day.mf", manifest)]);
    let path = archive.write("202601120000-TeleMessage_1_010000.zip", delivery);
    assert_eq!(counts(&archive.import(&path, &[])), [2, 0, 0, 2]);
    assert_eq!(counts(&archive.import(&path, &[])), [0, 2, 0, 2]);
    let hits = archive.hits(Some("event:deleted"));
    assert_eq!(hits.len(), 1);
    assert_eq!(text(&hits[0], "folder"), "WhatsApp Archiver");
    let original = archive.hits(Some("harbour AND event:sent"));
    let shown = archive.one("item", &["show", &text(&original[0], "item")]);
    assert_eq!(shown.pointer("/events/0/event"), Some(&json!("deleted")));
    let exact = archive.run(&["show", &text(&original[0], "item"), "--raw"]);
    assert_eq!(exact.stdout, sent.as_bytes());
    archive.verify_clean();
}

#[test]
fn a_longer_export_adds_only_what_is_new() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@firm.example"]);
    archive.write("people.csv", "External User ID,Microsoft 365 User Mailbox\nAnn,ann@firm.example\n");
    archive.ok(&["mapping", "import", "people.csv"]);
    let photo = "00000003-PHOTO-2026-01-13-09-02-11.jpg";
    let short = format!(
        "[13/01/2026, 09:01:10] Ann: ok\r\n[13/01/2026, 09:01:10] Ann: ok\r\n\
         {MARK}[13/01/2026, 09:02:11] Bo: {MARK}<attached: {photo}>\r\n"
    );
    let longer = format!("{short}[13/01/2026, 09:03:30] Bo: {MARK}This message was deleted.\r\n");
    let name = "WhatsApp Chat - Bo.zip";
    let path = archive.write(name, zip(&[("_chat.txt", &short), (photo, "picture")]));
    assert_eq!(counts(&archive.import(&path, &[])), [3, 0, 0, 0]);
    let path = archive.write(name, zip(&[("_chat.txt", &longer), (photo, "picture")]));
    let outcome = archive.ok(&["import", path.to_str().expect("UTF-8"), "--dry-run"]);
    let file = outcome.iter().find(|line| line.get("type") == Some(&json!("file"))).expect("a report on the file");
    assert_eq!(
        ["records", "system", "attachments", "absent_attachments"].map(|name| number(file, name)),
        [4, 0, 1, 0],
        "{file}"
    );
    assert_eq!(file.get("date_order"), Some(&json!("dmy")));
    assert_eq!(counts(&archive.import(&path, &[])), [1, 3, 0, 0]);
    assert_eq!(archive.hits(Some("hasattachment:true")).len(), 1);
    archive.verify_clean();
}

#[test]
fn a_dry_run_has_a_line_for_an_export_whose_dates_are_ambiguous() {
    let archive = TestArchive::new();
    let text = "01/02/2026, 09:01 - Messages and calls are end-to-end encrypted.\n01/02/2026, 09:02 - Ann: hi\nyou\n\
        01/02/2026, 09:03 - Bo: <Media omitted>\n";
    let path = archive.write("WhatsApp Chat with Bo.txt", text);
    let path = path.to_str().expect("UTF-8");
    let lines = archive.json(3, &["import", path, "--dry-run"]).lines();
    let file = lines.iter().find(|line| line.get("type") == Some(&json!("file"))).expect("a line on the file");
    assert_eq!(["records", "system", "attachments", "rejected"].map(|name| number(file, name)), [3, 1, 1, 1], "{file}");
    assert_eq!((file.get("date_order"), file.get("first")), (Some(&Value::Null), Some(&Value::Null)));
    assert_eq!(counts(lines.last().expect("a summary")), [0, 0, 0, 1]);
    let known = archive.ok(&["import", path, "--dry-run", "--date-order", "dmy", "--create-mailboxes"]);
    let file = known.iter().find(|line| line.get("type") == Some(&json!("file"))).expect("a line on the file");
    assert_eq!(["records", "system", "attachments", "rejected"].map(|name| number(file, name)), [3, 1, 1, 0], "{file}");
}

#[test]
fn edits_and_groups_of_exports_are_told() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@firm.example"]);
    let text = "13/01/2026, 09:01 - Messages and calls are end-to-end encrypted.\n\
        13/01/2026, 09:01 - Ann created group \"Yard\"\n\
        13/01/2026, 09:02 - Ann: gate seven <This message was edited>\n";
    let path = archive.write("WhatsApp Chat with Yard.txt", text);
    archive.import(&path, &["--mailbox", "ann@firm.example"]);
    let hits = archive.hits(Some("event:edited"));
    assert_eq!(hits.len(), 1);
    let shown = archive.one("item", &["show", &support::text(&hits[0], "item")]);
    assert_eq!(shown.pointer("/conversation/group"), Some(&json!(true)));
}

#[test]
fn a_placeholder_tells_of_the_message_in_its_place_only() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@firm.example"]);
    let kept = "[13/01/2026, 09:01:05] Ann: harmless";
    let first =
        format!("{kept}\r\n[13/01/2026, 09:01:40] Ann: secret\r\n[13/01/2026, 09:02:00] Bo: {MARK}image omitted\r\n");
    let later = first.replace("secret", &format!("{MARK}This message was deleted."));
    for export in [&first, &later] {
        let path = archive.write("WhatsApp Chat - Bo.zip", zip(&[("_chat.txt", export)]));
        archive.import(&path, &["--mailbox", "ann@firm.example"]);
    }
    let events = |word: &str| {
        let hit = archive.hits(Some(word)).remove(0);
        let shown = archive.one("item", &["show", &text(&hit, "item")]);
        shown.get("events").and_then(Value::as_array).expect("events").len()
    };
    assert_eq!((events("harmless"), events("secret")), (0, 1));
}

#[test]
fn who_took_part_is_found_by_a_later_mapping_too() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "zed@firm.example"]);
    let short = "13/01/2026, 09:01 - Ann: hello\n";
    let path = archive.write("WhatsApp Chat with Ann.txt", short);
    assert_eq!(counts(&archive.import(&path, &[])), [0, 0, 1, 0]);
    let path = archive.write("WhatsApp Chat with Ann.txt", format!("{short}13/01/2026, 09:02 - Zed: hi\n"));
    assert_eq!(counts(&archive.import(&path, &[])), [0, 1, 1, 0]);
    archive.write("people.csv", "Zed,zed@firm.example\n");
    archive.ok(&["mapping", "import", "people.csv"]);
    let summary = archive.ok(&["quarantine", "remap"]).pop().expect("a summary");
    assert_eq!(counts(&summary), [2, 0, 0, 0]);
}

#[test]
fn a_message_without_a_time_is_as_old_as_its_capture() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@firm.example"]);
    let record = json!({
        "msgid": "7", "action": "send", "from": "lihua", "tolist": ["wmA"], "roomid": "", "msgtime": 0,
        "msgtype": "text", "text": { "content": "hello" },
    });
    let path = archive.write("records.json", record.to_string());
    archive.import(&path, &["--mailbox", "ann@firm.example"]);
    let shown = archive.one("item", &["show", "1"]);
    assert_eq!(shown.get("sent_at"), Some(&Value::Null));
    let policy = [
        "retention",
        "policy",
        "add",
        "Seven",
        "--without-simulation",
        "test",
        "--action",
        "retain+delete",
        "--period",
        "7y",
    ];
    archive.ok(&policy);
    let explained = archive.ok(&["explain", "1"]).pop().expect("an explanation");
    assert!(text(&explained, "until").starts_with("2033-01-15"), "{explained}");
}
