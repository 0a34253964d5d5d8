//! One event of an RSMF file, made into records.

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use serde_json::Value;

use super::manifest::{Manifest, custom, has_unknown, list};
use crate::connector::converter::json::shown;
use crate::message::converted::{AttachmentRef, AttachmentSource, Person, Record};
use crate::model::{Event, TimeZone};

/// What `X-Custodia-Source` says.
const SOURCE: &str = "rsmf";

/// Members of an event that records have a place for.
const KNOWN: [&str; 15] = [
    "id",
    "type",
    "parent",
    "body",
    "participant",
    "conversation",
    "timestamp",
    "deleted",
    "importance",
    "reactions",
    "attachments",
    "edits",
    "custom",
    "direction",
    "read_receipts",
];

/// What an event is read with.
pub(super) struct Reading<'a> {
    pub(super) manifest: &'a Manifest,
    /// The zone of times that name none.
    pub(super) timezone: &'a TimeZone,
    /// The time of the event before it, for one without.
    pub(super) before: Option<DateTime<FixedOffset>>,
}

/// A time, and the text of one that names no zone.
struct Time {
    time: DateTime<FixedOffset>,
    local: Option<String>,
}

impl Reading<'_> {
    /// The records of an event: the message, and one for each edit.
    ///
    /// # Errors
    /// It is no object, or has no time and none before it: a text for people.
    pub(super) fn records(&self, event: &Value) -> Result<Vec<Record>, String> {
        let object = event.as_object().ok_or("an event that is no JSON object")?;
        let mut message = self.message(event)?;
        let edits: Vec<&Value> = list(event, "edits").collect();
        let (body, original) = (shown(event, "body"), edits.first().map(|edit| shown(edit, "previous")));
        message.text = original.filter(|text| !text.is_empty()).unwrap_or_else(|| body.clone());
        if has_unknown(object, &KNOWN) || !known_type(&shown(event, "type")) {
            message.fact("/whole_record", event);
        }
        let mut records = vec![message];
        for (n, edit) in edits.iter().enumerate() {
            let last = n + 1 == edits.len();
            let next = edits.get(n + 1).map(|next| shown(next, "previous"));
            let new = [shown(edit, "new"), next.unwrap_or_default(), if last { body.clone() } else { String::new() }];
            let new = new.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
            records.extend(self.edit(records.first(), edit, n, new));
        }
        if !body.is_empty() && !edits.is_empty() && !records.iter().any(|record| record.text == body) {
            // What the message said when it was captured is not lost where no edit leads to it.
            records.extend(self.edit(records.first(), &Value::Null, edits.len(), body));
        }
        Ok(records)
    }

    fn message(&self, event: &Value) -> Result<Record, String> {
        let time = self.time(&shown(event, "timestamp"));
        let assumed = time.is_none();
        let time = time.or(self.before.map(|time| Time { time, local: None }));
        let time = time.ok_or_else(|| format!("an event whose time `{}` cannot be read", shown(event, "timestamp")))?;
        let room = self.manifest.room(&shown(event, "conversation"));
        let mut record = Record::new(SOURCE, room.map_or("rsmf", |room| room.platform.as_str()), time.time);
        self.say_time(&mut record, &time);
        if assumed {
            record.fact("/sent_assumed", &true.into());
        }
        record.native_id = shown(event, "id");
        record.reply_to = shown(event, "parent");
        record.event = event_of(&shown(event, "type"), event.get("deleted") == Some(&Value::Bool(true)));
        let sender = shown(event, "participant");
        let unknown = || Person { name: "unknown".to_owned(), ..Person::default() };
        record.sender = match sender.as_str() {
            "" => (record.event != Event::System).then(unknown),
            id => Some(self.manifest.person(id)),
        };
        if let Some(room) = room {
            record.conversation = Some(room.conversation.clone());
            let others = room.members.iter().filter(|member| **member != sender);
            record.recipients = others.map(|member| self.manifest.person(member)).collect();
        }
        record.attachments = list(event, "attachments").map(attachment).collect();
        self.facts(&mut record, event);
        Ok(record)
    }

    fn facts(&self, record: &mut Record, event: &Value) {
        let kind = shown(event, "type");
        if kind != "message" {
            record.fact("/type", &kind.into());
        }
        for name in ["importance", "direction", "reactions", "read_receipts", "edits"] {
            let value = event.get(name).filter(|value| !value.is_null() && **value != Value::Array(Vec::new()));
            if let Some(value) = value {
                record.fact(&format!("/{name}"), value);
            }
        }
        for (pointer, value) in custom(event, "") {
            record.fact(&pointer, &value);
        }
        let room = self.manifest.room(&shown(event, "conversation"));
        for (pointer, value) in room.iter().flat_map(|room| &room.facts) {
            record.fact(pointer, value);
        }
        if room.is_none() && event.get("conversation").is_some() {
            record.fact("/conversation/id", &shown(event, "conversation").into());
        }
        if !self.manifest.collection.is_empty() {
            record.fact("/event_collection", &self.manifest.collection.as_str().into());
        }
    }

    /// The record of an edit; `None` if the message has no id by which it could be about it.
    fn edit(&self, message: Option<&Record>, edit: &Value, n: usize, new: String) -> Option<Record> {
        let message = message?;
        let time = self.time(&shown(edit, "timestamp"));
        let mut record = Record::new(SOURCE, &message.platform, time.as_ref().map_or(message.sent, |time| time.time));
        match &time {
            Some(time) => self.say_time(&mut record, time),
            None => drop(record.fact("/sent_assumed", &true.into())),
        }
        let editor = shown(edit, "participant");
        record.sender = if editor.is_empty() { message.sender.clone() } else { Some(self.manifest.person(&editor)) };
        record.recipients.clone_from(&message.recipients);
        record.conversation.clone_from(&message.conversation);
        record.event = Event::Edited;
        record.event_reference.clone_from(&message.native_id);
        record.text = new;
        record.fact("/edit", &(n + 1).into());
        let previous = shown(edit, "previous");
        if !previous.is_empty() {
            record.fact("/previous", &previous.into());
        }
        Some(record)
    }

    fn say_time(&self, record: &mut Record, time: &Time) {
        if let Some(local) = &time.local {
            record.fact("/sent_local", &local.as_str().into()).fact("/timezone", &self.timezone.name().into());
        }
    }

    /// ISO 8601, with or without offset, fractions and seconds.
    fn time(&self, text: &str) -> Option<Time> {
        let text = text.trim();
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Some(Time { time, local: None });
        }
        let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
        let civil = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
        // In the hour that a change of the clocks leaves out there is no such time: it is read as if there were none.
        let time = self.timezone.instants(civil).earliest();
        let time = time.unwrap_or_else(|| civil.and_utc().fixed_offset());
        Some(Time { time, local: Some(text.to_owned()) })
    }
}

fn known_type(kind: &str) -> bool {
    ["message", "disclaimer", "join", "leave", "history", "unknown"].contains(&kind)
}

/// A message that was deleted is given once, with the text that was captured.
fn event_of(kind: &str, deleted: bool) -> Event {
    match (kind, deleted) {
        (_, true) => Event::Deleted,
        ("message", false) => Event::Sent,
        (_, false) => Event::System,
    }
}

fn attachment(attachment: &Value) -> AttachmentRef {
    let (id, display) = (shown(attachment, "id"), shown(attachment, "display"));
    let name = if display.is_empty() { id.rsplit('/').next().unwrap_or_default().to_owned() } else { display };
    AttachmentRef { name, media_type: String::new(), source: AttachmentSource::Path(id) }
}
