//! What is handed over is what was found, byte for byte, and whoever receives it can tell whether it still is.
#![cfg(feature = "cli")]
#![allow(clippy::indexing_slicing, reason = "what is not there fails the test")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "exports write them in lower case")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use custodia::model::Digest;
use mail_parser::MimeHeaders;
use serde_json::Value;
use sha2::Digest as _;

use support::{TestArchive, firm, number, text};

/// Paths of all files under a directory, `/` between folders, with their bytes.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    let relative = |path: &Path| path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
    files.map(|entry| (relative(entry.path()), fs::read(entry.path()).expect("file"))).collect()
}

/// The rows of the table of an export, by the number of the item.
fn table(root: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(root.join("items.csv")).expect("table");
    let heads: Vec<String> =
        reader.headers().expect("heads").iter().map(|head| head.trim_start_matches('\u{feff}').to_owned()).collect();
    let rows = reader.records().map(|row| {
        let row = row.expect("row");
        let cells: BTreeMap<String, String> = heads.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
        (cells["item"].clone(), cells)
    });
    rows.collect()
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(bytes))
}

const ANN: &str = "ann@firm.example";
const BOB: &str = "bob@firm.example";

/// Sixty mails and forty chat messages in the mailboxes of six people.
fn firm_archive() -> TestArchive {
    let archive = TestArchive::new();
    firm::write(&archive.path("in"), 11, 60, 40);
    for person in firm::PEOPLE {
        archive.ok(&["mailbox", "add", &format!("{person}@firm.example")]);
    }
    archive.import(&archive.path("in"), &[]);
    archive
}

fn mail(subject: &str, body: &str) -> String {
    format!(
        "From: Eve <eve@elsewhere.example>\nTo: {ANN}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\n\
         Message-ID: <{subject}@elsewhere.example>\nSubject: {subject}\n\n{body}\n"
    )
}

/// An archive with one mail, in the folder and mailbox that are given.
fn one_mail(archive: &TestArchive, subject: &str, mailbox: &str, folder: &str) {
    let path = archive.write(&format!("{subject}.eml"), mail(subject, "about it"));
    archive.import(&path, &["--mailbox", mailbox, "--folder", folder, "--create-mailboxes"]);
}

fn export(archive: &TestArchive, name: &str, arguments: &[&str]) -> (PathBuf, Value) {
    let path = archive.path(name);
    let made = archive.one("export", &[&["export", "--output", path.to_str().expect("UTF-8")], arguments].concat());
    let counts = verified(archive, &path, 0).pop().expect("a summary");
    assert_eq!((number(&counts, "problems"), number(&counts, "items")), (0, number(&made, "items")));
    (path, made)
}

fn verified(archive: &TestArchive, root: &Path, code: i32) -> Vec<Value> {
    archive.json(code, &["export", "verify", root.to_str().expect("UTF-8")]).lines()
}

fn problems(archive: &TestArchive, root: &Path) -> Vec<(String, String)> {
    let mut lines = verified(archive, root, 20);
    let summary = lines.pop().expect("a summary");
    assert_eq!(number(&summary, "problems"), lines.len() as u64);
    lines.iter().map(|problem| (text(problem, "path"), text(problem, "detail"))).collect()
}

#[test]
fn every_item_is_handed_over_as_it_arrived() {
    let archive = firm_archive();
    let hits = archive.hits(None);
    let (root, made) = export(&archive, "out", &["--all"]);
    assert_eq!(number(&made, "items"), hits.len() as u64);
    let (files, table) = (files(&root), table(&root));
    assert_eq!(table.len(), hits.len());
    for hit in &hits {
        let row = &table[&text(hit, "item")];
        let bytes = &files[&row["file"]];
        assert_eq!(Digest::of(bytes).to_string(), text(hit, "digest"));
        assert_eq!((&row["sha256"], &row["digest"]), (&hex(bytes), &text(hit, "digest")));
        assert_eq!(row["file"], format!("{}/{}/{}.eml", text(hit, "mailbox"), text(hit, "folder"), text(hit, "item")));
        assert_eq!((&row["subject"], &row["from"]), (&text(hit, "subject"), &text(hit, "from")));
    }
    // What anybody can check without this program.
    let listed: BTreeMap<String, String> = String::from_utf8(files["manifest.sha256"].clone())
        .expect("UTF-8")
        .lines()
        .map(|line| {
            let (sum, path) = line.split_once("  ").expect("two columns");
            (path.to_owned(), sum.to_owned())
        })
        .collect();
    let own = ["manifest.sha256", "export.json", "audit-proof.json"];
    let computed = files.iter().filter(|(path, _)| !own.contains(&path.as_str()));
    assert_eq!(listed, computed.map(|(path, bytes)| (path.clone(), hex(bytes))).collect());
    let entry =
        archive.ok(&["audit", "log"]).into_iter().find(|entry| text(entry, "action") == "export").expect("recorded");
    assert!(text(&entry, "outcome").contains(&hex(&files["export.json"])), "{entry}");
}

#[test]
fn the_same_again_gives_the_same_bytes() {
    let archive = firm_archive();
    for format in ["eml", "mbox", "jsonl", "csv"] {
        let run = |name: &str| {
            let (root, _) = export(&archive, &format!("{format}-{name}"), &["invoice OR chat*", "--format", format]);
            let mut files = files(&root);
            assert!(files.remove("export.json").is_some() && files.remove("audit-proof.json").is_some());
            files
        };
        assert_eq!(run("1"), run("2"), "{format}");
    }
}

#[test]
fn an_mbox_gives_the_same_messages_when_it_is_taken_in_again() {
    let archive = firm_archive();
    let (root, _) = export(&archive, "out", &["kind:email", "--format", "mbox"]);
    let other = TestArchive::new();
    other.import(&root, &["--mailbox", ANN, "--create-mailboxes"]);
    let digests = |archive: &TestArchive| {
        archive.hits(Some("kind:email")).iter().map(|hit| text(hit, "digest")).collect::<BTreeSet<_>>()
    };
    assert_eq!(digests(&archive), digests(&other));
}

#[test]
fn json_has_what_show_has() {
    let archive = firm_archive();
    let (root, made) = export(&archive, "out", &["--all", "--format", "jsonl"]);
    let lines = fs::read_to_string(root.join("items.jsonl")).expect("items");
    let items: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(items.len() as u64, number(&made, "items"));
    for item in items.iter().step_by(9) {
        let shown = archive.one("item", &["show", &text(item, "item")]);
        for field in [
            "item",
            "message",
            "digest",
            "bytes",
            "mailbox",
            "folder",
            "sent_at",
            "captured_at",
            "participants",
            "subject",
            "text",
            "attachments",
            "event",
            "conversation",
            "kind",
            "platform",
            "details",
            "partially_indexed",
        ] {
            assert_eq!(item.get(field), shown.get(field), "{field}");
        }
    }
}

#[test]
fn whatever_is_changed_is_found() {
    type Change = (&'static str, &'static str, fn(&Path));
    fn edit(path: &Path, from: &str, to: &str) {
        let text = fs::read_to_string(path).expect("text");
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replacen(from, to, 1)).expect("write");
    }
    const FILE: &str = "ann@firm.example/Inbox/1.eml";
    let changes: [Change; 9] = [
        (FILE, "was changed", |root| edit(&root.join(FILE), "about it", "about xx")),
        (FILE, "cannot be read", |root| fs::remove_file(root.join(FILE)).expect("remove")),
        ("items.csv", "was changed", |root| edit(&root.join("items.csv"), "one", "two")),
        ("note.txt", "is not in the list", |root| fs::write(root.join("note.txt"), "x").expect("write")),
        ("ann@firm.example\\Inbox\\1.eml", "is not in the list", |root| {
            fs::write(root.join("ann@firm.example\\Inbox\\1.eml"), "x").expect("write");
        }),
        ("manifest.sha256", "cannot be read", |root| fs::remove_file(root.join("manifest.sha256")).expect("remove")),
        ("manifest.sha256", "was changed", |root| {
            let bytes = b"another";
            fs::write(root.join(FILE), bytes).expect("write");
            let list = fs::read_to_string(root.join("manifest.sha256")).expect("list");
            let (sum, _) = list.split_once("  ").expect("a line");
            edit(&root.join("manifest.sha256"), sum, &hex(bytes));
        }),
        ("audit-proof.json", "the audit entry is not about this export.json", |root| {
            edit(&root.join("export.json"), "\"exported_by\": \"tester\"", "\"exported_by\": \"nobody\"");
        }),
        ("audit-proof.json", "does not hold", |root| edit(&root.join("audit-proof.json"), "\"size\": ", "\"size\": 1")),
    ];
    let archive = TestArchive::new();
    one_mail(&archive, "one", ANN, "Inbox");
    for (n, (path, detail, change)) in changes.into_iter().enumerate() {
        let (root, _) = export(&archive, &format!("out-{n}"), &["--all"]);
        change(&root);
        let found = problems(&archive, &root);
        assert!(found.len() == 1 && found[0].0 == path && found[0].1.contains(detail), "{path}, {detail}: {found:?}");
    }
    let nothing = archive.path("out-0");
    fs::remove_file(nothing.join("export.json")).expect("remove");
    assert_eq!(number(&archive.json(2, &["export", "verify", nothing.to_str().expect("UTF-8")]).error(), "code"), 2);
}

#[test]
fn whoever_has_a_checkpoint_needs_no_trust_in_the_export() {
    let archive = TestArchive::new();
    one_mail(&archive, "one", ANN, "Inbox");
    archive.ok(&["audit", "checkpoint", "--output", "early"]);
    let (root, _) = export(&archive, "out", &["--all"]);
    archive.ok(&["search", "about"]);
    archive.ok(&["audit", "checkpoint", "--output", "late"]);
    let root = root.to_str().expect("UTF-8");
    let entry =
        verified(&archive, Path::new(root), 0).pop().map(|summary| number(&summary, "audit_entry")).expect("one");
    for checkpoint in ["early", "late"] {
        let proof = format!("{checkpoint}.json");
        let found = archive.json(3, &["export", "verify", root, "--against", checkpoint]).lines();
        assert!(text(&found[0], "unproved").contains("says nothing of the checkpoint"), "{found:?}");
        assert_eq!((number(&found[0], "problems"), number(&found[0], "audit_entry")), (0, entry));
        archive.ok(&["audit", "prove", &entry.to_string(), "--output", &proof, "--against", checkpoint]);
        let summary = archive.one("summary", &["export", "verify", root, "--against", checkpoint, "--proof", &proof]);
        let note = fs::read_to_string(archive.path(checkpoint)).expect("a checkpoint");
        let size = note.lines().nth(1).and_then(|size| size.parse().ok());
        assert_eq!((number(&summary, "problems"), summary["against"].as_u64()), (0, size));
    }
    // A proof of another act, and a checkpoint of another archive.
    archive.ok(&["audit", "prove", "0", "--output", "first.json", "--against", "late"]);
    let found = archive.json(20, &["export", "verify", root, "--against", "late", "--proof", "first.json"]).lines();
    assert!(text(&found[0], "detail").contains("not about this export.json"), "{found:?}");
    let other = TestArchive::new();
    other.ok(&["audit", "checkpoint", "--output", "theirs"]);
    let theirs = other.path("theirs");
    let theirs = theirs.to_str().expect("UTF-8");
    let found = archive.json(20, &["export", "verify", root, "--against", theirs, "--proof", "late.json"]).lines();
    assert!(text(&found[0], "detail").contains("checkpoint is of archive"), "{found:?}");
}

#[test]
fn one_of_several_copies_stands_for_all() {
    let archive = TestArchive::new();
    for mailbox in [ANN, BOB] {
        one_mail(&archive, "shared", mailbox, "Inbox");
    }
    one_mail(&archive, "alone", BOB, "Inbox");
    let (root, made) = export(&archive, "out", &["--all", "--dedupe"]);
    assert_eq!((number(&made, "items"), number(&made, "duplicates"), number(&made, "files")), (2, 1, 3));
    let table = table(&root);
    let copies: Vec<_> = table.values().filter(|row| !row["duplicate_of"].is_empty()).collect();
    let [copy] = copies[..] else { panic!("{table:?}") };
    assert_eq!((&copy["file"], &copy["mailbox"]), (&String::new(), &BOB.to_owned()));
    assert_eq!(table[&copy["duplicate_of"]]["mailbox"], ANN);
    assert_eq!(table[&copy["duplicate_of"]]["digest"], copy["digest"]);
}

#[test]
fn a_frozen_result_is_handed_over_as_it_was_frozen() {
    let archive = support::sales::office();
    archive.ok(&["search", "freeze", "deal", "--all"]);
    one_mail(&archive, "later", ANN, "Inbox");
    let (root, made) = export(&archive, "out", &["--result", "deal@1"]);
    assert_eq!((number(&made, "items"), number(&made, "disposed")), (2, 0));
    let subjects: BTreeSet<String> = table(&root).into_values().map(|row| row["subject"].clone()).collect();
    assert_eq!(subjects, BTreeSet::from(["alpha".to_owned(), "beta".to_owned()]));
    assert_eq!(made.pointer("/found/result"), Some(&Value::from("deal@1")));
    assert_eq!(made["left_out"], Value::Null, "nobody knows");
    let error = archive.json(1, &["export", "--result", "deal@2", "-o", "none"]).error();
    assert!(text(&error, "message").contains("deal@2"), "{error}");
}

/// What may match is compared too: with what surely does, and with each other.
#[test]
fn one_of_several_copies_that_may_match_stands_for_all() {
    let archive = TestArchive::new();
    let unreadable = "From: eve@x.example\nSubject: sealed\nContent-Type: application/pdf; name=a.pdf\n\
        Content-Disposition: attachment; filename=a.pdf\n\n%PDF-1.4 broken\n";
    for (way, folder) in ["Inbox", "Other", "Third"].iter().enumerate() {
        let mail = archive.write(&format!("{way}.eml"), format!("X-Way: {way}\n{unreadable}"));
        archive.import(&mail, &["--mailbox", ANN, "--folder", folder, "--create-mailboxes"]);
    }
    one_mail(&archive, "alone", ANN, "Inbox");
    for (n, (query, first)) in [("secret", "1"), ("folderid:2 OR secret", "2")].into_iter().enumerate() {
        let (root, made) = export(&archive, &n.to_string(), &[query, "--dedupe", "--with-partially-indexed"]);
        assert_eq!((number(&made, "items"), number(&made, "duplicates")), (1, 2), "{query}");
        for (item, row) in table(&root) {
            let stands_for_all = item == first;
            assert_eq!(row["duplicate_of"], if stands_for_all { "" } else { first }, "{query}: {item}");
            assert_eq!(row["file"].is_empty(), !stands_for_all, "{query}: {item}");
        }
    }
}

/// A query about items can find one item of a message, and not know of another.
#[test]
fn an_item_is_not_lost_because_another_of_its_message_matches() {
    let archive = TestArchive::new();
    let unreadable = "From: eve@x.example\nSubject: sealed\nContent-Type: application/pdf; name=a.pdf\n\
        Content-Disposition: attachment; filename=a.pdf\n\n%PDF-1.4 broken\n";
    let sealed = archive.write("sealed.eml", unreadable);
    for folder in ["Inbox", "Other"] {
        archive.import(&sealed, &["--mailbox", ANN, "--folder", folder, "--create-mailboxes"]);
    }
    let (root, made) = export(&archive, "1", &["folderid:1 OR secret", "--with-partially-indexed"]);
    assert_eq!((number(&made, "items"), number(&made, "partially_indexed"), number(&made, "left_out")), (2, 1, 0));
    let found_by: BTreeSet<String> = table(&root).into_values().map(|row| row["found_by"].clone()).collect();
    assert_eq!(found_by, BTreeSet::from(["match".to_owned(), "partially indexed".to_owned()]));
    let (_, made) = export(&archive, "2", &["folderid:1 OR secret"]);
    assert_eq!((number(&made, "items"), number(&made, "left_out")), (1, 1));
    // Nothing says when it was received, which is a reason of its own.
    one_mail(&archive, "undated", ANN, "Inbox");
    let (root, _) = export(&archive, "3", &["received>=2020-01-01", "--with-partially-indexed"]);
    let undated = table(&root).into_values().find(|row| row["subject"] == "undated").expect("it may match");
    assert!(undated["partially_indexed"].contains("received"), "{undated:?}");
}

#[test]
fn what_was_disposed_of_since_is_counted() {
    let archive = support::sales::office();
    archive.ok(&["search", "freeze", "deal", "--all"]);
    archive.ok(&["retention", "policy", "add", "P", "--action", "delete", "--period", "1y", "--query", "alpha"]);
    archive.ok(&["retention", "simulate"]);
    archive.ok(&["retention", "policy", "enable", "P"]);
    archive.ok(&["disposition", "plan", "--output", "plan.json"]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    let (_, made) = export(&archive, "out", &["--result", "deal"]);
    assert_eq!((number(&made, "items"), number(&made, "disposed")), (1, 1));
}

#[test]
fn only_what_is_asked_for_is_handed_over() {
    let archive = TestArchive::new();
    one_mail(&archive, "first", ANN, "Inbox");
    one_mail(&archive, "second", ANN, "Sent");
    one_mail(&archive, "third", BOB, "Inbox");
    archive.ok(&["case", "create", "Harbour"]);
    archive.ok(&["custodian", "add", BOB, "--case", "Harbour"]);
    archive.ok(&["hold", "place", "H", "--mailbox", ANN, "--query", "subject:second", "--reason", "inquiry"]);
    let unreadable = "From: eve@x.example\nSubject: sealed\nContent-Type: application/pdf; name=a.pdf\n\
        Content-Disposition: attachment; filename=a.pdf\n\n%PDF-1.4 broken\n";
    archive.import(&archive.write("sealed.eml", unreadable), &["--mailbox", ANN, "--folder", "Inbox"]);
    let subjects = |name: &str, arguments: &[&str]| {
        let (root, _) = export(&archive, name, arguments);
        table(&root).into_values().map(|row| row["subject"].clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(subjects("1", &["--all", "--mailbox", BOB]), "third");
    assert_eq!(subjects("2", &["--all", "--folder", "sent"]), "second");
    assert_eq!(subjects("3", &["--all", "--case", "Harbour"]), "third");
    let found = archive.ok(&["search", "--all", "--case", "Harbour"]);
    assert_eq!(found.iter().skip(1).map(|hit| text(hit, "subject")).collect::<Vec<_>>(), ["third"]);
    assert_eq!(subjects("4", &["subject:second OR subject:third", "--on-hold"]), "second");
    assert_eq!(subjects("5", &["--partially-indexed"]), "sealed");
    assert_eq!(subjects("6", &["subject:first", "--with-partially-indexed"]), "first sealed");
    let rows = table(&archive.path("6"));
    let found_by: BTreeSet<_> =
        rows.values().map(|row| (row["found_by"].as_str(), row["partially_indexed"].is_empty())).collect();
    assert_eq!(found_by, BTreeSet::from([("match", true), ("partially indexed", false)]));
    let (_, made) = export(&archive, "7", &["subject:first"]);
    assert_eq!((number(&made, "items"), number(&made, "partially_indexed")), (1, 0));
    assert_eq!((made.pointer("/found/partially_indexed"), number(&made, "left_out")), (Some(&Value::from(1)), 1));
    let (_, all) = export(&archive, "all", &["--all"]);
    assert_eq!((number(&all, "items"), number(&all, "left_out")), (4, 0));
    let (_, none) = export(&archive, "8", &["subject:nobody"]);
    assert_eq!((number(&none, "items"), number(&none, "files")), (0, 1));
}

#[test]
fn what_cannot_be_exported_leaves_nothing() {
    let archive = TestArchive::new();
    one_mail(&archive, "one", ANN, "Inbox");
    let here = archive.write("there/file", "kept");
    let before = files(archive.path("archive").parent().expect("root"));
    for (code, arguments) in [
        (1, &["export", "--all", "-o", "there"][..]),
        (2, &["export", "-o", "out"]),
        (2, &["export", "(one", "-o", "out"]),
        (1, &["export", "--all", "--mailbox", "nobody@firm.example", "-o", "out"]),
        (1, &["export", "--all", "--case", "none", "-o", "out"]),
        (1, &["export", "--all", "-o", "no/such/place/out"]),
        (2, &["export", "--all"]),
        (2, &["export", "--all", "-o", "out", "--format", "pst"]),
    ] {
        let error = archive.json(code, arguments).error();
        assert_eq!(number(&error, "code"), u64::from(code.unsigned_abs()), "{arguments:?}: {error}");
    }
    assert_eq!(fs::read(here).expect("file"), b"kept");
    let after = files(archive.path("archive").parent().expect("root"));
    let names = |files: &BTreeMap<String, Vec<u8>>| {
        files.keys().filter(|path| !path.starts_with("archive/")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(&before), names(&after));
    let refused = archive.ok(&["audit", "log"]).into_iter().filter(|entry| text(entry, "object") == "(one").count();
    assert_eq!(refused, 1, "a refused query is recorded");
}

#[test]
fn damage_ends_an_export_without_a_directory() {
    let archive = TestArchive::new();
    let noise: String =
        (0..4_000_u64).map(|n| format!("{:016x}\n", firm::Random(n).next())).collect::<Vec<_>>().concat();
    archive.import(&archive.write("noise.eml", mail("noise", &noise)), &["--mailbox", ANN, "--create-mailboxes"]);
    let store = archive.directory().join("archive.redb");
    let mut bytes = fs::read(&store).expect("store");
    let frames: Vec<usize> = memchr::memmem::find_iter(&bytes, &[0x28, 0xB5, 0x2F, 0xFD]).collect();
    for start in frames {
        let changed = bytes.get_mut(start + 2_000..start + 2_064).into_iter().flatten();
        changed.for_each(|byte| *byte ^= 0x55);
    }
    fs::write(&store, bytes).expect("store");
    let outcome = archive.run(&["export", "--all", "--output", archive.path("out").to_str().expect("UTF-8")]);
    assert_eq!(outcome.code, 20, "{}", outcome.stderr);
    assert!(!archive.path("out").exists());
    let left = fs::read_dir(archive.directory().parent().expect("root")).expect("root").count();
    assert_eq!(left, 2, "the archive and the mail");
}

#[test]
fn names_from_outside_lead_nowhere_else() {
    let archive = TestArchive::new();
    let folders = ["../../../escaped", "In\u{202e}box", "=cmd|' /C calc'!A1", "CON", "Inbox/1.eml", "Inbox", "a b. "];
    for (n, folder) in folders.iter().enumerate() {
        one_mail(&archive, &format!("m{n}"), ANN, folder);
    }
    archive.import(&archive.write("f.eml", mail("=1+1", "x")), &["--mailbox", ANN]);
    for format in ["eml", "mbox"] {
        let (root, made) = export(&archive, format, &["--all", "--format", format]);
        assert_eq!(number(&made, "items"), folders.len() as u64 + 1);
        for row in table(&root).values() {
            assert!(root.join(&row["file"]).is_file(), "{row:?}");
            assert!(row.values().all(|cell| !cell.starts_with('=')), "{row:?}");
        }
        let names: Vec<String> = files(&root).into_keys().collect();
        let odd = |name: &&String| {
            name.contains(['\\', '\u{202e}', '|', '\'']) && !name.contains("=cmd") || name.contains("..")
        };
        assert_eq!(names.iter().filter(odd).count(), 0, "{names:?}");
    }
}

#[test]
fn a_kill_leaves_no_directory_of_that_name() {
    let archive = TestArchive::new();
    one_mail(&archive, "one", ANN, "Inbox");
    let killed = archive
        .command(&["export", "--all", "-o", "out"])
        .env("CUSTODIA_TEST_FAIL", "export.proved")
        .output()
        .expect("runs");
    assert!(!killed.status.success() && !archive.path("out").exists());
    let (_, made) = export(&archive, "out", &["--all"]);
    assert_eq!(number(&made, "items"), 1);
}

/// Chats of Ann: a group with a file, a reply, a reaction, an edit and a deletion, and a talk with one person on two days.
const CHATS: &str = r#"{"platform":"whatsapp","conversation":{"id":"9@g.us","name":"Harbour / \"crew\"\r\nBcc: x","type":"group"},"id":"m1","sent":"2025-01-14T16:21:30+01:00","sender":{"name":"Ann Novak","number":"+48555010001","address":"ann@firm.example"},"recipients":[{"name":"Zoë","number":"+48555010042"},{"name":"+49 30 1","number":"+49301234567"}],"text":"Yes, they arrived.\nTwo of them.","attachments":[{"name":"../prices.pdf","media_type":"application/pdf","base64":"JVBERi0xLjQK"}]}
{"platform":"whatsapp","conversation":{"id":"9@g.us","name":"Harbour / \"crew\"\r\nBcc: x","type":"group"},"id":"m2","sent":"2025-01-14T16:22:00+01:00","sender":{"name":"Zoë","number":"+48555010042"},"recipients":[{"name":"Ann Novak","number":"+48555010001"}],"text":"Good 👍","reply_to":"m1"}
{"platform":"whatsapp","conversation":{"id":"9@g.us","name":"Harbour / \"crew\"\r\nBcc: x","type":"group"},"id":"m3","sent":"2025-01-14T16:23:00+01:00","sender":{"name":"Zoë","number":"+48555010042"},"recipients":[{"name":"Ann Novak","number":"+48555010001"}],"text":"Very good","event":"edited","event_reference":"m2"}
{"platform":"whatsapp","conversation":{"id":"9@g.us","name":"Harbour / \"crew\"\r\nBcc: x","type":"group"},"id":"m4","sent":"2025-01-14T16:24:00+01:00","sender":{"name":"Ann Novak","number":"+48555010001"},"recipients":[{"name":"Zoë","number":"+48555010042"}],"text":"❤️","event":"reacted","event_reference":"m2"}
{"platform":"whatsapp","conversation":{"id":"9@g.us","name":"Harbour / \"crew\"\r\nBcc: x","type":"group"},"id":"m5","sent":"2025-01-14T16:25:00+01:00","sender":{"name":"Ann Novak","number":"+48555010001"},"recipients":[{"name":"Zoë","number":"+48555010042"}],"text":"","event":"deleted","event_reference":"m1"}
{"platform":"whatsapp","conversation":{"id":"7@s","type":"direct"},"id":"d1","sent":"2025-01-14T23:59:00Z","sender":{"name":"Ann Novak","number":"+48555010001"},"recipients":[{"name":"Zoë","number":"+48555010042"}],"text":"late"}
{"platform":"whatsapp","conversation":{"id":"7@s","type":"direct"},"id":"d2","sent":"2025-01-15T00:01:00Z","sender":{"name":"Zoë","number":"+48555010042"},"recipients":[{"name":"Ann Novak","number":"+48555010001"}],"text":"later","reply_to":"d1"}
{"platform":"whatsapp","conversation":{"id":"7@s","type":"direct"},"id":"d3","sent":"2025-01-15T00:02:00Z","sender":{"name":"Zoë","number":"+48555010042"},"recipients":[{"name":"Ann Novak","number":"+48555010001"}],"text":"","event":"recalled","event_reference":"d1"}
"#;

/// The manifest in a file, and the files beside it, by their names.
fn unpacked(rsmf: &[u8]) -> (Value, BTreeMap<String, Vec<u8>>) {
    assert!(rsmf.is_ascii());
    let mail = mail_parser::MessageParser::new().parse(rsmf).expect("a mail");
    assert_eq!(
        (mail.attachments().count(), mail.attachment(0).and_then(MimeHeaders::attachment_name)),
        (1, Some("rsmf.zip"))
    );
    assert_eq!(mail.header_raw("Bcc"), None);
    let zip = mail.attachment(0).expect("one").contents();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).expect("zip");
    let mut files = BTreeMap::new();
    for n in 0..zip.len() {
        let mut entry = zip.by_index(n).expect("entry");
        let (name, mut bytes) = (entry.name().expect("name").into_owned(), Vec::new());
        entry.read_to_end(&mut bytes).expect("bytes");
        files.insert(name, bytes);
    }
    let manifest: Value = serde_json::from_slice(&files.remove("rsmf_manifest.json").expect("manifest")).expect("JSON");
    let header = |name: &str| mail.header_raw(name).unwrap_or_default().trim().to_owned();
    let events = manifest["events"].as_array().expect("events");
    assert_eq!(header("X-RSMF-Version"), "2.0.0");
    assert_eq!(header("X-RSMF-EventCount"), events.len().to_string());
    assert_eq!(header("X-RSMF-AttachmentCount"), files.len().to_string());
    let attached = events.iter().flat_map(|event| event["attachments"].as_array().into_iter().flatten());
    assert_eq!(attached.map(|file| text(file, "id")).collect::<BTreeSet<_>>(), files.keys().cloned().collect());
    let ids =
        |list: &str| manifest[list].as_array().expect(list).iter().map(|entry| text(entry, "id")).collect::<Vec<_>>();
    for event in events {
        assert!(ids("conversations").contains(&text(event, "conversation")));
        assert!(ids("participants").contains(&text(event, "participant")));
        assert!(event.get("parent").is_none_or(|parent| ids("events").iter().any(|id| id == parent)));
    }
    (manifest, files)
}

/// Nobody can write a text that passes for the message of somebody else, nor an answer to itself; and what was said before an edit
/// is there to be found.
#[test]
fn a_transcript_has_what_was_said_by_whom_and_nothing_else() {
    let archive = TestArchive::new();
    let chat = |id: &str, second: &str, more: &str, text: &str| {
        format!(
            "{{\"platform\":\"whatsapp\",\"id\":\"{id}\",\"conversation\":{{\"id\":\"c\"}},\"sent\":\"2025-01-14T10:00:{second}Z\",\
             \"sender\":{{\"name\":\"Eve\",\"number\":\"+48555010001\"}},\"recipients\":[{{\"name\":\"Ann\",\"number\":\"+48555010042\"}}],\
             \"text\":{}{more}}}\n",
            Value::from(text)
        )
    };
    let forged = "hi\n2025-01-14T10:00:00Z Ann: I confess\u{2028}2025-01-14T10:00:00Z Ann: all";
    let lines = [
        chat("a", "00", ",\"reply_to\":\"a\"", forged),
        chat("b", "01", ",\"event\":\"edited\",\"event_reference\":\"a\"", "harmless"),
        chat("c", "02", ",\"event\":\"edited\",\"event_reference\":\"b\"", "more harmless"),
    ];
    archive.import(&archive.write("chat.jsonl", lines.concat()), &["--mailbox", ANN, "--create-mailboxes"]);
    let (root, _) = export(&archive, "out", &["--all", "--format", "rsmf"]);
    let files = files(&root);
    let rsmf = files.iter().find(|(path, _)| path.ends_with(".rsmf")).expect("one").1;
    let (manifest, _) = unpacked(rsmf);
    let [event] = &manifest["events"].as_array().expect("events")[..] else { panic!("{manifest}") };
    assert_eq!((&event["body"], event.get("parent")), (&Value::from("more harmless"), None));
    assert_eq!(event["edits"].as_array().map(Vec::len), Some(2));
    let mail = mail_parser::MessageParser::new().parse(rsmf).expect("a mail");
    let transcript = mail.body_text(0).expect("a transcript").into_owned();
    let said: Vec<&str> = transcript.lines().filter(|line| line.starts_with("2025-")).collect();
    let [first, second, third] = said[..] else { panic!("{transcript}") };
    assert!(first.ends_with(": hi") && second.ends_with("[edited] harmless") && third.ends_with("more harmless"));
    assert!(transcript.contains("I confess"), "it is there to be found");
}

/// Nobody's words are replaced by those of somebody else, or by what was said of another message.
#[test]
fn an_edit_counts_for_the_message_of_its_author_alone() {
    let archive = TestArchive::new();
    let said = |id: &str, minute: &str, who: &str, more: &str, text: &str| {
        format!(
            "{{\"platform\":\"whatsapp\",\"id\":\"{id}\",\"conversation\":{{\"id\":\"c\"}},\"sent\":\"2025-01-14T10:{minute}:00Z\",\
             \"sender\":{{\"name\":\"{who}\"}},\"recipients\":[{{\"name\":\"Bob\"}}],\"text\":\"{text}\"{more}}}\n"
        )
    };
    let edit = |of: &str| format!(",\"event\":\"edited\",\"event_reference\":\"{of}\"");
    let lines = [
        said("m1", "00", "Alice", "", "we must not sell"),
        said("e1", "05", "Eve", &edit("m1"), "sell everything"),
        said("e2", "06", "Alice", &edit("m1"), "we must never sell"),
        said("d1", "10", "Dora", "", "first of two"),
        said("e3", "15", "Dora", &edit("d1"), "of which?"),
        said("d1", "20", "Dora", "", "second of two"),
        said("e4", "30", "Alice", &edit("l1"), "before it was said"),
        said("l1", "40", "Alice", "", "later"),
        said("x1", "50", "Alice", ",\"event\":\"deleted\",\"event_reference\":\"l1\"", ""),
    ];
    archive.import(&archive.write("chat.jsonl", lines.concat()), &["--mailbox", ANN, "--create-mailboxes"]);
    let (root, _) = export(&archive, "out", &["--all", "--format", "rsmf"]);
    let files = files(&root);
    let rsmf = files.iter().find(|(path, _)| path.ends_with(".rsmf")).expect("one").1;
    let (manifest, _) = unpacked(rsmf);
    let people = manifest["participants"].as_array().expect("people");
    let name = |event: &Value| {
        let person = people.iter().find(|person| person["id"] == event["participant"]).expect("somebody");
        format!("{}: {}", text(person, "display"), text(event, "body"))
    };
    let told: Vec<String> = manifest["events"].as_array().expect("events").iter().map(name).collect();
    let expected = [
        "Alice: we must never sell",
        "Eve: sell everything",
        "Dora: first of two",
        "Dora: of which?",
        "Dora: second of two",
        "Alice: before it was said",
        "Alice: later",
    ];
    assert_eq!(told, expected);
    assert_eq!(manifest["events"][0]["edits"].as_array().map(Vec::len), Some(1));
    assert_eq!(manifest["events"][6]["deleted"], true);
}

#[test]
fn chats_are_handed_over_as_review_platforms_take_them() {
    let archive = TestArchive::new();
    let chats = archive.write("chats.jsonl", CHATS);
    archive.import(&chats, &["--mailbox", ANN, "--create-mailboxes"]);
    one_mail(&archive, "aside", ANN, "WhatsApp Archiver");
    let (root, made) = export(&archive, "out", &["--all", "--format", "rsmf"]);
    assert_eq!(number(&made, "items"), 9);
    let (table, files) = (table(&root), files(&root));
    let by_file = |end: &str| {
        let found: Vec<_> = files.iter().filter(|(path, _)| path.ends_with(end)).collect();
        let [(path, bytes)] = found[..] else { panic!("{end}: {:?}", files.keys()) };
        (table.values().filter(|row| row["file"] == *path).count(), unpacked(bytes))
    };
    let (items, (group, attached)) = by_file("_crew_ Bcc_ x 2025-01-14.rsmf");
    assert_eq!((items, group["events"].as_array().map(Vec::len)), (5, Some(2)));
    let [first, second] = &group["events"].as_array().expect("events")[..] else { panic!("{group}") };
    assert_eq!(
        (first["deleted"].as_bool(), first["body"].as_str()),
        (Some(true), Some("Yes, they arrived.\nTwo of them."))
    );
    assert_eq!(attached.values().collect::<Vec<_>>(), [b"%PDF-1.4\n"]);
    assert_eq!((&second["body"], &second["parent"]), (&Value::from("Very good"), &first["id"]));
    assert_eq!(second["edits"][0]["previous"], "Good 👍");
    assert_eq!(second["reactions"][0]["value"], "❤️");
    assert_eq!(group["conversations"][0]["type"], "channel");
    assert_eq!(group["conversations"][0]["custodian"], first["participant"]);
    let (_, (evening, _)) = by_file("7@s 2025-01-14.rsmf");
    assert_eq!((evening["events"].as_array().map(Vec::len), &evening["events"][0]["deleted"]), (Some(1), &Value::Null));
    let (items, (morning, _)) = by_file("7@s 2025-01-15.rsmf");
    assert_eq!((items, morning["events"].as_array().map(Vec::len)), (2, Some(2)));
    assert_eq!(morning["events"][1]["deleted"], true);
    assert!(
        morning["events"][1]["custom"]
            .as_array()
            .expect("notes")
            .contains(&serde_json::json!({"name": "Refers to", "value": "d1"}))
    );
    assert!(table.values().any(|row| row["file"].ends_with(".eml")), "a mail is no short message");
    let Some(legal) = support::shared::samples("legal") else { return };
    let schema = fs::read(legal.join("rsmf/rsmf_schema_2_0_0.json")).expect("schema");
    let schema = serde_json::from_slice(&schema).expect("JSON");
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).expect("schema");
    for manifest in [group, evening, morning] {
        let problems: Vec<String> = schema.iter_errors(&manifest).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{problems:?}\n{manifest}");
    }
}

#[test]
fn chats_that_are_taken_in_again_say_the_same() {
    let archive = firm_archive();
    let (root, _) = export(&archive, "out", &["kind:im", "--format", "rsmf"]);
    let other = TestArchive::new();
    other.import(&root, &["--mailbox", ANN, "--create-mailboxes"]);
    let said = |archive: &TestArchive, query: &str| {
        let hits = archive.hits(Some(query)).into_iter();
        hits.map(|hit| (text(&hit, "sent_at"), text(&archive.one("item", &["show", &text(&hit, "item")]), "text")))
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(said(&archive, "kind:im"), said(&other, "kind:im"));
}

#[test]
fn a_load_file_has_families_with_natives_and_texts() {
    let archive = TestArchive::new();
    archive.import(&archive.write("chats.jsonl", CHATS), &["--mailbox", ANN, "--create-mailboxes"]);
    one_mail(&archive, "þing®", ANN, "Inbox");
    let (root, made) = export(&archive, "out", &["--all", "--format", "dat"]);
    assert_eq!(number(&made, "items"), 9);
    let files = files(&root);
    let load_file = String::from_utf8(files["VOL001/DATA/VOL001.dat"].clone()).expect("UTF-8");
    let rows: Vec<Vec<String>> = load_file
        .trim_start_matches('\u{feff}')
        .split_terminator("\r\n")
        .map(|line| {
            line.split('\u{14}')
                .map(|value| {
                    value
                        .strip_prefix('\u{fe}')
                        .and_then(|value| value.strip_suffix('\u{fe}'))
                        .expect("quoted")
                        .to_owned()
                })
                .collect()
        })
        .collect();
    let (heads, rows) = rows.split_first().expect("heads");
    let rows: Vec<BTreeMap<&str, &str>> = rows
        .iter()
        .map(|row| {
            assert_eq!(row.len(), heads.len());
            heads.iter().map(String::as_str).zip(row.iter().map(String::as_str)).collect()
        })
        .collect();
    assert_eq!(rows.len(), 10, "nine items and an attachment");
    let numbers: Vec<String> = (1..=10).map(|n| format!("ITEM{n:09}")).collect();
    assert_eq!(rows.iter().map(|row| row["BEGBATES"]).collect::<Vec<_>>(), numbers);
    for row in &rows {
        assert_eq!(hex(&files[&row["NATIVELINK"].replace('\\', "/")]), row["SHA256"]);
        assert!(row["TEXTLINK"].is_empty() || files.contains_key(&row["TEXTLINK"].replace('\\', "/")));
    }
    let file = rows.iter().find(|row| !row["PARENTID"].is_empty()).expect("an attachment");
    let parent = rows.iter().find(|row| row["BEGBATES"] == file["PARENTID"]).expect("its item");
    assert_eq!((parent["ATTACHIDS"], parent["ENDATTACH"]), (file["BEGBATES"], file["BEGBATES"]));
    assert_eq!((file["BEGATTACH"], file["FILENAME"], file["FROM"]), (parent["BEGBATES"], "../prices.pdf", ""));
    assert!(file["NATIVELINK"].ends_with(".pdf") && files[&file["NATIVELINK"].replace('\\', "/")].starts_with(b"%PDF"));
    let odd = rows.iter().find(|row| row["SUBJECT"] == "thing(R)").expect("replaced");
    assert_eq!(odd["REPLACED"], "SUBJECT; MESSAGEID");
    assert!(parent["TEXTLINK"].starts_with("VOL001\\TEXT\\001\\"));
}
