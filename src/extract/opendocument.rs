//! `OpenDocument` (OASIS): texts, spreadsheets and presentations.

use super::markup::{self, Vocabulary};
use super::package::{Zip, unpack};
use super::{Reading, properties};

/// Paragraphs and headings; notes, comments, frames and readings of characters (ruby) stand in them. Repeated rows and cells are
/// read once.
const CONTENT: Vocabulary = Vocabulary {
    text: &["p", "h"],
    lines: &["p", "h", "line-break", "table-row"],
    gaps: &["tab", "s", "table-cell", "creator", "date", "note-citation", "title", "desc"],
    asides: &["note", "annotation", "frame", "custom-shape", "text-box", "ruby-text"],
    attributes: &[("a", "href")],
    ..Vocabulary::NONE
};

const META: Vocabulary = Vocabulary {
    text: &["title", "subject", "description", "creator", "initial-creator", "keyword"],
    lines: &["title", "subject", "description", "creator", "initial-creator", "keyword"],
    ..Vocabulary::NONE
};

/// Reads the document, those embedded in it, headers and footers, and its properties.
pub(super) fn read(zip: &mut Zip<'_>, names: &[String], reading: &mut Reading) {
    for (index, name) in names.iter().enumerate() {
        if name == "META-INF/manifest.xml"
            && let Some(manifest) = unpack(zip, index, name, reading)
            && memchr::memmem::find(&manifest, b"encryption-data").is_some()
        {
            return reading.note("encrypted", "it is encrypted with a password");
        }
    }
    for (index, name) in names.iter().enumerate() {
        let words = match name.rsplit('/').next() {
            Some("content.xml" | "styles.xml") => &CONTENT,
            Some("meta.xml") => &META,
            _ => continue,
        };
        if let Some(bytes) = unpack(zip, index, name, reading) {
            markup::read(&bytes, words, reading);
            if name == "meta.xml" {
                properties::open_document(&bytes, reading);
            }
        }
    }
}
