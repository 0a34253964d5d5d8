//! Rows of messages.

use redb::{ReadableTable, ReadableTableMetadata as _};
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::digests::{self, BlockRows, DigestKind, DigestReader, TreeRows};
use super::failed;
use super::pack::FragmentRef;
use super::tables::{MESSAGES, Tables, counter};
use crate::Result;
use crate::model::{ContentHash, Digest, MessageNo, UtcTime};

pub(super) const COUNTER: &str = "message";

/// What is known of a message without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// Digest of the raw bytes.
    pub digest: Digest,
    /// Equal for copies of the same message.
    pub content_hash: ContentHash,
    /// Raw length in bytes.
    pub raw_len: u64,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// The transport's.
    pub received_at: Option<UtcTime>,
    /// When this archive first took it in.
    pub captured_at: UtcTime,
    pub(super) skeleton: Vec<FragmentRef>,
}

impl Record for MessageRow {
    const NAME: &'static str = "a message row";
}

/// The newest message; 0 before the first. Numbers of destroyed messages count.
///
/// # Errors
/// The store failed.
pub fn last_message(tables: &impl Tables) -> Result<MessageNo> {
    counter(tables, COUNTER).map(MessageNo)
}

/// How many messages there are.
///
/// # Errors
/// The store failed.
pub fn message_count(tables: &impl Tables) -> Result<u64> {
    tables.table(MESSAGES)?.len().map_err(failed("count the messages"))
}

/// The row of a message; `None` if there is none or it was destroyed.
///
/// # Errors
/// The store failed or the row is damaged.
pub fn message(tables: &impl Tables, no: MessageNo) -> Result<Option<MessageRow>> {
    get(&tables.table(MESSAGES)?, no)
}

pub(super) fn get(table: &impl ReadableTable<u64, &'static [u8]>, no: MessageNo) -> Result<Option<MessageRow>> {
    let row = table.get(no.0).map_err(failed("read a message row"))?;
    row.map(|value| codec::decode(value.value())).transpose()
}

/// Calls `visit` with each message after `after`, in order, until it returns an error.
///
/// # Errors
/// The store failed, a row is damaged, or `visit` returned an error.
pub fn messages(
    tables: &impl Tables,
    after: MessageNo,
    mut visit: impl FnMut(MessageNo, MessageRow) -> Result<()>,
) -> Result<()> {
    let table = tables.table(MESSAGES)?;
    for row in table.range(after.0.saturating_add(1)..).map_err(failed("read message rows"))? {
        let (no, value) = row.map_err(failed("read message rows"))?;
        visit(MessageNo(no.value()), codec::decode(value.value())?)?;
    }
    Ok(())
}

/// The raw lengths of all messages together, in bytes.
///
/// # Errors
/// The store failed or a row is damaged.
pub fn raw_bytes(tables: &impl Tables) -> Result<u64> {
    let mut bytes = 0;
    messages(tables, MessageNo(0), |_, row| {
        bytes += row.raw_len;
        Ok(())
    })?;
    Ok(bytes)
}

/// The message with this digest.
///
/// # Errors
/// The store failed.
pub fn message_by_digest(tables: &impl Tables, digest: &Digest) -> Result<Option<MessageNo>> {
    find_digest(&digests::reader(tables, DigestKind::Messages)?, &tables.table(MESSAGES)?, digest)
}

pub(super) fn find_digest(
    digests: &DigestReader<impl TreeRows, impl BlockRows>,
    messages: &impl ReadableTable<u64, &'static [u8]>,
    digest: &Digest,
) -> Result<Option<MessageNo>> {
    digests.find(digest.prefix(), |no| {
        let row = get(messages, MessageNo(no))?;
        Ok(row.filter(|row| row.digest == *digest).map(|_| MessageNo(no)))
    })
}

/// Whether the content hash of a message leads to it.
///
/// # Errors
/// The store failed.
pub fn content_hash_leads_to(tables: &impl Tables, hash: &ContentHash, no: MessageNo) -> Result<bool> {
    digests::reader(tables, DigestKind::Contents)?.leads_to(hash.prefix(), no.0)
}

/// Whether any message has this content hash. Stops at the first: one mail may have a hundred thousand copies.
pub(super) fn any_with_content_hash(
    hashes: &DigestReader<impl TreeRows, impl BlockRows>,
    messages: &impl ReadableTable<u64, &'static [u8]>,
    hash: &ContentHash,
) -> Result<bool> {
    let found = hashes.find(hash.prefix(), |no| {
        let row = get(messages, MessageNo(no))?;
        Ok(row.filter(|row| row.content_hash == *hash).map(drop))
    });
    Ok(found?.is_some())
}
