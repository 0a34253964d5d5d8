//! Files that are read elsewhere: `message` itself reads plain text, HTML and messages only.

use super::body_text::TEXT_LIMIT;
use super::notes::Notes;
use crate::model::{Defect, DocumentProperties};

/// An attachment, or one of an attached message.
#[derive(Debug, Clone, Copy)]
pub struct AttachedFile<'a> {
    /// As declared; may be empty.
    pub name: &'a str,
    /// As declared, in lower case; `application/octet-stream` if nothing is declared.
    pub media_type: &'a str,
    /// As declared.
    pub charset: Option<&'a str>,
    /// Free of the transfer encoding.
    pub bytes: &'a [u8],
    /// Whether it is declared to be plain text or HTML, which `message` can read.
    pub is_text: bool,
    /// Messages around it, from 0.
    pub depth: usize,
}

/// What was read of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileText {
    /// What search finds.
    pub text: String,
    /// Why something in it is not searched.
    pub reasons: Vec<Defect>,
    /// What the documents in it say of themselves.
    pub documents: DocumentProperties,
}

/// Reads files.
pub trait ReadFile {
    /// The text of `file`; `None` leaves it to the caller, who reads what is declared to be text.
    fn read(&self, file: &AttachedFile<'_>) -> Option<FileText>;
}

/// Reads nothing: for those who need no text of attachments.
#[derive(Debug, Clone, Copy)]
pub struct Unread;

impl ReadFile for Unread {
    fn read(&self, _: &AttachedFile<'_>) -> Option<FileText> {
        None
    }
}

/// The text of a message in a file: subject, people, bodies, and names and texts of its attachments.
pub fn message_text(raw: &[u8], depth: usize, reader: &dyn ReadFile) -> FileText {
    let mut notes = Notes::default();
    let mut text = String::new();
    super::attachments::push_message(&mut text, raw, "a message in it", depth, reader, &mut notes);
    if text.len() > TEXT_LIMIT {
        text = super::body_text::cut(text, "a message in it", &mut notes);
    }
    FileText { text, reasons: notes.partially_indexed, documents: notes.documents }
}
