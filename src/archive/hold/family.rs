//! Families: a message is held with the events about it, and an event with the message that it is about.
//!
//! Attachments are in their message. Edits, deletions, recalls and reactions of chats are messages of their own, which
//! name the message that they are about by its id, or by what they have in common with it. Where several messages are
//! alike, a deletion may be about any of them, and all are held. A message that was exported with its media and without is
//! held in both renditions.

use roaring::RoaringTreemap;

use crate::Result;
use crate::archive::Archive;
use crate::archive::follow::read_facts;
use crate::archive::related::{may_be_about, same_chat};
use crate::index::Link;
use crate::message::Facts;
use crate::model::{Event, MessageNo};
use crate::query::{Node, Query, TokenField};
use crate::store::{ContentReader, MessageSet, Snapshot, load_set, message, rendition_of, renditions};

/// Events that are about another message.
const EVENTS: [Event; 4] = [Event::Edited, Event::Deleted, Event::Recalled, Event::Reacted];

impl Archive {
    /// Adds to `found` the families of what a scope covers: of its new matches, and of those `known` that a message
    /// from `since` on is an event about.
    pub(super) fn add_families(
        &self,
        snapshot: &Snapshot,
        known: &RoaringTreemap,
        found: &mut RoaringTreemap,
        since: MessageNo,
    ) -> Result<()> {
        add_renditions(snapshot, known, found, since)?;
        let is_event =
            |event: &Event| Node::Token { field: TokenField::Event, value: event.as_str().to_owned(), prefix: false };
        let events =
            self.index.matches(&Query { root: Node::Or(EVENTS.iter().map(is_event).collect()) }, MessageNo(0))?;
        if events.is_empty() {
            return Ok(());
        }
        let mail = Node::Token { field: TokenField::Kind, value: "email".to_owned(), prefix: false };
        let chats = self.index.matches(&Query { root: Node::Not(Box::new(mail)) }, since)?;
        let mut centres = &*found & &chats;
        if !chats.is_empty() {
            // What a held event is about may come after it.
            centres |= &events & known;
        }
        centres.extend(events.iter().skip_while(|no| *no < since.0));
        // Every family has an event in it, so that the fewer of both tell all families.
        let centres = if centres.len() <= events.len() { centres } else { events };
        let mut families = Families { archive: self, snapshot, reader: ContentReader::new(snapshot)? };
        for no in centres {
            families.complete(MessageNo(no), known, found)?;
        }
        add_renditions(snapshot, known, found, since)
    }
}

/// Adds to `found` the other renditions of what a scope covers.
fn add_renditions(
    snapshot: &Snapshot,
    known: &RoaringTreemap,
    found: &mut RoaringTreemap,
    since: MessageNo,
) -> Result<()> {
    let several = load_set(snapshot, MessageSet::Renditions)?;
    let new = several.iter().skip_while(|no| *no < since.0);
    let centres: RoaringTreemap = (&several & &*found).iter().chain(new).collect();
    for no in centres {
        let Some(of) = rendition_of(snapshot, MessageNo(no))? else { continue };
        let all: RoaringTreemap = renditions(snapshot, of)?.iter().map(|known| known.message.0).collect();
        if !all.is_disjoint(known) || !all.is_disjoint(found) {
            *found |= all - known;
        }
    }
    Ok(())
}

struct Families<'a> {
    archive: &'a Archive,
    snapshot: &'a Snapshot,
    reader: ContentReader,
}

impl Families<'_> {
    /// Adds to `found` whoever of the family of `no` is missing, if anybody of it is covered.
    fn complete(&mut self, no: MessageNo, known: &RoaringTreemap, found: &mut RoaringTreemap) -> Result<()> {
        let Some(facts) = self.facts(no)? else { return Ok(()) };
        let covered = |no: MessageNo, found: &RoaringTreemap| known.contains(no.0) || found.contains(no.0);
        let linked = self.linked(&facts)?;
        let mut family = vec![no];
        if !linked.iter().any(|other| covered(*other, found)) && !covered(no, found) {
            return Ok(());
        }
        for other in linked {
            if other != no
                && let Some(other_facts) = self.facts(other)?
                && belong_together(&facts, &other_facts)
            {
                family.push(other);
            }
        }
        if family.iter().any(|member| covered(*member, found)) {
            found.extend(family.iter().filter(|member| !known.contains(member.0)).map(|member| member.0));
        }
        Ok(())
    }

    /// The messages that may be of the family.
    fn linked(&self, facts: &Facts) -> Result<Vec<MessageNo>> {
        let index = &self.archive.index;
        let mut linked = Vec::new();
        if !facts.native_id.is_empty() {
            linked.extend(index.linked(Link::EventReference(&facts.native_id))?);
        }
        if !facts.event.reference.is_empty() {
            linked.extend(index.linked(Link::NativeId(&facts.event.reference))?);
            linked.extend(index.linked(Link::EventReference(&facts.event.reference))?);
        }
        if let Some(likeness) = facts.likeness() {
            linked.extend(index.linked(Link::Likeness(likeness.key))?);
        }
        linked.sort_unstable();
        linked.dedup();
        Ok(linked)
    }

    fn facts(&mut self, no: MessageNo) -> Result<Option<Facts>> {
        let row = message(self.snapshot, no)?;
        row.map(|row| read_facts(&self.archive.directory, &mut self.reader, &row)).transpose()
    }
}

/// Whether one is an event about the other, or both are events about the same message.
fn belong_together(one: &Facts, other: &Facts) -> bool {
    let about = |event: &Facts, message: &Facts| {
        !event.event.reference.is_empty() && event.event.reference == message.native_id
    };
    let same_subject = !one.event.reference.is_empty() && one.event.reference == other.event.reference;
    if about(one, other) || about(other, one) || same_subject {
        return same_chat(one, other);
    }
    match (one.likeness(), other.likeness()) {
        (Some(likeness), Some(same)) if likeness == same => {
            let by = likeness.by.as_str();
            match (one.event.event, other.event.event) {
                (Event::Deleted, Event::Sent) => may_be_about(one, other, by),
                (Event::Sent, Event::Deleted) => may_be_about(other, one, by),
                _ => false,
            }
        }
        _ => false,
    }
}
