//! Parts of a mail, written one after the other.

use std::fmt::Write as _;
use std::io::{self, Read, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;

use crate::connector::LARGE;
use crate::message::converted::unstructured;
use crate::message::segment::{Encoding, encode_part};

/// RFC 2045 6.8.
const BASE64_LINES: Encoding = Encoding::Base64 { line_chars: 76, crlf: true, final_newline: false };

/// Longest line of an `8bit` body, in bytes without its end (RFC 2045 2.8).
const MAX_LINE: usize = 998;

/// Characters of a parameter value in one piece (RFC 2231 3).
const PIECE: usize = 60;

/// Parts as they will stand in a multipart, in a spool.
pub(super) struct Parts {
    spool: SpooledTempFile,
    /// Where each ends.
    ends: Vec<u64>,
}

/// The header of a part of a file.
pub(super) struct FileHeader<'a> {
    /// The name; may be empty.
    pub(super) name: &'a str,
    /// The media type as declared; may be anything.
    pub(super) media_type: &'a str,
    /// The content id without brackets; may be empty.
    pub(super) content_id: &'a str,
}

impl Parts {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { spool: SpooledTempFile::new(LARGE as usize), ends: Vec::new() }
    }

    /// A text that is read with the message.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        text_part(text, &mut self.spool)?;
        self.end()
    }

    /// A text and its form in HTML, of which one is read.
    pub(super) fn alternative(&mut self, text: &str, html: &[u8], charset: &str, boundary: &str) -> io::Result<()> {
        write!(self.spool, "Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n")?;
        text_part(text, &mut self.spool)?;
        write!(self.spool, "\r\n--{boundary}\r\n")?;
        html_part(html, charset, &mut self.spool)?;
        write!(self.spool, "\r\n--{boundary}--\r\n")?;
        self.end()
    }

    /// HTML that is read with the message.
    pub(super) fn html(&mut self, html: &[u8], charset: &str) -> io::Result<()> {
        html_part(html, charset, &mut self.spool)?;
        self.end()
    }

    /// A file.
    pub(super) fn file(&mut self, header: &FileHeader<'_>, content: &mut dyn Read) -> io::Result<()> {
        self.spool.write_all(header.to_text().as_bytes())?;
        encode_part(content, BASE64_LINES, &mut self.spool)?;
        self.end()
    }

    /// A mail as an attachment.
    pub(super) fn message(&mut self, name: &str, mail: &mut dyn Read) -> io::Result<()> {
        let disposition = disposition("attachment", name);
        // RFC 2046 5.2.1: a message may not be base64.
        write!(self.spool, "Content-Type: message/rfc822\r\n{disposition}Content-Transfer-Encoding: 8bit\r\n\r\n")?;
        io::copy(mail, &mut self.spool)?;
        self.end()
    }

    /// Writes them all, with delimiters around them.
    pub(super) fn write(mut self, boundary: &str, out: &mut dyn Write) -> io::Result<()> {
        self.spool.seek(SeekFrom::Start(0))?;
        let mut start = 0;
        for end in &self.ends {
            write!(out, "\r\n--{boundary}\r\n")?;
            io::copy(&mut (&mut self.spool).take(end.saturating_sub(start)), out)?;
            start = *end;
        }
        write!(out, "\r\n--{boundary}--\r\n")
    }

    fn end(&mut self) -> io::Result<()> {
        let end = self.spool.stream_position()?;
        self.ends.push(end);
        Ok(())
    }
}

impl FileHeader<'_> {
    fn to_text(&self) -> String {
        let lower = self.media_type.to_ascii_lowercase();
        let proper = is_media_type(&lower);
        // RFC 2046 5.2.1 and RFC 2045 6.4: these types must not be base64.
        let opaque = !proper || lower.starts_with("message/") || lower.starts_with("multipart/");
        let media_type = if opaque { "application/octet-stream" } else { lower.as_str() };
        let mut text = format!("Content-Type: {media_type}\r\n");
        if opaque && !self.media_type.is_empty() {
            let _ = write!(text, "X-Custodia-Media-Type: {}\r\n", unstructured(self.media_type));
        }
        let has_id = !self.content_id.is_empty() && self.content_id.len() < 900;
        if has_id && self.content_id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte)) {
            let _ = write!(text, "Content-ID: <{}>\r\n", self.content_id);
        }
        text.push_str(&disposition("attachment", self.name));
        text.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
        text
    }
}

fn is_media_type(text: &str) -> bool {
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.len() <= 200 && text.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

/// The field with the name, in pieces and percent-encoded if it is long or not plain (RFC 2231).
fn disposition(word: &str, name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" !#$&+-.^_`{}~()@,=".contains(&byte);
    let mut text = format!("Content-Disposition: {word}");
    if !name.is_empty() && name.len() <= PIECE && name.bytes().all(plain) {
        let _ = write!(text, "; filename=\"{name}\"");
    } else if !name.is_empty() {
        let escaped: Vec<String> = name.bytes().map(percent).collect();
        for (at, piece) in escaped.chunks(PIECE / 3).enumerate() {
            let charset = if at == 0 { "utf-8''" } else { "" };
            let _ = write!(text, ";\r\n filename*{at}*={charset}{}", piece.concat());
        }
    }
    text.push_str("\r\n");
    text
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

fn text_part(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let lines = text.replace("\r\n", "\n");
    let plain = !lines.contains(['\r', '\0']) && lines.split('\n').all(|line| line.len() <= MAX_LINE);
    out.write_all(b"Content-Type: text/plain; charset=utf-8\r\n")?;
    if plain {
        out.write_all(b"Content-Transfer-Encoding: 8bit\r\n\r\n")?;
        return out.write_all(lines.replace('\n', "\r\n").as_bytes());
    }
    out.write_all(b"Content-Transfer-Encoding: base64\r\n\r\n")?;
    encode_part(&mut text.as_bytes(), BASE64_LINES, out)?;
    Ok(())
}

/// Always base64, so that every byte stays.
fn html_part(html: &[u8], charset: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n")?;
    let mut html = html;
    encode_part(&mut html, BASE64_LINES, out)?;
    Ok(())
}
