//! What a message says, by its type.

use serde_json::{Value, json};

use super::{card, media};
use crate::connector::converter::draft::add_line;
use crate::connector::converter::json::{Members, readable};
use crate::connector::converter::side_files::SideFile;
use crate::message::converted::Record;
use crate::model::Event;

/// Takes what a message of the type `kind` says from its members, and puts it on the record. What it does not know stays
/// in the members.
pub(super) fn content(kind: &str, message: &mut Members, record: &mut Record) -> Vec<SideFile> {
    let mut files = Vec::new();
    match kind {
        "text" => within(message, kind, |text| record.text = text.text("body")),
        "image" | "video" | "audio" | "document" | "sticker" => files.extend(file(kind, message, record)),
        "location" => within(message, kind, |location| located(location, record)),
        "contacts" => contacts(message, record),
        "reaction" => within(message, kind, |reaction| {
            record.event = Event::Reacted;
            record.event_reference = reaction.text("message_id");
            record.text = reaction.text("emoji");
        }),
        "interactive" => interactive(message, record),
        "button" => within(message, kind, |button| {
            record.text = button.text("text");
            fact(record, "/button_payload", button.any("payload"));
        }),
        "order" => order(message, record),
        "system" => within(message, kind, |system| system_line(system, record)),
        "revoke" => within(message, kind, |revoke| {
            record.event = Event::Deleted;
            record.event_reference = revoke.text("original_message_id");
        }),
        "edit" => files.extend(edit(message, record)),
        _ => {}
    }
    if !matches!(kind, "text" | "reaction" | "system" | "revoke" | "edit") {
        let word = if record.extra.iter().any(|(pointer, _)| pointer == "/content") { None } else { Some(kind) };
        fact(record, "/content", word.map(|kind| if is_known(kind) { kind } else { "unsupported" }.into()));
    }
    files
}

/// Whether a type is one whose content is understood.
pub(super) fn is_known(kind: &str) -> bool {
    const KNOWN: [&str; 14] = [
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
        "interactive",
        "button",
        "order",
        "system",
        "revoke",
    ];
    kind == "edit" || KNOWN.contains(&kind)
}

/// The lines that tell of errors: `Error 131051: Message type unknown (...)`.
pub(super) fn error_lines(errors: &[Value]) -> Vec<String> {
    let line = |error: &Value| {
        let mut members = Members::of(error.clone())?;
        let (code, title, message) = (members.text("code"), members.text("title"), members.text("message"));
        let details = members.object("error_data").unwrap_or_default().text("details");
        let mut words: Vec<String> = Vec::new();
        for word in [title, message, details] {
            if !word.is_empty() && !words.contains(&word) {
                words.push(word);
            }
        }
        Some(format!("Error {code}: {}", words.join("; ")))
    };
    errors.iter().map(|error| line(error).unwrap_or_else(|| readable(error))).collect()
}

/// Lets `read` take from the object that is called like the type.
fn within(message: &mut Members, kind: &str, read: impl FnOnce(&mut Members)) {
    if let Some(mut inner) = message.object(kind) {
        read(&mut inner);
        message.give_back(kind, inner);
    }
}

fn fact(record: &mut Record, pointer: &str, value: Option<Value>) {
    if let Some(value) = value {
        record.fact(pointer, &value);
    }
}

fn file(kind: &str, message: &mut Members, record: &mut Record) -> Option<SideFile> {
    let whole = message.look(kind)?.clone();
    let mut file = message.object(kind)?;
    record.text = file.text("caption");
    let what = if kind == "audio" && file.flag("voice") { "voice" } else { kind };
    record.fact("/content", &what.into()).fact("/media", &whole);
    Some(media::file(&file.text("id"), &file.text("filename"), &file.text("mime_type"), &file.text("sha256")))
}

fn located(location: &mut Members, record: &mut Record) {
    let (latitude, longitude) = (location.text("latitude"), location.text("longitude"));
    record.fact("/location", &json!({"latitude": latitude, "longitude": longitude}));
    for name in ["name", "address", "url"] {
        let line = location.text(name);
        add_line(record, &line);
    }
    add_line(record, &format!("{latitude}, {longitude}"));
}

fn contacts(message: &mut Members, record: &mut Record) {
    let Some(cards) = message.list("contacts") else { return };
    for contact in &cards {
        add_line(record, &card::contact(contact));
    }
    record.fact("/content", &"contact".into()).fact("/contacts_sent", &Value::Array(cards));
}

/// A choice from what the business offered, an answered form, or a permission to call.
fn interactive(message: &mut Members, record: &mut Record) {
    let Some(whole) = message.look("interactive").filter(|whole| whole.is_object()).cloned() else { return };
    let mut choice = message.object("interactive").unwrap_or_default();
    let kind = choice.text("type");
    let mut reply = choice.object(&kind).unwrap_or_default();
    for name in ["title", "description", "body"] {
        let line = reply.text(name);
        add_line(record, &line);
    }
    if let Some(Value::String(form)) = reply.look("response_json") {
        // An answered form is JSON within a text.
        let answers = serde_json::from_str::<Value>(form).map_or_else(|_| form.clone(), |value| readable(&value));
        add_line(record, &answers);
        reply.text("response_json");
    }
    reply.text("id");
    add_line(record, &readable(&reply.into_value()));
    add_line(record, &readable(&choice.into_value()));
    record.fact("/content", &if kind.is_empty() { "interactive" } else { &kind }.into());
    record.fact("/interactive", &whole);
}

fn order(message: &mut Members, record: &mut Record) {
    let Some(whole) = message.look("order").filter(|whole| whole.is_object()).cloned() else { return };
    let mut order = message.object("order").unwrap_or_default();
    record.text = order.text("text");
    for item in order.list("product_items").unwrap_or_default() {
        add_line(record, &card::product(&item));
    }
    order.text("catalog_id");
    add_line(record, &readable(&order.into_value()));
    record.fact("/order", &whole);
}

/// A line of the platform, such as that somebody has another number now.
fn system_line(system: &mut Members, record: &mut Record) {
    record.event = Event::System;
    record.text = system.text("body");
    let kind = system.text("type");
    // Whichever is not taken here stays among the members, and with them in the whole record.
    let mut new = system.text("wa_id");
    if new.is_empty() {
        new = system.text("new_wa_id");
    }
    if let (false, Some(old)) = (new.is_empty(), &record.sender) {
        let known = [&old.number, &old.id].into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
        record.fact("/alias", &json!({"from": known, "to": new}));
    }
    if !kind.is_empty() {
        record.fact("/system", &kind.into());
    }
}

fn edit(message: &mut Members, record: &mut Record) -> Vec<SideFile> {
    let Some(mut edit) = message.object("edit") else { return Vec::new() };
    record.event = Event::Edited;
    record.event_reference = edit.text("original_message_id");
    let mut files = Vec::new();
    if let Some(mut new) = edit.object("message") {
        let kind = new.text("type");
        // An edit is of something said; an edit of an edit, or of a deletion, stays as it is.
        if is_known(&kind) && !matches!(kind.as_str(), "edit" | "revoke" | "reaction" | "system") {
            files = content(&kind, &mut new, record);
        } else if !kind.is_empty() {
            record.fact("/edited_type", &kind.into());
        }
        fact(record, "/edited_context", new.any("context"));
        edit.give_back("message", new);
    }
    message.give_back("edit", edit);
    files
}
