//! Relativity Short Message Format 2.0: a file for each conversation and day, as review platforms take chats.
//!
//! A file is a mail with the transcript as its text and one attachment, `rsmf.zip`, which has a manifest of participants,
//! conversation and events, and the files that were sent. Each exported item is one event, or is told at the event that it
//! is about: an edit, a deletion or a reaction on the same day. Mails are no short messages, and written as in `eml`.

mod mail;
mod manifest;
mod people;
mod spool;

use std::collections::{BTreeMap, HashMap, HashSet};

use unicode_normalization::UnicodeNormalization as _;

use super::eml::Eml;
use super::{Content, ExportDirectory, ExportedItem, Exporter, file_name};
use crate::Result;
use crate::model::{Participant, UtcTime};

use mail::write_mail;
use manifest::Slice;
use spool::Spool;

/// Most events of a file: more make a review platform slow.
const MOST_EVENTS: usize = 10_000;

/// Bytes of events behind which a file takes no more: it is put together in memory.
const MOST_BYTES: u64 = 8 << 20;

/// Writes `MAILBOX/FOLDER/CONVERSATION DAY.rsmf`, and `MAILBOX/FOLDER/ITEM.eml` for mails.
#[derive(Default)]
pub(super) struct Rsmf {
    folder: Option<Folder>,
}

impl Exporter for Rsmf {
    fn item(
        &mut self,
        item: &ExportedItem<'_>,
        content: &mut dyn Content,
        directory: &mut ExportDirectory,
    ) -> Result<String> {
        if item.facts.platform == "email" {
            return Eml.item(item, content, directory);
        }
        if self.folder.as_ref().is_some_and(|folder| folder.place != item.place) {
            self.finish(directory)?;
        }
        let mut folder = match self.folder.take() {
            Some(folder) => folder,
            None => Folder::begin(item, directory)?,
        };
        let path = folder.add(item, content);
        self.folder = Some(folder);
        path
    }

    fn finish(&mut self, directory: &mut ExportDirectory) -> Result<()> {
        self.folder.take().map_or(Ok(()), |folder| folder.write(directory))
    }
}

/// The messages of a folder that are waiting for the last of it.
struct Folder {
    mailbox: String,
    /// Its path in the archive.
    path: String,
    place: String,
    spool: Spool,
    /// The file that takes what comes next of a conversation and day.
    open: HashMap<(String, String), String>,
    /// Where the events of each file are in the spool, with what they are sorted by.
    files: BTreeMap<String, Vec<(UtcTime, u64, spool::Extent)>>,
    taken: HashSet<String>,
}

impl Folder {
    fn begin(item: &ExportedItem<'_>, directory: &ExportDirectory) -> Result<Self> {
        Ok(Self {
            mailbox: item.mailbox.to_owned(),
            path: item.folder.to_owned(),
            place: item.place.to_owned(),
            spool: Spool::new(directory)?,
            open: HashMap::new(),
            files: BTreeMap::new(),
            taken: HashSet::new(),
        })
    }

    /// Adds an item; returns the path of the file that it will be in.
    fn add(&mut self, item: &ExportedItem<'_>, content: &mut dyn Content) -> Result<String> {
        let event = self.spool.event(item, content)?;
        let path = self.file_of(item, event.time());
        let extent = self.spool.put(&event)?;
        self.files.entry(path.clone()).or_default().push((event.time(), item.item.0, extent));
        Ok(path)
    }

    fn file_of(&mut self, item: &ExportedItem<'_>, time: UtcTime) -> String {
        let day = time.to_chrono().format("%Y-%m-%d").to_string();
        let key = (conversation_key(item), day);
        if let Some(path) = self.open.get(&key)
            && self.files.get(path).is_none_or(|events| has_room(events))
        {
            return path.clone();
        }
        let name = file_name(&conversation_name(item));
        let numbered = (2_u64..).map(|n| format!("{}/{name} {} ({n}).rsmf", self.place, key.1));
        let mut names = std::iter::once(format!("{}/{name} {}.rsmf", self.place, key.1)).chain(numbered);
        let taken = &mut self.taken;
        let path = names.find(|path| taken.insert(path.nfkc().collect::<String>().to_lowercase())).unwrap_or_default();
        self.open.insert(key, path.clone());
        path
    }

    fn write(mut self, directory: &mut ExportDirectory) -> Result<()> {
        for (path, mut events) in std::mem::take(&mut self.files) {
            events.sort_unstable_by_key(|(time, item, _)| (*time, *item));
            let events = events.into_iter().map(|(.., extent)| self.spool.get(extent)).collect::<Result<Vec<_>>>()?;
            let slice = Slice::new(&self.mailbox, &self.path, &events);
            write_mail(&path, &slice, &mut self.spool, directory)?;
        }
        Ok(())
    }
}

fn has_room(events: &[(UtcTime, u64, spool::Extent)]) -> bool {
    events.len() < MOST_EVENTS && events.iter().map(|(.., extent)| extent.len).sum::<u64>() < MOST_BYTES
}

/// What tells conversations of a folder apart.
fn conversation_key(item: &ExportedItem<'_>) -> String {
    let platform = &item.facts.platform;
    match &item.facts.conversation {
        Some(chat) if !chat.id.is_empty() => format!("{platform}\0id\0{}", chat.id),
        Some(chat) if !chat.name.is_empty() => format!("{platform}\0name\0{}", chat.name),
        _ => format!("{platform}\0people\0{}", people(item, Participant::display).join("\0")),
    }
}

/// What people call the conversation.
fn conversation_name(item: &ExportedItem<'_>) -> String {
    let name = item.conversation();
    if !name.is_empty() {
        return name.to_owned();
    }
    let short = |participant: &Participant| {
        if participant.name.is_empty() { participant.display() } else { participant.name.clone() }
    };
    people(item, short).join(", ")
}

/// Everybody in a message, each once, in one order whoever wrote it.
fn people(item: &ExportedItem<'_>, shown: impl Fn(&Participant) -> String) -> Vec<String> {
    let mut people: Vec<String> = item.facts.participants.iter().map(shown).collect();
    people.sort();
    people.dedup();
    people
}
