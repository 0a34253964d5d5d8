//! What a notification reports: its envelope taken apart.

use std::sync::Arc;

use serde_json::Value;

use super::party::Setting;
use crate::connector::converter::json::{Members, Parsed};

/// Something that a notification reports.
#[derive(Debug)]
pub(super) struct Report {
    /// The circumstances.
    pub(super) setting: Arc<Setting>,
    /// What it is.
    pub(super) kind: ReportKind,
    /// The whole of it.
    pub(super) value: Value,
}

/// What is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ReportKind {
    /// A message to the business.
    Message,
    /// A message that the business sent with its own app.
    Echo,
    /// A message of the time before the business joined, of the chat with this customer.
    History(String),
    /// What became of a message or call.
    Status,
    /// The beginning or end of a call.
    Call,
    /// What has a name only.
    Other(String),
}

/// The reports of a body, an entry, a change or the value of a change.
///
/// # Errors
/// It is none of these, or reports nothing: a text for people.
pub(super) fn reports(parsed: Parsed) -> Result<Vec<Report>, String> {
    let mut body = Members::of(parsed.value).ok_or("a notification is a JSON object, and this is none")?;
    let setting = Setting { mended: parsed.mended, ..Setting::default() };
    let mut found = Vec::new();
    if let Some(entries) = body.list("entry") {
        if body.look("object").and_then(Value::as_str) == Some("whatsapp_business_account") {
            body.text("object");
        }
        let setting = with_rest(&setting, "body", body);
        for entry in entries {
            entry_reports(&setting, entry, &mut found);
        }
    } else if body.has("changes") {
        entry_reports(&setting, body.into_value(), &mut found);
    } else if body.has("field") && body.has("value") {
        change_reports(&setting, body.into_value(), &mut found);
    } else if LISTS.iter().any(|(name, _)| body.look(name).is_some_and(Value::is_array)) {
        value_reports(setting, body.into_value(), &mut found);
    } else {
        return Err(
            "JSON, but no notification of the WhatsApp Business Cloud API: it has no `entry`, `changes`, `value` \
                    or `messages`"
                .to_owned(),
        );
    }
    if found.is_empty() { Err("a notification that reports nothing".to_owned()) } else { Ok(found) }
}

/// The lists of a value, and what is in them.
const LISTS: [(&str, ReportKind); 4] = [
    ("messages", ReportKind::Message),
    ("message_echoes", ReportKind::Echo),
    ("statuses", ReportKind::Status),
    ("calls", ReportKind::Call),
];

fn with_rest(setting: &Setting, name: &str, rest: Members) -> Setting {
    let mut setting = setting.clone();
    setting.rest.give_back(name, rest);
    setting
}

fn entry_reports(setting: &Setting, entry: Value, found: &mut Vec<Report>) {
    let mut members = Members::of(entry.clone()).unwrap_or_default();
    let mut setting = Setting { account: members.text("id"), time: members.any("time"), ..setting.clone() };
    let Some(changes) = members.list("changes").filter(|changes| !changes.is_empty()) else {
        "entry".clone_into(&mut setting.field);
        return found.push(other(setting, entry));
    };
    let setting = with_rest(&setting, "entry", members);
    for change in changes {
        change_reports(&setting, change, found);
    }
}

fn change_reports(setting: &Setting, change: Value, found: &mut Vec<Report>) {
    let mut members = Members::of(change.clone()).unwrap_or_default();
    let setting = Setting { field: members.text("field"), ..setting.clone() };
    match members.any("value") {
        Some(value) => value_reports(with_rest(&setting, "change", members), value, found),
        None => found.push(other(setting, change)),
    }
}

/// The parts of a value. Its lists are taken out; whatever else it holds goes with each of them.
fn value_reports(mut setting: Setting, value: Value, found: &mut Vec<Report>) {
    let Some(mut members) = Members::of(value.clone()) else { return found.push(other(setting, value)) };
    setting.take(&mut members);
    let mut parts: Vec<(ReportKind, Value)> = Vec::new();
    for (name, kind) in LISTS {
        let list = members.list(name).unwrap_or_default();
        parts.extend(list.into_iter().map(|value| (kind.clone(), value)));
    }
    if setting.field == "history" {
        parts.extend(history(&mut members));
    }
    // `user_preferences`, `state_sync` and what else comes as a list with the name of its field or of its own.
    for name in [setting.field.as_str(), "state_sync"] {
        let list = members.list(name).unwrap_or_default();
        parts.extend(list.into_iter().map(|value| (ReportKind::Other(name.to_owned()), value)));
    }
    if parts.is_empty() {
        return found.push(other(setting, value));
    }
    let setting = Arc::new(with_rest(&setting, "value", members));
    found.extend(parts.into_iter().map(|(kind, value)| Report { setting: Arc::clone(&setting), kind, value }));
}

/// The messages in the threads of a history. Threads and chunks that say more stay reports of their own; which part of the
/// delivery a chunk was says nothing about its messages.
fn history(members: &mut Members) -> Vec<(ReportKind, Value)> {
    let mut parts = Vec::new();
    for chunk in members.list("history").unwrap_or_default() {
        let before = parts.len();
        let Some(mut rest) = Members::of(chunk.clone()) else {
            parts.push((ReportKind::Other("history".to_owned()), chunk));
            continue;
        };
        for thread in rest.list("threads").unwrap_or_default() {
            let Some(mut inner) = Members::of(thread.clone()) else {
                parts.push((ReportKind::Other("history".to_owned()), thread));
                continue;
            };
            let customer = inner.text("id");
            let messages = inner.list("messages").unwrap_or_default();
            if messages.is_empty() || !inner.is_empty() {
                parts.push((ReportKind::Other("history".to_owned()), thread));
            }
            parts.extend(messages.into_iter().map(|message| (ReportKind::History(customer.clone()), message)));
        }
        let found_some = parts.len() > before;
        if found_some {
            rest.any("metadata");
        }
        if !found_some || !rest.is_empty() {
            parts.push((ReportKind::Other("history".to_owned()), chunk));
        }
    }
    parts
}

fn other(setting: Setting, value: Value) -> Report {
    let name = if setting.field.is_empty() { "notification".to_owned() } else { setting.field.clone() };
    Report { setting: Arc::new(setting), kind: ReportKind::Other(name), value }
}
