//! Neighbouring items as one row.

use super::columns::{read_column, read_unsigned, write_column, write_unsigned};
use crate::model::{BatchNo, FolderNo, Item, ItemNo, MailboxNo, MessageNo, UtcTime};
use crate::{Error, Result};

/// An item stands in the chunk of its number without its lowest bits: up to 128 in one.
pub(super) const ITEMS_BITS: u32 = 7;

/// The same for the messages whose items' numbers stand in one chunk: up to 256.
pub(super) const MESSAGES_BITS: u32 = 8;

/// The layout of both sorts of chunks.
const VERSION: u8 = 1;

/// The row of `items`, which are in the order of their numbers.
pub(super) fn write_items(items: &[Item]) -> Vec<u8> {
    let columns: [fn(&Item) -> i64; 7] = [
        |item| item.no.0 as i64,
        |item| item.message.0 as i64,
        |item| i64::from(item.mailbox.0),
        |item| i64::from(item.folder.0),
        |item| item.batch.0 as i64,
        |item| item.captured_at.0,
        |item| item.created_at.0,
    ];
    let mut bytes = start(items.len());
    for column in columns {
        write_column(&items.iter().map(column).collect::<Vec<_>>(), &mut bytes);
    }
    bytes
}

/// The items of the chunk `key`.
///
/// # Errors
/// The bytes are damaged.
pub(super) fn read_items(key: u64, bytes: &[u8]) -> Result<Vec<Item>> {
    let (count, mut rest) = begin(bytes, 1 << ITEMS_BITS)?;
    let mut column = || read_column(count, &mut rest);
    let (numbers, messages) = (column()?, column()?);
    let (mailboxes, folders) = (column()?, column()?);
    let (batches, captured, created) = (column()?, column()?, column()?);
    if !rest.is_empty() || numbers.iter().any(|no| *no as u64 >> ITEMS_BITS != key) {
        return Err(damaged());
    }
    let numbers = numbers.into_iter().zip(messages);
    let places = mailboxes.into_iter().zip(folders);
    let times = batches.into_iter().zip(captured).zip(created);
    let rows = numbers.zip(places).zip(times);
    rows.map(|(((no, message), (mailbox, folder)), ((batch, captured_at), created_at))| {
        Ok(Item {
            no: ItemNo(no as u64),
            mailbox: MailboxNo(u32::try_from(mailbox).map_err(|_| damaged())?),
            folder: FolderNo(u32::try_from(folder).map_err(|_| damaged())?),
            message: MessageNo(message as u64),
            batch: BatchNo(batch as u64),
            captured_at: UtcTime(captured_at),
            created_at: UtcTime(created_at),
        })
    })
    .collect()
}

/// The row of messages and numbers of their items, in order.
pub(super) fn write_pairs(pairs: &[(MessageNo, ItemNo)]) -> Vec<u8> {
    let mut bytes = start(pairs.len());
    write_column(&pairs.iter().map(|(message, _)| message.0 as i64).collect::<Vec<_>>(), &mut bytes);
    write_column(&pairs.iter().map(|(_, item)| item.0 as i64).collect::<Vec<_>>(), &mut bytes);
    bytes
}

/// What `write_pairs` wrote.
///
/// # Errors
/// The bytes are damaged.
pub(super) fn read_pairs(bytes: &[u8]) -> Result<Vec<(MessageNo, ItemNo)>> {
    let (count, mut rest) = begin(bytes, usize::MAX)?;
    let messages = read_column(count, &mut rest)?;
    let items = read_column(count, &mut rest)?;
    if !rest.is_empty() {
        return Err(damaged());
    }
    Ok(messages
        .into_iter()
        .zip(items)
        .map(|(message, item)| (MessageNo(message as u64), ItemNo(item as u64)))
        .collect())
}

fn start(count: usize) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    write_unsigned(count as u64, &mut bytes);
    bytes
}

/// The count of rows, at most `most`, and the bytes after it.
fn begin(bytes: &[u8], most: usize) -> Result<(usize, &[u8])> {
    let (version, mut rest) = bytes.split_first().ok_or_else(damaged)?;
    let count = usize::try_from(read_unsigned(&mut rest)?).map_err(|_| damaged())?;
    if *version == VERSION && count <= most { Ok((count, rest)) } else { Err(damaged()) }
}

fn damaged() -> Error {
    Error::Corrupt("a group of items cannot be read".to_owned())
}
