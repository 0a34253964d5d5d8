//! Where dual control is on, nothing is freed or destroyed, and no rule is changed so that it could be, without the consent
//! of a second person to exactly that.
#![cfg(feature = "cli")]

mod labels;
#[path = "../support/mod.rs"]
mod support;

use serde_json::Value;
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";
const WHY: [&str; 2] = ["--reason", "seen"];
const SECOND: [&str; 2] = ["--actor", "second"];

/// One mail of six years ago, and dual control.
fn office() -> TestArchive {
    let archive = TestArchive::absent();
    archive.ok(&["init", "--name", "test", "--min-residence", "0", "--dual-control"]);
    archive.ok(&["mailbox", "add", ANN]);
    let mail = "From: eve@elsewhere.example\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nSubject: alpha\n\nabout alpha\n";
    archive.import(&archive.write("alpha.eml", mail), &["--mailbox", ANN]);
    archive
}

fn give(archive: &TestArchive, act: &str, object: &str, by: &[&str]) -> Value {
    archive.one("approval", &[&["approval", "give", act, object], &WHY[..], by].concat())
}

fn approvals(archive: &TestArchive) -> usize {
    archive.ok(&["approval", "list"]).len()
}

fn refused(archive: &TestArchive, code: i32, arguments: &[&str], named: &str) {
    let outcome = archive.run(arguments);
    assert_eq!(outcome.code, code, "{arguments:?}: {}{}", outcome.text(), outcome.stderr);
    assert!(outcome.stderr.contains(named), "{arguments:?}: {}", outcome.stderr);
}

fn hold(archive: &TestArchive, name: &str) -> String {
    text(&archive.one("hold", &["hold", "place", name, "--mailbox", ANN, "--reason", "letter"]), "id")
}

#[test]
fn a_second_person_consents_and_the_act_uses_it_up() {
    let archive = office();
    let id = hold(&archive, "ann");
    let release = ["hold", "release", "ann", "--reason", "settled"];
    archive.json(21, &release);
    give(&archive, "hold.release", &id, &[]);
    archive.json(21, &release);
    give(&archive, "hold.release", &id, &SECOND);
    archive.ok(&release);
    assert_eq!(approvals(&archive), 0, "an approval is used up");
    archive.json(21, &["approval", "dual-control", "off", "--reason", "bother"]);
    archive.json(21, &["hold", "end-delay", "ann", "--reason", "court order"]);
}

#[test]
fn consent_is_to_an_act_that_there_is_on_an_object_that_there_is() {
    let archive = office();
    let id = hold(&archive, "ann");
    refused(&archive, 2, &["approval", "give", "hold.relase", "ann", "--reason", "x"], "hold.release, hold.change");
    refused(&archive, 1, &["approval", "give", "hold.release", "bob", "--reason", "x"], "no hold");
    refused(&archive, 1, &["approval", "give", "case.close", "ann", "--reason", "x"], "no case");
    refused(&archive, 1, &["approval", "give", "disposition.execute", "abc", "--reason", "x"], "no plan");
    refused(&archive, 1, &["approval", "give", "retention.change", "abc", "--reason", "x"], "no simulation");
    refused(&archive, 2, &["approval", "give", "hold.release", "--reason", "x"], "say on what");
    refused(&archive, 2, &["approval", "give", "dual-control.off", "other", "--reason", "x"], "this archive is `test`");
    for object in ["ann", &id, id.get(..4).expect("digits")] {
        let given = give(&archive, "hold.release", object, &SECOND);
        let what = "hold `ann`, on ann@x.example".to_owned();
        assert_eq!((text(&given, "object"), text(&given, "what")), (id.clone(), what));
    }
    assert_eq!(approvals(&archive), 1, "the same person consents once");
    archive.ok(&[&["approval", "give", "dual-control.off"], &WHY[..], &SECOND].concat());
    archive.ok(&["approval", "dual-control", "off", "--reason", "agreed"]);
}

#[test]
fn a_consent_of_ones_own_takes_nobody_elses_away() {
    let archive = office();
    hold(&archive, "ann");
    give(&archive, "hold.release", "ann", &SECOND);
    give(&archive, "hold.release", "ann", &["--actor", "third"]);
    give(&archive, "hold.release", "ann", &[]);
    assert_eq!(approvals(&archive), 3);
    archive.ok(&["hold", "release", "ann", "--reason", "settled"]);
    assert_eq!(approvals(&archive), 0, "all of them were to this act");
}

#[test]
fn a_plan_is_approved_by_its_file_or_digest() {
    let archive = office();
    archive.ok(&["approval", "give", "dual-control.off", "--reason", "x", "--actor", "second"]);
    archive.ok(&["approval", "dual-control", "off", "--reason", "to add a rule"]);
    let clear = ["retention", "policy", "add", "clear", "--action", "delete", "--period", "1y"];
    archive.ok(&[&clear[..], &["--without-simulation", "test"]].concat());
    archive.ok(&["approval", "dual-control", "on", "--reason", "again"]);
    let digest = text(&archive.one("summary", &["disposition", "plan", "--output", "plan.json"]), "digest");
    for object in ["plan.json", digest.get(..8).expect("digits")] {
        let given = give(&archive, "disposition.execute", object, &SECOND);
        assert_eq!(text(&given, "object"), digest);
        assert!(text(&given, "what").contains("1 eligible of 1 items"), "{given}");
    }
    archive.write("other.json", "{}");
    assert_ne!(archive.run(&["approval", "give", "disposition.execute", "other.json", "--reason", "x"]).code, 0);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
}

/// `change` needs the consent of a second person to what `--simulate` says, and to nothing else.
fn needs_consent(archive: &TestArchive, change: &[&str]) {
    let seen = archive.one("summary", &[change, &["--simulate"]].concat());
    let rules = text(&seen, "rules");
    refused(archive, 21, change, &format!("custodia approval give retention.change {rules}"));
    let given = give(archive, "retention.change", rules.get(..12).expect("digits"), &SECOND);
    assert!(text(&given, "what").contains("rules simulated on"), "{given}");
    archive.ok(change);
    let log = archive.ok(&["audit", "log"]);
    let entry = log.iter().rev().find(|entry| text(entry, "outcome").contains("approved by second"));
    assert!(entry.is_some_and(|entry| text(entry, "action").starts_with("retention.")), "{change:?}");
    assert_eq!(approvals(archive), 0);
}

#[test]
fn a_change_of_rules_by_which_something_could_go_earlier_needs_consent_to_the_rules_as_they_would_be() {
    let archive = office();
    let policy = |words: &str| -> Vec<String> {
        ["retention", "policy"].into_iter().chain(words.split(' ')).map(str::to_owned).collect()
    };
    let words = |list: &[String]| -> Vec<String> { list.to_vec() };
    let run = |list: Vec<String>| archive.ok(&list.iter().map(String::as_str).collect::<Vec<_>>());
    run(policy("add keep --action retain --period 9y"));
    let added = run(policy("add clear --action delete --period 1y")).remove(0);
    assert_eq!(text(&added, "deletion"), "waiting");
    for change in [
        "enable clear",
        "set keep --period 8y",
        "set keep --exclude ann@x.example",
        "remove keep --reason over",
        "set clear --period 6m",
    ] {
        let change = words(&policy(change));
        needs_consent(&archive, &change.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let label = ["retention", "label", "add", "short", "--action", "delete", "--period", "1y", "--auto", "alpha"];
    needs_consent(&archive, &label);
    needs_consent(&archive, &["retention", "label", "set-period", "short", "6m"]);
    let file = "version = 1\n[[policy]]\nname = \"more\"\naction = \"delete\"\nperiod = \"1d\"\n";
    archive.write("rules.toml", file);
    let rules = text(&archive.one("summary", &["retention", "simulate", "--policy", "rules.toml"]), "rules");
    refused(&archive, 21, &["retention", "apply", "rules.toml", "--yes"], &rules);
    give(&archive, "retention.change", &rules, &SECOND);
    archive.ok(&["retention", "apply", "rules.toml", "--yes"]);
    // What only keeps more needs nobody.
    run(policy("add more-time --action retain --period 9y"));
    run(policy("remove more --reason over"));
}

#[test]
fn a_name_in_other_letters_is_no_second_person() {
    let archive = office();
    hold(&archive, "ann");
    let release = ["hold", "release", "ann", "--reason", "settled", "--actor", "bob"];
    for alias in ["Bob", " bob", "BOB "] {
        give(&archive, "hold.release", "ann", &["--actor", alias]);
        archive.json(21, &release);
    }
    give(&archive, "hold.release", "ann", &SECOND);
    archive.ok(&release);
}

#[test]
fn what_frees_nothing_needs_nobody() {
    let archive = office();
    archive.ok(&["hold", "place", "q", "--mailbox", ANN, "--query", "nothing", "--reason", "letter"]);
    archive.json(21, &["hold", "change", "q", "--query", "alpha", "--reason", "other"]);
    let lifted = archive.one("hold", &["hold", "change", "q", "--lift", "query", "--reason", "all of it"]);
    assert_eq!((number(&lifted, "items"), text(&lifted, "state")), (1, "on".to_owned()), "{lifted}");
    archive.ok(&["hold", "place", "draft", "--draft", "--mailbox", ANN, "--reason", "letter"]);
    archive.ok(&["hold", "release", "draft", "--reason", "not needed"]);
}

#[test]
fn consent_to_other_rules_is_none() {
    let archive = office();
    archive.ok(&["retention", "policy", "add", "clear", "--action", "delete", "--period", "9y"]);
    let enable = ["retention", "policy", "enable", "clear"];
    let rules = text(&archive.one("summary", &[&enable[..], &["--simulate"]].concat()), "rules");
    give(&archive, "retention.change", &rules, &SECOND);
    archive.ok(&["retention", "policy", "set", "clear", "--period", "1y"]);
    let seen = archive.one("summary", &["retention", "simulate"]);
    assert_eq!(seen.get("proposed").map(|proposed| number(proposed, "eligible")), Some(1));
    archive.json(21, &enable);
    assert_eq!(approvals(&archive), 1, "what was consented to was not done");
}

/// The object that a refusal asks consent to `act` for.
fn asked(archive: &TestArchive, change: &[&str], act: &str) -> Vec<String> {
    let outcome = archive.run(change);
    assert_eq!(outcome.code, 21, "{change:?}: {}{}", outcome.text(), outcome.stderr);
    let before = format!("custodia approval give {act} ");
    let (_, rest) = outcome.stderr.split_once(&before).unwrap_or_else(|| panic!("{}", outcome.stderr));
    let (objects, _) = rest.split_once(" --reason").expect("a reason");
    objects.split(' ').map(str::to_owned).collect()
}

#[test]
fn consent_to_the_change_of_a_hold_is_to_the_scope_that_it_gets() {
    let archive = office();
    archive.ok(&["mailbox", "add", "bob@x.example"]);
    archive.ok(&["hold", "place", "q", "--all-mailboxes", "--reason", "letter"]);
    let narrow = |query: &'static str| ["hold", "change", "q", "--query", query, "--reason", "agreed"];
    refused(&archive, 2, &["approval", "give", "hold.change", "q", "--reason", "x"], "HOLD:DIGEST");
    refused(&archive, 1, &["approval", "give", "hold.change", "q:abc", "--reason", "x"], "no refused change");
    let object = asked(&archive, &narrow("nothing"), "hold.change").remove(0);
    let given = give(&archive, "hold.change", &object, &SECOND);
    let what = text(&given, "what");
    assert!(what.contains("from on all mailboxes to on all mailboxes, query `nothing`"), "{what}");
    archive.json(21, &narrow("alpha"));
    archive.json(21, &["hold", "change", "q", "--from", "2024-01-01", "--reason", "agreed"]);
    archive.ok(&narrow("nothing"));
    assert_eq!(approvals(&archive), 0);
    // From another scope it would be another change.
    let object = asked(&archive, &narrow("beta"), "hold.change").remove(0);
    let (_, digest) = object.split_once(':').expect("a digest");
    give(&archive, "hold.change", &format!("q:{}", digest.get(..12).expect("digits")), &SECOND);
    archive.ok(&["hold", "change", "q", "--lift", "query", "--reason", "all of it"]);
    archive.json(21, &narrow("beta"));
    archive.verify_clean();
}

#[test]
fn consent_to_a_release_is_to_that_of_the_hold_as_it_is() {
    let archive = office();
    archive.ok(&["mailbox", "add", "bob@x.example"]);
    hold(&archive, "ann");
    let release = ["hold", "release", "ann", "--reason", "settled"];
    give(&archive, "hold.release", "ann", &SECOND);
    archive.ok(&["hold", "change", "ann", "--add-mailbox", "bob@x.example", "--reason", "he too"]);
    refused(&archive, 21, &release, "has changed since");
    give(&archive, "hold.release", "ann", &SECOND);
    archive.ok(&["hold", "change", "ann", "--comment", "for the court", "--reason", "a note"]);
    archive.ok(&release);
    archive.ok(&["case", "create", "c"]);
    archive.ok(&["hold", "place", "first", "--case", "c", "--mailbox", ANN, "--reason", "claim"]);
    let close = ["case", "close", "c", "--reason", "settled"];
    give(&archive, "case.close", "c", &SECOND);
    archive.ok(&["hold", "place", "later", "--case", "c", "--mailbox", ANN, "--reason", "another claim"]);
    refused(&archive, 21, &close, "has changed since");
    give(&archive, "case.close", "c", &SECOND);
    archive.ok(&close);
}

#[test]
fn a_custodian_is_released_with_consent_to_what_each_hold_covers_then() {
    let archive = office();
    archive.ok(&["case", "create", "c"]);
    archive.ok(&["custodian", "add", ANN, "--case", "c"]);
    for name in ["one", "two"] {
        archive.ok(&["hold", "place", name, "--case", "c", "--custodians", "--reason", "claim"]);
    }
    let release = ["custodian", "release", ANN, "--case", "c", "--reason", "left the matter"];
    let objects = asked(&archive, &release, "hold.change");
    assert_eq!(objects.len(), 2);
    for object in &objects {
        assert!(text(&give(&archive, "hold.change", object, &SECOND), "what").contains("to on no mailbox"));
    }
    archive.ok(&release);
}

#[test]
fn consent_to_a_label_is_to_its_reviewers_and_to_whether_it_makes_records() {
    let archive = office();
    let add = |rest: &[&'static str]| {
        let label =
            ["retention", "label", "add", "x", "--action", "retain+delete", "--period", "1y", "--auto", "alpha"];
        [&label[..], rest].concat()
    };
    let seen = add(&["--review", "legal,dpo", "--review", "head", "--record"]);
    let rules = text(&archive.one("summary", &[&seen[..], &["--simulate"]].concat()), "rules");
    give(&archive, "retention.change", &rules, &SECOND);
    for other in [
        &["--review", "tester", "--record"][..],
        &["--review", "legal", "--review", "dpo", "--review", "head", "--record"],
        &["--review", "legal,dpo", "--review", "head"],
    ] {
        refused(&archive, 21, &add(other), "custodia approval give retention.change ");
    }
    archive.ok(&seen);
    assert_eq!(approvals(&archive), 0);
}

#[test]
fn consent_to_the_end_of_a_delay_says_what_the_delay_keeps() {
    let archive = office();
    archive.ok(&["approval", "give", "dual-control.off", "--reason", "x", "--actor", "second"]);
    archive.ok(&["approval", "dual-control", "off", "--reason", "to change a hold"]);
    hold(&archive, "q");
    for query in ["alpha", "beta", "nothing"] {
        archive.ok(&["hold", "change", "q", "--query", query, "--reason", "narrower"]);
        if query == "alpha" {
            archive.ok(&["hold", "end-delay", "q", "--reason", "court order"]);
        }
    }
    archive.ok(&["approval", "dual-control", "on", "--reason", "again"]);
    let what = |archive: &TestArchive| text(&give(archive, "hold.end-delay", "q", &SECOND), "what");
    let former = format!("on {ANN}, query `alpha`; on {ANN}, query `beta`");
    assert_eq!(what(&archive), format!("hold `q`, the delay of what it covered before: {former}"));
    give(&archive, "hold.release", "q", &SECOND);
    archive.ok(&["hold", "release", "q", "--reason", "settled"]);
    let own = format!("on {ANN}, query `nothing`");
    assert_eq!(what(&archive), format!("hold `q`, the delay of what it covered: {own}; before: {former}"));
    archive.ok(&["hold", "end-delay", "q", "--reason", "court order"]);
    refused(
        &archive,
        2,
        &["approval", "give", "hold.end-delay", "q", "--reason", "x"],
        "no delay of hold `q` is running",
    );
}

#[test]
fn others_review_only_with_consent_to_them() {
    let archive = office();
    let label = ["--action", "retain+delete", "--period", "1y", "--review", "eve"];
    archive.ok(&[&["retention", "label", "add", "seen"], &label[..]].concat());
    let change = |names: &'static str| {
        ["retention", "label", "set-reviewers", "seen", "--review", names, "--reason", "she left"]
    };
    refused(&archive, 21, &change("tester"), "approval give retention.change");
    let rules = text(&archive.ok(&[&change("legal")[..], &["--simulate"]].concat())[0], "rules");
    give(&archive, "retention.change", &rules, &["--actor", "second"]);
    refused(&archive, 21, &change("tester"), "approval give retention.change");
    let set = archive.one("label", &change("legal"));
    assert_eq!(set.pointer("/review/0/0").and_then(Value::as_str), Some("legal"));
    let log = archive.run(&["audit", "log"]).text();
    assert!(log.contains("approved by second"), "{log}");
}
