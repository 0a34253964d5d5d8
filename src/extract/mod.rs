//! Text of attachments, pure: one file per format, each within limits.
//!
//! [`read`] reads one file: its text, the files in it, and the reasons why something in it is not read. It neither opens
//! what it finds nor follows it; whoever calls it goes on with the [`Member`]s. What a file is decides its content; name
//! and declared type are asked only where the content says nothing ([`Format::of`]).
//!
//! What counts as partially indexed:
//! - a file in a format that is not read, is encrypted or damaged, or goes beyond a limit;
//! - a picture, because it may show text, and a PDF without any text, which is one of pictures;
//! - not: sound, film, fonts, and signatures and keys, in which there is nothing that search could look for.

mod calendar;
mod compound;
mod format;
mod gzip;
mod json;
mod lines;
mod markup;
mod old_properties;
mod old_slides;
mod old_word;
mod ooxml;
mod opendocument;
mod package;
mod pdf;
mod plain;
mod properties;
mod reading;
mod relationships;
mod tape;
mod tnef;
mod workbook;
mod xmp;
mod zip_members;

pub use format::{Format, Sort};
pub use reading::{Member, Reading, Text};

use crate::text::rtf::{self, RtfContent};
use crate::text::{decode_text, html};

/// Characters of one attachment that are kept for search.
pub const TEXT_LIMIT: usize = 2_000_000;

/// A file to be read.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its name, without folders; may be empty.
    pub name: &'a str,
    /// Its declared media type in lower case; may be empty.
    pub media_type: &'a str,
    /// Its declared character set.
    pub charset: Option<&'a str>,
    /// Its content.
    pub bytes: &'a [u8],
}

/// Reads `file` as what it is; what is found goes into `reading`. Messages are not read here, but by `message`.
///
/// A parser may panic, hang or take all memory on a hostile file: call it where that does no harm, unless
/// [`Format::sort`] says that it is simple.
pub fn read(format: Format, file: &File<'_>, reading: &mut Reading) {
    match format {
        Format::Empty | Format::Nothing | Format::Message | Format::OutlookMessage => {}
        Format::Text => reading.text.push(&plain::text(file.bytes, file.charset)),
        Format::Html => reading.text.push(&html::searched_text(&plain::text(file.bytes, file.charset))),
        Format::Json => reading.text.push(&json::unescaped(&plain::text(file.bytes, file.charset))),
        Format::Card | Format::Calendar => reading.text.push(&calendar::text(file)),
        Format::Rtf => match rtf::content(file.bytes) {
            RtfContent::Html(source) => reading.text.push(&html::searched_text(&source)),
            RtfContent::Text(text) => reading.text.push(&text),
        },
        Format::Pdf => pdf::read(file.bytes, reading),
        Format::Package => package::read(file, reading),
        Format::Compound => compound::read(file, reading),
        Format::Tape => tape::read(file.bytes, reading),
        Format::Gzip => gzip::read(file, reading),
        Format::Tnef => tnef::read(file.bytes, reading),
        Format::Image => reading.note("image", "it is a picture; text that it may show is not searched"),
        Format::Encrypted(how) => reading.note("encrypted", format!("it is {how}")),
        Format::Unknown(what) => reading.note("no_extractor", format!("{what} is not searched")),
    }
}

/// Text of bytes that are mostly plain: NUL bytes left out.
fn loose_text(bytes: &[u8], charset: Option<&str>) -> String {
    decode_text(bytes, charset).replace('\0', "")
}
