//! Files and folders that hold no mail, or only half of it.

use std::fs;

use super::support::firm::{self, Random};
use super::support::shared::skipped;
use super::support::{TestArchive, number, text};

const SINK: [&str; 3] = ["--mailbox", "all@x.example", "--create-mailboxes"];

#[test]
fn a_file_without_mail_is_rejected_by_name() {
    let archive = TestArchive::new();
    let noise: Vec<u8> = (0..8_192).flat_map(|n| Random(n).next().to_le_bytes()).collect();
    archive.write("in/empty.eml", "");
    archive.write("in/empty.mbox", "");
    archive.write("in/noise.bin", &noise);
    archive.write("in/picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR");
    archive.write("in/good.eml", "From: a@x.example\nSubject: good\n\nreadable\n");
    let arguments = [&["import", "in"], SINK.as_slice()].concat();
    let outcome = archive.json(3, &arguments);
    let rejected: Vec<String> = outcome
        .lines()
        .iter()
        .filter(|line| text(line, "type") == "rejected")
        .map(|line| text(line, "origin"))
        .collect();
    for name in ["empty.eml", "empty.mbox", "noise.bin", "picture.png"] {
        assert!(rejected.iter().any(|origin| origin.ends_with(name)), "{name} is not listed: {rejected:?}");
    }
    let summary = outcome.lines().pop().expect("a summary");
    assert_eq!((number(&summary, "offered"), number(&summary, "stored"), number(&summary, "rejected")), (5, 1, 4));
    assert_eq!(archive.hits(Some("readable")).len(), 1);
    let plain = archive.run(&arguments);
    assert!(plain.code == 3 && plain.stderr.contains("empty.eml"), "{}", plain.stderr);
    let kept = archive.ok(&["batch", "show", "1"]);
    assert_eq!(kept.iter().filter(|line| text(line, "type") == "rejected").count(), 4);
    archive.verify_clean();
}

#[test]
fn an_empty_folder_offers_nothing() {
    let archive = TestArchive::new();
    fs::create_dir(archive.path("in")).expect("folder");
    assert_eq!(number(&archive.import(&archive.path("in"), &SINK), "offered"), 0);
    archive.verify_clean();
}

#[test]
fn a_truncated_mbox_gives_all_that_is_there() {
    let whole = firm::mbox(&mut Random(3), 10);
    let start_of_last = whole.rfind("\nFrom sender@").expect("messages") + 1;
    for cut in [start_of_last + 3, start_of_last + 60, start_of_last + 200, whole.len() - 900, whole.len() - 1] {
        let archive = TestArchive::new();
        let (kept, _) = whole.split_at(cut);
        let summary = archive.import(&archive.write("cut.mbox", kept), &SINK);
        assert!(number(&summary, "stored") >= 9, "cut at {cut}: {summary}");
        assert!(number(&summary, "offered") <= 10, "cut at {cut}: {summary}");
        for n in 0..9 {
            assert_eq!(archive.hits(Some(&format!("unique{n}"))).len(), 1, "cut at {cut}: mail {n}");
        }
        let completed = archive.import(&archive.write("cut.mbox", &whole), &SINK);
        assert_eq!(number(&completed, "offered"), 10, "{completed}");
        assert!(number(&completed, "duplicate") >= 8, "cut at {cut}: {completed}");
        archive.verify_clean();
    }
}

#[test]
fn records_that_are_none_are_rejected_by_line() {
    let archive = TestArchive::new();
    let good = r#"{"platform":"sms","sent":"2025-01-01T10:00:00Z","sender":{"address":"a@x.example"},"text":"fine"}"#;
    let deep = format!("{{\"platform\":\"sms\",\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let lines =
        [good, "{\"platform\":", "[]", &deep, "{\"platform\":\"sms\"}", &good.replace("fine", "also fine"), "\u{0}"];
    let path = archive.write("records.jsonl", lines.join("\n"));
    let summary = archive.import(&path, &[&["--as", "messages"], SINK.as_slice()].concat());
    assert_eq!((number(&summary, "stored"), number(&summary, "rejected")), (2, 5), "{summary}");
    archive.verify_clean();
}

#[test]
fn an_attachment_outside_of_the_folder_is_not_read() {
    let archive = TestArchive::new();
    archive.write("secret.txt", "the secret word is xyzzy");
    for (n, path) in ["../secret.txt", "/etc/passwd", "a/../../secret.txt", "link/secret.txt"].iter().enumerate() {
        let record = serde_json::json!({
            "platform": "sms", "sent": "2025-01-01T10:00:00Z", "sender": {"address": "a@x.example"},
            "attachments": [{"path": path}],
        });
        let file = archive.write(&format!("in{n}/records.jsonl"), format!("{record}\n"));
        std::os::unix::fs::symlink("..", archive.path(&format!("in{n}/link"))).expect("link");
        let summary = archive.import(&file, &SINK);
        assert_eq!((number(&summary, "stored"), number(&summary, "rejected")), (0, 1), "{path}: {summary}");
    }
    assert_eq!(archive.hits(Some("xyzzy")).len(), 0);
}

#[test]
fn links_that_go_round_end() {
    let archive = TestArchive::new();
    archive.write("in/a.eml", "From: a@x.example\nSubject: a\n\nround\n");
    std::os::unix::fs::symlink("..", archive.path("in/up")).expect("link");
    std::os::unix::fs::symlink("gone", archive.path("in/dangling.eml")).expect("link");
    archive.import(&archive.path("in"), &SINK);
    assert_eq!(archive.hits(Some("round")).len(), 1);
    archive.verify_clean();
}

#[test]
fn a_pipe_in_a_folder_does_not_stop_the_import() {
    let archive = TestArchive::new();
    archive.write("in/a.eml", "From: a@x.example\nSubject: a\n\npassed\n");
    let made = std::process::Command::new("mkfifo").arg(archive.path("in/pipe")).status();
    if !made.is_ok_and(|status| status.success()) {
        skipped("mkfifo does not work here");
        return;
    }
    archive.import(&archive.path("in"), &SINK);
    assert_eq!(archive.hits(Some("passed")).len(), 1);
}

#[test]
fn what_may_not_be_read_is_listed_and_the_rest_taken() {
    use std::os::unix::fs::PermissionsExt as _;
    let archive = TestArchive::new();
    archive.write("in/a.eml", "From: a@x.example\nSubject: a\n\nallowed\n");
    archive.write("in/closed/b.eml", "From: b@x.example\nSubject: b\n\nforbidden\n");
    archive.write("in/c.eml", "From: c@x.example\nSubject: c\n\nforbidden\n");
    for name in ["in/closed", "in/c.eml"] {
        fs::set_permissions(archive.path(name), fs::Permissions::from_mode(0o000)).expect("permissions");
    }
    if fs::read_dir(archive.path("in/closed")).is_ok() {
        skipped("this user may read everything");
        return;
    }
    let outcome = archive.json(3, &[&["import", "in"], SINK.as_slice()].concat());
    let summary = outcome.lines().pop().expect("a summary");
    assert_eq!((number(&summary, "stored"), number(&summary, "rejected")), (1, 2), "{summary}");
    for name in ["closed", "c.eml"] {
        assert!(outcome.text().contains(name), "{name} is not listed");
        fs::set_permissions(archive.path(&format!("in/{name}")), fs::Permissions::from_mode(0o700))
            .expect("permissions");
    }
}

#[test]
fn the_archive_itself_is_not_imported() {
    let archive = TestArchive::new();
    for path in [archive.directory(), archive.path("archive/archive.redb")] {
        let outcome = archive.run(&[&["import", path.to_str().expect("UTF-8")], SINK.as_slice()].concat());
        assert_eq!(outcome.code, 2, "{}: {}", path.display(), outcome.stderr);
    }
    archive.write("a.eml", "From: a@x.example\nSubject: a\n\nbeside\n");
    let outcome = archive.json(3, &[&["import", "."], SINK.as_slice()].concat());
    let summary = outcome.lines().pop().expect("a summary");
    assert_eq!((number(&summary, "stored"), number(&summary, "rejected")), (1, 1), "{}", outcome.text());
}
