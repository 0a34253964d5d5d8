//! The subject line.

use super::platform::platform_display;
use super::record::{Person, Record, RecordKind};
use crate::model::Event;

/// Recipients named in a subject.
const MAX_NAMED: usize = 5;

/// `WhatsApp Message From 16174354634 to 12124325249`, the form that readers of archived chats expect.
pub(super) fn subject(record: &Record) -> String {
    let deleted = if matches!(record.event, Event::Deleted | Event::Recalled) { "DELETED - UNKNOWN - " } else { "" };
    let platform = platform_display(&record.platform);
    let what = match record.kind {
        RecordKind::Chat => "Message",
        RecordKind::Call => "Call",
        RecordKind::Meeting => "Meeting",
        RecordKind::Voicemail => "Voicemail",
    };
    let sender = record.sender.as_ref().map_or_else(|| platform.clone(), |person| label(person).to_owned());
    format!("{deleted}{platform} {what} From {sender} to {}", recipients(record))
}

fn recipients(record: &Record) -> String {
    let (name, id, group) =
        record.conversation.as_ref().map_or(("", "", false), |chat| (&chat.name, &chat.id, chat.group));
    if (group || record.recipients.is_empty()) && !name.is_empty() {
        return name.to_owned();
    }
    if record.recipients.is_empty() {
        return if id.is_empty() { "unknown".to_owned() } else { id.to_owned() };
    }
    let mut named: Vec<&str> = record.recipients.iter().take(MAX_NAMED).map(label).collect();
    let more = record.recipients.len() - named.len();
    let others = format!("{more} others");
    if more > 0 {
        named.push(&others);
    }
    named.join(", ")
}

fn label(person: &Person) -> &str {
    [&person.number, &person.name, &person.address, &person.id]
        .into_iter()
        .find(|text| !text.is_empty())
        .map_or("", |v| v)
}
