//! An RSMF file is kept whole, and every event of it becomes what it is, whatever else is wrong with it.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use data_encoding::BASE64;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::connector::shared::samples;
use crate::connector::{As, FileAccount, Options, SourceEvent, open};
use crate::message::{Facts, facts};
use crate::model::{Event, Role};

struct Read {
    facts: Vec<Facts>,
    folders: Vec<String>,
    raws: Vec<Vec<u8>>,
    reasons: Vec<String>,
    account: FileAccount,
}

fn read(path: &Path, as_format: As) -> Read {
    let mut read = Read {
        facts: Vec::new(),
        folders: Vec::new(),
        raws: Vec::new(),
        reasons: Vec::new(),
        account: FileAccount::default(),
    };
    for event in open(&[path.to_owned()], &Options { as_format, ..Options::default() }).unwrap() {
        match event {
            SourceEvent::Record(record) => {
                let mut raw = vec![0; record.raw.source().len() as usize];
                record.raw.source().read_exact_at(0, &mut raw).unwrap();
                read.facts.push(facts(&raw));
                read.folders.push(record.folder.unwrap_or_default());
                read.raws.push(raw);
            }
            SourceEvent::Rejected(rejection) => read.reasons.push(rejection.reason),
            SourceEvent::Closed(account) => read.account = account,
            SourceEvent::Opened { .. } => {}
        }
    }
    read
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn mail(fields: &str, zip: &[u8]) -> String {
    let lines: Vec<String> =
        BASE64.encode(zip).as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!(
        "X-RSMF-Version: 2.0.0\r\n{fields}From: ann@firm.example\r\nSubject: chat\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntranscript\r\n--b\r\n\
         Content-Type: application/zip; name=rsmf.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        lines.join("\r\n")
    )
}

fn manifest() -> serde_json::Value {
    json!({
        "version": "2.0.0", "eventcollectionid": "c-9",
        "participants": [
            {"id": "1", "display": "Ann Lee", "email": "ann@firm.example", "avatar": "ann.png"},
            {"id": "2", "display": "Bo", "account_id": "+4915112345678"},
        ],
        "conversations": [{"id": "1", "display": "Deal", "platform": "Slack", "type": "channel",
            "participants": ["1", "2"], "custodian": "1", "custom": [{"name": "a/b", "value": "x"}]}],
        "events": [
            {"id": "e1", "type": "join", "participant": "2", "conversation": "1", "timestamp": "2024-05-01T09:00:00Z"},
            {"id": "e2", "type": "message", "participant": "1", "conversation": "1", "body": "final",
             "timestamp": "2024-05-01T10:00:00", "attachments": [{"id": "f.txt"}, {"id": "gone.pdf", "display": "Gone"}],
             "reactions": [{"value": "+1", "participants": ["2"]}],
             "edits": [{"participant": "1", "timestamp": "2024-05-01T10:01:00Z", "previous": "first", "new": "second"},
                       {"participant": "1", "timestamp": "2024-05-01T10:02:00Z", "previous": "second", "new": "final"}]},
            {"id": "e3", "type": "message", "participant": "2", "conversation": "1", "body": "oops", "parent": "e2",
             "timestamp": "2024-05-01T10:03:00+02:00", "deleted": true},
            {"type": "history", "conversation": "1", "body": "older"},
            {"type": "poll", "participant": "2", "conversation": "1", "timestamp": "2024-05-01T10:04:00Z", "question": "?"},
        ]
    })
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_file_is_kept_and_its_events_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest().to_string();
    let files: &[(&str, &[u8])] =
        &[("rsmf_manifest.json", manifest.as_bytes()), ("f.txt", b"file"), ("ann.png", b"x"), ("stray", b"x")];
    let whole = mail("", &zip(files));
    let read = read(&write(folder.path(), "chat.rsmf", &whole), As::Auto);
    assert!(read.reasons.is_empty(), "{:?}", read.reasons);
    assert_eq!(read.raws[0], whole.as_bytes(), "as it was handed over");
    assert_eq!(read.folders[0], "RSMF Archiver");
    assert!(read.folders[1..].iter().all(|folder| folder == "Slack Archiver"), "{:?}", read.folders);
    let events: Vec<_> =
        read.facts[1..].iter().map(|f| format!("{} {} {}", f.event.event.as_str(), f.native_id, f.body)).collect();
    assert_eq!(
        events,
        [
            "system e1 ",
            "sent e2 first",
            "edited  second",
            "edited  final",
            "deleted e3 oops",
            "system  older",
            "system  "
        ]
    );
    let sent = &read.facts[2];
    assert_eq!((sent.platform.as_str(), sent.source.as_str()), ("slack", "rsmf"));
    assert_eq!(sent.attachments.len(), 1);
    for (name, expected) in [
        ("/absent_attachments", json!(["Gone"])),
        ("/sent_local", json!("2024-05-01T10:00:00")),
        ("/timezone", json!("UTC")),
        ("/reactions", json!([{"value": "+1", "participants": ["2"]}])),
        ("/conversation/custodian", json!("ann@firm.example")),
        ("/conversation/custom/a~1b", json!("x")),
        ("/event_collection", json!("c-9")),
    ] {
        assert_eq!(sent.details.get(name), Some(&expected), "{name}");
    }
    let people: Vec<_> = sent.participants.iter().map(|p| (p.role, p.address.as_str(), p.number.as_deref())).collect();
    assert_eq!(people[0], (Role::From, "ann@firm.example", None));
    assert_eq!((people[1].0, people[1].2), (Role::To, Some("4915112345678")));
    let edit = &read.facts[3];
    assert_eq!((edit.event.event, edit.event.reference.as_str()), (Event::Edited, "e2"));
    assert_eq!(edit.details.get("/previous"), Some(&json!("first")));
    assert_eq!(read.facts[5].reply_to, "e2");
    assert_eq!(read.facts[6].details.get("/sent_assumed"), Some(&json!(true)));
    assert!(read.facts[7].details.get("/whole_record").is_some_and(|whole| whole.get("question").is_some()));
    assert_eq!(read.account.absent_attachments, 1);
    assert_eq!(read.account.notes, ["files in the zip file that no event names: 1"]);
}

#[test]
fn the_zip_and_the_manifest_are_read_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = manifest().to_string();
    let files: &[(&str, &[u8])] = &[("d/rsmf_manifest.json", text.as_bytes()), ("d/f.txt", b"file"), ("d/stray", b"x")];
    let alone = read(&write(folder.path(), "any.zip", zip(files)), As::Auto);
    assert_eq!((alone.facts.len(), alone.reasons.len()), (7, 1));
    assert!(alone.reasons[0].contains("no event"));
    let path = write(folder.path(), "x_rsmf_manifest.json", &text);
    write(folder.path(), "f.txt", "file");
    let manifest = read(&path, As::Auto);
    assert_eq!(manifest.raws, alone.raws, "the same events, whatever they came in");
}

#[test]
fn a_transported_mail_is_no_file_of_somebody() {
    let folder = tempfile::tempdir().unwrap();
    let text = manifest().to_string();
    let forged = mail(
        "Received: from a by b; Mon, 1 Jun 2009 10:00:00 +0000\r\n",
        &zip(&[("rsmf_manifest.json", text.as_bytes())]),
    );
    let path = write(folder.path(), "x.eml", forged);
    assert_eq!(read(&path, As::Auto).facts.len(), 1);
    assert_eq!(read(&path, As::Rsmf).facts.len(), 8);
}

#[test]
fn damage_keeps_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for (name, zip) in [
        ("no.rsmf", b"PK\x03\x04".to_vec()),
        ("json.rsmf", zip(&[("rsmf_manifest.json", b"{\"events\":")])),
        ("deep.rsmf", zip(&[("rsmf_manifest.json", "[".repeat(100_000).as_bytes())])),
        ("none.rsmf", zip(&[("other.json", b"{}")])),
        ("two.rsmf", zip(&[("a/rsmf_manifest.json", b"{}"), ("b/rsmf_manifest.json", b"{}")])),
    ] {
        let whole = mail("", &zip);
        let read = read(&write(folder.path(), name, &whole), As::Auto);
        assert_eq!(read.raws, [whole.into_bytes()], "{name}");
        assert!(read.reasons.len() == 1 && read.reasons[0].contains("is kept"), "{name}: {:?}", read.reasons);
    }
}

#[test]
fn hostile_events_are_read_or_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let odd = json!({
        "participants": {"id": 5, "display": ["a"]}, "conversations": [null, 1, {"id": 1, "participants": 5}],
        "events": [
            null, 7, [], {}, {"timestamp": 3}, {"timestamp": "9999-99-99T00:00:00"},
            {"timestamp": "0001-01-01T00:00:00Z", "type": "message"},
            {"timestamp": "2024-01-01T00:00:00Z", "type": ["message"], "id": {"a": 1}, "conversation": 1, "body": 5},
            {"timestamp": "2024-01-01T00:00:00Z", "type": "message", "id": "x".repeat(100_000), "participant": "\u{0}",
             "body": "a\u{0}b\rc", "edits": [null, 5, {"new": "z"}], "attachments": [{"id": "../../etc/passwd"}, "x", null]},
            {"body": "after"},
        ]
    });
    let read = read(&write(folder.path(), "rsmf_manifest.json", odd.to_string()), As::Auto);
    assert_eq!(read.reasons.len(), 7, "{:#?}", read.reasons);
    let bodies: Vec<_> = read.facts.iter().map(|facts| facts.body.as_str()).collect();
    assert_eq!(bodies, ["5", "a\0b\rc", "", "", "z", "after"]);
}

#[test]
fn a_large_file_is_read_from_its_disk() {
    let folder = tempfile::tempdir().unwrap();
    let text = manifest().to_string();
    let noise: Vec<u8> = (0..14_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let whole = mail("", &zip(&[("rsmf_manifest.json", text.as_bytes()), ("f.txt", &noise)]));
    if (whole.len() as u64) <= crate::connector::LARGE {
        let padding = "X-Padding: x\r\n".repeat(1_300_000);
        let whole = mail(&padding, &zip(&[("rsmf_manifest.json", text.as_bytes()), ("f.txt", &noise)]));
        assert!(whole.len() as u64 > crate::connector::LARGE);
        assert!(!read(&write(folder.path(), "large.rsmf", &whole), As::Rsmf).raws.is_empty());
        return;
    }
    assert_eq!(read(&write(folder.path(), "large.rsmf", &whole), As::Auto).facts.len(), 8);
}

#[test]
fn samples_are_read() {
    let Some(samples) = samples("legal/rsmf") else { return };
    for (name, records) in [
        ("sample3_sample.rsmf", 2),
        ("sample2_rsmf.zip", 1),
        ("sample1_rsmf_manifest.json", 1),
        ("sample4_rsmf_manifest.json", 1),
    ] {
        let path = samples.join(name);
        if path.is_file() {
            let read = read(&path, As::Auto);
            assert_eq!(read.facts.len(), records, "{name}: {:?}", read.reasons);
            assert!(read.reasons.is_empty(), "{name}: {:?}", read.reasons);
        }
    }
}
