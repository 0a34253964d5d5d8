//! A JSON object for each item, with its text.

use std::io::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};

use super::directory::ExportFile;
use super::{Content, ExportDirectory, ExportedItem, Exporter};
use crate::message::JournalReport;
use crate::model::{AddressGroup, CallFacts, Conversation, Digest, FileDigest, MessageEvent, Participant, UtcTime};
use crate::{Error, Result};

/// The file that has all items.
const FILE: &str = "items.jsonl";

/// Writes `items.jsonl`, whose lines `schemas/export-item.schema.json` describes.
#[derive(Default)]
pub(super) struct Jsonl {
    open: Option<ExportFile>,
}

impl Exporter for Jsonl {
    fn item(
        &mut self,
        item: &ExportedItem<'_>,
        _: &mut dyn Content,
        directory: &mut ExportDirectory,
    ) -> Result<String> {
        let mut file = self.open.take().map_or_else(|| directory.file(FILE), Ok)?;
        let line = serde_json::to_vec(&ItemJson::of(item)).map_err(|error| Error::io("write", FILE)(error.into()))?;
        file.write_all(&line).and_then(|()| file.write_all(b"\n")).map_err(Error::io("write", FILE))?;
        self.open = Some(file);
        Ok(FILE.to_owned())
    }

    fn finish(&mut self, directory: &mut ExportDirectory) -> Result<()> {
        self.open.take().map_or(Ok(()), |file| directory.add(file).map(drop))
    }
}

#[derive(Serialize)]
struct ItemJson<'i> {
    r#type: &'static str,
    schema_version: u32,
    item: String,
    message: String,
    digest: Digest,
    sha256: FileDigest,
    bytes: u64,
    mailbox: &'i str,
    folder: &'i str,
    sent_at: Option<UtcTime>,
    received_at: Option<UtcTime>,
    captured_at: UtcTime,
    kind: &'static str,
    platform: &'i str,
    message_id: Option<&'i str>,
    thread_ids: &'i [String],
    participants: &'i [Participant],
    groups: &'i [AddressGroup],
    subject: &'i str,
    text: String,
    attachments: Vec<AttachmentJson<'i>>,
    event: &'i MessageEvent,
    conversation: Option<&'i Conversation>,
    call: Option<&'i CallFacts>,
    reply_to: &'i str,
    native_id: &'i str,
    source: &'i str,
    details: &'i Map<String, Value>,
    journal: Option<&'i JournalReport>,
    defects: Vec<&'i str>,
    partially_indexed: &'i [String],
    found_by: &'static str,
    retention_label: Option<&'i str>,
}

#[derive(Serialize)]
struct AttachmentJson<'i> {
    n: usize,
    name: &'i str,
    media_type: &'i str,
    bytes: u64,
    digest: Digest,
}

impl<'i> ItemJson<'i> {
    fn of(item: &ExportedItem<'i>) -> Self {
        let facts = item.facts;
        let attachments = facts.attachments.iter().enumerate().map(|(index, facts)| AttachmentJson {
            n: index + 1,
            name: &facts.attachment.name,
            media_type: &facts.attachment.media_type,
            bytes: facts.attachment.bytes,
            digest: facts.attachment.digest,
        });
        Self {
            r#type: "item",
            schema_version: 1,
            item: item.item.to_string(),
            message: item.message.to_string(),
            digest: item.digest,
            sha256: item.sha256,
            bytes: item.bytes,
            mailbox: item.mailbox,
            folder: item.folder,
            sent_at: facts.sent_at,
            received_at: facts.received_at,
            captured_at: item.captured_at,
            kind: facts.kind.as_str(),
            platform: &facts.platform,
            message_id: facts.message_id.as_deref(),
            thread_ids: &facts.thread_ids,
            participants: &facts.participants,
            groups: &facts.groups,
            subject: &facts.subject,
            text: facts.shown_text(),
            attachments: attachments.collect(),
            event: &facts.event,
            conversation: facts.conversation.as_ref(),
            call: facts.call.as_ref(),
            reply_to: &facts.reply_to,
            native_id: &facts.native_id,
            source: &facts.source,
            details: &facts.details,
            journal: facts.journal.as_ref(),
            defects: facts.defects.iter().map(|defect| defect.detail.as_str()).collect(),
            partially_indexed: item.partially_indexed,
            found_by: item.found_by(),
            retention_label: item.label,
        }
    }
}
