//! Disposition records, and the one way in which anything is destroyed.

use redb::ReadableTable as _;
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::content::{ContentReader, Removal, remove_message};
use super::failed;
use super::items;
use super::tables::{DISPOSITIONS, Tables, Transaction};
use super::unsearched::put_unsearched;
use crate::Result;
use crate::model::{Digest, Item, ItemNo, MessageNo, UtcTime};

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
}

impl Record for DispositionRecord {
    const NAME: &'static str = "a disposition record";
}

/// All disposition records by item.
///
/// # Errors
/// The store failed.
pub fn disposition_records(tables: &impl Tables) -> Result<Vec<DispositionRecord>> {
    let table = tables.table(DISPOSITIONS)?;
    let rows = table.iter().map_err(failed("read the disposition records"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the disposition records"))?.1.value())).collect()
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
