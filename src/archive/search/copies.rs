//! Copies of one message: what differs only in the way it took.

use std::collections::HashMap;

use super::hits::missing;
use crate::Result;
use crate::index::Found;
use crate::model::MessageNo;
use crate::store::{Snapshot, message};

/// What was found, each content once.
pub(super) struct Distinct {
    /// The first of each content, in the order of the hits.
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
    pub(super) fn by_content(snapshot: &Snapshot, found: Vec<Found>) -> Result<Self> {
        let mut distinct = Self { found: Vec::new(), copies: HashMap::new(), collapsed: true };
        let mut first: HashMap<_, MessageNo> = HashMap::with_capacity(found.len());
        for found in found {
            let row = message(snapshot, found.message)?.ok_or_else(|| missing(found.message))?;
            let first = *first.entry(row.content_hash).or_insert(found.message);
            if first == found.message {
                distinct.found.push(found);
            } else {
                distinct.copies.entry(first).or_default().push(found.message);
            }
        }
        Ok(distinct)
    }

    /// The place of a message, or of the first of its content.
    pub(super) fn position(&self, message: MessageNo) -> Option<usize> {
        let held = |first: &MessageNo| self.copies.get(first).is_some_and(|copies| copies.contains(&message));
        self.found.iter().position(|found| found.message == message || held(&found.message))
    }
}
