//! PDF (ISO 32000): text of pages, forms and notes, properties, and the files inside.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Dictionary, Document, Object, PlainTextOutput, decode_text_string, output_doc_page};

use super::{Member, Reading, properties, xmp};

/// Pages that cannot be read are named one by one up to this many.
const NAMED_PAGES: usize = 20;

/// Reads a PDF. The parser panics where it does not know further: a page that it cannot read is noted, and the others are
/// read all the same.
pub(super) fn read(bytes: &[u8], reading: &mut Reading) {
    let mut document = match Document::load_mem(bytes) {
        Ok(document) => document,
        Err(error) if error.to_string().to_lowercase().contains("password") => {
            return reading.note("encrypted", "it is encrypted with a password");
        }
        Err(error) => {
            return reading
                .note("damaged", format!("it is a damaged PDF ({})", super::reading::one_line(&error.to_string())));
        }
    };
    // A document that anybody may open is often encrypted with an empty password (ISO 32000-1, 7.6.3.3).
    if document.is_encrypted() && document.decrypt("").is_err() {
        return reading.note("encrypted", "it is encrypted with a password");
    }
    properties(&document, reading);
    metadata(&document, reading);
    let pages = pages(&document, reading);
    beside(&document, reading);
    if pages == 0 && reading.reasons.is_empty() {
        reading.note("no_text", "it is a PDF without text: what its pictures show is not searched");
    }
}

/// Reads the pages; how many of them have text.
fn pages(document: &Document, reading: &mut Reading) -> usize {
    let (mut with_text, mut failed) = (0, Vec::new());
    for number in document.get_pages().into_keys() {
        if reading.text.is_full() {
            break;
        }
        let mut text = String::new();
        let mut read = || output_doc_page(document, &mut PlainTextOutput::new(&mut text), number);
        if !matches!(catch_unwind(AssertUnwindSafe(&mut read)), Ok(Ok(()))) {
            failed.push(number.to_string());
        }
        with_text += usize::from(!text.trim().is_empty());
        reading.text.push(&text);
    }
    if !failed.is_empty() {
        let more = failed.len().saturating_sub(NAMED_PAGES);
        failed.truncate(NAMED_PAGES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let detail = format!("text on page {}{more} cannot be read, or only in part", failed.join(", "));
        reading.note("damaged", detail);
    }
    with_text
}

fn properties(document: &Document, reading: &mut Reading) {
    let info = document.trailer.get(b"Info").ok().and_then(|info| document.dereference(info).ok());
    let Some(info) = info.and_then(|(_, info)| info.as_dict().ok()) else { return };
    for key in [&b"Title"[..], b"Subject", b"Author", b"Keywords"] {
        reading.text.push(&string(document, info, key));
    }
    let value = |key: &[u8]| string(document, info, key);
    reading.documents.add_author(&value(b"Author"));
    reading.documents.add_title(&value(b"Title"));
    reading.documents.created.extend(properties::pdf_time(&value(b"CreationDate")));
    reading.documents.modified.extend(properties::pdf_time(&value(b"ModDate")));
}

/// What the catalog says of the document (ISO 32000-1, 14.3.2), beside or in place of its dictionary of information.
fn metadata(document: &Document, reading: &mut Reading) {
    let Ok(stream) = document.catalog().and_then(|catalog| catalog.get_deref(b"Metadata", document)?.as_stream())
    else {
        return;
    };
    let packet = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
    if let Some(packet) = reading.unpack("metadata", packet.as_slice()) {
        xmp::read(&packet, reading);
    }
}

/// Notes and values of forms, and attached files.
fn beside(document: &Document, reading: &mut Reading) {
    for object in document.objects.values() {
        let Ok(dictionary) = object.as_dict() else { continue };
        if dictionary.has(b"Subtype") && dictionary.has(b"Contents") {
            reading.text.push(&string(document, dictionary, b"Contents"));
        }
        if dictionary.has(b"FT") || dictionary.has(b"T") {
            reading.text.push(&string(document, dictionary, b"V"));
        }
        if dictionary.has(b"EF") {
            attached(document, dictionary, reading);
        }
    }
}

/// A file in the PDF (ISO 32000-1, 7.11.4).
fn attached(document: &Document, specification: &Dictionary, reading: &mut Reading) {
    let name = [&b"UF"[..], b"F"].iter().map(|key| string(document, specification, key)).find(|name| !name.is_empty());
    let files = specification.get_deref(b"EF", document).and_then(Object::as_dict);
    let stream = files.and_then(|files| files.get_deref(b"F", document)).and_then(Object::as_stream);
    let name = name.unwrap_or_default();
    match stream.and_then(|stream| stream.decompressed_content().or_else(|_| Ok(stream.content.clone()))) {
        Ok(bytes) => {
            if let Some(bytes) = reading.unpack(&name, bytes.as_slice()) {
                reading.add(Member { name, media_type: String::new(), bytes });
            }
        }
        Err(error) => reading.damaged(&error),
    }
}

/// A text string of a dictionary; empty if there is none.
fn string(document: &Document, dictionary: &Dictionary, key: &[u8]) -> String {
    let value = dictionary.get_deref(key, document).ok().filter(|value| matches!(value, Object::String(..)));
    value.and_then(|value| decode_text_string(value).ok()).unwrap_or_default()
}
