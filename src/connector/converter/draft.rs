//! From what a converter has read to the events of its file: texts, facts and files come together here.

use std::io;

use serde_json::{Value, json};

use super::conversion::Conversion;
use super::side_files::{Checksum, SideFile};
use crate::connector::attached::Attached;
use crate::connector::input::Beside;
use crate::connector::{FileAccount, Raw, Rejection, SourceEvent, SourceRecord};
use crate::message::converted::{AttachmentRef, AttachmentSource, Record};

/// Attachments of one record; further files are named only.
const MAX_FILES: usize = 1000;
/// Bytes of a whole record that a header field holds; a longer one becomes an attachment.
const MAX_WHOLE: usize = 16 << 10;

/// A record that is being made.
pub(super) struct Draft {
    /// The record so far; `lines` follow its text.
    pub(super) record: Record,
    /// Further lines of its text.
    pub(super) lines: Vec<String>,
    /// Files that it names.
    pub(super) files: Vec<SideFile>,
    /// The source's own record as JSON, where not all of it is said elsewhere.
    pub(super) whole: Option<String>,
}

impl Draft {
    /// A record with nothing in it yet.
    pub(super) fn new(record: Record) -> Self {
        Self { record, lines: Vec::new(), files: Vec::new(), whole: None }
    }

    /// Adds a line of text, if there is anything in it.
    pub(super) fn line(&mut self, text: &str) -> &mut Self {
        if !text.trim().is_empty() {
            self.lines.push(text.to_owned());
        }
        self
    }

    /// Adds a fact (JSON Pointer and value).
    pub(super) fn fact(&mut self, pointer: &str, value: impl Into<Value>) -> &mut Self {
        self.record.fact(pointer, &value.into());
        self
    }
}

/// The events of one file.
pub(super) struct Delivery {
    origin: String,
    beside: Beside,
    conversion: Conversion,
    account: FileAccount,
    ended: bool,
}

impl Delivery {
    /// Nothing was read yet of the file that is named `origin` to people.
    pub(super) fn new(origin: String, beside: Beside) -> Self {
        let (conversion, account) = (Conversion::new(beside.faults()), FileAccount::default());
        Self { origin, beside, conversion, account, ended: false }
    }

    /// Whether its last event was given.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// The message of a draft, or why there is none. `bytes` is the length of what it was made of.
    pub(super) fn event(&mut self, place: &str, bytes: u64, made: Result<Draft, String>) -> SourceEvent {
        match made.and_then(|draft| self.convert(place, draft)) {
            Ok(record) => SourceEvent::Record(record),
            Err(reason) => self.rejected(place, bytes, reason),
        }
    }

    /// A record that could not be taken.
    pub(super) fn rejected(&self, place: &str, bytes: u64, reason: String) -> SourceEvent {
        SourceEvent::Rejected(Rejection { origin: format!("{}#{place}", self.origin), reason, bytes })
    }

    /// Notes what somebody who relies on the file should know.
    pub(super) fn note(&mut self, note: String) {
        self.account.notes.push(note);
    }

    /// The last event: the file was read to its end.
    pub(super) fn closed(&mut self) -> SourceEvent {
        self.ended = true;
        SourceEvent::Closed(std::mem::take(&mut self.account))
    }

    /// The last event but for the end: the file cannot be read any further.
    pub(super) fn failed(&mut self, error: &io::Error) -> SourceEvent {
        self.ended = true;
        self.broken(format!("cannot read on: {error}; import the file again"))
    }

    /// Something is wrong with the file as a whole.
    pub(super) fn broken(&self, reason: String) -> SourceEvent {
        SourceEvent::Rejected(Rejection { origin: self.origin.clone(), reason, bytes: 0 })
    }

    fn convert(&mut self, place: &str, mut draft: Draft) -> Result<SourceRecord, String> {
        let mut attached = self.attach(&mut draft);
        for line in draft.lines {
            add_line(&mut draft.record, &line);
        }
        if let Some(whole) = draft.whole {
            keep_whole(&mut draft.record, &mut attached, whole)?;
        }
        let record = draft.record.within_limits()?;
        self.conversion.convert(format!("{}#{place}", self.origin), &record, &mut attached)
    }

    /// Finds the files that a record names; says which are missing, and which are not what they should be.
    fn attach(&mut self, draft: &mut Draft) -> Vec<Attached> {
        let (mut attached, mut absent, mut differing) = (Vec::new(), Vec::new(), Vec::new());
        for file in std::mem::take(&mut draft.files) {
            let found = if attached.len() < MAX_FILES { file.find(&self.beside) } else { None };
            let Some(found) = found else {
                if file.is_named {
                    draft.lines.push(file.name.clone());
                }
                absent.push(if file.called.is_empty() { file.name } else { file.called });
                continue;
            };
            let mut name = file.name;
            if file.is_completed && !name.contains('.') && !found.extension.is_empty() {
                name = format!("{name}.{}", found.extension);
            }
            if found.differs {
                differing.push((name.clone(), file.checksum));
            }
            draft.record.attachments.push(attachment(name, &file.media_type));
            attached.push(found.attached);
        }
        say_what_differs(&mut draft.record, differing);
        if !absent.is_empty() {
            self.account.absent_attachments = self.account.absent_attachments.saturating_add(absent.len() as u64);
            draft.record.fact("/absent_attachments", &json!(absent));
        }
        attached
    }
}

/// Adds a line to the text of a record, if there is anything in it.
pub(super) fn add_line(record: &mut Record, line: &str) {
    if !line.is_empty() {
        if !record.text.is_empty() {
            record.text.push('\n');
        }
        record.text.push_str(line);
    }
}

/// Names the files whose bytes are not those that the record tells of.
fn say_what_differs(record: &mut Record, files: Vec<(String, Checksum)>) {
    let (mut names, mut defects) = (Vec::new(), Vec::new());
    for (name, declared) in files {
        match declared {
            Checksum::Sha256(_) => {
                defects.push(format!("the SHA-256 of {name} is not the one that the notification declares"));
            }
            Checksum::Md5(_) | Checksum::Unknown => names.push(name),
        }
    }
    if !names.is_empty() {
        record.fact("/md5_differs", &json!(names));
    }
    if !defects.is_empty() {
        record.fact("/attachment_defects", &json!(defects));
    }
}

/// Keeps the source's own record: as a fact, or as a file where it is long.
fn keep_whole(record: &mut Record, attached: &mut Vec<Attached>, whole: String) -> Result<(), String> {
    if whole.len() <= MAX_WHOLE {
        record.extra.push(("/whole_record".to_owned(), whole));
        return Ok(());
    }
    let name = "record.json";
    record.fact("/whole_record", &json!({ "attachment": name }));
    record.attachments.push(attachment(name.to_owned(), "application/json"));
    let whole = Attached::measure(Raw::Memory(whole.into_bytes()));
    attached.push(whole.map_err(|error| format!("cannot convert it: {error}"))?);
    Ok(())
}

fn attachment(name: String, media_type: &str) -> AttachmentRef {
    AttachmentRef { source: AttachmentSource::Path(name.clone()), name, media_type: media_type.to_owned() }
}
