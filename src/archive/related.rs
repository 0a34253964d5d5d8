//! What happened to a message: the events that are about it, and the message that an event is about.
//!
//! Platforms that give their messages ids say which one an event is about. Where they do not, a deletion is matched by
//! what it has in common with the message ([`Likeness`](crate::message::Likeness)), which can be wrong where several
//! messages are alike; so it is said how it was matched, and how many were alike. What has no ids is matched within one
//! mailbox only: two people's chats with contacts of the same name are two chats.

use std::collections::HashSet;

use super::Archive;
use super::follow::listed_facts;
use crate::Result;
use crate::index::Link;
use crate::message::{Facts, Likeness};
use crate::model::{ContentHash, Event, Item, ItemNo, MessageNo, Role, UtcTime};
use crate::store::{ContentReader, Snapshot, items_of_message, message, rendition_of, renditions};

/// Messages that are looked at for one that is shown.
const MAX_LOOKED_AT: usize = 1_000;

/// Bytes of text that are given of each; a longer one ends in an ellipsis there.
const MAX_TEXT: usize = 16 << 10;

/// A message that belongs to another: an event about it, or the message that an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedMessage {
    /// Its item in the same mailbox, or the first of its items if it has none there.
    pub item: ItemNo,
    /// The message.
    pub message: MessageNo,
    /// What happened.
    pub event: Event,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// The author; empty if none is named.
    pub from: String,
    /// Its text; more than 16 KiB end in an ellipsis.
    pub text: String,
    /// How it is known to belong: `id`, or what was compared: `text`, `minute` or `rendition`.
    pub matched_by: &'static str,
    /// How many different messages the event may be about; 1 where an id tells.
    pub alike: u64,
}

/// Everything that belongs to a message.
#[derive(Debug, Default)]
pub(super) struct Related {
    /// Events about it, in the order in which they happened.
    pub(super) events: Vec<RelatedMessage>,
    /// Messages that may be further events and were not looked at.
    pub(super) unread_events: u64,
    /// The message that it is about.
    pub(super) about: Option<RelatedMessage>,
    /// The same message as other exports of the chat have it.
    pub(super) renditions: Vec<RelatedMessage>,
}

/// A message that was found, and what it says.
struct Candidate {
    message: MessageNo,
    item: ItemNo,
    /// Whether that is in the mailbox of the message that is shown.
    is_here: bool,
    likeness: Option<Likeness>,
    /// With as much of its text as is shown.
    facts: Facts,
}

impl Archive {
    /// Finds what belongs to the message of an item of which `facts` are known. Mail costs nothing.
    pub(super) fn related(&mut self, snapshot: &Snapshot, shown: &Item, facts: &Facts) -> Result<Related> {
        let likeness = facts.likeness();
        if facts.native_id.is_empty() && facts.event.reference.is_empty() && likeness.is_none() {
            return Ok(Related::default());
        }
        self.catch_up(&mut |_, _| {})?;
        let mut search = Search { archive: &*self, snapshot, shown, facts, unread: 0 };
        let mut related = Related::default();
        if !facts.native_id.is_empty() {
            related.events = search.events_by_id()?;
        }
        if !facts.event.reference.is_empty() {
            related.about = search.about_by_id()?;
        }
        if let Some(likeness) = likeness {
            let alike = search.candidates(Link::Likeness(likeness.key))?;
            let alike: Vec<_> =
                alike.into_iter().filter(|found| found.is_here && found.likeness == Some(likeness)).collect();
            let by = likeness.by.as_str();
            if facts.event.event == Event::Deleted {
                related.about = deleted_message(facts, alike, by);
            } else {
                related.events.extend(deletions(facts, alike, by));
            }
        }
        related.events.sort_by_key(|event| (event.sent_at, event.message));
        related.unread_events = search.unread;
        related.renditions = search.renditions()?;
        Ok(related)
    }
}

/// The message that a deletion is about: the last that was sent before it.
fn deleted_message(deletion: &Facts, alike: Vec<Candidate>, by: &'static str) -> Option<RelatedMessage> {
    let sent = alike.into_iter().filter(|found| matches!(found.facts.event.event, Event::Sent | Event::Edited));
    let before: Vec<_> = sent.filter(|found| may_be_about(deletion, &found.facts, by)).collect();
    let different: HashSet<ContentHash> = before.iter().map(|found| found.facts.content_hash).collect();
    let last = before.into_iter().max_by_key(|found| (found.facts.sent_at, std::cmp::Reverse(found.message)))?;
    Some(last.related(by, different.len() as u64))
}

/// The deletions that may be about a message.
fn deletions(facts: &Facts, alike: Vec<Candidate>, by: &'static str) -> Vec<RelatedMessage> {
    let (deletions, others): (Vec<_>, Vec<_>) =
        alike.into_iter().partition(|found| found.facts.event.event == Event::Deleted);
    let alike = |deletion: &Candidate| {
        let others = others.iter().filter(|other| may_be_about(&deletion.facts, &other.facts, by));
        let mut different: HashSet<ContentHash> = others.map(|found| found.facts.content_hash).collect();
        different.insert(facts.content_hash);
        different.len() as u64
    };
    let about = deletions.into_iter().filter(|deletion| may_be_about(&deletion.facts, facts, by));
    let counted = about.map(|deletion| (alike(&deletion), deletion));
    counted.map(|(alike, deletion)| deletion.related(by, alike)).collect()
}

/// Whether the times of a deletion and a message allow that it is about it. A placeholder stands where the message stood:
/// at the same second, where the export knows seconds.
pub(super) fn may_be_about(deletion: &Facts, message: &Facts, by: &str) -> bool {
    let exact = |facts: &Facts| !facts.details.contains_key("/precision");
    match by {
        "minute" if exact(deletion) && exact(message) => deletion.sent_at == message.sent_at,
        "minute" => true,
        _ => deletion.sent_at.is_none() || message.sent_at <= deletion.sent_at,
    }
}

/// Whether two messages that name the same id may mean the same message: ids of platforms and chats are their own.
pub(super) fn same_chat(one: &Facts, other: &Facts) -> bool {
    let id = |facts: &Facts| facts.conversation.as_ref().map(|chat| chat.id.clone()).filter(|id| !id.is_empty());
    let same = match (id(one), id(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    same && one.platform == other.platform
}

impl Candidate {
    fn related(self, matched_by: &'static str, alike: u64) -> RelatedMessage {
        let author = self.facts.participants.iter().find(|person| person.role == Role::From);
        RelatedMessage {
            item: self.item,
            message: self.message,
            event: self.facts.event.event,
            sent_at: self.facts.sent_at,
            from: author.map_or_else(String::new, crate::model::Participant::display),
            text: self.facts.body,
            matched_by,
            alike,
        }
    }
}

fn shorten(text: &mut String) {
    if text.len() > MAX_TEXT {
        text.truncate(text.floor_char_boundary(MAX_TEXT));
        text.push('\u{2026}');
        text.shrink_to_fit();
    }
}

/// A message being looked at.
struct Search<'a> {
    archive: &'a Archive,
    snapshot: &'a Snapshot,
    shown: &'a Item,
    facts: &'a Facts,
    unread: u64,
}

impl Search<'_> {
    fn events_by_id(&mut self) -> Result<Vec<RelatedMessage>> {
        let id = self.facts.native_id.as_str();
        let found = self.candidates(Link::EventReference(id))?;
        let found =
            found.into_iter().filter(|found| found.facts.event.reference == id && same_chat(self.facts, &found.facts));
        Ok(found.map(|found| found.related("id", 1)).collect())
    }

    /// An event may have the id of the message that it is about: then the message itself is meant.
    fn about_by_id(&mut self) -> Result<Option<RelatedMessage>> {
        let id = self.facts.event.reference.as_str();
        let found = self.candidates(Link::NativeId(id))?;
        let found =
            found.into_iter().filter(|found| found.facts.native_id == id && same_chat(self.facts, &found.facts));
        let first = found.min_by_key(|found| (found.facts.event.event != Event::Sent, found.message));
        Ok(first.map(|found| found.related("id", 1)))
    }

    /// The other messages that are linked and have an item: those in quarantine are nobody's to see yet.
    fn candidates(&mut self, link: Link<'_>) -> Result<Vec<Candidate>> {
        let linked = self.archive.index.linked(link)?;
        let others: Vec<MessageNo> = linked.into_iter().filter(|no| *no != self.shown.message).collect();
        self.unread += others.len().saturating_sub(MAX_LOOKED_AT) as u64;
        self.read(others.into_iter().take(MAX_LOOKED_AT))
    }

    /// The other renditions of the message in the same mailbox.
    fn renditions(&self) -> Result<Vec<RelatedMessage>> {
        let Some(of) = rendition_of(self.snapshot, self.shown.message)? else { return Ok(Vec::new()) };
        let others = renditions(self.snapshot, of)?.into_iter().map(|known| known.message);
        let found = self.read(others.filter(|no| *no != self.shown.message))?;
        Ok(found.into_iter().filter(|found| found.is_here).map(|found| found.related("rendition", 1)).collect())
    }

    fn read(&self, others: impl Iterator<Item = MessageNo>) -> Result<Vec<Candidate>> {
        let mut reader = ContentReader::new(self.snapshot)?;
        let mut candidates = Vec::new();
        for no in others {
            let items = items_of_message(self.snapshot, no)?;
            let elsewhere = |item: &&Item| item.mailbox != self.shown.mailbox;
            let item = items.iter().min_by_key(|item| (elsewhere(item), item.no));
            if let (Some(row), Some(item)) = (message(self.snapshot, no)?, item) {
                let mut facts = listed_facts(&self.archive.directory, &mut reader, &row)?;
                let likeness = facts.likeness();
                facts.attachments = Vec::new();
                facts.body = facts.shown_text();
                facts.repeated = Vec::new();
                shorten(&mut facts.body);
                candidates.push(Candidate { message: no, item: item.no, is_here: !elsewhere(&item), likeness, facts });
            }
        }
        Ok(candidates)
    }
}
