//! Items: which message stands in which mailbox and folder.

use std::collections::{BTreeMap, HashMap, HashSet};

use redb::{ReadableTable, ReadableTableMetadata as _, Table};
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::failed;
use super::sets::{MessageSet, extend_set};
use super::tables::{ITEM_LABELS, ITEM_PLACES, ITEM_REVIEWS, ITEMS, MESSAGE_ITEMS, Tables, Transaction, counter};
use crate::model::{BatchNo, FolderNo, Item, ItemNo, MailboxNo, MessageNo, UtcTime};
use crate::{Error, Result};

const COUNTER: &str = "item";

/// The columns of an item that its key does not hold.
#[derive(Serialize, Deserialize)]
struct ItemRow {
    message: MessageNo,
    batch: BatchNo,
    captured_at: UtcTime,
    created_at: UtcTime,
}

impl Record for ItemRow {
    const NAME: &'static str = "an item row";
}

fn assemble(mailbox: u32, folder: u32, no: u64, bytes: &[u8]) -> Result<Item> {
    let row: ItemRow = codec::decode(bytes)?;
    Ok(Item {
        no: ItemNo(no),
        mailbox: MailboxNo(mailbox),
        folder: FolderNo(folder),
        message: row.message,
        batch: row.batch,
        captured_at: row.captured_at,
        created_at: row.created_at,
    })
}

/// How many items there are.
///
/// # Errors
/// The store failed.
pub fn item_count(tables: &impl Tables) -> Result<u64> {
    tables.table(ITEM_PLACES)?.len().map_err(failed("count the items"))
}

/// One item; `None` if there is none with this number or it was disposed of.
///
/// # Errors
/// The store failed.
pub fn item(tables: &impl Tables, no: ItemNo) -> Result<Option<Item>> {
    let places = tables.table(ITEM_PLACES)?;
    let Some((mailbox, folder)) = places.get(no.0).map_err(failed("read an item"))?.map(|place| place.value()) else {
        return Ok(None);
    };
    let items = tables.table(ITEMS)?;
    let row = items.get((mailbox, folder, no.0)).map_err(failed("read an item"))?;
    row.map(|row| assemble(mailbox, folder, no.0, row.value())).transpose()
}

/// The items of a message, by number.
///
/// # Errors
/// The store failed.
pub fn items_of_message(tables: &impl Tables, message: MessageNo) -> Result<Vec<Item>> {
    let table = tables.table(MESSAGE_ITEMS)?;
    let mut items = Vec::new();
    for row in table.range((message.0, 0)..=(message.0, u64::MAX)).map_err(failed("read the items of a message"))? {
        let no = ItemNo(row.map_err(failed("read the items of a message"))?.0.value().1);
        items.extend(item(tables, no)?);
    }
    Ok(items)
}

/// Calls `visit` with each message and the number of an item that it knows as its own.
///
/// # Errors
/// The store failed, or `visit` returned an error.
pub fn known_items(tables: &impl Tables, mut visit: impl FnMut(MessageNo, ItemNo) -> Result<()>) -> Result<()> {
    let table = tables.table(MESSAGE_ITEMS)?;
    for row in table.iter().map_err(failed("read the items of messages"))? {
        let (message, item) = row.map_err(failed("read the items of messages"))?.0.value();
        visit(MessageNo(message), ItemNo(item))?;
    }
    Ok(())
}

/// Calls `visit` with each item, by mailbox, folder and number.
///
/// # Errors
/// The store failed, or `visit` returned an error.
pub fn all_items(tables: &impl Tables, visit: impl FnMut(Item) -> Result<()>) -> Result<()> {
    scan(&tables.table(ITEMS)?, (0, 0, 0)..=(u32::MAX, u32::MAX, u64::MAX), visit)
}

fn scan(
    table: &impl ReadableTable<(u32, u32, u64), &'static [u8]>,
    range: std::ops::RangeInclusive<(u32, u32, u64)>,
    mut visit: impl FnMut(Item) -> Result<()>,
) -> Result<()> {
    for row in table.range(range).map_err(failed("read the items"))? {
        let (key, value) = row.map_err(failed("read the items"))?;
        let (mailbox, folder, no) = key.value();
        visit(assemble(mailbox, folder, no, value.value())?)?;
    }
    Ok(())
}

/// Adds items within one transaction. Rows are gathered and written sorted by `finish`.
pub struct ItemWriter<'t> {
    transaction: &'t Transaction,
    message_items: Table<'t, (u64, u64), ()>,
    items: Table<'t, (u32, u32, u64), &'static [u8]>,
    places: Table<'t, u64, (u32, u32)>,
    new: Vec<Item>,
    added: HashMap<MessageNo, HashSet<FolderNo>>,
    last: u64,
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
            places: transaction.writable(ITEM_PLACES)?,
            new: Vec::new(),
            added: HashMap::new(),
        })
    }

    /// The folders that the message has an item in, this transaction's own included.
    ///
    /// # Errors
    /// The store failed.
    pub fn folders(&self, message: MessageNo) -> Result<HashSet<FolderNo>> {
        let mut folders = self.added.get(&message).cloned().unwrap_or_default();
        let range = (message.0, 0)..=(message.0, u64::MAX);
        for row in self.message_items.range(range).map_err(failed("look up an item"))? {
            let no = row.map_err(failed("look up an item"))?.0.value().1;
            let place = self.places.get(no).map_err(failed("look up an item"))?;
            folders.extend(place.map(|place| FolderNo(place.value().1)));
        }
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
    /// The store failed.
    pub fn finish(mut self) -> Result<()> {
        let mut folders: BTreeMap<FolderNo, Vec<MessageNo>> = BTreeMap::new();
        for item in &self.new {
            folders.entry(item.folder).or_default().push(item.message);
            self.places.insert(item.no.0, (item.mailbox.0, item.folder.0)).map_err(failed("write an item"))?;
        }
        self.new.sort_unstable_by_key(|item| (item.message, item.no));
        for item in &self.new {
            self.message_items.insert((item.message.0, item.no.0), ()).map_err(failed("write an item"))?;
        }
        self.new.sort_unstable_by_key(|item| (item.mailbox, item.folder, item.no));
        for item in &self.new {
            let row = ItemRow {
                message: item.message,
                batch: item.batch,
                captured_at: item.captured_at,
                created_at: item.created_at,
            };
            let key = (item.mailbox.0, item.folder.0, item.no.0);
            self.items.insert(key, codec::encode(&row)?.as_slice()).map_err(failed("write an item"))?;
        }
        self.transaction.set_counter(COUNTER, self.last)?;
        for (folder, messages) in folders {
            extend_set(self.transaction, MessageSet::Folder(folder), messages, [])?;
        }
        Ok(())
    }
}

/// Removes an item: part of one disposition, never called for anything else. Returns whether its message has none left.
pub(super) fn remove(transaction: &Transaction, item: &Item) -> Result<bool> {
    let key = (item.mailbox.0, item.folder.0, item.no.0);
    transaction.writable(ITEMS)?.remove(key).map_err(failed("remove an item"))?;
    transaction.writable(ITEM_PLACES)?.remove(item.no.0).map_err(failed("remove an item"))?;
    transaction.writable(ITEM_LABELS)?.remove(item.no.0).map_err(failed("remove an item"))?;
    transaction.writable(ITEM_REVIEWS)?.remove(item.no.0).map_err(failed("remove an item"))?;
    let mut message_items = transaction.writable(MESSAGE_ITEMS)?;
    let own = message_items.remove((item.message.0, item.no.0)).map_err(failed("remove an item"))?.is_some();
    if !own {
        // Where this row is missing others may be too, and content that they need would be destroyed.
        return Err(Error::Corrupt(format!("message {} does not know its item {}", item.message, item.no)));
    }
    let mut left =
        message_items.range((item.message.0, 0)..=(item.message.0, u64::MAX)).map_err(failed("read items"))?;
    let last = left.next().transpose().map_err(failed("read items"))?.is_none();
    drop(left);
    extend_set(transaction, MessageSet::Folder(item.folder), [], [item.message])?;
    Ok(last)
}
