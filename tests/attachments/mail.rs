//! Mails with attachments, taken in and asked about.

use data_encoding::BASE64;
use serde_json::Value;

use super::support::{TestArchive, number};

/// An attachment: its name, its declared type, its bytes.
pub(crate) type File<'a> = (&'a str, &'a str, Vec<u8>);

/// A mail with attachments.
pub(crate) fn mail(subject: &str, files: &[File<'_>]) -> String {
    let mut mail = format!(
        "From: ann@firm.example\nTo: ben@firm.example\nDate: Tue, 14 Jan 2025 09:30:00 +0000\nMessage-ID: \
         <{subject}@firm.example>\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; \
         boundary=\"cut\"\n\n--cut\nContent-Type: text/plain\n\nsee the file\n"
    );
    for (name, media_type, bytes) in files {
        let encoded = BASE64.encode(bytes).into_bytes();
        let lines: Vec<_> = encoded.chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        mail.push_str(&format!(
            "--cut\nContent-Type: {media_type}; name=\"{name}\"\nContent-Disposition: attachment; \
             filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{}\n",
            lines.join("\n")
        ));
    }
    mail + "--cut--\n"
}

/// An archive with one mail that carries `files`.
pub(crate) fn archive_with(files: &[File<'_>]) -> TestArchive {
    let archive = TestArchive::new();
    take(&archive, "first", files);
    archive
}

/// Takes in a mail; returns the summary.
pub(crate) fn take(archive: &TestArchive, subject: &str, files: &[File<'_>]) -> Value {
    let path = archive.write(&format!("{subject}.eml"), mail(subject, files));
    archive.import(&path, &["--mailbox", "all@firm.example", "--create-mailboxes"])
}

/// How many messages a query finds, and how many items in scope are partially indexed.
pub(crate) fn found(archive: &TestArchive, query: &str) -> (u64, u64) {
    let summary = archive.one("summary", &["search", query, "--count"]);
    (number(&summary, "messages"), number(&summary, "partially_indexed"))
}

/// Why item 1 is partially indexed.
pub(crate) fn reasons(archive: &TestArchive) -> Vec<String> {
    let shown = archive.one("item", &["show", "1"]);
    let reasons = shown.get("partially_indexed").and_then(Value::as_array).expect("reasons");
    reasons.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}
