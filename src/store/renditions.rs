//! Which messages are renditions of the same message of a chat.

use redb::ReadableTable as _;

use super::codec::{self, Record};
use super::failed;
use super::sets::{MessageSet, extend_set};
use super::tables::{MESSAGE_RENDITIONS, RENDITION_MEDIA, RENDITIONS, Tables, Transaction};
use crate::Result;
use crate::model::{ChatSort, MessageForm, MessageNo, Rendition, RenditionMedia};

/// What is known of a rendition in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRendition {
    /// The message.
    pub message: MessageNo,
    /// How it stands there.
    pub rendition: Rendition,
}

impl Record for RenditionMedia {
    const NAME: &'static str = "the media of a rendition";
}

/// The renditions of one message of a chat, by number; `of` is what they have in common.
///
/// # Errors
/// The store failed.
pub fn renditions(tables: &impl Tables, of: [u8; 16]) -> Result<Vec<StoredRendition>> {
    let table = tables.table(RENDITIONS)?;
    let rows = table.range((&of, 0)..=(&of, u64::MAX)).map_err(failed("look up renditions"))?;
    rows.map(|row| {
        let (key, flags) = row.map_err(failed("look up renditions"))?;
        stored(tables, of, MessageNo(key.value().1), flags.value())
    })
    .collect()
}

/// The renditions of all messages of a form, in order; `None` if there are more than `most`.
///
/// # Errors
/// The store failed.
pub fn renditions_of_form(
    tables: &impl Tables,
    form: MessageForm,
    most: usize,
) -> Result<Option<Vec<StoredRendition>>> {
    let table = tables.table(RENDITIONS)?;
    let at = |place| Rendition::at_place(form, place).unwrap_or_default();
    let rows = table.range((&at(0), 0)..=(&at(0xff_ff_ff), u64::MAX)).map_err(failed("look up renditions"))?;
    let mut found = Vec::new();
    for row in rows {
        if found.len() == most {
            return Ok(None);
        }
        let (key, flags) = row.map_err(failed("look up renditions"))?;
        let (of, message) = key.value();
        found.push(stored(tables, *of, MessageNo(message), flags.value())?);
    }
    Ok(Some(found))
}

/// What a message has in common with its renditions; `None` if it is not of a chat without ids.
///
/// # Errors
/// The store failed.
pub fn rendition_of(tables: &impl Tables, message: MessageNo) -> Result<Option<[u8; 16]>> {
    let table = tables.table(MESSAGE_RENDITIONS)?;
    let row = table.get(message.0).map_err(failed("look up renditions"))?;
    Ok(row.map(|row| *row.value()))
}

/// How a message stands in the export that it came with; `None` if it is not of a chat without ids.
///
/// # Errors
/// The store failed.
pub fn rendition(tables: &impl Tables, message: MessageNo) -> Result<Option<Rendition>> {
    let Some(of) = rendition_of(tables, message)? else { return Ok(None) };
    let table = tables.table(RENDITIONS)?;
    let flags = table.get((&of, message.0)).map_err(failed("look up a rendition"))?.map(|flags| flags.value());
    flags.map(|flags| Ok(stored(tables, of, message, flags)?.rendition)).transpose()
}

/// Calls `visit` with each message that is a rendition, and what it has in common with others.
///
/// # Errors
/// The store failed, or `visit` returned an error.
pub fn all_renditions(tables: &impl Tables, mut visit: impl FnMut([u8; 16], MessageNo) -> Result<()>) -> Result<()> {
    let table = tables.table(RENDITIONS)?;
    for row in table.iter().map_err(failed("read the renditions"))? {
        let (key, _) = row.map_err(failed("read the renditions"))?;
        let (of, message) = key.value();
        visit(*of, MessageNo(message))?;
    }
    Ok(())
}

/// Notes that a message is a rendition, in the place of what was noted of it. Those that there are several of are in the
/// set [`MessageSet::Renditions`].
///
/// # Errors
/// The store failed.
pub fn put_rendition(transaction: &Transaction, message: MessageNo, rendition: &Rendition) -> Result<()> {
    let of = rendition.of;
    remove_rendition(transaction, message)?;
    let mut table = transaction.writable(RENDITIONS)?;
    table.insert((&of, message.0), flags(rendition)).map_err(failed("write a rendition"))?;
    let several = table.range((&of, 0)..=(&of, u64::MAX)).map_err(failed("look up renditions"))?;
    let several: Vec<MessageNo> = several
        .map(|row| Ok(MessageNo(row.map_err(failed("look up renditions"))?.0.value().1)))
        .collect::<Result<_>>()?;
    drop(table);
    transaction.writable(MESSAGE_RENDITIONS)?.insert(message.0, &of).map_err(failed("write a rendition"))?;
    if let Some(media) = &rendition.media {
        let bytes = codec::encode(media)?;
        let mut table = transaction.writable(RENDITION_MEDIA)?;
        table.insert(message.0, bytes.as_slice()).map_err(failed("write a rendition"))?;
    }
    if several.len() > 1 {
        extend_set(transaction, MessageSet::Renditions, several, [])?;
    }
    Ok(())
}

/// Forgets what was noted of a message.
///
/// # Errors
/// The store failed.
pub(super) fn remove_rendition(transaction: &Transaction, message: MessageNo) -> Result<()> {
    let Some(of) = rendition_of(transaction, message)? else { return Ok(()) };
    transaction.writable(MESSAGE_RENDITIONS)?.remove(message.0).map_err(failed("remove a rendition"))?;
    transaction.writable(RENDITIONS)?.remove((&of, message.0)).map_err(failed("remove a rendition"))?;
    transaction.writable(RENDITION_MEDIA)?.remove(message.0).map_err(failed("remove a rendition"))?;
    let mut alone = vec![message];
    let left = renditions(transaction, of)?;
    if left.len() < 2 {
        alone.extend(left.iter().map(|known| known.message));
    }
    extend_set(transaction, MessageSet::Renditions, [], alone)
}

/// Set in the byte of a row that tells of the sort of its chat.
const TELLS_CHAT: u8 = 0x80;

/// The byte of a row: its second, one more than it is, or 0 if it has none; and whether the media came with it, or, if it
/// tells of it, whether its chat is a direct one.
fn flags(rendition: &Rendition) -> u8 {
    let second = rendition.second.map_or(0, |second| second.min(59) + 1) << 1;
    match rendition.chat {
        None => second | u8::from(rendition.has_media()),
        Some(ChatSort::Group) => second | TELLS_CHAT,
        Some(ChatSort::Direct) => second | TELLS_CHAT | 1,
    }
}

fn chat(flags: u8) -> Option<ChatSort> {
    (flags & TELLS_CHAT != 0).then_some(if flags & 1 == 0 { ChatSort::Group } else { ChatSort::Direct })
}

fn stored(tables: &impl Tables, of: [u8; 16], message: MessageNo, flags: u8) -> Result<StoredRendition> {
    let table = tables.table(RENDITION_MEDIA)?;
    let media = table.get(message.0).map_err(failed("look up a rendition"))?;
    let media = media.map(|bytes| codec::decode(bytes.value())).transpose()?;
    let second = ((flags & !TELLS_CHAT) >> 1).checked_sub(1);
    let rendition = Rendition { of, second, chat: chat(flags), media };
    Ok(StoredRendition { message, rendition })
}
