//! A hold always wins, retention decides by its rules, and what is disposed of is gone from every file.
#![cfg(feature = "cli")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde_json::Value;
use support::erasure::{archive_files, contains, unpacked};
use support::firm::Random;
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";
const BOB: &str = "bob@x.example";

/// A mail to `to` of the year 2020, more than any period of these tests ago.
fn mail(to: &str, subject: &str, body: &str) -> String {
    format!(
        "From: eve@elsewhere.example\nTo: {to}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\n\
         Message-ID: <{subject}@elsewhere.example>\nSubject: {subject}\n\n{body}\n"
    )
}

fn import(archive: &TestArchive, to: &str, subject: &str, body: &str) {
    let path = archive.write(&format!("{subject}.eml"), mail(to, subject, body));
    assert_eq!(number(&archive.import(&path, &["--mailbox", to]), "stored"), 1);
}

/// Two mailboxes with two mails each: `alpha` and `beta` of Ann, `gamma` and `delta` of Bob.
fn office(archive: &TestArchive) {
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address]);
    }
    for (to, subject, body) in [
        (ANN, "alpha", "the merger with Initech"),
        (ANN, "beta", "lunch on Friday"),
        (BOB, "gamma", "the merger again"),
        (BOB, "delta", "holiday plans"),
    ] {
        import(archive, to, subject, body);
    }
}

fn item(archive: &TestArchive, subject: &str) -> String {
    let hits = archive.hits(None);
    let hit = hits.iter().find(|hit| text(hit, "subject") == subject).unwrap_or_else(|| panic!("no item `{subject}`"));
    text(hit, "item")
}

fn subjects(archive: &TestArchive) -> Vec<String> {
    let mut subjects: Vec<String> = archive.hits(None).iter().map(|hit| text(hit, "subject")).collect();
    subjects.sort();
    subjects
}

fn explain(archive: &TestArchive, subject: &str) -> Value {
    archive.ok(&["explain", &item(archive, subject)]).remove(0)
}

fn outcome(archive: &TestArchive, subject: &str) -> String {
    text(&explain(archive, subject), "outcome")
}

/// Items, eligible, kept, held, as of a date.
fn simulated(archive: &TestArchive, as_of: &str) -> [u64; 4] {
    let summary = archive.one("summary", &["retention", "simulate", "--as-of", as_of]);
    ["items", "eligible", "kept", "held"].map(|name| number(&summary, name))
}

fn delete_after_a_year(archive: &TestArchive, options: &[&str]) {
    archive.ok(&[
        &[
            "retention",
            "policy",
            "add",
            "one year",
            "--without-simulation",
            "test",
            "--action",
            "delete",
            "--period",
            "1y",
        ],
        options,
    ]
    .concat());
}

fn hold(archive: &TestArchive, name: &str, options: &[&str]) -> Value {
    archive.one("hold", &[&["hold", "place", name, "--reason", "litigation"], options].concat())
}

fn plan(archive: &TestArchive, name: &str) -> (PathBuf, Value) {
    let path = archive.path(name);
    let summary = archive.one("summary", &["disposition", "plan", "--output", path.to_str().expect("UTF-8")]);
    (path, summary)
}

fn execute(archive: &TestArchive, plan: &Path, code: i32) -> support::Outcome {
    archive.json(code, &["disposition", "execute", plan.to_str().expect("UTF-8"), "--yes"])
}

#[test]
fn a_hold_on_a_mailbox_covers_what_is_there_and_what_comes() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    assert_eq!(simulated(&archive, support::NOW), [4, 4, 0, 0]);
    let placed = hold(&archive, "case 1", &["--mailbox", ANN]);
    assert_eq!((number(&placed, "messages"), number(&placed, "items")), (2, 2));
    assert_eq!(simulated(&archive, support::NOW), [4, 2, 0, 2]);
    import(&archive, ANN, "epsilon", "came later");
    assert_eq!(simulated(&archive, support::NOW), [5, 2, 0, 3]);
    assert_eq!(number(&archive.one("hold", &["hold", "show", "case 1"]), "items"), 3);
    assert_eq!((outcome(&archive, "epsilon"), outcome(&archive, "gamma")), ("held".to_owned(), "eligible".to_owned()));
    archive.verify_clean();
}

#[test]
fn a_hold_on_a_query_covers_matches_that_come_later() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    let placed = hold(&archive, "merger", &["--mailbox", ANN, "--query", "merger"]);
    assert_eq!((number(&placed, "messages"), number(&placed, "items")), (1, 1));
    assert_eq!(outcome(&archive, "gamma"), "eligible", "another mailbox is not covered");
    import(&archive, ANN, "zeta", "more about the MERGER");
    import(&archive, ANN, "eta", "nothing of that sort");
    assert_eq!((outcome(&archive, "zeta"), outcome(&archive, "eta")), ("held".to_owned(), "eligible".to_owned()));
    assert_eq!(simulated(&archive, support::NOW), [6, 4, 0, 2]);

    let everywhere = hold(&archive, "everyone", &["--all-mailboxes", "--query", "merger OR holiday"]);
    assert_eq!(number(&everywhere, "items"), 4);
    assert_eq!(simulated(&archive, support::NOW), [6, 2, 0, 4]);
    archive.verify_clean();
}

#[test]
fn a_query_hold_covers_what_cannot_be_searched_whole() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    // Nothing of an encrypted message can be read.
    let sealed = "From: eve@elsewhere.example\nTo: ann@x.example\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nSubject: sealed\n\
        MIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n\
        --b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream\n\n\
        -----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----\n--b--\n";
    archive.import(&archive.write("sealed.eml", sealed), &["--mailbox", ANN]);
    let placed = hold(&archive, "merger", &["--mailbox", ANN, "--query", "merger"]);
    assert_eq!((number(&placed, "items"), number(&placed, "partially_indexed")), (2, 1));
    assert_eq!(outcome(&archive, "sealed"), "held");
}

#[test]
fn a_released_hold_holds_for_thirty_days_more() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    hold(&archive, "case 1", &["--mailbox", ANN]);
    let released = archive.one("hold", &["hold", "release", "case 1", "--reason", "settled"]);
    assert_eq!(text(&released, "state"), "delay");
    assert_eq!(text(&released, "delay_until"), "2026-02-14T12:00:00Z");
    assert_eq!(simulated(&archive, "2026-01-16T12:00:00Z")[1], 2);
    assert_eq!(simulated(&archive, "2026-02-14T11:59:59Z")[1], 2, "not yet 30 days");
    assert_eq!(simulated(&archive, "2026-02-14T12:00:01Z"), [4, 4, 0, 0], "30 days are over");
    let (path, summary) = plan(&archive, "plan.json");
    assert_eq!(number(&summary, "eligible"), 2);
    execute(&archive, &path, 0);
    assert_eq!(subjects(&archive), ["alpha", "beta"]);
    assert_eq!(archive.json(2, &["hold", "release", "case 1", "--reason", "again"]).code, 2);
}

#[test]
fn policies_cover_all_mailboxes_or_listed_ones_or_all_but_listed_ones() {
    for (options, eligible) in [
        (vec![], ["alpha", "beta", "gamma", "delta"].as_slice()),
        (vec!["--include", ANN], &["alpha", "beta"]),
        (vec!["--exclude", ANN], &["gamma", "delta"]),
        (vec!["--include", ANN, "--include", BOB], &["alpha", "beta", "gamma", "delta"]),
        (vec!["--exclude", ANN, "--exclude", BOB], &[]),
    ] {
        let archive = TestArchive::new();
        office(&archive);
        delete_after_a_year(&archive, &options);
        for subject in ["alpha", "beta", "gamma", "delta"] {
            let expected = if eligible.contains(&subject) { "eligible" } else { "kept" };
            assert_eq!(outcome(&archive, subject), expected, "{options:?}: {subject}");
        }
    }
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN]);
    let add = ["retention", "policy", "add", "p", "--action", "retain", "--period", "1y"];
    assert_eq!(archive.run(&[&add[..], &["--include", ANN, "--exclude", ANN]].concat()).code, 2);
    assert_eq!(archive.run(&[&add[..], &["--include", "ghost@x.example"]].concat()).code, 1);
    archive.ok(&add);
    assert_eq!(archive.run(&add).code, 1, "a name is taken once");
}

#[test]
fn the_longest_retention_wins_over_deletion() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    archive.ok(&["retention", "policy", "add", "seven", "--action", "retain", "--period", "7y", "--include", ANN]);
    assert_eq!(simulated(&archive, support::NOW), [4, 2, 2, 0]);
    let explained = explain(&archive, "alpha");
    assert_eq!(
        (text(&explained, "outcome"), text(&explained, "until")),
        ("kept".to_owned(), "2027-01-15T12:00:00Z".to_owned())
    );
    let reasons = explained.get("reasons").and_then(Value::as_array).expect("reasons");
    for reason in reasons {
        for name in ["rule", "source", "name", "effect"] {
            assert!(!text(reason, name).is_empty(), "{reason}");
        }
    }
    for policy in ["seven", "one year"] {
        assert!(
            reasons.iter().any(|reason| text(reason, "source") == "policy" && text(reason, "name") == policy),
            "{explained}"
        );
    }
    assert_eq!(simulated(&archive, "2027-01-15T12:00:01Z"), [4, 4, 0, 0]);
    assert_eq!(simulated(&archive, "2020-02-01T00:00:00Z")[1], 0);

    hold(&archive, "case 1", &["--mailbox", ANN]);
    let explained = explain(&archive, "alpha");
    assert_eq!((text(&explained, "outcome"), explained.get("until")), ("held".to_owned(), Some(&Value::Null)));
    archive.ok(&["retention", "policy", "remove", "seven", "--reason", "new rules", "--without-simulation", "test"]);
    assert_eq!(simulated(&archive, support::NOW), [4, 2, 0, 2]);
}

#[test]
fn simulation_changes_nothing() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    assert_eq!(simulated(&archive, "2099-01-01"), [4, 4, 0, 0]);
    assert_eq!(subjects(&archive), ["alpha", "beta", "delta", "gamma"]);
    let rows = archive.ok(&["retention", "simulate"]);
    let mailboxes = rows.iter().filter(|row| text(row, "type") == "mailbox");
    assert_eq!(mailboxes.map(|row| number(row, "items")).sum::<u64>(), 4);
    archive.verify_clean();
}

#[test]
fn nothing_is_deleted_without_a_policy_that_deletes() {
    let archive = TestArchive::new();
    office(&archive);
    archive.ok(&["retention", "policy", "add", "short", "--action", "retain", "--period", "1d"]);
    assert_eq!(simulated(&archive, "2099-01-01"), [4, 0, 4, 0]);
    assert_eq!(number(&plan(&archive, "plan.json").1, "eligible"), 0);
}

#[test]
fn a_held_item_survives_execution() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    hold(&archive, "merger", &["--all-mailboxes", "--query", "merger"]);
    let (path, summary) = plan(&archive, "plan.json");
    assert_eq!(["items", "eligible", "kept", "held"].map(|name| number(&summary, name)), [4, 2, 0, 2]);
    let executed = execute(&archive, &path, 0).lines().remove(0);
    assert_eq!((number(&executed, "items"), number(&executed, "messages")), (2, 2));
    assert_eq!(subjects(&archive), ["alpha", "gamma"]);
    let records = archive.ok(&["disposition", "list"]);
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| text(record, "rule") == "one year"), "{records:?}");
    archive.verify_clean();
    assert_eq!(execute(&archive, &path, 21).lines().len(), 0, "a plan is carried out once");
    assert_eq!(subjects(&archive), ["alpha", "gamma"]);
    archive.verify_clean();
}

#[test]
fn a_hold_placed_after_the_plan_stops_all_of_it() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    let (path, summary) = plan(&archive, "plan.json");
    assert_eq!(number(&summary, "eligible"), 4);
    hold(&archive, "late", &["--mailbox", BOB, "--query", "merger"]);
    let refused = execute(&archive, &path, 21);
    assert!(text(&refused.error(), "message").contains("late"), "it names the hold: {}", refused.stderr);
    assert_eq!(subjects(&archive), ["alpha", "beta", "delta", "gamma"]);
    let log = archive.ok(&["audit", "log"]);
    let entry =
        log.iter().rfind(|entry| text(entry, "action") == "disposition.execute").expect("the refusal is recorded");
    assert!(text(entry, "outcome").contains("stale"), "{entry}");
    archive.verify_clean();
}

#[test]
fn a_longer_retention_added_after_the_plan_stops_it() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    let (path, _) = plan(&archive, "plan.json");
    archive.ok(&["retention", "policy", "add", "ten", "--action", "retain", "--period", "10y"]);
    execute(&archive, &path, 21);
    assert_eq!(subjects(&archive).len(), 4);
}

#[test]
fn a_plan_that_was_edited_is_refused() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &["--include", ANN]);
    let (path, _) = plan(&archive, "plan.json");
    let original: Value = serde_json::from_str(&fs::read_to_string(&path).expect("plan")).expect("JSON");
    let other = item(&archive, "gamma");
    let edits: [(&str, Value); 7] = [
        ("/dispositions/0/item", serde_json::json!(other.parse::<u64>().expect("a number"))),
        ("/dispositions/0/mailbox", Value::from(BOB)),
        ("/dispositions/0/reasons/0", Value::from("because")),
        ("/as_of", Value::from("2030-01-01T00:00:00Z")),
        ("/eligible", Value::from(1)),
        ("/archive", Value::from("0123")),
        ("/audit_size", Value::from(1)),
    ];
    for (place, value) in edits {
        let mut edited = original.clone();
        *edited.pointer_mut(place).unwrap_or_else(|| panic!("a plan has {place}")) = value;
        fs::write(&path, edited.to_string()).expect("plan");
        execute(&archive, &path, 21);
    }
    let mut shorter = original.clone();
    shorter["dispositions"].as_array_mut().expect("a list").pop();
    fs::write(&path, shorter.to_string()).expect("plan");
    execute(&archive, &path, 21);
    fs::write(&path, "{\"type\":\"disposition_plan\"").expect("plan");
    execute(&archive, &path, 2);
    assert_eq!(subjects(&archive).len(), 4);
    fs::write(&path, original.to_string()).expect("plan");
    execute(&archive, &path, 0);
    assert_eq!(subjects(&archive), ["delta", "gamma"]);
}

#[test]
fn execution_without_a_terminal_needs_yes() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    let (path, _) = plan(&archive, "plan.json");
    let outcome = archive.run(&["disposition", "execute", path.to_str().expect("UTF-8")]);
    assert!(outcome.code == 21 && outcome.stderr.contains("--yes"), "{} {}", outcome.code, outcome.stderr);
    assert_eq!(archive.json(1, &["disposition", "plan", "--output", path.to_str().expect("UTF-8")]).stdout, b"");
    assert_eq!(subjects(&archive).len(), 4);
}

#[test]
fn nothing_is_disposed_of_before_the_minimum_residence() {
    let mut archive = TestArchive::absent();
    archive.ok(&["init", "--min-residence", "30"]);
    office(&archive);
    delete_after_a_year(&archive, &[]);
    let (_, summary) = plan(&archive, "first.json");
    assert_eq!(number(&summary, "eligible"), 0);
    let explained = explain(&archive, "alpha");
    assert_eq!(
        (text(&explained, "outcome"), text(&explained, "until")),
        ("kept".to_owned(), "2026-02-14T12:00:00Z".to_owned())
    );
    archive.set_clock("2026-02-14T11:00:00Z");
    archive.json(21, &["disposition", "plan", "--output", "early.json"]);
    archive.ok(&["audit", "confirm-clock", "--reason", "compared with the time service"]);
    assert_eq!(number(&plan(&archive, "second.json").1, "eligible"), 0);
    archive.set_clock("2026-02-14T13:00:00Z");
    let (path, summary) = plan(&archive, "third.json");
    assert_eq!(number(&summary, "eligible"), 4);
    execute(&archive, &path, 0);
    assert!(subjects(&archive).is_empty());
    archive.verify_clean();
}

#[test]
fn a_clock_that_cannot_be_true_is_not_believed() {
    let mut archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    let (path, _) = plan(&archive, "plan.json");
    let another = archive.path("another.json");
    let another = another.to_str().expect("UTF-8").to_owned();
    for (clock, words) in [("2026-01-15T11:59:59Z", "before"), ("2026-03-15T12:00:00Z", "7 days")] {
        archive.set_clock(clock);
        let refused = execute(&archive, &path, 21);
        assert!(text(&refused.error(), "message").contains(words), "{}", refused.stderr);
        // The record of the refusal must not make the next attempt believable.
        execute(&archive, &path, 21);
        assert_eq!(archive.json(21, &["disposition", "plan", "--output", &another]).stdout, b"");
    }
    archive.set_clock(support::NOW);
    assert_eq!(subjects(&archive).len(), 4);
    let log = archive.ok(&["audit", "log"]);
    let refusals = log.iter().filter(|entry| text(entry, "outcome").contains("the clock says"));
    assert_eq!(refusals.count(), 6, "each refusal is recorded: {log:?}");
    archive.verify_clean();
}

/// Every file of the archive with its bytes.

#[test]
fn what_was_destroyed_is_in_no_file() {
    let archive = TestArchive::new();
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address]);
    }
    let noise: Vec<u8> = (0..8_000).flat_map(|n| Random(n).next().to_le_bytes()).collect();
    let shared = BASE64.encode(&[b"sharedattachmentword ".as_slice(), &noise].concat());
    let secret = BASE64.encode(b"quetzalcoatlus in the attachment, for nobody to read");
    let with = |to: &str, subject: &str, body: &str, more: &str| {
        format!(
            "From: eve@elsewhere.example\nTo: {to}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nSubject: {subject}\n\
             MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{body}\n\
             --b\nContent-Type: application/octet-stream; name=shared.bin\nContent-Transfer-Encoding: base64\n\n\
             {shared}\n{more}--b--\n"
        )
    };
    let more = format!("--b\nContent-Type: text/plain; name=s.txt\nContent-Transfer-Encoding: base64\n\n{secret}\n");
    let doomed = with(ANN, "pterodactylus", "archaeopteryx in the body", &more);
    let staying = with(BOB, "ordinary", "an ordinary body", "");
    archive.import(&archive.write("a.eml", &doomed), &["--mailbox", ANN]);
    archive.import(&archive.write("b.eml", &staying), &["--mailbox", BOB]);
    delete_after_a_year(&archive, &["--include", ANN]);
    let words: [&[u8]; 4] = [b"archaeopteryx", b"quetzalcoatlus", b"pterodactylus", secret.as_bytes()];

    let before = archive_files(&archive);
    let frames: Vec<Vec<u8>> = before
        .iter()
        .flat_map(|(_, bytes)| unpacked(bytes).into_iter().map(move |frame| (bytes, frame)))
        .filter(|(_, (_, content))| words.iter().any(|word| contains(content, word)))
        .map(|(bytes, (start, _))| bytes.get(start..(start + 120).min(bytes.len())).unwrap_or_default().to_vec())
        .collect();
    assert!(!frames.is_empty(), "the words stand in packs before, so that looking for them means something");

    let (path, summary) = plan(&archive, "plan.json");
    assert_eq!(number(&summary, "eligible"), 1);
    let executed = execute(&archive, &path, 0).lines().remove(0);
    assert_eq!((number(&executed, "items"), number(&executed, "messages")), (1, 1));

    for (file, bytes) in archive_files(&archive) {
        for word in words {
            assert!(!contains(&bytes, word), "{} holds {}", file.display(), String::from_utf8_lossy(word));
            for (start, content) in unpacked(&bytes) {
                let found = contains(&content, word);
                assert!(!found, "{} at {start} holds {}", file.display(), String::from_utf8_lossy(word));
            }
        }
        for frame in &frames {
            assert!(!contains(&bytes, frame), "{} holds a pack of before", file.display());
        }
    }
    let staying_item = item(&archive, "ordinary");
    assert_eq!(archive.run(&["show", &staying_item, "--raw"]).stdout, staying.as_bytes());
    let attachment = archive.run(&["show", &staying_item, "--attachment", "1"]).stdout;
    assert!(attachment.starts_with(b"sharedattachmentword "), "the shared attachment is still there");
    for word in ["archaeopteryx", "quetzalcoatlus", "pterodactylus"] {
        assert_eq!(archive.hits(Some(word)).len(), 0);
    }
    archive.verify_clean();
}

#[test]
fn a_message_with_another_item_keeps_its_bytes() {
    let archive = TestArchive::new();
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address]);
    }
    let both = archive.write("both.eml", mail("ann@x.example, bob@x.example", "both", "to both of them"));
    assert_eq!(number(&archive.import(&both, &[]), "items"), 2);
    delete_after_a_year(&archive, &["--include", ANN]);
    let (path, _) = plan(&archive, "plan.json");
    let executed = execute(&archive, &path, 0).lines().remove(0);
    assert_eq!((number(&executed, "items"), number(&executed, "messages")), (1, 0));
    let hits = archive.hits(Some("subject:both"));
    assert_eq!(hits.iter().map(|hit| text(hit, "mailbox")).collect::<Vec<_>>(), [BOB]);
    assert_eq!(archive.run(&["show", &text(&hits[0], "item"), "--raw"]).stdout, fs::read(both).expect("file"));
    archive.verify_clean();
}

#[test]
fn what_was_disposed_of_can_come_again() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    let (path, _) = plan(&archive, "plan.json");
    execute(&archive, &path, 0);
    assert!(subjects(&archive).is_empty());
    import(&archive, ANN, "alpha", "the merger with Initech");
    assert_eq!(subjects(&archive), ["alpha"]);
    assert_eq!(archive.hits(Some("initech")).len(), 1);
    let again = archive.import(&archive.path("alpha.eml"), &["--mailbox", ANN]);
    assert_eq!((number(&again, "duplicate"), number(&again, "disposed_before")), (1, 0), "{again}");
    archive.verify_clean();
}

#[test]
fn a_clock_set_back_shortens_neither_the_delay_nor_the_residence() {
    let mut archive = TestArchive::absent();
    archive.ok(&["init", "--name", "test", "--min-residence", "30"]);
    archive.ok(&["mailbox", "add", ANN]);
    delete_after_a_year(&archive, &[]);
    hold(&archive, "case", &["--mailbox", ANN]);
    archive.set_clock("2025-06-01T12:00:00Z");
    archive.ok(&["hold", "release", "case", "--reason", "settled"]);
    import(&archive, ANN, "alpha", "the merger");
    archive.set_clock("2026-01-15T13:00:00Z");
    let explained = explain(&archive, "alpha");
    assert_eq!(text(&explained, "outcome"), "held", "{explained}");
    assert!(text(&explained, "until").starts_with("2026-02-14"), "{explained}");
    assert_eq!(number(&plan(&archive, "plan.json").1, "eligible"), 0);
}

#[test]
fn a_plan_whose_rule_no_longer_deletes_is_stale() {
    let archive = TestArchive::new();
    office(&archive);
    delete_after_a_year(&archive, &[]);
    let (path, _) = plan(&archive, "plan.json");
    archive.ok(&["retention", "policy", "remove", "one year", "--reason", "replaced"]);
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "two years",
        "--without-simulation",
        "test",
        "--action",
        "delete",
        "--period",
        "2y",
    ]);
    let refused = execute(&archive, &path, 21);
    assert!(refused.stderr.contains("two years"), "{}", refused.stderr);
    assert_eq!(subjects(&archive).len(), 4);
}

/// Two mails of a new author, and what may go of his mailbox after a year.
fn eligible_of_author(received: &str, sent: &str) -> [u64; 4] {
    let archive = TestArchive::new();
    for n in [1, 2] {
        let mail = format!(
            "Received: from a by b; {received}\nFrom: {ANN}\nTo: {BOB}\nDate: {sent}\n\
             Message-ID: <{n}@x.example>\nSubject: mail {n}\n\ntext\n"
        );
        archive.import(&archive.write(&format!("{n}.eml"), mail), &["--create-mailboxes"]);
    }
    delete_after_a_year(&archive, &["--include", ANN]);
    simulated(&archive, support::NOW)
}

#[test]
fn the_first_mail_of_a_new_author_is_outgoing_like_the_second() {
    let (then, lately) = ("Wed, 15 Jan 2020 12:00:00 +0000", "Mon, 10 Nov 2025 10:00:00 +0000");
    assert_eq!(eligible_of_author(then, lately), [4, 0, 4, 0]);
    assert_eq!(eligible_of_author(then, then), [4, 2, 2, 0]);
}

#[test]
fn a_forged_date_ends_no_retention_early() {
    assert_eq!(eligible_of_author("Mon, 10 Nov 2025 10:00:00 +0000", "Wed, 03 Jan 1990 12:00:00 +0000"), [4, 0, 4, 0]);
}
