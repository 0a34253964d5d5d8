//! Nothing that a hold covers is destroyed, whenever it is placed and whenever the process is killed; what is destroyed is
//! in no file, and an outsider can check what was done.
#![cfg(feature = "cli")]

mod support;

use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use custodia::model::UtcTime;
use custodia::store::{Store, disposition_runs, put_disposition_run};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};
use support::erasure::{archive_files, contains, unpacked};
use support::firm::Random;
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";
const BOB: &str = "bob@x.example";

fn mail(subject: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "From: eve@elsewhere.example\nTo: ann@x.example\nDate: Wed, 15 Jan 2020 12:00:00 +0000\n\
         Message-ID: <{subject}@elsewhere.example>\nSubject: {subject}\n"
    );
    [head.as_bytes(), body].concat()
}

fn import(archive: &TestArchive, to: &str, subject: &str, body: &[u8]) {
    let path = archive.write(&format!("{subject}.eml"), mail(subject, body));
    assert_eq!(number(&archive.import(&path, &["--mailbox", to]), "items"), 1);
}

/// Ann's mails, which may be disposed of.
fn office() -> TestArchive {
    let archive = TestArchive::new();
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address]);
    }
    import(&archive, ANN, "alpha", b"\nthe merger\n");
    import(&archive, ANN, "beta", b"\nlunch\n");
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "day",
        "--without-simulation",
        "test",
        "--action",
        "delete",
        "--period",
        "1d",
        "--include",
        ANN,
    ]);
    archive
}

fn plan(archive: &TestArchive) -> Value {
    archive.one("summary", &["disposition", "plan", "--output", "plan.json"])
}

const EXECUTE: [&str; 4] = ["disposition", "execute", "plan.json", "--yes"];

/// Runs an execution that ends at `place` as by a kill.
fn killed_at(archive: &TestArchive, place: &str) {
    let output = archive.command(&EXECUTE).env("CUSTODIA_TEST_FAIL", place).output().expect("the binary runs");
    assert_eq!(output.status.code(), None, "{place} is not reached: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_hold_placed_at_any_step_before_the_commit_saves_the_items() {
    for place in ["execute.settled", "execute.destroyed", "execute.before-commit"] {
        let archive = office();
        assert_eq!(number(&plan(&archive), "eligible"), 2);
        killed_at(&archive, place);
        archive.verify_clean();
        archive.ok(&["hold", "place", "late", "--mailbox", ANN, "--query", "merger", "--reason", "claim"]);
        let refused = archive.json(21, &EXECUTE);
        assert!(text(&refused.error(), "message").contains("late"), "{place}: {}", refused.stderr);
        assert_eq!(archive.hits(None).len(), 2, "{place}");
        plan_again_and_execute(&archive, "alpha");
    }
}

/// What the hold does not cover goes; `kept` stays.
fn plan_again_and_execute(archive: &TestArchive, kept: &str) {
    fs::remove_file(archive.path("plan.json")).expect("plan");
    assert_eq!(number(&plan(archive), "eligible"), 1);
    archive.ok(&EXECUTE);
    let left: Vec<String> = archive.hits(None).iter().map(|hit| text(hit, "subject")).collect();
    assert_eq!(left, [kept]);
    archive.verify_clean();
}

#[test]
fn an_execution_killed_after_the_commit_is_finished_when_the_archive_is_opened() {
    for place in ["execute.committed", "execute.index-erased"] {
        let archive = office();
        import(&archive, ANN, "gamma", b"\nquetzalcoatlus northropi\n");
        plan(&archive);
        killed_at(&archive, place);
        archive.verify_clean();
        assert_eq!(archive.hits(None).len(), 0, "{place}");
        assert_gone(&archive, &[b"quetzalcoatlus"]);
        archive.json(21, &EXECUTE);
        assert_eq!(archive.ok(&["disposition", "list"]).len(), 3);
    }
}

fn assert_gone(archive: &TestArchive, markers: &[&[u8]]) {
    for (file, bytes) in archive_files(archive) {
        let frames = unpacked(&bytes);
        for marker in markers {
            assert!(!contains(&bytes, marker), "{} has a marker", file.display());
            assert!(!frames.iter().any(|(_, content)| contains(content, marker)), "{} has one packed", file.display());
        }
    }
}

fn is_stored(archive: &TestArchive, marker: &[u8]) -> bool {
    let files = archive_files(archive);
    files.iter().any(|(_, bytes)| unpacked(bytes).iter().any(|(_, content)| contains(content, marker)))
}

/// 64 random bytes; without line ends and zeros, so that they can stand in a body as they are.
fn marker(seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    (0..64).map(|_| u8::try_from(random.below(95)).expect("it is small") + 160).collect()
}

#[test]
fn random_markers_of_a_destroyed_message_are_in_no_file() {
    let archive = office();
    let (in_body, attached) = (marker(1), marker(2));
    let body = [
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\
          Content-Transfer-Encoding: 8bit\n\n",
        &in_body[..],
        b"\n--b\nContent-Type: application/octet-stream; name=m.bin\nContent-Transfer-Encoding: base64\n\n",
        BASE64.encode(&attached).as_bytes(),
        b"\n--b--\n",
    ]
    .concat();
    import(&archive, ANN, "marked", &body);
    import(&archive, BOB, "marked", &body);
    for bytes in [&in_body, &attached] {
        let stored = is_stored(&archive, bytes) || is_stored(&archive, BASE64.encode(bytes).as_bytes());
        assert!(stored, "it is there before, so that looking for it means something");
    }
    plan(&archive);
    archive.ok(&EXECUTE);
    let hits = archive.hits(Some("subject:marked"));
    assert_eq!(hits.iter().map(|hit| text(hit, "mailbox")).collect::<Vec<_>>(), [BOB]);
    let item = text(hits.first().expect("Bob's"), "item");
    assert_eq!(archive.run(&["show", &item, "--raw"]).stdout, mail("marked", &body), "Bob's is still whole");
    assert_eq!(archive.run(&["show", &item, "--attachment", "1"]).stdout, attached);

    archive.ok(&[
        "retention",
        "policy",
        "add",
        "all",
        "--without-simulation",
        "test",
        "--action",
        "delete",
        "--period",
        "1d",
    ]);
    fs::remove_file(archive.path("plan.json")).expect("plan");
    plan(&archive);
    archive.ok(&EXECUTE);
    let encoded: Vec<Vec<u8>> = [&in_body, &attached]
        .into_iter()
        .flat_map(|bytes| [bytes.clone(), BASE64.encode(bytes).into_bytes(), HEXLOWER.encode(bytes).into_bytes()])
        .collect();
    assert_gone(&archive, &encoded.iter().map(Vec::as_slice).collect::<Vec<_>>());
    archive.verify_clean();
}

fn write(path: &Path, document: &Value) {
    fs::write(path, document.to_string()).expect("file");
}

#[test]
fn a_certificate_proves_an_execution_without_the_archive() {
    let archive = office();
    let digest = text(&plan(&archive), "digest");
    archive.ok(&EXECUTE);
    let written = archive.one("certificate", &["disposition", "certificate", &digest, "--output", "proof.json"]);
    assert_eq!((number(&written, "items"), text(&written, "plan")), (2, digest.clone()));
    fs::remove_dir_all(archive.directory()).expect("the archive");
    let checked = archive.one("certificate", &["disposition", "certificate", "--verify", "proof.json"]);
    assert_eq!(checked, written);

    let path = archive.path("proof.json");
    let original: Value = serde_json::from_slice(&fs::read(&path).expect("file")).expect("JSON");
    let changes: [(&str, Value); 8] = [
        ("/records/0/mailbox", json!(BOB)),
        ("/records/0/salt", json!("00")),
        ("/items", json!(1)),
        ("/executed_by", json!("mallory")),
        ("/executed_at", json!("2026-01-15T12:00:01Z")),
        ("/archive", json!("0".repeat(32))),
        ("/audit/root", json!("0".repeat(64))),
        ("/plan", json!("0".repeat(64))),
    ];
    for (place, value) in changes {
        let mut changed = original.clone();
        *changed.pointer_mut(place).unwrap_or_else(|| panic!("it has {place}")) = value;
        write(&path, &changed);
        archive.json(20, &["disposition", "certificate", "--verify", "proof.json"]);
    }
    write(&path, &json!({ "type": "something" }));
    archive.json(2, &["disposition", "certificate", "--verify", "proof.json"]);
}

#[test]
fn a_certificate_holds_of_an_execution_that_was_recorded_after_its_time_was_taken() {
    let archive = office();
    let digest = text(&plan(&archive), "digest");
    archive.ok(&EXECUTE);
    let store = Store::open(&archive.directory().join("archive.redb")).expect("the store opens");
    let transaction = store.begin().expect("a transaction");
    let mut run = disposition_runs(&transaction).expect("runs").pop().expect("one");
    run.executed_at = UtcTime::from_chrono(run.executed_at.to_chrono() - TimeDelta::milliseconds(21));
    put_disposition_run(&transaction, &run).expect("it is written");
    transaction.commit().expect("it commits");
    drop(store);
    let written = archive.one("certificate", &["disposition", "certificate", &digest, "--output", "proof.json"]);
    assert_eq!(archive.one("certificate", &["disposition", "certificate", "--verify", "proof.json"]), written);
}

#[test]
fn a_second_person_approves_an_execution_and_is_recorded() {
    let archive = office();
    archive.ok(&["approval", "dual-control", "on", "--reason", "policy 7"]);
    let digest = text(&plan(&archive), "digest");
    archive.json(21, &EXECUTE);
    let give = ["approval", "give", "disposition.execute", &digest, "--reason", "read it"];
    archive.ok(&give);
    archive.json(21, &EXECUTE);
    archive.ok(&[&give[..], &["--actor", "second"]].concat());
    archive.ok(&EXECUTE);
    for record in archive.ok(&["disposition", "list"]) {
        assert_eq!(record.get("reviewers"), Some(&json!(["second"])));
    }
    let certificate = archive.one("certificate", &["disposition", "certificate", &digest, "--output", "proof.json"]);
    assert_eq!(text(&certificate, "approved_by"), "second");
    archive.ok(&["disposition", "certificate", "--verify", "proof.json"]);
}

#[test]
fn a_clock_that_jumped_is_accepted_with_a_reason_only() {
    let mut archive = office();
    archive.set_clock("2026-02-01T12:00:00Z");
    archive.json(21, &["disposition", "plan", "--output", "plan.json"]);
    let accept = ["--accept-clock", "compared with the time service"];
    archive.ok(&[&["disposition", "plan", "--output", "plan.json"], &accept[..]].concat());
    archive.set_clock("2026-02-20T12:00:00Z");
    archive.json(21, &EXECUTE);
    assert_eq!(archive.json(2, &[&EXECUTE[..], &["--accept-clock", " "]].concat()).code, 2);
    archive.ok(&[&EXECUTE[..], &accept[..]].concat());
    let log = archive.ok(&["audit", "log"]);
    assert!(log.iter().any(|entry| text(entry, "outcome").contains("time service")), "it is recorded");
    archive.set_clock("2026-02-19T12:00:00Z");
    archive.json(21, &[&EXECUTE[..], &accept[..]].concat());
}
