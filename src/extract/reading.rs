//! What was read of a file.

use std::io::Read;

use super::TEXT_LIMIT;
use crate::model::{Defect, DocumentProperties};

/// Most reasons of one file; a last one says that there are more.
const REASON_LIMIT: usize = 100;

/// Text that stops growing at [`TEXT_LIMIT`] characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    text: String,
    characters: usize,
}

impl Text {
    /// Appends `more` as it stands, without NUL and carriage returns.
    pub fn append(&mut self, more: &str) {
        for character in more.chars().filter(|c| !matches!(c, '\0' | '\r')) {
            if self.characters >= TEXT_LIMIT {
                return;
            }
            self.text.push(character);
            self.characters += 1;
        }
    }

    /// Appends `more` on a line of its own.
    pub fn push(&mut self, more: &str) {
        if !more.is_empty() {
            self.line();
            self.append(more);
        }
    }

    /// Ends the line, unless it is empty.
    pub fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.append("\n");
        }
    }

    /// Sets what follows apart from what is there.
    pub fn gap(&mut self, gap: &str) {
        if !self.text.is_empty() && !self.text.ends_with(['\n', '\t', ' ']) {
            self.append(gap);
        }
    }

    /// Whether nothing more goes in: whatever comes is cut, and may have been cut already.
    pub fn is_full(&self) -> bool {
        self.characters >= TEXT_LIMIT
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.text
    }
}

/// A file in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name, with folders.
    pub name: String,
    /// Its media type in lower case, if that is known; else empty.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Text, files inside, and reasons why something is not read.
#[derive(Debug, Default)]
pub struct Reading {
    /// What search finds.
    pub text: Text,
    /// Files in the file, still to be read.
    pub members: Vec<Member>,
    /// Why something is not searched, each with a stable code.
    pub reasons: Vec<Defect>,
    /// What the document says of itself, and those in it.
    pub documents: DocumentProperties,
    room: u64,
    files: usize,
}

impl Reading {
    /// Nothing read yet; `room` bytes and `files` files may be unpacked in all.
    pub fn new(room: u64, files: usize) -> Self {
        Self { room, files, ..Self::default() }
    }

    /// Bytes that may still be unpacked.
    pub fn room(&self) -> u64 {
        self.room
    }

    /// Files that may still be unpacked.
    pub fn files(&self) -> usize {
        self.files
    }

    /// Records why something is not searched; the same reason once.
    pub fn note(&mut self, code: &str, detail: impl Into<String>) {
        let reason = Defect::new(code, detail);
        if self.reasons.len() < REASON_LIMIT && !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        } else if self.reasons.len() == REASON_LIMIT {
            self.reasons.push(Defect::new("more", "there are more reasons than the ones listed"));
        }
    }

    /// Records that the file is damaged.
    pub(super) fn damaged(&mut self, why: &dyn std::fmt::Display) {
        self.note("damaged", format!("it is damaged and was read only in part ({})", one_line(&why.to_string())));
    }

    /// Unpacks what `source` yields; `None`, with the reason noted, if it fails or there is no room for it.
    pub(super) fn unpack(&mut self, what: &str, source: impl Read) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let result = source.take(self.room.saturating_add(1)).read_to_end(&mut bytes);
        if bytes.len() as u64 > self.room {
            self.room = 0;
            self.note(
                "too_large",
                format!("`{}` is too large once unpacked; it and what follows is not searched", one_line(what)),
            );
            return None;
        }
        self.room -= bytes.len() as u64;
        if let Err(error) = result {
            self.note(
                "damaged",
                format!("`{}` in it cannot be unpacked ({})", one_line(what), one_line(&error.to_string())),
            );
            return None;
        }
        Some(bytes)
    }

    /// Adds a file to be read, unless there are too many.
    pub fn add(&mut self, member: Member) {
        if self.files == 0 {
            self.note("too_many_files", "there are more files in it than are looked into");
            return;
        }
        self.files -= 1;
        self.members.push(member);
    }
}

/// A short text without line ends, for reasons.
pub(super) fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(160).collect();
    line.trim().to_owned()
}
