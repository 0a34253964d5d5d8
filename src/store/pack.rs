//! Packs: neighbouring contents compressed together.
//!
//! A pack is one zstd frame. Decompressed it holds a table of lengths and then the fragments one after the other, so a
//! fragment is named by pack and index, and emptying one leaves the names of its neighbours as they are.
//!
//! How much a pack holds bounds the cost of reading one message, of which half a pack is decompressed on average, and decides
//! how well it compresses. Headers have packs of their own: they repeat each other from one to the next, and what stands between
//! them in a mailbox, texts, repeats itself farther away. Measured on mails: headers and texts in packs of 768 KiB each take 0.92
//! of what they take together in such packs, and are decompressed in twice the time for scattered messages; in packs of 256 and of
//! 512 KiB they take 0.98 of it, and 1.2 times the time.

use serde::{Deserialize, Serialize};

use crate::model::PackNo;
use crate::{Error, Result};

/// Most that a pack of headers holds before compression, in bytes.
pub(super) const HEADER_PACK_BYTES: usize = 256 << 10;

/// The same for texts.
pub(super) const TEXT_PACK_BYTES: usize = 512 << 10;

/// The same for binaries, and the most that any pack holds.
pub(super) const PACK_BYTES: usize = 768 << 10;

/// Longest fragment, in bytes. Longer contents are cut, so that packs fill evenly.
pub(super) const FRAGMENT_BYTES: usize = 128 << 10;

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
        if (1.5..8.0).contains(&ratio) { Self::High } else { Self::Low }
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
        SealedPack { no: self.no, is_blank: self.body.is_empty(), raw }
    }
}

/// A full pack, not yet compressed.
pub(super) struct SealedPack {
    pub(super) no: PackNo,
    pub(super) raw: Vec<u8>,
    /// Whether nothing is left in it.
    pub(super) is_blank: bool,
}

impl SealedPack {
    pub(super) fn compress(&self, effort: Effort) -> Result<Vec<u8>> {
        zstd::bulk::compress(&self.raw, effort.level())
            .map_err(|e| Error::Store { action: "compress a pack", source: e.into() })
    }
}
