//! Messages made to harm whoever reads them.

use std::fmt::Write as _;

use custodia::model::Digest;
use data_encoding::BASE64;
use serde_json::Value;

use super::support::{TestArchive, number, text};

const SINK: [&str; 3] = ["--mailbox", "all@x.example", "--create-mailboxes"];

/// Imports one mail into a new archive, and checks that it comes back whole.
fn kept(mail: &[u8]) -> (TestArchive, Value) {
    let archive = TestArchive::new();
    let summary = archive.import(&archive.write("mail.eml", mail), &[&["--as", "eml"], SINK.as_slice()].concat());
    assert_eq!((number(&summary, "stored"), number(&summary, "messages")), (1, 1), "{summary}");
    let hit = archive.hits(None).remove(0);
    assert_eq!(text(&hit, "digest"), Digest::of(mail).to_string());
    let raw = archive.run(&["show", &text(&hit, "item"), "--raw"]);
    assert!(raw.code == 0 && raw.stdout == mail, "the bytes came back changed: {}", raw.stderr);
    archive.verify_clean();
    let shown = archive.one("item", &["show", "1"]);
    (archive, shown)
}

fn found(archive: &TestArchive, query: &str) -> usize {
    archive.hits(Some(query)).len()
}

#[test]
fn a_terminal_is_safe_from_messages() {
    let mail = b"From: \"\x1b]0;owned\x07Eve\" <eve@x.example>\nTo: bob@x.example\n\
        Subject: =?utf-8?B?G1sySmdvbmUg4oCuZmRwLmV4ZQA=?= tail\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n\
        before\x1b[2J\x1b]52;c;aGk=\x07 \xe2\x80\xae reversed \x00nul \xc2\x9b31m\x08\x08 after\n\
        --b\nContent-Type: text/plain; name=\"a\x1b[31m\xe2\x80\xaetxt.exe\"\n\
        Content-Disposition: attachment; filename=\"a\x1b[31m\xe2\x80\xaetxt.exe\"\n\nx\n--b--\n";
    let (archive, _) = kept(mail);
    for arguments in [vec!["show", "1"], vec!["search", "before"], vec!["search", "--all"], vec!["audit", "log"]] {
        let outcome = archive.run(&arguments);
        let printed = format!("{}{}", outcome.text(), outcome.stderr);
        let harmful = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{202a}'..='\u{202e}');
        assert!(!printed.contains(harmful), "{arguments:?}: {printed:?}");
        assert_eq!(outcome.code, 0);
    }
    assert_eq!((found(&archive, "after"), found(&archive, "reversed")), (1, 1));
}

#[test]
fn text_typed_by_people_is_as_safe_as_text_of_messages() {
    let archive = TestArchive::new();
    let name = "\u{1b}[2Jx\u{202e}y";
    archive.ok(&["mailbox", "add", "ann@x.example", "--name", name, "--attr", &format!("team={name}")]);
    archive.ok(&["hold", "place", name, "--mailbox", "ann@x.example", "--reason", name]);
    archive.ok(&["retention", "policy", "add", name, "--action", "retain", "--period", "1y"]);
    for arguments in [
        vec!["mailbox", "list"],
        vec!["mailbox", "show", "ann@x.example"],
        vec!["hold", "list"],
        vec!["hold", "show", name],
        vec!["retention", "policy", "list"],
        vec!["retention", "policy", "show", name],
        vec!["audit", "log"],
        vec!["search", name],
        vec!["hold", "show", "\u{1b}[2Jno"],
        vec!["import", "\u{1b}[2Jno"],
    ] {
        let outcome = archive.run(&arguments);
        let printed = format!("{}{}", outcome.text(), outcome.stderr);
        assert!(!printed.contains(['\u{1b}', '\u{202e}']), "{arguments:?}: {printed:?}");
    }
}

#[test]
fn a_very_long_line_is_searched_to_its_end() {
    let mut mail = "From: a@x.example\nSubject: long\n\nfirstword ".to_owned();
    mail.push_str(&"filler ".repeat(200_000 / 7));
    mail.push_str("lastword ");
    mail.push_str(&"x".repeat(200_000));
    mail.push_str(" afterwards\n");
    let (archive, _) = kept(mail.as_bytes());
    for word in ["firstword", "lastword", "afterwards"] {
        assert_eq!(found(&archive, word), 1, "{word}");
    }
}

#[test]
fn deep_nesting_is_kept_and_readable() {
    let mut mail = "From: a@x.example\nSubject: deep\nMIME-Version: 1.0\n".to_owned();
    for level in 0..3_000 {
        write!(mail, "Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n").expect("strings take it");
    }
    mail.push_str("Content-Type: text/plain\n\ninnermost\n");
    let (archive, shown) = kept(mail.as_bytes());
    assert_eq!(text(&shown, "subject"), "deep");
    assert_searched_or_said(&archive, &shown, "innermost");

    let mail =
        format!("{}innermost\n", "From: a@x.example\nSubject: deep\nContent-Type: message/rfc822\n\n".repeat(2_000));
    let (archive, shown) = kept(mail.as_bytes());
    assert_searched_or_said(&archive, &shown, "innermost");
}

/// What is not searched is said to be so.
fn assert_searched_or_said(archive: &TestArchive, shown: &Value, word: &str) {
    let said = shown.get("partially_indexed").and_then(Value::as_array).is_some_and(|reasons| !reasons.is_empty());
    let summary = archive.one("summary", &["search", word]);
    assert!(number(&summary, "items") == 1 || said, "`{word}` is not found, and nothing says why: {shown}");
    assert_eq!(number(&summary, "partially_indexed") > 0, said);
}

#[test]
fn many_attachments_are_all_listed() {
    let mut mail =
        "From: a@x.example\nSubject: many\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n".to_owned();
    for n in 1..=300 {
        let content = BASE64.encode(format!("content of file {n}").as_bytes());
        write!(
            mail,
            "--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"file-{n}.bin\"\n\
             Content-Transfer-Encoding: base64\n\n{content}\n"
        )
        .expect("strings take it");
    }
    mail.push_str("--b--\n");
    let (archive, shown) = kept(mail.as_bytes());
    assert_eq!(shown.get("attachments").and_then(Value::as_array).map(Vec::len), Some(300));
    for n in ["1", "150", "300"] {
        let content = archive.run(&["show", "1", "--attachment", n]);
        assert_eq!(content.text(), format!("content of file {n}"));
    }
    assert_eq!(archive.json(1, &["show", "1", "--attachment", "301"]).stdout, b"");
    assert_eq!(archive.json(1, &["show", "1", "--attachment", "0"]).stdout, b"");
    assert_eq!(found(&archive, "attachmentnames:\"file-300.bin\""), 1);
}

#[test]
fn names_of_attachments_lead_nowhere() {
    let names =
        ["../../../../tmp/escaped.txt", "/etc/escaped.txt", "C:\\escaped.txt", "a\\..\\escaped.txt", "", ".", ".."];
    let mut mail =
        "From: a@x.example\nSubject: paths\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
            .to_owned();
    for name in names {
        let name = name.replace('\\', "\\\\");
        write!(
            mail,
            "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=\"{name}\"\n\nx{name}\n"
        )
        .expect("strings take it");
    }
    mail.push_str("--b--\n");
    let (archive, shown) = kept(mail.as_bytes());
    assert_eq!(shown.get("attachments").and_then(Value::as_array).map(Vec::len), Some(names.len()));
    let here = || std::fs::read_dir(archive.path(".")).expect("directory").count();
    let before = here();
    for n in 1..=names.len() {
        assert_eq!(archive.run(&["show", "1", "--attachment", &n.to_string()]).code, 0);
    }
    assert_eq!(here(), before, "nothing is written but where it was asked for");
    let output = archive.path("out.txt");
    let output = output.to_str().expect("UTF-8");
    assert_eq!(archive.run(&["show", "1", "--attachment", "1", "--output", output]).code, 0);
    assert_eq!(here(), before + 1);
    assert_eq!(archive.run(&["show", "1", "--attachment", "1", "--output", output]).code, 1, "nothing is overwritten");
}

#[test]
fn header_bombs_are_kept_and_read() {
    let recipients: Vec<String> = (0..20_000).map(|n| format!("person{n}@x.example")).collect();
    let mail = format!("From: a@x.example\nTo: {}\nSubject: crowd\n\nbody\n", recipients.join(",\n "));
    let (archive, shown) = kept(mail.as_bytes());
    assert_searched_or_said(&archive, &shown, "to:person19999@x.example");

    let mut mail = "From: a@x.example\n".to_owned();
    for n in 0..50_000 {
        writeln!(mail, "X-Bomb-{n}: value {n}").expect("strings take it");
    }
    mail.push_str("Subject: last\n\nbodyword\n");
    let (archive, shown) = kept(mail.as_bytes());
    assert_eq!(text(&shown, "subject"), "last");
    assert_searched_or_said(&archive, &shown, "bodyword");

    let folded =
        format!("From: a@x.example\nSubject: {}tail\n\nbodyword\n", "=?utf-8?Q?aaaaaaaaaaaaaaaa?=\n ".repeat(50_000));
    let (archive, shown) = kept(folded.as_bytes());
    assert_searched_or_said(&archive, &shown, "bodyword");

    let endless = format!("From: a@x.example\nX-Endless: {}\nSubject: behind\n\nbodyword\n", "y".repeat(4_000_000));
    let (archive, shown) = kept(endless.as_bytes());
    assert_searched_or_said(&archive, &shown, "bodyword");
}

#[test]
fn a_large_part_that_compresses_to_nothing_is_kept() {
    let line = BASE64.encode(&[0; 57]);
    let mut mail =
        "From: a@x.example\nSubject: zeros\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
                    --b\nContent-Type: text/plain\n\nbodyword\n--b\nContent-Type: application/gzip; name=zeros.gz\n\
                    Content-Transfer-Encoding: base64\n\n"
            .to_owned();
    for _ in 0..24 * 1024 * 1024 / line.len() {
        mail.push_str(&line);
        mail.push('\n');
    }
    mail.push_str("--b--\n");
    let (archive, shown) = kept(mail.as_bytes());
    assert_searched_or_said(&archive, &shown, "bodyword");
    assert!(number(archive.ok(&["stats"]).first().expect("stats"), "store_bytes") < 4 << 20, "zeros take no room");
    let content = archive.run(&["show", "1", "--attachment", "1"]);
    assert!(content.code == 0 && content.stdout.iter().all(|byte| *byte == 0), "{}", content.stderr);
    assert_eq!(content.stdout.len(), 24 * 1024 * 1024 / line.len() * 57);
}

#[test]
fn broken_mail_is_kept_as_it_is() {
    for mail in [
        b"\n".as_slice(),
        b"x",
        b"Subject",
        b"Subject:",
        b": nothing\n\nbody",
        b"From: a@x.example\nContent-Type: multipart/mixed\n\n--\n--\n",
        b"From: a@x.example\nContent-Type: multipart/mixed; boundary=\"\"\n\n--\nx\n----\n",
        b"From: a@x.example\nContent-Transfer-Encoding: base64\n\n!!!!====\n",
        b"From: a@x.example\nContent-Type: text/html\n\n<div><div><script>\x00",
        b"From: a@x.example\nDate: Mon, 99 Foo 99999 99:99:99 +9999\n\nx\n",
        b"From: a@x.example\nContent-Type: text/plain; charset=utf-7\n\n+ADw-script+AD4-\n",
        b"\xff\xfe\x00F\x00r\x00o\x00m\x00:",
        b"From: a@x.example\r\rSubject: b\r\r\rbody\r",
    ] {
        kept(mail);
    }
}
