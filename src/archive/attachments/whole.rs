//! Everything that can be read, by processes where it takes one.

use std::cell::Cell;

use super::process::{self, Request};
use super::quick::{FileCount, as_file, reason, simple};
use super::{AttachmentProgram, NOT_READ_YET};
use crate::extract::{Format, Sort};
use crate::message::{AttachedFile, FileText, ReadFile};

/// Reads the attachments of one message.
pub(in crate::archive) struct Whole<'p> {
    program: &'p AttachmentProgram,
    files: FileCount,
    is_stopped: Cell<bool>,
}

impl<'p> Whole<'p> {
    pub(in crate::archive) fn new(program: &'p AttachmentProgram) -> Self {
        Self { program, files: FileCount::default(), is_stopped: Cell::new(false) }
    }

    /// Reads a file in a complex format from `content`. A program that does not start leaves it unread.
    pub(super) fn in_process(&self, file: &AttachedFile<'_>, content: &mut dyn std::io::Read) -> FileText {
        let request = Request::new(file, self.program);
        let read = if self.is_stopped.get() { None } else { process::read(self.program, &request, content).ok() };
        read.unwrap_or_else(|| {
            self.is_stopped.set(true);
            reason(NOT_READ_YET, "its text is not read yet, because the program that reads it does not start")
        })
    }

    /// Counts a file that is read elsewhere; a reason if it is not to be read.
    pub(super) fn count(&self, file: &AttachedFile<'_>) -> Option<FileText> {
        self.files.take(file)
    }
}

impl ReadFile for Whole<'_> {
    fn read(&self, file: &AttachedFile<'_>) -> Option<FileText> {
        if let Some(refused) = self.files.take(file) {
            return Some(refused);
        }
        let format = Format::of(&as_file(file));
        match format.sort() {
            Sort::Simple => simple(format, file, self),
            Sort::Complex => Some(self.in_process(file, &mut &*file.bytes)),
        }
    }
}
