//! Whatever the bytes, nothing panics and no line is lost.

use proptest::prelude::*;

use super::super::body::{Proof, read};
use super::super::lines::Lines;
use super::*;

const HEADER: &str = "13/01/2023, 16:13 - ";

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just(HEADER.to_owned()),
        Just("[13/01/2023, 16:13:00] Ann: \u{200e}".to_owned()),
        Just("<attached: ../../x.jpg>".to_owned()),
        Just(" <This message was edited>".to_owned()),
        Just("\u{200e}POLL:\nq\n\u{200e}OPTION: ".to_owned()),
        Just("Voice call. ".to_owned()),
        Just("https://maps.google.com/?q=".to_owned()),
        "[0-9/.:, -]{0,20}",
        "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_read(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        bytes.splice(0..0, HEADER.bytes());
        let folder = folder(&[("a.txt", &bytes)]);
        let read = read_path(&folder.path().join("a.txt"), &options(Some(DateOrder::Dmy)));
        prop_assert!(!read.mails.is_empty());
    }

    #[test]
    fn every_line_is_in_a_message_or_rejected(pieces in proptest::collection::vec(piece(), 0..40)) {
        let text = format!("before\n{HEADER}Ann: {}\n", pieces.concat());
        let folder = folder(&[("a.txt", text.as_bytes())]);
        let read = read_path(&folder.path().join("a.txt"), &options(Some(DateOrder::Dmy)));
        prop_assert_eq!(read.rejected.first().map(|(_, bytes)| *bytes), Some(7));
        let mut lines = Lines::new(source(text.as_bytes()));
        let (mut line, mut headers, mut total) = (Vec::new(), 0, 0);
        while let Some(piece) = lines.next(&mut line).unwrap() {
            headers += usize::from(super::super::header::Header::parse(&line).is_some());
            total += piece.bytes;
        }
        prop_assert_eq!(total, text.len() as u64);
        prop_assert_eq!(read.mails.len(), headers);
    }

    #[test]
    fn texts_of_any_kind_are_kept(pieces in proptest::collection::vec(piece(), 0..10)) {
        let text = pieces.concat();
        for proof in [Proof::Mark, Proof::Wording] {
            prop_assert!(text.starts_with(&read(&text, proof).text));
        }
    }
}

#[test]
fn a_file_of_one_endless_line_is_no_burden() {
    let mut bytes = format!("{HEADER}Ann: ").into_bytes();
    bytes.resize(18 << 20, b'x');
    let folder = folder(&[("a.txt", &bytes)]);
    let read = read_path(&folder.path().join("a.txt"), &options(Some(DateOrder::Dmy)));
    assert_eq!(read.mails.len(), 1);
    assert!(read.rejected[0].0.contains("more than"), "{:?}", read.rejected);
}

#[test]
fn nothing_follows_what_was_cut() {
    let mut bytes = format!("{HEADER}Ann: first\n").into_bytes();
    bytes.resize(17 << 20, b'x');
    bytes.extend_from_slice(b"\nafter the gap\n");
    let folder = folder(&[("a.txt", &bytes)]);
    let read = read_path(&folder.path().join("a.txt"), &options(Some(DateOrder::Dmy)));
    // Whole pieces of 1 MiB are taken of the line that is too long.
    let taken = HEADER.len() + "Ann: first\n".len() + (15 << 20);
    assert_eq!(read.rejected[0].1, (bytes.len() - taken) as u64);
}

#[test]
fn names_lead_nowhere_else() {
    for name in ["../secret.jpg", "/etc/passwd.x", "..\\secret.jpg", "a/../../secret.jpg"] {
        let outer = tempfile::tempdir().unwrap();
        fs::write(outer.path().join("secret.jpg"), "secret").unwrap();
        fs::create_dir(outer.path().join("in")).unwrap();
        let path = outer.path().join("in/a.txt");
        fs::write(&path, format!("{HEADER}Ann: {name} (file attached)\n")).unwrap();
        let read = read_path(&path, &options(Some(DateOrder::Dmy)));
        assert!(read.facts(0).attachments.is_empty());
        assert_eq!(read.account.absent_attachments, 1);
    }
}

#[test]
fn bytes_that_are_no_text_are_kept_beside() {
    let bytes = [HEADER.as_bytes(), b"Ann: caf\xe9\n"].concat();
    let folder = folder(&[("a.txt", &bytes)]);
    let read = read_path(&folder.path().join("a.txt"), &options(Some(DateOrder::Dmy)));
    assert_eq!(read.text(0), "caf\u{fffd}");
    assert!(!read.extra(0, "/undecoded_base64").is_null());
    let utf16 = super::folder(&[("a.txt", b"\xff\xfe1\x003\x00")]);
    let read = read_path(&utf16.path().join("a.txt"), &options(None));
    assert!(read.rejected[0].0.contains("UTF-16"));
}
