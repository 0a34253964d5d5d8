//! What was found, as it is shown.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use super::super::follow::listed_facts;
use super::super::show::why_partially_indexed;
use super::copies::Copies;
use super::matched::HitAttachment;
use super::page::Room;
use super::partial::Partial;
use super::scope::Scope;
use super::snippet::snippet;
use crate::index::{Found, Highlighter, Matched, MatchedAttachment, MatchedIn};
use crate::model::{Conversation, Digest, Item, ItemNo, MessageNo, Participant, Role, UtcTime};
use crate::query::Query;
use crate::store::{ContentReader, ItemReader, MessageReader, MessageRow, Snapshot, items_of_message};
use crate::{Error, Result};

/// One item that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Digest of its raw bytes.
    pub digest: Digest,
    /// Address of its mailbox.
    pub mailbox: String,
    /// Path of its folder.
    pub folder: String,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// The author.
    pub from: String,
    /// Recipients (To, Cc, Bcc).
    pub to: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Text around the first match.
    pub snippet: String,
    /// Where in `snippet` the query matches, as byte ranges.
    pub highlights: Vec<Range<usize>>,
    /// In which parts of the message words or people of the query are found.
    pub matched_in: Vec<MatchedIn>,
    /// In which attachments they are, in the order of the message.
    pub matched_attachments: Vec<HitAttachment>,
    /// Why not all of it can be searched, for people, if that was asked for.
    pub partially_indexed: Vec<String>,
    /// The chat that the message belongs to.
    pub conversation: Option<Conversation>,
    /// Every item in scope that has the same content, this one first; empty unless copies are one hit.
    pub places: Vec<Place>,
}

/// An item, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Address of its mailbox.
    pub mailbox: String,
    /// Path of its folder.
    pub folder: String,
}

/// Hits being made out of what the index found.
pub(super) struct Hits<'s> {
    pub(super) query: &'s Query,
    pub(super) highlighter: Highlighter,
    pub(super) scope: &'s Scope,
    pub(super) snapshot: &'s Snapshot,
    pub(super) directory: &'s Path,
    /// What the query cannot judge, if the reasons are wanted.
    pub(super) reasons: Option<&'s Partial>,
    /// Which of them are copies of others, if copies are one hit.
    pub(super) copies: Option<&'s Copies>,
}

/// What one thread reads messages with.
pub(super) struct HitReader<'s> {
    messages: MessageReader<'s>,
    contents: ContentReader,
    items: ItemReader,
}

impl<'s> HitReader<'s> {
    pub(super) fn new(snapshot: &'s Snapshot) -> Result<Self> {
        Ok(Self {
            messages: MessageReader::new(snapshot)?,
            contents: ContentReader::new(snapshot)?,
            items: ItemReader::new(snapshot)?,
        })
    }
}

/// What messages have to show.
pub(super) type Descriptions = HashMap<MessageNo, Described>;

/// What all hits of one message share.
pub(super) struct Described {
    row: MessageRow,
    /// Its items in scope.
    places: Vec<Place>,
    from: String,
    to: Vec<String>,
    subject: String,
    snippet: String,
    highlights: Vec<Range<usize>>,
    pub(super) matched: Matched,
    /// Names of the attachments.
    attachments: Vec<String>,
    partially_indexed: Vec<String>,
    conversation: Option<Conversation>,
}

impl Hits<'_> {
    /// What messages have to show, read on all cores.
    pub(super) fn describe_all(&self, found: &[Found], readers: &mut [HitReader<'_>]) -> Result<Descriptions> {
        // Neighbours by number stand in the same packs, each of which is opened once.
        let mut numbers: Vec<MessageNo> = found.iter().map(|found| found.message).collect();
        numbers.sort_unstable();
        let parts = numbers.par_chunks(numbers.len().div_ceil(readers.len().max(1)).max(1)).zip(readers);
        let described: Result<Vec<Vec<_>>> = parts
            .map(|(numbers, reader)| numbers.iter().map(|no| Ok((*no, self.describe(*no, reader)?))).collect())
            .collect();
        Ok(described?.into_iter().flatten().collect())
    }

    fn describe(&self, no: MessageNo, reader: &mut HitReader<'_>) -> Result<Described> {
        let row = reader.messages.get(no)?.ok_or_else(|| missing(no))?;
        let facts = listed_facts(self.directory, &mut reader.contents, &row)?;
        let places = self.places(no, reader.items.of_message(no)?);
        let (snippet, highlights) = snippet(&facts.body, &self.highlighter);
        let (from, to) = people(&facts.participants);
        let mut partially_indexed = Vec::new();
        if let Some(partial) = self.reasons {
            partially_indexed = why_partially_indexed(self.snapshot, no, facts.partially_indexed)?;
            partially_indexed.extend(partial.reason(no.0));
        }
        let attachments = facts.attachments.into_iter().map(|facts| facts.attachment.name).collect();
        let (subject, conversation, matched) = (facts.subject, facts.conversation, Matched::default());
        Ok(Described {
            row,
            places,
            from,
            to,
            subject,
            snippet,
            highlights,
            matched,
            attachments,
            partially_indexed,
            conversation,
        })
    }

    /// A hit for each item of a message.
    pub(super) fn visit_items(
        described: &Described,
        room: &mut Room,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<()> {
        let after = room.after.take();
        for place in described.places.iter().filter(|place| after.is_none_or(|after| place.item > after)) {
            if room.take() {
                visit(described.hit(place.clone(), Vec::new()))?;
            }
        }
        Ok(())
    }

    /// One hit for all items of a message and its copies.
    pub(super) fn visit_copies(
        &self,
        copies: &Copies,
        message: MessageNo,
        described: &Described,
        room: &mut Room,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<()> {
        let mut places = described.places.clone();
        for copy in copies.of(self.snapshot, self.scope, message)? {
            places.extend(self.places(copy, items_of_message(self.snapshot, copy)?));
        }
        match places.first().cloned() {
            Some(first) if room.take() => visit(described.hit(first, places)),
            _ => Ok(()),
        }
    }

    /// Those of the items of a message that are in scope.
    fn places(&self, message: MessageNo, items: Vec<Item>) -> Vec<Place> {
        let placed = items.into_iter().filter_map(|item| {
            let folder = self.scope.folders.get(&item.folder).filter(|_| self.scope.contains(&item))?;
            let mailbox = self.scope.mailboxes.get(&item.mailbox).map_or_else(String::new, |m| m.address.clone());
            Some(Place { item: item.no, message, mailbox, folder: folder.path.clone() })
        });
        placed.collect()
    }
}

impl Described {
    fn hit(&self, place: Place, places: Vec<Place>) -> Hit {
        Hit {
            item: place.item,
            message: place.message,
            digest: self.row.digest,
            mailbox: place.mailbox,
            folder: place.folder,
            sent_at: self.row.sent_at,
            from: self.from.clone(),
            to: self.to.clone(),
            subject: self.subject.clone(),
            snippet: self.snippet.clone(),
            highlights: self.highlights.clone(),
            matched_in: self.matched.parts.clone(),
            matched_attachments: self.matched_attachments(),
            partially_indexed: self.partially_indexed.clone(),
            conversation: self.conversation.clone(),
            places,
        }
    }
}

impl Described {
    /// What is behind the last attachment is the text of a journal report.
    fn matched_attachments(&self) -> Vec<HitAttachment> {
        let named = |matched: &MatchedAttachment| {
            let name = self.attachments.get(matched.n.checked_sub(1)?)?.clone();
            Some(HitAttachment { n: matched.n, name, matched_in: matched.parts.clone() })
        };
        self.matched.attachments.iter().filter_map(named).collect()
    }
}

/// The index knows a message that the store does not.
pub(super) fn missing(no: MessageNo) -> Error {
    Error::Corrupt(format!("the index has message {no} and the store has not"))
}

fn people(participants: &[Participant]) -> (String, Vec<String>) {
    let author = participants.iter().find(|participant| participant.role == Role::From);
    let recipients = participants.iter().filter(|p| matches!(p.role, Role::To | Role::Cc | Role::Bcc));
    let mut seen = BTreeSet::new();
    let named = recipients.map(Participant::display).filter(|name| seen.insert(name.clone())).collect();
    (author.map_or_else(String::new, Participant::display), named)
}
