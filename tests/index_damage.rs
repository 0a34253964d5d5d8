//! An index that was damaged decides nothing and misses nothing for good: it is named, refused, and made anew.
#![cfg(feature = "cli")]

mod support;

use std::fs;
use std::path::PathBuf;

use support::merger::{self, ANN, IN_2020, import};
use support::unread::forget_matches;
use support::{TestArchive, number, text};

fn office() -> TestArchive {
    let archive = merger::office();
    for n in 0..20 {
        import(&archive, ANN, &format!("harbour {n}"), IN_2020, "about the harbour and the quay");
    }
    archive
}

/// The files of the index that hold words, places and columns.
fn files(archive: &TestArchive) -> Vec<PathBuf> {
    let files =
        fs::read_dir(archive.directory().join("index")).expect("an index").map(|file| file.expect("a file").path());
    let mut files: Vec<PathBuf> = files
        .filter(|file| ["term", "idx", "pos", "fast"].iter().any(|end| file.extension() == Some(end.as_ref())))
        .collect();
    files.sort();
    files
}

fn flip(file: &PathBuf, place: usize) {
    let mut bytes = fs::read(file).expect("a file");
    *bytes.get_mut(place).expect("the file is that long") ^= 1;
    fs::write(file, bytes).expect("a file");
}

/// Words in any order, words in a row, words by their beginning, numbers and fields.
const QUERIES: [&str; 5] =
    ["harbour OR lunch", "\"the harbour\"", "harb*", "size>1 AND harbour", "from:ann OR subject:harbour"];

#[test]
fn one_changed_bit_is_named_searched_by_nobody_and_decides_nothing() {
    let archive = office();
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "old",
        "--action",
        "delete",
        "--period",
        "1y",
        "--without-simulation",
        "x",
    ]);
    let files = files(&archive);
    assert!(files.len() >= 4, "{files:?}");
    let expected = QUERIES.map(|query| archive.run(&["search", query, "--json"]).stdout);
    for file in &files {
        let place = fs::read(file).expect("a file").len() / 3;
        flip(file, place);
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
        let problems = archive.json(20, &["verify"]).lines();
        let told = problems.iter().any(|line| line["object"] == "index" && line["id"] == name);
        assert!(told, "{name}: {problems:?}");
        for arguments in [
            &["hold", "place", "h", "--mailbox", ANN, "--query", "harbour", "--reason", "x"][..],
            &["disposition", "plan", "--output", "plan.json"],
        ] {
            let refused = archive.json(20, arguments);
            assert!(text(&refused.error(), "message").contains("index rebuild"), "{name}: {}", refused.stderr);
        }
        let searched = QUERIES.map(|query| archive.run(&["search", query, "--json"]));
        assert!(searched.iter().any(|outcome| outcome.code == 20), "{name}: nothing was read of it?");
        for (outcome, expected) in searched.iter().zip(&expected) {
            assert!([0, 20].contains(&outcome.code), "{name}: {}", outcome.stderr);
            assert!(outcome.code == 20 || outcome.stdout == *expected, "{name}");
            assert!(outcome.code == 0 || outcome.stderr.contains("index rebuild"), "{name}: {}", outcome.stderr);
        }
        assert!(!archive.path("plan.json").exists());
        flip(file, place);
    }
    archive.verify_clean();
}

#[test]
fn an_index_made_anew_finds_for_holds_what_the_one_before_missed() {
    let archive = office();
    archive.ok(&["hold", "place", "h", "--mailbox", ANN, "--query", "harbour", "--reason", "x"]);
    forget_matches(&archive, "h");
    assert_eq!(number(&archive.one("hold", &["hold", "show", "h"]), "items"), 0);
    let problems = archive.json(20, &["verify"]).lines();
    assert!(problems.iter().any(|line| line["object"] == "hold" && text(line, "detail").contains("index rebuild")));
    archive.ok(&["index", "rebuild"]);
    assert_eq!(number(&archive.one("hold", &["hold", "show", "h"]), "items"), 20);
    archive.verify_clean();
}
