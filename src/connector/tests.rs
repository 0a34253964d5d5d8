//! Files and folders of every kind come out in one order, and what is no message is reported with its reason.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::Error;

const EML: &str = "Message-ID: <1@firm.example>\nSubject: x\n\ntext\n";
const MBOX: &str = "From ann@firm.example Mon Jun 01 10:00:00 2009\nSubject: a\n\none\n\n\
                    From ann@firm.example Mon Jun 01 10:00:00 2009\nSubject: b\n\ntwo\n";

fn tree(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

/// One line for each event, with paths relative to `root`.
fn read_as(root: &Path, paths: &[PathBuf], as_format: As) -> Vec<String> {
    let mut sources = open(paths, &Options { as_format, ..Options::default() }).unwrap();
    let prefix = format!("{}/", root.display());
    let mut lines = Vec::new();
    for event in sources.by_ref() {
        let line = match event {
            SourceEvent::Opened { path, format } => format!("{} is {}", path.display(), format.as_str()),
            SourceEvent::Closed(_) => continue,
            SourceEvent::Record(record) => {
                let folder = record.folder.map_or(String::new(), |folder| format!(" in {folder}"));
                format!("{}: {} bytes{folder}", record.origin, record.raw.source().len())
            }
            SourceEvent::Rejected(rejection) => {
                format!("{}: {} bytes not taken: {}", rejection.origin, rejection.bytes, rejection.reason)
            }
        };
        lines.push(line.replace(&prefix, ""));
    }
    assert_eq!(sources.bytes_done(), sources.bytes);
    lines
}

fn read(root: &Path) -> Vec<String> {
    read_as(root, &[root.to_owned()], As::Auto)
}

fn check(lines: &[String], expected: &[&str]) {
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}\n{expected}");
    }
}

#[test]
fn a_folder_is_read_in_the_order_of_names() {
    let dir = tree(&[
        ("b/2.eml", EML.as_bytes()),
        ("b/10.eml", EML.as_bytes()),
        ("a.mbox", MBOX.as_bytes()),
        ("B.eml", b"damaged"),
        ("c", EML.as_bytes()),
        ("d.txt", b"hello"),
        ("e", b""),
    ]);
    let sources = open(&[dir.path().to_owned()], &Options::default()).unwrap();
    assert_eq!((sources.files, sources.bytes), (7, (EML.len() * 3 + MBOX.len() + 7 + 5) as u64));
    check(
        &read(dir.path()),
        &[
            "B.eml is eml",
            "B.eml: 7 bytes",
            "a.mbox is mboxo",
            "a.mbox#1: 16 bytes",
            "a.mbox#2: 16 bytes",
            "b/10.eml is eml",
            "b/10.eml: 46 bytes",
            "b/2.eml is eml",
            "b/2.eml: 46 bytes",
            "c is eml",
            "c: 46 bytes",
            "d.txt: 5 bytes not taken: not recognised as mail, chat export or delivery; if it is one, say `--as`",
            "e: 0 bytes not taken: empty file",
        ],
    );
}

#[test]
fn a_maildir_with_folders() {
    let dir = tree(&[
        ("M/cur/1:2,S", EML.as_bytes()),
        ("M/new/2", b"damaged"),
        ("M/new/.hidden", b"x"),
        ("M/tmp/3", b"half"),
        ("M/dovecot-uidlist", b"3 V1\n"),
        ("M/.Sent.Entw&APw-rfe/cur/4:2,", EML.as_bytes()),
        ("M/.Empty/maildirfolder", b""),
        ("M/.notmuch/xapian/docdata", b"data"),
        ("M/Work/Plans/cur/5", EML.as_bytes()),
        ("M/cur/0.gz:2,S", b"\x1f\x8b\x08\x00"),
    ]);
    let expected = [
        "M/.Empty: 0 bytes not taken: a hidden folder",
        "M/.Sent.Entw&APw-rfe/cur/4:2, is maildir",
        "M/.Sent.Entw&APw-rfe/cur/4:2,: 46 bytes in Sent/Entw\u{fc}rfe",
        "M/.notmuch: 4 bytes not taken: a hidden folder; give it as an argument to read it (1 files passed over)",
        "M/Work/Plans/cur/5 is maildir",
        "M/Work/Plans/cur/5: 46 bytes in Work/Plans",
        "M/cur/0.gz:2,S: 4 bytes not taken: gzip",
        "M/cur/1:2,S is maildir",
        "M/cur/1:2,S: 46 bytes",
        "M/new/.hidden: 1 bytes not taken: kept by a mail program",
        "M/new/2 is maildir",
        "M/new/2: 7 bytes",
        "M/tmp: 4 bytes not taken: `tmp` of a Maildir",
        "M/dovecot-uidlist: 5 bytes not taken: kept by a mail program",
    ];
    check(&read_as(dir.path(), &[dir.path().join("M")], As::Auto), &expected);
}

#[test]
fn parts_of_a_maildir_given_by_themselves() {
    let dir = tree(&[("M/cur/1", b"damaged"), ("M/.A.B/cur/2", b"damaged"), ("M/.A.B/new/3", b"damaged")]);
    let path = |path: &str| dir.path().join(path);
    for (given, expected) in [
        ("M/cur", ["M/cur/1 is maildir", "M/cur/1: 7 bytes"].as_slice()),
        ("M/cur/1", &["M/cur/1 is maildir", "M/cur/1: 7 bytes"]),
        ("M/.A.B/new", &["M/.A.B/new/3 is maildir", "M/.A.B/new/3: 7 bytes in A/B"]),
        ("M/.A.B/cur/2", &["M/.A.B/cur/2 is maildir", "M/.A.B/cur/2: 7 bytes in A/B"]),
        (
            "M/.A.B",
            &[
                "M/.A.B/cur/2 is maildir",
                "M/.A.B/cur/2: 7 bytes in A/B",
                "M/.A.B/new/3 is maildir",
                "M/.A.B/new/3: 7 bytes in A/B",
            ],
        ),
    ] {
        check(&read_as(dir.path(), &[path(given)], As::Auto), expected);
    }
}

#[test]
fn the_caller_says_what_it_is() {
    let dir = tree(&[("a", MBOX.as_bytes()), ("cur/1", EML.as_bytes())]);
    check(&read_as(dir.path(), &[dir.path().to_owned()], As::Eml), &["a is eml", "a: ", "cur/1 is eml", "cur/1: "]);
    let mbox = read_as(dir.path(), &[dir.path().to_owned()], As::Mbox);
    check(&mbox, &["a is mboxo", "a#1: ", "a#2: ", "cur/1 is mboxo", "cur/1: 46 bytes not taken: no mbox separator"]);
    let maildir = read_as(dir.path(), &[dir.path().to_owned()], As::Maildir);
    check(&maildir, &["a: 127 bytes not taken: not in `cur`", "cur/1 is maildir", "cur/1: "]);
}

#[test]
fn what_is_no_regular_file_is_rejected() {
    let dir = tree(&[("a.eml", EML.as_bytes()), ("archive/archive.redb", b"data"), ("archive/index/x", b"data")]);
    let path = |path: &str| dir.path().join(path);
    symlink(path("a.eml"), path("link.eml")).unwrap();
    symlink(dir.path(), path("loop")).unwrap();
    symlink("nowhere", path("dangling")).unwrap();
    let _socket = UnixListener::bind(path("socket")).unwrap();
    check(
        &read(dir.path()),
        &[
            "a.eml is eml",
            "a.eml: 46 bytes",
            "archive: 8 bytes not taken: an archive of this program, not a source; export from it instead (2 files",
            "dangling: 0 bytes not taken: a symbolic link",
            "link.eml: 0 bytes not taken: a symbolic link",
            "loop: 0 bytes not taken: a symbolic link",
            "socket: 0 bytes not taken: neither a file nor a folder",
        ],
    );
    check(&read_as(dir.path(), &[path("archive")], As::Auto), &["archive: 8 bytes not taken: an archive"]);
    check(&read_as(dir.path(), &[path("link.eml")], As::Auto), &["link.eml is eml", "link.eml: 46 bytes"]);
    check(&read_as(dir.path(), &[path("socket")], As::Auto), &["socket: 0 bytes not taken"]);
}

#[test]
fn a_path_that_does_not_exist_stops_before_anything_is_read() {
    let dir = tree(&[("a.eml", EML.as_bytes())]);
    let paths = [dir.path().to_owned(), dir.path().join("nothing")];
    let Err(Error::Io { path, .. }) = open(&paths, &Options::default()) else { panic!("no error") };
    assert_eq!(path, paths[1]);
}

#[test]
fn what_may_not_be_read_is_rejected_and_the_rest_goes_on() {
    let dir = tree(&[("a/x.eml", EML.as_bytes()), ("b.eml", EML.as_bytes()), ("c.eml", EML.as_bytes())]);
    let closed = fs::Permissions::from_mode(0o000);
    fs::set_permissions(dir.path().join("a"), closed.clone()).unwrap();
    fs::set_permissions(dir.path().join("b.eml"), closed).unwrap();
    let lines = if fs::read_dir(dir.path().join("a")).is_ok() {
        eprintln!("skipped: this user may read everything");
        None
    } else {
        Some(read(dir.path()))
    };
    fs::set_permissions(dir.path().join("a"), fs::Permissions::from_mode(0o700)).unwrap();
    if let Some(lines) = lines {
        check(
            &lines,
            &["a: 0 bytes not taken: no permission", "b.eml: 46 bytes not taken: no perm", "c.eml is", "c.eml: "],
        );
    }
}

#[test]
fn what_changes_after_it_was_found_is_reported() {
    let dir = tree(&[("a.eml", EML.as_bytes()), ("b.eml", EML.as_bytes()), ("c.eml", EML.as_bytes())]);
    let sources = open(&[dir.path().to_owned()], &Options::default()).unwrap();
    fs::remove_file(dir.path().join("a.eml")).unwrap();
    fs::remove_file(dir.path().join("b.eml")).unwrap();
    symlink(dir.path().join("c.eml"), dir.path().join("b.eml")).unwrap();
    let reasons: Vec<String> = sources
        .filter_map(|event| match event {
            SourceEvent::Rejected(rejection) => Some(rejection.reason),
            _ => None,
        })
        .collect();
    check(&reasons, &["it vanished", "cannot be read: it was replaced"]);
}

#[test]
fn names_that_are_not_utf8_are_opened() {
    let dir = tree(&[]);
    let name = OsStr::from_bytes(b"caf\xe9.eml");
    if fs::write(dir.path().join(name), EML).is_err() {
        eprintln!("skipped: this file system has UTF-8 names only");
        return;
    }
    check(&read(dir.path()), &["caf\u{fffd}.eml is eml", "caf\u{fffd}.eml: 46 bytes"]);
}

#[test]
fn names_are_those_of_the_real_path() {
    let dir = tree(&[("M/cur/1", b"damaged"), ("M/.A/cur/2", b"damaged")]);
    symlink(dir.path().join("M/.A"), dir.path().join("link")).unwrap();
    let dots = dir.path().join("M/new/../cur/../.A/cur/.");
    fs::create_dir(dir.path().join("M/new")).unwrap();
    check(
        &read_as(dir.path(), &[dir.path().join("link")], As::Auto),
        &["link/cur/2 is maildir", "link/cur/2: 7 bytes in A"],
    );
    let lines = read_as(dir.path(), &[dots], As::Auto);
    assert!(lines[1].ends_with(": 7 bytes in A"), "{lines:?}");
}

#[test]
fn deep_folders_are_no_danger() {
    let dir = tree(&[]);
    let mut deep = dir.path().to_owned();
    for _ in 0..1000 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("a.eml"), EML).unwrap();
    assert_eq!(read(dir.path()).len(), 2);
}

#[test]
fn large_messages_stay_in_their_file() {
    let mut large = EML.as_bytes().to_vec();
    large.resize(LARGE as usize, b'x');
    let dir = tree(&[("a.eml", &large)]);
    large.push(b'x');
    fs::write(dir.path().join("b.eml"), &large).unwrap();
    let raws: Vec<bool> = open(&[dir.path().to_owned()], &Options::default())
        .unwrap()
        .filter_map(|event| match event {
            SourceEvent::Record(record) => Some(matches!(record.raw, Raw::Stored(_))),
            _ => None,
        })
        .collect();
    assert_eq!(raws, [false, true]);
}

#[test]
fn nothing_given_is_nothing_read() {
    assert_eq!(open(&[], &Options::default()).unwrap().count(), 0);
}

#[test]
fn sample_messages_are_recognised() {
    let Some(shared) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let samples = Path::new(&shared).join("samples");
    for (folder, least) in [("mail-eml", 415), ("mail-maildir", 30), ("mail-mbox", 16)] {
        let events = open(&[samples.join(folder)], &Options::default()).unwrap();
        let records = events.filter(|event| matches!(event, SourceEvent::Record(_))).count();
        assert!(records >= least, "{folder}: {records}");
    }
}

#[test]
fn a_file_that_a_record_carries_is_no_source_of_its_own() {
    let record = r#"{"platform":"sms","sent":"2026-03-27T21:41:00Z","sender":{"number":"1"},"attachments":[{"path":"media/a.jpg"}]}"#;
    let dir = tree(&[
        ("chat.jsonl", record.as_bytes()),
        ("media/a.jpg", b"\xff\xd8\xff\xe0 carried"),
        ("media/b.jpg", b"\xff\xd8\xff\xe0 alone"),
    ]);
    let lines = read_as(dir.path(), &[dir.path().to_owned()], As::Auto);
    assert!(lines.iter().any(|line| line.starts_with("chat.jsonl#1: ")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("a.jpg")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("media/b.jpg: ")), "{lines:?}");
}
