//! A record to a mail.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use mail_builder::MessageBuilder;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::{BodyPart, MimePart};

use super::address::{mailbox, platform_mailbox, shows_id, shows_number};
use super::header_value::unstructured;
use super::json::write_string;
use super::platform::platform_display;
use super::record::{AttachmentRef, Person, Record};
use super::subject::subject;
use crate::message::segment::{Encoding, PartEncoder, encode_part};
use crate::model::Digest;

/// Longest line of a `7bit` or `8bit` body (RFC 2045 2.7 and 2.8), in bytes without its end.
const MAX_LINE: usize = 998;

/// RFC 2045 6.8.
const BASE64_LINES: Encoding = Encoding::Base64 { line_chars: 76, crlf: true, final_newline: false };

/// The bytes of an attachment, in memory.
#[derive(Debug, Clone, Copy)]
pub struct AttachmentContent<'a>(pub &'a [u8]);

/// The bytes of an attachment, as a stream that was measured before.
pub struct AttachmentReader<'a> {
    /// Gives the bytes.
    pub reader: &'a mut dyn Read,
    /// Their number.
    pub len: u64,
    /// Their BLAKE3.
    pub digest: Digest,
}

/// The mail of a record. `attachments` are the bytes of `record.attachments`, in order; `ordinal` counts equal records
/// before this one, from 0, and is ignored if the record has a native id.
///
/// # Errors
/// `attachments` are not as many as those of the record.
pub fn to_mail(record: &Record, attachments: &[AttachmentContent<'_>], ordinal: u64) -> io::Result<Vec<u8>> {
    let mut contents: Vec<&[u8]> = attachments.iter().map(|content| content.0).collect();
    let readers = contents.iter_mut().map(|bytes| {
        let (len, digest) = (bytes.len() as u64, Digest::of(bytes));
        AttachmentReader { reader: bytes, len, digest }
    });
    let mut mail = Vec::new();
    to_mail_stream(record, &mut readers.collect::<Vec<_>>(), ordinal, &mut mail)?;
    Ok(mail)
}

/// Writes the mail of a record whose attachments need not fit in memory. The bytes are those of [`to_mail`].
///
/// # Errors
/// `attachments` are not as many as those of the record ([`io::ErrorKind::InvalidInput`]); one of them is not what was
/// measured ([`io::ErrorKind::InvalidData`]); or reading or writing failed. What was written is of no use then.
pub fn to_mail_stream(
    record: &Record,
    attachments: &mut [AttachmentReader<'_>],
    ordinal: u64,
    out: &mut dyn Write,
) -> io::Result<()> {
    if attachments.len() != record.attachments.len() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the attachments are not those of the record"));
    }
    let digests: Vec<Digest> = attachments.iter().map(|attachment| attachment.digest).collect();
    let identity = record.identity(&digests, ordinal);
    let skeleton = skeleton(record, identity, record.ordinal(ordinal), &extra(record, &numbers(record)))?;
    let mut rest = skeleton.as_slice();
    for (index, attachment) in attachments.iter_mut().enumerate() {
        let place = place(identity, index);
        let at = memchr::memmem::find(rest, place.as_bytes()).ok_or(io::ErrorKind::Other)?;
        out.write_all(rest.get(..at).unwrap_or_default())?;
        write_content(attachment, out)?;
        rest = rest.get(at + place.len()..).unwrap_or_default();
    }
    out.write_all(rest)
}

/// The header that the mail of a record had before it said which numbers are none, and the length of the header that it
/// has; `None` if they are the same. Arguments as for [`to_mail`], with the digests of the attachments.
///
/// # Errors
/// The mail cannot be written.
pub fn former_header(record: &Record, digests: &[Digest], ordinal: u64) -> io::Result<Option<(Vec<u8>, u64)>> {
    let numbers = numbers(record);
    if numbers.is_empty() {
        return Ok(None);
    }
    let identity = record.identity(digests, ordinal);
    let header = |extra: &str| -> io::Result<Vec<u8>> {
        let mut mail = skeleton(record, identity, record.ordinal(ordinal), extra)?;
        let end = memchr::memmem::find(&mail, b"\r\n\r\n").ok_or(io::ErrorKind::InvalidData)?;
        mail.truncate(end);
        Ok(mail)
    };
    let now = header(&extra(record, &numbers))?.len() as u64;
    Ok(Some((header(&extra(record, &[]))?, now)))
}

/// The mail with places instead of the contents of attachments.
fn skeleton(record: &Record, identity: Digest, ordinal: u64, extra: &str) -> io::Result<Vec<u8>> {
    let id = identity.to_string();
    let id = id.get(..32).unwrap_or_default();
    let mut builder = MessageBuilder::new();
    for (name, value) in fields(record, id, ordinal, extra) {
        builder = builder.header(name, Raw::new(value));
    }
    let text = text_part(&record.text);
    let body = if record.attachments.is_empty() {
        text
    } else {
        let attachments = record.attachments.iter().enumerate();
        let attachments = attachments.map(|(index, attachment)| attachment_part(attachment, place(identity, index)));
        let content_type = ContentType::new("multipart/mixed").attribute("boundary", format!("custodia-{id}"));
        MimePart::new(content_type, std::iter::once(text).chain(attachments).collect::<Vec<_>>())
    };
    builder.body(body).write_to_vec()
}

/// What stands for the content of an attachment. No record can contain it, because it depends on the whole record.
fn place(identity: Digest, index: usize) -> String {
    Digest::of(format!("place {index} in {identity}").as_bytes()).to_string()
}

/// The header fields in their order; those without value are left out.
fn fields(record: &Record, id: &str, ordinal: u64, extra: &str) -> Vec<(&'static str, String)> {
    let platform = record.platform.as_str();
    let sender = record
        .sender
        .as_ref()
        .map_or_else(|| platform_mailbox(&platform_display(platform), platform), |person| mailbox(person, platform));
    let recipients = record.recipients.iter().map(|person| mailbox(person, platform)).collect::<Vec<_>>().join(", ");
    let chat = record.conversation.as_ref();
    let call = record.call.as_ref();
    let seconds = call.and_then(|call| call.duration_seconds).map(|seconds| seconds.to_string()).unwrap_or_default();
    let group = |group| if group { "group" } else { "direct" };
    let encoded = [
        ("Subject", subject(record)),
        ("X-Custodia-Source", record.source.clone()),
        ("X-Custodia-Platform", platform.to_owned()),
        ("X-Custodia-Kind", record.kind.as_str().to_owned()),
        ("X-Custodia-Conversation-Id", chat.map(|chat| chat.id.clone()).unwrap_or_default()),
        ("X-Custodia-Conversation-Name", chat.map(|chat| chat.name.clone()).unwrap_or_default()),
        ("X-Custodia-Conversation-Type", chat.map_or("", |chat| group(chat.group)).to_owned()),
        ("X-Custodia-Native-Id", record.native_id.clone()),
        ("X-Custodia-Event", record.event.as_str().to_owned()),
        ("X-Custodia-Event-Reference", record.event_reference.clone()),
        ("X-Custodia-Reply-To", record.reply_to.clone()),
        ("X-Custodia-Call-Direction", call.map(|call| call.direction.clone()).unwrap_or_default()),
        ("X-Custodia-Call-Answered", yes_or_no(call.and_then(|call| call.answered)).to_owned()),
        ("X-Custodia-Call-Duration", seconds),
        ("X-Custodia-Sent", record.sent_text.clone()),
        ("X-Custodia-Ordinal", if ordinal == 0 { String::new() } else { ordinal.to_string() }),
        ("X-Custodia-Extra", extra.to_owned()),
    ];
    let date = record.sent.to_utc().format("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let mut fields = vec![("From", sender), ("To", recipients), ("Date", date)];
    fields.push(("Message-ID", format!("<{id}@{platform}.invalid>")));
    fields.extend(encoded.into_iter().map(|(name, value)| (name, unstructured(&value))));
    fields.push(("MIME-Version", "1.0".to_owned()));
    fields.retain(|(_, value)| !value.is_empty());
    fields
}

fn yes_or_no(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

/// People with their places in the record.
fn people(record: &Record) -> impl Iterator<Item = (String, &Person)> {
    let sender = record.sender.iter().map(|person| ("/sender".to_owned(), person));
    let recipients = record.recipients.iter().enumerate();
    sender.chain(recipients.map(|(index, person)| (format!("/recipients/{index}"), person)))
}

/// The numbers of people whose names or addresses look as if they had another one.
fn numbers(record: &Record) -> Vec<(String, String)> {
    let people = people(record).filter(|(_, person)| !shows_number(person, &record.platform));
    people.map(|(pointer, person)| (format!("{pointer}/number"), json_string(&person.number))).collect()
}

/// A JSON object of `numbers` and everything else that no other field shows; empty if there is nothing.
fn extra(record: &Record, numbers: &[(String, String)]) -> String {
    let ids = people(record).filter(|(_, person)| !shows_id(person));
    let ids = ids.map(|(pointer, person)| (format!("{pointer}/id"), json_string(&person.id)));
    let mut members: Vec<(String, String)> = record.extra.iter().chain(numbers).cloned().chain(ids).collect();
    members.sort();
    let mut json = String::new();
    for (pointer, value) in &members {
        json.push(if json.is_empty() { '{' } else { ',' });
        write_string(pointer, &mut json);
        json.push(':');
        json.push_str(value);
    }
    if json.is_empty() { json } else { json + "}" }
}

fn json_string(text: &str) -> String {
    let mut json = String::new();
    write_string(text, &mut json);
    json
}

fn text_part(text: &str) -> MimePart<'_> {
    let (encoding, body) = text_body(text);
    MimePart::raw(BodyPart::Binary(body))
        .header("Content-Type", Raw::new("text/plain; charset=utf-8"))
        .header("Content-Transfer-Encoding", Raw::new(encoding))
}

/// The transfer encoding and the body of a text.
fn text_body(text: &str) -> (&'static str, Cow<'_, [u8]>) {
    let lone_return = text.replace("\r\n", "\n").contains('\r');
    if lone_return || text.contains('\0') {
        let (mut encoder, mut body) = (PartEncoder::new(BASE64_LINES), Vec::new());
        encoder.push(text.as_bytes(), &mut body);
        encoder.finish(&mut body);
        return ("base64", Cow::Owned(body));
    }
    let longest = text.split('\n').map(str::len).max().unwrap_or(0);
    let encoding = match (longest > MAX_LINE, text.is_ascii()) {
        (true, _) => "binary",
        (false, true) => "7bit",
        (false, false) => "8bit",
    };
    let body = if text.contains('\n') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes())
    } else {
        Cow::Borrowed(text.as_bytes())
    };
    (encoding, body)
}

fn attachment_part(attachment: &AttachmentRef, place: String) -> MimePart<'_> {
    // RFC 2046 5.2.1 and RFC 2045 6.4: these types must not be base64.
    let kind = attachment.media_type.to_ascii_lowercase();
    let opaque = kind.is_empty() || kind.starts_with("message/") || kind.starts_with("multipart/");
    let media_type = if opaque { "application/octet-stream" } else { &attachment.media_type };
    let mut disposition = ContentType::new("attachment");
    if !attachment.name.is_empty() {
        disposition = disposition.attribute("filename", attachment.name.as_str());
    }
    let mut part = MimePart::raw(BodyPart::Binary(Cow::Owned(place.into_bytes())))
        .header("Content-Type", Raw::new(media_type))
        .header("Content-Disposition", disposition)
        .header("Content-Transfer-Encoding", Raw::new("base64"));
    if opaque && !kind.is_empty() {
        part = part.header("X-Custodia-Media-Type", Raw::new(unstructured(&attachment.media_type)));
    }
    if !attachment.shown_path().is_empty() {
        part = part.header("X-Custodia-Path", Raw::new(unstructured(attachment.shown_path())));
    }
    part
}

fn write_content(attachment: &mut AttachmentReader<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut measured = Measured { reader: &mut *attachment.reader, len: 0, hasher: blake3::Hasher::new() };
    encode_part(&mut measured, BASE64_LINES, out)?;
    if measured.len != attachment.len || *measured.hasher.finalize().as_bytes() != attachment.digest.0 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the attachment changed while it was read"));
    }
    Ok(())
}

/// A reader that measures what it gives.
struct Measured<R> {
    reader: R,
    len: u64,
    hasher: blake3::Hasher,
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        self.len += count as u64;
        Ok(count)
    }
}
