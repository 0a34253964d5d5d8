//! A label rules the item that carries it: set by a person, a folder or a search, counting from its own start, and
//! harder to take off the more it is a record.
#![cfg(feature = "cli")]

mod support;

use serde_json::Value;
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";

fn import(archive: &TestArchive, subject: &str, options: &[&str]) {
    let mail = format!(
        "From: eve@elsewhere.example\nTo: {ANN}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\n\
         Message-ID: <{subject}@elsewhere.example>\nSubject: {subject}\n\nabout {subject}\n"
    );
    let path = archive.write(&format!("{subject}.eml"), mail);
    assert_eq!(number(&archive.import(&path, &[&["--mailbox", ANN], options].concat()), "stored"), 1);
}

fn archive() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN]);
    import(&archive, "alpha", &[]);
    import(&archive, "beta", &["--folder", "Contracts"]);
    archive
}

fn label(archive: &TestArchive, arguments: &[&str]) -> Vec<Value> {
    archive.ok(&[&["retention", "label"], arguments].concat())
}

/// The outcome, until when, and the rules of labels that decide: `retain:L delete:L`.
fn explain(archive: &TestArchive, item: &str) -> (String, String, String) {
    let explanation = archive.ok(&["explain", item]).remove(0);
    let until = explanation.get("until").and_then(Value::as_str).unwrap_or("-").to_owned();
    let reasons = explanation.get("reasons").and_then(Value::as_array).cloned().unwrap_or_default();
    let of_labels = reasons.iter().filter(|reason| text(reason, "source") == "label");
    let rules: Vec<_> = of_labels.map(|reason| format!("{}:{}", text(reason, "rule"), text(reason, "name"))).collect();
    (text(&explanation, "outcome"), until.replace("T12:00:00Z", ""), rules.join(" "))
}

fn is(found: &(String, String, String), outcome: &str, until: &str, rules: &str) {
    assert_eq!(found, &(outcome.to_owned(), until.to_owned(), rules.to_owned()));
}

fn refused(archive: &TestArchive, code: i32, arguments: &[&str], named: &str) {
    let outcome = archive.run(&[&["retention", "label"], arguments].concat());
    assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
    assert!(outcome.stderr.contains(named), "{arguments:?}: {}", outcome.stderr);
}

#[test]
fn a_label_that_a_person_sets_rules_the_item() {
    let archive = archive();
    label(&archive, &["add", "books", "--without-simulation", "test", "--action", "retain+delete", "--period", "10y"]);
    label(
        &archive,
        &[
            "add",
            "short",
            "--without-simulation",
            "test",
            "--action",
            "delete",
            "--period",
            "1y",
            "--start",
            "labelled",
        ],
    );
    let set = label(&archive, &["set", "books", "1", "2"]);
    assert_eq!((set.len(), text(&set[0], "label")), (2, "books".to_owned()));
    is(&explain(&archive, "1"), "kept", "2030-01-15", "retain:books delete:books");
    label(&archive, &["set", "short", "1", "--reason", "no contract"]);
    is(&explain(&archive, "1"), "kept", "2027-01-15", "delete:short");
    label(&archive, &["clear", "1", "--reason", "not needed"]);
    is(&explain(&archive, "1"), "kept", "-", "");
    refused(&archive, 2, &["clear", "1", "--reason", "x"], "carries no label");
    refused(&archive, 1, &["set", "books", "99"], "no item");
    refused(&archive, 1, &["set", "unknown", "1"], "no retention label");
    archive.verify_clean();
}

#[test]
fn an_event_starts_the_period_of_what_is_about_its_asset() {
    let archive = archive();
    let from_end = [
        "--without-simulation",
        "test",
        "--action",
        "retain+delete",
        "--period",
        "1y",
        "--start",
        "event",
        "--event-type",
        "contract-end",
    ];
    label(&archive, &[&["add", "contract"], &from_end[..]].concat());
    refused(&archive, 2, &["add", "x", "--action", "retain", "--period", "1y", "--start", "event"], "--event-type");
    label(&archive, &["set", "contract", "1", "--asset-id", "C-1"]);
    label(&archive, &["set", "contract", "2"]);
    is(&explain(&archive, "1"), "kept", "-", "retain:contract delete:contract");
    let record = |kind: &str, asset: &str, date: &str| {
        archive.one("event", &["retention", "event", "record", "--type", kind, "--asset-id", asset, "--date", date])
    };
    record("contract-start", "C-1", "2001-01-01");
    record("contract-end", "C-2", "2001-01-01");
    is(&explain(&archive, "1"), "kept", "-", "retain:contract delete:contract");
    let event = record("contract-end", "C-1", "2025-06-01T12:00:00Z");
    assert_eq!(text(&event, "recorded_at"), support::NOW);
    is(&explain(&archive, "1"), "kept", "2026-06-01", "retain:contract delete:contract");
    record("contract-end", "C-1", "2025-09-01T12:00:00Z");
    is(&explain(&archive, "1"), "kept", "2026-09-01", "retain:contract delete:contract");
    is(&explain(&archive, "2"), "kept", "-", "retain:contract delete:contract");
    label(&archive, &["set", "contract", "2", "--asset-id", "C-2"]);
    is(&explain(&archive, "2"), "eligible", "-", "retain:contract delete:contract event-recorded-late:contract");
    assert_eq!(archive.ok(&["retention", "event", "list"]).len(), 4);
    archive.verify_clean();
}

#[test]
fn folders_and_searches_set_labels_and_never_replace_one() {
    let archive = archive();
    label(&archive, &["add", "by hand", "--action", "retain", "--period", "9y"]);
    label(
        &archive,
        &["add", "older", "--action", "retain", "--period", "1y", "--auto", "subject:alpha OR subject:beta"],
    );
    label(&archive, &["add", "newer", "--action", "retain", "--period", "2y", "--auto", "about"]);
    label(&archive, &["add", "folder", "--action", "retain", "--period", "3y", "--folder", "contracts"]);
    is(&explain(&archive, "1"), "kept", "-", "retain:older");
    is(&explain(&archive, "2"), "kept", "-", "retain:folder");
    label(&archive, &["set", "by hand", "1"]);
    import(&archive, "gamma", &[]);
    import(&archive, "alpha-two", &["--folder", "Contracts"]);
    is(&explain(&archive, "1"), "kept", "2029-01-15", "retain:by hand");
    is(&explain(&archive, "3"), "kept", "-", "retain:newer");
    is(&explain(&archive, "4"), "kept", "-", "retain:folder");
    label(&archive, &["clear", "3", "--reason", "wrong"]);
    is(&explain(&archive, "3"), "kept", "-", "");
}

#[test]
fn the_next_label_takes_the_place_of_one_that_ended() {
    let mut archive = archive();
    label(
        &archive,
        &["add", "gone", "--without-simulation", "test", "--action", "delete", "--period", "1y", "--start", "labelled"],
    );
    label(
        &archive,
        &["add", "last", "--action", "retain", "--period", "1y", "--start", "labelled", "--next-label", "gone"],
    );
    let first = label(&archive, &["add", "first", "--action", "retain", "--period", "5y", "--next-label", "last"]);
    assert_eq!(text(&first[0], "next_label"), "last");
    refused(
        &archive,
        2,
        &["add", "x", "--without-simulation", "test", "--action", "delete", "--period", "1y", "--next-label", "last"],
        "retains",
    );
    refused(&archive, 2, &["set-period", "first", "unlimited"], "next label");
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "policy",
        "--without-simulation",
        "test",
        "--action",
        "delete",
        "--period",
        "1d",
    ]);
    label(&archive, &["set", "first", "1"]);
    is(&explain(&archive, "1"), "kept", "2027-01-15", "retain:last delete:gone overruled:first");
    // In January 2025 the first label ended, in January 2026 the second, and nobody looked in between.
    let plan = |archive: &TestArchive| {
        let file = archive.path("plan.json");
        std::fs::remove_file(&file).ok();
        number(&archive.one("summary", &["disposition", "plan", "-o", file.to_str().expect("UTF-8")]), "eligible")
    };
    assert_eq!(plan(&archive), 1, "the other item, which only the policy rules");
    is(&explain(&archive, "1"), "kept", "2027-01-15", "delete:gone");
    let log = archive.ok(&["audit", "log"]);
    assert_eq!(log.iter().filter(|entry| text(entry, "action") == "retention.label.succeed").count(), 2);
    archive.set_clock("2027-01-15T12:00:00Z");
    archive.ok(&["audit", "confirm-clock", "--reason", "a year later"]);
    assert_eq!(plan(&archive), 2);
    archive.verify_clean();
}

#[test]
fn the_period_of_a_label_changes_as_its_kind_allows() {
    let archive = archive();
    label(&archive, &["add", "plain", "--without-simulation", "test", "--action", "retain+delete", "--period", "8y"]);
    label(
        &archive,
        &["add", "record", "--without-simulation", "test", "--action", "retain+delete", "--period", "8y", "--record"],
    );
    label(
        &archive,
        &[
            "add",
            "regulatory",
            "--without-simulation",
            "test",
            "--action",
            "retain+delete",
            "--period",
            "8y",
            "--regulatory",
        ],
    );
    label(&archive, &["set", "plain", "1"]);
    label(&archive, &["set-period", "plain", "7y", "--without-simulation", "test"]);
    is(&explain(&archive, "1"), "kept", "2027-01-15", "retain:plain delete:plain");
    refused(&archive, 2, &["set-period", "plain", "7y"], "already");
    refused(&archive, 2, &["set-period", "record", "7y"], "--reason");
    label(
        &archive,
        &["set-period", "record", "7y", "--reason", "the rule was changed", "--without-simulation", "test"],
    );
    refused(&archive, 21, &["set-period", "regulatory", "7y", "--reason", "x"], "only be lengthened");
    label(&archive, &["set-period", "regulatory", "9y"]);
    label(&archive, &["set-period", "regulatory", "unlimited"]);
    let log = archive.ok(&["audit", "log"]);
    let count = |action: &str| log.iter().filter(|entry| text(entry, "action") == action).count();
    assert_eq!((count("retention.label.set-period"), count("retention.label.refuse")), (4, 1));
}

#[test]
fn a_label_that_contradicts_itself_is_refused() {
    let archive = archive();
    let six: Vec<&str> = ["--review", "ann"].into_iter().cycle().take(12).collect();
    let reviewed = ["add", "x", "--without-simulation", "test", "--action", "retain+delete", "--period", "1y"];
    let shown = label(&archive, &[&reviewed[..], &["--review", "ann, bob", "--review", "legal"]].concat());
    assert_eq!(shown[0].get("review"), Some(&serde_json::json!([["ann", "bob"], ["legal"]])));
    refused(&archive, 2, &[&reviewed[..], &six].concat(), "5 stages");
    refused(&archive, 2, &[&reviewed[..], &["--review", "ann,,bob"]].concat(), "stage 1");
    refused(&archive, 2, &[&reviewed[..], &["--review", "ann", "--review", "bob,bob"]].concat(), "stage 2");
    refused(&archive, 2, &[&reviewed[..], &["--review", "ann", "--next-label", "y"]].concat(), "cannot be used");
    let retains = ["add", "y", "--action", "retain", "--period", "1y"];
    refused(&archive, 2, &[&retains[..], &["--review", "ann"]].concat(), "deletes");
    refused(&archive, 2, &[&retains[..], &["--regulatory", "--auto", "a"]].concat(), "--auto");
    refused(&archive, 1, &[&retains[..], &["--next-label", "z"]].concat(), "no retention label");
}

#[test]
fn a_record_keeps_its_label() {
    let archive = archive();
    label(&archive, &["add", "plain", "--without-simulation", "test", "--action", "delete", "--period", "1y"]);
    label(&archive, &["add", "record", "--action", "retain", "--period", "9y", "--record"]);
    label(&archive, &["add", "regulatory", "--action", "retain", "--period", "9y", "--regulatory"]);
    label(&archive, &["set", "record", "1"]);
    refused(&archive, 2, &["set", "plain", "1"], "say why with --reason");
    label(&archive, &["set", "plain", "1", "--reason", "declared by mistake"]);
    label(&archive, &["set", "regulatory", "2"]);
    refused(&archive, 21, &["set", "plain", "2", "--reason", "mistake"], "regulatory record");
    refused(&archive, 21, &["clear", "2", "--reason", "mistake"], "regulatory record");
    label(&archive, &["set", "regulatory", "2", "--asset-id", "A"]);
    refused(&archive, 21, &["set", "regulatory", "2", "--asset-id", "B", "--reason", "mistake"], "asset");
    let log = archive.ok(&["audit", "log"]);
    assert_eq!(log.iter().filter(|entry| text(entry, "action") == "retention.label.refuse").count(), 3);
    is(&explain(&archive, "1"), "eligible", "-", "delete:plain");

    let plan = archive.path("plan.json");
    let plan = plan.to_str().expect("UTF-8");
    assert_eq!(number(&archive.one("summary", &["disposition", "plan", "--output", plan]), "eligible"), 1);
    archive.ok(&["disposition", "execute", plan, "--yes"]);
    archive.verify_clean();
}

#[test]
fn a_misspelt_event_is_said_to_start_nothing() {
    let archive = archive();
    let contract = ["--action", "retain+delete", "--period", "1y", "--start", "event", "--event-type", "contract-end"];
    archive.ok(&[&["retention", "label", "add", "contract"], &contract[..]].concat());
    archive.ok(&["retention", "label", "set", "contract", "1", "--asset-id", "C-2041"]);
    archive.ok(&["retention", "label", "set", "contract", "2"]);
    let record = |kind: &str, asset: &str| {
        let outcome = archive.run(&[
            "retention",
            "event",
            "record",
            "--type",
            kind,
            "--asset-id",
            asset,
            "--date",
            "2025-06-01",
            "--json",
        ]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let event: Value = serde_json::from_slice(&outcome.stdout).expect("one document");
        let nearest = |field: &str| event.get(field).and_then(Value::as_str).map(str::to_owned);
        (number(&event, "items"), nearest("nearest_type"), nearest("nearest_asset"), outcome.stderr)
    };
    let (items, kind, asset, said) = record("Contract-ned", "c-2041");
    assert_eq!((items, kind.as_deref(), asset.as_deref()), (0, Some("contract-end"), Some("C-2041")));
    assert!(said.contains("no label counts from events of type `Contract-ned`; is `contract-end` meant?"), "{said}");
    assert!(said.contains("no labelled item is about `c-2041`; is `C-2041` meant?"), "{said}");
    let (items, kind, asset, _) = record("birthday", "X");
    assert_eq!((items, kind, asset), (0, None, None));
    let (items, kind, asset, said) = record("contract-end", "C-2041");
    assert_eq!((items, kind, asset), (1, None, None));
    assert!(!said.contains("warning"), "{said}");
    let types = archive.ok(&["retention", "event", "types"]);
    let counts = |field: &str| types.iter().map(|known| number(known, field)).collect::<Vec<_>>();
    let named: Vec<String> = types.iter().map(|known| text(known, "event_type")).collect();
    assert_eq!(named, ["Contract-ned", "birthday", "contract-end"]);
    assert_eq!(
        (counts("items"), counts("items_with_asset"), counts("events")),
        (vec![0, 0, 2], vec![0, 0, 1], vec![1; 3])
    );
}
