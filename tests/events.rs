//! What happened to a message is shown with it, and deliveries arrive where their items belong.
#![cfg(feature = "cli")]

mod support;

use std::io::{Cursor, Write};

use serde_json::Value;
use support::{TestArchive, number, text};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const CREATE: [&str; 1] = ["--create-mailboxes"];

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(content.as_bytes()).expect("an entry");
    }
    writer.finish().expect("a zip file").into_inner()
}

fn shown(archive: &TestArchive, query: &str) -> Value {
    let hits = archive.hits(Some(query));
    let item = text(hits.first().unwrap_or_else(|| panic!("{query} finds nothing")), "item");
    archive.one("item", &["show", &item])
}

fn field<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} in {value}"))
}

fn events(shown: &Value) -> Vec<String> {
    let events = shown.get("events").and_then(Value::as_array).expect("events");
    let line = |event: &Value| {
        format!("{} {} {}", field(event, "/event"), field(event, "/text").trim_end(), field(event, "/matched_by"))
    };
    events.iter().map(line).collect()
}

fn item(subject: &str, minute: u32, body: &str) -> String {
    format!(
        "From: Susan Hart 445204334324 <susan@company.example>\r\nTo: 12124325249 <12124325249@sms.example>\r\n\
         X-User-Email: susan@company.example; jeff@company.example\r\nSubject: {subject}\r\n\
         Date: Fri, 27 Mar 2026 21:{minute}:00 +0000\r\n\r\n{body}\r\n"
    )
}

#[test]
fn a_delivery_shows_what_was_deleted() {
    let archive = TestArchive::new();
    let subject = "WhatsApp Message From 445204334324 to 12124325249";
    let files = [
        ("1.eml", item(subject, 41, "see you at five")),
        ("2.eml", item(subject, 42, "or at six")),
        (
            "3.eml",
            item(
                &format!("DELETED \u{2013} UNREAD \u{2013} {}", subject.replace("From", "from")),
                50,
                "see you at five",
            ),
        ),
        ("d.mf", "Count: 3\r\n1.eml\r\n2.eml\r\n3.eml\r\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, content)| (*name, content.as_str())).collect();
    let path = archive.write("202603270000-TeleMessage_1_0105.zip", zip(&files));
    let summary = archive.import(&path, &CREATE);
    assert_eq!((number(&summary, "stored"), number(&summary, "rejected")), (3, 0), "{summary}");

    let original = shown(&archive, "\"see you at five\" AND event:sent");
    assert_eq!((field(&original, "/folder"), field(&original, "/source")), ("WhatsApp Archiver", "telemessage"));
    assert_eq!(events(&original), ["deleted see you at five text"]);
    assert_eq!(events(&shown(&archive, "\"or at six\"")), [""; 0]);
    let deletion = shown(&archive, "event:deleted");
    assert_eq!(field(&deletion, "/about/item"), field(&original, "/item"));
    assert_eq!(deletion.pointer("/about/alike").and_then(Value::as_u64), Some(1));
    assert_eq!(field(&deletion, "/details/~1read_state"), "unread");
    let mailboxes: Vec<_> = archive.places().into_keys().map(|(mailbox, ..)| mailbox).collect();
    assert!(mailboxes.contains(&"jeff@company.example".to_owned()), "{mailboxes:?}");
    let printed = archive.run(&["show", field(&original, "/item")]).text();
    assert!(printed.contains("deleted in item") && printed.contains("1 message alike"), "{printed}");
    archive.verify_clean();
}

fn record(id: &str, more: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(r#","id":"{id}""#) };
    format!(
        r#"{{"source":"test","platform":"wecom","sent":"2026-03-27T21:41:00Z","sender":{{"address":"ann@firm.example"}},"conversation":{{"id":"c1"}}{id}{more}}}"#
    )
}

#[test]
fn ids_lead_from_events_to_messages_and_back() {
    let archive = TestArchive::new();
    let lines = [
        record("M1", r#","text":"the first price","/forwarded":true"#),
        record("m1", r#","text":"another message""#),
        record("e1", r#","text":"the second price","event":"edited","event_reference":"M1""#),
        record("e2", r#","text":"+1","event":"reacted","event_reference":"M1""#),
        record("e3", r#","event":"recalled","event_reference":"M1""#),
        record("e4", r#","text":"elsewhere","event":"recalled","event_reference":"M1""#).replace("c1", "c2"),
        record("e5", r#","text":"lost","event":"edited","event_reference":"M9""#),
    ];
    let path = archive.write("chat.jsonl", lines.join("\n"));
    archive.import(&path, &CREATE);
    let first = shown(&archive, "\"first price\"");
    assert_eq!(events(&first), ["edited the second price id", "reacted +1 id", "recalled  id"]);
    assert_eq!(first.get("about"), Some(&Value::Null));
    assert_eq!(events(&shown(&archive, "another")), [""; 0]);
    let edit = shown(&archive, "\"second price\"");
    assert_eq!(field(&edit, "/about/item"), field(&first, "/item"));
    assert_eq!(shown(&archive, "lost").get("about"), Some(&Value::Null));
    assert_eq!(shown(&archive, "elsewhere").get("about"), Some(&Value::Null));

    let more = archive
        .write("more.jsonl", record("e6", r#","text":"the third price","event":"edited","event_reference":"M1""#));
    archive.import(&more, &CREATE);
    assert_eq!(events(&shown(&archive, "\"first price\"")).len(), 4, "what came later is shown too");
    archive.verify_clean();
}

#[test]
fn a_placeholder_is_matched_by_its_time() {
    let archive = TestArchive::new();
    let lines = [
        record("", r#","text":"secret""#),
        record("", r#","text":"This message was deleted","event":"deleted""#),
        record("", r#","text":"later""#).replace("41:00", "41:59"),
    ];
    archive.import(&archive.write("chat.jsonl", lines.join("\n")), &CREATE);
    assert_eq!(events(&shown(&archive, "secret")), ["deleted This message was deleted minute"]);
    assert_eq!(field(&shown(&archive, "event:deleted"), "/about/text").trim_end(), "secret");
    assert_eq!(events(&shown(&archive, "later")), [""; 0]);
}

#[test]
fn a_journal_report_is_the_message_in_it() {
    let archive = TestArchive::new();
    let inner = "Message-ID: <abc@company.example>\r\nFrom: susan@company.example\r\nTo: jeff@company.example\r\n\
        Subject: Quarter figures\r\nDate: Mon, 3 Jan 2022 10:00:00 +0000\r\n\r\nsee the table\r\n";
    let report = format!(
        "From: journal@company.example\r\nSubject: Odd title\r\nX-MS-Journal-Report:\r\n\
         Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nSender: susan@company.example\r\n\
         Message-Id: <abc@company.example>\r\nTo: jeff@company.example\r\nBcc: hidden@company.example\r\n\
         a planted remark\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--o--\r\n"
    );
    archive.write("mail/1.eml", inner);
    archive.write("mail/2.eml", &report);
    let summary = archive.import(&archive.path("mail"), &CREATE);
    assert_eq!((number(&summary, "stored"), number(&summary, "same_content")), (2, 1), "{summary}");
    let found = shown(&archive, "bcc:hidden@company.example");
    assert_eq!((field(&found, "/subject"), field(&found, "/text").trim_end()), ("Quarter figures", "see the table"));
    assert_eq!(field(&found, "/journal/from"), "journal@company.example");
    for query in ["\"planted remark\"", "\"odd title\"", "participants:journal@company.example"] {
        assert_eq!(field(&shown(&archive, query), "/digest"), field(&found, "/digest"), "{query}");
    }
    let raw = archive.run(&["show", field(&found, "/item"), "--raw"]);
    assert_eq!(raw.stdout, report.as_bytes());
    let printed = archive.run(&["show", field(&found, "/item")]).text();
    assert!(printed.contains("bcc hidden@company.example"), "{printed}");
    archive.verify_clean();
}

#[test]
fn a_large_report_gives_its_attachments_too() {
    let archive = TestArchive::new();
    let content: Vec<u8> = (0..20_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let encoded = data_encoding::BASE64.encode(&content);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).expect("base64 is ASCII")).collect();
    let report = format!(
        "From: journal@company.example\r\nSubject: Film\r\nX-MS-Journal-Report:\r\n\
         Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nSender: susan@company.example\r\n\
         Bcc: hidden@company.example\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nFrom: susan@company.example\r\n\
         Subject: Film\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nsee it\r\n--i\r\n\
         Content-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--i--\r\n--o--\r\n",
        lines.join("\r\n")
    );
    archive.import(&archive.write("film.eml", &report), &CREATE);
    let found = shown(&archive, "bcc:hidden@company.example");
    assert_eq!(
        (field(&found, "/attachments/0/name"), field(&found, "/journal/sender")),
        ("film.mp4", "susan@company.example")
    );
    assert_eq!(found.pointer("/attachments/0/bytes").and_then(Value::as_u64), Some(content.len() as u64));
    let item = field(&found, "/item");
    assert!(archive.run(&["show", item, "--attachment", "1"]).stdout == content);
    assert!(archive.run(&["show", item, "--raw"]).stdout == report.as_bytes());
    archive.verify_clean();
}
