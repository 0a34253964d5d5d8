//! A store that is not what was written is named, whatever was changed of it, and says what to do.
#![cfg(feature = "cli")]

mod support;

use std::fs;
use std::path::PathBuf;

use memchr::memmem::find_iter;
use support::merger::{self, ANN};
use support::{TestArchive, text};

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
    for word in ["zzholdword", "zzcaseword", "zzlabelword", "zzpolicyword", "Zzmailboxword", "zzsearchword"] {
        let mut changed = original.clone();
        let places: Vec<usize> = find_iter(&original, word).collect();
        assert!(!places.is_empty(), "{word} is in the file");
        for place in places {
            *changed.get_mut(place + word.len() - 1).expect("the word ends there") ^= 1;
        }
        fs::write(store(&archive), &changed).expect("a store");
        let problems = archive.json(20, &["verify"]).lines();
        let told = problems.iter().any(|line| line["object"] == "store" && line["id"] == "archive.redb");
        assert!(told, "{word}: {problems:?}");
        fs::write(store(&archive), &original).expect("a store");
        archive.verify_clean();
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
