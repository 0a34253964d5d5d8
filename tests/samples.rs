//! Real mail files of many origins are imported whole, and every byte of them comes back.
#![cfg(feature = "cli")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use custodia::model::{Digest, ItemNo};
use support::{TestArchive, number, text};

const SINK: [&str; 3] = ["--mailbox", "all@archive.example", "--create-mailboxes"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path()).collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().expect("name").to_string_lossy().into_owned()
}

/// Checks that the archive holds exactly the messages `expected`, named by origin, and gives their bytes back.
fn assert_holds(archive: &TestArchive, expected: &BTreeMap<String, Vec<u8>>) {
    let items: BTreeMap<String, String> =
        archive.hits(None).iter().map(|hit| (text(hit, "digest"), text(hit, "item"))).collect();
    let mut opened = archive.open();
    for (name, bytes) in expected {
        let digest = Digest::of(bytes).to_string();
        let item: ItemNo =
            items.get(&digest).unwrap_or_else(|| panic!("{name} is not there")).parse().expect("a number");
        let mut raw = Vec::new();
        opened.write_raw(item, &mut raw).expect("it is read");
        assert!(raw == *bytes, "{name} came back changed");
    }
    let mut digests: Vec<_> = expected.values().map(|bytes| Digest::of(bytes)).collect();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(items.len(), digests.len(), "nothing else is there");
}

#[test]
fn each_mail_file_comes_back_whole() {
    let Some(shared) = support::shared::shared() else { return };
    let archive = TestArchive::new();
    let all =
        files(&shared.join("samples/mail-eml")).into_iter().filter(|path| path.extension().is_some_and(|e| e == "eml"));
    let expected: BTreeMap<_, _> = all.map(|path| (name(&path), fs::read(&path).expect("file"))).collect();
    for (name, bytes) in &expected {
        archive.write(&format!("eml/{name}"), bytes);
    }
    let summary = archive.import(&archive.path("eml"), &SINK);
    assert_eq!(number(&summary, "offered"), expected.len() as u64, "{summary}");
    assert_eq!(number(&summary, "stored") + number(&summary, "duplicate"), expected.len() as u64, "{summary}");
    assert_holds(&archive, &expected);

    let places = archive.places();
    let with_envelope = expected.iter().filter(|(_, bytes)| bytes.starts_with(b"From "));
    for (name, bytes) in with_envelope.chain(expected.iter().step_by(40)) {
        let digest = Digest::of(bytes).to_string();
        let item = places.iter().find(|((_, _, d), _)| *d == digest).map(|(_, item)| item).expect("it is there");
        let raw = archive.run(&["show", item, "--raw"]);
        assert!(raw.code == 0 && raw.stdout == *bytes, "{name} came back changed: {}", raw.stderr);
    }
    for item in places.values().step_by(9) {
        archive.one("item", &["show", item]);
    }
    archive.verify_clean();
}

#[test]
fn a_folder_with_other_files_among_the_mail_adds_up() {
    let Some(shared) = support::shared::shared() else { return };
    let archive = TestArchive::new();
    let folder = shared.join("samples/mail-eml");
    let summary = archive.import(&folder, &SINK);
    assert_eq!(number(&summary, "offered"), files(&folder).len() as u64, "{summary}");
    let mails = files(&folder).iter().filter(|path| path.extension().is_some_and(|e| e == "eml")).count() as u64;
    assert!(number(&summary, "stored") + number(&summary, "duplicate") >= mails, "{summary}");
    let again = archive.import(&folder, &SINK);
    assert_eq!((number(&again, "stored"), number(&again, "messages"), number(&again, "items")), (0, 0, 0));
    archive.verify_clean();
}

/// Whether a line can follow a separator: a header field, or the empty line after a header without fields.
fn begins_message(line: &[u8]) -> bool {
    let name = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    line == b"\n" || (name > 0 && line.get(name) == Some(&b':'))
}

/// The messages of an mbox, found in a way of its own: a separator is a `From ` line at the start or after an empty line,
/// (after any where a file has no `blank_lines`), and before a header; the empty line before a separator or the end is the file's.
fn mbox_messages(bytes: &[u8], blank_lines: bool) -> Vec<Vec<u8>> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut before = b"\n".as_slice();
    for (line, next) in lines.iter().zip(lines.iter().skip(1).chain([&b"".as_slice()])) {
        if (before == b"\n" || !blank_lines) && line.starts_with(b"From ") && begins_message(next) {
            messages.push(Vec::new());
        } else if let Some(message) = messages.last_mut() {
            message.extend_from_slice(line);
        }
        before = line;
    }
    for message in &mut messages {
        if message.ends_with(b"\n\n") {
            message.pop();
        }
    }
    messages
}

#[test]
fn each_message_of_an_mbox_comes_back_whole() {
    let Some(shared) = support::shared::shared() else { return };
    for (file, messages, blank_lines) in [
        ("freeeed_headers.mbox", 1, true),
        ("freeeed_simple.mbox", 2, true),
        ("freeeed_single_mail.mbox", 1, true),
        ("mime4j_mbox-example_mbox.rlug", 5, true),
        ("mimekit_issue1189.mbox.txt", 4, true),
        ("mimekit_simple.mbox.txt", 3, false),
    ] {
        let archive = TestArchive::new();
        let path = shared.join("samples/mail-mbox").join(file);
        let expected = mbox_messages(&fs::read(&path).expect("file"), blank_lines);
        assert_eq!(expected.len(), messages, "{file}");
        let summary = archive.import(&path, &SINK);
        assert_eq!(number(&summary, "offered"), messages as u64, "{file}: {summary}");
        assert_eq!(number(&summary, "rejected") + number(&summary, "quarantined"), 0, "{file}: {summary}");
        let expected = expected.into_iter().enumerate().map(|(n, bytes)| (format!("{file} {n}"), bytes));
        assert_holds(&archive, &expected.collect());
        archive.verify_clean();
    }
}

#[test]
fn single_messages_cut_from_an_mbox_are_the_same_messages() {
    let Some(shared) = support::shared::shared() else { return };
    let folder = shared.join("samples/mail-mbox");
    let archive = TestArchive::new();
    archive.import(&folder, &SINK);
    for file in files(&folder).iter().filter(|path| name(path).contains("rlug-")) {
        let bytes = fs::read(file).expect("file");
        let digest = Digest::of(&bytes).to_string();
        assert!(archive.places().keys().any(|(_, _, d)| *d == digest), "{} is not there", name(file));
    }
    archive.verify_clean();
}

#[test]
fn a_maildir_comes_back_whole_in_its_folders() {
    let Some(shared) = support::shared::shared() else { return };
    let archive = TestArchive::new();
    let mut expected = BTreeMap::new();
    for file in files(&shared.join("samples/mail-maildir")) {
        let bytes = fs::read(&file).expect("file");
        let parts: Vec<String> = name(&file).split("__").map(str::to_owned).collect();
        archive.write(&format!("maildir/{}", parts.join("/")), &bytes);
        expected.insert(name(&file), bytes);
    }
    let summary = archive.import(&archive.path("maildir"), &SINK);
    assert_eq!(number(&summary, "offered"), expected.len() as u64, "{summary}");
    assert_eq!(number(&summary, "rejected") + number(&summary, "quarantined"), 0, "{summary}");
    assert_holds(&archive, &expected);
    archive.verify_clean();
}
