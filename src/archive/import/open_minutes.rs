//! Messages of chat exports that wait until the minute is over in which they were sent.
//!
//! Only then is it known which of them are here with the bytes that they have, and so, which of the others may be what
//! is here in another writing. What nothing here is like, and what is here as it is, does not wait.

use std::collections::{BTreeMap, HashSet};

use std::path::PathBuf;

use super::commit::Arrival;
use super::matching::Of;
use super::part_file::PartFile;
use super::route::Routed;
use crate::Result;
use crate::archive::prepare::Prepared;
use crate::connector::Occurrence;
use crate::model::{Digest, MessageForm};

/// Bytes of memory in which messages wait at most.
const MOST_BYTES: u64 = 64 << 20;

/// Bytes of their large parts, which wait in a file, at most.
const MOST_PART_BYTES: u64 = 2 << 30;

/// Messages that differ in what is said or by whom, in minutes that are not over, at most: more than the app exports of a
/// chat.
const MOST_FORMS: usize = 50_000;

/// Messages that are compared with one another at most; one sender hardly says the same more often in a minute.
pub(super) const MOST_ALIKE: usize = 1000;

/// A message on its way into the store.
pub(super) struct Incoming {
    pub(super) prepared: Box<Prepared>,
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
pub(super) struct OpenMinutes {
    /// By the last message of the minute in its export.
    alike: BTreeMap<(u64, MessageForm), Alike>,
    /// Memory of those that wait.
    bytes: u64,
    /// Large parts of those that wait.
    parts: PartFile,
}

impl OpenMinutes {
    /// No minute has begun. Large parts wait in an unnamed file in `directory`.
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { alike: BTreeMap::new(), bytes: 0, parts: PartFile::new(directory) }
    }

    /// Those that are like a message; `None` if there are too many others.
    pub(super) fn alike(&mut self, occurrence: &Occurrence) -> Option<&mut Alike> {
        let key = (occurrence.until, occurrence.rendition.form());
        if self.alike.len() >= MOST_FORMS && !self.alike.contains_key(&key) {
            return None;
        }
        Some(self.alike.entry(key).or_default())
    }

    /// A message has to wait; whether there are too many now.
    ///
    /// # Errors
    /// A large part cannot be written to the disk.
    pub(super) fn wait(&mut self, occurrence: &Occurrence, mut incoming: Incoming) -> Result<bool> {
        self.parts.take_parts(&mut incoming.prepared)?;
        self.bytes += incoming.prepared.memory();
        let alike = self.alike.entry((occurrence.until, occurrence.rendition.form())).or_default();
        alike.waiting.push(incoming);
        let too_many_alike = alike.waiting.len() > MOST_ALIKE;
        Ok(too_many_alike || self.bytes > MOST_BYTES || self.parts.len() > MOST_PART_BYTES)
    }

    /// Nothing waits any longer, though minutes are not over; those who waited.
    pub(super) fn give_up(&mut self) -> Vec<Incoming> {
        self.forget(self.bytes);
        let mut all = Vec::new();
        for alike in self.alike.values_mut().filter(|alike| !alike.waiting.is_empty()) {
            alike.too_many = true;
            all.extend(std::mem::take(&mut alike.waiting));
        }
        all
    }

    /// So many bytes of memory wait no longer.
    fn forget(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
        if self.bytes == 0 {
            self.parts.begin_anew();
        }
    }

    /// Those whose minute is over with the message of this number in its export.
    pub(super) fn over(&mut self, at: u64) -> Option<(MessageForm, Alike)> {
        let first = self.alike.first_entry().filter(|first| first.key().0 <= at)?;
        let ((_, form), alike) = first.remove_entry();
        self.forget(alike.waiting.iter().map(|incoming| incoming.prepared.memory()).sum());
        Some((form, alike))
    }
}
