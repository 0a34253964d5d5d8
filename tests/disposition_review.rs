//! An item whose label has reviewers goes only when a reviewer of each stage, in order, has let it go, and what they
//! decided is kept and proved.
#![cfg(feature = "cli")]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Outcome, TestArchive, number, text};

const ANN: &str = "ann@x.example";

/// Three mails of January 2020, of which the label lets go in January 2023, after two stages: eve or bob, then legal.
fn archive() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN]);
    for subject in ["alpha", "beta", "gamma"] {
        let mail = format!(
            "From: eve@elsewhere.example\nTo: {ANN}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\n\
             Message-ID: <{subject}@elsewhere.example>\nSubject: {subject}\n\nabout {subject}\n"
        );
        archive.import(&archive.write(&format!("{subject}.eml"), mail), &["--mailbox", ANN]);
    }
    let stages = ["--review", "eve,bob", "--review", "legal"];
    let add = ["retention", "label", "add", "seen", "--action", "retain+delete", "--period", "3y"];
    archive.ok(&[&add[..], &stages].concat());
    archive.ok(&["retention", "label", "set", "seen", "1", "2"]);
    archive
}

fn review(archive: &TestArchive, actor: &str, arguments: &[&str]) -> Outcome {
    archive.run(&[&["--json", "--actor", actor, "disposition", "review"], arguments].concat())
}

#[track_caller]
fn decide(archive: &TestArchive, actor: &str, arguments: &[&str]) -> Vec<Value> {
    let outcome = review(archive, actor, &[arguments, &["--comment", "looked at"]].concat());
    assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.stderr);
    outcome.lines()
}

#[track_caller]
fn refused(archive: &TestArchive, code: i32, actor: &str, arguments: &[&str], named: &str) {
    let outcome = review(archive, actor, &[arguments, &["--comment", "looked at"]].concat());
    assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
    assert!(outcome.stderr.contains(named), "{arguments:?}: {}", outcome.stderr);
}

/// Items that wait with their stage: `1@2`.
fn waiting(archive: &TestArchive, options: &[&str]) -> String {
    let lines = archive.ok(&[&["disposition", "review"], options].concat());
    let stages = lines.iter().map(|line| format!("{}@{}", text(line, "item"), number(line, "stage")));
    stages.collect::<Vec<_>>().join(" ")
}

/// Eligible, kept, held, and of the kept those that wait.
fn plan(archive: &TestArchive) -> [u64; 4] {
    fs::remove_file(archive.path("plan.json")).ok();
    let plan = archive.one("summary", &["disposition", "plan", "-o", "plan.json"]);
    let simulation = archive.one("summary", &["retention", "simulate"]);
    let counts = ["eligible", "kept", "held", "review"].map(|name| number(&plan, name));
    assert_eq!(counts, ["eligible", "kept", "held", "review"].map(|name| number(&simulation, name)));
    counts
}

fn explain(archive: &TestArchive, item: &str) -> Value {
    archive.ok(&["explain", item]).remove(0)
}

#[test]
fn each_stage_approves_in_order_and_the_proof_names_who_did() {
    let archive = archive();
    assert_eq!(plan(&archive), [0, 3, 0, 2]);
    assert_eq!(waiting(&archive, &[]), "1@1 2@1");
    assert_eq!(waiting(&archive, &["--reviewer", "legal"]), "");
    let listed = archive.ok(&["audit", "log"]).pop().expect("the entry of the listing");
    assert_eq!((text(&listed, "action"), text(&listed, "object")), ("disposition.review.list".into(), "legal".into()));
    refused(&archive, 21, "legal", &["approve", "1"], "stage 1 of 2 for eve, bob, not for legal");
    refused(&archive, 21, "tester", &["approve", "1", "2"], "not for tester");
    refused(&archive, 2, "eve", &["approve", "3"], "does not wait");
    refused(&archive, 1, "eve", &["approve", "99"], "no item");
    let first = decide(&archive, "eve", &["approve", "1"]);
    assert_eq!((number(&first[0], "stage"), first[0].get("approved")), (1, Some(&json!(false))));
    refused(&archive, 21, "bob", &["approve", "1"], "stage 2 of 2 for legal");
    assert_eq!(waiting(&archive, &["--label", "seen"]), "1@2 2@1");
    assert_eq!(plan(&archive), [0, 3, 0, 2]);
    assert_eq!(decide(&archive, "legal", &["approve", "1"])[0].get("approved"), Some(&json!(true)));
    refused(&archive, 2, "legal", &["approve", "1"], "does not wait");
    assert_eq!(plan(&archive), [1, 2, 0, 1]);
    let explanation = explain(&archive, "1");
    assert_eq!(text(&explanation, "earliest_disposition"), support::NOW, "from the last approval on");
    assert_eq!(explanation["reviews"].as_array().map(Vec::len), Some(2));
    assert_eq!(archive.ok(&["show", "1"])[0]["reviews"][1]["by"], "legal");

    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    let record = archive.ok(&["disposition", "list"]).remove(0);
    assert_eq!((&record["reviewers"], &record["label"]), (&json!(["eve", "legal"]), &json!("seen")));
    assert_eq!(
        (text(&record["reviews"][0], "comment"), text(&record["reviews"][0], "at")),
        ("looked at".into(), support::NOW.into())
    );
    archive.ok(&["disposition", "certificate", &text(&record, "plan"), "-o", "proof.json"]);
    archive.ok(&["disposition", "certificate", "--verify", "proof.json"]);
    let proof = fs::read_to_string(archive.path("proof.json")).expect("proof");
    let check = |from: &str, to: &str| {
        assert!(proof.contains(from), "{proof}");
        archive.write("forged.json", proof.replacen(from, to, 1));
        archive.run(&["disposition", "certificate", "--verify", "forged.json"]).code
    };
    assert_eq!(check("\"by\":\"legal\"", "\"by\":\"eve\""), 20);
    assert_eq!(check("looked at", "not looked at"), 20);
    assert_eq!(check("\"label\":\"seen\"", "\"label\":\"said\""), 20);
    archive.verify_clean();
}

#[test]
fn an_extension_keeps_the_item_and_begins_the_review_anew() {
    let mut archive = archive();
    decide(&archive, "bob", &["approve", "1"]);
    refused(&archive, 2, "legal", &["extend", "1", "--period", "1y"], "say --until");
    refused(&archive, 2, "legal", &["extend", "1", "--until", "2025-01-01"], "past");
    refused(&archive, 2, "legal", &["extend", "1", "--period", "unlimited"], "another label");
    let extended = decide(&archive, "legal", &["extend", "1", "--period", "4y"]);
    assert_eq!(text(&extended[0], "until"), "2027-01-15T12:00:00Z");
    assert_eq!(waiting(&archive, &[]), "2@1");
    let explanation = explain(&archive, "1");
    assert_eq!(text(&explanation, "until"), "2027-01-15T12:00:00Z");
    archive.set_clock("2027-01-15T12:00:00Z");
    archive.ok(&["audit", "confirm-clock", "--reason", "a year later"]);
    assert_eq!(waiting(&archive, &[]), "1@1 2@1", "the first stage has to approve again");
    refused(&archive, 21, "legal", &["approve", "1"], "stage 1");
    decide(&archive, "eve", &["approve", "1"]);
    decide(&archive, "legal", &["approve", "1"]);
    assert_eq!(plan(&archive), [1, 2, 0, 1]);
}

#[test]
fn relabelling_ends_the_review_and_a_regulatory_record_keeps_its_label() {
    let archive = archive();
    archive.ok(&["retention", "label", "add", "long", "--action", "retain", "--period", "9y"]);
    let strict = ["--action", "retain+delete", "--period", "1y", "--regulatory", "--review", "eve"];
    archive.ok(&[&["retention", "label", "add", "strict"], &strict[..]].concat());
    decide(&archive, "bob", &["approve", "1"]);
    refused(&archive, 2, "legal", &["relabel", "1", "--label", "seen"], "already");
    decide(&archive, "legal", &["relabel", "1", "--label", "strict"]);
    assert_eq!(waiting(&archive, &["--reviewer", "eve"]), "1@1 2@1");
    refused(&archive, 21, "eve", &["relabel", "1", "--label", "long"], "regulatory record");
    assert_eq!(plan(&archive), [0, 3, 0, 2]);
    decide(&archive, "bob", &["relabel", "2", "--label", "long"]);
    assert_eq!(text(&explain(&archive, "2"), "label"), "long");
    assert_eq!(explain(&archive, "1")["reviews"].as_array().map(Vec::len), Some(2), "what was decided stays");
}

#[test]
fn what_was_approved_under_a_label_that_was_taken_off_counts_no_longer() {
    let archive = archive();
    decide(&archive, "eve", &["approve", "1"]);
    decide(&archive, "legal", &["approve", "1"]);
    archive.ok(&["retention", "label", "set", "seen", "1"]);
    assert_eq!(plan(&archive), [1, 2, 0, 1], "it is the same label");
    archive.ok(&["retention", "label", "clear", "1", "--reason", "wrong"]);
    archive.ok(&["retention", "label", "set", "seen", "1"]);
    assert_eq!(waiting(&archive, &[]), "1@1 2@1");
    decide(&archive, "eve", &["approve", "1"]);
    archive.ok(&["retention", "label", "set", "seen", "1", "--asset-id", "another"]);
    assert_eq!(plan(&archive), [0, 3, 0, 2]);
    assert_eq!(waiting(&archive, &[]), "1@1 2@1");
}

#[test]
fn a_reviewer_may_name_others_and_decide_over_all_that_waits() {
    let archive = archive();
    refused(&archive, 21, "zoe", &["approve", "1"], "not for zoe");
    refused(&archive, 2, "zoe", &["approve", "--all-waiting", "--yes"], "nothing waits for zoe");
    refused(&archive, 2, "eve", &["add-reviewer", "1", "--reviewer", "bob"], "not a reviewer");
    decide(&archive, "eve", &["add-reviewer", "1", "--reviewer", "zoe", "--reviewer", "legal"]);
    assert_eq!(waiting(&archive, &["--reviewer", "zoe"]), "1@1");
    refused(&archive, 2, "zoe", &["approve", "--all-waiting"], "--yes");
    assert_eq!(decide(&archive, "zoe", &["approve", "--all-waiting", "--yes"]).len(), 1);
    assert_eq!(decide(&archive, "eve", &["approve", "--label", "seen", "--yes"]).len(), 1);
    assert_eq!(waiting(&archive, &["--reviewer", "legal"]), "1@2 2@2");
    let outcome = review(&archive, "legal", &["approve", "1", "--comment", " "]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    decide(&archive, "legal", &["approve", "1", "2"]);
    assert_eq!(plan(&archive), [2, 1, 0, 0]);
    let log = archive.ok(&["audit", "log"]);
    let count = |action: &str| log.iter().filter(|entry| text(entry, "action") == action).count();
    assert_eq!((count("disposition.review.approve"), count("disposition.review.refuse")), (4, 1));
}

#[test]
fn an_approval_under_a_hold_waits_for_the_hold() {
    let mut archive = archive();
    archive.ok(&["hold", "place", "claim", "--mailbox", ANN, "--query", "alpha", "--reason", "claim"]);
    assert_eq!(plan(&archive), [0, 2, 1, 1]);
    let lines = archive.ok(&["disposition", "review"]);
    assert_eq!((lines[0].get("held"), lines[1].get("held")), (Some(&json!(true)), Some(&json!(false))));
    decide(&archive, "eve", &["approve", "1"]);
    decide(&archive, "legal", &["approve", "1"]);
    assert_eq!(plan(&archive), [0, 2, 1, 1]);
    archive.ok(&["hold", "release", "claim", "--reason", "settled"]);
    assert_eq!(text(&explain(&archive, "1"), "until"), "2026-02-14T12:00:00Z");
    archive.set_clock("2026-02-14T12:00:00Z");
    archive.ok(&["audit", "confirm-clock", "--reason", "a month later"]);
    assert_eq!(plan(&archive), [1, 2, 0, 1]);
}

#[test]
fn other_reviewers_begin_every_review_anew() {
    let mut archive = archive();
    archive.ok(&["retention", "policy", "add", "keep", "--action", "retain", "--period", "1y"]);
    decide(&archive, "eve", &["approve", "1"]);
    decide(&archive, "legal", &["approve", "1"]);
    decide(&archive, "bob", &["approve", "2"]);
    decide(&archive, "legal", &["extend", "2", "--until", "2027-01-01"]);
    assert_eq!(plan(&archive), [1, 2, 0, 0]);
    let change = ["retention", "label", "set-reviewers", "seen", "--review", "max"];
    assert_eq!(archive.run(&change).code, 2, "no reason");
    let change = [&change[..], &["--reason", "they left"]].concat();
    let simulated = archive.ok(&[&change[..], &["--simulate"]].concat()).remove(0);
    assert_eq!((number(&simulated, "eligible"), simulated.pointer("/proposed/eligible")), (1, Some(&json!(0))));
    let label = archive.one("label", &change);
    assert_eq!((&label["review"], text(&label, "review_since")), (&json!([["max"]]), support::NOW.to_owned()));
    assert_eq!(archive.run(&change).code, 2, "these review already");
    archive.json(21, &["disposition", "execute", "plan.json", "--yes"]);
    assert_eq!(waiting(&archive, &[]), "1@1", "and the other one stays extended");
    let listed = archive.json(0, &["disposition", "review", "--plan", "plan.json"]);
    assert!(listed.stderr.contains("stale"), "{}", listed.stderr);
    let lines = listed.lines();
    assert_eq!((text(&lines[0], "item"), &lines[0]["planned"]), ("1".to_owned(), &json!(true)));
    assert_eq!((text(&lines[1], "reviewer"), number(&lines[1], "items")), ("max".to_owned(), 1));
    assert_eq!(["review", "waiting", "planned"].map(|name| number(&lines[2], name)), [0, 1, 1]);
    refused(&archive, 21, "eve", &["approve", "1"], "for max, not for eve");
    decide(&archive, "max", &["approve", "1"]);
    archive.set_clock("2026-01-15T12:00:01Z");
    assert_eq!(plan(&archive), [1, 2, 0, 0]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    let record = archive.ok(&["disposition", "list"]).remove(0);
    assert_eq!(record["reviewers"], json!(["max"]), "those before approved another review");
    let log = archive.run(&["audit", "log"]).text();
    assert!(log.contains("reviewers of seen from review stage 1: eve, bob; review stage 2: legal to"), "{log}");
}

#[test]
fn nobody_reviews_any_longer_only_after_a_look_at_what_goes() {
    let archive = archive();
    let change = ["retention", "label", "set-reviewers", "seen", "--nobody", "--reason", "no need"];
    let unseen = archive.json(21, &change);
    assert!(unseen.stderr.contains("deletes what it did not delete"), "{}", unseen.stderr);
    assert_eq!(plan(&archive), [0, 3, 0, 2]);
    archive.ok(&[&change[..], &["--simulate"]].concat());
    archive.ok(&change);
    assert_eq!(plan(&archive), [2, 1, 0, 0]);
    let retaining = ["--action", "retain", "--period", "1y"];
    archive.ok(&[&["retention", "label", "add", "kept"], &retaining[..]].concat());
    let outcome = archive.run(&["retention", "label", "set-reviewers", "kept", "--review", "eve", "--reason", "so"]);
    assert_eq!(outcome.code, 2, "it disposes of nothing: {}", outcome.stderr);
}

#[test]
fn a_plan_says_what_waits_for_whom() {
    let mut archive = archive();
    decide(&archive, "eve", &["approve", "1"]);
    assert_eq!(plan(&archive), [0, 3, 0, 2]);
    archive.set_clock("2026-01-16T12:00:00Z");
    archive.ok(&[
        "retention",
        "label",
        "add",
        "later",
        "--action",
        "delete",
        "--period",
        "0d",
        "--start",
        "labelled",
        "--review",
        "zoe",
    ]);
    archive.ok(&["retention", "label", "set", "later", "3"]);
    assert_eq!(waiting(&archive, &[]), "1@2 2@1 3@1");
    let lines = archive.ok(&["disposition", "review", "--plan", "plan.json"]);
    let items: Vec<String> =
        lines.iter().filter(|line| line["type"] == "waiting").map(|line| text(line, "item")).collect();
    assert_eq!(items, ["1", "2"], "the third one came to wait after the plan");
    let reviewers: Vec<(String, u64)> = lines
        .iter()
        .filter(|line| line["type"] == "reviewer")
        .map(|line| (text(line, "reviewer"), number(line, "items")))
        .collect();
    assert_eq!(reviewers, [("bob".to_owned(), 1), ("eve".to_owned(), 1), ("legal".to_owned(), 1)]);
    let summary = lines.last().expect("a summary");
    assert_eq!(["review", "waiting", "planned"].map(|name| number(summary, name)), [2, 2, 0]);
    let table = archive.run(&["disposition", "review", "--plan", "plan.json", "--reviewer", "legal"]).text();
    assert!(table.contains("WAITS FOR") && table.contains("counted 2 items that waited"), "{table}");
    let other = TestArchive::new();
    fs::copy(archive.path("plan.json"), other.path("plan.json")).expect("a plan");
    let outcome = other.run(&["disposition", "review", "--plan", "plan.json"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
}

#[test]
fn what_was_approved_by_a_clock_that_was_ahead_does_not_count_for_other_reviewers() {
    let mut archive = archive();
    archive.set_clock("2036-01-15T12:00:00Z");
    archive.ok(&["audit", "confirm-clock", "--reason", "so it seems"]);
    decide(&archive, "eve", &["approve", "1"]);
    decide(&archive, "legal", &["approve", "1"]);
    archive.set_clock("2026-01-16T12:00:00Z");
    archive.ok(&["audit", "correct-clock", "--reason", "the battery was replaced"]);
    archive.ok(&["retention", "label", "set-reviewers", "seen", "--review", "max", "--reason", "they left"]);
    assert_eq!(waiting(&archive, &[]), "1@1 2@1");
    assert_eq!(plan(&archive), [0, 3, 0, 2]);
    decide(&archive, "max", &["approve", "1"]);
    assert_eq!(waiting(&archive, &[]), "2@1", "who is named now is heard");
    // Decided at one and the same time, and each change counts.
    for (reviewer, other) in [("eve", "max"), ("max", "eve")] {
        let change = ["retention", "label", "set-reviewers", "seen", "--review", reviewer, "--reason", "again"];
        archive.ok(&change);
        assert_eq!(waiting(&archive, &[]), "1@1 2@1", "{reviewer}");
        refused(&archive, 21, other, &["approve", "1"], "not for");
        decide(&archive, reviewer, &["approve", "1"]);
        assert_eq!(waiting(&archive, &[]), "2@1", "{reviewer}");
    }
}

#[test]
fn the_review_of_regulatory_records_loses_no_stage() {
    let archive = archive();
    let add = ["retention", "label", "add", "strict", "--action", "retain+delete", "--period", "1y", "--regulatory"];
    archive.ok(&[&add[..], &["--review", "eve", "--review", "legal", "--without-simulation", "test"]].concat());
    let set = ["retention", "label", "set-reviewers", "strict", "--reason", "so"];
    for fewer in [&["--nobody"][..], &["--review", "max"]] {
        for how in [&["--simulate"][..], &["--without-simulation", "test"]] {
            let outcome = archive.json(21, &[&set[..], fewer, how].concat());
            assert!(outcome.stderr.contains("regulatory records"), "{}", outcome.stderr);
        }
    }
    let log = archive.run(&["audit", "log"]).text();
    assert!(log.contains("retention.label.refuse"), "{log}");
    archive.ok(&[&set[..], &["--review", "max", "--review", "legal"]].concat());
    archive.ok(&[&set[..], &["--review", "max", "--review", "legal", "--review", "board"]].concat());
}
