//! The record of one message.

use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};

use super::author::{person, shown, split};
use super::body::{Body, Proof, read, starts_with_mark};
use super::header::{Header, Shape};
use super::media_kind::media_kind;
use super::notices::{is_whole, numbers, subject};
use super::substance::Substance;
use super::survey::Survey;
use super::title::Title;
use crate::message::converted::{AttachmentRef, AttachmentSource, Record, RecordKind};
use crate::model::{Conversation, Event, TimeZone};

/// What all messages of a chat share.
pub(super) struct ChatFacts {
    /// How the chat is called.
    pub(super) title: Title,
    /// The zone that its times are read in.
    pub(super) zone: TimeZone,
    /// What the whole of its file tells.
    pub(super) survey: Survey,
}

/// The record of a message, before its attachment was looked for.
pub(super) struct LineRecord {
    /// The record.
    pub(super) record: Record,
    /// The name of the file that it names.
    pub(super) attachment: Option<String>,
    /// What it says, apart from how its export writes it.
    pub(super) substance: Substance,
    /// What it names and that did not come with it.
    pub(super) absent: Vec<String>,
    /// Whether it had not arrived when the chat was exported.
    pub(super) waiting: bool,
    /// Whether it tells that exports are stopped from then on.
    pub(super) private: bool,
}

impl LineRecord {
    /// Reads the lines of a message, which begin with `header`.
    pub(super) fn read(header: &Header, raw: &[u8], sent: DateTime<FixedOffset>, chat: &ChatFacts) -> Self {
        let decoded = String::from_utf8_lossy(raw.get(header.body..).unwrap_or_default());
        let rest = decoded.trim_end_matches('\n');
        let authored = split(rest, &chat.title.name, |author| chat.survey.knows(author));
        let body = match authored.author {
            Some(_) => by_author(authored.body, header.shape, chat),
            None => of_app(rest),
        };
        let mut record = Record::new("whatsapp-export", "whatsapp", sent);
        record.conversation = chat.conversation();
        record.sender = authored.author.map(person);
        if let Some(author) =
            authored.author.filter(|_| record.sender.as_ref().is_some_and(|sender| sender.name.is_empty()))
        {
            record.fact("/sender_written", &author.into());
        }
        let title = shown(&chat.title.name);
        let of_chat = |name: &str| chat.title.is_stated() && shown(name) == title;
        if body.event == Event::System && authored.author.is_some_and(of_chat) {
            record.sender = None;
        }
        if chat.title.is_stated() && !authored.author.is_some_and(of_chat) {
            record.recipients.push(person(&chat.title.name));
        }
        if body.event == Event::System {
            add_notice(&mut record, &body.text);
        }
        record.fact("/timezone", &chat.zone.name().into());
        record.fact("/sent_local", &local(header, raw));
        if header.stamp.time.second.is_none() {
            record.fact("/precision", &"minute".into());
        }
        if let std::borrow::Cow::Owned(_) = decoded {
            record.fact("/undecoded_base64", &data_encoding::BASE64.encode(raw).into());
        }
        Self::from_body(record, body)
    }

    fn from_body(mut record: Record, body: Body) -> Self {
        if let Some(content) = body.content {
            record.fact("/content", &content.into());
        }
        let substance = Substance::of(&body);
        for (pointer, value) in &body.facts {
            record.fact(pointer, value);
        }
        let private = record.extra.iter().any(|(pointer, value)| pointer == "/notice" && value == "\"privacy\"");
        let left_out = body.content.filter(|_| body.omitted).map(str::to_owned);
        record.event = body.event;
        record.text = body.text;
        record.kind = if body.call.is_some() { RecordKind::Call } else { RecordKind::Chat };
        record.call = body.call;
        let waiting = body.content == Some("undelivered");
        let absent = left_out.into_iter().collect();
        Self { record, attachment: body.attachment, substance, absent, waiting, private }
    }

    /// Adds the file that it names.
    pub(super) fn attach(&mut self, name: &str) {
        let media_type = media_kind(name).1.to_owned();
        let name: String = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let source = AttachmentSource::Path(name.clone());
        self.record.attachments.push(AttachmentRef { name, media_type, source });
    }

    /// The record as it is kept.
    ///
    /// # Errors
    /// Its time is out of range: a text for people.
    pub(super) fn finish(mut self) -> Result<Record, String> {
        if !self.absent.is_empty() {
            self.record.fact("/absent_attachments", &json!(self.absent));
        }
        self.record.within_limits()
    }
}

impl Title {
    /// The identifier of the chat; empty if nothing tells one.
    pub(super) fn id(&self) -> String {
        if self.is_stated() { format!("whatsapp-export:{}", self.name) } else { String::new() }
    }
}

impl ChatFacts {
    /// The chat. It is a group if its beginning says so; what stands further down could not be said for all exports of it
    /// alike. One that nothing calls by a name is told from others by its first message.
    fn conversation(&self) -> Option<Conversation> {
        let group = self.survey.group_created.is_some();
        if self.title.is_stated() {
            return Some(Conversation { id: self.title.id(), name: self.title.name.clone(), group });
        }
        let beginning = self.survey.beginning?.to_string();
        let id = format!("whatsapp-export:from {}", beginning.get(..32).unwrap_or_default());
        Some(Conversation { id, name: String::new(), group })
    }
}

/// The text of an author.
fn by_author(text: &str, shape: Shape, chat: &ChatFacts) -> Body {
    let by_mark = match shape {
        Shape::Bracket => chat.survey.marked,
        Shape::Colon => starts_with_mark(text),
        Shape::Dash => false,
    };
    let mut body = read(text, if by_mark { Proof::Mark } else { Proof::Wording });
    // Android has no author before its notices; on iOS the chat is, and the marks that told them may be removed.
    let unmarked = !by_mark && shape != Shape::Dash;
    if unmarked && body == (Body { text: body.text.clone(), ..Body::default() }) && is_whole(&body.text) {
        body.event = Event::System;
    }
    body
}

/// A line without author.
fn of_app(text: &str) -> Body {
    let read = read(text, Proof::Wording);
    let mut body = Body { event: Event::System, text: text.to_owned(), ..Body::default() };
    if read.call.is_some() {
        body.call = read.call;
        body.content = read.content;
        body.facts = read.facts;
    }
    body
}

fn add_notice(record: &mut Record, text: &str) {
    if let Some(subject) = subject(text) {
        record.fact("/notice", &subject.into());
        if let Some((old, new)) = numbers(text) {
            record.fact("/number_changed", &json!({ "from": old, "to": new }));
        }
    }
}

/// The stamp as it is written.
fn local(header: &Header, raw: &[u8]) -> Value {
    String::from_utf8_lossy(raw.get(header.start..header.end).unwrap_or_default()).into()
}
