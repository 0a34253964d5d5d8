//! Two people, with mails of 2020 and 2023.

use super::{TestArchive, number};

pub(crate) const ANN: &str = "ann@x.example";
pub(crate) const BOB: &str = "bob@x.example";

pub(crate) const IN_2020: &str = "Wed, 15 Jan 2020 12:00:00 +0000";
pub(crate) const IN_2023: &str = "Sun, 15 Jan 2023 12:00:00 +0000";

/// A mail; without date if that is empty.
pub(crate) fn mail(to: &str, subject: &str, date: &str, body: &str) -> String {
    let date = if date.is_empty() { String::new() } else { format!("Date: {date}\n") };
    format!(
        "From: eve@elsewhere.example\nTo: {to}\n{date}Message-ID: <{subject}@elsewhere.example>\nSubject: {subject}\n\n\
         {body}\n"
    )
}

/// Imports a mail into the mailbox that it is to.
pub(crate) fn import(archive: &TestArchive, to: &str, subject: &str, date: &str, body: &str) {
    let path = archive.write(&format!("{subject}.eml"), mail(to, subject, date, body));
    assert_eq!(number(&archive.import(&path, &["--mailbox", to]), "stored"), 1);
}

/// The mailboxes of both. Ann has `alpha` of 2020, about the merger, and `beta` of 2023; Bob has `gamma` of 2020, about the
/// merger.
pub(crate) fn office() -> TestArchive {
    let archive = TestArchive::new();
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address]);
    }
    import(&archive, ANN, "alpha", IN_2020, "the merger");
    import(&archive, ANN, "beta", IN_2023, "lunch");
    import(&archive, BOB, "gamma", IN_2020, "the merger");
    archive
}
