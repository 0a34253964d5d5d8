//! Rules know the people of their queries under the names that these get later, on what is there already too; and nothing goes
//! because a person loses a name.
#![cfg(feature = "cli")]

mod support;

use serde_json::Value;
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";
const ANNIE: &str = "annie@old.example";
const BOB: &str = "bob@x.example";

fn mail(archive: &TestArchive, from: &str, subject: &str) {
    let mail = format!(
        "From: {from}\nTo: {BOB}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nMessage-ID: <{subject}@x.example>\n\
         Subject: {subject}\n\nabout {subject}\n"
    );
    let path = archive.write(&format!("{subject}.eml"), mail);
    assert_eq!(number(&archive.import(&path, &["--mailbox", BOB]), "stored"), 1);
}

/// Bob has a mail from Ann, one from an address that is not known to be hers yet, and one from somebody else.
fn office() -> TestArchive {
    let archive = TestArchive::new();
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address]);
    }
    for (from, subject) in [(ANN, "first"), (ANNIE, "second"), ("cy@x.example", "third")] {
        mail(&archive, from, subject);
    }
    archive
}

fn delete_all(archive: &TestArchive) {
    let year = ["--without-simulation", "test", "--action", "delete", "--period", "1y"];
    archive.ok(&[&["retention", "policy", "add", "clear"][..], &year].concat());
}

fn add(archive: &TestArchive, what: &str, name: &str, options: &[&str]) {
    archive
        .ok(&[&["retention", what, "add", name, "--without-simulation", "test", "--period", "1y"], options].concat());
}

fn hold(archive: &TestArchive, query: &str) -> Value {
    archive.one("hold", &["hold", "place", "claim", "--mailbox", BOB, "--query", query, "--reason", "letter"])
}

fn alias(archive: &TestArchive, option: &str) {
    archive.ok(&["mailbox", "set", ANN, option, ANNIE]);
}

/// The subjects of what is left after all has been disposed of that can be.
fn left(archive: &TestArchive) -> Vec<String> {
    let planned = archive.one("summary", &["disposition", "plan", "--output", "last.json"]);
    if number(&planned, "eligible") > 0 {
        archive.ok(&["disposition", "execute", "last.json", "--yes"]);
    }
    let mut subjects: Vec<String> = archive.hits(None).iter().map(|hit| text(hit, "subject")).collect();
    subjects.sort();
    subjects
}

fn outcomes(archive: &TestArchive) -> Vec<String> {
    (1..=3).map(|item| text(&archive.ok(&["explain", &item.to_string()]).remove(0), "outcome")).collect()
}

#[test]
fn a_hold_covers_what_is_there_of_a_person_under_a_name_that_comes_later() {
    let archive = office();
    delete_all(&archive);
    assert_eq!(number(&hold(&archive, &format!("from:{ANN}")), "items"), 1);
    assert_eq!(outcomes(&archive), ["held", "eligible", "eligible"]);
    alias(&archive, "--alias");
    let shown = archive.one("hold", &["hold", "show", "claim"]);
    assert_eq!((number(&shown, "items"), number(&shown, "unevaluated_items")), (2, 0));
    assert_eq!(number(&archive.one("hold_report", &["hold", "report"]), "matching"), 2);
    assert_eq!(outcomes(&archive), ["held", "held", "eligible"]);
    assert_eq!(left(&archive), ["first", "second"]);
    archive.verify_clean();
}

#[test]
fn a_disposition_evaluates_first_and_a_plan_from_before_is_stale() {
    let archive = office();
    delete_all(&archive);
    hold(&archive, &format!("from:{ANN}"));
    assert_eq!(number(&archive.one("summary", &["disposition", "plan", "--output", "plan.json"]), "eligible"), 2);
    alias(&archive, "--alias");
    archive.json(21, &["disposition", "execute", "plan.json", "--yes"]);
    assert_eq!(left(&archive), ["first", "second"]);
}

#[test]
fn a_name_that_is_taken_away_frees_nothing_that_came_meanwhile() {
    let archive = office();
    delete_all(&archive);
    alias(&archive, "--alias");
    hold(&archive, &format!("from:{ANN}"));
    mail(&archive, ANNIE, "fourth");
    alias(&archive, "--remove-alias");
    mail(&archive, ANNIE, "fifth");
    assert_eq!(left(&archive), ["first", "fourth", "second"]);
}

#[test]
fn what_a_hold_finds_for_lack_of_a_name_stays_held_when_that_comes() {
    let archive = office();
    delete_all(&archive);
    hold(&archive, &format!("NOT from:{ANN}"));
    mail(&archive, ANNIE, "fourth");
    alias(&archive, "--alias");
    mail(&archive, ANNIE, "fifth");
    assert_eq!(left(&archive), ["fourth", "second", "third"]);
}

#[test]
fn a_person_whom_nobody_knew_is_known_by_all_names_of_a_mailbox_that_comes() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", BOB]);
    delete_all(&archive);
    mail(&archive, ANNIE, "first");
    hold(&archive, &format!("from:{ANN}"));
    archive.ok(&["mailbox", "add", ANN, "--alias", ANNIE]);
    assert_eq!(left(&archive), ["first"]);
}

#[test]
fn a_policy_retains_and_deletes_by_the_names_of_today_and_retains_by_those_of_before() {
    for (query, action, with, without) in [
        (format!("from:{ANN}"), "retain", [true, true, false], [true, true, false]),
        (format!("from:{ANN}"), "delete", [false, false, true], [false, true, true]),
        (format!("NOT from:{ANN}"), "retain", [false, true, true], [false, true, true]),
        (format!("NOT from:{ANN}"), "delete", [true, true, false], [true, false, false]),
    ] {
        let archive = office();
        if action == "retain" {
            delete_all(&archive);
            archive.ok(&[
                "retention",
                "policy",
                "add",
                "named",
                "--action",
                action,
                "--period",
                "9y",
                "--query",
                &query,
            ]);
        } else {
            add(&archive, "policy", "named", &["--action", action, "--query", &query]);
        }
        let kept = |archive: &TestArchive| outcomes(archive).iter().map(|o| o == "kept").collect::<Vec<_>>();
        let mut before = kept(&archive);
        for (option, expected) in [("--alias", with), ("--remove-alias", without)] {
            alias(&archive, option);
            let finds_more = action == "delete" && before.iter().zip(expected).any(|(was, is)| *was && !is);
            if finds_more {
                assert_eq!(kept(&archive), [true; 3], "{query} {option}: nobody has seen what goes");
                archive.ok(&["retention", "simulate"]);
                archive.ok(&["retention", "policy", "enable", "named"]);
            }
            assert_eq!(kept(&archive), expected, "{query} {action} {option}");
            before = expected.to_vec();
        }
    }
}

#[test]
fn a_label_that_retains_comes_to_what_is_there_and_one_that_was_set_deletes_nothing_it_no_longer_finds() {
    let archive = office();
    delete_all(&archive);
    archive.ok(&[
        "retention",
        "label",
        "add",
        "hers",
        "--action",
        "retain",
        "--period",
        "9y",
        "--auto",
        &format!("from:{ANN}"),
    ]);
    assert_eq!(outcomes(&archive), ["kept", "eligible", "eligible"]);
    alias(&archive, "--alias");
    assert_eq!(outcomes(&archive), ["kept", "kept", "eligible"]);
    alias(&archive, "--remove-alias");
    assert_eq!(left(&archive), ["first", "second"]);

    let archive = office();
    add(&archive, "label", "others", &["--action", "delete", "--auto", &format!("NOT from:{ANN}")]);
    assert_eq!(outcomes(&archive), ["kept", "eligible", "eligible"]);
    alias(&archive, "--alias");
    assert_eq!(outcomes(&archive), ["kept", "kept", "eligible"]);
    let reasons = archive.ok(&["explain", "2"]).remove(0).to_string();
    assert!(reasons.contains("does not find it any longer"), "{reasons}");
    alias(&archive, "--remove-alias");
    assert_eq!(outcomes(&archive), ["kept", "eligible", "eligible"]);
}

#[test]
fn a_search_that_was_saved_finds_people_by_the_names_of_today_and_a_frozen_result_stays() {
    let archive = office();
    assert_eq!(number(&archive.one("frozen", &["search", "freeze", "hers", &format!("from:{ANN}")]), "items"), 1);
    alias(&archive, "--alias");
    assert_eq!(number(&archive.one("summary", &["search", "run", "hers", "--count"]), "items"), 2);
    let frozen = archive.one("frozen", &["search", "show", "hers@1"]);
    assert_eq!((number(&frozen, "items"), frozen.get("intact")), (1, Some(&Value::Bool(true))));
}

#[test]
fn what_an_older_label_finds_late_is_not_deleted_for_a_younger_one() {
    let archive = office();
    let from_ann = format!("from:{ANN}");
    let older = ["--action", "retain", "--period", "10y", "--auto", &from_ann, "--without-simulation", "test"];
    archive.ok(&[&["retention", "label", "add", "older"][..], &older].concat());
    add(&archive, "label", "younger", &["--action", "delete", "--auto", "about"]);
    assert_eq!(outcomes(&archive), ["kept", "eligible", "eligible"]);
    alias(&archive, "--alias");
    assert_eq!(outcomes(&archive), ["kept", "kept", "eligible"]);
    assert_eq!(left(&archive), ["first", "second"]);
}

#[test]
fn what_a_label_that_only_deletes_finds_late_is_not_deleted_before_it_would_be() {
    for (period, expected) in [("9y", ["kept", "kept", "eligible"]), ("1d", ["eligible", "eligible", "eligible"])] {
        let archive = office();
        delete_all(&archive);
        let label = ["--action", "delete", "--auto", &format!("from:{ANN}"), "--period", period];
        archive.ok(&[&["retention", "label", "add", "hers", "--without-simulation", "test"][..], &label].concat());
        assert_eq!(outcomes(&archive)[1..], ["eligible", "eligible"]);
        alias(&archive, "--alias");
        assert_eq!(outcomes(&archive), expected, "{period}");
        alias(&archive, "--remove-alias");
        assert_eq!(outcomes(&archive), expected, "{period}: nothing goes for a name that is taken away");
    }
    // Nothing is deleted for what is in doubt alone, and what people took off stays off.
    let archive = office();
    let label = ["--action", "delete", "--auto", &format!("from:{ANN}"), "--period", "1y"];
    archive.ok(&[&["retention", "label", "add", "hers", "--without-simulation", "test"][..], &label].concat());
    assert_eq!(outcomes(&archive), ["eligible", "kept", "kept"]);
    archive.ok(&["retention", "label", "clear", "1", "--reason", "hers no more"]);
    alias(&archive, "--alias");
    assert_eq!(outcomes(&archive), ["kept", "kept", "kept"]);
    let reasons = |item: &str| archive.ok(&["explain", item]).remove(0).to_string();
    assert!(reasons("2").contains("its query did not find that as it does now"), "{}", reasons("2"));
    assert!(!reasons("1").contains("hers"), "{}", reasons("1"));
    archive.ok(&["retention", "label", "set", "hers", "2", "--reason", "she wrote it"]);
    assert_eq!(outcomes(&archive), ["kept", "eligible", "kept"]);
}

#[test]
fn searches_and_verification_know_a_new_name_at_once() {
    let archive = office();
    hold(&archive, &format!("from:{ANN}"));
    let retain = ["--action", "retain", "--auto", &format!("from:{ANN}")];
    add(&archive, "label", "hers", &retain);
    alias(&archive, "--alias");
    archive.verify_clean();
    let found = |arguments: &[&str]| archive.ok(&[&["search"][..], arguments].concat()).len() - 1;
    assert_eq!(found(&["--all", "--on-hold"]), 2);
    assert_eq!(found(&["retentionlabel:hers"]), 2);
}

#[test]
fn a_mailbox_that_an_import_makes_takes_nothing_from_a_policy() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", BOB]);
    delete_all(&archive);
    let others = ["--action", "retain", "--period", "20y", "--query", &format!("NOT from:{ANNIE}")];
    archive.ok(&[&["retention", "policy", "add", "others", "--without-simulation", "test"][..], &others].concat());
    mail(&archive, "Ann Novak <an@z.example>", "first");
    let other = archive.write("other.eml", format!("From: Ann Novak <{ANNIE}>\nTo: {BOB}\nSubject: other\n\nHello\n"));
    archive.import(&other, &["--create-mailboxes"]);
    assert_eq!(left(&archive).first().map(String::as_str), Some("first"));
}

#[test]
fn a_display_name_of_signs_that_are_not_searched_is_no_name() {
    let archive = office();
    archive.ok(&["mailbox", "set", ANN, "--name", "!! !!"]);
    let found = archive.hits(Some(&format!("from:{ANN}")));
    assert_eq!(found.len(), 1, "{found:?}");
}
