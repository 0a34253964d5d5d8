//! Quarantine: listed and shown.

use std::io::Write;

use super::Archive;
use super::follow::read_facts;
use super::prepare::LARGE;
use super::show::{ShownAttachment, attachments};
use crate::model::{
    AddressGroup, CallFacts, Conversation, Digest, MessageEvent, MessageNo, Participant, Quarantined, UtcTime,
};
use crate::store::{ContentReader, MessageRow, Snapshot, message, quarantined, quarantined_messages};
use crate::{Error, Result};

/// A message in quarantine as a list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedMessage {
    /// Why it is there, and where from.
    pub row: Quarantined,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// Raw size in bytes.
    pub bytes: u64,
}

/// A message in quarantine as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownQuarantined {
    /// As a list has it.
    pub listed: QuarantinedMessage,
    /// Digest of its raw bytes.
    pub digest: Digest,
    /// The transport's time.
    pub received_at: Option<UtcTime>,
    /// The platform.
    pub platform: String,
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
}

impl Archive {
    /// What waits in quarantine.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_quarantine(&self) -> Result<Vec<QuarantinedMessage>> {
        let snapshot = self.store.snapshot()?;
        let rows = quarantined_messages(&snapshot)?;
        rows.into_iter().map(|row| Ok(listed(&message_row(&snapshot, row.message)?, row))).collect()
    }

    /// One message in quarantine, parsed.
    ///
    /// # Errors
    /// It is not there, it is damaged, or the store failed.
    pub fn show_quarantined(&mut self, no: MessageNo) -> Result<ShownQuarantined> {
        let snapshot = self.store.snapshot()?;
        let row = waiting(&snapshot, no)?;
        let stored = message_row(&snapshot, no)?;
        let facts = read_facts(&self.directory, &mut ContentReader::new(&snapshot)?, &stored)?;
        self.record_alone("quarantine.show", &no.to_string(), "")?;
        Ok(ShownQuarantined {
            listed: listed(&stored, row),
            digest: stored.digest,
            received_at: stored.received_at,
            text: facts.shown_text(),
            attachments: attachments(&facts),
            platform: facts.platform,
            participants: facts.participants,
            groups: facts.groups,
            subject: facts.subject,
            event: facts.event,
            conversation: facts.conversation,
            call: facts.call,
        })
    }

    /// Writes the raw bytes of a message in quarantine to `out`.
    ///
    /// # Errors
    /// It is not there, it is damaged, the store failed, or `out` did.
    pub fn write_quarantined(&mut self, no: MessageNo, out: &mut dyn Write) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        waiting(&snapshot, no)?;
        let stored = message_row(&snapshot, no)?;
        let mut reader = ContentReader::new(&snapshot)?;
        self.record_alone("quarantine.show.raw", &no.to_string(), &stored.digest.to_string())?;
        if stored.raw_len > LARGE {
            return reader.stream(&stored, out);
        }
        out.write_all(&reader.raw(&stored)?).map_err(Error::io("write", "the output"))
    }
}

fn listed(stored: &MessageRow, row: Quarantined) -> QuarantinedMessage {
    QuarantinedMessage { row, sent_at: stored.sent_at, bytes: stored.raw_len }
}

fn waiting(snapshot: &Snapshot, no: MessageNo) -> Result<Quarantined> {
    quarantined(snapshot, no)?.ok_or_else(|| Error::NotFound { what: "message in quarantine", id: no.to_string() })
}

/// The row of a message in quarantine.
pub(super) fn message_row(snapshot: &Snapshot, no: MessageNo) -> Result<MessageRow> {
    message(snapshot, no)?
        .ok_or_else(|| Error::Corrupt(format!("message {no} is in quarantine, and its content is missing")))
}
