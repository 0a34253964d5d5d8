//! Files of own making and of Outlook are read whole, and damaged ones are told apart from them.

use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::Arc;

use cfb::CompoundFile;
use proptest::prelude::*;

use super::super::compound::{Compound, CompoundItem};
use super::super::item::Item;
use super::super::msg;
use super::super::property::id;
use crate::connector::shared::samples;
use crate::connector::{Format, Options, Raw, SourceEvent, open};
use crate::message::{RawSource, facts};
use crate::model::Digest;

/// 2024-03-05 10:20:30 UTC.
const TICKS: i64 = (1_709_634_030 + 11_644_473_600) * 10_000_000;

type File = CompoundFile<Cursor<Vec<u8>>>;

fn stream(file: &mut File, path: &str, bytes: &[u8]) {
    file.create_stream(path).unwrap().write_all(bytes).unwrap();
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn fixed(header: usize, values: &[(u16, u16, i64)]) -> Vec<u8> {
    let mut bytes = vec![0; header];
    for (id, kind, value) in values {
        bytes.extend(kind.to_le_bytes());
        bytes.extend(id.to_le_bytes());
        bytes.extend([6, 0, 0, 0]);
        bytes.extend(value.to_le_bytes());
    }
    bytes
}

/// A message in Cyrillic of an old code page, to one recipient, with a file, a message and an object attached.
fn message_file() -> Vec<u8> {
    let mut file = File::create(Cursor::new(Vec::new())).unwrap();
    let code_pages = [(id::MESSAGE_CODE_PAGE, 3, 1251), (id::SUBMIT_TIME, 0x40, TICKS)];
    stream(&mut file, "/__properties_version1.0", &fixed(32, &code_pages));
    stream(&mut file, "/__substg1.0_0037001E", b"\xcf\xf0\xe8\xe2\xe5\xf2");
    stream(&mut file, "/__substg1.0_1000001F", &wide("body \u{1f600}"));
    stream(&mut file, "/__substg1.0_10130102", b"<p>body</p>");
    file.create_storage("/__recip_version1.0_#00000000").unwrap();
    stream(&mut file, "/__recip_version1.0_#00000000/__properties_version1.0", &fixed(8, &[(0x0C15, 3, 1)]));
    stream(&mut file, "/__recip_version1.0_#00000000/__substg1.0_39FE001F", &wide("li@firm.example"));
    for (number, method) in [(0, 1), (1, 5), (2, 6), (3, 4)] {
        let path = format!("/__attach_version1.0_#0000000{number}");
        file.create_storage(&path).unwrap();
        stream(&mut file, &format!("{path}/__properties_version1.0"), &fixed(8, &[(id::ATTACH_METHOD, 3, method)]));
        match method {
            1 => stream(&mut file, &format!("{path}/__substg1.0_37010102"), &[7; 9000]),
            4 => stream(&mut file, &format!("{path}/__substg1.0_370D001F"), &wide("\\\\server\\plan.doc")),
            _ => {
                let inner = format!("{path}/__substg1.0_3701000D");
                file.create_storage(&inner).unwrap();
                stream(&mut file, &format!("{inner}/__properties_version1.0"), &fixed(24, &[]));
                stream(&mut file, &format!("{inner}/__substg1.0_0037001E"), b"\xe2\xed\xf3\xf2\xf0\xe8");
            }
        }
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn source(bytes: Vec<u8>) -> Arc<dyn RawSource> {
    Arc::new(bytes)
}

#[test]
fn a_message_file_is_rebuilt_and_kept_whole() {
    let bytes = message_file();
    let rebuilt = msg::read(&source(bytes.clone())).unwrap();
    assert_eq!(rebuilt.absent, 1);
    let Raw::Memory(mail) = rebuilt.raw else { panic!("small") };
    let facts = facts(&mail);
    assert_eq!(facts.subject, "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}");
    let sizes: Vec<_> =
        facts.attachments.iter().map(|file| (file.attachment.name.as_str(), file.attachment.bytes)).collect();
    assert_eq!(sizes.first(), Some(&("", 9000)), "{sizes:?}");
    assert_eq!(sizes.last(), Some(&("original.msg", bytes.len() as u64)), "{sizes:?}");
    assert!(
        sizes.iter().any(|(name, _)| *name == "message.eml")
            && sizes.iter().any(|(name, _)| name.ends_with("0037001E"))
    );
    let mail = String::from_utf8_lossy(&mail).replace("\r\n ", " ");
    assert!(mail.contains("only refers to `\\\\server\\plan.doc`"), "{mail}");
    assert!(mail.contains("To: <li@firm.example>\r\n"));
}

#[test]
fn an_office_file_is_no_message() {
    let mut file = File::create(Cursor::new(Vec::new())).unwrap();
    stream(&mut file, "/WordDocument", b"x");
    file.flush().unwrap();
    let refused = msg::read(&source(file.into_inner().into_inner())).err().unwrap();
    assert!(refused.contains("Office"), "{refused}");
}

#[test]
fn streams_that_share_sectors_do_not_grow_without_end() {
    let compound = Compound::open(source(message_file())).unwrap();
    let item = CompoundItem::top(&compound).unwrap();
    let ended = (0..1000).map(|_| item.attachment(0)).find_map(Result::err);
    assert!(ended.unwrap().contains("more than the file can"));
}

fn events(path: &Path) -> Vec<SourceEvent> {
    open(&[path.to_owned()], &Options::default()).unwrap().collect()
}

#[test]
fn messages_of_outlook_are_rebuilt() {
    let Some(folder) = samples("mail-msg") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let events = events(&path);
        let record = events.iter().find_map(|event| match event {
            SourceEvent::Record(record) => Some(record),
            _ => None,
        });
        let Some(record) = record else { panic!("{events:?}") };
        let source = record.raw.source();
        let mut raw = vec![0; source.len() as usize];
        source.read_exact_at(0, &mut raw).unwrap();
        let facts = facts(&raw);
        let names: Vec<_> = facts.attachments.iter().map(|file| file.attachment.name.as_str()).collect();
        assert_eq!(names.last(), Some(&"original.msg"));
        let original = facts.attachments.last().unwrap();
        assert_eq!(original.attachment.digest, Digest::of(&std::fs::read(&path).unwrap()));
        assert!(!facts.subject.is_empty() && !facts.participants.is_empty() && facts.sent_at.is_some());
    }
}

#[test]
fn an_empty_data_file_has_no_items_and_a_damaged_one_ends() {
    let Some(folder) = samples("mail-pst") else { return };
    let whole = std::fs::read(folder.join("outlookpstrs_Empty.pst")).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let read = |bytes: &[u8]| {
        let path = scratch.path().join("a.pst");
        std::fs::write(&path, bytes).unwrap();
        events(&path)
    };
    let found = read(&whole);
    assert!(
        matches!(found.as_slice(), [SourceEvent::Opened { format: Format::Pst, .. }, SourceEvent::Closed(_)]),
        "{found:?}"
    );
    for step in 0..400_usize {
        let mut bytes = whole.clone();
        let at = step * 677 % bytes.len();
        bytes[at] ^= 0xFF;
        bytes[(at * 31 + step) % whole.len()] ^= 0x55;
        bytes.truncate(whole.len() - (step % 7) * 9000);
        assert!(!read(&bytes).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_damaged_message_file_never_ends_the_program(
        cut in 0_usize..20_000, flips in prop::collection::vec((0_usize..20_000, any::<u8>()), 0..20)
    ) {
        let mut bytes = message_file();
        for (at, mask) in flips {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= mask;
            }
        }
        bytes.truncate(cut.max(600));
        if let Ok(rebuilt) = msg::read(&source(bytes)) {
            let len = rebuilt.raw.source().len();
            prop_assert!(len > 0);
        }
    }
}
