//! The search language as its user meets it: through the binary.

mod support;

use support::{TestArchive, number, text};

fn mail(subject: &str, body: &str) -> String {
    format!(
        "From: Ann Beebe <annb@contoso.com>\r\nTo: Garth <garthf@contoso.com>\r\nSubject: {subject}\r\n\
         Date: Thu, 15 Apr 2021 09:00:00 +0000\r\n\r\n{body}\r\n"
    )
}

fn archive() -> TestArchive {
    let archive = TestArchive::new();
    for (name, message) in [
        ("1.eml", mail("Budget Q1", "please review")),
        ("2.eml", mail("Lunch", "to x or not to x")),
        ("3.eml", format!("Status: RO\r\n{}", mail("Profit", "budget and lunch"))),
    ] {
        archive.write(&format!("mail/{name}"), message);
    }
    let import = archive.import(&archive.path("mail"), &["--create-mailboxes"]);
    assert_eq!(number(&import, "messages"), 3);
    archive
}

fn count(archive: &TestArchive, arguments: &[&str]) -> u64 {
    number(&archive.one("summary", &[&["search", "--count"], arguments].concat()), "messages")
}

#[test]
fn lenient_mode_reads_what_strict_mode_refuses_and_says_how() {
    let archive = archive();
    let refused = archive.run(&["search", "to: x"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("E_PROPERTY_SPACE"), "{}", refused.stderr);
    assert!(refused.stderr.contains("to: x\n   ^"), "{}", refused.stderr);
    let summary = archive.one("summary", &["search", "--count", "--lenient", "to: x"]);
    assert_eq!(number(&summary, "messages"), 1);
    assert_eq!(text(&summary, "mode"), "lenient");
    assert_eq!(text(&summary, "read_as"), "to AND x");
    let warnings = summary["warnings"].as_array().expect("warnings");
    assert_eq!(warnings.iter().map(|warning| text(warning, "code")).collect::<Vec<_>>(), ["W_PROPERTY_SPACE"]);
    assert_eq!(count(&archive, &["--lenient", ""]), 3);
    assert_eq!(count(&archive, &["--lenient", "sent:4/15/2021"]), 3);
    assert_eq!(archive.run(&["search", ""]).code, 2);
    assert_eq!(text(&archive.one("summary", &["search", "--count", "x"]), "mode"), "strict");
}

#[test]
fn what_was_read_is_found_by_the_flag_of_its_mail_store() {
    let archive = archive();
    assert_eq!(count(&archive, &["isread:true"]), 1);
    assert_eq!(count(&archive, &["isread:false"]), 2);
    assert_eq!(count(&archive, &["NOT isread:true"]), 2);
    assert_eq!(count(&archive, &["isread:true isread:false"]), 3);
}
