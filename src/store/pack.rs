//! Packs: neighbouring contents compressed together.
//!
//! A pack is one zstd frame. Decompressed it holds a table of lengths and then the fragments one after the other, so a
//! fragment is named by pack and index, and emptying one leaves the names of its neighbours as they are.
//!
//! Measured alternatives to packs of `PACK_BYTES`: one value for each mail takes 1.5 times the payload; twice as large
//! packs gain 5 percent in size and double the cost of reading one message; half as large ones lose 8.

use serde::{Deserialize, Serialize};

use crate::model::PackNo;
use crate::{Error, Result};

/// Most that a pack holds before compression, in bytes: bounds the cost of reading one message.
pub(super) const PACK_BYTES: usize = 768 << 10;

/// Longest fragment, in bytes. Longer contents are cut, so that packs fill evenly.
pub(super) const FRAGMENT_BYTES: usize = 128 << 10;

/// Most that a pack decompresses to, in bytes; guards the reader against a damaged or hostile file.
const MAX_RAW_BYTES: usize = 8 << 20;

/// How much work zstd does. Mail gains 7 percent by the higher level, at a tenth of the cost of its import; chat messages,
/// which are nearly all repetition, gain as much at four times the work, and what does not compress gains nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    Low,
    High,
}

impl Effort {
    /// What suits contents that compressed to a share of 1 / `ratio` before.
    pub(super) fn for_ratio(ratio: f64) -> Self {
        if (1.5..6.0).contains(&ratio) { Self::High } else { Self::Low }
    }

    fn level(self) -> i32 {
        match self {
            Self::Low => 3,
            Self::High => 6,
        }
    }
}

/// Where a fragment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct FragmentRef {
    pub(super) pack: PackNo,
    pub(super) index: u32,
}

/// A pack being filled.
pub(super) struct PackBuilder {
    no: PackNo,
    lengths: Vec<u32>,
    body: Vec<u8>,
}

impl PackBuilder {
    pub(super) fn new(no: PackNo) -> Self {
        Self { no, lengths: Vec::new(), body: Vec::new() }
    }

    pub(super) fn push(&mut self, fragment: &[u8]) -> FragmentRef {
        let index = self.lengths.len() as u32;
        self.lengths.push(fragment.len() as u32);
        self.body.extend_from_slice(fragment);
        FragmentRef { pack: self.no, index }
    }

    pub(super) fn raw_bytes(&self) -> usize {
        self.body.len() + 4 * self.lengths.len() + 4
    }

    pub(super) fn seal(self) -> SealedPack {
        let mut raw = Vec::with_capacity(self.raw_bytes());
        raw.extend_from_slice(&(self.lengths.len() as u32).to_le_bytes());
        for length in &self.lengths {
            raw.extend_from_slice(&length.to_le_bytes());
        }
        raw.extend_from_slice(&self.body);
        SealedPack { no: self.no, raw }
    }
}

/// A full pack, not yet compressed.
pub(super) struct SealedPack {
    pub(super) no: PackNo,
    pub(super) raw: Vec<u8>,
}

impl SealedPack {
    /// Whether nothing is left in it.
    pub(super) fn is_blank(&self) -> bool {
        starts(&self.raw).is_none_or(|starts| starts.first() == starts.last())
    }

    pub(super) fn compress(&self, effort: Effort) -> Result<Vec<u8>> {
        zstd::bulk::compress(&self.raw, effort.level())
            .map_err(|e| Error::Store { action: "compress a pack", source: e.into() })
    }
}

/// Opens packs, one after the other, in memory that is used again: fresh memory for each would cost more than the work.
pub(super) struct PackOpener {
    decompressor: zstd::bulk::Decompressor<'static>,
    spare: Vec<u8>,
}

impl PackOpener {
    /// # Errors
    /// There is no memory for it.
    pub(super) fn new() -> Result<Self> {
        let decompressor = zstd::bulk::Decompressor::new();
        let decompressor = decompressor.map_err(|e| Error::Store { action: "read packs", source: e.into() })?;
        Ok(Self { decompressor, spare: Vec::new() })
    }

    pub(super) fn open(&mut self, no: PackNo, compressed: &[u8]) -> Result<OpenPack> {
        let corrupt = |why: &str| Error::Corrupt(format!("pack {no} {why}"));
        let declared = zstd::zstd_safe::get_frame_content_size(compressed).ok().flatten();
        let declared = declared.ok_or_else(|| corrupt("is not compressed data"))?;
        let bytes = usize::try_from(declared).ok().filter(|bytes| *bytes <= MAX_RAW_BYTES);
        let bytes = bytes.ok_or_else(|| corrupt("would decompress to more than a pack can hold"))?;
        let mut raw = std::mem::take(&mut self.spare);
        raw.clear();
        raw.reserve(bytes);
        let done = self.decompressor.decompress_to_buffer(compressed, &mut raw);
        done.map_err(|_| corrupt("cannot be decompressed"))?;
        OpenPack::from_raw(no, raw)
    }

    /// Takes the memory of a pack that is not needed any more.
    pub(super) fn close(&mut self, pack: OpenPack) {
        self.spare = pack.raw;
    }
}

/// A pack that was read.
pub(super) struct OpenPack {
    raw: Vec<u8>,
    starts: Vec<u32>,
}

impl OpenPack {
    pub(super) fn from_raw(no: PackNo, raw: Vec<u8>) -> Result<Self> {
        match starts(&raw) {
            Some(starts) => Ok(Self { raw, starts }),
            None => Err(Error::Corrupt(format!("pack {no} has a damaged table of fragments"))),
        }
    }

    pub(super) fn fragment(&self, index: u32) -> Option<&[u8]> {
        let index = index as usize;
        let (start, end) = (*self.starts.get(index)?, *self.starts.get(index + 1)?);
        self.raw.get(start as usize..end as usize)
    }

    pub(super) fn bytes(&self) -> usize {
        self.raw.len() + 4 * self.starts.len()
    }

    /// The same pack with the fragments at `indexes` empty.
    pub(super) fn without(&self, no: PackNo, indexes: &[u32]) -> SealedPack {
        let mut builder = PackBuilder::new(no);
        for index in 0..self.starts.len().saturating_sub(1) as u32 {
            let fragment = if indexes.contains(&index) { &[] } else { self.fragment(index).unwrap_or_default() };
            builder.push(fragment);
        }
        builder.seal()
    }
}

fn starts(raw: &[u8]) -> Option<Vec<u32>> {
    let word = |at: usize| -> Option<u32> { Some(u32::from_le_bytes(raw.get(at..at + 4)?.try_into().ok()?)) };
    let count = word(0)? as usize;
    if count > raw.len() / 4 {
        return None;
    }
    let mut starts = Vec::with_capacity(count + 1);
    let mut position = 4 * (count as u32 + 1);
    starts.push(position);
    for index in 0..count {
        position = position.checked_add(word(4 + 4 * index)?)?;
        starts.push(position);
    }
    (position as usize == raw.len()).then_some(starts)
}
