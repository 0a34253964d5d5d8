//! Which messages are renditions of the same message of a chat.

use redb::ReadableTable as _;

use super::failed;
use super::sets::{MessageSet, extend_set};
use super::tables::{MESSAGE_RENDITIONS, RENDITIONS, Tables, Transaction};
use crate::Result;
use crate::model::{MessageNo, Rendition};

/// What is known of a rendition in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredRendition {
    /// The message.
    pub message: MessageNo,
    /// Whether the media came with it.
    pub has_media: bool,
}

/// The renditions of one message of a chat, by number; `of` is what they have in common.
///
/// # Errors
/// The store failed.
pub fn renditions(tables: &impl Tables, of: [u8; 16]) -> Result<Vec<StoredRendition>> {
    let table = tables.table(RENDITIONS)?;
    let rows = table.range((&of, 0)..=(&of, u64::MAX)).map_err(failed("look up renditions"))?;
    rows.map(|row| {
        let (key, has_media) = row.map_err(failed("look up renditions"))?;
        Ok(StoredRendition { message: MessageNo(key.value().1), has_media: has_media.value() != 0 })
    })
    .collect()
}

/// What a message has in common with its renditions; `None` if it has no media in a chat without ids.
///
/// # Errors
/// The store failed.
pub fn rendition_of(tables: &impl Tables, message: MessageNo) -> Result<Option<[u8; 16]>> {
    let table = tables.table(MESSAGE_RENDITIONS)?;
    let row = table.get(message.0).map_err(failed("look up renditions"))?;
    Ok(row.map(|row| *row.value()))
}

/// Calls `visit` with each rendition and what it has in common with others.
///
/// # Errors
/// The store failed, or `visit` returned an error.
pub fn all_renditions(
    tables: &impl Tables,
    mut visit: impl FnMut([u8; 16], StoredRendition) -> Result<()>,
) -> Result<()> {
    let table = tables.table(RENDITIONS)?;
    for row in table.iter().map_err(failed("read the renditions"))? {
        let (key, has_media) = row.map_err(failed("read the renditions"))?;
        let (of, message) = key.value();
        visit(*of, StoredRendition { message: MessageNo(message), has_media: has_media.value() != 0 })?;
    }
    Ok(())
}

/// Notes that a message is a rendition. Those that there are several of are in the set [`MessageSet::Renditions`].
///
/// # Errors
/// The store failed.
pub fn put_rendition(transaction: &Transaction, message: MessageNo, rendition: Rendition) -> Result<()> {
    let of = rendition.of;
    let mut table = transaction.writable(RENDITIONS)?;
    let inserted = table.insert((&of, message.0), u8::from(rendition.has_media));
    inserted.map_err(failed("write a rendition"))?;
    drop(table);
    transaction.writable(MESSAGE_RENDITIONS)?.insert(message.0, &of).map_err(failed("write a rendition"))?;
    let all = renditions(transaction, of)?;
    if all.len() > 1 {
        extend_set(transaction, MessageSet::Renditions, all.iter().map(|known| known.message), [])?;
    }
    Ok(())
}

/// Forgets a message that is destroyed.
///
/// # Errors
/// The store failed.
pub(super) fn remove_rendition(transaction: &Transaction, message: MessageNo) -> Result<()> {
    let Some(of) = rendition_of(transaction, message)? else { return Ok(()) };
    transaction.writable(MESSAGE_RENDITIONS)?.remove(message.0).map_err(failed("remove a rendition"))?;
    transaction.writable(RENDITIONS)?.remove((&of, message.0)).map_err(failed("remove a rendition"))?;
    let mut alone = vec![message];
    let left = renditions(transaction, of)?;
    if left.len() < 2 {
        alone.extend(left.iter().map(|known| known.message));
    }
    extend_set(transaction, MessageSet::Renditions, [], alone)
}
