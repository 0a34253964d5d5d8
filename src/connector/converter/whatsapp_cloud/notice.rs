//! Reports that are no messages: changes of an account, of templates, of preferences, and whatever the platform adds.

use std::collections::VecDeque;

use serde_json::Value;

use super::message::{Made, finish};
use super::notification::Report;
use super::party::Setting;
use super::{PLATFORM, SOURCE};
use crate::connector::converter::json::{Members, readable, time_of};
use crate::message::converted::{Person, Record};
use crate::model::Event;

/// The record of a report that has a name only: an event of the platform, whose text has everything that it says.
///
/// # Errors
/// Neither it nor its notification says when it was: a text for people.
pub(super) fn notice(report: &Report, name: &str) -> Result<Made, String> {
    let setting = report.setting.as_ref();
    let time = stamp(&report.value).or_else(|| setting.time.as_ref().and_then(time_of));
    let sent = time.ok_or_else(|| {
        format!("a report `{name}` without `timestamp`, in an entry without `time`; ask who keeps the notifications")
    })?;
    let mut record = Record::new(SOURCE, PLATFORM, sent);
    record.event = Event::System;
    record.text = format!("{name}\n{}", readable(&report.value));
    record.recipients = concerned(setting, &report.value);
    record.fact("/whole_record", &report.value);
    let shown: Vec<&Person> = record.recipients.iter().collect();
    let contacts = setting.contact_facts(&shown);
    if !contacts.is_empty() {
        record.fact("/contacts", &Value::Array(contacts));
    }
    finish(setting, Members::default(), &report.value, &mut record);
    Ok(Made { record, media: Vec::new() })
}

/// The first `timestamp` in a value, the outermost first.
fn stamp(value: &Value) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    let mut waiting = VecDeque::from([value]);
    while let Some(value) = waiting.pop_front() {
        match value {
            Value::Object(members) => {
                if let Some(time) = members.get("timestamp").and_then(time_of) {
                    return Some(time);
                }
                waiting.extend(members.values());
            }
            Value::Array(values) => waiting.extend(values),
            _ => {}
        }
    }
    None
}

/// Whom it concerns: the business, by its number or else its account, and the customer whom it names.
fn concerned(setting: &Setting, value: &Value) -> Vec<Person> {
    let business = if setting.business == Person::default() {
        Person { id: setting.account.clone(), ..Person::default() }
    } else {
        setting.business.clone()
    };
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let customer = if text("wa_id").is_empty() && text("user_id").is_empty() {
        Person::default()
    } else {
        setting.person(text("wa_id"), text("user_id"))
    };
    let mut people = vec![business, customer];
    people.retain(|person| *person != Person::default());
    people.dedup();
    people
}
