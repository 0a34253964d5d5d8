//! Items of own making become mails from which nothing is missing.

mod data_file;
mod files;

use proptest::prelude::*;

use super::body::Bodies;
use super::item::{Item, ItemAttachment, ItemContent};
use super::mail::rebuild;
use super::property::{Properties, Property, Value, id, time_of};
use crate::connector::Raw;
use crate::message::facts;
use crate::text::rtf::{RtfContent, content};

/// An item that is written down in a test.
#[derive(Default)]
struct Noted {
    properties: Properties,
    recipients: Vec<Properties>,
    attachments: Vec<fn() -> Result<ItemAttachment, String>>,
}

impl Item for Noted {
    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn recipients(&self) -> &[Properties] {
        &self.recipients
    }

    fn attachments(&self) -> usize {
        self.attachments.len()
    }

    fn attachment(&self, index: usize) -> Result<ItemAttachment, String> {
        self.attachments[index]()
    }
}

fn noted(values: &[(u16, Value)]) -> Properties {
    let mut properties = Properties::default();
    for (id, value) in values {
        let kind = match value {
            Value::Text(_) => 0x1F,
            Value::Time(_) => 0x40,
            Value::Binary(_) => 0x102,
            _ => 3,
        };
        properties.add(*id, Property { kind, name: None, value: value.clone() });
    }
    properties
}

fn text(id: u16, text: &str) -> (u16, Value) {
    (id, Value::Text(text.to_owned()))
}

/// 2024-03-05 10:20:30 UTC.
const TICKS: i64 = (1_709_634_030 + 11_644_473_600) * 10_000_000;

fn mail(item: &dyn Item) -> String {
    let Raw::Memory(bytes) = rebuild(item, "pst", None).unwrap().raw else { panic!("small") };
    String::from_utf8(bytes).unwrap()
}

fn recipient(role: i64, name: &str, kind: &str, address: &str) -> Properties {
    let role = (id::RECIPIENT_TYPE, Value::Integer(role));
    noted(&[role, text(id::DISPLAY_NAME, name), text(id::ADDRESS_TYPE, kind), text(id::ADDRESS, address)])
}

fn letter() -> Noted {
    Noted {
        properties: noted(&[
            text(id::MESSAGE_CLASS, "IPM.Note"),
            text(id::SUBJECT, "\u{1}\u{5}RE: Offer"),
            text(id::BODY, "Yes.\nGr\u{fc}\u{df}e"),
            text(id::FROM_NAME, "Hart, Susan"),
            text(id::FROM_TYPE, "EX"),
            text(id::FROM_ADDRESS, "/o=Firm/ou=A/cn=Recipients/cn=shart"),
            (id::SUBMIT_TIME, Value::Time(TICKS)),
            (id::DELIVERY_TIME, Value::Time(TICKS + 15_000_000)),
        ]),
        recipients: vec![
            recipient(1, "Li Wei", "SMTP", "li@firm.example"),
            recipient(2, "'ann@firm.example'", "SMTP", "ann@firm.example"),
            recipient(3, "Secret", "SMTP", "secret@firm.example"),
        ],
        attachments: Vec::new(),
    }
}

#[test]
fn fields_come_from_properties_where_nothing_was_transported() {
    let mail = mail(&letter());
    for line in [
        "From: \"Hart, Susan\" <shart@exchange.invalid>\r\n",
        "To: Li Wei <li@firm.example>\r\n",
        "Cc: <ann@firm.example>\r\n",
        "Bcc: Secret <secret@firm.example>\r\n",
        "Subject: RE: Offer\r\n",
        "Date: Tue, 05 Mar 2024 10:20:30 +0000\r\n",
        "X-Custodia-Rebuilt: pst\r\n",
        "X-Custodia-Delivered: 2024-03-05T10:20:31.500Z\r\n",
        "\r\n\r\nYes.\r\nGr\u{fc}\u{df}e\r\n--custodia-",
    ] {
        assert!(mail.contains(line), "{line}\n{mail}");
    }
    assert!(mail.contains("@pst.invalid>\r\n"));
    let facts = facts(mail.as_bytes());
    assert_eq!(facts.participants.len(), 4, "{:?}", facts.participants);
    assert_eq!(facts.attachments.len(), 1);
    assert!(facts.defects.is_empty(), "{:?}", facts.defects);
}

#[test]
fn transported_fields_stand_as_they_are() {
    let mut letter = letter();
    let headers = "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a by b;\r\n\tMon, 4 Mar 2024 1:2:3 +0100\n\
                   From: Susan <s@firm.example>\r\nTo: LI@firm.example\r\nMIME-Version: 1.0\r\n\
                   Content-Type: text/plain;\r\n charset=x\r\nX-Custodia-Platform: sms\r\nDate: Mon, 4 Mar 2024 01:02:03 +0100\r\n\
                   \r\nBcc: injected@firm.example\r\n";
    letter
        .properties
        .add(id::TRANSPORT_HEADERS, Property { kind: 0x1F, name: None, value: Value::Text(headers.to_owned()) });
    let mail = mail(&letter);
    let (header, _) = mail.split_once("\r\n\r\n").unwrap();
    assert!(
        header
            .starts_with("Received: from a by b;\r\n\tMon, 4 Mar 2024 1:2:3 +0100\r\nFrom: Susan <s@firm.example>\r\n")
    );
    assert_eq!(header.matches("Content-Type:").count(), 1);
    assert_eq!(header.matches("Date:").count(), 1);
    for absent in ["X-Custodia-Platform", "injected", "charset=x", "Microsoft Mail", "shart", "Li Wei"] {
        assert!(!header.contains(absent), "{absent}");
    }
    assert!(header.contains("\r\nCc: <ann@firm.example>\r\nBcc: Secret <secret@firm.example>\r\n"), "{header}");
}

#[test]
fn the_same_item_gives_the_same_mail_and_another_one_does_not() {
    assert_eq!(mail(&letter()), mail(&letter()));
    let mut other = letter();
    other.recipients.pop();
    let id = |mail: &str| mail.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    assert_ne!(id(&mail(&letter())), id(&mail(&other)));
}

#[expect(clippy::unnecessary_wraps, reason = "one of several that may fail")]
fn file() -> Result<ItemAttachment, String> {
    let properties = noted(&[
        text(id::ATTACH_NAME, "\u{8bf4}\u{660e} \"1\".pdf"),
        text(id::ATTACH_TYPE, "Application/PDF"),
        text(id::CONTENT_ID, "<part1@x>"),
    ]);
    Ok(ItemAttachment { properties, content: ItemContent::File(b"%PDF-1.7".to_vec()) })
}

#[expect(clippy::unnecessary_wraps, reason = "one of several that may fail")]
fn nested() -> Result<ItemAttachment, String> {
    let properties = noted(&[text(id::DISPLAY_NAME, "RE: Offer")]);
    let item = Noted { attachments: vec![nested], ..letter() };
    Ok(ItemAttachment { properties, content: ItemContent::Item(Box::new(item)) })
}

fn damaged() -> Result<ItemAttachment, String> {
    Err("it is damaged".to_owned())
}

#[test]
fn attachments_are_whole_or_their_absence_is_told() {
    let item = Noted { attachments: vec![file, damaged], ..letter() };
    let rebuilt = rebuild(&item, "pst", None).unwrap();
    assert_eq!(rebuilt.absent, 1);
    let Raw::Memory(bytes) = rebuilt.raw else { panic!("small") };
    let facts = facts(&bytes);
    let names: Vec<_> = facts.attachments.iter().map(|file| file.attachment.name.as_str()).collect();
    assert_eq!(names, ["\u{8bf4}\u{660e} \"1\".pdf", "properties.json"]);
    let mail = String::from_utf8(bytes).unwrap();
    assert!(mail.contains("Content-Type: application/pdf\r\nContent-ID: <part1@x>\r\n"));
    assert!(mail.contains("\r\n\r\nJVBERi0xLjc=\r\n--"));
    assert!(mail.contains("X-Custodia-Problem: attachment 2 is not here: it is damaged\r\n"));
}

#[test]
fn messages_in_messages_end_somewhere() {
    let item = Noted { attachments: vec![nested], ..letter() };
    let rebuilt = rebuild(&item, "pst", None).unwrap();
    assert_eq!(rebuilt.absent, 1);
    let Raw::Memory(bytes) = rebuilt.raw else { panic!("small") };
    let mail = String::from_utf8(bytes).unwrap();
    assert_eq!(mail.matches("Content-Type: message/rfc822\r\n").count(), 20);
    assert_eq!(mail.replace("\r\n ", " ").matches("more than 20 others").count(), 1);
}

#[test]
fn appointments_can_be_found_by_their_properties() {
    let mut item = Noted { properties: noted(&[text(id::MESSAGE_CLASS, "IPM.Appointment")]), ..Noted::default() };
    for (id, name, value) in [
        (0x8001, "{00062002-0000-0000-C000-000000000046}/0x8208", Value::Text("Room 7".to_owned())),
        (0x8002, "{00062002-0000-0000-C000-000000000046}/0x820D", Value::Time(TICKS)),
        (0x8003, "{00020329-0000-0000-C000-000000000046}/Project", Value::Text("Blue".to_owned())),
    ] {
        item.properties.add(id, Property { kind: 0x1F, name: Some(name.to_owned()), value });
    }
    let mail = mail(&item);
    assert!(mail.contains("Location: Room 7\r\nStart: 2024-03-05T10:20:30Z\r\n"), "{mail}");
    assert!(mail.contains("/Project: Blue\r\n"));
}

#[test]
fn times_without_meaning_are_none() {
    assert_eq!(time_of(TICKS).unwrap().to_rfc3339(), "2024-03-05T10:20:30+00:00");
    for ticks in [0, -1, i64::MIN, i64::MAX, 0x0CB3_4557_A3DD_4000] {
        assert_eq!(time_of(ticks), None, "{ticks}");
    }
}

#[test]
fn html_and_text_are_taken_out_of_rtf() {
    for (rtf, expected) in [
        (
            r"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0\fswiss Arial;}}{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 Gr\'fc\'dfe{\*\htmltag84 &nbsp;}\u8364?{\*\htmltag72 </p>}}",
            RtfContent::Html("<p>Gr\u{fc}\u{df}e&nbsp;\u{20ac}</p>".to_owned()),
        ),
        (
            r"{\rtf1\ansi\ansicpg1251\fromtext {\fonttbl{\f0\fcharset204 Arial;}}{\*\generator X;}\f0 \'cf\'f0\par two\tab {\b x}\{}",
            RtfContent::Text("\u{41f}\u{440}\r\ntwo\tx{".to_owned()),
        ),
        (r"{\rtf1 \u-10179?\u-8704?{\pict 0102}\'4", RtfContent::Text("\u{1f600}4".to_owned())),
        ("", RtfContent::Text(String::new())),
        (r"}}}}\\a", RtfContent::Text("\\a".to_owned())),
    ] {
        assert_eq!(content(rtf.as_bytes()), expected, "{rtf}");
    }
}

#[test]
fn compressed_rtf_gives_the_body_and_a_false_length_does_not_take_memory() {
    let compressed = compressed_rtf::compress_rtf("{\\rtf1\\fromtext hello hello hello}").unwrap();
    let bodies = Bodies::of(&noted(&[(id::RTF, Value::Binary(compressed.clone()))]));
    assert_eq!(bodies.plain.as_deref(), Some("hello hello hello"));
    let mut huge = compressed;
    huge[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    for bytes in [huge, vec![1, 2, 3], vec![0; 16]] {
        let bodies = Bodies::of(&noted(&[(id::RTF, Value::Binary(bytes.clone()))]));
        assert_eq!(bodies.rtf, Some(bytes));
        assert!(bodies.problem.is_some());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_some_rtf(bytes in prop::collection::vec(prop::sample::select(b"{}\\'*u-19f ahtmltagrtf\xff\n".to_vec()), 0..300)) {
        content(&bytes);
    }

    #[test]
    fn any_texts_make_one_header(name in any::<String>(), address in any::<String>(), headers in any::<String>()) {
        let mut item = letter();
        item.recipients.push(recipient(1, &name, "SMTP", &address));
        item.properties.add(id::SUBJECT, Property { kind: 0x1F, name: None, value: Value::Text(name.clone()) });
        item.properties.add(id::TRANSPORT_HEADERS, Property { kind: 0x1F, name: None, value: Value::Text(headers) });
        let mail = mail(&item);
        let facts = facts(mail.as_bytes());
        prop_assert_eq!(facts.attachments.last().map(|file| file.attachment.name.clone()), Some("properties.json".to_owned()));
    }
}
