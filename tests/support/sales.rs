//! Two people in sales, each with one mail of six years ago.

use super::{TestArchive, number};

pub(crate) const ANN: &str = "ann@x.example";
pub(crate) const BOB: &str = "bob@x.example";

/// One mail of six years ago of Ann's (`alpha`) and one of Bob's (`beta`).
pub(crate) fn office() -> TestArchive {
    let archive = TestArchive::new();
    for (address, subject) in [(ANN, "alpha"), (BOB, "beta")] {
        archive.ok(&["mailbox", "add", address, "--attr", "department=Sales"]);
        let mail = format!(
            "From: eve@elsewhere.example\nTo: {address}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\n\
             Message-ID: <{subject}@elsewhere.example>\nSubject: {subject}\n\nabout {subject}\n"
        );
        let path = archive.write(&format!("{subject}.eml"), mail);
        assert_eq!(number(&archive.import(&path, &["--mailbox", address]), "stored"), 1);
    }
    archive
}
