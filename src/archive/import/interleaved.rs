//! Chat exports whose new messages lie between those that were there of a chat of the same name.
//!
//! A longer export adds to the end of a chat, and to its beginning where an earlier one was cut. What comes between its
//! messages is of another chat of the same name, or the same chat read with another zone or order of the date. An export
//! has no ids that would tell, so all is kept, and it is said.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use roaring::RoaringTreemap;

use crate::Result;
use crate::archive::Archive;
use crate::archive::follow::read_facts;
use crate::index::Found;
use crate::model::{FolderNo, MessageNo, Participant, Role, UtcTime};
use crate::query::{Node, Query, TokenField};
use crate::store::{ContentReader, MessageSet, Snapshot, items_of_message, load_set, message};

/// Fewer messages than this say nothing.
const FEWEST: usize = 3;

/// New messages that are worth mentioning: at least one to so many that were there.
const ONE_TO: u64 = 4;

/// Messages of each side whose texts are compared at most.
const COMPARED: usize = 10_000;

/// Milliseconds of the largest difference between two zones (26 hours).
const MOST_SHIFT: i64 = 26 * 3_600_000;

/// Milliseconds that all differences between zones are multiples of (15 minutes).
const STEP: i64 = 15 * 60_000;

/// A chat whose new messages lie between those that were there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterleavedChat {
    /// Identifier of the chat.
    pub conversation: String,
    /// New messages between those that were there.
    pub messages: u64,
    /// Messages that were there, sent at the time of the new ones.
    pub earlier: u64,
    /// By how many minutes most of the new ones are later than the same message that was there, if that is so.
    pub minutes_later: Option<i64>,
}

/// The messages that a file of one chat brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChatSpan {
    /// Identifier of the chat.
    pub(super) conversation: String,
    /// How many messages the run had brought before it.
    pub(super) after: u64,
    /// How many it had brought with it.
    pub(super) until: u64,
}

/// In what new messages are like those that were there.
enum Likeness {
    /// The same but for names, which is said elsewhere.
    Renamed,
    /// The same, later by so many minutes.
    Shifted(i64),
    /// In nothing.
    None,
}

/// What is compared of a message: its sender and its text.
type Said = (String, String);

impl Archive {
    /// Finds the interleaved chats among those that a run brought after the message `last_before`. The index must be
    /// current.
    pub(super) fn interleaved(&self, spans: &[ChatSpan], last_before: MessageNo) -> Result<Vec<InterleavedChat>> {
        let snapshot = self.store.snapshot()?;
        let mut all = Vec::new();
        for span in spans.iter().filter(|span| span.until - span.after >= FEWEST as u64) {
            let new = last_before.0 + span.after + 1..=last_before.0 + span.until;
            all.extend(self.interleaved_chat(&snapshot, &span.conversation, new)?);
        }
        Ok(all)
    }

    fn interleaved_chat(
        &self,
        snapshot: &Snapshot,
        conversation: &str,
        new: RangeInclusive<u64>,
    ) -> Result<Option<InterleavedChat>> {
        let root = Node::Token { field: TokenField::Conversation, value: conversation.to_owned(), prefix: false };
        let chat = self.index.by_date(&Query { root }, None)?;
        let Some(first) = chat.iter().find(|found| new.contains(&found.message.0)) else { return Ok(None) };
        if chat.iter().all(|found| found.message.0 >= *new.start()) {
            return Ok(None);
        }
        let folders: Vec<FolderNo> =
            items_of_message(snapshot, first.message)?.into_iter().map(|item| item.folder).collect();
        let known = load_set(snapshot, MessageSet::Renditions)?;
        for folder in folders {
            let there = load_set(snapshot, MessageSet::Folder(folder))?;
            let Some(overlap) = Overlap::of(&chat, &there, &known, &new) else { continue };
            let minutes_later = match self.likeness(snapshot, &overlap)? {
                Likeness::Shifted(minutes) => Some(minutes),
                Likeness::None if overlap.is_interleaved() => None,
                Likeness::Renamed | Likeness::None => continue,
            };
            let (conversation, messages) = (conversation.to_owned(), overlap.messages(minutes_later));
            return Ok(Some(InterleavedChat { conversation, messages, earlier: overlap.alongside, minutes_later }));
        }
        Ok(None)
    }

    /// In what most of the new messages are like those that were there.
    fn likeness(&self, snapshot: &Snapshot, overlap: &Overlap) -> Result<Likeness> {
        let mut times: HashMap<String, Vec<(i64, String)>> = HashMap::new();
        for (time, (sender, text)) in self.said(snapshot, &overlap.near)? {
            times.entry(text).or_default().push((time, sender));
        }
        let (mut renamed, mut by_shift) = (0, BTreeMap::<i64, usize>::new());
        let compared = self.said(snapshot, &overlap.new)?;
        for (time, (sender, text)) in &compared {
            let same = times.get(text).map(Vec::as_slice).unwrap_or_default();
            renamed += usize::from(same.iter().any(|(at, other)| at == time && other != sender));
            let mut shifts: Vec<i64> =
                same.iter().filter(|(_, other)| other == sender).map(|(at, _)| time - at).collect();
            shifts.retain(|shift| *shift != 0 && shift.abs() <= MOST_SHIFT && shift % STEP == 0);
            shifts.sort_unstable();
            shifts.dedup();
            for shift in shifts {
                *by_shift.entry(shift).or_default() += 1;
            }
        }
        let is_most = |messages: usize| messages * 2 > compared.len();
        if is_most(renamed) {
            return Ok(Likeness::Renamed);
        }
        let most = by_shift.into_iter().max_by_key(|(_, messages)| *messages);
        let most = most.filter(|(_, messages)| *messages >= FEWEST && is_most(*messages));
        Ok(most.map_or(Likeness::None, |(shift, _)| Likeness::Shifted(shift / 60_000)))
    }

    /// The minutes, in milliseconds, and what was said then.
    fn said(&self, snapshot: &Snapshot, found: &[Found]) -> Result<Vec<(i64, Said)>> {
        let mut reader = ContentReader::new(snapshot)?;
        let mut all = Vec::new();
        for found in found.iter().take(COMPARED) {
            let Some(row) = message(snapshot, found.message)? else { continue };
            let facts = read_facts(&self.directory, &mut reader, &row)?;
            let sender = facts.participants.iter().find(|person| person.role == Role::From);
            let sender = sender.map_or_else(String::new, Participant::display);
            all.extend(found.sent.map(|sent| (sent.0 - sent.0.rem_euclid(60_000), (sender, facts.body))));
        }
        Ok(all)
    }
}

/// The new messages of a folder beside those that were there.
struct Overlap {
    /// The new ones from a little before the first that was there until a little after the last.
    new: Vec<Found>,
    /// Those that were there at their time, or a little before or after it.
    near: Vec<Found>,
    /// New ones between those that were there.
    inside: u64,
    /// Those that were there between them.
    alongside: u64,
}

impl Overlap {
    /// `None` if the new ones are too few to say anything. Those `known` as renditions of others do not count.
    fn of(chat: &[Found], there: &RoaringTreemap, known: &RoaringTreemap, new: &RangeInclusive<u64>) -> Option<Self> {
        let counts = |found: &&Found| {
            there.contains(found.message.0) && !known.contains(found.message.0) && found.sent.is_some()
        };
        let of_folder = || chat.iter().filter(counts).copied();
        let earlier: Vec<Found> = of_folder().filter(|found| found.message.0 < *new.start()).collect();
        let fresh: Vec<Found> = of_folder().filter(|found| new.contains(&found.message.0)).collect();
        let period = period(&earlier)?;
        let close = within(&fresh, &widened(&period));
        let inside = between(&fresh, &period);
        let alongside = self::period(&inside).map_or(0, |period| within(&earlier, &period).len() as u64);
        let near = within(&earlier, &widened(&self::period(&close)?));
        (close.len() >= FEWEST).then_some(Self { new: close, near, inside: inside.len() as u64, alongside })
    }

    fn is_interleaved(&self) -> bool {
        self.inside >= FEWEST as u64 && self.inside * ONE_TO >= self.alongside
    }

    /// How many messages are meant.
    fn messages(&self, minutes_later: Option<i64>) -> u64 {
        if minutes_later.is_some() { self.new.len() as u64 } else { self.inside }
    }
}

/// The times of messages in order of their dates.
fn period(found: &[Found]) -> Option<RangeInclusive<UtcTime>> {
    Some(found.first()?.sent?..=found.last()?.sent?)
}

fn widened(period: &RangeInclusive<UtcTime>) -> RangeInclusive<UtcTime> {
    UtcTime(period.start().0.saturating_sub(MOST_SHIFT))..=UtcTime(period.end().0.saturating_add(MOST_SHIFT))
}

/// Without those of the first and the last moment, which an export that was cut within a minute goes on with.
fn between(found: &[Found], period: &RangeInclusive<UtcTime>) -> Vec<Found> {
    found.iter().filter(|found| found.sent.is_some_and(|s| *period.start() < s && s < *period.end())).copied().collect()
}

fn within(found: &[Found], period: &RangeInclusive<UtcTime>) -> Vec<Found> {
    found.iter().filter(|found| found.sent.is_some_and(|sent| period.contains(&sent))).copied().collect()
}
