//! What a file is, by its content first and its name second.

use super::json::keys;
use super::magic::{foreign, is_bookkeeping};
use super::mbox::{Envelope, envelope, is_field};
use super::{Converter, Start, named, recognised};
use crate::connector::{As, Format};

/// Bytes at the start of a file that are looked at.
pub(in crate::connector) const HEAD: usize = 64 << 10;

/// Lines of a header section that are looked at.
const LINES: usize = 200;

/// How a file is to be read.
#[derive(Clone, Copy)]
pub(in crate::connector) enum Reading {
    /// As one message.
    Single(Format),
    /// As an mbox.
    Mbox,
    /// As converted messages.
    Messages,
    /// As a zip file of others.
    Zip,
    /// By a converter.
    Converted(&'static Converter),
}

/// What is known about a file besides its content.
#[derive(Debug, Clone, Copy)]
pub(in crate::connector) struct Circumstances<'a> {
    /// What the caller takes it for.
    pub(in crate::connector) as_format: As,
    /// Whether it lies in `cur` or `new` of a Maildir.
    pub(in crate::connector) delivered: bool,
    /// Whether the caller named it, not only a folder above it.
    pub(in crate::connector) given: bool,
    /// Its name.
    pub(in crate::connector) name: &'a str,
}

/// Decides how a file that is not empty and starts with `head` is read.
///
/// A message file by its place or name is taken however damaged its content is, except when that is compressed or
/// in another known format: nothing in it could be found.
///
/// # Errors
/// It is not read: why, and what to do.
pub(in crate::connector) fn recognise(file: Circumstances<'_>, head: &[u8]) -> Result<Reading, &'static str> {
    let bookkept = is_bookkeeping(file.name) || (file.delivered && file.name.starts_with('.'));
    let not_mail = || bookkept && !looks_like_message(head);
    let start = Start { name: file.name, head };
    match file.as_format {
        As::Eml if not_mail() && !file.given => Err(BOOKKEEPING),
        As::Eml => Ok(Reading::Single(Format::Eml)),
        As::Maildir if !file.delivered && !file.given => Err("not in `cur` or `new` of a Maildir"),
        As::Maildir if not_mail() && !file.given => Err(BOOKKEEPING),
        As::Maildir => Ok(Reading::Single(Format::Maildir)),
        _ if is_zip(head) && !file.delivered => Ok(Reading::Zip),
        As::Telemessage => match named(As::Telemessage).filter(|converter| (converter.recognises)(&start)) {
            Some(manifest) => Ok(Reading::Converted(manifest)),
            None => foreign(head).map_or(Ok(Reading::Single(Format::Telemessage)), Err),
        },
        As::Mbox => foreign(head).map_or(Ok(Reading::Mbox), Err),
        As::Messages => foreign(head).map_or(Ok(Reading::Messages), Err),
        As::Auto if file.delivered => match foreign(head) {
            Some(reason) => Err(reason),
            None if not_mail() => Err(BOOKKEEPING),
            None => Ok(Reading::Single(Format::Maildir)),
        },
        As::Auto => match recognised(&start) {
            _ if is_bookkeeping(file.name) && !looks_like_message(head) => Err(foreign(head).unwrap_or(BOOKKEEPING)),
            Some(converter) => Ok(Reading::Converted(converter)),
            None => match foreign(head) {
                Some(reason) => Err(reason),
                None if has_eml_name(file.name) => Ok(Reading::Single(Format::Eml)),
                None => by_content(head).ok_or_else(|| unrecognised(head, bookkept)),
            },
        },
        asked => match named(asked) {
            Some(_) if bookkept && !file.given => Err(BOOKKEEPING),
            Some(converter) => Ok(Reading::Converted(converter)),
            None => Err("this format is not read yet"),
        },
    }
}

/// Whether a file starts like a zip file (APPNOTE 4.3.7; an empty one, 4.3.16).
pub(in crate::connector) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

const BOOKKEEPING: &str = "kept by a mail program or the system beside messages, not a message";

fn unrecognised(head: &[u8], bookkept: bool) -> &'static str {
    if bookkept {
        BOOKKEEPING
    } else if text_start(head).starts_with(b"{") {
        "JSON, but not converted messages (one record a line with `platform` and `sent`); if it is, say `--as messages`"
    } else {
        "not recognised as mail, chat export or delivery; if it is one, say `--as` (see `custodia import --help`)"
    }
}

fn has_eml_name(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml"))
}

fn by_content(head: &[u8]) -> Option<Reading> {
    if looks_like_mbox(head) {
        Some(Reading::Mbox)
    } else if looks_like_records(head) {
        Some(Reading::Messages)
    } else if looks_like_message(head) {
        Some(Reading::Single(Format::Eml))
    } else {
        None
    }
}

/// What follows a byte order mark and blank lines.
fn text_start(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

fn looks_like_mbox(head: &[u8]) -> bool {
    let mut lines = text_start(head).split(|&byte| byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let kind = if first.len() <= 1024 { envelope(first.trim_ascii_end()) } else { None };
    match kind {
        Some(Envelope::Full) => true,
        Some(Envelope::Short) => lines.next().is_some_and(is_field),
        None => false,
    }
}

/// One record a line, and `platform` a member of the first. The record may be cut at the end of `head`, so it is not parsed.
fn looks_like_records(head: &[u8]) -> bool {
    let line = text_start(head).split(|&byte| byte == b'\n').next().unwrap_or_default();
    line.starts_with(b"{") && keys(line).contains(&(1, "platform"))
}

/// Fields that are in mail only.
const STRONG: [&str; 14] = [
    "received",
    "return-path",
    "delivered-to",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "dkim-signature",
    "arc-seal",
    "authentication-results",
    "x-mozilla-status",
    "x-mailer",
    "newsgroups",
    "in-reply-to",
];

/// Fields whose names are ordinary words, which other texts may start with; two are needed.
const WEAK: [&str; 8] = ["from", "to", "subject", "date", "cc", "bcc", "sender", "reply-to"];

/// Whether it starts like a header section: fields, and among them what mail has.
fn looks_like_message(head: &[u8]) -> bool {
    let text = text_start(head);
    // Old Macintosh files end lines with a carriage return alone.
    let line_end = if text.contains(&b'\n') { b'\n' } else { b'\r' };
    // A line of blanks is obsolete folding (RFC 5322 4.2), and does not end the header section.
    let lines = text.split(|&byte| byte == line_end).map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let (mut fields, mut others, mut strong, mut weak) = (0, 0, 0, 0);
    for line in lines.take(LINES).take_while(|line| !line.is_empty()) {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        if !is_field(line) {
            others += 1;
            continue;
        }
        fields += 1;
        let name = line.split(|&byte| byte == b':').next().unwrap_or_default().trim_ascii_end();
        let is = |known: &&str| known.as_bytes().eq_ignore_ascii_case(name);
        strong += usize::from(STRONG.iter().any(is));
        weak += usize::from(WEAK.iter().any(is));
    }
    fields > others && (strong > 0 || weak > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a file is read as.
    fn read(file: Circumstances<'_>, head: &[u8]) -> Result<&'static str, &'static str> {
        recognise(file, head).map(|reading| match reading {
            Reading::Single(format) => format.as_str(),
            Reading::Mbox => "mbox",
            Reading::Messages => "messages",
            Reading::Zip => "zip",
            Reading::Converted(converter) => converter.format.as_str(),
        })
    }

    fn auto(name: &str, head: &[u8]) -> Result<&'static str, &'static str> {
        read(Circumstances { as_format: As::Auto, delivered: false, given: false, name }, head)
    }

    const EML: Result<&str, &str> = Ok("eml");

    #[test]
    fn content_decides() {
        for (head, reading) in [
            ("From ann@firm.example Mon Jun 01 10:00:00 2009\nA: b", Ok("mbox")),
            ("\u{feff}From ann@firm.example Mon Jun 01 10:00:00 2009\r\nA: b", Ok("mbox")),
            ("\n\nFrom -\nSubject: x\n", Ok("mbox")),
            ("{\"source\":\"x\",\"platform\":\"sms\",\"sent\":\"2024-01-01T00:00:00Z\"}\n", Ok("messages")),
            ("{ \"text\": \"x\", \"platform\" : \"sms\"", Ok("messages")),
            ("Received: from a by b;\n\tMon, 1 Jun 2009 10:00:00 +0000\nFrom: ann\n\nx", EML),
            ("Return-Path: <>\r\n\r\n", EML),
            ("X-Odd: 1\nno colon here\nMessage-ID: <1@x>\nTo: b\n\n", EML),
            ("From: ann\rSubject: x\r\rtext", EML),
            ("From: ann\r\nTo: b\r\n\r\ntext", EML),
            ("Subject : x\r\n  \r\nDate   : never\r\n\r\ntext", EML),
            ("Subject: x\nFrom: ann\n", EML),
            (">From ann Mon Jun 01 10:00:00 2009\nSubject: x\nFrom: ann\n", EML),
        ] {
            assert_eq!(auto("file", head.as_bytes()), reading, "{head}");
        }
    }

    #[test]
    fn what_is_nothing_of_this_is_refused_with_advice() {
        for (name, head, advice) in [
            ("notes.txt", "Note: call ann\nTo: do\n", "say `--as`"),
            ("letter.txt", "From Russia with love\n\nDear Subject: x\n", "say `--as`"),
            ("a.json", "{\"messages\": []}", "JSON"),
            ("a.vcf", "BEGIN:VCARD\nFN:Ann\nEND:VCARD\n", "say `--as`"),
            ("a.bin", "\0\u{1}\u{2}\0", "say `--as`"),
            ("a.eml.gz", "\u{1f}", "say `--as`"),
            ("dovecot-uidlist", "3 V1 N2\n1 :x\n", "kept by a mail program"),
            ("blank", "\n\n\n", "say `--as`"),
        ] {
            assert!(auto(name, head.as_bytes()).unwrap_err().contains(advice), "{name}");
        }
        assert!(auto("a.eml", b"\x1f\x8b\x08\x00").unwrap_err().contains("gunzip"));
    }

    #[test]
    fn names_and_places_decide_over_damaged_content() {
        let file = Circumstances { as_format: As::Auto, delivered: true, given: false, name: "1.2.host:2,S" };
        let maildir = Ok("maildir");
        for head in ["garbage", "\0\0", "From ann Mon Jun 01 10:00:00 2009\nA: b\n", "{\"platform\":1}"] {
            assert_eq!(auto("A.EML", head.as_bytes()), EML, "{head}");
            assert_eq!(read(file, head.as_bytes()), maildir, "{head}");
        }
        assert_eq!(read(Circumstances { name: ".x", ..file }, b"garbage"), Err(BOOKKEEPING));
        assert_eq!(read(Circumstances { name: ".x", ..file }, b"Message-ID: <1@x>\n\n"), maildir);
    }

    #[test]
    fn the_caller_knows_better() {
        let file = Circumstances { as_format: As::Eml, delivered: false, given: true, name: ".DS_Store" };
        assert_eq!(read(file, b"\x1f\x8b"), EML);
        assert_eq!(read(Circumstances { given: false, ..file }, b"x"), Err(BOOKKEEPING));
        assert_eq!(read(Circumstances { as_format: As::Mbox, ..file }, b"x"), Ok("mbox"));
        assert_eq!(read(Circumstances { as_format: As::Messages, ..file }, b"x"), Ok("messages"));
        let maildir = Circumstances { as_format: As::Maildir, name: "m", ..file };
        assert_eq!(read(maildir, b"x"), Ok("maildir"));
        assert!(read(Circumstances { given: false, ..maildir }, b"x").unwrap_err().contains("`cur`"));
    }
}
