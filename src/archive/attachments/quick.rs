//! What can be read at once.

use std::cell::Cell;

use super::{DEPTH_LIMIT, FILE_LIMIT, NOT_READ_YET, ROOM};
use crate::extract::{self, File, Format, Reading, Sort};
use crate::message::{AttachedFile, FileText, ReadFile, message_text};
use crate::model::Defect;

/// Reads the simple formats of one message, and says of the others that they are not read yet.
#[derive(Debug, Default)]
pub(in crate::archive) struct Quick {
    files: FileCount,
}

impl ReadFile for Quick {
    fn read(&self, file: &AttachedFile<'_>) -> Option<FileText> {
        if let Some(refused) = self.files.take(file) {
            return Some(refused);
        }
        let format = Format::of(&as_file(file));
        match format.sort() {
            Sort::Simple => simple(format, file, self),
            Sort::Complex => Some(reason(NOT_READ_YET, "its text is not read yet")),
        }
    }
}

/// Counts the files of a message.
#[derive(Debug, Default)]
pub(super) struct FileCount(Cell<usize>);

impl FileCount {
    /// Counts one; a reason if it is not to be read.
    pub(super) fn take(&self, file: &AttachedFile<'_>) -> Option<FileText> {
        self.0.set(self.0.get() + 1);
        if self.0.get() > FILE_LIMIT {
            let detail = format!("it is one of more than {FILE_LIMIT} attachments and is not searched");
            return Some(reason("too_many_attachments", detail));
        }
        (file.depth > DEPTH_LIMIT).then(too_deep)
    }
}

pub(super) fn too_deep() -> FileText {
    reason("nested_too_deep", format!("it is nested deeper than {DEPTH_LIMIT} and is not searched"))
}

pub(super) fn reason(code: &str, detail: impl Into<String>) -> FileText {
    FileText { reasons: vec![Defect::new(code, detail)], ..FileText::default() }
}

pub(super) fn as_file<'a>(file: &AttachedFile<'a>) -> File<'a> {
    File { name: file.name, media_type: file.media_type, charset: file.charset, bytes: file.bytes }
}

/// Reads a file in a simple format; what is declared to be text is left to `message`, which notes a wrong character set.
pub(super) fn simple(format: Format, file: &AttachedFile<'_>, reader: &dyn ReadFile) -> Option<FileText> {
    match format {
        Format::Text | Format::Html if file.is_text => None,
        Format::Message => Some(message_text(file.bytes, file.depth + 1, reader)),
        _ => {
            let mut reading = Reading::new(ROOM, 0);
            extract::read(format, &as_file(file), &mut reading);
            Some(finished(reading))
        }
    }
}

/// What was read, with the reason if it was cut.
pub(super) fn finished(mut reading: Reading) -> FileText {
    if reading.text.is_full() {
        let limit = extract::TEXT_LIMIT;
        reading.note("text_cut", format!("only the first {limit} characters of it are searched"));
    }
    FileText { text: reading.text.into_string(), reasons: reading.reasons, documents: reading.documents }
}
