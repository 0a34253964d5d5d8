//! A message of a backup as a record.

use serde_json::Value;

use super::chat::{Chat, owner, person};
use super::markup::plain;
use super::{PLATFORM, SOURCE};
use crate::connector::converter::draft::add_line;
use crate::connector::converter::json::{Members, Parsed, readable, time_of};
use crate::message::converted::{Person, Record};
use crate::model::Event;

/// A record, and the file that it names.
#[derive(Debug)]
pub(super) struct Made {
    /// The record, not yet within limits.
    pub(super) record: Record,
    /// The file, if there should be one.
    pub(super) media: Option<Media>,
}

/// A file that a message names.
#[derive(Debug)]
pub(super) struct Media {
    /// Its path as the backup has it; empty if the phone had lost it already.
    pub(super) path: String,
    /// Its type; empty if unknown.
    pub(super) media_type: String,
}

impl Media {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether its name says what it is about, and is none that the phone made up.
    pub(super) fn is_named(&self) -> bool {
        kind(&self.media_type, false) == "document"
    }
}

/// The record of a message.
///
/// # Errors
/// It cannot be placed in time, or is no message at all: a text for people.
pub(super) fn message(chat: &Chat, parsed: Parsed) -> Result<Made, String> {
    let whole = parsed.value;
    let mut members = Members::of(whole.clone()).ok_or("a message that is no JSON object; it says nothing")?;
    let sent = members.look("timestamp").and_then(time_of);
    let sent = sent.ok_or("its `timestamp` is no number of seconds since 1970; make the export again")?;
    members.any("timestamp");
    let mut record = Record::new(SOURCE, PLATFORM, sent);
    record.conversation = Some(chat.conversation());
    record.native_id = members.text("key_id");
    record.reply_to = members.text("reply");
    let media = content(&mut members, &mut record);
    people(chat, &mut members, &mut record);
    kept(&mut members, &mut record);
    if !members.is_empty() {
        let more = readable(&members.into_value());
        add_line(&mut record, &more);
        record.fact("/whole_record", &whole);
    }
    if parsed.mended {
        record.fact("/mended", &true.into());
    }
    Ok(Made { record, media })
}

/// Text, or the file with its caption. A system line is what the platform says; a system line with media is what stands
/// in place of a file: that it is missing, or the links to contact cards.
fn content(members: &mut Members, record: &mut Record) -> Option<Media> {
    let (is_media, is_system) = (members.flag("media"), members.flag("meta"));
    let (is_sticker, is_markup) = (members.flag("sticker"), members.flag("safe"));
    let (data, caption) = (members.text("data"), members.text("caption"));
    let media_type = members.text("mime");
    if !is_media || is_system {
        record.text = if is_markup { plain(&data) } else { data.clone() };
        if record.text != data {
            record.fact("/data", &data.clone().into());
        }
    }
    add_line(record, &caption);
    if is_system && !is_media {
        record.event = Event::System;
    }
    if !media_type.is_empty() {
        // An attachment may be missing, or its type none that a mail can have.
        record.fact("/media_type", &media_type.as_str().into());
    }
    if is_media || is_sticker {
        record.fact("/content", &kind(&media_type, is_sticker).into());
    }
    if !is_media {
        return None;
    }
    let path = if is_system { String::new() } else { data };
    Some(Media { path, media_type })
}

fn kind(media_type: &str, is_sticker: bool) -> &'static str {
    let essence = media_type.split('/').next().unwrap_or_default();
    match essence {
        _ if is_sticker => "sticker",
        "image" => "image",
        "video" => "video",
        "audio" => "audio",
        _ if media_type.contains("vcard") => "contact",
        _ => "document",
    }
}

fn people(chat: &Chat, members: &mut Members, record: &mut Record) {
    let from_me = members.flag("from_me") || is_one(members);
    let named = members.text("sender");
    let (sender, recipients) = match (from_me, chat.is_group()) {
        (true, false) => (owner(), vec![chat.other()]),
        (true, true) => (owner(), Vec::new()),
        (false, false) => (chat.other(), vec![owner()]),
        (false, true) if named.is_empty() => {
            (Person { name: "Unknown".to_owned(), ..Person::default() }, vec![owner()])
        }
        (false, true) => (person(&named), vec![owner()]),
    };
    if !named.is_empty() && (from_me || !chat.is_group()) {
        record.fact("/sender_named", &named.into());
    }
    if record.event == Event::System {
        // The platform speaks; whom it concerns is who takes part.
        let mut concerned = recipients;
        concerned.insert(0, sender);
        concerned.retain(|person| person.name != "Unknown" || !person.id.is_empty());
        record.recipients = concerned;
    } else {
        record.sender = Some(sender);
        record.recipients = recipients;
    }
}

/// Older versions write 1 for true.
fn is_one(members: &mut Members) -> bool {
    match members.look("from_me") {
        Some(Value::Number(number)) => {
            let is_one = number.as_u64() == Some(1);
            members.any("from_me");
            is_one
        }
        _ => false,
    }
}

/// What is kept beside the message.
fn kept(members: &mut Members, record: &mut Record) {
    const FACTS: [(&str, &str); 7] = [
        ("quoted_data", "/quoted"),
        ("reactions", "/reactions"),
        ("time", "/time_shown"),
        ("received_timestamp", "/received"),
        ("read_timestamp", "/read"),
        ("message_type", "/message_type"),
        ("thumb", "/thumbnail"),
    ];
    for (name, pointer) in FACTS {
        let value = members.any(name).filter(|value| !value.as_object().is_some_and(serde_json::Map::is_empty));
        if let Some(value) = value {
            record.fact(pointer, &value);
        }
    }
}
