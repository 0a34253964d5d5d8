//! A mail that names more people, or more of its thread, than is searched is not deleted because a query does not find somebody
//! in it.
#![cfg(feature = "cli")]

mod support;

use serde_json::Value;
use support::{TestArchive, number, text};

const BOB: &str = "bob@x.example";

/// Longer than what is read of one field.
const LONG: usize = 1_100_000;

/// Only the subject of it can be searched, and everybody whom it names.
const SEALED: &str = "MIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n\
        --b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream\n\n\
        -----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----\n--b--\n";

fn repeated(unit: &str) -> String {
    unit.repeat(LONG / unit.len() + 1)
}

/// A mail to very many, Ann the last of them; one that answers very many mails, and that of Ann; and one that is encrypted.
fn office() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", BOB]);
    let many = format!("To: {}ann@x.example\n", repeated("everybody@y.example,\n "));
    let thread = format!("To: {BOB}\nReferences: {}<offer@x.example>\n", repeated("<reply@y.example>\n "));
    let plain = "\nabout it\n";
    for (subject, header, body) in
        [("many", many.as_str(), plain), ("thread", thread.as_str(), plain), ("sealed", "To: bob@x.example\n", SEALED)]
    {
        let mail = format!(
            "From: eve@y.example\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nMessage-ID: <{subject}@y.example>\n\
             Subject: {subject}\n{header}{body}"
        );
        let path = archive.write(&format!("{subject}.eml"), mail);
        assert_eq!(number(&archive.import(&path, &["--mailbox", BOB]), "stored"), 1);
    }
    archive
}

fn outcomes(archive: &TestArchive) -> [String; 3] {
    [1, 2, 3].map(|item| text(&archive.ok(&["explain", &item.to_string()]).remove(0), "outcome"))
}

fn add(archive: &TestArchive, what: &str, options: &[&str]) -> Vec<Value> {
    let rule =
        ["retention", what, "add", "rule", "--without-simulation", "test", "--action", "delete", "--period", "1y"];
    archive.ok(&[&rule[..], options].concat())
}

#[test]
fn a_policy_does_not_delete_for_lack_of_somebody_who_may_be_behind_the_cut() {
    for (query, expected) in [
        ("NOT participants:ann@x.example", ["kept", "kept", "eligible"]),
        ("NOT threadid:offer@x.example", ["kept", "kept", "eligible"]),
        ("NOT kind:im", ["eligible", "eligible", "eligible"]),
        ("from:eve@y.example", ["eligible", "eligible", "eligible"]),
        ("NOT contract", ["kept", "kept", "kept"]),
    ] {
        let archive = office();
        add(&archive, "policy", &["--query", query]);
        assert_eq!(outcomes(&archive), expected, "{query}");
    }
}

#[test]
fn nor_does_a_label_that_a_query_would_set() {
    let archive = office();
    add(&archive, "label", &["--auto", "NOT participants:ann@x.example"]);
    assert_eq!(outcomes(&archive), ["kept", "kept", "eligible"]);
    let explained = archive.ok(&["explain", "1"]).remove(0).to_string();
    assert!(explained.contains("found by a query for what it lacks"), "{explained}");
    let summary = archive.one("summary", &["retention", "simulate"]);
    assert_eq!(summary["labels_in_doubt"], serde_json::json!(["rule"]), "{summary}");
}
