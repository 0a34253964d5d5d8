//! Every kind of notification becomes records, nothing of it is lost, and no input is too strange to be answered.

#![allow(clippy::needless_pass_by_value, reason = "literals of JSON read best as they are")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use data_encoding::BASE64;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::message::{Made, message};
use super::notification::{ReportKind, reports};
use super::*;
use crate::connector::converter::json::Parsed;
use crate::connector::input::{Attachments, Beside, InputContent};
use crate::message::converted::{Record, RecordKind};
use crate::model::Event;

const BUSINESS: &str = "493090182000";
const ANN: &str = "447700900123";
const SECONDS: &str = "1709287200";

fn value(name: &str, parts: Value) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "+49 30 9018-2000", "phone_number_id": "700100"},
        "contacts": [{"profile": {"name": "Ann"}, "wa_id": ANN, "user_id": "GB.55"}],
    });
    value[name] = parts;
    value
}

fn body(field: &str, value: Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "900", "changes": [{"field": field, "value": value}]}]})
}

/// A message with members added.
fn sent(more: Value) -> Value {
    let mut message = json!({"from": ANN, "id": "wamid.A", "timestamp": SECONDS});
    message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    message
}

fn messages(more: Value) -> Value {
    body("messages", value("messages", json!([sent(more)])))
}

/// The record of a body with one message.
fn made(body: Value) -> Made {
    let found = reports(Parsed { value: body, mended: false }).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    message(&found[0]).unwrap()
}

fn fact(record: &Record, pointer: &str) -> Value {
    let found = record.extra.iter().find(|(known, _)| known == pointer);
    found.map_or(Value::Null, |(_, value)| serde_json::from_str(value).unwrap())
}

fn read_in(folder: &Path, content: &[u8]) -> Vec<SourceEvent> {
    let path = folder.join("hook.json");
    let beside = Beside::file(&path, &Attachments::default()).unwrap();
    let content = InputContent::File(Arc::new(content.to_vec()));
    let input = Input { origin: "hook.json".to_owned(), name: "hook.json".to_owned(), content, beside };
    open(input, &Options::default()).unwrap().collect()
}

fn read(content: &[u8]) -> Vec<SourceEvent> {
    read_in(tempfile::tempdir().unwrap().path(), content)
}

fn read_all(bodies: &[Value]) -> Vec<SourceEvent> {
    let lines: Vec<String> = bodies.iter().map(ToString::to_string).collect();
    read(lines.join("\n").as_bytes())
}

fn mail(event: &SourceEvent) -> String {
    let SourceEvent::Record(record) = event else { panic!("{event:?}") };
    let source = record.raw.source();
    let mut bytes = vec![0; source.len() as usize];
    source.read_exact_at(0, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn text_of(event: &SourceEvent) -> String {
    mail(event).split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn counts(events: &[SourceEvent]) -> (usize, usize, usize) {
    let count = |wanted: fn(&SourceEvent) -> bool| events.iter().filter(|event| wanted(event)).count();
    (
        count(|event| matches!(event, SourceEvent::Record(_))),
        count(|event| matches!(event, SourceEvent::Rejected(_))),
        count(|event| matches!(event, SourceEvent::Closed(_))),
    )
}

#[test]
fn an_address_that_is_good_for_minutes_makes_no_other_message() {
    let photo = |address: &str| {
        messages(
            json!({"type": "image", "image": {"id": "11", "mime_type": "image/jpeg", "sha256": "x", "url": address}}),
        )
    };
    let odd = |address: &str| {
        messages(json!({"type": "odd", "odd": {"id": "11", "mime_type": "image/jpeg", "url": address}}))
    };
    for made_of in [photo, odd] {
        let [a, b] = ["https://a.example/1", "https://a.example/2"].map(|address| made(made_of(address)).record);
        assert_eq!(a.identity(&[], 0), b.identity(&[], 0));
    }
    let place = made(messages(json!({"type": "location", "location": {"url": "https://map.example"}}))).record;
    assert!(place.text.contains("https://map.example"), "what somebody shared stays");
}

#[test]
fn each_type_says_what_it_says() {
    let photo =
        json!({"id": "11", "mime_type": "image/jpeg", "sha256": "x", "caption": "the gate", "url": "https://x"});
    for (more, text, content) in [
        (json!({"type": "text", "text": {"body": "hello"}}), "hello", Value::Null),
        (json!({"type": "image", "image": photo}), "the gate", "image".into()),
        (json!({"type": "video", "video": {"id": "12"}}), "", "video".into()),
        (json!({"type": "audio", "audio": {"id": "13", "voice": true}}), "", "voice".into()),
        (json!({"type": "audio", "audio": {"id": "13", "voice": false}}), "", "audio".into()),
        (json!({"type": "sticker", "sticker": {"id": "14", "animated": false}}), "", "sticker".into()),
        (json!({"type": "document", "document": {"id": "15", "filename": "a.pdf"}}), "", "document".into()),
        (
            json!({"type": "location", "location": {"latitude": 52.5, "longitude": -1.25, "name": "Yard"}}),
            "Yard\n52.5, -1.25",
            "location".into(),
        ),
        (
            json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Bo Li", "first_name": "Bo"},
                "phones": [{"phone": "+1 555", "wa_id": "1555", "type": "CELL"}], "org": {"company": "Firm"}}]}),
            "Bo Li\n+1 555 1555\norg.company: Firm",
            "contact".into(),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "list_reply",
                "list_reply": {"id": "r7", "title": "Tuesday", "description": "9 to 12"}}}),
            "Tuesday\n9 to 12",
            "list_reply".into(),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "nfm_reply",
                "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{\"city\":\"Oslo\"}"}}}),
            "Sent\ncity: Oslo\nname: flow",
            "nfm_reply".into(),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "call_permission_reply",
                "call_permission_reply": {"response": "accept"}}}),
            "response: accept",
            "call_permission_reply".into(),
        ),
        (json!({"type": "button", "button": {"payload": "P", "text": "Yes"}}), "Yes", "button".into()),
        (
            json!({"type": "order", "order": {"catalog_id": "c", "text": "soon", "product_items":
                [{"product_retailer_id": "BOLT", "quantity": 3, "item_price": 0.5, "currency": "EUR"}]}}),
            "soon\n3 x BOLT at 0.5 EUR",
            "order".into(),
        ),
        (
            json!({"type": "unsupported", "errors": [{"code": 131_051, "title": "Unknown", "message": "Unknown",
                "error_data": {"details": "Not supported"}}], "unsupported": {"type": "poll"}}),
            "Error 131051: Unknown; Not supported\nunsupported.type: poll",
            "unsupported".into(),
        ),
        (json!({"type": "gift", "gift": {"note": "for you"}}), "gift.note: for you", "unsupported".into()),
        (json!({"type": "text", "text": {"body": "hi", "footer": "F"}}), "hi\ntext.footer: F", Value::Null),
        (json!({"type": "text", "text": ["hi"]}), "text: hi", Value::Null),
        (json!({}), "", "unsupported".into()),
    ] {
        let record = made(messages(more.clone())).record;
        assert_eq!((record.text.as_str(), fact(&record, "/content")), (text, content), "{more}");
        assert_eq!((record.event, record.native_id.as_str()), (Event::Sent, "wamid.A"));
        assert_eq!(record.sent_text, "2024-03-01T10:00:00Z");
        assert_eq!(fact(&record, "/account"), "900");
    }
}

#[test]
fn what_is_not_represented_is_kept_whole() {
    for more in [
        json!({"type": "gift", "gift": {"note": "for you"}}),
        json!({"type": "text", "text": {"body": "hi", "footer": "F"}}),
        json!({"type": "text", "text": {"body": "hi"}, "novelty": 7}),
        json!({"type": "reaction", "reaction": {"message_id": "m", "emoji": "x", "novelty": 7}}),
        json!({"type": 5}),
    ] {
        let record = made(messages(more.clone())).record;
        assert_eq!(fact(&record, "/whole_record"), sent(more));
    }
    let plain = made(messages(json!({"type": "text", "text": {"body": "hi"}}))).record;
    let pointers: Vec<_> = plain.extra.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/account"]);
    let mut odd = messages(json!({"type": "text", "text": {"body": "hi"}}));
    odd["received_by"] = "proxy".into();
    odd["entry"][0]["changes"][0]["value"]["novelty"] = json!([1]);
    assert_eq!(
        fact(&made(odd).record, "/notification"),
        json!({"body": {"received_by": "proxy"}, "value": {"novelty": [1]}})
    );
}

#[test]
fn events_are_on_the_message_that_they_name() {
    let new = json!({"type": "image", "context": {"id": "m0"}, "image": {"id": "21", "caption": "new"}});
    for (more, event, text) in [
        (
            json!({"type": "reaction", "reaction": {"message_id": "m1", "emoji": "\u{1f44d}"}}),
            Event::Reacted,
            "\u{1f44d}",
        ),
        (json!({"type": "reaction", "reaction": {"message_id": "m1", "emoji": ""}}), Event::Reacted, ""),
        (json!({"type": "reaction", "reaction": {"message_id": "m1"}}), Event::Reacted, ""),
        (json!({"type": "revoke", "revoke": {"original_message_id": "m1"}}), Event::Deleted, ""),
        (json!({"type": "edit", "edit": {"original_message_id": "m1", "message": new}}), Event::Edited, "new"),
    ] {
        let record = made(messages(more)).record;
        assert_eq!((record.event, record.event_reference.as_str(), record.text.as_str()), (event, "m1", text));
        assert_eq!(fact(&record, "/whole_record"), Value::Null);
    }
    let system = json!({"type": "system", "system": {"body": "Ann has a new number", "wa_id": "447700900999",
        "type": "user_changed_number"}});
    let record = made(messages(system)).record;
    assert_eq!((record.event, record.text.as_str()), (Event::System, "Ann has a new number"));
    assert_eq!(fact(&record, "/alias"), json!({"from": ANN, "to": "447700900999"}));
}

#[test]
fn ids_that_contradict_are_all_kept() {
    let text =
        json!({"type": "text", "text": {"body": "x"}, "from_user_id": "GB.77", "from_parent_user_id": "GB.ENT.1"});
    let record = made(messages(text)).record;
    assert_eq!(record.sender.as_ref().unwrap().id, "GB.77");
    assert_eq!(fact(&record, "/parent_user_ids"), json!({"from": "GB.ENT.1", "to": ""}));
    assert_eq!(fact(&record, "/contacts")[0]["user_id"], "GB.55");
    let echo = json!({"id": "m", "timestamp": SECONDS, "type": "text", "text": {"body": "x"}, "from": BUSINESS,
        "from_user_id": "DE.9", "to": ANN});
    let record = made(body("smb_message_echoes", value("message_echoes", json!([echo])))).record;
    assert_eq!(
        (record.sender.as_ref().unwrap().id.as_str(), fact(&record, "/from_user_id")),
        ("700100", "DE.9".into())
    );
    let system = json!({"type": "system", "system": {"body": "b", "wa_id": "1", "new_wa_id": "2"}});
    let record = made(messages(system.clone())).record;
    assert_eq!((&fact(&record, "/alias")["to"], fact(&record, "/whole_record")), (&json!("1"), sent(system)));
}

#[test]
fn replies_forwards_and_advertisements_are_told() {
    let record = made(messages(json!({"type": "text", "text": {"body": "yes"},
        "context": {"from": BUSINESS, "id": "m1", "forwarded": true, "frequently_forwarded": true},
        "referral": {"headline": "Sale", "source_id": "9"}})))
    .record;
    assert_eq!((record.reply_to.as_str(), record.text.as_str()), ("m1", "yes\nheadline: Sale\nsource_id: 9"));
    assert_eq!(fact(&record, "/forwarded"), true);
    assert_eq!(fact(&record, "/frequently_forwarded"), true);
    assert_eq!(fact(&record, "/context"), json!({"from": BUSINESS}));
    assert_eq!(fact(&record, "/referral")["source_id"], "9");
}

/// Number, name and id of sender and first recipient, and the chat.
fn parties(record: &Record) -> Vec<String> {
    let chat = record.conversation.as_ref().unwrap();
    let people = record.sender.iter().chain(&record.recipients);
    let mut all: Vec<String> = people.map(|p| format!("{}/{}/{}", p.number, p.name, p.id)).collect();
    all.push(format!("{}{}", chat.id, if chat.group { " group" } else { "" }));
    all
}

#[test]
fn people_are_known_by_number_or_by_id() {
    let text = |more: Value| {
        let mut message = json!({"id": "m", "timestamp": 1_709_287_200, "type": "text", "text": {"body": "x"}});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([message])
    };
    let business = format!("{BUSINESS}//700100");
    let ann = format!("{ANN}/Ann/GB.55");
    let chat = format!("{BUSINESS}:{ANN}");
    for (field, list, more, expected) in [
        ("messages", "messages", json!({"from": ANN}), [&ann, &business, &chat]),
        ("messages", "messages", json!({"from_user_id": "GB.55"}), [&ann, &business, &chat]),
        ("messages", "messages", json!({}), [&ann, &business, &chat]),
        ("messages", "messages", json!({"from": ANN, "group_id": "g-1"}), [&ann, &business, &"g-1 group".to_owned()]),
        (
            "messages",
            "messages",
            json!({"from_user_id": "US.7"}),
            [&"//US.7".to_owned(), &business, &format!("{BUSINESS}:US.7")],
        ),
        ("smb_message_echoes", "message_echoes", json!({"from": BUSINESS, "to": ANN}), [&business, &ann, &chat]),
        (
            "smb_message_echoes",
            "message_echoes",
            json!({"from": BUSINESS, "to_user_id": "GB.55"}),
            [&business, &ann, &chat],
        ),
        ("messages", "messages", json!({"from": "?"}), [&"?//".to_owned(), &business, &format!("{BUSINESS}:?")]),
    ] {
        let record = made(body(field, value(list, text(more.clone())))).record;
        assert_eq!(parties(&record).iter().collect::<Vec<_>>(), expected, "{more}");
    }
    let thread = |from: &str| json!([{"metadata": {"phase": 1}, "threads": [{"id": ANN, "messages": text(json!({"from": from}))}]}]);
    let out = made(body("history", value("history", thread(BUSINESS)))).record;
    assert_eq!(parties(&out), [business.clone(), ann.clone(), chat.clone()]);
    assert_eq!(parties(&made(body("history", value("history", thread(ANN)))).record), [ann, business, chat]);
    let declined = json!([{"errors": [{"code": 5, "timestamp": SECONDS}], "threads": [{"id": ANN, "messages": []}]}]);
    assert_eq!(counts(&read_all(&[body("history", value("history", declined))])), (1, 1, 1));
}

#[test]
fn files_beside_the_notification_come_with_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("media")).unwrap();
    fs::write(folder.path().join("media/31.pdf"), "paper").unwrap();
    fs::write(folder.path().join("32"), "photo").unwrap();
    fs::write(folder.path().join("secret"), "no").unwrap();
    let hash = BASE64.encode(&Sha256::digest(b"paper"));
    let file = |kind: &str, file: Value| messages(json!({"type": kind, kind: file})).to_string();
    let lines = [
        file("document", json!({"id": "31", "filename": "plan.pdf", "mime_type": "application/pdf", "sha256": hash})),
        file("image", json!({"id": "32", "mime_type": "image/jpeg", "sha256": hash})),
        file("image", json!({"id": "33", "mime_type": "image/jpeg"})),
        file("image", json!({"id": "media/../secret"})),
        file("document", json!({"id": "34", "filename": "offer 7.pdf"})),
    ];
    let events = read_in(folder.path(), lines.join("\n").as_bytes());
    assert_eq!(counts(&events), (5, 0, 1));
    assert_eq!(text_of(&events[4]), "offer 7.pdf");
    assert!(mail(&events[0]).contains("filename=\"plan.pdf\"") && mail(&events[0]).contains("cGFwZXI="));
    assert!(!mail(&events[0]).contains("attachment_defects"));
    assert!(mail(&events[1]).contains("filename=\"32.jpg\"") && mail(&events[1]).contains("cGhvdG8="));
    assert!(mail(&events[1]).contains("attachment_defects"));
    assert!(mail(&events[2]).contains("absent_attachments") && mail(&events[2]).contains("33.jpg"));
    assert!(!mail(&events[3]).contains("multipart"));
    let Some(SourceEvent::Closed(account)) = events.last() else { panic!("{events:?}") };
    assert_eq!(account.absent_attachments, 3);
}

#[test]
fn the_statuses_of_a_message_are_one_record() {
    let status = |word: &str, seconds: u64, id: &str| {
        let status = json!({"id": id, "status": word, "timestamp": seconds.to_string(), "recipient_id": ANN});
        body("messages", value("statuses", json!([status])))
    };
    let all = [
        status("read", 1_709_287_260, "m1"),
        status("sent", 1_709_287_200, "m1"),
        status("sent", 1_709_287_200, "m2"),
        status("delivered", 1_709_287_200, "m1"),
        status("read", 1_709_287_260, "m1"),
    ];
    let events = read_all(&all);
    assert_eq!(counts(&events), (2, 0, 1));
    let first = mail(&events[0]);
    assert!(first.contains("X-Custodia-Event-Reference: m1\r\n") && first.contains("X-Custodia-Event: system\r\n"));
    assert_eq!(
        text_of(&events[0]),
        "sent 2024-03-01T10:00:00Z, delivered 2024-03-01T10:00:00Z, read 2024-03-01T10:01:00Z"
    );
    assert!(first.contains("Date: Fri, 01 Mar 2024 10:00:00 +0000") && first.contains(ANN) && first.contains(BUSINESS));
    let mut reversed = all.to_vec();
    reversed.reverse();
    let again = read_all(&reversed);
    assert!(again.iter().any(|event| matches!(event, SourceEvent::Record(_)) && mail(event) == first));
    let failed = json!({"id": "m3", "status": "failed", "timestamp": "1709287200", "recipient_id": ANN,
        "errors": [{"code": 1, "title": "Blocked"}]});
    let events = read_all(&[body("messages", value("statuses", json!([failed])))]);
    assert_eq!(text_of(&events[0]), "failed 2024-03-01T10:00:00Z\r\nError 1: Blocked");
    let odd = json!([{"status": "sent", "timestamp": "1709287200"}, {"id": "m4", "status": "sent"}]);
    assert_eq!(counts(&read_all(&[body("messages", value("statuses", odd))])), (1, 1, 1));
}

#[test]
fn statuses_in_a_group_say_whose_they_are() {
    let status = |who: &str, seconds: u64| {
        json!({"id": "m1", "status": "read", "timestamp": seconds.to_string(), "recipient_id": "g-1",
            "recipient_type": "group", "recipient_participant_id": who})
    };
    let mut second = body("messages", value("statuses", json!([status("4912345", 1_709_287_260)])));
    second["entry"][0]["changes"][0]["value"]["novelty"] = json!(true);
    let first = body("messages", value("statuses", json!([status(ANN, 1_709_287_200)])));
    let found = [first, second].into_iter().flat_map(|value| reports(Parsed { value, mended: false }).unwrap());
    let record = status::statuses(&found.collect::<Vec<_>>()).unwrap().record;
    let expected = format!("read 2024-03-01T10:00:00Z ({ANN}), read 2024-03-01T10:01:00Z (4912345)");
    assert_eq!(record.text, expected);
    let numbers: Vec<_> = record.recipients.iter().map(|person| person.number.as_str()).collect();
    assert_eq!(numbers, [BUSINESS, ANN, "4912345"]);
    assert_eq!(record.conversation.as_ref().unwrap().id, "g-1");
    assert_eq!(fact(&record, "/notification")["notifications"]["others"], json!([{"value": {"novelty": true}}]));
}

#[test]
fn what_is_gathered_is_bounded() {
    let status = |text: &str| {
        let status = json!({"id": "m1", "status": "sent", "timestamp": SECONDS, "note": text});
        body("messages", value("statuses", json!([status])))
    };
    let events = read_all(&[status("a"), status(&"x".repeat(9 << 20)), status("b"), status("c")]);
    assert_eq!(counts(&events), (2, 0, 1));
}

#[test]
fn a_call_is_joined_from_its_ends() {
    let connect = json!({"id": "wacid.1", "from": ANN, "to": BUSINESS, "event": "connect", "timestamp": "1709287200",
        "direction": "USER_INITIATED", "session": {"sdp_type": "offer"}});
    let terminate = json!({"id": "wacid.1", "from": ANN, "to": BUSINESS, "event": "terminate", "timestamp": "1709287260",
        "direction": "USER_INITIATED", "status": "COMPLETED", "start_time": 1_709_287_210, "end_time": "1709287252",
        "duration": "42"});
    let calls = |calls: &[&Value]| body("calls", value("calls", json!(calls)));
    let together = read_all(&[calls(&[&terminate]), calls(&[&connect])]);
    assert_eq!(counts(&together), (1, 0, 1));
    let joined = mail(&together[0]);
    for field in [
        "X-Custodia-Kind: call",
        "X-Custodia-Call-Direction: incoming",
        "X-Custodia-Call-Answered: yes",
        "X-Custodia-Call-Duration: 42",
        "X-Custodia-Native-Id: wacid.1",
        "Date: Fri, 01 Mar 2024 10:00:00 +0000",
        "From: Ann 447700900123 <",
    ] {
        assert!(joined.contains(&format!("\r\n{field}")) || joined.starts_with(field), "{field}\n{joined}");
    }
    assert_eq!(text_of(&together[0]), "Incoming call, answered, 42 seconds (COMPLETED)");
    assert!(mail(&read_all(&[calls(&[&connect, &terminate])])[0]) == joined);
    assert_eq!(text_of(&read_all(&[calls(&[&connect])])[0]), "Incoming call");
    let ended = mail(&read_all(&[calls(&[&terminate])])[0]);
    for field in ["X-Custodia-Event: system", "X-Custodia-Event-Reference: wacid.1", "X-Custodia-Call-Duration: 42"] {
        assert!(ended.contains(field), "an end alone is an event on the call: {field}\n{ended}");
    }
    let ringing =
        json!({"id": "wacid.1", "type": "call", "status": "RINGING", "timestamp": "1709287201", "recipient_id": ANN});
    let events = read_all(&[body("calls", value("statuses", json!([ringing])))]);
    assert!(mail(&events[0]).contains("X-Custodia-Kind: call") && text_of(&events[0]).starts_with("RINGING 2024"));
}

#[test]
fn changes_without_messages_are_events_of_the_platform() {
    let change = json!({"event": "PARTNER_ADDED", "partner": {"name": "Firm"}});
    let mut account = body("account_update", change.clone());
    assert_eq!(counts(&read_all(std::slice::from_ref(&account))), (0, 1, 1));
    account["entry"][0]["time"] = json!(1_709_287_200);
    let events = read_all(&[account]);
    assert_eq!(text_of(&events[0]), "account_update\r\nevent: PARTNER_ADDED\r\npartner.name: Firm");
    assert!(
        mail(&events[0]).contains("X-Custodia-Event: system") && mail(&events[0]).contains("<900@whatsapp.invalid>")
    );
    let preference = json!({"wa_id": ANN, "value": "stop", "timestamp": 1_709_287_200});
    let preferences = body("user_preferences", value("user_preferences", json!([preference, preference])));
    assert_eq!(counts(&read_all(&[preferences])), (2, 0, 1));
}

#[test]
fn a_second_delivery_is_the_same_message() {
    let message = messages(json!({"type": "text", "text": {"body": "once"}}));
    let other = messages(json!({"type": "text", "text": {"body": "other"}, "id": "wamid.B"}));
    let mut redelivered = message.clone();
    redelivered["entry"][0]["time"] = json!(1_709_290_000);
    let events = read_all(&[other, redelivered, message.clone()]);
    assert_eq!(counts(&events), (3, 0, 1));
    assert!(mail(&events[1]) == mail(&events[2]));
    assert!(mail(&read_all(&[message])[0]) == mail(&events[2]));
}

#[test]
fn bodies_are_found_however_they_are_laid_out() {
    let one = messages(json!({"type": "text", "text": {"body": "a"}}));
    let two = messages(json!({"type": "text", "text": {"body": "b"}}));
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    let change = one["entry"][0]["changes"][0].clone();
    for (text, expected) in [
        (format!("{one}\n{two}\n"), (2, 0, 1)),
        (format!("\u{feff}{one}\r\n\r\n{two}"), (2, 0, 1)),
        (pretty(&one), (1, 0, 1)),
        (format!("{}\n{}", pretty(&one), pretty(&two)), (2, 0, 1)),
        (format!("[{one},{two}]"), (2, 0, 1)),
        (format!("[\n{one},\n{two}\n]\n"), (2, 0, 1)),
        (pretty(&json!([one, two])), (2, 0, 1)),
        (one["entry"][0].to_string(), (1, 0, 1)),
        (change.to_string(), (1, 0, 1)),
        (change["value"].to_string(), (1, 0, 1)),
        (format!("{one}\n{{\"entry\":[{{\n{two}"), (2, 1, 1)),
        (format!("{{\"entry\":[{{\n{one}\n{two}"), (2, 1, 1)),
        (format!("{one}\n\"text\"\n{{}}\n7"), (1, 3, 1)),
        (pretty(&one).trim_end_matches('}').to_owned(), (0, 1, 1)),
        ("{\"object\":\"whatsapp_business_account\",\"entry\":[]}".to_owned(), (0, 1, 1)),
        (format!("{one}").replace("\"a\"", "\"cut \\ud83d\""), (1, 0, 1)),
        ("[".repeat(10_000), (0, 1, 1)),
    ] {
        assert_eq!(counts(&read(text.as_bytes())), expected, "{}", text.chars().take(200).collect::<String>());
    }
}

#[test]
fn files_are_recognised_by_content() {
    let one = messages(json!({"type": "text", "text": {"body": "a"}}));
    let known = |text: &str| recognises(&Start { name: "x", head: text.as_bytes() });
    for text in [
        one.to_string(),
        serde_json::to_string_pretty(&json!([one])).unwrap(),
        one["entry"][0].to_string(),
        one["entry"][0]["changes"][0]["value"].to_string(),
    ] {
        assert!(known(&text), "{text}");
    }
    let quoting = json!({"platform": "whatsapp", "sent": "2024-03-01T10:00:00Z", "x": one}).to_string();
    for text in ["{\"platform\":\"sms\"}", "{\"messages\":[]}", "whatsapp_business_account", &quoting] {
        assert!(!known(text), "{text}");
    }
}

#[test]
fn each_sample_is_read() {
    let Some(shared) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let mut files = 0;
    for entry in fs::read_dir(Path::new(&shared).join("samples/whatsapp-cloud-api")).unwrap() {
        let path = entry.unwrap().path();
        let events: Vec<_> =
            crate::connector::open(std::slice::from_ref(&path), &Options::default()).unwrap().collect();
        let (records, rejected, closed) = counts(&events);
        assert!(records == 1 && rejected == 0 && closed == 1, "{}: {events:?}", path.display());
        assert!(matches!(events[0], SourceEvent::Opened { format: Format::WhatsappCloud, .. }));
        files += 1;
    }
    assert!(files > 40, "only {files} samples");
}

/// A message with something of every type, to be damaged.
fn everything() -> Vec<Value> {
    vec![
        sent(
            json!({"type": "text", "text": {"body": "a"}, "context": {"id": "c", "forwarded": true}, "errors": [{"code": 1}]}),
        ),
        sent(json!({"type": "document", "document": {"id": "1", "filename": "f", "mime_type": "a/b", "sha256": "x"}})),
        sent(json!({"type": "contacts", "contacts": [{"name": {"first_name": "x"}, "phones": [{"phone": "1"}]}]})),
        sent(
            json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}}),
        ),
        sent(json!({"type": "order", "order": {"product_items": [{"quantity": 1}], "text": "x"}})),
        sent(json!({"type": "edit", "edit": {"message": {"type": "image", "image": {"id": "1"}}}})),
        sent(json!({"type": "system", "system": {"wa_id": "5", "body": "b"}, "referral": {"a": "b"}, "group_id": "g"})),
        sent(json!({"type": "location", "location": {"latitude": 1, "longitude": 2}})),
    ]
}

fn strange() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[{"id": {"x": [null, 1e300]}}]])),
        Just(Value::from("9".repeat(3000))),
    ]
}

/// Replaces the `at`-th value within `value`, counted over all depths.
fn replace(value: &mut Value, at: &mut usize, new: &Value) {
    let children: Vec<&mut Value> = match value {
        Value::Array(values) => values.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => return,
    };
    for child in children {
        if *at == 0 {
            *child = new.clone();
            *at = usize::MAX;
            return;
        }
        *at -= 1;
        replace(child, at, new);
        if *at == usize::MAX {
            return;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn each_message_is_one_record_or_one_rejection(damage in prop::collection::vec((0_usize..80, strange()), 1..6)) {
        let mut list = Value::from(everything());
        for (at, new) in &damage {
            replace(&mut list, &mut at.clone(), new);
        }
        let expected = list.as_array().unwrap().len();
        let (records, rejected, closed) = counts(&read_all(&[body("messages", value("messages", list))]));
        prop_assert_eq!((records + rejected, closed), (expected, 1));
    }

    #[test]
    fn damaged_notifications_are_answered(
        damage in prop::collection::vec((0_usize..60, strange()), 1..4),
        bytes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let status = json!({"id": "s", "status": "read", "timestamp": SECONDS, "errors": [{"code": 1}], "type": "call"});
        let call = json!({"id": "c", "event": "terminate", "timestamp": SECONDS, "duration": 4, "start_time": 5});
        let mut all = body("messages", value("statuses", json!([status, status])));
        all["entry"][0]["changes"][0]["value"]["calls"] = json!([call]);
        all["entry"][0]["changes"][0]["value"]["history"] = json!([{"threads": [{"id": ANN, "messages": [sent(json!({}))]}]}]);
        for (at, new) in &damage {
            replace(&mut all, &mut at.clone(), new);
        }
        let mut text = all.to_string().into_bytes();
        for (at, byte) in &bytes {
            let at = at.index(text.len());
            text[at] = *byte;
        }
        let (records, rejected, closed) = counts(&read(&text));
        prop_assert!(records + rejected > 0 && closed == 1);
    }
}

#[test]
fn kinds_follow_from_lists() {
    let all = body("messages", value("calls", json!([{"id": "c", "timestamp": SECONDS}])));
    let found = reports(Parsed { value: all, mended: false }).unwrap();
    assert_eq!(found[0].kind, ReportKind::Call);
    assert_eq!(call::call(&found).unwrap().record.kind, RecordKind::Call);
}
