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
    // A chat of two is often called after who writes to its owner, whom nothing names then.
    let sender = record.sender.as_ref().filter(|_| !group && record.recipients.is_empty());
    let is_to_self = sender.is_some_and(|sender| is_called_after(sender, name));
    if (group || record.recipients.is_empty()) && !name.is_empty() && !is_to_self {
        return name.to_owned();
    }
    if record.recipients.is_empty() {
        return if id.is_empty() || is_to_self { "unknown".to_owned() } else { id.to_owned() };
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

/// Whether a chat is called after a person: by name, or by number however it is written.
fn is_called_after(person: &Person, name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit);
    let numbered = !person.number.is_empty() && name.starts_with('+') && digits.eq(person.number.chars());
    numbered || (!name.is_empty() && name == person.name)
}
