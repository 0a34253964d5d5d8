//! An archive with the messages in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use custodia::archive::{Archive, Clock, CreateOptions, ImportOptions, ImportReport, Interrupt, NewMailbox, Session};
use custodia::model::{Actor, UtcTime};
use tempfile::TempDir;

use super::people::Person;

/// 2026-01-15T12:00:00Z in milliseconds since the epoch.
const NOW: i64 = 1_768_478_400_000;

/// An archive in a directory that goes with it.
pub(crate) struct Library {
    pub(crate) archive: Archive,
    directory: TempDir,
}

impl Library {
    /// The archive's directory.
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("archive")
    }
}

/// An archive with the staff's mailboxes and nothing in them.
pub(crate) fn empty_library() -> Library {
    let directory = TempDir::new().expect("a directory for temporary files is there");
    let archive = library_in(&directory.path().join("archive"));
    Library { archive, directory }
}

/// The same at `path`.
pub(crate) fn library_in(path: &Path) -> Archive {
    let session = Session {
        actor: Actor("bench".to_owned()),
        purpose: String::new(),
        command: "bench".to_owned(),
        wait: Duration::ZERO,
        clock: Clock::Fixed(UtcTime(NOW)),
        attachments: None,
    };
    let options =
        CreateOptions { name: None, min_residence_days: 30, timezone: Some("UTC".to_owned()), dual_control: false };
    let mut archive = Archive::create(path, &options, session).expect("the directory is new");
    for person in Person::staff() {
        let mailbox = NewMailbox {
            address: person.address(),
            display_name: person.name(),
            phones: vec![person.number()],
            ..NewMailbox::default()
        };
        archive.add_mailbox(&mailbox).expect("each person has an address of their own");
    }
    archive
}

/// Imports what is at `path`.
pub(crate) fn fill(archive: &mut Archive, path: &Path) -> ImportReport {
    let options = ImportOptions { paths: vec![path.to_owned()], ..ImportOptions::default() };
    let imported = archive.import(&options, &Interrupt::default(), &mut |_| {});
    let report = imported.expect("what was made for it can be imported");
    assert!(report.rejected.is_empty(), "{:?}", report.rejected.first());
    report
}

/// Writes mails as an mbox and records as JSON lines into a new directory.
pub(crate) fn write(mails: &[Vec<u8>], records: &[String]) -> TempDir {
    let directory = TempDir::new().expect("a directory for temporary files is there");
    let put = |name: &str, bytes: &[u8]| {
        fs::write(directory.path().join(name), bytes).expect("a temporary file can be written");
    };
    if !mails.is_empty() {
        let mut mbox = Vec::new();
        for mail in mails {
            mbox.extend_from_slice(b"From bench@firm.example Mon Jan  1 00:00:00 2024\n");
            mbox.extend_from_slice(mail);
            mbox.push(b'\n');
        }
        put("mail.mbox", &mbox);
    }
    if !records.is_empty() {
        put("chat.jsonl", (records.join("\n") + "\n").as_bytes());
    }
    directory
}
