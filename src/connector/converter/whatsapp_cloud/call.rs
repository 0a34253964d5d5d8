//! Calls: the report of the beginning and that of the end as one record; an end that comes alone as an event on the call.

use serde_json::Value;

use super::content::error_lines;
use super::message::{Made, direct_id, finish};
use super::notification::Report;
use super::party::Setting;
use super::{PLATFORM, SOURCE};
use crate::connector::converter::draft::add_line;
use crate::connector::converter::json::{Members, items, time_of};
use crate::message::converted::{Person, Record, RecordKind};
use crate::model::{CallFacts, Conversation, Event};

/// The reports of one call as one record, at the time of the first.
///
/// # Errors
/// None of them says when it was: a text for people.
pub(super) fn call(reports: &[Report]) -> Result<Made, String> {
    let mut values: Vec<&Value> = reports.iter().map(|report| &report.value).collect();
    values.sort_by_key(|value| (value.get("timestamp").and_then(time_of), value.to_string()));
    let time = |name: &str| values.iter().filter_map(|value| value.get(name).and_then(time_of)).min();
    let sent = time("timestamp").or_else(|| time("start_time"));
    let sent = sent.ok_or("a call without `timestamp`; ask who keeps the notifications")?;
    let setting = Setting::together(reports);
    let mut record = Record::new(SOURCE, PLATFORM, sent);
    record.kind = RecordKind::Call;
    record.native_id = text(&values, "id");
    people(&setting, &values, &mut record);
    let facts = call_facts(&values);
    record.text = line(&facts, &text(&values, "status"));
    for value in &values {
        for line in error_lines(items(value, "errors")) {
            add_line(&mut record, &line);
        }
    }
    record.call = Some(facts);
    let event = |word: &str| values.iter().any(|value| value.get("event").and_then(Value::as_str) == Some(word));
    if event("terminate") && !event("connect") {
        // Its beginning came in another delivery, and is a message already: this is what became of it.
        record.event = Event::System;
        record.event_reference = std::mem::take(&mut record.native_id);
    }
    record.fact("/events", &values.into_iter().cloned().collect());
    finish(&setting, Members::default(), &Value::Null, &mut record);
    Ok(Made { record, media: Vec::new() })
}

/// The first text of this name.
fn text(values: &[&Value], name: &str) -> String {
    let mut texts = values.iter().filter_map(|value| value.get(name).and_then(Value::as_str));
    texts.find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}

fn call_facts(values: &[&Value]) -> CallFacts {
    let direction = match text(values, "direction").as_str() {
        "USER_INITIATED" => "incoming",
        "BUSINESS_INITIATED" => "outgoing",
        _ => "",
    };
    let duration_seconds = values.iter().find_map(|value| match value.get("duration")? {
        Value::String(digits) => digits.parse().ok(),
        number => number.as_u64(),
    });
    let began = values.iter().any(|value| value.get("start_time").and_then(time_of).is_some());
    // A call that failed can have a duration: that of the ringing.
    let answered = match text(values, "status").to_ascii_uppercase().as_str() {
        "COMPLETED" if began || duration_seconds.is_some_and(|seconds| seconds > 0) => Some(true),
        "FAILED" => Some(false),
        _ => None,
    };
    CallFacts { direction: direction.to_owned(), answered, duration_seconds }
}

/// `Incoming call, answered, 42 seconds (COMPLETED)`.
fn line(facts: &CallFacts, status: &str) -> String {
    let mut line = match facts.direction.as_str() {
        "incoming" => "Incoming call",
        "outgoing" => "Outgoing call",
        _ => "Call",
    }
    .to_owned();
    line.push_str(match facts.answered {
        Some(true) => ", answered",
        Some(false) => ", not answered",
        None => "",
    });
    if let Some(seconds) = facts.duration_seconds {
        line = format!("{line}, {seconds} seconds");
    }
    if status.is_empty() { line } else { format!("{line} ({status})") }
}

fn people(setting: &Setting, values: &[&Value], record: &mut Record) {
    let outgoing = text(values, "direction") == "BUSINESS_INITIATED";
    let person = |number: &str, id: &str, business: bool| {
        let (number, id) = (text(values, number), text(values, id));
        match (number.is_empty() && id.is_empty(), business) {
            (true, true) => setting.business.clone(),
            _ => setting.person(&number, &id),
        }
    };
    let sender = person("from", "from_user_id", outgoing);
    let recipient = person("to", "to_user_id", !outgoing);
    let customer = if setting.is_business(&sender) { &recipient } else { &sender };
    record.conversation = Some(Conversation { id: direct_id(&setting.business, customer), ..Conversation::default() });
    let contacts = setting.contact_facts(&[&sender, &recipient]);
    if !contacts.is_empty() {
        record.fact("/contacts", &Value::Array(contacts));
    }
    record.sender = Some(sender).filter(|sender| *sender != Person::default());
    record.recipients = vec![recipient];
}
