//! The files of an export: the text of the chat, and its media.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::glyphs::is_mark;
use super::header::Header;
use super::title::{IOS_TEXT, Title, stated, title};
use crate::connector::attached::Attached;
use crate::connector::converter::sniff::{self, Circumstances, Reading};
use crate::connector::faults::Faults;
use crate::connector::input::{Beside, Input, InputContent, source_of};
use crate::connector::zip_file::{ZipEntry, ZipFile};
use crate::connector::{As, Rejection, SourceEvent};
use crate::message::RawSource;

/// Bytes at the start of a text that are looked at for its first header.
const HEAD: u64 = 16 << 10;

/// An export.
pub(super) struct Package {
    /// How the text is named to people.
    pub(super) origin: String,
    /// The text.
    pub(super) text: Arc<dyn RawSource>,
    /// What the names of the files tell about the title.
    pub(super) title: Title,
    /// The files that came with it.
    pub(super) media: Media,
}

/// The media of an export.
pub(super) struct Media {
    beside: Beside,
    /// Names of files by what is compared of them, where the files of a zip file are known.
    by_key: HashMap<String, String>,
    /// Files of a zip file, with the sizes of those that no message has named.
    unnamed: Vec<(String, u64)>,
    named: HashSet<String>,
    /// Files beside the text that messages name, and that are sources by themselves.
    pub(super) own_sources: u64,
    origin: String,
}

/// The text of the chat in a zip file: that of iOS, or the only text that begins with a header.
pub(super) fn chat_entry(zip: &ZipFile) -> Option<&ZipEntry> {
    let only = |wanted: &dyn Fn(&&ZipEntry) -> bool| {
        let mut found = zip.entries().iter().filter(wanted);
        found.next().filter(|_| found.next().is_none())
    };
    if zip.entries().iter().any(|entry| entry.name().eq_ignore_ascii_case(IOS_TEXT)) {
        return only(&|entry| entry.name().eq_ignore_ascii_case(IOS_TEXT));
    }
    only(&|entry| ends_with(entry.name(), ".txt") && zip.head(entry, HEAD).is_ok_and(|head| begins_with_header(&head)))
}

/// Whether a zip file is one export.
pub(super) fn bundles(zip: &ZipFile) -> bool {
    let mails = [".eml", ".mbox", ".msg", ".pst"];
    let mixed = zip.entries().iter().any(|entry| mails.iter().any(|ending| ends_with(entry.name(), ending)));
    !mixed && chat_entry(zip).is_some()
}

fn ends_with(name: &str, ending: &str) -> bool {
    let end = name.len().checked_sub(ending.len()).and_then(|at| name.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

fn begins_with_header(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| matches!(byte, b'\n' | b'\r'));
    let first = lines.find(|line| !line.trim_ascii().is_empty());
    first.is_some_and(|line| Header::parse(line).is_some())
}

impl Package {
    /// The files of what is given.
    ///
    /// # Errors
    /// The text cannot be read: a text for people.
    pub(super) fn open(input: Input) -> Result<Self, String> {
        let (mut by_key, mut unnamed) = (HashMap::new(), Vec::new());
        let (origin, text, title) = match &input.content {
            InputContent::File(text) => {
                let mut parts = input.origin.rsplit(['/', '\\']);
                let folder = parts.nth(1).unwrap_or_default();
                (input.origin.clone(), Arc::clone(text), title(&input.name, folder))
            }
            InputContent::Zip(zip) => {
                let entry =
                    chat_entry(zip).ok_or("a zip file without the text of a chat; unpack it and give the text")?;
                for file in zip.entries().iter().filter(|file| file.path != entry.path) {
                    unnamed.push((file.path.clone(), file.bytes));
                    by_key.entry(key(file.name())).or_insert_with(|| file.path.clone());
                }
                let title = match stated(entry.name()) {
                    Some(name) => Title { name },
                    None => title(&input.name, ""),
                };
                let origin = format!("{}/{}", input.origin, entry.path);
                (origin, source_of(zip.read(entry)?), title)
            }
        };
        let named = HashSet::new();
        let media = Media { beside: input.beside, by_key, unnamed, named, own_sources: 0, origin: input.origin };
        Ok(Self { origin, text, title, media })
    }
}

impl Media {
    /// Where failures of this machine are noted.
    pub(super) fn faults(&self) -> &Faults {
        self.beside.faults()
    }

    /// The path of the file that a message names; `None` if it did not come with the chat. Anybody can type that a file
    /// is attached: in a folder, where other chats may lie too, a source by itself is nobody's attachment.
    pub(super) fn find(&mut self, name: &str) -> Option<String> {
        if self.unnamed.is_empty() {
            let plain: String = name.chars().filter(|c| !is_mark(*c)).collect();
            let found = [name, &plain].into_iter().find(|name| self.beside.has(name))?;
            if is_source(found, &self.beside.head(found, sniff::HEAD as u64)) {
                self.own_sources += 1;
                return None;
            }
            return Some(found.to_owned());
        }
        let key = key(name);
        let found = self.by_key.get(&key).or_else(|| {
            // The app may leave the ending of a name away, and its dot in place.
            let mut longer = self.by_key.iter().filter(|(known, _)| key.ends_with('.') && known.starts_with(&key));
            longer.next().filter(|_| longer.next().is_none()).map(|(_, path)| path)
        });
        found.cloned()
    }

    /// The bytes of a file that was found.
    ///
    /// # Errors
    /// It cannot be read: a text for people.
    pub(super) fn take(&mut self, path: &str) -> Result<Attached, String> {
        self.named.insert(path.to_owned());
        self.beside.take(path)
    }

    /// Files of the zip file that no message has named.
    pub(super) fn unnamed(&mut self) -> Vec<SourceEvent> {
        let files = std::mem::take(&mut self.unnamed).into_iter().filter(|(path, _)| !self.named.contains(path));
        let reason = "not named by any message of the chat; import it by itself if it matters";
        let event = |(path, bytes)| {
            let origin = format!("{}/{path}", self.origin);
            SourceEvent::Rejected(Rejection { origin, reason: reason.to_owned(), bytes })
        };
        files.map(event).collect()
    }
}

/// Whether a file would be imported by itself. Documents of office programs are zip files too, but not by name.
fn is_source(name: &str, head: &[u8]) -> bool {
    let file = Circumstances { as_format: As::Auto, delivered: false, given: false, name };
    let named = stated(name).is_some() || name.eq_ignore_ascii_case(IOS_TEXT);
    named
        || match sniff::recognise(file, head) {
            Ok(Reading::Zip) => ends_with(name, ".zip"),
            Ok(_) => true,
            Err(_) => false,
        }
}

/// What is compared of names: not how accents are composed, which differs between systems, nor spaces and marks.
fn key(name: &str) -> String {
    name.nfkc().filter(|c| !is_mark(*c)).collect()
}
