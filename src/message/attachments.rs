//! What a message carries beside its text: declaration, bytes, and text for search.

use std::borrow::Cow;

use super::body_text::{body_parts, body_text, charset_text, cut, push_text};
use super::encoded_word::unstructured;
use super::header::Header;
use crate::text::html;
use super::journal::{Journaled, journaled};
use super::notes::Notes;
use super::participants::participants;
use super::structure::{Part, PartKind, structure};
use super::{AttachmentFacts, content::Content};
use crate::model::{Attachment, Digest};

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
    let part = parts.iter().filter(|part| part.kind == PartKind::Attachment).nth(n.checked_sub(1)?)?;
    Some(part.content.encoding.decode(part.body).0.into_owned())
}

/// An attachment and its bytes.
pub(super) struct Decoded<'a> {
    /// Declaration and text.
    pub(super) facts: AttachmentFacts,
    /// Free of the transfer encoding.
    pub(super) bytes: Cow<'a, [u8]>,
}

/// Reads the attachments among `parts`.
pub(super) fn attachments<'a>(parts: &[Part<'a>], notes: &mut Notes) -> Vec<Decoded<'a>> {
    let attached = parts.iter().filter(|part| part.kind == PartKind::Attachment);
    attached.enumerate().map(|(index, part)| decode(part, index + 1, notes)).collect()
}

fn decode<'a>(part: &Part<'a>, n: usize, notes: &mut Notes) -> Decoded<'a> {
    let (bytes, broken) = part.content.encoding.decode(part.body);
    let what = label(part, n);
    if broken {
        notes.defect("bad_encoding", format!("{what} breaks the rules of its transfer encoding"));
    }
    let mut text = String::new();
    let mut name = part.content.name.clone();
    if part.is_message() {
        let subject = push_message(&mut text, &bytes, &what, 1, notes);
        if name.is_empty() {
            name = format!("{}.eml", if subject.is_empty() { "message" } else { &subject });
        }
    } else {
        push_attachment(&mut text, part, &bytes, &what, notes);
    }
    let attachment = Attachment {
        name,
        media_type: part.media_type().to_owned(),
        bytes: bytes.len() as u64,
        digest: Digest::of(&bytes),
    };
    Decoded { facts: AttachmentFacts { attachment, text: cut(text, &what, notes) }, bytes }
}

fn label(part: &Part<'_>, n: usize) -> String {
    if part.content.name.is_empty() {
        format!("attachment {n} ({})", part.media_type())
    } else {
        format!("attachment {n} `{}` ({})", part.content.name, part.media_type())
    }
}

/// Appends subject, people and all text of an attached message, and returns its subject.
fn push_message(text: &mut String, raw: &[u8], what: &str, depth: usize, notes: &mut Notes) -> String {
    let header = Header::of_message(raw);
    let charset = Content::of(&header).charset;
    let subject = unstructured(header.first("subject").unwrap_or_default(), charset.as_deref());
    push_text(text, &subject);
    for participant in participants(&header, charset.as_deref(), notes).list {
        push_text(text, &participant.display());
    }
    let structure = structure(raw, &header, notes);
    let bodies = body_parts(&structure.parts, notes);
    push_text(text, &body_text(&bodies, &structure.stray, notes));
    for (index, part) in structure.parts.iter().filter(|part| part.kind == PartKind::Attachment).enumerate() {
        let what = format!("{} in {what}", label(part, index + 1));
        push_text(text, &part.content.name);
        if !part.is_message() {
            push_attachment(text, part, &part.content.encoding.decode(part.body).0, &what, notes);
        } else if depth >= DEPTH_LIMIT {
            notes.partial("nested_too_deep", format!("messages are nested deeper than {DEPTH_LIMIT}"));
        } else {
            push_message(text, &part.content.encoding.decode(part.body).0, &what, depth + 1, notes);
        }
    }
    subject
}

/// Appends the text of an attachment that is no message, or notes that it could not be read.
fn push_attachment(text: &mut String, part: &Part<'_>, bytes: &[u8], what: &str, notes: &mut Notes) {
    let charset = part.content.charset.as_deref();
    match readable(part.media_type(), &part.content.name) {
        Readable::Text => push_text(text, &charset_text(bytes, charset, what, notes)),
        Readable::Html => push_text(text, &html::text(&charset_text(bytes, charset, what, notes))),
        Readable::NoText => {}
        Readable::Unknown => notes.partial("no_extractor", format!("the text of {what} is not searched")),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Readable {
    Text,
    Html,
    /// It has no text: pictures, sound, signatures.
    NoText,
    /// It may have text that cannot be read.
    Unknown,
}

/// Media types under `application` that are plain text.
const TEXT_APPLICATIONS: [&str; 10] =
    ["json", "xml", "ics", "x-sh", "x-patch", "x-diff", "javascript", "sql", "yaml", "x-yaml"];

fn readable(media_type: &str, name: &str) -> Readable {
    let (major, minor) = media_type.split_once('/').unwrap_or((media_type, ""));
    match (major, minor) {
        ("text", "rtf" | "richtext") => Readable::Unknown,
        ("text", "html") | ("application", "xhtml+xml") => Readable::Html,
        ("text" | "message", _) => Readable::Text,
        ("application", "octet-stream") => readable_by_extension(name),
        ("application", minor) if TEXT_APPLICATIONS.contains(&minor) => Readable::Text,
        ("application", minor) if minor.ends_with("+json") || minor.ends_with("+xml") => Readable::Text,
        ("application", minor) if !minor.ends_with("-signature") => Readable::Unknown,
        ("image" | "audio" | "video" | "font" | "application", _) => Readable::NoText,
        _ => Readable::Unknown,
    }
}

/// Senders that do not know a type declare `application/octet-stream`.
fn readable_by_extension(name: &str) -> Readable {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "txt" | "text" | "csv" | "tsv" | "log" | "md" | "json" | "xml" | "ics" | "vcf" | "patch" | "diff" | "ini"
        | "yml" | "yaml" | "c" | "h" | "py" | "sh" | "sql" | "eml" => Readable::Text,
        "htm" | "html" => Readable::Html,
        "png" | "jpg" | "jpeg" | "gif" | "bmp" | "webp" | "svg" | "heic" | "tif" | "tiff" | "mp3" | "wav" | "ogg"
        | "opus" | "m4a" | "amr" | "mp4" | "mov" | "avi" | "webm" | "3gp" | "asc" | "sig" | "p7s" => Readable::NoText,
        _ => Readable::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_is_decided_by_type_then_name() {
        for (media_type, name, expected) in [
            ("text/csv", "", Readable::Text),
            ("text/html", "", Readable::Html),
            ("text/rtf", "", Readable::Unknown),
            ("application/vnd.geo+json", "", Readable::Text),
            ("application/pdf", "a.txt", Readable::Unknown),
            ("application/octet-stream", "a.b.TXT", Readable::Text),
            ("application/octet-stream", "a.docx", Readable::Unknown),
            ("application/octet-stream", "", Readable::Unknown),
            ("image/png", "", Readable::NoText),
            ("message/delivery-status", "", Readable::Text),
        ] {
            assert_eq!(readable(media_type, name), expected, "{media_type} {name}");
        }
    }
}
