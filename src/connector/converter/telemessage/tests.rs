//! A delivery is taken whole, and whatever its manifest names and is not there is reported.

use std::fs;
use std::io::Write;
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::connector::{As, FileAccount, Options, SourceEvent, open};

const MAIL: &[u8] = b"From: 16174354634@sms.example\nSubject: SMS Message from 16174354634 to 12124325249\n\nhi\n";

fn delivery(folder: &Path, files: &[(&str, &[u8])]) -> std::path::PathBuf {
    let path = folder.join("202603270000-TeleMessage_1_0105.zip");
    let mut writer = ZipWriter::new(fs::File::create(&path).unwrap());
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    path
}

/// The records, the reasons of what was not taken, and the account.
fn read(path: &Path, as_format: As) -> (Vec<String>, Vec<String>, FileAccount) {
    let (mut records, mut reasons, mut account) = (Vec::new(), Vec::new(), FileAccount::default());
    let name = |origin: &str| origin.rsplit('/').next().unwrap_or_default().to_owned();
    for event in open(&[path.to_owned()], &Options { as_format, ..Options::default() }).unwrap() {
        match event {
            SourceEvent::Record(record) => {
                let mut raw = vec![0; record.raw.source().len() as usize];
                record.raw.source().read_exact_at(0, &mut raw).unwrap();
                assert!(raw.starts_with(b"From: "), "the exact bytes");
                records.push(name(&record.origin));
            }
            SourceEvent::Rejected(rejection) => {
                reasons.push(format!("{}: {}", name(&rejection.origin), rejection.reason));
            }
            SourceEvent::Closed(closed) if !closed.notes.is_empty() => account = closed,
            SourceEvent::Closed(_) | SourceEvent::Opened { .. } => {}
        }
    }
    (records, reasons, account)
}

#[test]
fn a_whole_delivery_is_taken_whole() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = b"\xef\xbb\xbfCOUNT: 2\r\n\r\n\"A.EML\"\r\nmails\\b.eml\r\n";
    let path = delivery(folder.path(), &[("a.eml", MAIL), ("mails/b.eml", MAIL), ("d.mf", manifest)]);
    for as_format in [As::Auto, As::Telemessage] {
        let (records, reasons, account) = read(&path, as_format);
        assert_eq!(records, ["a.eml", "b.eml"]);
        assert!(reasons.is_empty(), "{reasons:?}");
        assert_eq!(account.notes, ["the manifest names 2 mails, and all of them are there"]);
    }
}

#[test]
fn what_is_amiss_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = b"Count: 5\na.eml\nempty.eml\nlost.eml\nwhat is this\n";
    let files: &[(&str, &[u8])] = &[
        ("x/a.eml", MAIL),
        ("x/empty.eml", b""),
        ("x/extra.eml", MAIL),
        ("x/m.mf", manifest),
        ("x/photo.jpg", b"\xff\xd8\xff"),
        ("x/unnamed", MAIL),
    ];
    let (records, reasons, account) = read(&delivery(folder.path(), files), As::Auto);
    assert_eq!(records, ["a.eml", "extra.eml", "unnamed"]);
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    assert!(reasons[0].starts_with("empty.eml: an empty file"), "{reasons:?}");
    assert!(reasons[1].starts_with("photo.jpg: no mail"), "{reasons:?}");
    assert!(reasons[2].starts_with("lost.eml: the manifest names this mail"), "{reasons:?}");
    assert!(reasons[3].contains("counts 5 mails and 4 are there or named: 1 mail may be lost"), "{reasons:?}");
    assert_eq!(
        account.notes,
        [
            "the manifest counts 5 mails, and there are 3",
            "the manifest names 3 mails, and 1 of them are not there",
            "the manifest has lines that name no file, such as `what is this`",
            "1 mail taken that the manifest does not name"
        ]
    );
}

#[test]
fn a_zip_of_mails_without_manifest_is_taken_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = delivery(folder.path(), &[("a.eml", MAIL)]);
    let (records, reasons, account) = read(&path, As::Telemessage);
    assert_eq!((records.len(), reasons.len()), (1, 0));
    assert!(account.notes[0].contains("no manifest"), "{account:?}");
    let (records, _, account) = read(&path, As::Auto);
    assert_eq!((records.len(), account.notes.len()), (1, 0));
}

#[test]
fn other_zip_files_are_no_deliveries() {
    let folder = tempfile::tempdir().unwrap();
    let jar: &[(&str, &[u8])] = &[("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n"), ("a.eml", MAIL)];
    let (records, _, account) = read(&delivery(folder.path(), jar), As::Auto);
    assert_eq!((records.len(), account.notes.len()), (1, 0));
}

#[test]
fn a_manifest_alone_names_what_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (records, reasons, _) = read(&delivery(folder.path(), &[("d.mf", b"Count: 1\r\na.eml")]), As::Auto);
    assert_eq!((records.len(), reasons.len()), (0, 1));
}

#[test]
fn an_unpacked_delivery_is_checked_too() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("a.eml", MAIL), ("b.eml", MAIL), ("d.mf", b"Count: 3\na.eml\nb.eml\nc.eml\n")] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    for as_format in [As::Auto, As::Telemessage] {
        let (records, reasons, account) = read(folder.path(), as_format);
        assert_eq!(records, ["a.eml", "b.eml"]);
        assert_eq!(reasons.len(), 1, "{reasons:?}");
        assert!(reasons[0].starts_with("d.mf#c.eml: the manifest names this mail"));
        assert_eq!(account.notes.len(), 2, "{account:?}");
    }
}

#[test]
fn hostile_names_and_a_hostile_manifest_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let mut manifest = b"Count: 18446744073709551615\na.eml\n../../etc/passwd.eml\n".to_vec();
    for n in 0..400_000 {
        writeln!(manifest, "lost/{n:08}-{n:08}.eml").unwrap();
    }
    assert!(manifest.len() > 10_000_000);
    let files: &[(&str, &[u8])] = &[("a.eml", MAIL), ("../../etc/passwd.eml", MAIL), ("d.mf", &manifest)];
    let (records, reasons, _) = read(&delivery(folder.path(), files), As::Auto);
    assert_eq!(records, ["a.eml"]);
    assert_eq!(reasons.len(), super::MAX_ABSENT + 3);
    assert!(reasons[0].contains("leads out"), "{}", reasons[0]);
    assert!(
        reasons[super::MAX_ABSENT + 1].contains("390000 mails more that are not there"),
        "{}",
        reasons[super::MAX_ABSENT + 1]
    );
}
