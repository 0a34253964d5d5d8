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
