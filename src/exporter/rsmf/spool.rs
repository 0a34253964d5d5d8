//! Events and files that wait in an unnamed file until all of a folder is known.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek as _, SeekFrom, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Content, ExportDirectory, ExportedItem};
use crate::model::{CallFacts, Conversation, Event, Importance, Participant, Role, UtcTime};
use crate::{Error, Result};

/// A range of bytes of the spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Extent {
    start: u64,
    pub(super) len: u64,
}

/// A message as it waits.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SpooledEvent {
    pub(super) item: u64,
    /// When it was sent, if that is known.
    pub(super) sent_at: Option<UtcTime>,
    pub(super) captured_at: UtcTime,
    pub(super) platform: String,
    pub(super) event: Event,
    pub(super) reference: String,
    pub(super) native_id: String,
    pub(super) reply_to: String,
    pub(super) conversation: Option<Conversation>,
    pub(super) participants: Vec<Participant>,
    pub(super) text: String,
    pub(super) important: bool,
    pub(super) call: Option<CallFacts>,
    /// What a chat knows of it beyond all this, by JSON Pointer.
    pub(super) details: Map<String, Value>,
    pub(super) sha256: String,
    pub(super) files: Vec<SpooledFile>,
}

/// A file of a message.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SpooledFile {
    pub(super) name: String,
    /// Where its bytes are; `None` if they cannot be cut out of the message.
    pub(super) extent: Option<Extent>,
}

impl SpooledEvent {
    /// When it was sent; when it was captured if that is not known.
    pub(super) fn time(&self) -> UtcTime {
        self.sent_at.unwrap_or(self.captured_at)
    }

    /// Who wrote it.
    pub(super) fn author(&self) -> Option<&Participant> {
        self.participants.iter().find(|participant| participant.role == Role::From)
    }
}

/// The unnamed file.
pub(super) struct Spool {
    file: File,
    end: u64,
}

impl Spool {
    pub(super) fn new(directory: &ExportDirectory) -> Result<Self> {
        Ok(Self { file: directory.spool()?, end: 0 })
    }

    /// A message, its files in the spool.
    pub(super) fn event(&mut self, item: &ExportedItem<'_>, content: &mut dyn Content) -> Result<SpooledEvent> {
        let facts = item.facts;
        let mut files = Vec::with_capacity(facts.attachments.len());
        for (index, attached) in facts.attachments.iter().enumerate() {
            let (n, digest) = (index + 1, attached.attachment.digest);
            let mut extent = None;
            if content.has_attachment(n, digest)? {
                extent = Some(self.append(|out| content.write_attachment(n, digest, out))?);
            }
            files.push(SpooledFile { name: attached.attachment.name.clone(), extent });
        }
        Ok(SpooledEvent {
            item: item.item.0,
            sent_at: facts.sent_at,
            captured_at: item.captured_at,
            platform: facts.platform.clone(),
            event: facts.event.event,
            reference: facts.event.reference.clone(),
            native_id: facts.native_id.clone(),
            reply_to: facts.reply_to.clone(),
            conversation: facts.conversation.clone(),
            participants: facts.participants.clone(),
            text: facts.shown_text(),
            important: facts.importance == Importance::High,
            call: facts.call.clone(),
            details: facts.details.clone(),
            sha256: item.sha256.to_string(),
            files,
        })
    }

    pub(super) fn put(&mut self, event: &SpooledEvent) -> Result<Extent> {
        let bytes = serde_json::to_vec(event).map_err(|error| failed("write")(error.into()))?;
        self.append(|out| out.write_all(&bytes).map_err(failed("write")))
    }

    pub(super) fn get(&mut self, extent: Extent) -> Result<SpooledEvent> {
        let mut bytes = Vec::with_capacity(usize::try_from(extent.len).unwrap_or_default());
        self.read(extent)?.read_to_end(&mut bytes).map_err(failed("read"))?;
        serde_json::from_slice(&bytes).map_err(|error| failed("read")(error.into()))
    }

    /// The bytes of an extent.
    pub(super) fn read(&mut self, extent: Extent) -> Result<impl Read + '_> {
        self.file.seek(SeekFrom::Start(extent.start)).map_err(failed("read"))?;
        Ok((&self.file).take(extent.len))
    }

    /// Appends what `write` writes.
    fn append(&mut self, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<Extent> {
        self.file.seek(SeekFrom::Start(self.end)).map_err(failed("write"))?;
        let mut out = BufWriter::with_capacity(1 << 16, &self.file);
        write(&mut out)?;
        out.flush().map_err(failed("write"))?;
        drop(out);
        let end = self.file.stream_position().map_err(failed("write"))?;
        let extent = Extent { start: self.end, len: end - self.end };
        self.end = end;
        Ok(extent)
    }
}

fn failed(action: &'static str) -> impl FnOnce(io::Error) -> Error {
    Error::io(action, "the spool file of the export")
}
