//! Neighbouring messages as one row.

use super::columns::{column_at, read_column, read_unsigned, write_column, write_unsigned};
use super::messages::MessageRow;
use super::pack::FragmentRef;
use crate::model::{ContentHash, Digest, MessageNo, PackNo, UtcTime};
use crate::{Error, Result};

/// The layout. Rows of one message, which older versions wrote, begin with 1.
pub(super) const VERSION: u8 = 2;

/// What fills a page of redb, which keeps its own header, the end of the value and the key beside it.
const MOST_BYTES: usize = 4096 - (4 + 4 + 8);

/// Bytes of a digest.
const DIGEST: usize = 32;

/// Bytes of the checksum at the end: dates decide what is retained, and no digest covers them.
const CHECKSUM: usize = 8;

/// A chunk of which only numbers and digests were looked at.
pub(super) struct MessageChunk<'b> {
    numbers: Vec<i64>,
    digests: &'b [u8],
    content_hashes: &'b [u8],
    columns: &'b [u8],
}

impl<'b> MessageChunk<'b> {
    /// Reads what `write` wrote.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self> {
        let (bytes, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or_else(damaged)?;
        let Some((&VERSION, mut rest)) = bytes.split_first().filter(|_| checksum(bytes) == *sum) else {
            return Err(damaged());
        };
        let count = usize::try_from(read_unsigned(&mut rest)?).ok().filter(|count| *count <= bytes.len() / DIGEST);
        let count = count.ok_or_else(damaged)?;
        let numbers = read_column(count, &mut rest)?;
        if numbers.windows(2).any(|pair| matches!(pair, [a, b] if a >= b)) {
            return Err(damaged());
        }
        let (digests, rest) = rest.split_at_checked(count * DIGEST).ok_or_else(damaged)?;
        let (content_hashes, columns) = rest.split_at_checked(count * DIGEST).ok_or_else(damaged)?;
        Ok(Self { numbers, digests, content_hashes, columns })
    }

    /// The first message.
    pub(super) fn first(&self) -> Option<MessageNo> {
        self.numbers.first().map(|no| MessageNo(*no as u64))
    }

    /// How many messages stand in it.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Digest and content hash of a message; `None` if it does not stand in it.
    pub(super) fn digests(&self, no: MessageNo) -> Option<(Digest, ContentHash)> {
        let place = self.numbers.binary_search(&(no.0 as i64)).ok()?;
        Some((Digest(digest_at(self.digests, place)?), ContentHash(digest_at(self.content_hashes, place)?)))
    }

    /// The row of a message; `None` if it does not stand in it.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub(super) fn row(&self, no: MessageNo) -> Result<Option<MessageRow>> {
        let Ok(place) = self.numbers.binary_search(&(no.0 as i64)) else { return Ok(None) };
        let (count, mut rest) = (self.len(), self.columns);
        let mut column = || column_at(count, place, &mut rest);
        let raw_len = column()? as u64;
        let mut time = || Ok::<_, Error>((column()? != 0, column()?));
        let (sent_at, received_at) = (time()?, time()?);
        let known = |(known, time): (bool, i64)| known.then_some(UtcTime(time));
        Ok(Some(MessageRow {
            digest: Digest(digest_at(self.digests, place).ok_or_else(damaged)?),
            content_hash: ContentHash(digest_at(self.content_hashes, place).ok_or_else(damaged)?),
            raw_len,
            sent_at: known(sent_at),
            received_at: known(received_at),
            captured_at: UtcTime(column()?),
            skeleton: skeleton_at(count, place, &mut rest)?,
        }))
    }

    /// All messages, by number.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub(super) fn rows(&self) -> Result<Vec<(MessageNo, MessageRow)>> {
        let (count, mut rest) = (self.len(), self.columns);
        let raw_lens = read_column(count, &mut rest)?;
        let sent = read_times(count, &mut rest)?;
        let received = read_times(count, &mut rest)?;
        let captured = read_column(count, &mut rest)?;
        let skeletons = read_skeletons(count, &mut rest)?;
        if !rest.is_empty() {
            return Err(damaged());
        }
        let numbers = self.numbers.iter().map(|no| MessageNo(*no as u64)).enumerate();
        let times = sent.into_iter().zip(received).zip(captured);
        let rows = numbers.zip(raw_lens).zip(times).zip(skeletons);
        rows.map(|((((place, no), raw_len), ((sent_at, received_at), captured_at)), skeleton)| {
            let row = MessageRow {
                digest: Digest(digest_at(self.digests, place).ok_or_else(damaged)?),
                content_hash: ContentHash(digest_at(self.content_hashes, place).ok_or_else(damaged)?),
                raw_len: raw_len as u64,
                sent_at,
                received_at,
                captured_at: UtcTime(captured_at),
                skeleton,
            };
            Ok((no, row))
        })
        .collect()
    }
}

/// The bytes of `rows`, which are in the order of their numbers.
pub(super) fn write(rows: &[(MessageNo, MessageRow)]) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    write_unsigned(rows.len() as u64, &mut bytes);
    let column = |value: fn(&MessageRow) -> i64| rows.iter().map(|(_, row)| value(row)).collect::<Vec<_>>();
    write_column(&rows.iter().map(|(no, _)| no.0 as i64).collect::<Vec<_>>(), &mut bytes);
    bytes.extend(rows.iter().flat_map(|(_, row)| row.digest.0));
    bytes.extend(rows.iter().flat_map(|(_, row)| row.content_hash.0));
    write_column(&column(|row| row.raw_len as i64), &mut bytes);
    write_times(rows.iter().map(|(_, row)| row.sent_at), &mut bytes);
    write_times(rows.iter().map(|(_, row)| row.received_at), &mut bytes);
    write_column(&column(|row| row.captured_at.0), &mut bytes);
    write_skeletons(rows, &mut bytes);
    bytes.extend_from_slice(&checksum(&bytes));
    bytes
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    blake3::Hasher::new().update(bytes).finalize_xof().fill(&mut sum);
    sum
}

/// How many of `rows`, from the first on, fit into a chunk that fills a page, and the bytes of that chunk; one at least.
/// `expected`: how many there were in the chunk before.
pub(super) fn write_page(rows: &[(MessageNo, MessageRow)], expected: usize) -> (usize, Vec<u8>) {
    let mut count = expected.clamp(1, rows.len().max(1));
    let mut chunk = written(rows, count);
    while chunk.len() > MOST_BYTES && count > 1 {
        count -= 1;
        chunk = written(rows, count);
    }
    while count < rows.len() {
        let longer = written(rows, count + 1);
        if longer.len() > MOST_BYTES {
            break;
        }
        (count, chunk) = (count + 1, longer);
    }
    (count, chunk)
}

fn written(rows: &[(MessageNo, MessageRow)], count: usize) -> Vec<u8> {
    write(rows.get(..count).unwrap_or(rows))
}

fn digest_at(digests: &[u8], place: usize) -> Option<[u8; DIGEST]> {
    digests.get(place * DIGEST..(place + 1) * DIGEST)?.try_into().ok()
}

/// Writes which of the times are known, and those; in the place of an unknown one stands the one before, which takes no room.
fn write_times(times: impl Iterator<Item = Option<UtcTime>>, out: &mut Vec<u8>) {
    let times: Vec<_> = times.collect();
    write_column(&times.iter().map(|time| i64::from(time.is_some())).collect::<Vec<_>>(), out);
    let mut last = times.iter().flatten().next().map_or(0, |time| time.0);
    let filled = times.iter().map(|time| {
        last = time.map_or(last, |time| time.0);
        last
    });
    write_column(&filled.collect::<Vec<_>>(), out);
}

fn read_times(count: usize, bytes: &mut &[u8]) -> Result<Vec<Option<UtcTime>>> {
    let known = read_column(count, bytes)?;
    let times = read_column(count, bytes)?;
    Ok(known.into_iter().zip(times).map(|(known, time)| (known != 0).then_some(UtcTime(time))).collect())
}

/// Writes how many fragments each skeleton has, and then pack and index of all first ones, of all second ones, and so on: one
/// sort of content stands in one sequence of packs.
fn write_skeletons(rows: &[(MessageNo, MessageRow)], out: &mut Vec<u8>) {
    let counts: Vec<i64> = rows.iter().map(|(_, row)| row.skeleton.len() as i64).collect();
    write_column(&counts, out);
    for place in 0..counts.iter().copied().max().unwrap_or(0) as usize {
        let fragments = || rows.iter().filter_map(|(_, row)| row.skeleton.get(place));
        write_column(&fragments().map(|fragment| fragment.pack.0 as i64).collect::<Vec<_>>(), out);
        write_column(&fragments().map(|fragment| i64::from(fragment.index)).collect::<Vec<_>>(), out);
    }
}

fn skeleton_at(count: usize, place: usize, bytes: &mut &[u8]) -> Result<Vec<FragmentRef>> {
    let counts = read_column(count, bytes)?;
    let own = counts.get(place).copied().unwrap_or(0);
    let mut skeleton = Vec::new();
    for fragment in 0..own {
        let with = counts.iter().filter(|count| **count > fragment).count();
        let rank = counts.iter().take(place).filter(|count| **count > fragment).count();
        let (pack, index) = (column_at(with, rank, bytes)?, column_at(with, rank, bytes)?);
        let index = u32::try_from(index).map_err(|_| damaged())?;
        skeleton.push(FragmentRef { pack: PackNo(pack as u64), index });
    }
    Ok(skeleton)
}

fn read_skeletons(count: usize, bytes: &mut &[u8]) -> Result<Vec<Vec<FragmentRef>>> {
    let counts: Option<Vec<usize>> = read_column(count, bytes)?.into_iter().map(|n| usize::try_from(n).ok()).collect();
    let counts = counts.ok_or_else(damaged)?;
    let mut skeletons = vec![Vec::new(); count];
    for place in 0..counts.iter().copied().max().unwrap_or(0) {
        let with = counts.iter().filter(|count| **count > place).count();
        let (packs, indexes) = (read_column(with, bytes)?, read_column(with, bytes)?);
        let long = skeletons.iter_mut().zip(&counts).filter(|(_, count)| **count > place);
        for ((skeleton, _), (pack, index)) in long.zip(packs.into_iter().zip(indexes)) {
            let index = u32::try_from(index).map_err(|_| damaged())?;
            skeleton.push(FragmentRef { pack: PackNo(pack as u64), index });
        }
    }
    Ok(skeletons)
}

fn damaged() -> Error {
    Error::Corrupt("a group of messages cannot be read".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time() -> impl Strategy<Value = Option<UtcTime>> {
        prop::option::of(prop_oneof![any::<i64>(), 0_i64..1 << 41].prop_map(UtcTime))
    }

    prop_compose! {
        fn row()(
            digest in any::<[u8; 32]>(),
            hash in any::<[u8; 32]>(),
            raw_len in prop_oneof![any::<u64>(), 0_u64..9_000],
            (sent_at, received_at) in (time(), time()),
            captured_at in 0_i64..1 << 41,
            skeleton in prop::collection::vec((0_u64..1 << 40, any::<u32>()), 0..4),
        ) -> MessageRow {
            let skeleton = skeleton.into_iter().map(|(pack, index)| FragmentRef { pack: PackNo(pack), index }).collect();
            let (digest, content_hash, captured_at) = (Digest(digest), ContentHash(hash), UtcTime(captured_at));
            MessageRow { digest, content_hash, raw_len, sent_at, received_at, captured_at, skeleton }
        }
    }

    proptest! {
        #[test]
        fn every_row_reads_as_it_was_written(
            rows in prop::collection::btree_map(1_u64..1 << 40, row(), 1..90),
            expected in 0_usize..90,
        ) {
            let rows: Vec<_> = rows.into_iter().map(|(no, row)| (MessageNo(no), row)).collect();
            let (mut rest, mut expected) = (rows.as_slice(), expected);
            while !rest.is_empty() {
                let (count, bytes) = write_page(rest, expected);
                prop_assert!(count == 1 || bytes.len() <= MOST_BYTES);
                prop_assert!(count == rest.len() || write(&rest[..=count]).len() > MOST_BYTES);
                let chunk = MessageChunk::open(&bytes).unwrap();
                prop_assert_eq!(chunk.rows().unwrap(), &rest[..count]);
                for (no, row) in &rest[..count] {
                    prop_assert_eq!(chunk.row(*no).unwrap(), Some(row.clone()));
                    prop_assert_eq!(chunk.digests(*no), Some((row.digest, row.content_hash)));
                    prop_assert!(chunk.digests(MessageNo(no.0 + 1)).is_none_or(|(digest, _)| digest != row.digest));
                }
                (rest, expected) = (&rest[count..], count);
            }
        }

        #[test]
        fn damage_is_an_error(
            rows in prop::collection::btree_map(1_u64..1 << 40, row(), 1..9),
            place in any::<prop::sample::Index>(),
            change in 1_u8..,
            cut in any::<bool>(),
        ) {
            let rows: Vec<_> = rows.into_iter().map(|(no, row)| (MessageNo(no), row)).collect();
            let mut bytes = write(&rows);
            let place = place.index(bytes.len());
            if cut {
                bytes.truncate(place);
            } else {
                bytes[place] ^= change;
            }
            prop_assert!(MessageChunk::open(&bytes).is_err());
        }
    }

    #[test]
    fn neighbours_take_little_beside_their_digests() {
        let row = |n: u64| {
            let fragment = |pack: u64| FragmentRef { pack: PackNo(pack), index: n as u32 };
            let digest = Digest::of(&n.to_le_bytes());
            MessageRow {
                digest,
                content_hash: ContentHash(digest.0),
                raw_len: 580 + n * 7 % 60,
                sent_at: Some(UtcTime(1_700_000_000_000 + 60_000 * n as i64)),
                received_at: None,
                captured_at: UtcTime(1_700_000_000_000),
                skeleton: vec![fragment(7), fragment(8)],
            }
        };
        let rows: Vec<_> = (1..100).map(|n| (MessageNo(n), row(n))).collect();
        let (count, bytes) = write_page(&rows, 0);
        assert!(count >= 60, "{count} messages in {} bytes", bytes.len());
    }
}
