//! What a file is.

use memchr::memmem;

use super::File;

/// What a file is, and so how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// It has no bytes.
    Empty,
    /// It has no text that could be searched: sound, film, fonts, signatures, keys.
    Nothing,
    /// A picture.
    Image,
    /// Plain text.
    Text,
    /// HTML, and XML that people read.
    Html,
    /// JSON, one value or one in each line.
    Json,
    /// vCard.
    Card,
    /// iCalendar.
    Calendar,
    /// Rich Text Format.
    Rtf,
    /// Portable Document Format.
    Pdf,
    /// A zip file: one of its own, an Office or an `OpenDocument` file.
    Package,
    /// A compound file (MS-CFB): Office files before 2007, encrypted Office files.
    Compound,
    /// A tar file.
    Tape,
    /// A gzip file.
    Gzip,
    /// `winmail.dat` (MS-OXTNEF).
    Tnef,
    /// A mail (RFC 5322).
    Message,
    /// A message of Outlook (MS-OXMSG).
    OutlookMessage,
    /// Encrypted, with how that is called.
    Encrypted(&'static str),
    /// Nothing that is read, with what it is called.
    Unknown(&'static str),
}

/// What reading a format takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// There is nothing to parse, or a parser of this program does it in time proportional to the size.
    Simple,
    /// A parser that may fail on a hostile file.
    Complex,
}

impl Format {
    /// What `file` is: by how it begins, else by its declared type, else by its name, else by whether it looks like text.
    pub fn of(file: &File<'_>) -> Self {
        if file.bytes.is_empty() {
            return Self::Empty;
        }
        by_content(file.bytes)
            .or_else(|| by_media_type(file))
            .or_else(|| by_name(file))
            .unwrap_or_else(|| by_look(file.bytes))
    }

    /// What reading it takes.
    pub fn sort(self) -> Sort {
        match self {
            Self::Rtf
            | Self::Pdf
            | Self::Package
            | Self::Compound
            | Self::Tape
            | Self::Gzip
            | Self::Tnef
            | Self::OutlookMessage => Sort::Complex,
            _ => Sort::Simple,
        }
    }
}

/// How files begin, and what they are then.
const STARTS: [(&[u8], Format); 27] = [
    (b"PK\x03\x04", Format::Package),
    (b"PK\x05\x06", Format::Package),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Compound),
    (b"{\\rtf", Format::Rtf),
    (b"\x78\x9f\x3e\x22", Format::Tnef),
    (b"\x1f\x8b", Format::Gzip),
    (b"BZh", Format::Unknown("a bzip2 file")),
    (b"7z\xbc\xaf\x27\x1c", Format::Unknown("a 7z file")),
    (b"Rar!\x1a\x07", Format::Unknown("a RAR file")),
    (b"\xfd7zXZ\0", Format::Unknown("an xz file")),
    (b"\x28\xb5\x2f\xfd", Format::Unknown("a Zstandard file")),
    (b"\xff\xd8\xff", Format::Image),
    (b"\x89PNG\r\n\x1a\n", Format::Image),
    (b"GIF87a", Format::Image),
    (b"GIF89a", Format::Image),
    (b"II*\0", Format::Image),
    (b"MM\0*", Format::Image),
    (b"8BPS", Format::Image),
    (b"ID3", Format::Nothing),
    (b"OggS", Format::Nothing),
    (b"fLaC", Format::Nothing),
    (b"#!AMR", Format::Nothing),
    (b"\x1a\x45\xdf\xa3", Format::Nothing),
    (b"-----BEGIN PGP MESSAGE-----", Format::Encrypted("encrypted with PGP")),
    (b"-----BEGIN PGP SIGNATURE-----", Format::Nothing),
    (b"-----BEGIN PGP PUBLIC KEY BLOCK-----", Format::Nothing),
    (b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", Format::Encrypted("encrypted with S/MIME")),
];

/// The stream that each message of Outlook has (MS-OXMSG 2.4), in UTF-16.
fn has_outlook_properties(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "__properties_version1.0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    memmem::find(bytes, &name).is_some()
}

fn by_content(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") && has_outlook_properties(bytes) {
        return Some(Format::OutlookMessage);
    }
    if let Some((_, format)) = STARTS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some(*format);
    }
    // Readers of PDF accept other bytes before the header (ISO 32000-1, note in annex H.3.4.1).
    let head = bytes.get(..1024).unwrap_or(bytes);
    if memmem::find(head, b"%PDF-").is_some() {
        return Some(Format::Pdf);
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(Format::Tape);
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if begins(b"BEGIN:VCARD") {
        return Some(Format::Card);
    }
    if begins(b"BEGIN:VCALENDAR") {
        return Some(Format::Calendar);
    }
    media_container(bytes)
}

/// Containers that say after their size what they hold: RIFF, and ISO base media files.
fn media_container(bytes: &[u8]) -> Option<Format> {
    match (bytes.get(..4)?, bytes.get(4..8)?, bytes.get(8..12)?) {
        (b"RIFF", _, b"WEBP") | (_, b"ftyp", b"heic" | b"heix" | b"mif1" | b"avif" | b"hevc") => Some(Format::Image),
        (b"RIFF", _, b"WAVE" | b"AVI ") | (_, b"ftyp", _) => Some(Format::Nothing),
        _ => None,
    }
}

/// Media types under `application` that are plain text.
const TEXT_APPLICATIONS: [&str; 13] = [
    "xml",
    "x-sh",
    "x-patch",
    "x-diff",
    "javascript",
    "x-javascript",
    "sql",
    "yaml",
    "x-yaml",
    "x-tex",
    "x-python",
    "toml",
    "x-subrip",
];

/// Media types under `application` that are JSON, or have JSON in each line.
const JSON_APPLICATIONS: [&str; 5] = ["json", "x-json", "jsonl", "x-jsonlines", "x-ndjson"];

fn by_media_type(file: &File<'_>) -> Option<Format> {
    let (major, minor) = file.media_type.split_once('/')?;
    match (major, minor) {
        ("message", "rfc822" | "global") => Some(Format::Message),
        ("image", "svg+xml") | ("text", "html") | ("application", "xhtml+xml") => Some(Format::Html),
        ("image", _) => Some(Format::Image),
        ("audio" | "video" | "font", _) => Some(Format::Nothing),
        ("text" | "message", _) => is_text(file.bytes).then_some(Format::Text),
        ("application", minor) if minor.ends_with("-signature") || minor == "pgp-keys" => Some(Format::Nothing),
        ("application", "pkcs7-mime" | "x-pkcs7-mime") => {
            Some(Format::Encrypted("an S/MIME message, encrypted or signed as a whole"))
        }
        ("application", minor) if JSON_APPLICATIONS.contains(&minor) || minor.ends_with("+json") => {
            is_text(file.bytes).then_some(Format::Json)
        }
        ("application", minor) if TEXT_APPLICATIONS.contains(&minor) || minor.ends_with("+xml") => {
            is_text(file.bytes).then_some(Format::Text)
        }
        _ => None,
    }
}

fn by_name(file: &File<'_>) -> Option<Format> {
    let ending = file.name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "eml" => Some(Format::Message),
        "htm" | "html" | "xhtml" | "svg" => Some(Format::Html),
        "png" | "jpg" | "jpeg" | "gif" | "bmp" | "webp" | "heic" | "tif" | "tiff" | "emf" | "wmf" | "ico" => {
            Some(Format::Image)
        }
        "mp3" | "wav" | "ogg" | "opus" | "m4a" | "amr" | "mp4" | "mov" | "avi" | "webm" | "3gp" | "sig" | "p7s"
        | "ttf" | "otf" | "woff" | "woff2" => Some(Format::Nothing),
        "p7m" => Some(Format::Encrypted("an S/MIME message, encrypted or signed as a whole")),
        "json" | "jsonl" | "ndjson" | "geojson" => is_text(file.bytes).then_some(Format::Json),
        "txt" | "text" | "csv" | "tsv" | "log" | "md" | "xml" | "ini" | "yml" | "yaml" | "patch" | "diff" | "srt"
        | "sql" | "tex" => is_text(file.bytes).then_some(Format::Text),
        _ => None,
    }
}

/// Without any other sign: text if nothing in it speaks against it.
fn by_look(bytes: &[u8]) -> Format {
    if !is_text(bytes) || !is_utf8(bytes) {
        return Format::Unknown("a file in an unknown format");
    }
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |word: &[u8]| start.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if begins(b"<!doctype html") || begins(b"<html") { Format::Html } else { Format::Text }
}

/// Bytes looked at to see whether a file is text.
const LOOK: usize = 64 << 10;

/// Whether there are no bytes that text never has. UTF-16 is known by its byte order mark.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return true;
    }
    let look = bytes.get(..LOOK).unwrap_or(bytes);
    let odd = look.iter().filter(|byte| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)).count();
    memchr::memchr(0, look).is_none() && odd.saturating_mul(200) <= look.len()
}

/// UTF-8, but for a character that the look cuts through; or text with a byte order mark.
fn is_utf8(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return true;
    }
    match str::from_utf8(bytes.get(..LOOK).unwrap_or(bytes)) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && bytes.len() > LOOK,
    }
}
