//! The manifest of a file (RSMF 2.0).

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::file_name;
use super::people::People;
use super::spool::{Extent, SpooledEvent};
use crate::model::{Event, Participant, UtcTime};

/// Most characters of a reaction.
const LONGEST_REACTION: usize = 30;

/// Most changes of changes that are followed to the message.
const LONGEST_CHAIN: usize = 64;

/// Messages of one conversation and day.
pub(super) struct Slice {
    pub(super) mailbox: String,
    /// The conversation, as people call it; the platform if it has no name.
    pub(super) title: String,
    pub(super) platform: String,
    pub(super) first: UtcTime,
    pub(super) last: UtcTime,
    /// How everybody in it is shown, in the order of the manifest.
    pub(super) people: Vec<String>,
    /// Addresses of those who have one that a header takes as it is.
    pub(super) addresses: Vec<String>,
    /// The files, with their names in `rsmf.zip`.
    pub(super) files: Vec<(String, Extent)>,
    pub(super) events: usize,
    pub(super) manifest: Value,
    /// A line for each event, and one for each change of it; further lines of a text are indented.
    pub(super) transcript: String,
}

impl Slice {
    /// `events` in the order of their times.
    pub(super) fn new(mailbox: &str, folder: &str, events: &[SpooledEvent]) -> Self {
        let mut people = People::default();
        let mut files = Vec::new();
        let chat = events.iter().find_map(|event| event.conversation.clone()).unwrap_or_default();
        let platform = events.first().map_or_else(String::new, |event| event.platform.clone());
        let title = [&chat.name, &chat.id].into_iter().find(|name| !name.is_empty()).cloned();
        for participant in events.iter().flat_map(|event| &event.participants) {
            people.id(participant);
        }
        let told = Told::of(events, &mut people, &mut files);
        let dated = || told.iter().filter(|told| told.is_dated);
        let (first, last) = (dated().next().or(told.first()), dated().next_back().or(told.last()));
        let time = |told: Option<&Told>| told.map_or(UtcTime::from_seconds(0), |told| told.time);
        let transcript = told.iter().map(|told| told.line.as_str()).collect::<Vec<_>>().join("\n");
        let members: Vec<Value> = people.listed.iter().map(|person| person["id"].clone()).collect();
        let mut conversation = json!({
            "id": "C1",
            "platform": platform,
            "type": if chat.group { "channel" } else { "direct" },
            "participants": members,
            "custom": custom(&[("Mailbox", mailbox), ("Folder", folder), ("Conversation id", &chat.id)]),
        });
        if let Some(fields) = conversation.as_object_mut() {
            if let Some(title) = &title {
                fields.insert("display".to_owned(), json!(title));
            }
            if let Some(custodian) = people.with_address(mailbox) {
                fields.insert("custodian".to_owned(), json!(custodian));
            }
        }
        let manifest = json!({
            "version": "2.0.0",
            "participants": people.listed,
            "conversations": [conversation],
            "events": told.iter().map(|told| &told.event).collect::<Vec<_>>(),
        });
        Self {
            mailbox: mailbox.to_owned(),
            title: title.unwrap_or_else(|| platform.clone()),
            platform,
            first: time(first),
            last: time(last),
            addresses: people.addresses,
            people: people.displays,
            files,
            events: told.len(),
            manifest,
            transcript,
        }
    }
}

/// An event, and its line in the transcript.
struct Told {
    event: Value,
    time: UtcTime,
    is_dated: bool,
    /// More lines where it was changed.
    line: String,
}

impl Told {
    /// The events, with what only changes another one told there.
    fn of(events: &[SpooledEvent], people: &mut People, files: &mut Vec<(String, Extent)>) -> Vec<Self> {
        let sent =
            events.iter().enumerate().filter(|(_, event)| event.event == Event::Sent && !event.native_id.is_empty());
        let mut by_id: HashMap<&str, Option<usize>> = HashMap::new();
        for (at, event) in sent {
            // What two messages have is the id of neither.
            by_id.entry(event.native_id.as_str()).and_modify(|known| *known = None).or_insert(Some(at));
        }
        let is_change = |event: &SpooledEvent| !matches!(event.event, Event::Sent | Event::System);
        let changed = events.iter().filter(|event| is_change(event) && !event.native_id.is_empty());
        let references: HashMap<&str, &str> =
            changed.map(|event| (event.native_id.as_str(), event.reference.as_str())).collect();
        // A change may name the change before it, and not the message.
        let target = |event: &SpooledEvent| {
            let steps = std::iter::successors(Some(event.reference.as_str()), |id| references.get(id).copied());
            steps.take(LONGEST_CHAIN).find_map(|id| by_id.get(id).copied()).flatten()
        };
        let may_change = |change: &SpooledEvent, target: usize| {
            events.get(target).is_some_and(|message| message.time() <= change.time() && is_told_there(change, message))
        };
        let mut changes: HashMap<usize, Vec<&SpooledEvent>> = HashMap::new();
        let mut alone = Vec::new();
        for (at, event) in events.iter().enumerate() {
            let is_only_change = is_change(event) && event.files.is_empty();
            match target(event).filter(|target| is_only_change && may_change(event, *target)) {
                Some(target) => changes.entry(target).or_default().push(event),
                None => alone.push(at),
            }
        }
        let told = alone.into_iter().filter_map(|at| {
            let event = events.get(at)?;
            // Whoever writes an id can make a message an answer to itself, or to a later one.
            let parent = by_id.get(event.reply_to.as_str()).copied().flatten().filter(|parent| *parent < at);
            let changes = changes.remove(&at).unwrap_or_default();
            Some(Self::one(event, parent.and_then(|parent| events.get(parent)), &changes, people, files))
        });
        told.collect()
    }

    fn one(
        event: &SpooledEvent,
        parent: Option<&SpooledEvent>,
        changes: &[&SpooledEvent],
        people: &mut People,
        files: &mut Vec<(String, Extent)>,
    ) -> Self {
        let item = event.item.to_string();
        let mut notes: Vec<(&str, String)> = vec![("Item", item.clone()), ("SHA-256", event.sha256.clone())];
        let mut fields = Map::new();
        let kind = match event.event {
            Event::System => "history",
            Event::Reacted => "unknown",
            _ => "message",
        };
        fields.insert("id".to_owned(), json!(item));
        fields.insert("type".to_owned(), json!(kind));
        fields.insert("conversation".to_owned(), json!("C1"));
        if let Some(author) = event.author() {
            fields.insert("participant".to_owned(), json!(people.id(author)));
        }
        match event.sent_at {
            Some(time) => drop(fields.insert("timestamp".to_owned(), json!(time))),
            None => notes.push(("Captured at", event.captured_at.to_string())),
        }
        if event.important {
            fields.insert("importance".to_owned(), json!("high"));
        }
        if event.event != Event::Sent {
            notes.push(("Event", event.event.as_str().to_owned()));
            notes.push(("Refers to", event.reference.clone()));
        }
        match parent {
            Some(parent) => drop(fields.insert("parent".to_owned(), json!(parent.item.to_string()))),
            None => notes.push(("Reply to", event.reply_to.clone())),
        }
        notes.push(("Id", event.native_id.clone()));
        if let Some(call) = &event.call {
            notes.push(("Call", call.direction.clone()));
            notes.push(("Answered", call.answered.map_or_else(String::new, |answered| answered.to_string())));
            let seconds = call.duration_seconds;
            notes.push(("Seconds", seconds.map_or_else(String::new, |seconds| seconds.to_string())));
        }
        notes.extend(event.details.iter().map(|(pointer, value)| ("Detail", format!("{pointer} {value}"))));
        let attached = attachments(event, files, &mut notes);
        if !attached.is_empty() {
            fields.insert("attachments".to_owned(), json!(attached));
        }
        let body = changed(event, changes, &mut fields, &mut notes, people);
        if body != event.text && !fields.contains_key("edits") {
            notes.push(("Text as sent", event.text.clone()));
        }
        let is_edit = matches!(event.event, Event::Edited | Event::Reacted) && event.files.is_empty();
        let own = if is_edit { changing_line(event) } else { line(event, fields.contains_key("deleted")) };
        let lines: Vec<String> =
            std::iter::once(own).chain(changes.iter().map(|change| changing_line(change))).collect();
        fields.insert("body".to_owned(), json!(body));
        let notes: Vec<(&str, &str)> = notes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.insert("custom".to_owned(), json!(custom(&notes)));
        let (time, is_dated) = (event.time(), event.sent_at.is_some());
        Self { event: Value::Object(fields), time, is_dated, line: lines.join("\n") }
    }
}

/// Whether a change is told at the message that it names: nobody's words are replaced by those of somebody else.
fn is_told_there(change: &SpooledEvent, message: &SpooledEvent) -> bool {
    let account = |event: &SpooledEvent| event.author().map(People::key);
    change.event != Event::Edited || account(change).is_some() && account(change) == account(message)
}

/// Tells what happened to a message; returns its last text.
fn changed(
    event: &SpooledEvent,
    changes: &[&SpooledEvent],
    fields: &mut Map<String, Value>,
    notes: &mut Vec<(&'static str, String)>,
    people: &mut People,
) -> String {
    let mut body = event.text.clone();
    let (mut edits, mut reactions) = (Vec::new(), Reactions::default());
    let mut is_deleted = matches!(event.event, Event::Deleted | Event::Recalled);
    for change in changes {
        notes.push(("Item of change", format!("{} ({})", change.item, change.event.as_str())));
        notes.push(("SHA-256 of change", change.sha256.clone()));
        notes.push(("Change", changing_line(change)));
        let who = change.author().map(|author| people.id(author));
        match change.event {
            Event::Edited => {
                let mut edit = json!({ "participant": who, "previous": body, "new": change.text });
                if let (Some(time), Some(edit)) = (change.sent_at, edit.as_object_mut()) {
                    edit.insert("timestamp".to_owned(), json!(time));
                }
                // A format that wants to know who edits has no place for an edit by nobody.
                if who.is_some() {
                    edits.push(edit);
                }
                body.clone_from(&change.text);
            }
            Event::Reacted => reactions.add(change.text.trim(), who),
            _ => {
                is_deleted = true;
                let time = change.sent_at.map_or_else(String::new, |time| time.to_string());
                notes.push(("Deleted at", time));
                notes.push(("Deleted by", shown_author(change)));
                notes.push(("Deletion says", change.text.clone()));
            }
        }
    }
    for (name, list) in [("edits", edits), ("reactions", reactions.listed())] {
        if !list.is_empty() {
            fields.insert(name.to_owned(), json!(list));
        }
    }
    if is_deleted {
        fields.insert("deleted".to_owned(), json!(true));
    }
    body
}

/// Who reacted to a message, and how.
#[derive(Default)]
struct Reactions {
    by_value: Vec<(String, Vec<Option<String>>)>,
}

impl Reactions {
    /// Adds a reaction; an empty one takes back what the person said before.
    fn add(&mut self, text: &str, who: Option<String>) {
        if text.is_empty() {
            self.by_value.iter_mut().for_each(|(_, people)| people.retain(|person| *person != who));
            return;
        }
        let value: String = text.chars().take(LONGEST_REACTION).collect();
        match self.by_value.iter_mut().find(|(known, _)| *known == value) {
            Some((_, people)) if people.contains(&who) => (),
            Some((_, people)) => people.push(who),
            None => self.by_value.push((value, vec![who])),
        }
    }

    fn listed(self) -> Vec<Value> {
        let given = self.by_value.into_iter().filter(|(_, people)| !people.is_empty());
        let listed = given.map(|(value, people)| {
            let named: Vec<&String> = people.iter().flatten().collect();
            json!({ "value": value, "count": people.len(), "participants": named })
        });
        listed.collect()
    }
}

/// The files of an event. Their names in the zip file begin with the item, so that no two are the same.
fn attachments(
    event: &SpooledEvent,
    files: &mut Vec<(String, Extent)>,
    notes: &mut Vec<(&'static str, String)>,
) -> Vec<Value> {
    let mut attached = Vec::new();
    for (index, file) in event.files.iter().enumerate() {
        let Some(extent) = file.extent else {
            notes.push(("Attachment only in the original", file.name.clone()));
            continue;
        };
        let id = format!("{}-{}-{}", event.item, index + 1, file_name(&file.name));
        let display = if file.name.is_empty() { &id } else { &file.name };
        attached.push(json!({ "id": id, "display": display, "size": extent.len }));
        files.push((id, extent));
    }
    attached
}

/// Properties that the format has no place for; empty ones are none.
fn custom(properties: &[(&str, &str)]) -> Vec<Value> {
    let said = properties.iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

/// `2025-01-14T16:21:30Z Ann Novak: text`, as it was sent.
fn line(event: &SpooledEvent, is_deleted: bool) -> String {
    let deleted = if is_deleted { " [deleted]" } else { "" };
    let files: Vec<&str> = event.files.iter().map(|file| file.name.as_str()).collect();
    let files = if files.is_empty() { String::new() } else { format!(" [{}]", indented(&files.join("; "))) };
    let absent = event.details.get("/absent_attachments").and_then(Value::as_array);
    let absent: Vec<&str> = absent.into_iter().flatten().filter_map(Value::as_str).collect();
    let absent = if absent.is_empty() { String::new() } else { format!(" [absent: {}]", indented(&absent.join("; "))) };
    format!("{} {}:{deleted} {}{files}{absent}", event.time(), shown_author(event), indented(&event.text))
}

/// `2025-01-14T16:22:10Z Ann Novak: [edited] text`
fn changing_line(change: &SpooledEvent) -> String {
    let what = change.event.as_str();
    format!("{} {}: [{what}] {}", change.time(), shown_author(change), indented(&change.text)).trim_end().to_owned()
}

fn shown_author(event: &SpooledEvent) -> String {
    indented(&event.author().map_or_else(String::new, Participant::display))
}

/// A text with blanks before all lines but the first, so that none of them passes for the line of another event.
fn indented(text: &str) -> String {
    let is_end = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    text.replace("\r\n", "\n").split(is_end).collect::<Vec<_>>().join("\n    ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reaction_can_be_taken_back() {
        let mut reactions = Reactions::default();
        let person = |id: &str| Some(id.to_owned());
        for (text, who) in
            [("\u{2764}", "P1"), ("\u{2764}", "P2"), ("\u{2764}", "P2"), ("ok", "P1"), ("", "P1"), ("no", "P3")]
        {
            reactions.add(text, person(who));
        }
        let listed = json!([
            { "value": "\u{2764}", "count": 1, "participants": ["P2"] },
            { "value": "no", "count": 1, "participants": ["P3"] },
        ]);
        assert_eq!(json!(reactions.listed()), listed);
    }
}
