//! A body text that is kept as it stands.

use super::{Encoding, PartFacts, TEXT_PART_OVER};
use crate::model::Digest;

/// A body text of which some was seen.
#[derive(Debug)]
pub(super) struct TextRun {
    /// Offset of its first byte in the message.
    pub(super) start: u64,
    len: u64,
    /// `None` until the text is known to go on beyond the bytes at hand: most texts end within them, and many are too
    /// short to be a part and need no digest.
    hasher: Option<Box<blake3::Hasher>>,
}

impl TextRun {
    pub(super) fn new(start: u64) -> Self {
        Self { start, len: 0, hasher: None }
    }

    /// Takes bytes after which the text may go on.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        self.hasher.get_or_insert_with(Box::default).update(bytes);
    }

    /// Takes the last bytes; gives the length and facts of the text if it is a part.
    pub(super) fn finish(self, bytes: &[u8]) -> Option<(u64, PartFacts)> {
        let len = self.len + bytes.len() as u64;
        if len <= TEXT_PART_OVER {
            return None;
        }
        let digest = match self.hasher {
            Some(mut hasher) => Digest(*hasher.update(bytes).finalize().as_bytes()),
            None => Digest::of(bytes),
        };
        Some((len, PartFacts { encoding: Encoding::Identity, digest, decoded_len: len }))
    }
}
