//! A key: the beginning of a digest, and a number that it leads to.

/// Bytes of a key where it stands alone.
pub(in crate::store) type TreeKey = [u8; 10];

/// Most that a number can be.
pub(in crate::store) const MAX_NUMBER: u64 = (1 << 40) - 1;

/// The first five bytes of a digest, then a number in five bytes; ordered so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(u128);

impl Key {
    /// The key of `no`, at most `MAX_NUMBER`, under a digest whose first eight bytes are `prefix`.
    pub(super) fn new(prefix: u64, no: u64) -> Self {
        Self::of_parts(prefix >> 24, no)
    }

    /// The key of a digest whose first five bytes are `beginning`.
    pub(super) fn of_parts(beginning: u64, no: u64) -> Self {
        Self(u128::from(beginning) << 40 | u128::from(no.min(MAX_NUMBER)))
    }

    pub(super) fn of_bytes(bytes: &TreeKey) -> Self {
        Self(bytes.iter().fold(0, |key, byte| key << 8 | u128::from(*byte)))
    }

    pub(super) fn bytes(self) -> TreeKey {
        self.0.to_be_bytes().last_chunk().copied().unwrap_or_default()
    }

    /// The first five bytes of the digest.
    pub(super) fn beginning(self) -> u64 {
        u64::try_from(self.0 >> 40).unwrap_or(u64::MAX)
    }

    pub(super) fn no(self) -> u64 {
        u64::try_from(self.0 & u128::from(MAX_NUMBER)).unwrap_or(MAX_NUMBER)
    }
}
