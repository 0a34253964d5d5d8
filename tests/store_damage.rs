//! A store that is not what was written is named, whatever was changed of it, and says what to do.
#![cfg(feature = "cli")]

mod support;

use std::fs;
use std::path::PathBuf;

use memchr::memmem::find_iter;
use support::firm::Random;
use support::merger::{self, ANN, BOB};
use support::{TestArchive, number, text};

fn store(archive: &TestArchive) -> PathBuf {
    archive.directory().join("archive.redb")
}

/// An archive in which each kind of record has a word of its own.
fn office() -> TestArchive {
    let archive = merger::office();
    archive.ok(&["hold", "place", "h", "--mailbox", ANN, "--query", "merger", "--reason", "zzholdword"]);
    archive.ok(&["case", "create", "zzcaseword", "--description", "x"]);
    archive.ok(&["retention", "label", "add", "zzlabelword", "--action", "retain", "--period", "3y"]);
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "zzpolicyword",
        "--action",
        "delete",
        "--period",
        "9y",
        "--without-simulation",
        "x",
    ]);
    archive.ok(&["mailbox", "add", "kim@x.example", "--name", "Zzmailboxword"]);
    archive.ok(&["search", "save", "zzsearchword", "merger"]);
    archive
}

#[test]
fn a_changed_bit_of_any_record_is_named() {
    let archive = office();
    archive.verify_clean();
    let original = fs::read(store(&archive)).expect("a store");
    for (word, table) in [
        ("zzholdword", "holds"),
        ("zzcaseword", "cases"),
        ("zzlabelword", "labels"),
        ("zzpolicyword", "policies"),
        ("Zzmailboxword", "mailboxes"),
        ("zzsearchword", "saved_searches"),
    ] {
        let table = &format!("the page of table `{table}`");
        damage(&archive, word);
        assert!(names_pages(&archive), "{word}");
        let problems = archive.json(20, &["verify"]).lines();
        let told = problems.iter().any(|problem| problem["detail"].as_str().is_some_and(|it| it.contains(table)));
        assert!(told, "{word}: {problems:?}");
        fs::write(store(&archive), &original).expect("a store");
        archive.verify_clean();
    }
}

/// Changes one bit of a word wherever it stands in the store; the word that is there then.
fn damage(archive: &TestArchive, word: &str) -> String {
    let original = fs::read(store(archive)).expect("a store");
    let mut changed = original.clone();
    for place in find_iter(&original, word) {
        *changed.get_mut(place + word.len() - 1).expect("the word ends there") ^= 1;
    }
    assert!(changed != original, "{word} is in the file");
    fs::write(store(archive), changed).expect("a store");
    let mut damaged = word.as_bytes().to_vec();
    *damaged.last_mut().expect("a word") ^= 1;
    String::from_utf8(damaged).expect("text")
}

fn names_pages(archive: &TestArchive) -> bool {
    archive.json(20, &["verify"]).lines().iter().any(|line| line["object"] == "store" && line["id"] == "archive.redb")
}

const EXECUTE: [&str; 4] = ["disposition", "execute", "plan.json", "--yes"];

/// An archive with a plan that disposes of a mail.
fn planned() -> TestArchive {
    let archive = office();
    merger::import(&archive, BOB, "lunch", merger::IN_2020, "at noon");
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "day",
        "--action",
        "delete",
        "--period",
        "1d",
        "--include",
        BOB,
        "--without-simulation",
        "x",
    ]);
    let plan = archive.one("summary", &["disposition", "plan", "--output", "plan.json"]);
    assert!(number(&plan, "eligible") > 0, "{plan}");
    archive
}

#[test]
fn no_record_is_read_that_is_not_what_was_written() {
    let archive = office();
    let original = fs::read(store(&archive)).expect("a store");
    let place = ["hold", "place", "other", "--mailbox", ANN, "--query", "merger", "--reason", "r"];
    for (word, commands) in [
        ("zzholdword", &[&["hold", "list"][..], &["hold", "report"], &place, &["search", "--all", "--on-hold"]][..]),
        ("zzcaseword", &[&["case", "list"], &["case", "create", "other"]]),
        ("Zzmailboxword", &[&["mailbox", "list"], &["search", "merger"]]),
        ("zzpolicyword", &[&["retention", "policy", "list"], &["retention", "simulate"]]),
    ] {
        for command in commands {
            damage(&archive, word);
            let error = archive.json(20, command).error();
            assert!(text(&error, "message").contains("is not what was written"), "{word}, {command:?}: {error}");
            assert!(names_pages(&archive), "{word}, {command:?}: it did not become right by that");
            fs::write(store(&archive), &original).expect("a store");
        }
    }
    archive.verify_clean();
}

#[test]
fn nothing_is_disposed_of_where_a_rule_may_be_damaged() {
    let archive = planned();
    let before = archive.hits(None).len();
    let damaged = damage(&archive, "zzholdword");
    archive.json(20, &EXECUTE);
    damage(&archive, &damaged);
    assert_eq!(archive.hits(None).len(), before);
}

/// Bytes of a page of the store.
const PAGE: usize = 4_096;

#[test]
fn no_exchanged_pages_end_the_program_unreported() {
    let archive = planned();
    let original = fs::read(store(&archive)).expect("a store");
    let pages: Vec<&[u8]> = original.chunks(PAGE).collect();
    let mut random = Random(5);
    let mut refused = 0;
    for round in 0..60 {
        let mut changed = pages.clone();
        // The first page says where everything else is.
        changed.swap(1 + random.below(pages.len() - 1), 1 + random.below(pages.len() - 1));
        for command in [&EXECUTE[..], &["verify"], &["stats"]] {
            fs::write(store(&archive), changed.concat()).expect("a store");
            let outcome = archive.run(command);
            assert!([0, 20].contains(&outcome.code), "{command:?}, round {round}: {} {}", outcome.code, outcome.stderr);
            assert!(outcome.code == 0 || outcome.stderr.contains("hint: "), "round {round}: {}", outcome.stderr);
            assert!(!outcome.stderr.contains("/registry/"), "no path of where it was built: {}", outcome.stderr);
            refused += u32::from(outcome.code == 20);
        }
    }
    assert!(refused > 0);
}

#[test]
fn rewriting_hides_no_damage() {
    let archive = planned();
    let killed = archive.command(&EXECUTE).env("CUSTODIA_TEST_FAIL", "execute.committed").output().expect("it runs");
    assert_eq!(killed.status.code(), None);
    damage(&archive, "zzholdword");
    for _ in 0..2 {
        let verified = archive.json(20, &["verify"]);
        assert!(verified.stderr.contains("pages of the store are not what was written"), "{}", verified.stderr);
        assert!(verified.lines().iter().any(|line| line["object"] == "store"));
    }
}

#[test]
fn a_store_that_cannot_be_read_is_an_integrity_problem_and_says_so() {
    let archive = office();
    let original = fs::read(store(&archive)).expect("a store");
    let half = original.get(..original.len() / 2).expect("a half");
    for (what, bytes) in [("empty", &b""[..]), ("other", &b"something else\n".repeat(9_000)[..]), ("half", half)] {
        fs::write(store(&archive), bytes).expect("a store");
        for command in [&["verify"][..], &["hold", "list"]] {
            let error = archive.json(20, command).error();
            assert!(text(&error, "hint").contains("backup"), "{what}: {error}");
        }
        assert_eq!(fs::read(store(&archive)).expect("a store"), bytes, "{what} stays as it is");
    }
}
