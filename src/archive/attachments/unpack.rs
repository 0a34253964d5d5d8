//! A file and all that is in it.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::quick::{as_file, finished, reason, too_deep};
use super::{DEPTH_LIMIT, MEMBER_LIMIT};
use crate::connector::outlook_mail;
use crate::extract::{self, File, Format, Member, Reading};
use crate::message::{AttachedFile, FileText, ReadFile, message_text};

/// Reads files and the files in them, within limits for all of them together.
pub(super) struct Unpacker {
    room: Cell<u64>,
    files: Cell<usize>,
}

impl ReadFile for Unpacker {
    fn read(&self, file: &AttachedFile<'_>) -> Option<FileText> {
        // What was made of an Outlook message lists its properties: no text of anybody.
        let is_list = file.name == "properties.json" && file.depth > 0;
        Some(if is_list { FileText::default() } else { self.file(&as_file(file), file.depth) })
    }
}

impl Unpacker {
    /// Up to `room` bytes are unpacked.
    pub(super) fn new(room: u64) -> Self {
        Self { room: Cell::new(room), files: Cell::new(MEMBER_LIMIT) }
    }

    /// The text of `file`, which stands in `depth` others.
    pub(super) fn file(&self, file: &File<'_>, depth: usize) -> FileText {
        if depth > DEPTH_LIMIT {
            return too_deep();
        }
        match Format::of(file) {
            Format::Message => message_text(file.bytes, depth + 1, self),
            Format::OutlookMessage => self.outlook_message(file, depth),
            format => self.with_members(format, file, depth),
        }
    }

    fn outlook_message(&self, file: &File<'_>, depth: usize) -> FileText {
        match catch_unwind(AssertUnwindSafe(|| outlook_mail(file.bytes.to_vec()))) {
            Ok(Ok(mail)) => message_text(&mail, depth + 1, self),
            Ok(Err(why)) => reason("damaged", format!("it is a damaged Outlook message ({why})")),
            Err(_) => reason("damaged", "it is a damaged Outlook message"),
        }
    }

    fn with_members(&self, format: Format, file: &File<'_>, depth: usize) -> FileText {
        let mut reading = Reading::new(self.room.get(), self.files.get());
        // Some parsers panic on what they do not know; what they read before is kept.
        if catch_unwind(AssertUnwindSafe(|| extract::read(format, file, &mut reading))).is_err() {
            reading.note("damaged", "it was read only in part: its reader failed, as on a damaged file");
        }
        self.room.set(reading.room());
        self.files.set(reading.files());
        for member in std::mem::take(&mut reading.members) {
            if reading.text.is_full() {
                break;
            }
            self.member(&member, depth, &mut reading);
        }
        finished(reading)
    }

    fn member(&self, member: &Member, depth: usize, reading: &mut Reading) {
        let Member { name, media_type, bytes } = member;
        let file = File { name: name.rsplit('/').next().unwrap_or(name), media_type, charset: None, bytes };
        let read = self.file(&file, depth + 1);
        reading.text.push(name);
        reading.text.push(&read.text);
        reading.documents.add(read.documents);
        for reason in read.reasons {
            reading.note(&reason.code, format!("`{name}` in it: {}", reason.detail));
        }
    }
}
