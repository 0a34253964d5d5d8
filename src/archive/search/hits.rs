//! What was found, as it is shown.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use super::super::follow::read_facts;
use super::super::follower::Follower;
use super::super::show::why_partially_indexed;
use super::copies::Distinct;
use super::partial::Partial;
use super::scope::Scope;
use super::snippet::snippet;
use crate::index::MatchedIn;
use crate::model::{Conversation, Digest, ItemNo, MessageNo, Participant, Role, UtcTime};
use crate::query::Query;
use crate::store::{ContentReader, MessageRow, Snapshot, items_of_message, message};
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

/// Where a page of hits begins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Start {
    /// The message.
    pub(super) place: usize,
    /// Items up to this one of that message were shown before.
    pub(super) after: Option<ItemNo>,
}

/// Messages whose hits are prepared together, on all cores.
const WINDOW: usize = 512;

/// Hits being made out of what the index found.
pub(super) struct Hits<'s> {
    pub(super) query: &'s Query,
    pub(super) scope: &'s Scope,
    pub(super) snapshot: &'s Snapshot,
    pub(super) directory: &'s Path,
    /// What the query cannot judge, if the reasons are wanted.
    pub(super) reasons: Option<&'s Partial>,
}

/// What all hits of one message share.
struct Described {
    row: MessageRow,
    from: String,
    to: Vec<String>,
    subject: String,
    snippet: String,
    highlights: Vec<Range<usize>>,
    matched_in: Vec<MatchedIn>,
    partially_indexed: Vec<String>,
    conversation: Option<Conversation>,
}

impl Hits<'_> {
    /// Calls `visit` with up to `limit` hits from `start` on; `index` says where they match.
    pub(super) fn visit(
        &self,
        index: &Follower,
        distinct: &Distinct,
        start: Start,
        limit: u64,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<()> {
        if limit == 0 {
            return Ok(());
        }
        let threads = rayon::current_num_threads().clamp(1, 8);
        let mut readers = (0..threads).map(|_| ContentReader::new(self.snapshot)).collect::<Result<Vec<_>>>()?;
        let mut page = Page { left: limit, after: start.after };
        let found = distinct.found.get(start.place..).unwrap_or_default();
        // Every message that was found has an item in scope, so no more of them are needed than hits; the first may have
        // been shown already.
        let needed = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(usize::from(start.after.is_some()));
        for window in found.get(..found.len().min(needed)).unwrap_or(found).chunks(WINDOW) {
            // Neighbours by number stand in the same packs, each of which is opened once.
            let mut numbers: Vec<MessageNo> = window.iter().map(|found| found.message).collect();
            numbers.sort_unstable();
            let mut described: HashMap<MessageNo, Described> = numbers
                .par_chunks(numbers.len().div_ceil(threads))
                .zip(readers.par_iter_mut())
                .map(|(numbers, reader)| numbers.iter().map(|no| Ok((*no, self.describe(*no, reader)?))).collect())
                .collect::<Result<Vec<Vec<_>>>>()?
                .into_iter()
                .flatten()
                .collect();
            let numbers = numbers.iter().map(|no| no.0).collect();
            let mut matched = index.matched_in(self.query, &numbers)?;
            for found in window {
                let mut described = described.remove(&found.message).ok_or_else(|| missing(found.message))?;
                described.matched_in = matched.remove(&found.message).unwrap_or_default();
                match distinct.copies.get(&found.message) {
                    _ if !distinct.collapsed => self.visit_items(found.message, &described, &mut page, visit)?,
                    copies => self.visit_copies(found.message, copies, &described, &mut page, visit)?,
                }
            }
        }
        Ok(())
    }

    fn describe(&self, no: MessageNo, reader: &mut ContentReader) -> Result<Described> {
        let row = message(self.snapshot, no)?.ok_or_else(|| missing(no))?;
        let facts = read_facts(self.directory, reader, &row)?;
        let (snippet, highlights) = snippet(&facts.body, self.query);
        let (from, to) = people(&facts.participants);
        let mut partially_indexed = Vec::new();
        if let Some(partial) = self.reasons {
            partially_indexed = why_partially_indexed(self.snapshot, no, facts.partially_indexed)?;
            partially_indexed.extend(partial.reason(no.0));
        }
        let (subject, conversation) = (facts.subject, facts.conversation);
        let matched_in = Vec::new();
        Ok(Described { row, from, to, subject, snippet, highlights, matched_in, partially_indexed, conversation })
    }

    /// A hit for each item of a message.
    fn visit_items(
        &self,
        no: MessageNo,
        described: &Described,
        page: &mut Page,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<()> {
        let after = page.after.take();
        for place in self.places(no)?.into_iter().filter(|place| after.is_none_or(|after| place.item > after)) {
            if page.turn() {
                visit(described.hit(place, Vec::new()))?;
            }
        }
        Ok(())
    }

    /// One hit for all items of a message and its copies.
    fn visit_copies(
        &self,
        no: MessageNo,
        copies: Option<&Vec<MessageNo>>,
        described: &Described,
        page: &mut Page,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<()> {
        let mut places = self.places(no)?;
        for copy in copies.into_iter().flatten() {
            places.extend(self.places(*copy)?);
        }
        match places.first().cloned() {
            Some(first) if page.turn() => visit(described.hit(first, places)),
            _ => Ok(()),
        }
    }

    /// The items of a message that are in scope.
    fn places(&self, no: MessageNo) -> Result<Vec<Place>> {
        let items = items_of_message(self.snapshot, no)?.into_iter();
        let placed = items.filter_map(|item| {
            let folder = self.scope.folders.get(&item.folder).filter(|_| self.scope.contains(&item))?;
            let mailbox = self.scope.mailboxes.get(&item.mailbox).map_or_else(String::new, |m| m.address.clone());
            Some(Place { item: item.no, message: no, mailbox, folder: folder.path.clone() })
        });
        Ok(placed.collect())
    }
}

/// What is left of a page.
struct Page {
    left: u64,
    /// Items of the first message up to this one were shown before.
    after: Option<ItemNo>,
}

impl Page {
    /// Whether there is room for one more, which is taken.
    fn turn(&mut self) -> bool {
        let room = self.left > 0;
        self.left = self.left.saturating_sub(1);
        room
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
            matched_in: self.matched_in.clone(),
            partially_indexed: self.partially_indexed.clone(),
            conversation: self.conversation.clone(),
            places,
        }
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
