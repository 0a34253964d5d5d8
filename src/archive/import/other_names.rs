//! Messages of chat exports that look like messages of earlier ones, but for the names of people.
//!
//! An export has no ids: a contact who was renamed between two exports makes each message another one. Whether two messages
//! that differ in nothing else are one cannot be known, as two people may write the same in one minute. So both are kept,
//! and it is said how many there are.

use std::collections::{BTreeMap, HashSet};

use crate::Result;
use crate::archive::Archive;
use crate::archive::follow::read_facts;
use crate::index::Found;
use crate::message::Facts;
use crate::model::{FolderNo, MessageNo, Participant, Role, UtcTime};
use crate::query::{DateProperty, Interval, Node, Query, TokenField};
use crate::store::{ContentReader, Snapshot, items_of_message, message};

/// Messages that are compared at most.
const COMPARED: usize = 20_000;

/// What the identifiers of chats of exports begin with.
const EXPORTED: &str = "whatsapp-export:";

/// New messages that differ from earlier ones in names alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OtherNames {
    /// How many.
    pub messages: u64,
    /// New messages, sent when earlier ones were, that were not compared because there were more than 20,000 of
    /// both.
    pub not_compared: u64,
    /// The names of an earlier sender and of the new one.
    pub example: Option<(String, String)>,
}

/// What is compared of a message.
struct Compared {
    is_new: bool,
    text: String,
    attachments: Vec<String>,
    sender: String,
    folders: HashSet<FolderNo>,
}

impl Archive {
    /// Finds, among the messages of exports that came after `last_before`, those that differ from earlier ones in the same
    /// folder in names alone. The index must be current.
    pub(super) fn other_names(&self, last_before: MessageNo) -> Result<OtherNames> {
        let exported = Node::Token { field: TokenField::Conversation, value: EXPORTED.to_owned(), prefix: true };
        let new = self.index.matches(&Query { root: exported.clone() }, MessageNo(last_before.0 + 1))?;
        let new = self.index.by_date(&Query { root: exported.clone() }, Some(&new))?;
        let times: Vec<UtcTime> = new.iter().filter_map(|found| found.sent).collect();
        let (Some(first), Some(last)) = (times.first(), times.last()) else { return Ok(OtherNames::default()) };
        let interval = Interval::times(Some(*first), Some(UtcTime(last.0.saturating_add(1))));
        let during = Node::Date { property: DateProperty::Either, interval };
        let query = Query { root: Node::And(vec![exported, during]) };
        let mut at_once: BTreeMap<UtcTime, Vec<MessageNo>> = BTreeMap::new();
        for Found { message, sent, .. } in self.index.by_date(&query, None)? {
            at_once.entry(sent.unwrap_or(UtcTime(0))).or_default().push(message);
        }
        self.compare(at_once.into_values(), last_before)
    }

    fn compare(&self, at_once: impl Iterator<Item = Vec<MessageNo>>, last_before: MessageNo) -> Result<OtherNames> {
        let snapshot = self.store.snapshot()?;
        let (mut reader, mut read, mut names) = (ContentReader::new(&snapshot)?, 0, OtherNames::default());
        for group in at_once {
            let new = group.iter().filter(|no| **no > last_before).count();
            if new == 0 || new == group.len() {
                continue;
            }
            if read + group.len() > COMPARED {
                names.not_compared += new as u64;
                continue;
            }
            read += group.len();
            let mut compared = Vec::with_capacity(group.len());
            for no in group {
                compared.extend(self.compared(&snapshot, &mut reader, no, no > last_before)?);
            }
            names.add(compared);
        }
        Ok(names)
    }

    fn compared(
        &self,
        snapshot: &Snapshot,
        reader: &mut ContentReader,
        no: MessageNo,
        is_new: bool,
    ) -> Result<Option<Compared>> {
        let Some(row) = message(snapshot, no)? else { return Ok(None) };
        let Facts { body: text, attachments, participants, .. } = read_facts(&self.directory, reader, &row)?;
        let sender = participants.iter().find(|person| person.role == Role::From);
        Ok(Some(Compared {
            is_new,
            text,
            attachments: attachments.into_iter().map(|facts| facts.attachment.name).collect(),
            sender: sender.map_or_else(String::new, shown),
            folders: items_of_message(snapshot, no)?.into_iter().map(|item| item.folder).collect(),
        }))
    }
}

impl OtherNames {
    /// Counts messages that were sent at once: each earlier one stands for one new one at most.
    fn add(&mut self, sent_at_once: Vec<Compared>) {
        let (new, mut earlier): (Vec<_>, Vec<_>) = sent_at_once.into_iter().partition(|message| message.is_new);
        for message in new {
            let alike = |other: &Compared| {
                (&other.text, &other.attachments) == (&message.text, &message.attachments)
                    && other.sender != message.sender
                    && !other.folders.is_disjoint(&message.folders)
            };
            if let Some(found) = earlier.iter().position(alike) {
                let other = earlier.swap_remove(found);
                self.messages += 1;
                self.example.get_or_insert((other.sender, message.sender));
            }
        }
    }
}

fn shown(person: &Participant) -> String {
    if person.name.is_empty() { person.display() } else { person.name.clone() }
}
