//! Items: which message stands in which mailbox and folder.
//!
//! Neighbouring items are alike: one batch, one commit, few mailboxes, messages and dates in order. So they stand in
//! chunks of columns, by number, and the numbers of the items of neighbouring messages in chunks of their own. Measured
//! on chat messages: 8 bytes for an item, where a row for each, keyed by place, number and message, took 90.

use std::collections::{BTreeMap, HashMap, HashSet};

use redb::{ReadableTable, Table};

use super::failed;
use super::item_chunk::{self, ITEMS_BITS, MESSAGES_BITS};
use super::item_reader::{LastChunks, chunk, pairs};
use super::sets::{MessageSet, extend_set};
use super::tables::{CLEARED_LABELS, ITEM_LABELS, ITEM_REVIEWS, ITEMS, MESSAGE_ITEMS, Tables, Transaction, counter};
use crate::model::{FolderNo, Item, ItemNo, MessageNo};
use crate::{Error, Result};

const COUNTER: &str = "item";

/// Items that were not disposed of.
const LIVE: &str = "live_items";

/// How many items there are.
///
/// # Errors
/// The store failed.
pub fn item_count(tables: &impl Tables) -> Result<u64> {
    counter(tables, LIVE)
}

/// One item; `None` if there is none with this number or it was disposed of.
///
/// # Errors
/// The store failed or the item's row is damaged.
pub fn item(tables: &impl Tables, no: ItemNo) -> Result<Option<Item>> {
    find(&tables.table(ITEMS)?, no)
}

fn find(items: &impl ReadableTable<u64, &'static [u8]>, no: ItemNo) -> Result<Option<Item>> {
    Ok(chunk(items, no.0 >> ITEMS_BITS)?.into_iter().find(|item| item.no == no))
}

/// The items of a message, by number.
///
/// # Errors
/// The store failed or a row is damaged.
pub fn items_of_message(tables: &impl Tables, message: MessageNo) -> Result<Vec<Item>> {
    LastChunks::default().items_of(&tables.table(MESSAGE_ITEMS)?, &tables.table(ITEMS)?, message)
}

/// Calls `visit` with each message and the number of an item that it knows as its own.
///
/// # Errors
/// The store failed, a row is damaged, or `visit` returned an error.
pub fn known_items(tables: &impl Tables, mut visit: impl FnMut(MessageNo, ItemNo) -> Result<()>) -> Result<()> {
    let table = tables.table(MESSAGE_ITEMS)?;
    for row in table.iter().map_err(failed("read the items of messages"))? {
        let (_, value) = row.map_err(failed("read the items of messages"))?;
        for (message, item) in item_chunk::read_pairs(value.value())? {
            visit(message, item)?;
        }
    }
    Ok(())
}

/// Calls `visit` with each item, by number.
///
/// # Errors
/// The store failed, a row is damaged, or `visit` returned an error.
pub fn all_items(tables: &impl Tables, mut visit: impl FnMut(Item) -> Result<()>) -> Result<()> {
    let table = tables.table(ITEMS)?;
    for row in table.iter().map_err(failed("read the items"))? {
        let (key, value) = row.map_err(failed("read the items"))?;
        item_chunk::read_items(key.value(), value.value())?.into_iter().try_for_each(&mut visit)?;
    }
    Ok(())
}

/// The newest item that there ever was; 0 before the first.
///
/// # Errors
/// The store failed.
pub fn last_item(tables: &impl Tables) -> Result<ItemNo> {
    counter(tables, COUNTER).map(ItemNo)
}

/// Calls `visit` with each item that came after `since`, by number.
///
/// # Errors
/// The store failed, a row is damaged, or `visit` returned an error.
pub fn items_since(tables: &impl Tables, since: ItemNo, mut visit: impl FnMut(Item) -> Result<()>) -> Result<()> {
    let table = tables.table(ITEMS)?;
    for row in table.range(since.0 >> ITEMS_BITS..).map_err(failed("read the items"))? {
        let (key, value) = row.map_err(failed("read the items"))?;
        let items = item_chunk::read_items(key.value(), value.value())?;
        items.into_iter().filter(|item| item.no > since).try_for_each(&mut visit)?;
    }
    Ok(())
}

/// Calls `visit` with each item that came after `since`, up to and including `through`, by number.
///
/// # Errors
/// The store failed, a row is damaged, or `visit` returned an error.
pub fn items_between(
    tables: &impl Tables,
    since: ItemNo,
    through: ItemNo,
    mut visit: impl FnMut(Item) -> Result<()>,
) -> Result<()> {
    let table = tables.table(ITEMS)?;
    let chunks = since.0 >> ITEMS_BITS..=through.0 >> ITEMS_BITS;
    for row in table.range(chunks).map_err(failed("read the items"))? {
        let (key, value) = row.map_err(failed("read the items"))?;
        let items = item_chunk::read_items(key.value(), value.value())?;
        items.into_iter().filter(|item| item.no > since && item.no <= through).try_for_each(&mut visit)?;
    }
    Ok(())
}

/// Adds items within one transaction. Rows are gathered and written by `finish`.
pub struct ItemWriter<'t> {
    transaction: &'t Transaction,
    message_items: Table<'t, u64, &'static [u8]>,
    items: Table<'t, u64, &'static [u8]>,
    new: Vec<Item>,
    added: HashMap<MessageNo, HashSet<FolderNo>>,
    last: u64,
    last_chunks: LastChunks,
}

impl<'t> ItemWriter<'t> {
    /// A writer within `transaction`.
    ///
    /// # Errors
    /// The store failed.
    pub fn new(transaction: &'t Transaction) -> Result<Self> {
        Ok(Self {
            transaction,
            last: counter(transaction, COUNTER)?,
            message_items: transaction.writable(MESSAGE_ITEMS)?,
            items: transaction.writable(ITEMS)?,
            new: Vec::new(),
            added: HashMap::new(),
            last_chunks: LastChunks::default(),
        })
    }

    /// The folders that the message has an item in, this transaction's own included.
    ///
    /// # Errors
    /// The store failed or a row is damaged.
    pub fn folders(&mut self, message: MessageNo) -> Result<HashSet<FolderNo>> {
        let mut folders = self.added.get(&message).cloned().unwrap_or_default();
        let known = self.last_chunks.items_of(&self.message_items, &self.items, message)?;
        folders.extend(known.iter().map(|item| item.folder));
        Ok(folders)
    }

    /// Adds an item under the next number; its `no` is ignored.
    pub fn add(&mut self, mut item: Item) -> ItemNo {
        self.last += 1;
        item.no = ItemNo(self.last);
        self.added.entry(item.message).or_default().insert(item.folder);
        self.new.push(item);
        item.no
    }

    /// Writes everything gathered.
    ///
    /// # Errors
    /// The store failed or a row is damaged.
    pub fn finish(mut self) -> Result<()> {
        let mut folders: BTreeMap<FolderNo, Vec<MessageNo>> = BTreeMap::new();
        let mut by_message: BTreeMap<u64, Vec<(MessageNo, ItemNo)>> = BTreeMap::new();
        for item in &self.new {
            folders.entry(item.folder).or_default().push(item.message);
            by_message.entry(item.message.0 >> MESSAGES_BITS).or_default().push((item.message, item.no));
        }
        for group in self.new.chunk_by(|a, b| a.no.0 >> ITEMS_BITS == b.no.0 >> ITEMS_BITS) {
            let Some(key) = group.first().map(|item| item.no.0 >> ITEMS_BITS) else { continue };
            let mut all = chunk(&self.items, key)?;
            all.extend_from_slice(group);
            put_items(&mut self.items, key, &all)?;
        }
        for (key, new) in by_message {
            let mut all = pairs(&self.message_items, key)?;
            all.extend(new);
            all.sort_unstable();
            put_pairs(&mut self.message_items, key, &all)?;
        }
        self.transaction.set_counter(COUNTER, self.last)?;
        self.transaction.set_counter(LIVE, counter(self.transaction, LIVE)? + self.new.len() as u64)?;
        for (folder, messages) in folders {
            extend_set(self.transaction, MessageSet::Folder(folder), messages, [])?;
        }
        Ok(())
    }
}

fn put_items(table: &mut Table<'_, u64, &'static [u8]>, key: u64, items: &[Item]) -> Result<()> {
    if items.is_empty() {
        table.remove(key).map_err(failed("remove an item"))?;
    } else {
        table.insert(key, item_chunk::write_items(items).as_slice()).map_err(failed("write an item"))?;
    }
    Ok(())
}

fn put_pairs(table: &mut Table<'_, u64, &'static [u8]>, key: u64, pairs: &[(MessageNo, ItemNo)]) -> Result<()> {
    if pairs.is_empty() {
        table.remove(key).map_err(failed("remove an item"))?;
    } else {
        table.insert(key, item_chunk::write_pairs(pairs).as_slice()).map_err(failed("write an item"))?;
    }
    Ok(())
}

/// Removes an item: part of one disposition, never called for anything else. Returns whether its message has none left.
pub(super) fn remove(transaction: &Transaction, item: &Item) -> Result<bool> {
    let key = item.no.0 >> ITEMS_BITS;
    let mut items = transaction.writable(ITEMS)?;
    let mut neighbours = chunk(&items, key)?;
    let before = neighbours.len();
    neighbours.retain(|other| other.no != item.no);
    if neighbours.len() == before {
        return Err(Error::NotFound { what: "item", id: item.no.to_string() });
    }
    put_items(&mut items, key, &neighbours)?;
    transaction.writable(ITEM_LABELS)?.remove(item.no.0).map_err(failed("remove an item"))?;
    transaction.writable(CLEARED_LABELS)?.remove(item.no.0).map_err(failed("remove an item"))?;
    transaction.writable(ITEM_REVIEWS)?.remove(item.no.0).map_err(failed("remove an item"))?;
    let key = item.message.0 >> MESSAGES_BITS;
    let mut message_items = transaction.writable(MESSAGE_ITEMS)?;
    let mut known = pairs(&message_items, key)?;
    let before = known.len();
    known.retain(|pair| *pair != (item.message, item.no));
    if known.len() == before {
        // Where this row is missing others may be too, and content that they need would be destroyed.
        return Err(Error::Corrupt(format!("message {} does not know its item {}", item.message, item.no)));
    }
    put_pairs(&mut message_items, key, &known)?;
    drop((items, message_items));
    let left = counter(transaction, LIVE)?.checked_sub(1);
    let left = left.ok_or_else(|| Error::Corrupt("more items are there than were counted".to_owned()))?;
    transaction.set_counter(LIVE, left)?;
    extend_set(transaction, MessageSet::Folder(item.folder), [], [item.message])?;
    Ok(!known.iter().any(|(message, _)| *message == item.message))
}
