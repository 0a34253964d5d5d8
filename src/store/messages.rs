//! Rows of messages.
//!
//! Neighbouring messages are alike in all but their digests, so as many as fill a page stand in one chunk of columns, under the
//! number that the first of them had. Older versions wrote a row for each.

use std::ops::RangeInclusive;

use redb::{AccessGuard, ReadableTable, ReadableTableMetadata as _, Table};
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::digests::{self, BlockRows, DigestKind, DigestReader, TreeRows};
use super::failed;
use super::message_chunk::{self, MessageChunk};
use super::pack::FragmentRef;
use super::tables::{MESSAGES, Tables, Transaction, counter};
use crate::model::{ContentHash, Digest, MessageNo, UtcTime};
use crate::{Error, Result};

pub(super) const COUNTER: &str = "message";

/// Messages that were not destroyed.
const LIVE: &str = "live_messages";

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
    counter(tables, LIVE)
}

/// Counts the messages of an archive whose version counted the rows instead: each was one message.
pub(super) fn count_rows(transaction: &Transaction) -> Result<()> {
    if counter(transaction, LIVE)? == 0 {
        let rows = transaction.table(MESSAGES)?.len().map_err(failed("count the messages"))?;
        transaction.set_counter(LIVE, rows)?;
    }
    Ok(())
}

/// The row of a message; `None` if there is none or it was destroyed.
///
/// # Errors
/// The store failed or the row is damaged.
pub fn message(tables: &impl Tables, no: MessageNo) -> Result<Option<MessageRow>> {
    get(&tables.table(MESSAGES)?, no)
}

pub(super) fn get(table: &impl ReadableTable<u64, &'static [u8]>, no: MessageNo) -> Result<Option<MessageRow>> {
    let Some((key, value)) = around(table, no)? else { return Ok(None) };
    if is_chunk(value.value()) {
        return chunk(key.value(), value.value())?.row(no);
    }
    if key.value() == no.0 { codec::decode(value.value()).map(Some) } else { Ok(None) }
}

/// Digest and content hash of a message; `None` if there is none or it was destroyed.
fn digests_of(table: &impl ReadableTable<u64, &'static [u8]>, no: MessageNo) -> Result<Option<(Digest, ContentHash)>> {
    let Some((key, value)) = around(table, no)? else { return Ok(None) };
    if is_chunk(value.value()) {
        return Ok(chunk(key.value(), value.value())?.digests(no));
    }
    let row = Some(key.value()).filter(|key| *key == no.0).map(|_| codec::decode::<MessageRow>(value.value()));
    Ok(row.transpose()?.map(|row| (row.digest, row.content_hash)))
}

/// A key and a value of the table.
type Entry<'t> = (AccessGuard<'t, u64>, AccessGuard<'t, &'static [u8]>);

/// Where a message stands, if it is there: the last entry that begins with it or one before it.
pub(super) fn around(table: &impl ReadableTable<u64, &'static [u8]>, no: MessageNo) -> Result<Option<Entry<'_>>> {
    let entry = table.range(..=no.0).map_err(failed("read a message row"))?.next_back();
    entry.transpose().map_err(failed("read a message row"))
}

/// The messages of an entry, by number.
///
/// # Errors
/// The entry is damaged.
pub(super) fn read(key: u64, value: &[u8]) -> Result<Vec<(MessageNo, MessageRow)>> {
    if is_chunk(value) { MessageChunk::open(value)?.rows() } else { Ok(vec![(MessageNo(key), codec::decode(value)?)]) }
}

fn chunk(key: u64, value: &[u8]) -> Result<MessageChunk<'_>> {
    let opened = MessageChunk::open(value).ok().filter(|chunk| chunk.first().is_none_or(|first| first.0 >= key));
    opened.ok_or_else(|| Error::Corrupt(format!("the rows of message {key} and those behind it cannot be read")))
}

fn is_chunk(value: &[u8]) -> bool {
    value.first() == Some(&message_chunk::VERSION)
}

/// Adds messages, whose numbers are in order and come after all that are there.
///
/// # Errors
/// The store failed or the last row is damaged.
pub(super) fn append(transaction: &Transaction, new: Vec<(MessageNo, MessageRow)>) -> Result<()> {
    let mut table = transaction.writable(MESSAGES)?;
    transaction.set_counter(LIVE, counter(transaction, LIVE)? + new.len() as u64)?;
    let last = table.last().map_err(failed("read a message row"))?;
    let last = last.filter(|(_, value)| is_chunk(value.value()));
    // What cannot be read is left as it is: what comes behind it is safe in a chunk of its own.
    let last = last.and_then(|(key, value)| Some((key.value(), read(key.value(), value.value()).ok()?)));
    let (key, mut rows) = last.map_or((None, Vec::new()), |(key, rows)| (Some(key), rows));
    let expected = rows.len();
    rows.extend(new);
    put(&mut table, key, &rows, expected)
}

/// Writes rows in chunks, the first of them under `key` if there is one. `expected`: about how many a chunk holds.
fn put(
    table: &mut Table<'_, u64, &'static [u8]>,
    mut key: Option<u64>,
    rows: &[(MessageNo, MessageRow)],
    mut expected: usize,
) -> Result<()> {
    let mut rest = rows;
    while let Some((first, _)) = rest.first() {
        let (count, chunk) = message_chunk::write_page(rest, expected);
        let key = key.take().unwrap_or(first.0);
        table.insert(key, chunk.as_slice()).map_err(failed("write a message row"))?;
        (rest, expected) = (rest.get(count..).unwrap_or_default(), count);
    }
    Ok(())
}

/// Removes a message and returns what its row was; `None` if there is none.
///
/// # Errors
/// The store failed or the row is damaged.
pub(super) fn remove(transaction: &Transaction, no: MessageNo) -> Result<Option<MessageRow>> {
    let mut table = transaction.writable(MESSAGES)?;
    let entry = around(&table, no)?.map(|(key, value)| Ok((key.value(), read(key.value(), value.value())?)));
    let Some((key, mut rows)) = entry.transpose()? else { return Ok(None) };
    let Ok(place) = rows.binary_search_by_key(&no, |(no, _)| *no) else { return Ok(None) };
    let (_, removed) = rows.remove(place);
    if rows.is_empty() {
        table.remove(key).map_err(failed("remove a message row"))?;
    } else {
        put(&mut table, Some(key), &rows, rows.len())?;
    }
    let left = counter(transaction, LIVE)?.checked_sub(1);
    let left = left.ok_or_else(|| Error::Corrupt("more messages are there than were counted".to_owned()))?;
    transaction.set_counter(LIVE, left)?;
    Ok(Some(removed))
}

/// Calls `visit` with each message after `after`, in order, until it returns an error.
///
/// # Errors
/// The store failed, a row is damaged, or `visit` returned an error.
pub fn messages(
    tables: &impl Tables,
    after: MessageNo,
    visit: impl FnMut(MessageNo, MessageRow) -> Result<()>,
) -> Result<()> {
    between(&tables.table(MESSAGES)?, after.0.saturating_add(1)..=u64::MAX, visit)
}

/// Calls `visit` with each message whose number is in `range`, in order, until it returns an error.
///
/// # Errors
/// The store failed, a row is damaged, or `visit` returned an error.
pub(super) fn between(
    table: &impl ReadableTable<u64, &'static [u8]>,
    range: RangeInclusive<u64>,
    mut visit: impl FnMut(MessageNo, MessageRow) -> Result<()>,
) -> Result<()> {
    let first = around(table, MessageNo(*range.start()))?.map_or(0, |(key, _)| key.value());
    for entry in table.range(first..=*range.end()).map_err(failed("read message rows"))? {
        let (key, value) = entry.map_err(failed("read message rows"))?;
        for (no, row) in read(key.value(), value.value())? {
            if range.contains(&no.0) {
                visit(no, row)?;
            }
        }
    }
    Ok(())
}

/// Calls `visit` with each message, in order, and with the error of each group of them that cannot be read, until it returns
/// one itself.
///
/// # Errors
/// The store failed, or `visit` returned an error.
pub fn messages_and_damage(
    tables: &impl Tables,
    mut visit: impl FnMut(Result<(MessageNo, MessageRow)>) -> Result<()>,
) -> Result<()> {
    let table = tables.table(MESSAGES)?;
    for entry in table.iter().map_err(failed("read message rows"))? {
        let (key, value) = entry.map_err(failed("read message rows"))?;
        match read(key.value(), value.value()) {
            Ok(rows) => rows.into_iter().try_for_each(|row| visit(Ok(row)))?,
            Err(error) => visit(Err(error))?,
        }
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
        let known = digests_of(messages, MessageNo(no))?;
        Ok(known.filter(|(known, _)| known == digest).map(|_| MessageNo(no)))
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
        let known = digests_of(messages, MessageNo(no))?;
        Ok(known.filter(|(_, known)| known == hash).map(drop))
    });
    Ok(found?.is_some())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::model::PackNo;
    use crate::store::test_store::test_store;
    use crate::store::{MessageReader, Store};

    fn row(no: u64) -> MessageRow {
        let digest = Digest::of(&no.to_le_bytes());
        let time = UtcTime(1_700_000_000_000 + no as i64 * 1_000);
        MessageRow {
            digest,
            content_hash: ContentHash(digest.0),
            raw_len: no % 7,
            sent_at: (!no.is_multiple_of(5)).then_some(time),
            received_at: None,
            captured_at: time,
            skeleton: vec![FragmentRef { pack: PackNo(no / 9 + 1), index: (no % 9) as u32 }],
        }
    }

    #[derive(Debug, Clone)]
    enum Act {
        /// So many more, of which the first ones have rows of their own, as older versions wrote them.
        Append {
            older: usize,
            count: usize,
        },
        Remove(Vec<prop::sample::Index>),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            (0_usize..4, 1_usize..150).prop_map(|(older, count)| Act::Append { older, count }),
            prop::collection::vec(any::<prop::sample::Index>(), 1..120).prop_map(Act::Remove),
        ]
    }

    fn seen(store: &Store, from: u64, to: u64) -> Vec<(MessageNo, MessageRow)> {
        let (snapshot, mut seen) = (store.snapshot().unwrap(), Vec::new());
        between(&snapshot.table(MESSAGES).unwrap(), from..=to, |no, row| {
            seen.push((no, row));
            Ok(())
        })
        .unwrap();
        seen
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn messages_are_found_as_they_were_added_until_they_are_removed(
            acts in prop::collection::vec(act(), 1..12),
            (from, to) in (0_u64..700).prop_flat_map(|from| (Just(from), from..700)),
        ) {
            let (_directory, store) = test_store();
            let (mut there, mut last) = (BTreeMap::new(), 0);
            for act in acts {
                let transaction = store.begin().unwrap();
                match act {
                    Act::Append { older, count } => {
                        let new: Vec<_> = (last + 1..).take(count).map(|no| (MessageNo(no), row(no))).collect();
                        last += count as u64;
                        there.extend(new.iter().cloned());
                        let (older, new) = new.split_at(older.min(count));
                        let mut table = transaction.writable(MESSAGES).unwrap();
                        for (no, row) in older {
                            table.insert(no.0, codec::encode(row).unwrap().as_slice()).unwrap();
                        }
                        drop(table);
                        let counted = counter(&transaction, LIVE).unwrap();
                        transaction.set_counter(LIVE, counted + older.len() as u64).unwrap();
                        append(&transaction, new.to_vec()).unwrap();
                    }
                    Act::Remove(places) => {
                        for place in places {
                            let no = MessageNo(place.index(last as usize + 2) as u64);
                            prop_assert_eq!(remove(&transaction, no).unwrap(), there.remove(&no));
                        }
                    }
                }
                transaction.commit().unwrap();
            }
            let snapshot = store.snapshot().unwrap();
            for entry in snapshot.table(MESSAGES).unwrap().iter().unwrap() {
                let (key, chunk) = entry.unwrap();
                let rows = read(key.value(), chunk.value()).unwrap().len();
                prop_assert!(rows == 1 || chunk.value().len() <= 4_080, "{} messages in {} bytes", rows, chunk.value().len());
            }
            prop_assert_eq!(message_count(&snapshot).unwrap(), there.len() as u64);
            let all: Vec<_> = there.clone().into_iter().collect();
            prop_assert_eq!(seen(&store, 0, u64::MAX), all.clone());
            let some: Vec<_> = all.into_iter().filter(|(no, _)| (from..=to).contains(&no.0)).collect();
            prop_assert_eq!(seen(&store, from, to), some);
            let mut reader = MessageReader::new(&snapshot).unwrap();
            for no in (0..last + 3).map(MessageNo) {
                let row = there.get(&no);
                prop_assert_eq!(reader.get(no).unwrap(), row.cloned());
                prop_assert_eq!(message(&snapshot, no).unwrap(), row.cloned());
                let known = digests_of(&snapshot.table(MESSAGES).unwrap(), no).unwrap();
                prop_assert_eq!(known, row.map(|row| (row.digest, row.content_hash)));
            }
            let wanted = there.keys().map(|no| no.0).filter(|no| no % 3 != 0).collect();
            let mut found = Vec::new();
            reader
                .each(&wanted, |no, _| {
                    found.push(no.0);
                    Ok(())
                })
                .unwrap();
            prop_assert_eq!(found, wanted.iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_comes_behind_damaged_rows_is_safe() {
        let (_directory, store) = test_store();
        let add = |numbers: std::ops::RangeInclusive<u64>| {
            let transaction = store.begin().unwrap();
            append(&transaction, numbers.map(|no| (MessageNo(no), row(no))).collect()).unwrap();
            transaction.commit().unwrap();
        };
        add(1..=10);
        let transaction = store.begin().unwrap();
        let mut table = transaction.writable(MESSAGES).unwrap();
        let mut damaged = table.get(1).unwrap().unwrap().value().to_vec();
        damaged[3] ^= 4;
        table.insert(1, damaged.as_slice()).unwrap();
        drop(table);
        transaction.commit().unwrap();

        add(11..=13);
        let snapshot = store.snapshot().unwrap();
        assert_eq!(message(&snapshot, MessageNo(12)).unwrap(), Some(row(12)));
        let error = message(&snapshot, MessageNo(5)).unwrap_err();
        assert!(error.to_string().contains("the rows of message 1 and those behind it cannot be read"), "{error}");
        let (mut there, mut errors) = (Vec::new(), 0);
        messages_and_damage(&snapshot, |read| {
            match read {
                Ok((no, _)) => there.push(no.0),
                Err(_) => errors += 1,
            }
            Ok(())
        })
        .unwrap();
        assert_eq!((there, errors), (vec![11, 12, 13], 1));
    }
}
