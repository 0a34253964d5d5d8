//! The same record gives the same mail, and the mail gives back everything that was in the record.

use std::fs;
use std::path::PathBuf;

use mail_parser::{HeaderForm, HeaderValue, Message, MessageParser, MimeHeaders};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::Digest;

fn record(value: &Value) -> Record {
    Record::parse(value.to_string().as_bytes()).unwrap()
}

fn mail(value: &Value, contents: &[&[u8]]) -> Vec<u8> {
    let contents: Vec<_> = contents.iter().map(|bytes| AttachmentContent(bytes)).collect();
    to_mail(&record(value), &contents, 0).unwrap()
}

fn parsed(raw: &[u8]) -> Message<'_> {
    MessageParser::new().parse(raw).unwrap()
}

fn field(message: &Message<'_>, name: &str) -> Option<String> {
    let values = message.header_as(name.to_owned(), HeaderForm::Text);
    assert!(values.len() <= 1, "{name} occurs {} times", values.len());
    values.first().map(|value| match value {
        HeaderValue::Text(text) => text.to_string(),
        other => panic!("{name}: {other:?}"),
    })
}

/// A rewritten expectation gives every message converted so far another digest, and imports it again.
#[test]
fn golden_chat_message() {
    let value = json!({
        "source": "example 1", "platform": "whatsapp", "sent": "2026-03-27T21:41:35+01:00",
        "sender": {"name": "Susan Hart", "number": "16174354634", "address": "susan@example.com"},
        "recipients": [{"number": "12124325249"}], "text": "Lunch at noon?\nCaf\u{e9} again",
        "conversation": {"id": "c1"}, "nick": "Sue",
    });
    let expected = "From: Susan Hart 16174354634 <susan@example.com>\n\
        To: 12124325249 <12124325249@whatsapp.invalid>\n\
        Date: Fri, 27 Mar 2026 20:41:35 +0000\n\
        Message-ID: <ID@whatsapp.invalid>\n\
        Subject: WhatsApp Message From 16174354634 to 12124325249\n\
        X-Custodia-Source: example 1\n\
        X-Custodia-Platform: whatsapp\n\
        X-Custodia-Kind: chat\n\
        X-Custodia-Conversation-Id: c1\n\
        X-Custodia-Conversation-Type: direct\n\
        X-Custodia-Event: sent\n\
        X-Custodia-Sent: 2026-03-27T21:41:35+01:00\n\
        X-Custodia-Extra: {\"/nick\":\"Sue\"}\n\
        MIME-Version: 1.0\n\
        Content-Type: text/plain; charset=utf-8\n\
        Content-Transfer-Encoding: 8bit\n\n\
        Lunch at noon?\nCaf\u{e9} again"
        .replace('\n', "\r\n")
        .replace("ID@", "f9275aea7adb799be9f3a9b60107d865@");
    assert_eq!(String::from_utf8(mail(&value, &[])).unwrap(), expected);
}

#[test]
fn golden_group_message_with_attachments() {
    let value = json!({
        "platform": "wechat", "sent": "2026-03-27T21:41:35Z", "event": "deleted", "event_reference": "m1", "id": "m2",
        "sender": {"name": "Li, Wei", "id": "wxid_1"}, "conversation": {"name": "Sales Group", "type": "group"},
        "attachments": [
            {"path": "media/a b.jpg", "media_type": "image/jpeg"},
            {"path": "x/1.eml", "name": "mail.eml", "media_type": "message/rfc822"},
        ],
    });
    let expected = "From: \"Li, Wei\" <wxid_1@wechat.invalid>\n\
        Date: Fri, 27 Mar 2026 21:41:35 +0000\n\
        Message-ID: <ID@wechat.invalid>\n\
        Subject: DELETED - UNKNOWN - WeChat Message From Li, Wei to Sales Group\n\
        X-Custodia-Platform: wechat\n\
        X-Custodia-Kind: chat\n\
        X-Custodia-Conversation-Name: Sales Group\n\
        X-Custodia-Conversation-Type: group\n\
        X-Custodia-Native-Id: m2\n\
        X-Custodia-Event: deleted\n\
        X-Custodia-Event-Reference: m1\n\
        X-Custodia-Sent: 2026-03-27T21:41:35Z\n\
        MIME-Version: 1.0\n\
        Content-Type: multipart/mixed;\n boundary=\"custodia-ID\"\n\n\
        --custodia-ID\n\
        Content-Type: text/plain; charset=utf-8\n\
        Content-Transfer-Encoding: 7bit\n\n\n\
        --custodia-ID\n\
        Content-Type: image/jpeg\n\
        Content-Disposition: attachment; filename=\"a b.jpg\"\n\
        Content-Transfer-Encoding: base64\n\n\
        aGVsbG8=\n\
        --custodia-ID\n\
        Content-Type: application/octet-stream\n\
        Content-Disposition: attachment; filename=\"mail.eml\"\n\
        Content-Transfer-Encoding: base64\n\
        X-Custodia-Media-Type: message/rfc822\n\
        X-Custodia-Path: x/1.eml\n\n\n\
        --custodia-ID--\n"
        .replace('\n', "\r\n");
    let made = String::from_utf8(mail(&value, &[b"hello", b""])).unwrap();
    let id = record(&value).identity(&[Digest::of(b"hello"), Digest::of(b"")], 0).to_string();
    let expected =
        expected.replace("ID@", &format!("{}@", &id[..32])).replace("custodia-ID", &format!("custodia-{}", &id[..32]));
    assert_eq!(made, expected);
}

#[test]
fn streamed_mail_is_the_same() {
    let content: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let value = json!({"platform": "sms", "sent": "2026-03-27T21:41:35Z", "sender": {"number": "1"},
        "attachments": [{"path": "a"}, {"path": "b"}]});
    let mut out = Vec::new();
    let (mut one, mut two) = (content.as_slice(), &b"two"[..]);
    let mut readers = [
        AttachmentReader { reader: &mut one, len: content.len() as u64, digest: Digest::of(&content) },
        AttachmentReader { reader: &mut two, len: 3, digest: Digest::of(b"two") },
    ];
    to_mail_stream(&record(&value), &mut readers, 0, &mut out).unwrap();
    assert!(out == mail(&value, &[&content, b"two"]));
    let message = parsed(&out);
    assert_eq!(message.attachment(0).unwrap().contents(), content);
    assert_eq!(message.attachment(1).unwrap().contents(), b"two");
}

#[test]
fn an_attachment_that_changed_is_an_error() {
    let value = json!({"platform": "sms", "sent": "2026-03-27T21:41:35Z", "sender": {"number": "1"},
        "attachments": [{"path": "a"}]});
    let mut bytes = &b"other"[..];
    let mut readers = [AttachmentReader { reader: &mut bytes, len: 5, digest: Digest::of(b"bytes") }];
    let error = to_mail_stream(&record(&value), &mut readers, 0, &mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    assert!(to_mail(&record(&value), &[], 0).is_err(), "an attachment is missing");
}

#[test]
fn equals_are_told_apart_by_ordinal_or_native_id() {
    let mut value = json!({"platform": "sms", "sent": "2026-03-27T21:41:00Z", "sender": {"number": "1"}, "text": "ok"});
    let plain = record(&value);
    assert_ne!(to_mail(&plain, &[], 0).unwrap(), to_mail(&plain, &[], 1).unwrap());
    value["id"] = json!("m1");
    let native = record(&value);
    assert_eq!(to_mail(&native, &[], 0).unwrap(), to_mail(&native, &[], 7).unwrap());
}

#[test]
fn order_and_spelling_of_members_do_not_matter() {
    let one =
        br#"{"platform":"sms","sent":"2026-03-27T21:41:00Z","sender":{"number":"1"},"x":[1, 2.0],"text":"\u0041"}"#;
    let two = br#" {"text":"A","x":[1,2.0],"sender":{"id":null,"number":"+1"},"sent":"2026-03-27T21:41:00Z","platform":"sms"}"#;
    let [one, two] = [&one[..], two].map(|line| to_mail(&Record::parse(line).unwrap(), &[], 0).unwrap());
    assert_eq!(one, two);
}

#[test]
fn every_field_changes_the_identity() {
    let base = json!({"platform": "sms", "sent": "2026-03-27T21:41:00Z", "sender": {"number": "1"}});
    let mut seen = vec![record(&base).identity(&[], 0)];
    for (name, value) in [
        ("source", json!("s")),
        ("platform", json!("mms")),
        ("kind", json!("call")),
        ("id", json!("s")),
        ("conversation", json!({})),
        ("conversation", json!({"id": "s"})),
        ("conversation", json!({"name": "s"})),
        ("conversation", json!({"type": "group"})),
        ("sent", json!("2026-03-27T22:41:00+01:00")),
        ("sender", json!({"name": "1"})),
        ("sender", json!({"id": "1"})),
        ("recipients", json!([{"number": "1"}])),
        ("text", json!("s")),
        ("event", json!("system")),
        ("event_reference", json!("s")),
        ("reply_to", json!("s")),
        ("call", json!({})),
        ("call", json!({"answered": false})),
        ("call", json!({"duration": 0})),
        ("x", json!(null)),
        ("attachments", json!([{"base64": ""}])),
        ("attachments", json!([{"base64": "", "name": "s"}])),
    ] {
        let mut changed = base.clone();
        changed[name] = value;
        let changed = record(&changed);
        let digests = vec![Digest::of(b""); changed.attachments.len()];
        let identity = changed.identity(&digests, 0);
        assert!(!seen.contains(&identity), "{name}");
        seen.push(identity);
    }
}

#[test]
fn what_is_wrong_is_said_with_its_field_and_a_way_out() {
    for (line, expected) in [
        ("\u{0}", "not valid JSON at byte 0"),
        ("[]", "write one record a line"),
        ("{}", "field `platform`: missing; write the platform in lower case"),
        (r#"{"platform":"sms"}"#, "field `sent`: missing; write a time with seconds and offset"),
        (r#"{"platform":"sms","platform":"sms"}"#, "field `platform`: given twice"),
        (r#"{"platform":"sms","sender":{"x":1,"x":2}}"#, "field `sender.x`: given twice"),
        (r#"{"text":5}"#, "field `text`: a number; write a string"),
        (
            r#"{"recipients":[{"number":"1"},{"number":"x"}]}"#,
            "field `recipients[1].number`: \"x\"; write the international",
        ),
        (r#"{"kind":"fax"}"#, "field `kind`: \"fax\"; write \"chat\" or \"call\""),
        (r#"{"attachments":[{}]}"#, "field `attachments[0]`: not exactly one source of bytes; write either"),
        (r#"{"sent":"2026"} {}"#, "nothing after it"),
    ] {
        let reason = Record::parse(line.as_bytes()).unwrap_err();
        assert!(reason.contains(expected), "{line}: {reason}");
    }
    assert!(Record::parse(b"{\"text\":\"\xff\"}").unwrap_err().contains("not UTF-8 at byte 9"));
    assert!(Record::parse(&b"[{".repeat(100_000)).is_err());
    assert!(Record::parse("{\"a\":".repeat(100_000).as_bytes()).unwrap_err().contains("nested deeper"));
}

#[test]
fn a_text_gets_the_shortest_encoding_that_keeps_it() {
    for (text, encoding, read) in [
        ("", "7bit", ""),
        ("ok", "7bit", "ok"),
        ("\u{4f60}\u{597d}", "8bit", "\u{4f60}\u{597d}"),
        ("a\nb\r\nc", "7bit", "a\r\nb\r\nc"),
        ("From here\n--x\n.\n", "7bit", "From here\r\n--x\r\n.\r\n"),
        (&"x".repeat(2_000), "binary", &"x".repeat(2_000)),
        ("a\rb", "base64", "a\rb"),
        ("a\0b", "base64", "a\0b"),
    ] {
        let value = json!({"platform": "sms", "sent": "2026-03-27T21:41:00Z", "sender": {"number": "1"}, "text": text});
        let raw = mail(&value, &[]);
        let message = parsed(&raw);
        assert_eq!(field(&message, "Content-Transfer-Encoding").as_deref(), Some(encoding), "{text}");
        assert_eq!(message.body_text(0).unwrap_or_default(), read);
    }
}

#[test]
fn examples_have_the_same_verdict_from_schema_and_parser() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let schema = serde_json::from_slice(&fs::read(folder.join("message.schema.json")).unwrap()).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for file in fs::read_dir(folder.join("examples/message")).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let expected = path.file_name().unwrap().to_str().unwrap().starts_with("valid-");
        let instance: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(validator.is_valid(&instance), expected, "schema on {}", path.display());
        let parsed = Record::parse(&bytes);
        assert_eq!(parsed.is_ok(), expected, "parser on {}: {:?}", path.display(), parsed.err());
        if expected { valid += 1 } else { invalid += 1 }
    }
    assert!(valid >= 5 && invalid >= 15);
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\r\n\t]{0,40}",
        prop::sample::select(vec![
            "x\r\nBcc: evil@example.com",
            "=?utf-8?Q?a?=",
            "a\0b",
            " ",
            "  a",
            "a\u{85}b\u{2028}c",
            "\u{1f600}",
            "\"<,>;:\\",
        ])
        .prop_map(str::to_owned),
        (300_usize..1_000).prop_map(|len| "x".repeat(len)),
    ]
}

fn readable(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_parse_or_are_refused(line in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Record::parse(&line);
    }

    #[test]
    fn mutated_records_parse_or_are_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut line = br#"{"platform":"sms","sent":"2026-03-27T21:41:00Z","sender":{"number":"1"},"attachments":[{"base64":"YQ=="}]}"#.to_vec();
        let at = at.index(line.len());
        line[at] = byte;
        if let Ok(record) = Record::parse(&line) {
            let contents = vec![AttachmentContent(b"a"); record.attachments.len()];
            prop_assert!(to_mail(&record, &contents, 0).is_ok());
        }
    }

    #[test]
    fn nothing_breaks_out_of_its_field_and_nothing_is_lost(
        name in hostile(), id in hostile(), title in hostile(), native in hostile(), unknown in hostile(), text in hostile(),
        file in hostile(),
    ) {
        let cut = |text: &str| text.chars().take(200).collect::<String>();
        let file = cut(&file);
        let value = json!({
            "platform": "sms", "sent": "2026-03-27T21:41:00Z", "sender": {"name": name, "number": "4912345678", "id": id},
            "recipients": [{"id": format!("x{id}")}], "conversation": {"id": id, "name": title}, "id": native,
            "reply_to": name, "source": title, "text": text, &unknown: unknown, "attachments": [{"base64": "YQ==", "name": file}],
        });
        prop_assume!(Record::parse(value.to_string().as_bytes()).is_ok());
        let raw = mail(&value, &[b"a"]);
        let message = parsed(&raw);
        prop_assert_eq!(field(&message, "X-Custodia-Conversation-Id"), readable(&id));
        prop_assert_eq!(field(&message, "X-Custodia-Conversation-Name"), readable(&title));
        prop_assert_eq!(field(&message, "X-Custodia-Native-Id"), readable(&native));
        prop_assert_eq!(field(&message, "X-Custodia-Reply-To"), readable(&name));
        let extra: Value = serde_json::from_str(&field(&message, "X-Custodia-Extra").unwrap()).unwrap();
        let pointer = format!("/{}", unknown.replace('~', "~0").replace('/', "~1"));
        prop_assert_eq!(&extra[&pointer], &json!(unknown));
        prop_assert_eq!(extra.get("/sender/id").and_then(Value::as_str).map(str::to_owned), readable(&id));
        let from = message.from().and_then(|from| from.first()).unwrap();
        prop_assert_eq!(from.address(), Some("4912345678@sms.invalid"));
        let to = message.to().unwrap();
        prop_assert_eq!(to.iter().count(), 1);
        prop_assert!(to.first().unwrap().address().unwrap().ends_with("@sms.invalid"));
        prop_assert!(message.header("Bcc").is_none());
        prop_assert_eq!(message.attachment(0).unwrap().contents(), b"a");
        prop_assert!(file.contains("=?") || message.attachment(0).unwrap().attachment_name().unwrap_or_default() == file);
        let read = message.body_text(0).unwrap_or_default().replace("\r\n", "\n");
        prop_assert_eq!(read, text.replace("\r\n", "\n"));
        prop_assert!(raw.split(|byte| *byte == b'\n').count() < 400);
    }
}
