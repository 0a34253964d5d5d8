//! Copies of one message: what differs only in the way it took.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::hits::missing;
use super::scope::Scope;
use crate::index::Found;
use crate::model::MessageNo;
use crate::store::{Snapshot, items_of_message, message};
use crate::{Error, Result};

/// What was found, each content once.
pub(super) struct Distinct {
    /// The one of each content that came first, in the order of the hits: what arrives later takes no other's place.
    pub(super) found: Vec<Found>,
    /// The others of it, by the first; only where there are others.
    pub(super) copies: HashMap<MessageNo, Vec<MessageNo>>,
    /// Whether copies are one hit.
    pub(super) collapsed: bool,
}

impl Distinct {
    /// Every message for itself.
    pub(super) fn all(found: Vec<Found>) -> Self {
        Self { found, copies: HashMap::new(), collapsed: false }
    }

    /// Brings together what has the same content hash.
    pub(super) fn by_content(snapshot: &Snapshot, scope: &Scope, found: Vec<Found>) -> Result<Self> {
        let mut contents: HashMap<_, Vec<MessageNo>> = HashMap::with_capacity(found.len());
        for found in &found {
            let row = message(snapshot, found.message)?.ok_or_else(|| missing(found.message))?;
            contents.entry(row.content_hash).or_default().push(found.message);
        }
        let mut copies = HashMap::new();
        let mut later = RoaringTreemap::new();
        for messages in contents.into_values().filter(|messages| messages.len() > 1) {
            let (first, others) = in_order_of_arrival(snapshot, scope, messages)?;
            later.extend(others.iter().map(|message| message.0));
            copies.insert(first, others);
        }
        let found = found.into_iter().filter(|found| !later.contains(found.message.0)).collect();
        Ok(Self { found, copies, collapsed: true })
    }

    /// The place of a message, or of the first of its content.
    pub(super) fn position(&self, message: MessageNo) -> Option<usize> {
        let held = |first: &MessageNo| self.copies.get(first).is_some_and(|copies| copies.contains(&message));
        self.found.iter().position(|found| found.message == message || held(&found.message))
    }
}

/// The message whose item came into the scope first, and the others in the order of theirs. A message of a lower number may
/// come into the scope later, by another mailbox.
fn in_order_of_arrival(
    snapshot: &Snapshot,
    scope: &Scope,
    mut messages: Vec<MessageNo>,
) -> Result<(MessageNo, Vec<MessageNo>)> {
    let mut arrived = HashMap::with_capacity(messages.len());
    for message in &messages {
        let items = items_of_message(snapshot, *message)?.into_iter();
        let first = items.filter(|item| scope.contains(item)).map(|item| item.no).min();
        arrived.insert(*message, first);
    }
    messages.sort_by_key(|message| (arrived.get(message).copied().flatten(), *message));
    let others = messages.split_off(1);
    messages.pop().map(|first| (first, others)).ok_or_else(|| Error::Corrupt("a content without messages".to_owned()))
}
