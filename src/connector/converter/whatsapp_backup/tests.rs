//! Chats of a backup become records one by one, whatever the size of the file and the damage in it.

#![allow(clippy::needless_pass_by_value, reason = "literals of JSON read best as they are")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::connector::converter::json::Parsed;
use crate::connector::input::{Attachments, Beside, InputContent};
use crate::connector::shared::samples;
use crate::message::converted::Record;
use crate::model::Event;

const ANN: &str = "447700900123@s.whatsapp.net";
const GROUP: &str = "120363000000000001@g.us";

fn row(more: Value) -> Value {
    let mut row = json!({"from_me": false, "timestamp": 1_709_287_200.5, "time": "10:00", "media": false, "key_id": "K1",
        "meta": false, "data": "hello", "sender": null, "safe": false, "mime": null, "reply": null, "quoted_data": null,
        "caption": null, "thumb": null, "sticker": false, "reactions": {}, "message_type": null,
        "received_timestamp": null, "read_timestamp": null});
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

fn chat(jid: &str) -> Chat {
    Chat { jid: jid.to_owned(), name: "Title".to_owned(), media_base: "WhatsApp/".to_owned() }
}

fn record(jid: &str, more: Value) -> Record {
    message::message(&chat(jid), Parsed { value: row(more), mended: false }).unwrap().record
}

fn fact(record: &Record, pointer: &str) -> Value {
    let found = record.extra.iter().find(|(known, _)| known == pointer);
    found.map_or(Value::Null, |(_, value)| serde_json::from_str(value).unwrap())
}

fn result(rows: &[Value]) -> String {
    let rows: serde_json::Map<String, Value> =
        rows.iter().enumerate().map(|(at, row)| (format!("{}", at + 100), row.clone())).collect();
    // The name comes after the messages here, as it would with sorted names.
    format!("{{\"{ANN}\":{{\"media_base\":\"WhatsApp/\",\"messages\":{},\"name\":\"Ann\"}}}}", Value::Object(rows))
}

fn read_in(folder: &Path, text: &[u8]) -> Result<Vec<SourceEvent>, String> {
    let beside = Beside::file(&folder.join("result.json"), &Attachments::default()).unwrap();
    let content = InputContent::File(Arc::new(text.to_vec()));
    let input = Input { origin: "result.json".to_owned(), name: "result.json".to_owned(), content, beside };
    open(input, &Options::default()).map(Iterator::collect).map_err(|refusal| refusal.reason)
}

fn read(text: &str) -> Vec<SourceEvent> {
    read_in(tempfile::tempdir().unwrap().path(), text.as_bytes()).unwrap()
}

fn mail(event: &SourceEvent) -> String {
    let SourceEvent::Record(record) = event else { panic!("{event:?}") };
    let source = record.raw.source();
    let mut bytes = vec![0; source.len() as usize];
    source.read_exact_at(0, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn counts(events: &[SourceEvent]) -> (usize, usize) {
    let records = events.iter().filter(|event| matches!(event, SourceEvent::Record(_))).count();
    (records, events.iter().filter(|event| matches!(event, SourceEvent::Rejected(_))).count())
}

#[test]
fn a_message_is_a_record() {
    let found = record(ANN, json!({"reply": "K0", "quoted_data": "before", "reactions": {"You": "\u{1f44d}"}}));
    assert_eq!((found.text.as_str(), found.native_id.as_str(), found.reply_to.as_str()), ("hello", "K1", "K0"));
    assert_eq!(found.sent_text, "2024-03-01T10:00:00.500Z");
    assert_eq!(found.conversation.as_ref().unwrap().id, ANN);
    assert_eq!((fact(&found, "/quoted"), fact(&found, "/reactions")), ("before".into(), json!({"You": "\u{1f44d}"})));
    assert_eq!(fact(&found, "/whole_record"), Value::Null);
    assert_eq!(record(ANN, json!({"timestamp": 1_709_287_200_500_u64})).sent_text, found.sent_text);
    let novel = record(ANN, json!({"edited_text": "later"}));
    assert_eq!(novel.text, "hello\nedited_text: later");
    assert_eq!(fact(&novel, "/whole_record"), row(json!({"edited_text": "later"})));
}

#[test]
fn sender_and_recipient_follow_from_the_chat() {
    let ann = "447700900123/Title/";
    for (jid, more, expected) in [
        (ANN, json!({}), vec![ann, "/Me/owner"]),
        (ANN, json!({"from_me": true}), vec!["/Me/owner", ann]),
        (ANN, json!({"from_me": 1}), vec!["/Me/owner", ann]),
        ("77@lid", json!({}), vec!["/Title/77@lid", "/Me/owner"]),
        (GROUP, json!({"sender": "Bo"}), vec!["/Bo/", "/Me/owner"]),
        (GROUP, json!({"sender": "447700900456"}), vec!["447700900456//", "/Me/owner"]),
        (GROUP, json!({}), vec!["/Unknown/", "/Me/owner"]),
        (GROUP, json!({"from_me": true}), vec!["/Me/owner"]),
        (GROUP, json!({"meta": true}), vec!["/Me/owner"]),
        (ANN, json!({"meta": true}), vec![ann, "/Me/owner"]),
    ] {
        let found = record(jid, more.clone());
        let people = found.sender.iter().chain(&found.recipients);
        let people: Vec<_> = people.map(|p| format!("{}/{}/{}", p.number, p.name, p.id)).collect();
        assert_eq!(people, expected, "{jid} {more}");
        assert_eq!(found.conversation.unwrap().group, jid == GROUP);
    }
}

#[test]
fn system_lines_and_placeholders() {
    let system = record(GROUP, json!({"meta": true, "safe": true, "data": "Bo left<br>the group"}));
    assert_eq!((system.event, system.text.as_str(), system.sender), (Event::System, "Bo left\nthe group", None));
    let lost = message::message(
        &chat(ANN),
        Parsed {
            value: row(json!({"media": true, "meta": true, "mime": "media", "data": "It is missing"})),
            mended: false,
        },
    )
    .unwrap();
    assert_eq!((lost.record.event, lost.record.text.as_str()), (Event::Sent, "It is missing"));
    assert_eq!(lost.media.unwrap().path, "");
}

#[test]
fn files_come_from_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("WhatsApp/Media")).unwrap();
    fs::write(folder.path().join("WhatsApp/Media/a.jpg"), "photo").unwrap();
    let file = |path: &str| row(json!({"media": true, "data": path, "mime": "image/jpeg", "caption": "the gate"}));
    let rows = [file("WhatsApp/Media/a.jpg"), file("Media/a.jpg"), file("Media/b.jpg"), file("/etc/passwd")];
    let events = read_in(folder.path(), result(&rows).as_bytes()).unwrap();
    assert_eq!(counts(&events), (4, 0));
    assert!(mail(&events[0]).contains("cGhvdG8=") && mail(&events[0]).contains("filename=\"a.jpg\""));
    assert!(mail(&events[1]).contains("cGhvdG8=") && mail(&events[1]).contains("the gate"));
    assert!(mail(&events[2]).contains("absent_attachments") && mail(&events[2]).contains("\r\n\r\nthe gate"));
    assert!(mail(&events[3]).contains("absent_attachments"));
    let Some(SourceEvent::Closed(account)) = events.last() else { panic!("{events:?}") };
    assert_eq!(account.absent_attachments, 2);
}

#[test]
fn names_after_the_messages_are_known_before_them() {
    let events = read(&result(&[row(json!({}))]));
    let SourceEvent::Record(first) = &events[0] else { panic!("{events:?}") };
    assert_eq!(first.origin, format!("result.json#{ANN}/100"));
    assert!(mail(&events[0]).starts_with("From: Ann 447700900123 <447700900123@whatsapp.invalid>\r\n"));
}

#[test]
fn damage_costs_only_what_is_damaged() {
    let text = result(&[row(json!({})), row(json!({"data": "MARK"})), row(json!({"data": "last"}))]);
    for (from, to, expected) in [
        ("\"MARK\"", "\"cut \\ud83d\"", (3, 0)),
        ("\"MARK\"", "nonsense", (2, 1)),
        (
            "\"MARK\"",
            &"[".repeat(300).as_str().to_owned().chars().chain("]".repeat(300).chars()).collect::<String>(),
            (2, 1),
        ),
        ("\"WhatsApp/\"", "7", (3, 0)),
        ("{\"media_base\"", "{\"x\":{\"messages\":[1]},\"media_base\"", (3, 0)),
        ("\"101\":", "\"101\"", (1, 1)),
        ("\"101\":", "101:", (1, 1)),
        (&text, &format!("{{\"a\":1,{}", &text[1..]), (3, 1)),
        (&text, &text[..text.len() / 2], (1, 1)),
        (&text, &text[..text.len() - 1], (3, 1)),
    ] {
        assert_eq!(counts(&read(&text.replace(from, to))), expected, "{from} {to}");
    }
    let untimed = result(&[row(json!({"timestamp": null})), row(json!({"timestamp": "x"})), json!(7)]);
    assert_eq!(counts(&read(&untimed)), (0, 3));
    let folder = tempfile::tempdir().unwrap();
    for text in ["{}", "[]", "7", "{\"a\":1}"] {
        assert!(read_in(folder.path(), text.as_bytes()).unwrap_err().contains("no chats"));
    }
}

#[test]
fn files_are_recognised_by_content() {
    let known = |text: &str| recognises(&Start { name: "x", head: text.as_bytes() });
    assert!(known(&result(&[row(json!({}))])) && known(&result(&[])));
    for text in ["{\"a@b\":{\"messages\":{}}}", "{\"platform\":\"x\",\"messages\":1}", "[]", ""] {
        assert!(!known(text), "{text}");
    }
}

#[test]
fn each_sample_is_read() {
    let Some(samples) = samples("whatsapp-chat-exporter") else { return };
    for entry in fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        let events: Vec<_> =
            crate::connector::open(std::slice::from_ref(&path), &Options::default()).unwrap().collect();
        assert!(matches!(counts(&events), (1.., 0)), "{}: {events:?}", path.display());
        assert!(matches!(events[0], SourceEvent::Opened { format: Format::WhatsappBackup, .. }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn each_message_is_one_record_or_one_rejection(
        damage in prop::collection::vec(
            (
                0_usize..3,
                prop::sample::select(vec!["from_me", "timestamp", "media", "key_id", "meta", "data", "sender", "safe",
                    "mime", "reply", "caption", "reactions", "message_type", "novel"]),
                prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), any::<f64>().prop_map(Value::from),
                    ".*".prop_map(Value::from), Just(json!([{"a": {}}])), Just(Value::from("/".repeat(5000)))],
            ),
            1..8,
        ),
    ) {
        let mut rows = vec![row(json!({})), row(json!({"media": true, "data": "x/y.jpg"})), row(json!({"meta": true}))];
        for (at, name, new) in &damage {
            rows[*at][*name] = new.clone();
        }
        let (records, rejected) = counts(&read(&result(&rows)));
        prop_assert_eq!(records + rejected, 3);
    }

    #[test]
    fn damaged_bytes_are_answered(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut text = result(&[row(json!({})), row(json!({"media": true, "data": "x/y.jpg"}))]).into_bytes();
        for (at, byte) in &damage {
            let at = at.index(text.len());
            text[at] = *byte;
        }
        let folder = tempfile::tempdir().unwrap();
        let answered = read_in(folder.path(), &text).map_or(true, |events| !events.is_empty());
        prop_assert!(answered);
    }
}
