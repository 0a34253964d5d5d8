//! Files of the archive that were changed from outside.

use std::fs;
use std::path::Path;

use super::support::firm::{self, Random};
use super::support::unread::age_index;
use super::support::{TestArchive, number, text};

fn filled() -> TestArchive {
    let archive = TestArchive::new();
    firm::write(&archive.path("firm"), 11, 200, 200);
    archive.import(&archive.path("firm"), &["--mailbox", "all@x.example", "--create-mailboxes"]);
    archive
}

fn store(archive: &TestArchive) -> std::path::PathBuf {
    archive.path("archive/archive.redb")
}

fn flip(path: &Path, places: impl IntoIterator<Item = usize>) {
    let mut bytes = fs::read(path).expect("store");
    for place in places {
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= 0x40;
        }
    }
    fs::write(path, bytes).expect("store");
}

/// Places of zstd frames (RFC 8878 3.1.1) in the store.
fn frames(bytes: &[u8]) -> Vec<usize> {
    let magic = [0x28, 0xB5, 0x2F, 0xFD];
    bytes.windows(4).enumerate().filter(|(_, window)| *window == magic).map(|(at, _)| at).collect()
}

#[test]
fn a_flipped_byte_in_a_pack_is_found() {
    let archive = filled();
    let frames = frames(&fs::read(store(&archive)).expect("store"));
    assert!(!frames.is_empty(), "packs are zstd frames");
    flip(&store(&archive), frames.iter().map(|at| at + 900));
    let outcome = archive.json(20, &["verify"]);
    let problems = number(outcome.lines().last().expect("a summary"), "problems");
    assert!(problems > 0 && outcome.lines().len() as u64 == problems + 1, "each problem is listed");
    let plain = archive.run(&["verify"]);
    assert!(plain.code == 20 && plain.text().contains("problem: "), "{}", plain.text());
}

#[test]
fn a_damaged_frozen_result_is_named() {
    // A set of the number 2 alone: which items the result has.
    let set = [0x3A, 0x30, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 2, 0];
    for (damaged, words) in [(0, "the items of frozen result `Quay@1` are damaged"), (16, "do not give its digest")] {
        let archive = TestArchive::new();
        for (name, body) in [("one", "the harbour"), ("two", "the quay"), ("three", "lunch")] {
            let mail = format!("From: eve@x.example\nTo: ann@x.example\nSubject: {name}\n\n{body}\n");
            let path = archive.write(&format!("{name}.eml"), mail);
            archive.import(&path, &["--mailbox", "ann@x.example", "--create-mailboxes"]);
        }
        archive.ok(&["search", "save", "Quay", "quay"]);
        archive.ok(&["search", "freeze", "Quay"]);
        archive.verify_clean();
        let bytes = fs::read(store(&archive)).expect("store");
        let places =
            bytes.windows(set.len()).enumerate().filter(|(_, window)| *window == set).map(|(at, _)| at + damaged);
        let places: Vec<usize> = places.collect();
        assert!(!places.is_empty(), "the result is stored");
        flip(&store(&archive), places);
        let lines = archive.json(20, &["verify"]).lines();
        let [page, problem, _] = lines.as_slice() else { panic!("two problems and a summary: {lines:?}") };
        assert_eq!(text(page, "object"), "store");
        assert_eq!((text(problem, "object"), text(problem, "id")), ("frozen_result".into(), "Quay@1".into()));
        assert!(text(problem, "detail").contains(words), "{problem}");
        assert!(archive.run(&["verify"]).text().contains("problem: frozen result Quay@1: "));
    }
}

#[test]
fn reading_a_damaged_message_says_so() {
    let archive = filled();
    let frames = frames(&fs::read(store(&archive)).expect("store"));
    flip(&store(&archive), frames.iter().flat_map(|at| (at + 64..at + 100_000).step_by(512)));
    let mut damaged = 0;
    for item in (1..=400).step_by(20) {
        let outcome = archive.run(&["show", &item.to_string(), "--raw"]);
        match outcome.code {
            0 => {}
            20 => {
                damaged += 1;
                assert!(outcome.stderr.contains("custodia verify"), "{}", outcome.stderr);
            }
            other => panic!("exit {other}: {}", outcome.stderr),
        }
    }
    assert!(damaged > 0, "some item is damaged");
}

#[test]
fn damage_anywhere_ends_in_an_error_and_never_in_a_panic() {
    let archive = filled();
    let whole = fs::read(store(&archive)).expect("store");
    let index = archive.path("archive/index");
    let mut random = Random(2);
    for round in 0..60 {
        let mut bytes = whole.clone();
        let at = random.below(bytes.len());
        match round % 4 {
            // The first page holds the header of the store.
            0 => bytes[random.below(512)] ^= 1 << random.below(8),
            1 => bytes[at] ^= 1 << random.below(8),
            2 => bytes.truncate(at),
            _ => bytes.iter_mut().skip(at).take(4_096).for_each(|byte| *byte = 0),
        }
        fs::write(store(&archive), &bytes).expect("store");
        for arguments in [vec!["verify"], vec!["search", "contract"], vec!["show", "7"]] {
            let outcome = archive.run(&arguments);
            assert!(
                [0, 1, 12, 20].contains(&outcome.code),
                "{arguments:?}, round {round}: {} {}",
                outcome.code,
                outcome.stderr
            );
            assert_eq!(
                outcome.code == 0 || outcome.code == 20,
                !outcome.stderr.contains("error:") || outcome.code == 20
            );
        }
    }
    fs::write(store(&archive), &whole).expect("store");
    fs::remove_dir_all(index).expect("index");
    archive.verify_clean();
}

#[test]
fn a_store_that_is_none_is_refused() {
    let archive = filled();
    for bytes in [Vec::new(), b"not a store".to_vec(), vec![0; 1 << 20]] {
        fs::write(store(&archive), &bytes).expect("store");
        let outcome = archive.run(&["stats"]);
        assert!([1, 12, 20].contains(&outcome.code), "{} {}", outcome.code, outcome.stderr);
        assert_eq!(fs::read(store(&archive)).expect("store"), bytes, "it is left as it was");
    }
}

#[test]
fn a_lost_index_is_made_again() {
    let archive = filled();
    let before = archive.hits(Some("contract"));
    assert!(!before.is_empty());
    fs::remove_dir_all(archive.path("archive/index")).expect("index");
    assert_eq!(archive.hits(Some("contract")), before);
    archive.verify_clean();
}

#[test]
fn an_index_of_other_rules_is_not_searched_and_made_again_on_request() {
    let archive = filled();
    let before = archive.hits(Some("contract"));
    age_index(&archive);
    let hold = ["hold", "place", "A", "--query", "contract", "--reason", "r", "--all-mailboxes"];
    for command in [&["search", "contract"][..], &hold] {
        let outcome = archive.run(command);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        assert!(outcome.stderr.contains("another version of this program"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("`custodia index rebuild`"), "{}", outcome.stderr);
    }
    archive.one("index", &["index", "rebuild"]);
    assert_eq!(archive.hits(Some("contract")), before);
    archive.verify_clean();
}

#[test]
fn a_damaged_index_says_how_to_make_it_again() {
    for damage in ["meta.json", "all", "segments"] {
        let archive = filled();
        let before = archive.hits(Some("contract"));
        for entry in fs::read_dir(archive.path("archive/index")).expect("index") {
            let path = entry.expect("entry").path();
            let is_meta = path.ends_with("meta.json");
            if path.is_file() && (damage == "all" || is_meta == (damage == "meta.json")) {
                fs::write(&path, "garbage").expect("file");
            }
        }
        let outcome = archive.run(&["search", "contract"]);
        assert!([1, 20].contains(&outcome.code), "{damage}: {} {}", outcome.code, outcome.stderr);
        assert!(outcome.stderr.contains("index rebuild"), "{damage}: {}", outcome.stderr);
        let verified = archive.run(&["verify"]);
        assert!(
            verified.code == 20 && verified.text().contains("problem: index"),
            "{damage}: {}{}",
            verified.text(),
            verified.stderr
        );
        archive.one("index", &["index", "rebuild"]);
        assert_eq!(archive.hits(Some("contract")), before, "{damage}");
        archive.verify_clean();
    }
}
