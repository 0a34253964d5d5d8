//! A policy covers the mailboxes, folders and messages that its scope says, on the day that it is read, and a lock on it
//! can only make it stronger.
#![cfg(feature = "cli")]

mod support;

use serde_json::Value;
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";
const BOB: &str = "bob@x.example";

/// A mail to Ann of which only the subject can be searched.
const SEALED: &str = "From: eve@elsewhere.example\nTo: ann@x.example\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nSubject: sealed\n\
        MIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n\
        --b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream\n\n\
        -----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----\n--b--\n";

fn import(archive: &TestArchive, to: &str, subject: &str, options: &[&str]) {
    let mail = format!(
        "From: eve@elsewhere.example\nTo: {to}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\n\
         Message-ID: <{subject}@elsewhere.example>\nSubject: {subject}\n\nabout {subject}\n"
    );
    let path = archive.write(&format!("{subject}.eml"), mail);
    assert_eq!(number(&archive.import(&path, &[&["--mailbox", to], options].concat()), "stored"), 1);
}

/// Ann sells and has `alpha` and `beta`, Bob buys and has `gamma`.
fn office() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN, "--attr", "department=Sales"]);
    archive.ok(&["mailbox", "add", BOB, "--attr", "department=Purchase"]);
    for (to, subject) in [(ANN, "alpha"), (ANN, "beta"), (BOB, "gamma")] {
        import(&archive, to, subject, &[]);
    }
    archive
}

fn add(archive: &TestArchive, name: &str, options: &[&str]) -> Value {
    archive.one("policy", &[&["retention", "policy", "add", name], options].concat())
}

fn lists(explanation: &Value, rule: &str) -> bool {
    let reasons = explanation.get("reasons").and_then(Value::as_array);
    reasons.into_iter().flatten().any(|reason| reason.get("rule").is_some_and(|found| found == rule))
}

/// Subjects of what may be disposed of as of a date.
fn eligible(archive: &TestArchive, as_of: &str) -> Vec<String> {
    let mut found = Vec::new();
    for hit in archive.hits(None) {
        let explanation = archive.ok(&["explain", &text(&hit, "item")]).remove(0);
        let until = explanation.get("until").and_then(Value::as_str);
        let gone = text(&explanation, "outcome") == "eligible" || until.is_some_and(|until| until <= as_of);
        let deletes = lists(&explanation, "delete");
        if gone && deletes {
            found.push(text(&hit, "subject"));
        }
    }
    found.sort();
    let summary = archive.one("summary", &["retention", "simulate", "--as-of", as_of]);
    assert_eq!(number(&summary, "eligible"), found.len() as u64, "explain and simulate agree");
    found
}

fn refused(archive: &TestArchive, code: i32, arguments: &[&str], named: &str) {
    let outcome = archive.run(&[&["retention", "policy"], arguments].concat());
    assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
    assert!(outcome.stderr.contains(named), "{arguments:?}: {}", outcome.stderr);
}

#[test]
fn an_adaptive_scope_follows_the_attributes() {
    let mut archive = office();
    let year = ["--without-simulation", "test", "--action", "delete", "--period", "1y"];
    let policy = add(&archive, "sales", &[&year[..], &["--adaptive", "department equals sales"]].concat());
    assert_eq!(policy["members"][0]["mailbox"], ANN);
    let keep = ["--action", "retain", "--period", "9y", "--adaptive", "Department -eq 'Purchase'"];
    add(&archive, "purchase", &keep);
    assert_eq!(eligible(&archive, support::NOW), ["alpha", "beta"]);

    archive.ok(&["mailbox", "set", BOB, "--attr", "department=Sales"]);
    archive.ok(&["mailbox", "set", ANN, "--attr", "department=Purchase"]);
    // Bob left the scope that retained: it does so for 30 days more.
    assert_eq!(eligible(&archive, support::NOW), Vec::<String>::new());
    let shown = archive.one("policy", &["retention", "policy", "show", "purchase"]);
    assert_eq!((&shown["left"][0]["mailbox"], &shown["members"][0]["mailbox"]), (&BOB.into(), &ANN.into()));
    archive.set_clock("2026-02-14T12:00:00Z");
    assert_eq!(eligible(&archive, "2026-02-14T12:00:00Z"), ["gamma"]);
    let changes = archive.ok(&["audit", "log"]);
    assert_eq!(changes.iter().filter(|entry| text(entry, "action") == "retention.policy.scope").count(), 2);
    archive.verify_clean();
}

#[test]
fn a_scope_that_finds_nobody_is_an_alarm_and_releases_nobody() {
    let archive = office();
    refused(&archive, 2, &["add", "x", "--action", "retain", "--period", "1y", "--adaptive", "city = Paris"], "nobody");
    add(&archive, "sales", &["--action", "retain", "--period", "9y", "--adaptive", "department = Sales"]);
    add(&archive, "clear", &["--without-simulation", "test", "--action", "delete", "--period", "1y"]);
    archive.ok(&["mailbox", "set", ANN, "--attr", "department="]);
    let outcome = archive.run(&["retention", "simulate"]);
    assert!(outcome.stderr.contains("finds nobody"), "{}", outcome.stderr);
    assert_eq!(eligible(&archive, support::NOW), ["gamma"], "Ann's are still retained");
    let shown = archive.one("policy", &["retention", "policy", "show", "sales"]);
    assert!(shown["empty_since"].is_string() && shown["left"] == Value::Array(Vec::new()), "{shown}");
    refused(&archive, 2, &["lock", "sales", "--reason", "rule"], "adaptive");
}

#[test]
fn a_scope_that_finds_nobody_deletes_nothing() {
    let archive = office();
    archive.ok(&["mailbox", "set", ANN, "--active", "false"]);
    let leavers = ["--without-simulation", "test", "--action", "delete", "--period", "1y"];
    add(&archive, "leavers", &[&leavers[..], &["--adaptive", "IsInactiveMailbox = true"]].concat());
    assert_eq!(eligible(&archive, support::NOW), ["alpha", "beta"]);
    archive.ok(&["mailbox", "set", ANN, "--active", "true"]);
    assert_eq!(eligible(&archive, support::NOW), Vec::<String>::new(), "Ann is back");
    archive.ok(&["mailbox", "set", BOB, "--active", "false"]);
    assert_eq!(eligible(&archive, support::NOW), ["gamma"]);
}

#[test]
fn what_may_be_covered_by_a_longer_rule_is_not_deleted_by_a_shorter_one() {
    let archive = office();
    archive.import(&archive.write("sealed.eml", SEALED), &["--mailbox", ANN]);
    let delete = ["--without-simulation", "test", "--action", "delete"];
    add(&archive, "all", &[&delete[..], &["--period", "1y"]].concat());
    assert_eq!(eligible(&archive, support::NOW), ["alpha", "beta", "gamma", "sealed"]);
    let listed = ["--period", "9y", "--include", ANN, "--query", "subject:alpha OR copper"];
    add(&archive, "listed", &[&delete[..], &listed].concat());
    assert_eq!(eligible(&archive, support::NOW), ["beta", "gamma"], "the sealed one may tell of copper");
}

#[test]
fn folders_and_a_query_narrow_a_policy() {
    let archive = office();
    import(&archive, BOB, "delta", &["--folder", "Old"]);
    add(
        &archive,
        "alpha only",
        &["--without-simulation", "test", "--action", "delete", "--period", "1y", "--query", "subject:alpha"],
    );
    assert_eq!(eligible(&archive, support::NOW), ["alpha"]);
    add(&archive, "old", &["--without-simulation", "test", "--action", "delete", "--period", "1y", "--folder", "old"]);
    assert_eq!(eligible(&archive, support::NOW), ["alpha", "delta"]);
    // What comes later is looked at too.
    import(&archive, BOB, "alpha-two", &[]);
    assert_eq!(eligible(&archive, support::NOW), ["alpha", "alpha-two", "delta"]);
    refused(&archive, 2, &["add", "x", "--action", "retain", "--period", "1y", "--query", "(alpha"], "query refused");
    archive.verify_clean();
}

#[test]
fn what_may_not_have_been_read_is_kept_by_a_query_and_not_deleted() {
    let archive = office();
    archive.import(&archive.write("sealed.eml", SEALED), &["--mailbox", ANN]);
    add(&archive, "merger", &["--action", "retain", "--period", "9y", "--query", "merger"]);
    add(&archive, "clear", &["--without-simulation", "test", "--action", "delete", "--period", "1y"]);
    assert_eq!(eligible(&archive, support::NOW), ["alpha", "beta", "gamma"]);
}

#[test]
fn a_policy_changes_only_in_its_period_and_mailboxes() {
    let mut archive = office();
    let policy = add(&archive, "ann", &["--action", "retain", "--period", "9y", "--include", ANN, "--include", BOB]);
    add(&archive, "clear", &["--without-simulation", "test", "--action", "delete", "--period", "1y"]);
    assert_eq!(eligible(&archive, support::NOW), Vec::<String>::new());
    archive.ok(&["retention", "policy", "set", "ann", "--remove-include", BOB, "--without-simulation", "test"]);
    refused(&archive, 2, &["set", "ann", "--remove-include", ANN], "cover nobody");
    refused(&archive, 2, &["set", "ann", "--exclude", ANN], "--include");
    refused(&archive, 2, &["set", "ann", "--period", "9y"], "nothing");
    assert_eq!(eligible(&archive, support::NOW), Vec::<String>::new(), "the delay has begun");
    archive.set_clock("2026-02-14T12:00:01Z");
    assert_eq!(eligible(&archive, "2026-02-14T12:00:01Z"), ["gamma"]);
    archive.ok(&["retention", "policy", "set", &text(&policy, "id"), "--period", "2y", "--without-simulation", "test"]);
    assert_eq!(eligible(&archive, "2026-02-14T12:00:01Z"), ["alpha", "beta", "gamma"]);
}

#[test]
fn a_lock_makes_a_policy_only_stronger() {
    let archive = office();
    let include = ["--action", "retain", "--period", "6y", "--include", ANN];
    add(&archive, "books", &include);
    add(&archive, "mail", &["--action", "retain", "--period", "6y", "--exclude", BOB]);
    for name in ["books", "mail"] {
        let locked = archive.one("policy", &["retention", "policy", "lock", name, "--reason", "regulator"]);
        assert!(locked["locked_at"].is_string());
        refused(&archive, 2, &["lock", name, "--reason", "again"], "locked already");
        refused(&archive, 21, &["set", name, "--period", "5y"], "cannot be shortened");
        refused(&archive, 21, &["set", name, "--period", "2190d"], "cannot be shortened");
        refused(&archive, 21, &["remove", name, "--reason", "over"], "cannot be removed");
        archive.ok(&["retention", "policy", "set", name, "--period", "7y"]);
        refused(&archive, 21, &["set", name, "--period", "6y"], "cannot be shortened");
    }
    archive.ok(&["retention", "policy", "set", "books", "--include", BOB]);
    refused(&archive, 21, &["set", "books", "--remove-include", BOB], "cannot lose mailboxes");
    archive.ok(&["retention", "policy", "set", "mail", "--remove-exclude", BOB]);
    refused(&archive, 21, &["set", "mail", "--exclude", BOB], "cannot lose mailboxes");
    let entries = archive.ok(&["audit", "log"]);
    let refusals = entries.iter().filter(|entry| text(entry, "action") == "retention.policy.refuse").count();
    assert_eq!(refusals, 10);
    archive.verify_clean();
}

#[test]
fn a_removed_policy_comes_back_within_thirty_days() {
    let mut archive = office();
    add(&archive, "keep", &["--action", "retain", "--period", "9y"]);
    add(&archive, "clear", &["--without-simulation", "test", "--action", "delete", "--period", "1y"]);
    refused(&archive, 2, &["reenable", "keep", "--reason", "x"], "is in force");
    archive.ok(&["retention", "policy", "remove", "keep", "--reason", "mistake", "--without-simulation", "test"]);
    archive.set_clock("2026-02-14T12:00:00Z");
    archive.ok(&["retention", "policy", "reenable", "keep", "--reason", "it was one"]);
    assert_eq!(eligible(&archive, "2026-06-01"), Vec::<String>::new());
    archive.ok(&["retention", "policy", "remove", "keep", "--reason", "really", "--without-simulation", "test"]);
    archive.set_clock("2026-03-16T12:00:01Z");
    refused(&archive, 21, &["reenable", "keep", "--reason", "x"], "add another one");
    assert_eq!(eligible(&archive, "2026-03-16T12:00:01Z"), ["alpha", "beta", "gamma"]);
}

/// A mail of a shop; `received` says when, if anything does.
fn mail_of(from: &str, subject: &str, received: &str) -> String {
    let hop = match received {
        "" => String::new(),
        date => format!("Received: from a.example by b.example; {date}\n"),
    };
    format!(
        "{hop}From: {from}\nTo: {ANN}\nDate: Mon, 15 Jan 2018 12:00:00 +0000\nMessage-ID: <{subject}@x.example>\n\
         Subject: {subject}\n\nabout {subject}\n"
    )
}

#[test]
fn nothing_is_deleted_for_a_time_of_receipt_that_nothing_states() {
    for (query, gone) in [
        ("from:news@shop.example received<2020-01-01", vec!["old"]),
        ("received<2020-01-01", vec!["old"]),
        ("NOT received>=2020-01-01", vec!["old"]),
        ("from:news@shop.example NOT (from:boss@x.example received>=2020-01-01)", vec!["old", "undated"]),
        ("from:news@shop.example OR received<2020-01-01", vec!["old", "undated"]),
    ] {
        for rule in ["policy", "label"] {
            let archive = TestArchive::new();
            for (from, subject, received) in [
                ("news@shop.example", "old", "Mon, 15 Jan 2018 12:00:00 +0000"),
                ("news@shop.example", "undated", ""),
                ("boss@x.example", "contract", ""),
            ] {
                let path = archive.write(&format!("{subject}.eml"), mail_of(from, subject, received));
                archive.import(&path, &["--mailbox", ANN, "--create-mailboxes"]);
            }
            let query = match rule {
                "policy" => ["--query", query],
                _ => ["--auto", query],
            };
            let options = ["--without-simulation", "test", "--action", "delete", "--period", "1y"];
            archive.ok(&[&["retention", rule, "add", "drop"], &query[..], &options].concat());
            let mut found = Vec::new();
            for hit in archive.hits(None) {
                let explanation = archive.ok(&["explain", &text(&hit, "item")]).remove(0);
                if text(&explanation, "outcome") == "eligible" {
                    found.push(text(&hit, "subject"));
                }
            }
            found.sort();
            assert_eq!(found, gone, "{rule} {query:?}");
        }
    }
}
