//! A JSON line to a record.

use super::field::{array, base64, boolean, members, missing_or_wrong, object, quoted, seconds, text, word, wrong};
use super::json::{Json, ValueKind};
use super::record::{AttachmentRef, AttachmentSource, Person, Record, RecordKind};
use super::syntax;
use crate::model::{CallFacts, Conversation, Event};

/// Characters of a name or id.
pub(super) const MAX_NAME: usize = 1000;
/// Characters of a file name.
const MAX_FILE_NAME: usize = 255;
const MAX_RECIPIENTS: usize = 100_000;
const MAX_ATTACHMENTS: usize = 1000;

impl Record {
    /// Parses one record, as `schemas/message.schema.json` describes it.
    ///
    /// # Errors
    /// A text for people: the field, what is wrong with it, and what to write instead.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(line)
            .map_err(|error| format!("not UTF-8 at byte {}; write the file as UTF-8", error.valid_up_to()))?;
        let mut json = Json::new(text);
        let mut fields = Fields::default();
        if json.kind()? != ValueKind::Object {
            return Err("expected an object; write one record a line, such as {\"platform\":\"sms\",...}".to_owned());
        }
        members(&mut json, "", |json, name| fields.member(json, name))?;
        json.end()?;
        fields.finish()
    }
}

/// The fields of a record as far as they were read.
#[derive(Default)]
struct Fields {
    source: String,
    platform: String,
    kind: RecordKind,
    conversation: Option<Conversation>,
    native_id: String,
    sent: String,
    sender: Option<Person>,
    recipients: Vec<Person>,
    text: String,
    event: Event,
    event_reference: String,
    reply_to: String,
    call: Option<CallFacts>,
    attachments: Vec<AttachmentRef>,
    extra: Vec<(String, String)>,
}

impl Fields {
    fn member(&mut self, json: &mut Json<'_>, name: &str) -> Result<(), String> {
        match name {
            "source" => self.source = text(json, "source", MAX_NAME)?,
            "platform" => self.platform = text(json, "platform", MAX_NAME)?,
            "kind" => self.kind = word(json, "kind", &KINDS)?.unwrap_or_default(),
            "conversation" => self.conversation = self.conversation(json)?,
            "id" => self.native_id = text(json, "id", MAX_NAME)?,
            "sent" => self.sent = text(json, "sent", MAX_NAME)?,
            "sender" => self.sender = self.person(json, "sender", "/sender")?,
            "recipients" => self.recipients(json)?,
            "text" => self.text = text(json, "text", usize::MAX)?,
            "event" => self.event = word(json, "event", &EVENTS)?.unwrap_or_default(),
            "event_reference" => self.event_reference = text(json, "event_reference", MAX_NAME)?,
            "reply_to" => self.reply_to = text(json, "reply_to", MAX_NAME)?,
            "call" => self.call = self.call(json)?,
            "attachments" => self.attachments(json)?,
            _ => self.unknown(json, "", name)?,
        }
        Ok(())
    }

    /// Keeps a member that the format does not know.
    fn unknown(&mut self, json: &mut Json<'_>, parent: &str, name: &str) -> Result<(), String> {
        let pointer = format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"));
        self.extra.push((pointer, json.raw()?));
        Ok(())
    }

    fn conversation(&mut self, json: &mut Json<'_>) -> Result<Option<Conversation>, String> {
        let mut chat = Conversation::default();
        let found = object(json, "conversation", |json, name| {
            match name {
                "id" => chat.id = text(json, "conversation.id", MAX_NAME)?,
                "name" => chat.name = text(json, "conversation.name", MAX_NAME)?,
                "type" => chat.group = word(json, "conversation.type", &CONVERSATION_TYPES)?.unwrap_or_default(),
                _ => self.unknown(json, "/conversation", name)?,
            }
            Ok(())
        })?;
        Ok(found.then_some(chat))
    }

    fn person(&mut self, json: &mut Json<'_>, path: &str, pointer: &str) -> Result<Option<Person>, String> {
        let mut person = Person::default();
        let found = object(json, path, |json, name| {
            match name {
                "name" => person.name = text(json, &format!("{path}.name"), MAX_NAME)?,
                "number" => person.number = text(json, &format!("{path}.number"), MAX_NAME)?,
                "address" => person.address = text(json, &format!("{path}.address"), MAX_NAME)?,
                "id" => person.id = text(json, &format!("{path}.id"), MAX_NAME)?,
                _ => self.unknown(json, pointer, name)?,
            }
            Ok(())
        })?;
        if !found {
            return Ok(None);
        }
        if [&person.name, &person.number, &person.address, &person.id].iter().all(|text| text.is_empty()) {
            return Err(wrong(path, "nobody", "at least one of name, number, address and id"));
        }
        if !person.number.is_empty() && !syntax::is_number(&person.number) {
            let hint = "the international number as up to 20 digits, such as \"445204334324\"";
            return Err(wrong(&format!("{path}.number"), &quoted(&person.number), hint));
        }
        if !person.address.is_empty() && !syntax::is_address(&person.address) {
            return Err(wrong(
                &format!("{path}.address"),
                &quoted(&person.address),
                "a bare address, such as \"susan@example.com\"",
            ));
        }
        person.number = person.number.trim_start_matches('+').to_owned();
        Ok(Some(person))
    }

    fn recipients(&mut self, json: &mut Json<'_>) -> Result<(), String> {
        let mut people = Vec::new();
        array(json, "recipients", MAX_RECIPIENTS, |json, index| {
            let path = format!("recipients[{index}]");
            let person = self.person(json, &path, &format!("/recipients/{index}"))?;
            people.push(person.ok_or_else(|| wrong(&path, "null", "an object, or leave it out"))?);
            Ok(())
        })?;
        self.recipients = people;
        Ok(())
    }

    fn call(&mut self, json: &mut Json<'_>) -> Result<Option<CallFacts>, String> {
        let mut call = CallFacts::default();
        let found = object(json, "call", |json, name| {
            match name {
                "direction" => {
                    let direction = word(json, "call.direction", &DIRECTIONS)?;
                    direction.unwrap_or_default().clone_into(&mut call.direction);
                }
                "answered" => call.answered = boolean(json, "call.answered")?,
                "duration" => call.duration_seconds = seconds(json, "call.duration")?,
                _ => self.unknown(json, "/call", name)?,
            }
            Ok(())
        })?;
        Ok(found.then_some(call))
    }

    fn attachments(&mut self, json: &mut Json<'_>) -> Result<(), String> {
        let mut found = Vec::new();
        array(json, "attachments", MAX_ATTACHMENTS, |json, index| {
            found.push(self.attachment(json, index)?);
            Ok(())
        })?;
        self.attachments = found;
        Ok(())
    }

    fn attachment(&mut self, json: &mut Json<'_>, index: usize) -> Result<AttachmentRef, String> {
        let at = format!("attachments[{index}]");
        let (mut file_name, mut media_type, mut path, mut inline) = (String::new(), String::new(), String::new(), None);
        let found = object(json, &at, |json, name| {
            match name {
                "name" => file_name = text(json, &format!("{at}.name"), MAX_FILE_NAME)?,
                "media_type" => media_type = text(json, &format!("{at}.media_type"), MAX_NAME)?,
                "path" => path = text(json, &format!("{at}.path"), usize::MAX)?,
                "base64" => inline = base64(json, &format!("{at}.base64"))?,
                _ => self.unknown(json, &format!("/attachments/{index}"), name)?,
            }
            Ok(())
        })?;
        if !found || path.is_empty() == inline.is_none() {
            return Err(wrong(&at, "not exactly one source of bytes", "either path or base64"));
        }
        if !media_type.is_empty() && !syntax::is_media_type(&media_type) {
            return Err(wrong(
                &format!("{at}.media_type"),
                &quoted(&media_type),
                "type/subtype, such as \"image/jpeg\"",
            ));
        }
        let source = match inline {
            Some(bytes) => AttachmentSource::Inline(bytes),
            None if syntax::is_relative_path(&path) => AttachmentSource::Path(path),
            None => {
                let hint = "a path relative to this file, with `/`, without `..`, such as \"media/a.jpg\"";
                return Err(wrong(&format!("{at}.path"), &quoted(&path), hint));
            }
        };
        if let (AttachmentSource::Path(path), "") = (&source, file_name.as_str()) {
            path.rsplit('/').next().unwrap_or_default().clone_into(&mut file_name);
        }
        Ok(AttachmentRef { name: file_name, media_type, source })
    }

    fn finish(mut self) -> Result<Record, String> {
        if !syntax::is_platform(&self.platform) {
            return Err(missing_or_wrong(
                "platform",
                &self.platform,
                "the platform in lower case, such as \"whatsapp\"",
            ));
        }
        let hint = "a time with seconds and offset from 1900 to 9999, such as \"2026-03-27T21:41:35+01:00\"";
        let sent = syntax::parse_sent(&self.sent).ok_or_else(|| missing_or_wrong("sent", &self.sent, hint))?;
        if self.sender.is_none() && self.event != Event::System {
            return Err(missing_or_wrong("sender", "", "an object with name, number, address or id"));
        }
        self.extra.sort();
        Ok(Record {
            source: self.source,
            platform: self.platform,
            kind: self.kind,
            conversation: self.conversation,
            native_id: self.native_id,
            sent,
            sent_text: self.sent,
            sender: self.sender,
            recipients: self.recipients,
            text: self.text,
            event: self.event,
            event_reference: self.event_reference,
            reply_to: self.reply_to,
            call: self.call,
            attachments: self.attachments,
            extra: self.extra,
        })
    }
}

const KINDS: [(&str, RecordKind); 4] = [
    ("chat", RecordKind::Chat),
    ("call", RecordKind::Call),
    ("meeting", RecordKind::Meeting),
    ("voicemail", RecordKind::Voicemail),
];
const EVENTS: [(&str, Event); 6] = [
    ("sent", Event::Sent),
    ("edited", Event::Edited),
    ("deleted", Event::Deleted),
    ("recalled", Event::Recalled),
    ("system", Event::System),
    ("reacted", Event::Reacted),
];
const CONVERSATION_TYPES: [(&str, bool); 2] = [("direct", false), ("group", true)];
const DIRECTIONS: [(&str, &str); 2] = [("incoming", "incoming"), ("outgoing", "outgoing")];
