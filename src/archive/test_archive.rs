//! A new archive for tests of what only this room sees.

use std::time::Duration;

use tempfile::TempDir;

use super::{Archive, Clock, CreateOptions, Session};
use crate::model::{Actor, UtcTime};

/// An empty archive without minimum residence, on 2026-01-15 at noon.
pub(super) fn new_archive() -> (TempDir, Archive) {
    let directory = tempfile::tempdir().unwrap();
    let session = Session {
        actor: Actor("olga".to_owned()),
        purpose: String::new(),
        command: "test".to_owned(),
        wait: Duration::ZERO,
        clock: Clock::Fixed(UtcTime(1_768_478_400_000)),
        attachments: None,
    };
    let options =
        CreateOptions { name: None, min_residence_days: 0, timezone: Some("UTC".to_owned()), dual_control: false };
    let archive = Archive::create(&directory.path().join("archive"), &options, session).unwrap();
    (directory, archive)
}
