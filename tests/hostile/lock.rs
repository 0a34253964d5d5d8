//! One process uses an archive at a time.

use super::support::{TestArchive, number};

#[test]
fn a_second_process_is_told_who_has_the_archive() {
    let archive = TestArchive::new();
    let mail = archive.write("a.eml", "From: a@x.example\nSubject: a\n\na\n");
    let held = archive.open();
    for arguments in [
        vec!["search", "a", "--wait", "0"],
        vec!["stats", "--wait", "0"],
        vec!["verify", "--wait", "0"],
        vec!["import", mail.to_str().expect("UTF-8"), "--wait", "0"],
        vec!["search", "a", "--wait", "1"],
    ] {
        let outcome = archive.run(&arguments);
        assert_eq!(outcome.code, 11, "{arguments:?}: {}", outcome.stderr);
        for word in ["holder", &format!("process {}", std::process::id()), "since 2026-01-15T12:00:00Z", "hint:"] {
            assert!(outcome.stderr.contains(word), "{arguments:?} does not say `{word}`: {}", outcome.stderr);
        }
        assert_eq!(number(&archive.json(11, &arguments).error(), "code"), 11);
    }
    let again = archive.run(&["init", "--wait", "0"]);
    assert!(again.code == 11 || again.code == 1, "{}", again.stderr);
    drop(held);
    archive.verify_clean();
}

#[test]
fn a_process_that_waits_gets_the_archive_when_it_is_free() {
    let archive = TestArchive::new();
    let held = archive.open();
    let mut waiting = archive.command(&["stats", "--wait", "600"]).spawn().expect("the binary runs");
    assert!(waiting.try_wait().expect("ours").is_none());
    drop(held);
    assert!(waiting.wait().expect("it ends").success());
}

#[test]
fn the_longest_wait_that_can_be_typed_is_no_panic() {
    let archive = TestArchive::new();
    assert_eq!(archive.run(&["stats", "--wait", "18446744073709551615"]).code, 0);
}
