//! The chat around an item, or the thread of a mail: what was said before and after.

use roaring::RoaringTreemap;

use super::Archive;
use super::follow::listed_facts;
use crate::index::Found;
use crate::message::Facts;
use crate::model::{Event, ItemNo, MailboxNo, MessageNo, Participant, Role, UtcTime};
use crate::query::{Node, Query, TokenField};
use crate::store::{ContentReader, MessageSet, Snapshot, folders_of, item, items_of_message, load_set, message};
use crate::{Error, Result};

/// Bytes of text that are given of each message; a longer one ends in an ellipsis there.
const MAX_TEXT: usize = 16 << 10;

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationMessage {
    /// The first of its items in the mailbox.
    pub item: ItemNo,
    /// The message.
    pub message: MessageNo,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// The author; empty if none is named.
    pub from: String,
    /// What happened.
    pub event: Event,
    /// Its text; more than 16 KiB end in an ellipsis.
    pub text: String,
    /// Names of its attachments.
    pub attachments: Vec<String>,
    /// Whether it is the one that the conversation was asked for.
    pub is_shown: bool,
}

/// What was said around a message, in one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationContext {
    /// In the order in which it was sent; messages without a date come last.
    pub messages: Vec<ConversationMessage>,
    /// Messages of the conversation that were sent before these.
    pub earlier: u64,
    /// Messages of the conversation that were sent after these.
    pub later: u64,
}

impl Archive {
    /// The messages of the same chat in the same mailbox, up to `around` before and as many after the item; of a mail,
    /// those of its thread: that it refers to, that refer to it, or that refer to the same.
    ///
    /// # Errors
    /// There is no such item, the store or the index failed.
    pub fn conversation_around(&mut self, no: ItemNo, around: usize) -> Result<ConversationContext> {
        self.catch_up(&mut |_, _| {})?;
        let snapshot = self.store.snapshot()?;
        let item = item(&snapshot, no)?.ok_or_else(|| Error::NotFound { what: "item", id: no.to_string() })?;
        let mut reading = Reading { archive: self, reader: ContentReader::new(&snapshot)?, snapshot: &snapshot };
        let facts = reading.facts(item.message)?;
        let found = reading.conversation(&facts, item.message, item.mailbox)?;
        let place = found.iter().position(|found| found.message == item.message).unwrap_or(0);
        let (from, to) = (place.saturating_sub(around), found.len().min(place.saturating_add(around) + 1));
        let near = found.get(from..to).unwrap_or_default();
        let mut messages = Vec::with_capacity(near.len());
        for found in near {
            let facts = reading.facts(found.message)?;
            let own = items_of_message(&snapshot, found.message)?;
            let own = own.into_iter().find(|other| other.mailbox == item.mailbox).map(|other| other.no);
            let is_shown = found.message == item.message;
            let no = if is_shown { Some(no) } else { own };
            messages.extend(no.map(|no| said(no, found.message, facts, is_shown)));
        }
        let outcome = format!("{} of {} messages of the conversation", messages.len(), found.len());
        self.record_alone("show.context", &no.to_string(), &outcome)?;
        Ok(ConversationContext { messages, earlier: from as u64, later: (found.len() - to) as u64 })
    }
}

struct Reading<'a> {
    archive: &'a Archive,
    reader: ContentReader,
    snapshot: &'a Snapshot,
}

impl Reading<'_> {
    fn facts(&mut self, no: MessageNo) -> Result<Facts> {
        let row = message(self.snapshot, no)?
            .ok_or_else(|| Error::Corrupt(format!("message {no} is listed and not in the store")))?;
        listed_facts(&self.archive.directory, &mut self.reader, &row)
    }

    /// What belongs to the conversation of a message, oldest first; the message itself at least.
    fn conversation(&self, facts: &Facts, no: MessageNo, mailbox: MailboxNo) -> Result<Vec<Found>> {
        let mut within = RoaringTreemap::new();
        for folder in folders_of(self.snapshot, mailbox)? {
            within |= load_set(self.snapshot, MessageSet::Folder(folder.no))?;
        }
        let found = match conversation_query(facts) {
            Some(query) => self.archive.index.by_date(&query, Some(&within))?,
            None => Vec::new(),
        };
        if found.iter().any(|found| found.message == no) {
            return Ok(found);
        }
        Ok(vec![Found::of(no, facts.sent_at, 0)])
    }
}

/// What all messages of a conversation have in common; `None` for one that belongs to none.
fn conversation_query(facts: &Facts) -> Option<Query> {
    let token = |field, value: &str| Node::Token { field, value: value.to_owned(), prefix: false };
    if let Some(chat) = &facts.conversation {
        let name = if chat.id.is_empty() { &chat.name } else { &chat.id };
        let chat = token(TokenField::Conversation, name);
        let named = Some(Node::And(vec![chat, token(TokenField::Platform, &facts.platform)]));
        return named.filter(|_| !name.is_empty()).map(|root| Query { root });
    }
    let mut ids: Vec<Node> =
        facts.message_id.iter().chain(&facts.thread_ids).map(|id| token(TokenField::ThreadId, id)).collect();
    match (ids.pop(), ids.is_empty()) {
        (None, _) => None,
        (Some(only), true) => Some(Query { root: only }),
        (Some(last), false) => {
            ids.push(last);
            Some(Query { root: Node::Or(ids) })
        }
    }
}

fn said(item: ItemNo, message: MessageNo, facts: Facts, is_shown: bool) -> ConversationMessage {
    let author = facts.participants.iter().find(|person| person.role == Role::From);
    let mut text = facts.shown_text();
    if text.len() > MAX_TEXT {
        text.truncate(text.floor_char_boundary(MAX_TEXT));
        text.push('\u{2026}');
    }
    ConversationMessage {
        item,
        message,
        sent_at: facts.sent_at,
        from: author.map_or_else(String::new, Participant::display),
        event: facts.event.event,
        text,
        attachments: facts.attachments.into_iter().map(|facts| facts.attachment.name).collect(),
        is_shown,
    }
}
