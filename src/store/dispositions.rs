//! Disposition records, and the one way in which anything is destroyed.

use redb::{ReadableTable as _, ReadableTableMetadata as _};
use serde::{Deserialize, Serialize};

use super::codec::{self, Fields, Record};
use super::content::{ContentReader, Removal, remove_message};
use super::failed;
use super::items;
use super::renditions::remove_rendition;
use super::tables::{DISPOSITIONS, Tables, Transaction};
use super::unsearched::put_unsearched;
use crate::Result;
use crate::model::{Actor, ContentHash, Digest, Item, ItemNo, MessageNo, ReviewNote, UtcTime};

/// What stays of a disposed item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispositionRecord {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Digest of the message's raw bytes.
    pub digest: Digest,
    /// Address of the mailbox that it was in.
    pub mailbox: String,
    /// Path of the folder that it was in.
    pub folder: String,
    /// The policy that it was disposed of under, by name.
    pub rule: String,
    /// Digest of the plan that was executed.
    pub plan: Digest,
    /// When.
    pub disposed_at: UtcTime,
    /// Whether the content went too; it stays while another item needs it.
    pub content_destroyed: bool,
    /// By what a copy of the message is known again; not kept before version 2.
    pub content: Option<SaltedContentHash>,
    /// Who approved the disposition.
    pub reviewers: Vec<Actor>,
    /// The name of the label that it carried; not kept before version 3.
    pub label: Option<String>,
    /// What reviewers decided over it, the oldest first; not kept before version 3.
    pub reviews: Vec<ReviewNote>,
}

/// A content hash that only whoever has a copy of the message can make again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaltedContentHash {
    /// Random, different for each item.
    pub salt: [u8; 16],
    /// BLAKE3 in key derivation mode (`custodia disposed content 1`) of the salt and the content hash.
    pub hash: Digest,
}

impl SaltedContentHash {
    /// The salted hash for `item`, with a salt derived from `key`, which is random for each execution.
    pub fn of(content: &ContentHash, key: &[u8; 32], item: ItemNo) -> Self {
        let derived = *blake3::keyed_hash(key, &item.0.to_le_bytes()).as_bytes();
        let salt = *derived.first_chunk().unwrap_or(&[0; 16]);
        let mut hasher = blake3::Hasher::new_derive_key("custodia disposed content 1");
        let hash = *hasher.update(&salt).update(&content.0).finalize().as_bytes();
        Self { salt, hash: Digest(hash) }
    }
}

impl Record for DispositionRecord {
    const VERSION: u8 = 3;
    const NAME: &'static str = "a disposition record";

    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        if !matches!(version, 1 | 2) {
            return Ok(None);
        }
        Ok(Some(Self {
            item: fields.read()?,
            message: fields.read()?,
            digest: fields.read()?,
            mailbox: fields.read()?,
            folder: fields.read()?,
            rule: fields.read()?,
            plan: fields.read()?,
            disposed_at: fields.read()?,
            content_destroyed: fields.read()?,
            content: if version == 1 { None } else { fields.read()? },
            reviewers: if version == 1 { Vec::new() } else { fields.read()? },
            label: None,
            reviews: Vec::new(),
        }))
    }
}

/// The disposition record of an item; `None` if it was not disposed of.
///
/// # Errors
/// The store failed.
pub fn disposition_record(tables: &impl Tables, item: ItemNo) -> Result<Option<DispositionRecord>> {
    let table = tables.table(DISPOSITIONS)?;
    let row = table.get(item.0).map_err(failed("read a disposition record"))?;
    row.map(|row| codec::decode(row.value())).transpose()
}

/// How many items were disposed of.
///
/// # Errors
/// The store failed.
pub fn disposition_count(tables: &impl Tables) -> Result<u64> {
    tables.table(DISPOSITIONS)?.len().map_err(failed("count the disposition records"))
}

/// Calls `visit` with each disposition record, by item.
///
/// # Errors
/// The store failed, or `visit` returned an error.
pub fn disposition_records(tables: &impl Tables, mut visit: impl FnMut(DispositionRecord) -> Result<()>) -> Result<()> {
    let table = tables.table(DISPOSITIONS)?;
    for row in table.iter().map_err(failed("read the disposition records"))? {
        visit(codec::decode(row.map_err(failed("read the disposition records"))?.1.value())?)?;
    }
    Ok(())
}

/// Destroys items within one transaction.
pub struct Disposal<'t> {
    transaction: &'t Transaction,
    reader: ContentReader,
    removal: Removal,
    destroyed: Vec<MessageNo>,
}

impl<'t> Disposal<'t> {
    /// A disposal within `transaction`; `reader` must read the state that `transaction` started from.
    pub fn new(transaction: &'t Transaction, reader: ContentReader) -> Self {
        Self { transaction, reader, removal: Removal::default(), destroyed: Vec::new() }
    }

    /// Destroys an item, with its message if no other item needs that, and keeps the record. Its `content_destroyed`
    /// is filled in here.
    ///
    /// # Errors
    /// The store failed.
    pub fn destroy(&mut self, item: &Item, mut record: DispositionRecord) -> Result<()> {
        record.content_destroyed = items::remove(self.transaction, item)?;
        if record.content_destroyed {
            remove_message(self.transaction, &mut self.reader, item.message, &mut self.removal)?;
            put_unsearched(self.transaction, item.message, &[], false)?;
            remove_rendition(self.transaction, item.message)?;
            self.destroyed.push(item.message);
        }
        let bytes = codec::encode(&record)?;
        let mut table = self.transaction.writable(DISPOSITIONS)?;
        table.insert(item.no.0, bytes.as_slice()).map_err(failed("write a disposition record"))?;
        Ok(())
    }

    /// Rewrites the packs without what was destroyed; returns the messages that are gone.
    ///
    /// # Errors
    /// The store failed.
    pub fn finish(self) -> Result<Vec<MessageNo>> {
        self.removal.finish(self.transaction)?;
        Ok(self.destroyed)
    }
}
