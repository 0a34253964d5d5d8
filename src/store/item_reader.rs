//! The items of one message after another.

use redb::{ReadOnlyTable, ReadableTable};

use super::failed;
use super::item_chunk::{self, ITEMS_BITS, MESSAGES_BITS};
use super::tables::{ITEMS, MESSAGE_ITEMS, Snapshot};
use crate::Result;
use crate::model::{Item, ItemNo, MessageNo};

/// Reads the items of messages. Of messages that are asked for in the order of their numbers, each chunk is read once.
pub struct ItemReader {
    message_items: ReadOnlyTable<u64, &'static [u8]>,
    items: ReadOnlyTable<u64, &'static [u8]>,
    last: LastChunks,
}

impl ItemReader {
    /// A reader of `snapshot`.
    ///
    /// # Errors
    /// The store failed.
    pub fn new(snapshot: &Snapshot) -> Result<Self> {
        Ok(Self {
            message_items: snapshot.0.open_table(MESSAGE_ITEMS).map_err(failed("open a table"))?,
            items: snapshot.0.open_table(ITEMS).map_err(failed("open a table"))?,
            last: LastChunks::default(),
        })
    }

    /// The items of a message, by number.
    ///
    /// # Errors
    /// The store failed or a row is damaged.
    pub fn of_message(&mut self, message: MessageNo) -> Result<Vec<Item>> {
        self.last.items_of(&self.message_items, &self.items, message)
    }
}

/// The chunks that were looked into last: the next message is likely to be in them too.
#[derive(Default)]
pub(super) struct LastChunks {
    pairs: Option<(u64, Vec<(MessageNo, ItemNo)>)>,
    items: Option<(u64, Vec<Item>)>,
}

impl LastChunks {
    /// The items of a message, by number.
    pub(super) fn items_of(
        &mut self,
        message_items: &impl ReadableTable<u64, &'static [u8]>,
        items: &impl ReadableTable<u64, &'static [u8]>,
        message: MessageNo,
    ) -> Result<Vec<Item>> {
        let key = message.0 >> MESSAGES_BITS;
        let known = match self.pairs.take() {
            Some((same, known)) if same == key => known,
            _ => pairs(message_items, key)?,
        };
        let mut found = Vec::new();
        for (_, no) in known.iter().filter(|(of, _)| *of == message) {
            let key = no.0 >> ITEMS_BITS;
            let neighbours = match self.items.take() {
                Some((same, neighbours)) if same == key => neighbours,
                _ => chunk(items, key)?,
            };
            found.extend(neighbours.iter().find(|item| item.no == *no).copied());
            self.items = Some((key, neighbours));
        }
        self.pairs = Some((key, known));
        Ok(found)
    }
}

/// The items of a chunk.
pub(super) fn chunk(items: &impl ReadableTable<u64, &'static [u8]>, key: u64) -> Result<Vec<Item>> {
    let row = items.get(key).map_err(failed("read items"))?;
    row.map_or(Ok(Vec::new()), |row| item_chunk::read_items(key, row.value()))
}

/// The messages of a chunk, each with the number of an item.
pub(super) fn pairs(
    message_items: &impl ReadableTable<u64, &'static [u8]>,
    key: u64,
) -> Result<Vec<(MessageNo, ItemNo)>> {
    let row = message_items.get(key).map_err(failed("read the items of a message"))?;
    row.map_or(Ok(Vec::new()), |row| item_chunk::read_pairs(row.value()))
}
