//! What an export writes of one item.

use std::io::Write;

use crate::Result;
use crate::message::Facts;
use crate::model::{Digest, FileDigest, ItemNo, MessageNo, Participant, Role, UtcTime};

/// An item to be exported, with what the archive knows of it.
#[derive(Debug)]
pub struct ExportedItem<'i> {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Digest of its raw bytes, by which the archive knows them.
    pub digest: Digest,
    /// SHA-256 of its raw bytes.
    pub sha256: FileDigest,
    /// Raw size in bytes.
    pub bytes: u64,
    /// Address of its mailbox.
    pub mailbox: &'i str,
    /// Path of its folder.
    pub folder: &'i str,
    /// Folder of the export for its mailbox and folder, `/` between levels; no other has the same one.
    pub place: &'i str,
    /// When the archive took it in.
    pub captured_at: UtcTime,
    /// The name of its retention label.
    pub label: Option<&'i str>,
    /// What can be read out of the message.
    pub facts: &'i Facts,
    /// Why not all of it can be searched, for people.
    pub partially_indexed: &'i [String],
    /// Whether the query surely finds it; otherwise it is there because not all of it can be searched.
    pub is_match: bool,
}

/// The bytes of an exported item.
pub trait Content {
    /// Writes the raw bytes of the message.
    ///
    /// # Errors
    /// They are damaged, or cannot be read or written.
    fn write_raw(&mut self, out: &mut dyn Write) -> Result<()>;

    /// Whether the attachment that is number `n`, from 1, with this digest can be cut out of the message.
    ///
    /// # Errors
    /// The message is damaged or cannot be read.
    fn has_attachment(&mut self, n: usize, digest: Digest) -> Result<bool>;

    /// Writes the decoded bytes of that attachment; nothing if it cannot be cut out.
    ///
    /// # Errors
    /// They are damaged, or cannot be read or written.
    fn write_attachment(&mut self, n: usize, digest: Digest, out: &mut dyn Write) -> Result<()>;
}

impl ExportedItem<'_> {
    /// The word for why it is exported.
    pub(super) fn found_by(&self) -> &'static str {
        if self.is_match { "match" } else { "partially indexed" }
    }

    /// The people in a role, `; ` between them.
    pub(super) fn people(&self, role: Role) -> String {
        let named = self.facts.participants.iter().filter(|participant| participant.role == role);
        named.map(Participant::display).collect::<Vec<_>>().join("; ")
    }

    /// The title of its chat, else its id; empty for mail.
    pub(super) fn conversation(&self) -> &str {
        self.facts.conversation.as_ref().map_or("", |chat| if chat.name.is_empty() { &chat.id } else { &chat.name })
    }
}
