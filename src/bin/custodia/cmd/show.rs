//! `show`

mod context;

use std::fs::OpenOptions;
use std::io::Write;

use custodia::archive::{Archive, RelatedMessage, ShownAttachment, ShownItem};
use custodia::message::JournalReport;
use custodia::model::{AddressGroup, Event, Participant, Role};
use custodia::{Error, Result};
use serde_json::{Value, json};

use super::disposition::{print_notes, say_if_disposed};
use crate::args::ShowArgs;
use crate::ui::{Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, args: &ShowArgs, ui: &Ui) -> Result<u8> {
    if !args.raw && !args.headers && args.attachment.is_none() {
        let shown = archive.show(args.item).inspect_err(|error| say_if_disposed(archive, args.item, error, ui))?;
        let around = args.context.map(|around| archive.conversation_around(args.item, around)).transpose()?;
        if ui.json {
            let mut value = item_json(&shown);
            if let (Some(around), Some(fields)) = (&around, value.as_object_mut()) {
                fields.insert("context".to_owned(), context::context_json(around));
            }
            ui.json(&value)?;
        } else {
            print(&shown, ui)?;
            around.map_or(Ok(()), |around| context::print(&around, ui))?;
        }
        return Ok(0);
    }
    match &args.output {
        Some(path) => {
            let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(Error::io("create", path))?;
            let mut file = std::io::BufWriter::new(file);
            let written = write(archive, args, &mut file).and_then(|()| file.flush().map_err(Error::io("write", path)));
            written.inspect_err(|_| {
                // A file without its content would be in the way of the next attempt.
                std::fs::remove_file(path).ok();
            })?;
            ui.status(&format!("wrote {}", path.display()));
        }
        None if ui.is_terminal() && !args.headers => {
            return Err(Error::InvalidInput(
                "raw bytes of a message can harm a terminal: write them to a file with --output FILE, or to a pipe"
                    .to_owned(),
            ));
        }
        None if ui.is_terminal() => {
            let mut bytes = Vec::new();
            write(archive, args, &mut bytes)?;
            ui.line(&escape(&String::from_utf8_lossy(&bytes), true))?;
        }
        None => ui.with_output(&mut |output| write(archive, args, output))?,
    }
    Ok(0)
}

fn write(archive: &mut Archive, args: &ShowArgs, out: &mut dyn Write) -> Result<()> {
    match args.attachment {
        Some(n) => archive.write_attachment(args.item, n, out).map(drop)?,
        None if args.headers => archive.write_headers(args.item, out)?,
        None => archive.write_raw(args.item, out)?,
    }
    out.flush().map_err(Error::io("write", "the output"))
}

pub(super) fn participants_json(participants: &[Participant]) -> Vec<Value> {
    let fields = |p: &Participant| json!({ "role": p.role, "name": p.name, "address": p.address, "number": p.number, "id": p.id });
    participants.iter().map(fields).collect()
}

pub(super) fn groups_json(groups: &[AddressGroup]) -> Vec<Value> {
    groups.iter().map(|group| json!({ "role": group.role, "name": group.name })).collect()
}

pub(super) fn attachments_json(attachments: &[ShownAttachment]) -> Vec<Value> {
    let fields = |a: &ShownAttachment| json!({ "n": a.n, "name": a.name, "media_type": a.media_type, "bytes": a.bytes, "digest": a.digest });
    attachments.iter().map(fields).collect()
}

fn item_json(shown: &ShownItem) -> Value {
    let also_in: Vec<Value> = shown
        .also_in
        .iter()
        .map(|(item, mailbox, folder)| json!({ "item": item.to_string(), "mailbox": mailbox, "folder": folder }))
        .collect();
    json!({
        "type": "item", "schema_version": 1, "item": shown.item.to_string(), "message": shown.message.to_string(),
        "digest": shown.digest, "bytes": shown.bytes, "mailbox": shown.mailbox, "folder": shown.folder,
        "also_in": also_in, "sent_at": shown.sent_at, "received_at": shown.received_at,
        "captured_at": shown.captured_at, "kind": shown.kind, "platform": shown.platform,
        "message_id": shown.message_id, "participants": participants_json(&shown.participants),
        "groups": groups_json(&shown.groups),
        "subject": shown.subject, "text": shown.text, "attachments": attachments_json(&shown.attachments),
        "event": shown.event, "conversation": shown.conversation, "call": shown.call,
        "source": shown.source, "details": shown.details, "journal": shown.journal,
        "events": shown.events.iter().map(related_json).collect::<Vec<_>>(), "unread_events": shown.unread_events,
        "about": shown.about.as_ref().map(related_json),
        "renditions": shown.renditions.iter().map(related_json).collect::<Vec<_>>(),
        "defects": shown.defects, "partially_indexed": shown.partially_indexed,
        "retention_label": shown.label, "reviews": shown.reviews,
    })
}

fn related_json(related: &RelatedMessage) -> Value {
    json!({
        "item": related.item.to_string(), "message": related.message.to_string(), "event": related.event,
        "sent_at": related.sent_at, "from": related.from, "text": related.text, "matched_by": related.matched_by,
        "alike": related.alike,
    })
}

fn print(shown: &ShownItem, ui: &Ui) -> Result<()> {
    let field = |name: &str, value: &str| -> Result<()> {
        if value.is_empty() { Ok(()) } else { ui.line(&format!("{name:<12}{}", escape(value, false))) }
    };
    field("Item", &format!("{} (message {}, {} bytes)", shown.item, shown.message, shown.bytes))?;
    field("Place", &format!("{} / {}", shown.mailbox, shown.folder))?;
    for (item, mailbox, folder) in &shown.also_in {
        field("Also", &format!("{item}: {mailbox} / {folder}"))?;
    }
    field("Digest", &shown.digest.to_string())?;
    field("Sent", &shown.sent_at.map_or_else(|| "unknown".to_owned(), |time| time.to_string()))?;
    field("Received", &shown.received_at.map_or_else(String::new, |time| time.to_string()))?;
    field("Captured", &shown.captured_at.to_string())?;
    let platform = Some(&shown.platform).filter(|platform| *platform != shown.kind.as_str());
    let platform = platform.map_or_else(String::new, |platform| format!(", {platform}"));
    field("Kind", &format!("{}{platform}", shown.kind.as_str()))?;
    if let Some(conversation) = &shown.conversation {
        let id = Some(format!("({})", conversation.id)).filter(|_| !conversation.id.is_empty());
        let sort = Some("group".to_owned()).filter(|_| conversation.group);
        let name = Some(conversation.name.clone()).filter(|name| !name.is_empty());
        field("Chat", &[sort, name, id].into_iter().flatten().collect::<Vec<_>>().join(" "))?;
    }
    if shown.event.event != Event::Sent || !shown.event.reference.is_empty() {
        field("Event", format!("{} {}", shown.event.event.as_str(), shown.event.reference).trim_end())?;
    }
    if let Some(call) = &shown.call {
        let answered = match call.answered {
            Some(true) => "answered",
            Some(false) => "not answered",
            None => "not known whether answered",
        };
        let duration =
            call.duration_seconds.map_or_else(String::new, |seconds| format!(", {}", counted(seconds, "second")));
        field("Call", &format!("{} {answered}{duration}", call.direction))?;
    }
    for participant in &shown.participants {
        field(capitalized(participant.role), &participant.display())?;
    }
    for group in &shown.groups {
        field(capitalized(group.role), &format!("{} (group)", group.name))?;
    }
    field("Subject", &shown.subject)?;
    for attachment in &shown.attachments {
        let name = if attachment.name.is_empty() { "(no name)" } else { &attachment.name };
        field(
            "Attachment",
            &format!("{}: {name} ({}, {} bytes)", attachment.n, attachment.media_type, attachment.bytes),
        )?;
    }
    for (pointer, value) in &shown.details {
        field("Detail", &format!("{pointer} {value}"))?;
    }
    if let Some(report) = &shown.journal {
        print_journal(report, &field)?;
    }
    if let Some(about) = &shown.about {
        field("About", &related_line(about))?;
    }
    for other in &shown.renditions {
        field("Same", &related_line(other))?;
    }
    for event in &shown.events {
        field("Event", &format!("{} in {}", event.event.as_str(), related_line(event)))?;
    }
    if shown.unread_events > 0 {
        field("Event", &format!("{} more may be about it and were not looked at", shown.unread_events))?;
    }
    for defect in &shown.defects {
        field("Defect", defect)?;
    }
    for reason in &shown.partially_indexed {
        field("Unsearched", reason)?;
    }
    field("Label", shown.label.as_deref().unwrap_or_default())?;
    print_notes(&shown.reviews, ui)?;
    ui.line("")?;
    ui.line(&escape(&shown.text, true))
}

fn print_journal(report: &JournalReport, field: &dyn Fn(&str, &str) -> Result<()>) -> Result<()> {
    field("Journal", &format!("reported by {}: {}", report.from, report.subject))?;
    field("Journal", &format!("sender {}", report.sender))?;
    if !report.on_behalf_of.is_empty() {
        field("Journal", &format!("on behalf of {}", report.on_behalf_of))?;
    }
    for recipient in &report.recipients {
        let through = |word: &str, addresses: &[String]| {
            if addresses.is_empty() { String::new() } else { format!(", {word} {}", addresses.join(", ")) }
        };
        let (lists, forwarded) =
            (through("through the list", &recipient.expanded), through("forwarded from", &recipient.forwarded));
        field("Journal", &format!("{} {}{lists}{forwarded}", recipient.role.as_str(), recipient.address))?;
    }
    report.text.lines().try_for_each(|line| field("Journal", &format!("also says: {line}")))
}

/// `item 12, 2026-03-27T21:41:00Z, Susan Hart: the first line`, and how it was matched where no id tells.
fn related_line(related: &RelatedMessage) -> String {
    let sent = related.sent_at.map_or_else(|| "no date".to_owned(), |time| time.to_string());
    let text = related.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let matched = match (related.matched_by, related.alike) {
        ("id", _) => String::new(),
        ("rendition", _) => " [the same message in another export]".to_owned(),
        ("text", alike) => format!(" [matched by chat, subject and text; {} alike]", counted(alike, "message")),
        (_, alike) => format!(" [matched by chat, sender and minute; {} alike]", counted(alike, "message")),
    };
    format!("item {}, {sent}, {}: {text}{matched}", related.item, related.from)
}

fn capitalized(role: Role) -> &'static str {
    match role {
        Role::From => "From",
        Role::To => "To",
        Role::Cc => "Cc",
        Role::Bcc => "Bcc",
        Role::Envelope => "Envelope",
    }
}
