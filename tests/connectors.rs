//! A connector takes what is new at its source, once, however often it is run, killed or interrupted, and its history
//! stays on record.
#![cfg(feature = "cli")]

mod support;

use std::fs;
use std::io::{Cursor, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::firm::{self, Random};
use support::{TestArchive, number, text};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const MAILS: usize = 300;
const CHATS: usize = 600;

/// Bytes of an attachment: a run makes several commits of 48 MiB.
const ATTACHMENT: usize = 400_000;

const KILLS: u32 = 12;

fn mail(n: u32) -> String {
    format!("From: ben@x.example\nTo: ann@firm.example\nSubject: mail {n}\nMessage-ID: <{n}@x.example>\n\ntext {n}\n")
}

fn archive() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@firm.example"]);
    archive
}

fn add(archive: &TestArchive, name: &str, folder: &str) -> Value {
    fs::create_dir_all(archive.path(folder)).expect("folder");
    archive.one("connector", &["connector", "add", name, "--kind", "mail", "--from", folder])
}

fn of_type<'v>(lines: &'v [Value], type_: &str) -> Vec<&'v Value> {
    lines.iter().filter(|line| line.get("type").is_some_and(|found| found == type_)).collect()
}

/// Runs a connector, expecting `code`; returns its run and the summary.
fn run(archive: &TestArchive, name: &str, code: i32) -> (Value, Value) {
    let lines = archive.json(code, &["connector", "run", name]).lines();
    let (runs, summaries) = (of_type(&lines, "connector_run"), of_type(&lines, "summary"));
    assert_eq!((runs.len(), summaries.len()), (1, 1), "{lines:?}");
    let run = (*runs.first().expect("one")).clone();
    assert_eq!(
        number(&run, "listed"),
        ["known", "recognised", "taken", "failed"].iter().map(|name| number(&run, name)).sum::<u64>(),
        "{run}"
    );
    (run, (*summaries.first().expect("one")).clone())
}

fn counts(run: &Value) -> [u64; 5] {
    ["listed", "known", "recognised", "taken", "failed"].map(|name| number(run, name))
}

#[test]
fn a_run_takes_what_is_new_only() {
    let archive = archive();
    archive.write("in/1.eml", mail(1));
    archive.write("in/sub/2.eml", mail(2));
    let added = add(&archive, "post", "in");
    assert_eq!(added.pointer("/found/deliveries"), Some(&2.into()), "{added}");

    let (first, summary) = run(&archive, "post", 0);
    assert_eq!(counts(&first), [2, 0, 0, 2, 0]);
    assert_eq!((number(&summary, "offered"), number(&summary, "stored")), (2, 2));
    let (second, summary) = run(&archive, "post", 0);
    assert_eq!(counts(&second), [2, 2, 0, 0, 0]);
    assert_eq!((number(&summary, "offered"), second.get("batch")), (0, Some(&Value::Null)), "nothing is offered again");

    archive.write("in/3.eml", mail(3));
    let (third, summary) = run(&archive, "post", 0);
    assert_eq!(counts(&third), [3, 2, 0, 1, 0]);
    assert_eq!((number(&summary, "offered"), number(&summary, "stored")), (1, 1));
    assert_eq!(archive.hits(None).len(), 3);
    archive.verify_clean();
}

#[test]
fn a_delivery_is_recognised_under_another_name() {
    let archive = archive();
    archive.write("in/1.eml", mail(1));
    add(&archive, "post", "in");
    run(&archive, "post", 0);
    fs::rename(archive.path("in/1.eml"), archive.path("in/renamed.eml")).expect("rename");
    fs::copy(archive.path("in/renamed.eml"), archive.path("in/copy.eml")).expect("copy");
    let (again, summary) = run(&archive, "post", 0);
    assert_eq!((counts(&again), number(&summary, "offered")), ([2, 0, 2, 0, 0], 0));

    // Two that are both new are one delivery too.
    archive.write("in/a.eml", mail(7));
    archive.write("in/b.eml", mail(7));
    let (pair, summary) = run(&archive, "post", 0);
    assert_eq!((counts(&pair), number(&summary, "offered")), ([4, 2, 1, 1, 0], 1));
    assert_eq!(counts(&run(&archive, "post", 0).0), [4, 4, 0, 0, 0]);
}

#[test]
fn the_same_mail_in_two_folders_of_a_maildir_is_two_deliveries() {
    let archive = archive();
    for folder in ["in/cur", "in/new", "in/tmp", "in/.Sent/cur", "in/.Sent/new", "in/.Sent/tmp"] {
        fs::create_dir_all(archive.path(folder)).expect("folder");
    }
    archive.write("in/cur/1:2,S", mail(1));
    archive.write("in/.Sent/cur/9:2,S", mail(1));
    add(&archive, "post", "in");
    assert_eq!(counts(&run(&archive, "post", 0).0), [2, 0, 0, 2, 0]);
    assert_eq!(archive.hits(None).len(), 2, "one message has an item in both folders");
    // Read, and flagged since: the same delivery.
    fs::rename(archive.path("in/cur/1:2,S"), archive.path("in/cur/1:2,RS")).expect("rename");
    assert_eq!(counts(&run(&archive, "post", 0).0), [2, 1, 1, 0, 0]);
}

#[test]
fn a_delivery_that_grew_is_read_again_and_adds_what_is_new() {
    let archive = archive();
    let separated = |n| format!("From ben@x.example Mon Jun 01 10:00:00 2009\n{}\n", mail(n));
    archive.write("in/post.mbox", separated(1));
    add(&archive, "post", "in");
    run(&archive, "post", 0);
    archive.write("in/post.mbox", separated(1) + &separated(2));
    let (again, summary) = run(&archive, "post", 0);
    assert_eq!(counts(&again), [1, 0, 0, 1, 0]);
    assert_eq!((number(&summary, "stored"), number(&summary, "duplicate")), (1, 1));
}

#[test]
fn what_cannot_be_read_as_a_whole_is_tried_again_and_said() {
    let archive = archive();
    archive.write("in/1.eml", mail(1));
    archive.write("in/cut.zip", b"PK\x03\x04cut");
    // A record that is broken is final: the rest of its file was taken.
    let good = r#"{"source":"s","platform":"sms","id":"1","sent":"2015-01-14T16:20:00Z","sender":{"address":"ann@firm.example"},"text":"x"}"#;
    archive.write("in/chat.jsonl", format!("{good}\n{{\"platform\": broken\n"));
    add(&archive, "post", "in");
    for (taken, known) in [(2, 0), (0, 2)] {
        let lines = archive.json(3, &["connector", "run", "post"]).lines();
        let failed = of_type(&lines, "failed");
        assert_eq!(failed.len(), 1, "{lines:?}");
        assert_eq!(failed.first().map(|failed| text(failed, "delivery")).as_deref(), Some("cut.zip"));
        let run = of_type(&lines, "connector_run").remove(0);
        assert_eq!((counts(run), text(run, "state")), ([3, known, 0, taken, 1], "partly".to_owned()));
    }
    // Whole at last.
    archive.write("in/cut.zip", mail(2));
    let (run, _) = run(&archive, "post", 0);
    assert_eq!((counts(&run), text(&run, "state")), ([3, 2, 0, 1, 0], "complete".to_owned()));
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(*name, stored).expect("a file begins");
        writer.write_all(content).expect("a file is written");
    }
    writer.finish().expect("the zip file ends").into_inner()
}

#[test]
fn a_delivery_that_lacks_something_is_taken_all_the_same() {
    let archive = archive();
    let manifest = b"Count: 2\n1.eml\n";
    let delivery = zipped(&[("1.eml", mail(1).as_bytes()), ("day.mf", manifest)]);
    archive.write("in/202601120000-TeleMessage_1_010000.zip", delivery);
    add(&archive, "post", "in");
    let (first, summary) = run(&archive, "post", 3);
    assert_eq!((counts(&first), text(&first, "state")), ([1, 0, 0, 1, 0], "complete".to_owned()));
    assert_eq!((number(&summary, "stored"), number(&summary, "rejected") > 0), (1, true));
    assert_eq!(counts(&run(&archive, "post", 0).0), [1, 1, 0, 0, 0]);
}

#[test]
fn what_this_machine_fails_at_is_tried_again() {
    let archive = archive();
    let large = format!("{}{}", mail(1), "a long line of text\r\n".repeat(1 << 20));
    archive.write("in/large.zip", zipped(&[("1.eml", large.as_bytes()), ("2.eml", mail(2).as_bytes())]));
    add(&archive, "post", "in");
    let mut command = archive.command(&["connector", "run", "post", "--json"]);
    let first = command.env("TMPDIR", "/nowhere/at/all").output().expect("it runs");
    let said = String::from_utf8_lossy(&first.stdout).into_owned() + &String::from_utf8_lossy(&first.stderr);
    assert_eq!(first.status.code(), Some(3), "{said}");
    assert!(said.contains("this machine failed"), "{said}");
    let (second, summary) = run(&archive, "post", 0);
    assert_eq!(counts(&second), [1, 0, 0, 1, 0]);
    assert_eq!((number(&summary, "stored"), number(&summary, "duplicate")), (1, 1));
}

#[test]
fn a_connector_that_fails_does_not_keep_others_from_running() {
    let archive = archive();
    for name in ["a", "b", "c"] {
        archive.write(&format!("{name}/1.eml"), mail(1));
        add(&archive, name, name);
    }
    fs::remove_dir_all(archive.path("b")).expect("remove");
    let lines = archive.json(3, &["connector", "run", "--all"]).lines();
    let states: Vec<_> = of_type(&lines, "connector_run").into_iter().map(|run| text(run, "state")).collect();
    assert_eq!(states, ["complete", "failed", "complete"]);
    let summary = lines.last().expect("a summary");
    assert_eq!((number(summary, "connectors"), number(summary, "failed_connectors")), (3, 1));
    assert_eq!(number(summary, "duplicate"), 1, "c brought what a had brought");

    // Alone, its error is that of the command; what it says is on record.
    let outcome = archive.json(1, &["connector", "run", "b"]);
    assert!(text(&outcome.error(), "message").contains("/b`"), "{}", outcome.stderr);
    let status = archive.ok(&["connector", "status", "b"]);
    let error = of_type(&status, "connector_run").first().map(|run| text(run, "error")).unwrap_or_default();
    assert!(error.contains("cannot read"), "{error}");
}

#[test]
fn a_removed_connector_leaves_its_history() {
    let archive = archive();
    archive.write("in/1.eml", mail(1));
    add(&archive, "post", "in");
    archive.json(1, &["connector", "add", "post", "--kind", "mail", "--from", "in"]);
    run(&archive, "post", 0);
    archive.json(2, &["connector", "remove", "post", "--reason", " "]);
    let removed = archive.one("connector", &["connector", "remove", "post", "--reason", "moved"]);
    assert_eq!(removed.pointer("/removed/reason"), Some(&"moved".into()));
    archive.json(2, &["connector", "run", "post"]);
    let summary = archive.one("summary", &["connector", "run", "--all"]);
    assert_eq!(number(&summary, "connectors"), 0);
    let status = archive.ok(&["connector", "status", "post"]);
    assert_eq!(of_type(&status, "connector_run").len(), 1);
    assert_eq!(archive.hits(None).len(), 1);

    // The name is free again, and what the other took is new to this one.
    add(&archive, "post", "in");
    let (run, summary) = run(&archive, "post", 0);
    assert_eq!((counts(&run), number(&summary, "duplicate")), ([1, 0, 0, 1, 0], 1));
    let log = archive.ok(&["audit", "log"]);
    let acts = log.iter().map(|entry| text(entry, "action")).filter(|action| action.starts_with("connector"));
    let expected = ["add", "run", "run", "remove", "add", "run", "run"].map(|act| format!("connector.{act}"));
    assert_eq!(acts.collect::<Vec<_>>(), expected);
}

#[test]
fn what_waits_in_quarantine_stands_in_the_status() {
    let archive = TestArchive::new();
    archive.write("in/1.eml", mail(1));
    add(&archive, "post", "in");
    run(&archive, "post", 0);
    let status = archive.ok(&["connector", "status"]);
    let line = of_type(&status, "connector_status").remove(0);
    assert_eq!((number(line, "waiting_in_quarantine"), number(line, "runs")), (1, 1));
    assert_eq!(text(line, "next_run"), "2026-01-16T12:00:00Z");
    let people = archive.run(&["connector", "status"]).text();
    assert!(people.contains("1 in quarantine") && people.contains("complete"), "{people}");
}

#[test]
fn what_cannot_be_a_connector_is_refused() {
    let archive = archive();
    archive.write("in/1.eml", mail(1));
    archive.write("secret", "s3cret");
    fs::set_permissions(archive.path("secret"), fs::Permissions::from_mode(0o644)).expect("mode");
    for (code, more) in [
        (1, &["x", "--from", "nowhere"][..]),
        (2, &["x", "--from", "archive"]),
        (2, &["a/b", "--from", "in"]),
        (2, &["x", "--from", "sftp://ann:s3cret@host/in"]),
        (2, &["x", "--from", "gopher://host/"]),
        (2, &["x", "--from", "in", "--timezone", "Mars/Base"]),
        (2, &["x", "--from", "in", "--every", "0"]),
        (2, &["x", "--from", "in", "--at", "25:00"]),
        (2, &["x", "--from", "in", "--host-key", "SHA256:x"]),
        (2, &["x", "--from", "in", "--secret-file", "secret"]),
        (1, &["x", "--from", "in", "--mailbox", "nobody@firm.example"]),
    ] {
        let arguments = [&["connector", "add", "--kind", "mail"], more].concat();
        let outcome = archive.json(code, &arguments);
        assert!(!outcome.stderr.contains("s3cret@") && !outcome.text().contains("s3cret@"), "{}", outcome.stderr);
    }
    assert!(archive.ok(&["connector", "list"]).is_empty());
    let unchecked = ["connector", "add", "x", "--kind", "whatsapp", "--from", "nowhere", "--no-check", "--at", "02:30"];
    let added = archive.one("connector", &unchecked);
    assert_eq!(
        (text(&added, "folder"), text(&added, "daily_at")),
        ("WhatsApp Archiver".to_owned(), "02:30".to_owned())
    );
}

#[test]
fn a_run_killed_again_and_again_ends_as_if_undisturbed() {
    let prepared = || {
        let archive = TestArchive::new();
        firm::write_with(&archive.path("in"), 7, MAILS, CHATS, ATTACHMENT);
        for person in firm::PEOPLE {
            archive.ok(&["mailbox", "add", &format!("{person}@firm.example")]);
        }
        add(&archive, "firm", "in");
        archive
    };
    let undisturbed = prepared();
    let begun = Instant::now();
    let (whole, summary) = run(&undisturbed, "firm", 0);
    let usual = begun.elapsed();
    assert_eq!(number(&summary, "stored"), (MAILS + CHATS) as u64);

    let archive = prepared();
    let mut random = Random(50);
    let mut at_work = 0;
    for _ in 0..KILLS {
        let mut command = archive.command(&["connector", "run", "--all"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
        let after = usual.mul_f64(random.below(1_000) as f64 / 1_000.0);
        std::thread::sleep(after);
        at_work += u32::from(child.try_wait().expect("the process is ours").is_none());
        child.kill().ok();
        child.wait().expect("it ends");
        archive.verify_clean();
    }
    let (last, _) = run(&archive, "firm", 0);
    assert_eq!(number(&last, "listed"), number(&whole, "listed"));
    assert_eq!(counts(&run(&archive, "firm", 0).0), [number(&whole, "listed"), number(&whole, "listed"), 0, 0, 0]);
    let digests = |archive: &TestArchive| archive.places().into_keys().collect::<Vec<_>>();
    assert_eq!(digests(&archive), digests(&undisturbed));
    for batch in archive.ok(&["batch", "list"]) {
        let ledger = batch.get("ledger").expect("a ledger");
        let parts = ["stored", "duplicate", "quarantined", "rejected"];
        assert_eq!(number(ledger, "offered"), parts.iter().map(|part| number(ledger, part)).sum::<u64>(), "{batch}");
    }
    println!("{at_work} of {KILLS} kills hit a run at work");
    assert!(at_work > 0, "no kill hit a run at work");
}

#[test]
fn a_watch_runs_what_is_due_and_leaves_the_archive_to_others_between() {
    let archive = archive();
    archive.write("in/1.eml", mail(1));
    add(&archive, "post", "in");
    let mut command = archive.command(&["connector", "run", "--all", "--watch"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let begun = Instant::now();
    let found = loop {
        // It may have the archive for itself just now.
        let outcome = archive.run(&["search", "--all", "--json", "--wait", "30"]);
        if outcome.code == 0 && outcome.lines().len() == 2 {
            break true;
        }
        if begun.elapsed() > Duration::from_mins(1) {
            break false;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let pid = child.id().to_string();
    std::process::Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
    let ended = child.wait().expect("it ends");
    assert!(found, "the mail did not come");
    assert!(matches!(ended.code(), Some(0 | 130)), "{ended:?}");
}
