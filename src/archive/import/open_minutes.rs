//! Messages of chat exports that wait until the minute is over in which they were sent.
//!
//! Only then is it known which of them are here with the bytes that they have, and so, which of the others may be what
//! is here in another writing. What nothing here is like, and what is here as it is, does not wait.

use std::collections::{BTreeMap, HashSet};

use super::commit::Arrival;
use super::matching::Of;
use super::route::Routed;
use crate::archive::prepare::{LARGE, Prepared};
use crate::connector::Occurrence;
use crate::model::{Digest, MessageForm};

/// Raw bytes of messages that wait at most.
const MOST_BYTES: u64 = 64 << 20;

/// Messages that are compared with one another at most; one sender hardly says the same more often in a minute.
pub(super) const MOST_ALIKE: usize = 1000;

/// A message on its way into the store.
pub(super) struct Incoming {
    pub(super) prepared: Prepared,
    pub(super) routed: Routed,
    pub(super) arrival: Arrival,
}

impl Incoming {
    /// The digest of its bytes, and that of those that it had before.
    pub(super) fn digests(&self) -> impl Iterator<Item = Digest> + use<> {
        std::iter::once(self.prepared.digest).chain(self.arrival.former)
    }
}

/// Messages of one export that nothing but their order and their media tells apart.
#[derive(Default)]
pub(super) struct Alike {
    /// The places of those that did not wait.
    pub(super) taken: HashSet<Of>,
    /// The place of the next one, if nothing that is here is like them.
    pub(super) free: Option<u32>,
    pub(super) waiting: Vec<Incoming>,
    /// Whether there were too many to wait.
    pub(super) too_many: bool,
}

/// The minutes of exports that are not over.
#[derive(Default)]
pub(super) struct OpenMinutes {
    /// By the last message of the minute in its export.
    alike: BTreeMap<(u64, MessageForm), Alike>,
    bytes: u64,
}

impl OpenMinutes {
    /// Those that are like a message.
    pub(super) fn alike(&mut self, occurrence: &Occurrence) -> &mut Alike {
        self.alike.entry((occurrence.until, occurrence.rendition.form())).or_default()
    }

    /// A message has to wait; whether there are too many now.
    pub(super) fn wait(&mut self, occurrence: &Occurrence, incoming: Incoming) -> bool {
        self.bytes += incoming.prepared.raw_len.min(LARGE);
        let alike = self.alike(occurrence);
        alike.waiting.push(incoming);
        alike.waiting.len() > MOST_ALIKE || self.bytes > MOST_BYTES
    }

    /// Nothing waits any longer, though minutes are not over; those who waited.
    pub(super) fn give_up(&mut self) -> Vec<Incoming> {
        self.bytes = 0;
        let mut all = Vec::new();
        for alike in self.alike.values_mut().filter(|alike| !alike.waiting.is_empty()) {
            alike.too_many = true;
            all.append(&mut alike.waiting);
        }
        all
    }

    /// Those whose minute is over with the message of this number in its export.
    pub(super) fn over(&mut self, at: u64) -> Option<(MessageForm, Alike)> {
        let first = self.alike.first_entry().filter(|first| first.key().0 <= at)?;
        let ((_, form), alike) = first.remove_entry();
        let bytes: u64 = alike.waiting.iter().map(|incoming| incoming.prepared.raw_len.min(LARGE)).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
        Some((form, alike))
    }
}
