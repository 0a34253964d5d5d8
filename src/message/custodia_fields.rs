//! The `X-Custodia-*` fields by which a converted message carries what its chat platform knew.

use serde_json::{Map, Value};

use super::converted::platform_display;
use super::encoded_word::unstructured;
use super::header::Header;
use super::notes::Notes;
use crate::model::{CallFacts, Conversation, Event, Kind, MessageEvent, UtcTime};

/// What a converted message says beside its mail form, or what is told of a mail that a chat was made into.
#[derive(Debug)]
pub(super) struct ChatFacts {
    /// Who converted it.
    pub(super) source: String,
    pub(super) kind: Kind,
    pub(super) platform: String,
    pub(super) item_class: String,
    pub(super) event: MessageEvent,
    pub(super) conversation: Option<Conversation>,
    pub(super) call: Option<CallFacts>,
    pub(super) reply_to: String,
    pub(super) native_id: String,
    /// Finer than the Date field, which has whole seconds.
    pub(super) sent_at: Option<UtcTime>,
    /// What has no field of its own, by JSON Pointer.
    pub(super) details: Map<String, Value>,
}

/// Reads the fields of a converted message; `None` for mail.
///
/// Anybody can write such fields into a mail. A mail that was transported says so by Received fields
/// (RFC 5321 4.4), which a converted message never has, or came in a journal report: there they are not believed, and noted.
pub(super) fn chat_facts(header: &Header<'_>, transported: bool, notes: &mut Notes) -> Option<ChatFacts> {
    header.first("x-custodia-platform")?;
    if transported || header.first("received").is_some() {
        notes.defect("foreign_custodia_fields", "a transported mail claims to be a converted message; treated as mail");
        return None;
    }
    let value = |name: &str| header.first(name).map(|value| unstructured(value, None)).unwrap_or_default();
    let platform = value("x-custodia-platform").to_lowercase();
    let sent = value("x-custodia-sent");
    let sent_at = UtcTime::parse(&sent).ok();
    if sent_at.is_none() && !sent.is_empty() {
        notes.defect("bad_date", "the X-Custodia-Sent field is no RFC 3339 time");
    }
    Some(ChatFacts {
        source: value("x-custodia-source"),
        details: details(&value("x-custodia-extra")),
        kind: kind(&value("x-custodia-kind")),
        item_class: format!("IPM.ExternalData.{}", platform_display(&platform)),
        event: event(&value("x-custodia-event"), value("x-custodia-event-reference"), notes),
        conversation: conversation(&value),
        call: call(&value),
        reply_to: value("x-custodia-reply-to"),
        native_id: value("x-custodia-native-id"),
        platform,
        sent_at,
    })
}

/// The JSON object of a field; a text that is none is kept as one.
fn details(text: &str) -> Map<String, Value> {
    match serde_json::from_str(text) {
        Ok(Value::Object(details)) => details,
        _ if text.is_empty() => Map::new(),
        _ => Map::from_iter([(String::new(), text.into())]),
    }
}

fn kind(word: &str) -> Kind {
    match word.to_ascii_lowercase().as_str() {
        "call" | "meeting" => Kind::Meetings,
        "voicemail" => Kind::Voicemail,
        _ => Kind::Im,
    }
}

fn event(word: &str, reference: String, notes: &mut Notes) -> MessageEvent {
    let event = Event::ALL.into_iter().find(|event| event.as_str().eq_ignore_ascii_case(word));
    if event.is_none() && !word.is_empty() {
        notes.defect("unknown_event", format!("the event `{}` is not known", super::body_text::first_chars(word, 60)));
    }
    MessageEvent { event: event.unwrap_or_default(), reference }
}

fn conversation(value: &dyn Fn(&str) -> String) -> Option<Conversation> {
    let (id, name) = (value("x-custodia-conversation-id"), value("x-custodia-conversation-name"));
    let sort = value("x-custodia-conversation-type");
    if id.is_empty() && name.is_empty() && sort.is_empty() {
        return None;
    }
    Some(Conversation { id, name, group: sort.eq_ignore_ascii_case("group") })
}

fn call(value: &dyn Fn(&str) -> String) -> Option<CallFacts> {
    let direction = value("x-custodia-call-direction").to_ascii_lowercase();
    let (answered, duration) = (value("x-custodia-call-answered"), value("x-custodia-call-duration"));
    if direction.is_empty() && answered.is_empty() && duration.is_empty() {
        return None;
    }
    let answered = match answered.to_ascii_lowercase().as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    Some(CallFacts { direction, answered, duration_seconds: duration.parse().ok() })
}
