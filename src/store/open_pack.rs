//! Packs that are being read.

use std::collections::HashSet;

use redb::ReadableTable;
use zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, ResetDirective, get_frame_content_size};

use super::pack::{FragmentRef, PACK_BYTES, PackBuilder, SealedPack};
use super::packs;
use crate::model::PackNo;
use crate::{Error, Result};

/// Most that a pack decompresses to, in bytes; guards the reader against a damaged or hostile file.
const MAX_RAW_BYTES: usize = 8 << 20;

/// Packs that are open at a time: the header of a message stands in one, its text in another, and what it has in common with
/// others elsewhere.
const OPEN: usize = 3;

/// Bytes that the decompressor is given at a time, which bounds what it does in vain.
const STEP: usize = 8 << 10;

/// The packs that were read last, in memory that is used again: fresh memory for each would cost more than the work.
#[derive(Default)]
pub(super) struct OpenPacks {
    /// The one that was used last stands last.
    packs: Vec<OpenPack>,
}

impl OpenPacks {
    /// The bytes of a fragment.
    ///
    /// # Errors
    /// The store failed, or the pack is missing or damaged.
    pub(super) fn fragment(
        &mut self,
        table: &impl ReadableTable<(u64, u32), &'static [u8]>,
        fragment: FragmentRef,
    ) -> Result<&[u8]> {
        match self.packs.iter().position(|pack| pack.no == Some(fragment.pack)) {
            Some(place) => self.packs.get_mut(place..).unwrap_or_default().rotate_left(1),
            None if self.packs.len() < OPEN => self.packs.push(OpenPack::new()?),
            None => self.packs.rotate_left(1),
        }
        let missing = || Error::Corrupt(format!("pack {} has no fragment {}", fragment.pack, fragment.index));
        let pack = self.packs.last_mut().ok_or_else(missing)?;
        if pack.no != Some(fragment.pack) {
            pack.open(table, fragment.pack)?;
        }
        pack.fragment(table, fragment.index)?.ok_or_else(missing)
    }
}

/// A pack of which as much is decompressed as was asked for: a reader that goes on finds the rest behind it, and one that
/// does not need it does without.
pub(super) struct OpenPack {
    /// `None` while it is none, or if it could not be read.
    no: Option<PackNo>,
    /// Bytes that it decompresses to.
    len: usize,
    /// Those that are decompressed.
    raw: Vec<u8>,
    /// Where each fragment starts, and the end of the last.
    starts: Vec<usize>,
    /// The next compressed byte: its slice, and its place there.
    next: (u32, usize),
    decoder: DCtx<'static>,
}

impl OpenPack {
    /// None yet.
    ///
    /// # Errors
    /// There is no memory for it.
    pub(super) fn new() -> Result<Self> {
        let no_memory = || Error::Store { action: "read packs", source: "there is no memory for it".into() };
        let mut decoder = DCtx::try_create().ok_or_else(no_memory)?;
        // What is decompressed stays where it is until the next pack is opened.
        decoder.set_parameter(DParameter::StableOutBuffer(true)).map_err(|_| no_memory())?;
        Ok(Self { no: None, len: 0, raw: Vec::new(), starts: Vec::new(), next: (0, 0), decoder })
    }

    /// Begins to read a pack, in the place of the one before.
    ///
    /// # Errors
    /// The store failed, or the pack is missing or damaged.
    pub(super) fn open(&mut self, table: &impl ReadableTable<(u64, u32), &'static [u8]>, no: PackNo) -> Result<()> {
        self.no = None;
        let first = packs::slice(table, no, 0)?.ok_or_else(|| corrupt(no, "is missing"))?;
        let declared = get_frame_content_size(first.value()).ok().flatten();
        let declared = declared.ok_or_else(|| corrupt(no, "is not compressed data"))?;
        let len = usize::try_from(declared).ok().filter(|len| *len <= MAX_RAW_BYTES);
        self.len = len.ok_or_else(|| corrupt(no, "would decompress to more than a pack can hold"))?;
        self.decoder.reset(ResetDirective::SessionOnly).map_err(|_| corrupt(no, "cannot be decompressed"))?;
        self.raw.clear();
        if self.raw.capacity() < self.len {
            // Not grown: that would copy the pack before. Room for any pack at once, because few are of one length.
            self.raw = Vec::with_capacity(self.len.max(PACK_BYTES));
        }
        self.next = (0, 0);
        self.read_starts(table, no)?;
        self.no = Some(no);
        Ok(())
    }

    fn fragment(&mut self, table: &impl ReadableTable<(u64, u32), &'static [u8]>, index: u32) -> Result<Option<&[u8]>> {
        let index = index as usize;
        let (Some(no), Some(start), Some(end)) = (self.no, self.starts.get(index), self.starts.get(index + 1)) else {
            return Ok(None);
        };
        let (start, end) = (*start, *end);
        self.decompress(table, no, end)?;
        Ok(self.raw.get(start..end))
    }

    /// The same pack with the fragments at `indexes` empty.
    ///
    /// # Errors
    /// The store failed, or the pack is damaged.
    pub(super) fn without(
        &mut self,
        table: &impl ReadableTable<(u64, u32), &'static [u8]>,
        no: PackNo,
        indexes: &[u32],
    ) -> Result<SealedPack> {
        self.open(table, no)?;
        let emptied: HashSet<u32> = indexes.iter().copied().collect();
        let mut builder = PackBuilder::new(no);
        for index in 0..self.starts.len().saturating_sub(1) as u32 {
            let kept = if emptied.contains(&index) { None } else { self.fragment(table, index)? };
            builder.push(kept.unwrap_or_default());
        }
        Ok(builder.seal())
    }

    fn read_starts(&mut self, table: &impl ReadableTable<(u64, u32), &'static [u8]>, no: PackNo) -> Result<()> {
        let damaged = || corrupt(no, "has a damaged table of fragments");
        let word = |raw: &[u8], at: usize| -> Option<usize> {
            Some(u32::from_le_bytes(raw.get(at..at + 4)?.try_into().ok()?) as usize)
        };
        self.starts.clear();
        self.decompress(table, no, 4)?;
        let count = word(&self.raw, 0).filter(|count| *count < self.len / 4).ok_or_else(damaged)?;
        let mut position = 4 * (count + 1);
        self.decompress(table, no, position)?;
        self.starts.push(position);
        for index in 0..count {
            position += word(&self.raw, 4 + 4 * index).ok_or_else(damaged)?;
            self.starts.push(position);
        }
        if position == self.len { Ok(()) } else { Err(damaged()) }
    }

    /// Decompresses on, until `end` bytes are there.
    fn decompress(
        &mut self,
        table: &impl ReadableTable<(u64, u32), &'static [u8]>,
        no: PackNo,
        end: usize,
    ) -> Result<()> {
        while self.raw.len() < end {
            let (slice, place) = self.next;
            let bytes = packs::slice(table, no, slice)?.ok_or_else(|| corrupt(no, "is cut short"))?;
            let left = bytes.value().get(place..).unwrap_or_default();
            let taken = self.decompress_slice(left, end).ok_or_else(|| corrupt(no, "cannot be decompressed"))?;
            self.next = if taken == left.len() { (slice + 1, 0) } else { (slice, place + taken) };
        }
        Ok(())
    }

    /// Decompresses what it needs of a slice and says how much that was; `None` if it cannot be decompressed.
    fn decompress_slice(&mut self, bytes: &[u8], end: usize) -> Option<usize> {
        let mut taken = 0;
        while taken < bytes.len() && self.raw.len() < end {
            let before = self.raw.len();
            let step = bytes.get(taken..(taken + STEP).min(bytes.len()))?;
            let mut input = InBuffer::around(step);
            let mut output = OutBuffer::around_pos(&mut self.raw, before);
            self.decoder.decompress_stream(&mut output, &mut input).ok()?;
            taken += input.pos();
            if input.pos() == 0 && self.raw.len() == before {
                return None;
            }
        }
        Some(taken)
    }
}

fn corrupt(no: PackNo, why: &str) -> Error {
    Error::Corrupt(format!("pack {no} {why}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use redb::backends::InMemoryBackend;
    use redb::{Database, ReadableDatabase};

    use super::super::pack::Effort;
    use super::super::tables::PACKS;
    use super::*;

    fn stored(packs: &[Vec<Vec<u8>>]) -> Database {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        let transaction = database.begin_write().unwrap();
        {
            let mut table = transaction.open_table(PACKS).unwrap();
            for (no, fragments) in (1..).map(PackNo).zip(packs) {
                let mut builder = PackBuilder::new(no);
                for fragment in fragments {
                    builder.push(fragment);
                }
                packs::put(&mut table, no, &builder.seal().compress(Effort::Low).unwrap()).unwrap();
            }
        }
        transaction.commit().unwrap();
        database
    }

    /// Bytes that compress a little, so that packs have several slices and blocks.
    fn noise(seed: u64, len: usize) -> Vec<u8> {
        let mut state = seed | 1;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u8 & 0x3f
        };
        (0..len).map(|_| next()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn every_fragment_is_read_in_any_order(
            lengths in prop::collection::vec(prop::collection::vec(0_usize..120_000, 0..9), 5),
            order in prop::collection::vec((0_usize..5, 0_usize..9), 60),
            emptied in prop::collection::btree_set(0_u32..9, 0..4),
        ) {
            let packs: Vec<Vec<Vec<u8>>> = lengths
                .iter()
                .zip(1_u64..)
                .map(|(pack, n)| pack.iter().zip(n * 1_000..).map(|(len, seed)| noise(seed, *len)).collect())
                .collect();
            let database = stored(&packs);
            let table = database.begin_read().unwrap().open_table(PACKS).unwrap();
            let mut open = OpenPacks::default();
            for (pack, index) in order {
                let fragment = FragmentRef { pack: PackNo(pack as u64 + 1), index: index as u32 };
                let read = open.fragment(&table, fragment);
                match packs[pack].get(index) {
                    Some(bytes) => prop_assert!(read.unwrap() == bytes),
                    None => prop_assert!(matches!(read, Err(Error::Corrupt(_)))),
                }
            }
            let gone: Vec<u32> = emptied.into_iter().collect();
            let rest = OpenPack::new().unwrap().without(&table, PackNo(1), &gone).unwrap();
            let kept: Vec<u8> = (0..).zip(&packs[0]).filter(|(n, _)| !gone.contains(n)).flat_map(|(_, f)| f.clone()).collect();
            prop_assert_eq!(rest.is_blank, kept.is_empty());
            prop_assert!(rest.raw.ends_with(&kept));
        }

        #[test]
        fn damage_is_an_error_or_other_bytes_and_never_more(at in 0_usize..200_000, byte: u8, cut in 0_usize..200_000) {
            let fragments = vec![noise(1, 90_000), noise(2, 90_000), noise(3, 90_000)];
            let database = stored(std::slice::from_ref(&fragments));
            let transaction = database.begin_write().unwrap();
            {
                let mut table = transaction.open_table(PACKS).unwrap();
                let rows: Vec<_> = table.iter().unwrap().map(|row| row.unwrap().1.value().to_vec()).collect();
                let mut bytes = rows.concat();
                let (at, cut) = (at % bytes.len(), cut % bytes.len());
                if let Some(place) = bytes.get_mut(at) {
                    *place ^= byte;
                }
                bytes.truncate(bytes.len() - if byte % 2 == 0 { cut } else { 0 });
                packs::put(&mut table, PackNo(1), &bytes).unwrap();
            }
            transaction.commit().unwrap();
            let table = database.begin_read().unwrap().open_table(PACKS).unwrap();
            let mut open = OpenPacks::default();
            for index in [2, 0, 1, 2] {
                let fragment = FragmentRef { pack: PackNo(1), index };
                if let Ok(bytes) = open.fragment(&table, fragment) {
                    prop_assert!(bytes.len() <= MAX_RAW_BYTES);
                }
            }
        }
    }
}
