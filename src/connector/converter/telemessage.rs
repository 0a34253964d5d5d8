//! Deliveries of `TeleMessage` (Smarsh Capture Mobile): a zip file of mails with a manifest that names and counts them.
//!
//! Each mail is taken as it is; what it says of a chat is read from it later (`message::telemessage`). The manifest is
//! checked, because a mail that got lost on the way is a gap in the record: a mail that it names and that is not there
//! or empty is rejected, one that it does not name is taken and noted. A manifest beside unpacked mails is checked in
//! the same way, while the mails themselves are read as ordinary files.

mod manifest;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::sync::Arc;
use std::vec::IntoIter;

use self::manifest::{Manifest, is_mail, is_manifest, key};
use super::sniff::{Circumstances, HEAD, Reading, recognise};
use super::{Converter, Opening, Start};
use crate::connector::input::{Beside, Input, InputContent, Reader, reader};
use crate::connector::zip_file::{ZipEntry, ZipFile};
use crate::connector::{As, FileAccount, Format, Options, Rejection, SourceEvent, SourceRecord};
use crate::message::RawSource;

/// Bytes of a manifest that are read (64 MiB).
const MAX_MANIFEST: u64 = 64 << 20;

/// Mails that are reported one by one as absent; the rest are counted in one report.
const MAX_ABSENT: usize = 10_000;

pub(super) const CONVERTER: Converter =
    Converter { format: Format::Telemessage, read_as: As::Telemessage, recognises, bundles, open };

/// Whether a file is a manifest. The mails of an unpacked delivery are read as what they are.
fn recognises(start: &Start<'_>) -> bool {
    is_manifest(start.name) && Manifest::parse(start.head).is_one()
}

/// Whether a zip file has a manifest, and a mail that is there or named in it.
fn bundles(zip: &ZipFile) -> bool {
    let mut manifests = zip.entries().iter().filter(|entry| is_manifest(entry.name()));
    let has_mail = zip.entries().iter().any(|entry| is_mail(entry.name()));
    manifests.any(|entry| {
        let manifest = zip.head(entry, HEAD as u64).map(|head| Manifest::parse(&head)).unwrap_or_default();
        !manifest.names.is_empty() || (has_mail && manifest.is_one())
    })
}

fn open(input: Input, _: &Options) -> Opening {
    match input.content {
        InputContent::Zip(zip) => Ok(Box::new(Delivery::open(zip, input.origin))),
        InputContent::File(source) => {
            let manifest = read_manifest(source).map_err(|error| format!("cannot read the manifest: {error}"))?;
            Ok(Box::new(unpacked(&manifest, &input.origin, &input.beside)))
        }
    }
}

fn read_manifest(source: Arc<dyn RawSource>) -> std::io::Result<Manifest> {
    let mut bytes = Vec::new();
    reader(source).take(MAX_MANIFEST).read_to_end(&mut bytes)?;
    Ok(Manifest::parse(&bytes))
}

/// A zip file of mails, checked against its manifest.
struct Delivery {
    zip: Arc<ZipFile>,
    origin: String,
    entries: IntoIter<ZipEntry>,
    /// Paths of the mails that the manifest names.
    listed: HashSet<String>,
    /// Whether there is a manifest that names mails.
    is_listed: bool,
    /// What is known only of the whole: absent mails, and at last the account.
    after: IntoIter<SourceEvent>,
}

impl Delivery {
    fn open(zip: Arc<ZipFile>, origin: String) -> Self {
        let mut account = FileAccount::default();
        let mut manifest = Manifest::default();
        let mut folders = Vec::new();
        for entry in zip.entries().iter().filter(|entry| is_manifest(entry.name())) {
            match zip.head(entry, MAX_MANIFEST) {
                Ok(bytes) => manifest.extend(Manifest::parse(&bytes)),
                Err(reason) => account.notes.push(format!("the manifest `{}` cannot be read: {reason}", entry.path)),
            }
            folders.push(entry.folder().to_owned());
        }
        if folders.is_empty() {
            account.notes.push("the delivery has no manifest (.mf), so nobody can tell whether it is whole".to_owned());
        }
        let paths = Paths::of(&zip);
        let (listed, absent) = paths.matched(&manifest.names, &folders);
        let others = paths.others(&manifest.others, &folders);
        let present = zip.entries().iter().filter(|entry| is_mail(entry.name())).count() as u64;
        let check = Check { present, listed: listed.len() as u64, absent, lines: others.1, manifest: &manifest };
        let mut after = check.rejections(&origin, '/');
        check.note(&mut account);
        after.push(SourceEvent::Closed(account));
        let is_listed = !manifest.names.is_empty();
        let listed = listed.union(&others.0).cloned().collect();
        let entries = zip.entries().to_vec().into_iter();
        Self { zip, origin, entries, listed, is_listed, after: after.into_iter() }
    }

    fn entry(&self, entry: &ZipEntry) -> SourceEvent {
        let origin = format!("{}/{}", self.origin, entry.path);
        match self.record(entry, &origin) {
            Ok(record) => SourceEvent::Record(record),
            Err(reason) => rejected(origin, reason, entry.bytes),
        }
    }

    fn record(&self, entry: &ZipEntry, origin: &str) -> Result<SourceRecord, String> {
        let head = self.zip.head(entry, HEAD as u64)?;
        if head.is_empty() {
            return Err("an empty file where a mail should be; ask for the delivery again".to_owned());
        }
        if !is_mail(entry.name()) {
            let file = Circumstances { as_format: As::Auto, delivered: false, given: false, name: entry.name() };
            if !matches!(recognise(file, &head), Ok(Reading::Single(_))) {
                let reason = "no mail, though it is in a delivery of mails; if it is a source of its own, unpack it";
                return Err(reason.to_owned());
            }
        }
        Ok(SourceRecord::new(origin.to_owned(), self.zip.read(entry)?, None))
    }

    /// The mails taken that no manifest names.
    fn unlisted(&self) -> u64 {
        let entries = self.zip.entries().iter();
        entries.filter(|entry| is_mail(entry.name()) && !self.listed.contains(&entry.path)).count() as u64
    }
}

impl Reader for Delivery {}

impl Iterator for Delivery {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        if let Some(entry) = self.entries.by_ref().find(|entry| !is_manifest(entry.name())) {
            return Some(self.entry(&entry));
        }
        let mut event = self.after.next()?;
        if let SourceEvent::Closed(account) = &mut event
            && self.is_listed
            && self.unlisted() > 0
        {
            account.notes.push(format!("{} taken that the manifest does not name", mails(self.unlisted())));
        }
        Some(event)
    }
}

/// The files of a delivery by their names, in whatever case.
struct Paths {
    by_path: HashMap<String, String>,
    by_name: HashMap<String, Vec<String>>,
}

impl Paths {
    fn of(zip: &ZipFile) -> Self {
        let mut paths = Self { by_path: HashMap::new(), by_name: HashMap::new() };
        for entry in zip.entries().iter().filter(|entry| !is_manifest(entry.name())) {
            paths.by_path.entry(key(&entry.path)).or_insert_with(|| entry.path.clone());
            paths.by_name.entry(key(entry.name())).or_default().push(entry.path.clone());
        }
        paths
    }

    /// The file that a manifest in one of `folders` names: by its path from there, or from the root, or by its last
    /// component where only one file has it.
    fn find(&self, name: &str, folders: &[String]) -> Option<&String> {
        let below = folders.iter().find_map(|folder| self.by_path.get(&key(&format!("{folder}{name}"))));
        below.or_else(|| self.by_path.get(&key(name))).or_else(|| {
            match self.by_name.get(&key(name.rsplit('/').next().unwrap_or(name)))?.as_slice() {
                [path] => Some(path),
                _ => None,
            }
        })
    }

    /// The files that are named, and the names of which there is none.
    fn matched(&self, names: &[String], folders: &[String]) -> (HashSet<String>, Vec<String>) {
        let (mut found, mut absent) = (HashSet::new(), Vec::new());
        for name in names {
            match self.find(name, folders) {
                Some(path) => drop(found.insert(path.clone())),
                None => absent.push(name.clone()),
            }
        }
        (found, absent)
    }

    /// The files named without the ending of mails, and a line that names none.
    fn others(&self, lines: &[String], folders: &[String]) -> (HashSet<String>, Option<String>) {
        let (mut found, mut unknown) = (HashSet::new(), None);
        for line in lines {
            match self.find(line, folders).or_else(|| self.find(&format!("{line}.eml"), folders)) {
                Some(path) => drop(found.insert(path.clone())),
                None => unknown = unknown.or_else(|| Some(line.chars().take(60).collect())),
            }
        }
        (found, unknown)
    }
}

/// A manifest compared with what came.
struct Check<'a> {
    manifest: &'a Manifest,
    /// Mails that are there.
    present: u64,
    /// Mails named that are there.
    listed: u64,
    /// Mails named that are not.
    absent: Vec<String>,
    /// A line that could not be understood.
    lines: Option<String>,
}

impl Check<'_> {
    /// One for each mail that is not there, named by what is checked and its place `below` that.
    fn rejections(&self, origin: &str, below: char) -> Vec<SourceEvent> {
        let again = "ask for the delivery again";
        let mut events: Vec<SourceEvent> = Vec::new();
        for name in self.absent.iter().take(MAX_ABSENT) {
            let reason = format!("the manifest names this mail and it is not there; {again}");
            events.push(rejected(format!("{origin}{below}{name}"), reason, 0));
        }
        let more = self.absent.len().saturating_sub(MAX_ABSENT);
        if more > 0 {
            let reason = format!("the manifest names {} more that are not there; {again}", mails(more as u64));
            events.push(rejected(origin.to_owned(), reason, 0));
        }
        let accounted = self.present.saturating_add(self.absent.len() as u64);
        if let Some(count) = self.manifest.count.filter(|count| *count > accounted) {
            let reason = format!(
                "the manifest counts {} and {} are there or named: {} may be lost; {again}",
                mails(count),
                accounted,
                mails(count - accounted)
            );
            events.push(rejected(origin.to_owned(), reason, 0));
        }
        events
    }

    fn note(&self, account: &mut FileAccount) {
        if let Some(count) = self.manifest.count.filter(|count| *count != self.present) {
            account.notes.push(format!("the manifest counts {}, and there are {}", mails(count), self.present));
        }
        if !self.manifest.names.is_empty() {
            let named = self.manifest.names.len() as u64;
            account.notes.push(match self.absent.len() {
                0 => format!("the manifest names {}, and all of them are there", mails(named)),
                absent => format!("the manifest names {}, and {absent} of them are not there", mails(named)),
            });
        } else if self.manifest.count == Some(self.present) {
            account.notes.push(format!("the manifest counts {}, and as many are there", mails(self.present)));
        }
        if let Some(line) = &self.lines {
            account.notes.push(format!("the manifest has lines that name no file, such as `{line}`"));
        }
    }
}

/// What the manifest of mails that were unpacked says of the files beside it.
struct Unpacked(IntoIter<SourceEvent>);

fn unpacked(manifest: &Manifest, origin: &str, beside: &Beside) -> Unpacked {
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let absent: Vec<String> =
        manifest.names.iter().filter(|name| !beside.has(name) && !beside.has(&last(name))).cloned().collect();
    let listed = (manifest.names.len() - absent.len()) as u64;
    // Nothing is known of mails that are not named, so a count without names cannot be checked here.
    let present = if manifest.names.is_empty() { manifest.count.unwrap_or(0) } else { listed };
    let check = Check { manifest, present, listed, absent, lines: None };
    let mut events = check.rejections(origin, '#');
    let mut account = FileAccount::default();
    if check.listed > 0 || !check.absent.is_empty() {
        check.note(&mut account);
    } else {
        account.notes.push("a manifest that names no mail: give the zip file, so that they are counted".to_owned());
    }
    events.push(SourceEvent::Closed(account));
    Unpacked(events.into_iter())
}

impl Reader for Unpacked {}

impl Iterator for Unpacked {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        self.0.next()
    }
}

fn mails(count: u64) -> String {
    format!("{count} {}", if count == 1 { "mail" } else { "mails" })
}

fn rejected(origin: String, reason: String, bytes: u64) -> SourceEvent {
    SourceEvent::Rejected(Rejection { origin, reason, bytes })
}
