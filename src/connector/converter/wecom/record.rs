//! A record of the archive: what all types have in common.

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use super::body::{self, Context};
use super::element::{Element, element};
use super::people::{People, direction, person};
use super::{PLATFORM, SOURCE};
use crate::connector::converter::draft::Draft;
use crate::connector::converter::json::{number, plain, shown, text, time};
use crate::message::converted::{Person, Record, RecordKind};
use crate::model::{CallFacts, Event};

/// Members that records of every type have and that a mail says in full.
const COMMON: [&str; 7] = ["msgid", "action", "from", "tolist", "roomid", "msgtime", "msgtype"];

/// The draft of an element of a file.
///
/// # Errors
/// It holds no record: a text for people.
pub(super) fn draft(bytes: &[u8]) -> Result<Draft, String> {
    let Element { record, whole, mended } = element(bytes)?;
    let people = People::of(&record);
    let mut draft = started(&record);
    draft.record.conversation = people.conversation;
    draft.record.recipients = people.to.iter().map(|id| person(id)).collect();
    draft.record.sender = Some(person(&people.from)).filter(|_| !people.from.is_empty());
    match text(&record, "action") {
        "switch" => switch(&mut draft),
        "recall" => recall(&mut draft, &record),
        _ => content(&mut draft, &record, direction(&people.from, &people.to)),
    }
    if draft.record.sender.is_none() && draft.record.event != Event::System {
        draft.record.sender = Some(Person { name: "unknown".to_owned(), ..Person::default() });
        draft.fact("/sender_unknown", true);
    }
    if mended {
        draft.fact("/replaced_characters", true);
    }
    if !is_said(&record) {
        draft.whole = Some(whole);
    }
    Ok(draft)
}

/// A draft with time and id.
fn started(record: &Value) -> Draft {
    let given =
        ["msgtime", "send_time", "time"].into_iter().find_map(|name| record.get(name).map(|value| (name, value)));
    let sent = given.and_then(|(name, _)| number(record, name)).and_then(time);
    let mut draft = Draft::new(Record::new(SOURCE, PLATFORM, sent.unwrap_or(DateTime::<FixedOffset>::default())));
    if sent.is_none() {
        draft.fact("/time_unknown", true);
        draft.fact("/sent_local", given.map(|(_, value)| plain(value)).unwrap_or_default());
    }
    draft.record.native_id = shown(record, "msgid");
    if draft.record.native_id.ends_with("_external") {
        draft.fact("/external", true);
    } else if draft.record.native_id.ends_with("_updown_stream") {
        draft.fact("/linked_company", true);
    }
    if record.get("is_recalled").and_then(Value::as_bool) == Some(true) {
        draft.fact("/recalled", true);
    }
    draft
}

/// Somebody went over to another company that they are a member of; the record says no more.
fn switch(draft: &mut Draft) {
    draft.record.event = Event::System;
    draft.line("Switched to another company").fact("/content", "switch");
}

fn recall(draft: &mut Draft, record: &Value) {
    draft.record.event = Event::Recalled;
    let body = record.get("revoke").unwrap_or(record);
    draft.record.event_reference = shown(body, "pre_msgid");
}

/// What was sent.
fn content(draft: &mut Draft, record: &Value, direction: &str) {
    let kind = shown(record, "msgtype").trim().to_lowercase();
    let body = body::of(record, &kind);
    let id = draft.record.native_id.clone();
    body::describe(draft, &kind, body, Context { message: &id, depth: 0 });
    match body::content_word(&kind) {
        "" => {}
        "sticker" if number(body, "type") == Some(1) => _ = draft.fact("/content", "gif"),
        word => _ = draft.fact("/content", word),
    }
    match kind.as_str() {
        "revoke" => recall(draft, record),
        "agree" | "disagree" => draft.record.event = Event::System,
        "chatrecord" => _ = draft.fact("/forwarded", true),
        "voiptext" => call(draft, RecordKind::Call, direction, number(body, "callduration")),
        "meeting_voice_call" => {
            let started = u64::try_from(draft.record.sent.timestamp()).ok();
            let ended = number(body, "endtime").zip(started);
            call(draft, RecordKind::Meeting, direction, ended.and_then(|(end, start)| end.checked_sub(start)));
        }
        "voip_doc_share" | "meeting" | "meeting_notification" => draft.record.kind = RecordKind::Meeting,
        _ => {}
    }
}

fn call(draft: &mut Draft, kind: RecordKind, direction: &str, duration: Option<u64>) {
    draft.record.kind = kind;
    let answered = duration.filter(|seconds| *seconds > 0).map(|_| true);
    draft.record.call = Some(CallFacts { direction: direction.to_owned(), answered, duration_seconds: duration });
}

/// Whether nothing is in a record that its mail does not say.
fn is_said(record: &Value) -> bool {
    let Some(members) = record.as_object() else { return false };
    let kind = text(record, "msgtype");
    let only = |field: &str| {
        let body = record.get(kind).and_then(Value::as_object);
        body.is_some_and(|body| body.len() == 1 && body.get(field).is_some_and(Value::is_string))
    };
    let common = |more: &str| members.keys().all(|name| name == more || COMMON.contains(&name.as_str()));
    match (text(record, "action"), kind) {
        ("send", "text") => common(kind) && only("content"),
        ("recall", "revoke") => common(kind) && only("pre_msgid"),
        ("switch", "") => members.keys().all(|name| matches!(name.as_str(), "msgid" | "action" | "time" | "user")),
        _ => false,
    }
}
