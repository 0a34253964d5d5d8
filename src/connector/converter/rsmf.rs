//! Relativity Short Message Format (RSMF) 1.0 and 2.0: chats as legal teams exchange them.
//!
//! An RSMF file is a mail with a part `rsmf.zip`, in which a manifest lists participants, conversations and events, with
//! the files of the events beside it. It is kept as it is, as a message of its own in the folder [`FOLDER`], because it
//! is what somebody handed over; and each event becomes a converted message, so that it is found, held and retained like
//! any other of its platform. A manifest or `rsmf.zip` without the mail is no message: then only the events are.
//!
//! - A message that was edited gives its first text, and an edit for each later one. One that was deleted is a deletion
//!   with the text as captured. Reactions and read receipts are facts of the message.
//! - A mail that was transported (RFC 5321 4.4) is not recognised by itself, because anybody can send one: events would
//!   appear in the chats of others. `--as rsmf` reads it.

mod container;
mod event;
mod manifest;
#[cfg(test)]
mod tests;

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::vec::IntoIter;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use self::container::{raw_of, whole, zip_part};
use self::event::Reading;
use self::manifest::Manifest;
use super::conversion::Conversion;
use super::{Converter, Opening, Start};
use crate::connector::attached::Attached;
use crate::connector::faults::Faults;
use crate::connector::input::{Beside, Input, InputContent, Reader, source_of};
use crate::connector::zip_file::ZipFile;
use crate::connector::{As, FileAccount, Format, Options, Rejection, SourceEvent, SourceRecord};
use crate::message::RawSource;
use crate::message::converted::{AttachmentSource, Record};
use crate::model::TimeZone;

/// Where RSMF files themselves go.
const FOLDER: &str = "RSMF Archiver";

/// The manifest in an `rsmf.zip`.
const MANIFEST: &str = "rsmf_manifest.json";

/// Bytes of the largest manifest that is read (256 MiB).
const MAX_MANIFEST: u64 = 256 << 20;

pub(super) const CONVERTER: Converter =
    Converter { format: Format::Rsmf, read_as: As::Rsmf, recognises, bundles, open };

fn recognises(start: &Start<'_>) -> bool {
    if start.name.to_ascii_lowercase().ends_with(MANIFEST) {
        return start.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start.head).trim_ascii_start().starts_with(b"{");
    }
    is_rsmf_mail(start.head) && !has_field(start.head, b"received")
}

fn bundles(zip: &ZipFile) -> bool {
    manifest_path(zip).is_some()
}

/// The path of the one manifest in a zip file.
fn manifest_path(zip: &ZipFile) -> Option<&str> {
    let mut manifests = zip.entries().iter().filter(|entry| entry.name().eq_ignore_ascii_case(MANIFEST));
    manifests.next().map(|entry| entry.path.as_str()).filter(|_| manifests.next().is_none())
}

fn is_rsmf_mail(head: &[u8]) -> bool {
    has_field(head, b"x-rsmf-version")
}

fn has_field(head: &[u8], name: &[u8]) -> bool {
    let lines = head.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
    let mut names = lines.filter_map(|line| line.split(|byte| *byte == b':').next());
    names.any(|field| field.trim_ascii().eq_ignore_ascii_case(name))
}

fn open(input: Input, options: &Options) -> Opening {
    let source = match &input.content {
        InputContent::Zip(zip) => return Ok(boxed(Events::of_zip(zip, input.origin, true, options)?)),
        InputContent::File(source) => Arc::clone(source),
    };
    let mut head = vec![0; source.len().min(4) as usize];
    source.read_exact_at(0, &mut head).map_err(|error| format!("cannot be read: {error}"))?;
    if head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start().starts_with(b"{") {
        let manifest = parse_manifest(&source)?;
        return Ok(boxed(Events::new(manifest, Files::Beside(input.beside), input.origin, options)));
    }
    let raw = raw_of(&source).map_err(|error| format!("cannot be read: {error}"))?;
    let mail = SourceEvent::Record(SourceRecord::new(input.origin.clone(), raw, Some(FOLDER.to_owned())));
    let events = zip_part(&source).and_then(|part| ZipFile::open(part, input.beside.faults())).map(Arc::new);
    let mut reader = match events.and_then(|zip| Events::of_zip(&zip, input.origin.clone(), false, options)) {
        Ok(events) => events,
        Err(reason) => {
            let reason = format!("the RSMF file is kept, but its events cannot be read: {reason}");
            let mut none = Events::new(Value::Null, Files::None, input.origin.clone(), options);
            none.ready.push_back(rejected(input.origin, reason));
            none
        }
    };
    reader.ready.push_front(mail);
    Ok(boxed(reader))
}

fn boxed(events: Events) -> Box<dyn Reader> {
    Box::new(events)
}

fn parse_manifest(source: &Arc<dyn RawSource>) -> Result<Value, String> {
    if source.len() > MAX_MANIFEST {
        return Err(format!("the manifest has more than {MAX_MANIFEST} bytes; divide it"));
    }
    let bytes = whole(source).map_err(|error| format!("the manifest cannot be read: {error}"))?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let manifest: Value =
        serde_json::from_slice(text).map_err(|error| format!("the manifest is not valid JSON: {error}"))?;
    if manifest.get("events").is_none_or(|events| !events.is_array()) {
        return Err("the manifest has no list `events`".to_owned());
    }
    Ok(manifest)
}

/// Where the files of events are.
enum Files {
    /// In the zip file, below a folder in it.
    Zip(Arc<ZipFile>, String),
    /// In the folder of the manifest.
    Beside(Beside),
    None,
}

impl Files {
    fn faults(&self) -> Faults {
        match self {
            Self::Zip(zip, _) => zip.faults().clone(),
            Self::Beside(beside) => beside.faults().clone(),
            Self::None => Faults::default(),
        }
    }

    fn take(&self, id: &str) -> Result<Attached, String> {
        match self {
            Self::Zip(zip, folder) => {
                let entry =
                    zip.find(&format!("{folder}{id}")).ok_or_else(|| format!("`{id}` is not in the zip file"))?;
                Attached::measure(zip.read(entry)?).map_err(|error| format!("cannot read `{id}`: {error}"))
            }
            Self::Beside(beside) => beside.take(id),
            Self::None => Err("there are no files".to_owned()),
        }
    }
}

/// The events of a manifest, one after the other.
struct Events {
    origin: String,
    manifest: Manifest,
    left: IntoIter<Value>,
    n: usize,
    timezone: TimeZone,
    before: Option<DateTime<FixedOffset>>,
    files: Files,
    used: HashSet<String>,
    /// Whether the zip file is all there is, so that what no event names is lost.
    alone: bool,
    conversion: Conversion,
    ready: VecDeque<SourceEvent>,
    account: Option<FileAccount>,
}

impl Events {
    fn new(mut manifest: Value, files: Files, origin: String, options: &Options) -> Self {
        let described = Manifest::of(&manifest);
        let events = match manifest.get_mut("events").map(Value::take) {
            Some(Value::Array(events)) => events,
            _ => Vec::new(),
        };
        let conversion = Conversion::new(&files.faults());
        Self {
            origin,
            manifest: described,
            left: events.into_iter(),
            n: 0,
            timezone: options.timezone.clone(),
            before: None,
            files,
            used: HashSet::new(),
            alone: false,
            conversion,
            ready: VecDeque::new(),
            account: Some(FileAccount::default()),
        }
    }

    fn of_zip(zip: &Arc<ZipFile>, origin: String, alone: bool, options: &Options) -> Result<Self, String> {
        let path = manifest_path(zip).ok_or("the zip file does not have one manifest `rsmf_manifest.json`")?.to_owned();
        let entry = zip.find(&path).ok_or("the manifest is not there")?;
        if entry.bytes > MAX_MANIFEST {
            return Err(format!("the manifest has more than {MAX_MANIFEST} bytes; divide it"));
        }
        let manifest = parse_manifest(&source_of(zip.read(entry)?))?;
        let folder = entry.folder().to_owned();
        Ok(Self { alone, ..Self::new(manifest, Files::Zip(Arc::clone(zip), folder), origin, options) })
    }

    /// Makes an event ready.
    fn read(&mut self, event: &Value) {
        self.n += 1;
        let origin = format!("{}#{}", self.origin, self.n);
        let reading = Reading { manifest: &self.manifest, timezone: &self.timezone, before: self.before };
        match reading.records(event) {
            Ok(records) => {
                self.before = records.first().map(|record| record.sent);
                for record in records {
                    let made = self.convert(record, &origin);
                    self.ready.push_back(match made {
                        Ok(record) => SourceEvent::Record(record),
                        Err(reason) => rejected(origin.clone(), reason),
                    });
                }
            }
            Err(reason) => self.ready.push_back(rejected(origin, reason)),
        }
    }

    fn convert(&mut self, mut record: Record, origin: &str) -> Result<SourceRecord, String> {
        let (mut attached, mut absent) = (Vec::new(), Vec::new());
        let mut present = Vec::new();
        for attachment in record.attachments {
            let AttachmentSource::Path(id) = &attachment.source else { continue };
            match self.files.take(id) {
                Ok(file) => {
                    self.used.insert(id.clone());
                    attached.push(file);
                    present.push(attachment);
                }
                Err(_) => absent.push(Value::from(attachment.name)),
            }
        }
        record.attachments = present;
        if !absent.is_empty() {
            if let Some(account) = &mut self.account {
                account.absent_attachments += absent.len() as u64;
            }
            record.fact("/absent_attachments", &absent.into());
        }
        let record = record.within_limits()?;
        self.conversion.convert(origin.to_owned(), &record, &mut attached)
    }

    /// What is said when all events were read.
    fn end(&mut self) {
        let Some(mut account) = self.account.take() else { return };
        if let Files::Zip(zip, folder) = &self.files {
            let named = |path: &str| {
                let id = path.strip_prefix(folder.as_str()).unwrap_or(path);
                self.used.contains(id) || self.manifest.pictures.contains(id)
            };
            let others = zip.entries().iter().filter(|entry| !entry.name().eq_ignore_ascii_case(MANIFEST));
            let unnamed: Vec<_> = others.filter(|entry| !named(&entry.path)).collect();
            if !unnamed.is_empty() {
                account.notes.push(format!("files in the zip file that no event names: {}", unnamed.len()));
            }
            for entry in unnamed.iter().filter(|_| self.alone) {
                let reason = "no event of the manifest names this file; unpack the zip file to look at it";
                let origin = format!("{}/{}", self.origin, entry.path);
                self.ready.push_back(SourceEvent::Rejected(Rejection {
                    origin,
                    reason: reason.to_owned(),
                    bytes: entry.bytes,
                }));
            }
        }
        self.ready.push_back(SourceEvent::Closed(account));
    }
}

impl Reader for Events {}

impl Iterator for Events {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        while self.ready.is_empty() && self.account.is_some() {
            match self.left.next() {
                Some(event) => self.read(&event),
                None => self.end(),
            }
        }
        self.ready.pop_front()
    }
}

fn rejected(origin: String, reason: String) -> SourceEvent {
    SourceEvent::Rejected(Rejection { origin, reason, bytes: 0 })
}
