//! What a message carries beside its text: declaration, bytes, and text for search.

use std::borrow::Cow;

use super::attached_file::{AttachedFile, FileText, ReadFile};
use super::body_text::{BodyPart, body_parts, body_text, charset_text, cut, push_text};
use super::encoded_word::unstructured;
use super::header::Header;
use super::journal::{Journaled, journaled};
use super::notes::Notes;
use super::parse::other_subjects;
use super::participants::participants;
use super::structure::{Part, PartKind, UNDECLARED, structure};
use super::uuencode::{EncodedFile, FILE_LIMIT};
use super::{AttachmentFacts, content::Content};
use crate::model::{Attachment, Digest, Participant};
use crate::text::html;

/// Messages in messages whose text is read.
const DEPTH_LIMIT: usize = 30;

/// The decoded bytes of attachment `n`, counted from 1 in the order of [`Facts::attachments`](super::Facts);
/// `None` if there is no such attachment. Those of a journal report are those of the message in it.
pub fn attachment(raw: &[u8], n: usize) -> Option<Vec<u8>> {
    let header = Header::of_message(raw);
    match journaled(raw, &header) {
        Journaled::Message(reported) => numbered(&reported.message, &Header::of_message(&reported.message), n),
        Journaled::No | Journaled::Unusable(_) => numbered(raw, &header, n),
    }
}

fn numbered(raw: &[u8], header: &Header<'_>, n: usize) -> Option<Vec<u8>> {
    let parts = structure(raw, header, &mut Notes::default()).parts;
    let mut attached = parts.iter().filter(|part| part.kind == PartKind::Attachment);
    let count = attached.clone().count();
    if let Some(part) = attached.nth(n.checked_sub(1)?) {
        return Some(part.content.encoding.decode(part.body).0.into_owned());
    }
    let bodies = body_parts(&parts, &mut Notes::default());
    bodies.iter().flat_map(BodyPart::files).nth(n - 1 - count).map(|file| file.bytes)
}

/// An attachment and its bytes.
pub(super) struct Decoded<'a> {
    /// Declaration and text.
    pub(super) facts: AttachmentFacts,
    /// Free of the transfer encoding.
    pub(super) bytes: Cow<'a, [u8]>,
}

/// Reads the attachments among `parts`.
pub(super) fn attachments<'a>(parts: &[Part<'a>], reader: &dyn ReadFile, notes: &mut Notes) -> Vec<Decoded<'a>> {
    let attached = parts.iter().filter(|part| part.kind == PartKind::Attachment);
    attached.enumerate().map(|(index, part)| decode(part, index + 1, reader, notes)).collect()
}

fn decode<'a>(part: &Part<'a>, n: usize, reader: &dyn ReadFile, notes: &mut Notes) -> Decoded<'a> {
    let (bytes, broken) = part.content.encoding.decode(part.body);
    let what = label(part, n);
    if broken {
        notes.defect("bad_encoding", format!("{what} breaks the rules of its transfer encoding"));
    }
    let mut text = String::new();
    let mut name = part.content.name.clone();
    if part.is_message() {
        let subject = push_message(&mut text, &bytes, &what, 1, reader, notes);
        if name.is_empty() {
            name = format!("{}.eml", if subject.is_empty() { "message" } else { &subject });
        }
    } else {
        push_attachment(&mut text, part, &bytes, &what, 0, reader, notes);
    }
    let attachment = Attachment {
        name,
        media_type: part.media_type().to_owned(),
        bytes: bytes.len() as u64,
        digest: Digest::of(&bytes),
    };
    Decoded { facts: AttachmentFacts { attachment, text: cut(text, &what, notes) }, bytes }
}

/// Reads the files that are written into the texts of a message, to be numbered behind its `attached` ones.
pub(super) fn written_files(
    bodies: &[BodyPart<'_>],
    attached: usize,
    reader: &dyn ReadFile,
    notes: &mut Notes,
) -> Vec<AttachmentFacts> {
    if bodies.iter().any(BodyPart::has_yenc) {
        notes.partial("unread_yenc", "a file that is written into the text as yEnc is not read");
    }
    let written: Vec<Vec<EncodedFile<'_>>> = bodies.iter().map(BodyPart::files).collect();
    if written.iter().any(|files| files.len() >= FILE_LIMIT) {
        notes.partial(
            "too_many_files",
            format!("only the first {FILE_LIMIT} files that are written into a text are read"),
        );
    }
    let files = written.into_iter().flatten().zip(attached + 1..);
    let read = files.map(|(file, n)| {
        let what = format!("attachment {n} `{}` (uuencoded)", file.name);
        let mut text = String::new();
        push_written(&mut text, &file, &what, 0, reader, notes);
        let attachment = Attachment {
            name: file.name.to_owned(),
            media_type: UNDECLARED.to_owned(),
            bytes: file.bytes.len() as u64,
            digest: Digest::of(&file.bytes),
        };
        AttachmentFacts { attachment, text: cut(text, &what, notes) }
    });
    read.collect()
}

/// Appends the text of a file that is written into a text.
fn push_written(
    text: &mut String,
    file: &EncodedFile<'_>,
    what: &str,
    depth: usize,
    reader: &dyn ReadFile,
    notes: &mut Notes,
) {
    if !file.is_whole {
        notes.partial(
            "unread_uuencode",
            format!("the end of {what} is missing, or was cut: what there is of it is read"),
        );
    }
    let attached = AttachedFile {
        name: file.name,
        media_type: UNDECLARED,
        charset: None,
        bytes: &file.bytes,
        is_text: false,
        depth,
    };
    if let Some(found) = reader.read(&attached) {
        push_found(text, found, what, notes);
    }
}

fn label(part: &Part<'_>, n: usize) -> String {
    if part.content.name.is_empty() {
        format!("attachment {n} ({})", part.media_type())
    } else {
        format!("attachment {n} `{}` ({})", part.content.name, part.media_type())
    }
}

/// Appends subject, people and all text of an attached message, and returns its subject.
pub(super) fn push_message(
    text: &mut String,
    raw: &[u8],
    what: &str,
    depth: usize,
    reader: &dyn ReadFile,
    notes: &mut Notes,
) -> String {
    let header = Header::of_message(raw);
    let charset = Content::of(&header).charset;
    let subject = unstructured(header.first("subject").unwrap_or_default(), charset.as_deref());
    push_text(text, &subject);
    for other in other_subjects(&header, charset.as_deref()) {
        push_text(text, &other);
    }
    let people = participants(&header, charset.as_deref(), notes);
    for name in people.groups.into_iter().map(|group| group.name).chain(people.list.iter().map(Participant::display)) {
        push_text(text, &name);
    }
    let structure = structure(raw, &header, notes);
    let bodies = body_parts(&structure.parts, notes);
    push_text(text, &body_text(&bodies, &structure, notes).text);
    for file in bodies.iter().flat_map(BodyPart::files) {
        push_text(text, file.name);
        push_written(text, &file, &format!("`{}` (uuencoded) in {what}", file.name), depth, reader, notes);
    }
    for (index, part) in structure.parts.iter().filter(|part| part.kind == PartKind::Attachment).enumerate() {
        let what = format!("{} in {what}", label(part, index + 1));
        push_text(text, &part.content.name);
        if !part.is_message() {
            push_attachment(text, part, &part.content.encoding.decode(part.body).0, &what, depth, reader, notes);
        } else if depth >= DEPTH_LIMIT {
            notes.partial("nested_too_deep", format!("messages are nested deeper than {DEPTH_LIMIT}"));
        } else {
            push_message(text, &part.content.encoding.decode(part.body).0, &what, depth + 1, reader, notes);
        }
    }
    subject
}

/// Appends the text of an attachment that is no message, and notes why something in it could not be read.
fn push_attachment(
    text: &mut String,
    part: &Part<'_>,
    bytes: &[u8],
    what: &str,
    depth: usize,
    reader: &dyn ReadFile,
    notes: &mut Notes,
) {
    let charset = part.content.charset.as_deref();
    let (media_type, name) = (part.media_type(), part.content.name.as_str());
    let declared = Declared::of(media_type);
    let is_text = declared != Declared::Other;
    if let Some(found) = reader.read(&AttachedFile { name, media_type, charset, bytes, is_text, depth }) {
        push_found(text, found, what, notes);
        return;
    }
    match declared {
        Declared::Text => push_text(text, &charset_text(bytes, charset, what, notes)),
        Declared::Html => push_text(text, &html::searched_text(&charset_text(bytes, charset, what, notes))),
        Declared::Other => {}
    }
}

fn push_found(text: &mut String, found: FileText, what: &str, notes: &mut Notes) {
    push_text(text, &found.text);
    notes.documents.add(found.documents);
    for reason in found.reasons {
        notes.partial(&reason.code, format!("{what}: {}", reason.detail));
    }
}

/// What of it can be read here, as it is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Declared {
    Text,
    Html,
    Other,
}

impl Declared {
    fn of(media_type: &str) -> Self {
        match media_type.split_once('/') {
            Some(("text", "html") | ("application", "xhtml+xml")) => Self::Html,
            Some(("text", "rtf" | "richtext" | "vcard" | "x-vcard" | "directory" | "calendar")) => Self::Other,
            Some(("text" | "message", _)) => Self::Text,
            _ => Self::Other,
        }
    }
}
