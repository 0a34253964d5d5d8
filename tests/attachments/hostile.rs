//! Files made to harm their reader: the archive lives, the message is kept, and what was not read is said.

use super::files::{docx, gzip, pdf, pdf_with_page, xlsx, zip};
use super::mail::{archive_with, found, mail, reasons};
use super::support::TestArchive;

/// A mail with the file is kept, found by its subject, and partially indexed for `reason`.
fn check(name: &str, bytes: Vec<u8>, reason: &str) {
    let archive = archive_with(&[(name, "application/octet-stream", bytes)]);
    assert_eq!(found(&archive, "subject:first"), (1, 1), "{name}");
    let said = reasons(&archive);
    assert!(said.iter().any(|said| said.contains(reason)), "{name}: {said:?}");
    archive.verify_clean();
}

#[test]
fn bombs_are_not_unpacked() {
    let zeros = vec![b'0'; 300 << 20];
    check("bomb.zip", zip(&[("a.txt", &zeros)]), "too large once unpacked");
    check("bomb.gz", gzip(&zeros), "too large once unpacked");
    check(
        "bomb.docx",
        zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &zeros)]),
        "too large once unpacked",
    );
}

#[test]
fn nesting_ends_somewhere() {
    let nested = (0..40).fold(b"innermost".to_vec(), |inner, _| zip(&[("a.zip", &inner)]));
    check("nested.zip", nested, "nested deeper than 30");
    let array = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let nested = pdf_with_page("BT ET");
    let text = String::from_utf8_lossy(&nested).replace("[0 0 612 792]", &array);
    let archive = archive_with(&[("deep.pdf", "application/pdf", text.into_bytes())]);
    assert_eq!(found(&archive, "subject:first"), (1, 1));
}

#[test]
fn entities_do_not_grow() {
    let mut declared = String::from("<!DOCTYPE w [<!ENTITY a0 \"laugh\">");
    for n in 1..30 {
        declared.push_str(&format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)));
    }
    let document = format!("<?xml version=\"1.0\"?>{declared}]><w:document><w:t>kept &a29; text</w:t></w:document>");
    let file = zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())]);
    let archive = archive_with(&[("laugh.docx", "application/octet-stream", file)]);
    assert_eq!(found(&archive, "kept"), (1, 0), "{:?}", reasons(&archive));
}

#[test]
fn a_sheet_of_any_dimension_is_read_cell_by_cell() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>near</t></is></c></row>\
                <row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t>far</t></is></c></row>";
    let archive = archive_with(&[("wide.xlsx", "application/octet-stream", xlsx(rows, &[]))]);
    assert_eq!((found(&archive, "near"), found(&archive, "far")), ((1, 0), (1, 0)));
}

#[test]
fn a_form_that_shows_itself_does_not_go_on_for_ever() {
    let text = String::from_utf8_lossy(&pdf_with_page("/X Do"))
        .replace("/Resources <<", "/Resources << /XObject << /X 3 0 R >>");
    let archive = archive_with(&[("loop.pdf", "application/pdf", text.into_bytes())]);
    assert_eq!(found(&archive, "subject:first"), (1, 1));
    archive.verify_clean();
}

#[test]
fn too_many_attachments_and_too_much_text_are_said() {
    let files: Vec<_> =
        (0..260).map(|n| ("a.txt", "application/octet-stream", format!("word{n}").into_bytes())).collect();
    let archive = archive_with(&files);
    assert_eq!((found(&archive, "word249"), found(&archive, "word250")), ((1, 1), (0, 1)));
    assert!(reasons(&archive)[0].contains("more than 250 attachments"), "{:?}", reasons(&archive));
    let long = "word ".repeat(500_000) + "lastword";
    check("long.docx", docx(&[&long]), "only the first 2000000 characters");
}

/// A process that fails in each way that a parser may.
#[test]
fn a_reader_that_fails_costs_only_itself() {
    for (fault, reason) in [
        ("crash", "its reader failed"),
        ("memory", "more than 1024 MiB of memory"),
        ("stack", "nested too deep"),
        ("loop", "longer than 1 seconds"),
        ("hang", "longer than 1 seconds"),
    ] {
        let archive = TestArchive::new();
        let path = archive.write("a.eml", mail("first", &[("a.pdf", "application/pdf", pdf(&["secretword"]))]));
        let arguments = ["import", path.to_str().expect("UTF-8"), "--mailbox", "a@firm.example", "--create-mailboxes"];
        let mut command = archive.command(&arguments);
        let seconds = if ["loop", "hang"].contains(&fault) { "1" } else { "60" };
        command.env("CUSTODIA_ATTACHMENT_FAULT", fault).env("CUSTODIA_ATTACHMENT_SECONDS", seconds);
        let output = command.output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(0), "{fault}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(found(&archive, "secretword"), (0, 1), "{fault}");
        let said = reasons(&archive);
        assert!(said.len() == 1 && said[0].contains(reason), "{fault}: {said:?}");
        // With an index made anew it is read again.
        archive.ok(&["index", "rebuild"]);
        assert_eq!(found(&archive, "secretword"), (1, 0), "{fault}");
    }
}
