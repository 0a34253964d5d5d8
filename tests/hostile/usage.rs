//! Commands that cannot be carried out as typed.

use super::support::{TestArchive, number, text};

/// Expects `code` and `words` on stderr, for people and for programs.
fn assert_refused(archive: &TestArchive, arguments: &[&str], code: i32, words: &[&str]) {
    let plain = archive.run(arguments);
    assert_eq!(plain.code, code, "{arguments:?}: {}", plain.stderr);
    assert!(plain.stdout.is_empty(), "{arguments:?} prints no data");
    let json = archive.json(code, arguments);
    assert!(json.stdout.is_empty(), "{arguments:?} prints no data");
    let error = json.error();
    assert_eq!((text(&error, "type"), number(&error, "code")), ("error".to_owned(), code as u64), "{error}");
    for word in words {
        assert!(plain.stderr.contains(word), "{arguments:?} does not say `{word}`: {}", plain.stderr);
        assert!(json.stderr.contains(word), "{arguments:?} does not say `{word}` in JSON: {error}");
    }
}

#[test]
fn a_wrong_date_is_pointed_at() {
    let archive = TestArchive::new();
    let outcome = archive.run(&["search", "report AND sent>=2024-13-01"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("E_DATE_VALUE"), "{}", outcome.stderr);
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    let at = lines.iter().position(|line| line.trim() == "^").expect("a caret");
    let query = at.checked_sub(1).and_then(|above| lines.get(above)).expect("the query stands above");
    let caret = lines.get(at).and_then(|line| line.find('^')).expect("a caret");
    assert!(query.get(caret..).is_some_and(|rest| rest.starts_with("2024-13-01")), "{}", outcome.stderr);
    assert_refused(&archive, &["search", "sent>=2024-02-30"], 2, &["E_DATE_VALUE"]);
}

#[test]
fn queries_that_cannot_be_read_are_refused() {
    let archive = TestArchive::new();
    for (query, code) in [
        ("", "E_EMPTY"),
        ("   ", "E_EMPTY"),
        ("colour:red", "E_UNKNOWN_PROPERTY"),
        ("(a OR b", "E_UNBALANCED_PAREN"),
        ("\"open", "E_UNBALANCED_QUOTE"),
        ("size>many", "E_NUMBER_VALUE"),
        ("kind:carrierpigeon", "E_ENUM_VALUE"),
        ("sent:2024-05-01..2024-01-01", "E_RANGE_ORDER"),
    ] {
        assert_refused(&archive, &["search", query], 2, &[code]);
    }
    let deep = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(archive.run(&["search", &deep]).code, 2);
}

#[test]
fn what_is_not_there_is_named() {
    let archive = TestArchive::new();
    let mail = archive.write("a.eml", "From: a@x.example\nSubject: a\n\na\n");
    assert_refused(&archive, &["import", "nowhere.eml"], 1, &["nowhere.eml"]);
    assert_refused(&archive, &["search", "a", "--mailbox", "nobody@x.example"], 1, &["nobody@x.example"]);
    assert_refused(&archive, &["search", "a", "--folder", "Nowhere"], 1, &["Nowhere"]);
    assert_refused(&archive, &["import", "a.eml", "--mailbox", "nobody@x.example"], 1, &["nobody@x.example"]);
    assert_refused(&archive, &["mailbox", "show", "nobody@x.example"], 1, &["nobody@x.example"]);
    for arguments in
        [vec!["show", "77"], vec!["show", "77", "--raw"], vec!["explain", "77"], vec!["show", "77", "--headers"]]
    {
        assert_refused(&archive, &arguments, 1, &["item `77`"]);
    }
    assert_refused(&archive, &["hold", "show", "ghost"], 1, &["ghost"]);
    assert_refused(&archive, &["hold", "release", "ghost", "--reason", "over"], 1, &["ghost"]);
    assert_refused(&archive, &["retention", "policy", "remove", "ghost", "--reason", "over"], 1, &["ghost"]);
    assert_refused(&archive, &["batch", "show", "9"], 1, &["9"]);
    assert_refused(&archive, &["disposition", "execute", "no-plan.json", "--yes"], 1, &["no-plan.json"]);
    assert_refused(&archive, &["disposition", "execute", mail.to_str().expect("UTF-8"), "--yes"], 2, &["plan"]);
    assert_eq!(number(archive.ok(&["stats"]).first().expect("stats"), "messages"), 0);
    archive.verify_clean();
}

#[test]
fn arguments_that_make_no_sense_are_usage_errors() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@x.example"]);
    for arguments in [
        vec!["mailbox", "add", "not an address"],
        vec!["mailbox", "add", "bob@x.example", "--phone", "call me"],
        vec!["hold", "place", "h", "--mailbox", "ann@x.example", "--reason", " "],
        vec!["hold", "place", " ", "--mailbox", "ann@x.example", "--reason", "r"],
        vec!["hold", "place", "h", "--mailbox", "ann@x.example", "--reason", "r", "--query", "sent>=yesterday"],
        vec![
            "retention",
            "policy",
            "add",
            "p",
            "--without-simulation",
            "test",
            "--action",
            "delete",
            "--period",
            "unlimited",
        ],
    ] {
        assert_refused(&archive, &arguments, 2, &[]);
    }
    for arguments in [
        vec!["search"],
        vec!["show", "first"],
        vec!["frobnicate"],
        vec!["retention", "simulate", "--as-of", "2026-02-30"],
        vec![
            "retention",
            "policy",
            "add",
            "p",
            "--without-simulation",
            "test",
            "--action",
            "delete",
            "--period",
            "soon",
        ],
        vec!["hold", "place", "h", "--reason", "r"],
    ] {
        let outcome = archive.run(&arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.stdout.is_empty(), "{arguments:?}");
    }
    archive.verify_clean();
}

#[test]
fn a_usage_error_is_json_for_programs() {
    let archive = TestArchive::new();
    for arguments in [vec!["show", "first"], vec!["search"], vec!["frobnicate"]] {
        let error = archive.json(2, &arguments).error();
        assert_eq!((text(&error, "type"), number(&error, "code")), ("error".to_owned(), 2), "{error}");
    }
}

#[test]
fn an_archive_is_created_once_and_only_in_an_empty_place() {
    let archive = TestArchive::absent();
    assert_refused(&archive, &["search", "a"], 10, &["no archive at"]);
    assert_refused(&archive, &["stats"], 10, &["archive"]);
    assert!(!archive.directory().exists(), "looking for an archive makes none");
    archive.write("archive/notes.txt", "mine");
    assert_refused(&archive, &["init"], 2, &["not empty"]);
    assert_eq!(std::fs::read(archive.path("archive/notes.txt")).expect("it is there"), b"mine");
    assert_eq!(std::fs::read_dir(archive.directory()).expect("directory").count(), 1, "nothing was added");

    let archive = TestArchive::new();
    let before = archive.one("archive", &["init", "other"]);
    assert_ne!(text(&before, "id"), "");
    assert_refused(&archive, &["init"], 1, &["exists already"]);
    archive.verify_clean();
    let file = archive.write("file", "");
    assert_ne!(archive.run(&["init", file.to_str().expect("UTF-8")]).code, 0);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_enter_the_archive() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(TestArchive::new().directory()).expect("directory").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
