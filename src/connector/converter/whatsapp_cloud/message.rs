//! A message of a notification as a record.

use serde_json::{Value, json};

use super::content::{content, error_lines, is_known};
use super::notification::{Report, ReportKind};
use super::party::Setting;
use super::{PLATFORM, SOURCE};
use crate::connector::converter::draft::add_line;
use crate::connector::converter::json::{Members, readable, time_of};
use crate::connector::converter::side_files::SideFile;
use crate::message::converted::{Person, Record};
use crate::model::{Conversation, Event};

/// A record whose files have still to be found.
#[derive(Debug)]
pub(super) struct Made {
    /// The record, not yet within limits.
    pub(super) record: Record,
    /// The files that it names.
    pub(super) media: Vec<SideFile>,
}

/// The record of a message, an echo or a message of the history.
///
/// # Errors
/// It cannot be placed in time, or is no message at all: a text for people.
pub(super) fn message(report: &Report) -> Result<Made, String> {
    let setting = report.setting.as_ref();
    let whole = without_addresses(report.value.clone());
    let mut members = Members::of(whole.clone()).ok_or("a message that is no JSON object; it says nothing")?;
    let mut record = dated(&mut members)?;
    record.native_id = members.text("id");
    people(report, &mut members, &mut record);
    let kind = members.text("type");
    let media = content(&kind, &mut members, &mut record);
    if !is_known(&kind) {
        record.fact("/type", &kind.into()).fact("/whole_record", &whole);
    }
    context(&mut members, &mut record);
    if record.event != Event::Reacted {
        extras(setting, &mut members, &mut record);
    }
    finish(setting, members, &whole, &mut record);
    Ok(Made { record, media })
}

/// The message without the addresses of its files. They are good for minutes, and each delivery has others; the files are
/// known by their ids and digests.
fn without_addresses(mut value: Value) -> Value {
    let mut waiting = vec![&mut value];
    while let Some(next) = waiting.pop() {
        match next {
            Value::Object(members) => {
                if members.contains_key("id") && members.contains_key("mime_type") {
                    members.remove("url");
                }
                waiting.extend(members.values_mut());
            }
            Value::Array(values) => waiting.extend(values),
            _ => {}
        }
    }
    value
}

/// A record with the time that `timestamp` gives.
fn dated(members: &mut Members) -> Result<Record, String> {
    let stamp = members.look("timestamp").cloned().unwrap_or_default();
    let sent = time_of(&stamp).ok_or_else(|| {
        format!(
            "its `timestamp` is {}, no number of seconds since 1970; ask who keeps the notifications",
            brief(&stamp)
        )
    })?;
    members.any("timestamp");
    Ok(Record::new(SOURCE, PLATFORM, sent))
}

/// A value as far as a line has room for it.
pub(super) fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

fn people(report: &Report, members: &mut Members, record: &mut Record) {
    let setting = report.setting.as_ref();
    let [from, from_id, to, to_id, group] =
        ["from", "from_user_id", "to", "to_user_id", "group_id"].map(|name| members.text(name));
    let mut sender = match report.kind {
        ReportKind::Echo if from.is_empty() && from_id.is_empty() => setting.business.clone(),
        _ => setting.person(&from, &from_id),
    };
    let outgoing = setting.is_business(&sender) || (sender == setting.business && sender != Person::default());
    let mut recipient = match &report.kind {
        _ if !to.is_empty() || !to_id.is_empty() => setting.person(&to, &to_id),
        ReportKind::History(customer) if outgoing => setting.person(customer, ""),
        ReportKind::Echo => setting.person("", ""),
        _ if outgoing => Person::default(),
        _ => setting.business.clone(),
    };
    for (person, id, pointer) in [(&mut sender, &from_id, "/from_user_id"), (&mut recipient, &to_id, "/to_user_id")] {
        if person.id.is_empty() {
            person.id.clone_from(id);
        } else if !id.is_empty() && person.id != *id {
            record.fact(pointer, &id.as_str().into());
        }
    }
    if sender == Person::default() {
        "Unknown".clone_into(&mut sender.name);
    }
    record.conversation = Some(if group.is_empty() {
        let customer = if outgoing || report.kind == ReportKind::Echo { &recipient } else { &sender };
        Conversation { id: direct_id(&setting.business, customer), ..Conversation::default() }
    } else {
        Conversation { id: group, name: String::new(), group: true }
    });
    let facts = setting.contact_facts(&[&sender, &recipient]);
    if !facts.is_empty() {
        record.fact("/contacts", &Value::Array(facts));
    }
    let parents = ["from_parent_user_id", "to_parent_user_id"].map(|name| members.text(name));
    if parents.iter().any(|id| !id.is_empty()) {
        record.fact("/parent_user_ids", &json!({"from": parents.first(), "to": parents.last()}));
    }
    record.sender = Some(sender);
    record.recipients = vec![recipient];
}

/// The chat of a business number with a customer has no id of its own: both numbers, or ids, make one.
pub(super) fn direct_id(business: &Person, customer: &Person) -> String {
    let key = |person: &Person| {
        let keys = [&person.number, &person.id, &person.name];
        keys.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default()
    };
    format!("{}:{}", key(business), key(customer))
}

/// What a message answers, and whether it was passed on.
fn context(members: &mut Members, record: &mut Record) {
    let Some(mut context) = members.object("context") else { return };
    record.reply_to = context.text("id");
    let often = context.flag("frequently_forwarded");
    if context.flag("forwarded") || often {
        record.fact("/forwarded", &true.into());
    }
    if often {
        record.fact("/frequently_forwarded", &true.into());
    }
    if !context.is_empty() {
        record.fact("/context", &context.into_value());
    }
}

/// The advertisement that led to the message, and errors.
fn extras(setting: &Setting, members: &mut Members, record: &mut Record) {
    if let Some(referral) = members.any("referral") {
        add_line(record, &readable(&referral));
        record.fact("/referral", &referral);
    }
    let errors = members.list("errors").unwrap_or_default();
    for line in error_lines(&errors).into_iter().chain(error_lines(&setting.errors)) {
        add_line(record, &line);
    }
    if !errors.is_empty() {
        record.fact("/errors", &Value::Array(errors));
    }
    if let Some(history) = members.any("history_context") {
        record.fact("/history", &history);
    }
}

/// Keeps what nobody took from `members`, the rest of `whole`, and what the notification says of all its reports.
pub(super) fn finish(setting: &Setting, members: Members, whole: &Value, record: &mut Record) {
    if !members.is_empty() {
        if record.event != Event::Reacted {
            add_line(record, &readable(&members.into_value()));
        }
        record.fact("/whole_record", whole);
    }
    if !setting.account.is_empty() {
        record.fact("/account", &setting.account.as_str().into());
    }
    if !setting.field.is_empty() && setting.field != "messages" {
        record.fact("/field", &setting.field.as_str().into());
    }
    if !setting.errors.is_empty() {
        record.fact("/notification_errors", &Value::Array(setting.errors.clone()));
    }
    if !setting.rest.is_empty() {
        record.fact("/notification", &setting.rest.clone().into_value());
    }
    if setting.mended {
        record.fact("/mended", &true.into());
    }
}
