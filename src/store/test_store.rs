//! An empty store for tests.

use super::{ArchiveInfo, FORMAT, Store};
use crate::model::UtcTime;

/// 2026-01-15T12:00:00Z.
pub(super) const TIME: UtcTime = UtcTime(1_768_478_400_000);

/// A new store; it is gone with the directory.
pub(super) fn test_store() -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let info = ArchiveInfo {
        format: FORMAT,
        id: "00112233445566778899aabbccddeeff".to_owned(),
        name: "sample".to_owned(),
        created_at: TIME,
        min_residence_days: 30,
    };
    let store = Store::create(&directory.path().join("archive.redb"), &info).unwrap();
    (directory, store)
}
