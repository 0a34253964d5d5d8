//! Reading of one item.

use std::io::Write;

use super::Archive;
use super::disposition::Notes;
use super::follow::{read_facts, spool};
use super::prepare::LARGE;
use super::related::{Related, RelatedMessage};
use crate::message::{self, Facts, JournalReport};
use crate::model::{
    AddressGroup, CallFacts, Conversation, Defect, Digest, Item, ItemNo, Kind, MessageEvent, MessageNo, PartNo,
    Participant, ReviewNote, UtcTime,
};
use crate::store::{ContentReader, MessageRow, Snapshot, folder, item, items_of_message, mailbox, message, unsearched};
use crate::{Error, Result};

/// An attachment as `show` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownAttachment {
    /// Its number in the message, from 1.
    pub n: usize,
    /// File name as declared.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Decoded size in bytes.
    pub bytes: u64,
    /// Digest of the decoded bytes.
    pub digest: Digest,
}

/// An item as `show` displays it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownItem {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Digest of its raw bytes.
    pub digest: Digest,
    /// Raw size in bytes.
    pub bytes: u64,
    /// Address of its mailbox.
    pub mailbox: String,
    /// Path of its folder.
    pub folder: String,
    /// Other items of the same message, with mailbox and folder.
    pub also_in: Vec<(ItemNo, String, String)>,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// The transport's.
    pub received_at: Option<UtcTime>,
    /// When this archive took the item in.
    pub captured_at: UtcTime,
    /// What sort of communication it is.
    pub kind: Kind,
    /// The platform.
    pub platform: String,
    /// Message-ID header.
    pub message_id: Option<String>,
    /// Everybody named.
    pub participants: Vec<Participant>,
    /// Groups of addresses that its header names.
    pub groups: Vec<AddressGroup>,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
    /// Attachments.
    pub attachments: Vec<ShownAttachment>,
    /// What happened.
    pub event: MessageEvent,
    /// The chat.
    pub conversation: Option<Conversation>,
    /// Facts of a call.
    pub call: Option<CallFacts>,
    /// Who made the message out of what a platform delivered; empty for mail.
    pub source: String,
    /// What a chat knows of it beyond all this, by JSON Pointer (RFC 6901).
    pub details: serde_json::Map<String, serde_json::Value>,
    /// The journal report that it came in.
    pub journal: Option<JournalReport>,
    /// Events about it, in the order in which they happened.
    pub events: Vec<RelatedMessage>,
    /// Messages that may be further events and were not looked at.
    pub unread_events: u64,
    /// The message that it is about, if it is an event and that message is in the archive.
    pub about: Option<RelatedMessage>,
    /// The same message of a chat as other exports have it.
    pub renditions: Vec<RelatedMessage>,
    /// Damage that was met, for people.
    pub defects: Vec<String>,
    /// Why not all of it can be searched, for people.
    pub partially_indexed: Vec<String>,
    /// The name of its retention label.
    pub label: Option<String>,
    /// What reviewers decided over it, the oldest first.
    pub reviews: Vec<ReviewNote>,
}

impl Archive {
    /// One item, parsed, and for a chat message what happened to it.
    ///
    /// # Errors
    /// There is none, it is damaged, or the store failed; for a chat message also if the index failed.
    pub fn show(&mut self, no: ItemNo) -> Result<ShownItem> {
        let snapshot = self.store.snapshot()?;
        let (item, row) = read(&snapshot, no)?;
        let facts = read_facts(&self.directory, &mut ContentReader::new(&snapshot)?, &row)?;
        let related = self.related(&snapshot, &item, &facts)?;
        let shown = shown(&snapshot, &item, &row, facts, related)?;
        self.record_alone("show", &no.to_string(), "")?;
        Ok(shown)
    }

    /// Writes the raw bytes of an item to `out`: exactly what arrived, or what was made of a converted message.
    ///
    /// # Errors
    /// There is none, it is damaged, the store failed, or `out` did.
    pub fn write_raw(&mut self, no: ItemNo, out: &mut dyn Write) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let (_, row) = read(&snapshot, no)?;
        let mut reader = ContentReader::new(&snapshot)?;
        self.record_alone("show.raw", &no.to_string(), &row.digest.to_string())?;
        if row.raw_len > LARGE {
            return reader.stream(&row, out);
        }
        out.write_all(&reader.raw(&row)?).map_err(Error::io("write", "the output"))
    }

    /// Writes the header section of an item to `out`.
    ///
    /// # Errors
    /// There is none, it is damaged, the store failed, or `out` did.
    pub fn write_headers(&mut self, no: ItemNo, out: &mut dyn Write) -> Result<()> {
        const LONGEST: u64 = 4 << 20;
        let snapshot = self.store.snapshot()?;
        let (_, row) = read(&snapshot, no)?;
        let mut reader = ContentReader::new(&snapshot)?;
        self.record_alone("show.headers", &no.to_string(), "")?;
        let raw = if row.raw_len > LARGE {
            let spool = spool(&self.directory, &mut reader, &row)?;
            let mut start = vec![0; LONGEST.min(row.raw_len) as usize];
            crate::message::RawSource::read_exact_at(&spool, 0, &mut start)
                .map_err(Error::io("read", "the spool file"))?;
            start
        } else {
            reader.raw(&row)?
        };
        out.write_all(message::header_section(&raw)).map_err(Error::io("write", "the output"))
    }

    /// Writes the decoded bytes of attachment `n` (from 1) of an item to `out`; returns its description.
    ///
    /// # Errors
    /// There is no such item or attachment, it is damaged, the store failed, or `out` did.
    pub fn write_attachment(&mut self, no: ItemNo, n: usize, out: &mut dyn Write) -> Result<ShownAttachment> {
        let snapshot = self.store.snapshot()?;
        let (_, row) = read(&snapshot, no)?;
        let mut reader = ContentReader::new(&snapshot)?;
        let facts = read_facts(&self.directory, &mut reader, &row)?;
        let listed = attachments(&facts);
        let found = listed.into_iter().find(|attachment| attachment.n == n);
        let found = found.ok_or_else(|| Error::NotFound { what: "attachment", id: format!("{n} of item {no}") })?;
        self.record_alone("show.attachment", &no.to_string(), &format!("attachment {n}: {}", found.digest))?;
        let raw = if row.raw_len <= LARGE { Some(reader.raw(&row)?) } else { None };
        if !copy_attachment(&mut reader, &row, raw.as_deref(), (n, found.digest), out)? {
            return Err(Error::InvalidInput(format!(
                "attachment {n} of item {no} is not in an encoding that can be cut out of a message of this size: take the \
                 whole message with --raw"
            )));
        }
        Ok(found)
    }
}

/// Writes the decoded bytes of the attachment of a message that has this number (from 1) and digest; whether it can be cut out
/// of the message. `raw` are its bytes, unless it is large.
pub(super) fn copy_attachment(
    reader: &mut ContentReader,
    row: &MessageRow,
    raw: Option<&[u8]>,
    (n, digest): (usize, Digest),
    out: &mut dyn Write,
) -> Result<bool> {
    let mut write = |bytes: &[u8]| out.write_all(bytes).map_err(Error::io("write", "the output"));
    if let Some(raw) = raw {
        return message::attachment(raw, n).map_or(Ok(false), |bytes| write(&bytes).map(|()| true));
    }
    let part = large_attachment(reader, row, digest)?;
    part.map_or(Ok(false), |part| reader.part(part, &mut write).map(|()| true))
}

/// The part of a large message that is the attachment with this digest; `None` if it cannot be cut out.
pub(super) fn large_attachment(reader: &mut ContentReader, row: &MessageRow, digest: Digest) -> Result<Option<PartNo>> {
    let mut parts = reader.encoded_parts(row)?.into_iter();
    Ok(parts.find(|(_, stored, _)| *stored == digest).map(|(part, ..)| part))
}

fn read(snapshot: &Snapshot, no: ItemNo) -> Result<(Item, MessageRow)> {
    let item = item(snapshot, no)?.ok_or_else(|| Error::NotFound { what: "item", id: no.to_string() })?;
    let row = message(snapshot, item.message)?
        .ok_or_else(|| Error::Corrupt(format!("item {no} refers to message {}, which is missing", item.message)))?;
    Ok((item, row))
}

pub(super) fn attachments(facts: &Facts) -> Vec<ShownAttachment> {
    let numbered = facts.attachments.iter().enumerate();
    numbered
        .map(|(index, facts)| ShownAttachment {
            n: index + 1,
            name: facts.attachment.name.clone(),
            media_type: facts.attachment.media_type.clone(),
            bytes: facts.attachment.bytes,
            digest: facts.attachment.digest,
        })
        .collect()
}

/// Why not all of a message can be searched, for people; what an older version did not note is `seen` in the message.
pub(super) fn why_partially_indexed(snapshot: &Snapshot, no: MessageNo, seen: Vec<Defect>) -> Result<Vec<String>> {
    let noted = unsearched(snapshot, no)?;
    let reasons = if noted.is_empty() { seen } else { noted };
    Ok(reasons.into_iter().map(|reason| reason.detail).collect())
}

fn shown(snapshot: &Snapshot, item: &Item, row: &MessageRow, facts: Facts, related: Related) -> Result<ShownItem> {
    let place = |item: &Item| -> Result<(String, String)> {
        Ok((mailbox(snapshot, item.mailbox)?.address, folder(snapshot, item.folder)?.path))
    };
    let mut also_in = Vec::new();
    for other in items_of_message(snapshot, item.message)?.iter().filter(|other| other.no != item.no) {
        let (mailbox, folder) = place(other)?;
        also_in.push((other.no, mailbox, folder));
    }
    let (mailbox, folder) = place(item)?;
    let notes = Notes::load(snapshot)?.of(snapshot, item.no)?;
    Ok(ShownItem {
        item: item.no,
        message: item.message,
        digest: row.digest,
        bytes: row.raw_len,
        mailbox,
        folder,
        also_in,
        sent_at: row.sent_at,
        received_at: row.received_at,
        captured_at: item.captured_at,
        text: facts.shown_text(),
        attachments: attachments(&facts),
        kind: facts.kind,
        platform: facts.platform,
        message_id: facts.message_id,
        participants: facts.participants,
        groups: facts.groups,
        subject: facts.subject,
        event: facts.event,
        conversation: facts.conversation,
        call: facts.call,
        source: facts.source,
        details: facts.details,
        journal: facts.journal,
        events: related.events,
        unread_events: related.unread_events,
        about: related.about,
        renditions: related.renditions,
        defects: facts.defects.into_iter().map(|defect| defect.detail).collect(),
        partially_indexed: why_partially_indexed(snapshot, item.message, facts.partially_indexed)?,
        label: notes.label,
        reviews: notes.notes,
    })
}
