//! Sorted keys in one page: each as the difference from the block's first digest and lowest number, in as many bytes as
//! the largest needs, so that a search goes by halves.

use super::key::Key;
use crate::{Error, Result};

/// Bytes of a page of redb without what it keeps there of a row beside the value: its own header, the end of the value,
/// and the key of 14 bytes.
pub(super) const MAX_BYTES: usize = 4096 - (4 + 4 + 14);

const VERSION: u8 = 1;

/// Version, width of digests, width of numbers, and the lowest number in five bytes.
const HEADER: usize = 8;

/// Keys that become one block.
#[derive(Debug, Clone, Copy)]
struct Extent {
    keys: usize,
    first: Key,
    last: Key,
    lowest: u64,
    highest: u64,
}

impl Extent {
    fn of(key: Key) -> Self {
        Self { keys: 1, first: key, last: key, lowest: key.no(), highest: key.no() }
    }

    fn with(self, key: Key) -> Self {
        let (lowest, highest) = (self.lowest.min(key.no()), self.highest.max(key.no()));
        Self { keys: self.keys + 1, last: key, lowest, highest, ..self }
    }

    /// Bytes of a digest's and of a number's difference. A number takes one at least, so that bytes tell how many keys.
    fn widths(self) -> (usize, usize) {
        let differs = self.last.beginning().saturating_sub(self.first.beginning());
        (width(differs), width(self.highest - self.lowest).max(1))
    }

    fn bytes(self) -> usize {
        let (digest, number) = self.widths();
        HEADER + self.keys * (digest + number)
    }
}

fn width(value: u64) -> usize {
    (64 - value.leading_zeros() as usize).div_ceil(8)
}

/// Cuts sorted keys into blocks that fill a page each.
#[derive(Debug, Default)]
pub(super) struct BlockFiller {
    keys: Vec<Key>,
    extent: Option<Extent>,
}

impl BlockFiller {
    /// Adds a key that is greater than those before. Returns a block, with its first key, once it is full.
    pub(super) fn push(&mut self, key: Key) -> Option<(Key, Vec<u8>)> {
        let wider = self.extent.map_or_else(|| Extent::of(key), |extent| extent.with(key));
        let full = if wider.bytes() > MAX_BYTES { self.take() } else { None };
        self.extent = Some(if full.is_some() { Extent::of(key) } else { wider });
        self.keys.push(key);
        full
    }

    /// What is left, as a block.
    pub(super) fn take(&mut self) -> Option<(Key, Vec<u8>)> {
        let first = self.extent.take()?.first;
        let block = write(first, &self.keys);
        self.keys.clear();
        Some((first, block))
    }
}

/// The bytes of a block of sorted keys, none of them less than `first`, which it stands under.
pub(super) fn write(first: Key, keys: &[Key]) -> Vec<u8> {
    let Some(extent) = keys.iter().copied().map(Extent::of).reduce(|all, key| all.with(key.last)) else {
        return Vec::new();
    };
    let extent = Extent { first, ..extent };
    let (digest, number) = extent.widths();
    let mut bytes = Vec::with_capacity(extent.bytes());
    // Both are at most 5: digests and numbers have no more bytes.
    bytes.extend([VERSION, digest as u8, number as u8]);
    put(&mut bytes, extent.lowest, 5);
    for key in keys {
        put(&mut bytes, key.beginning() - first.beginning(), digest);
        put(&mut bytes, key.no() - extent.lowest, number);
    }
    bytes
}

fn put(bytes: &mut Vec<u8>, value: u64, width: usize) {
    bytes.extend(value.to_be_bytes().iter().skip(8 - width));
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// A block that is being read.
pub(super) struct Block<'b> {
    first: Key,
    lowest: u64,
    digest_width: usize,
    width: usize,
    entries: &'b [u8],
}

impl<'b> Block<'b> {
    /// Reads the block that stands under `first`.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn read(first: Key, bytes: &'b [u8]) -> Result<Self> {
        let damaged = || Error::Corrupt("a block of digests cannot be read".to_owned());
        let (header, entries) = bytes.split_at_checked(HEADER).ok_or_else(damaged)?;
        let [VERSION, digest @ 0..=5, no @ 1..=5, lowest @ ..] = header else { return Err(damaged()) };
        let (digest_width, width) = (usize::from(*digest), usize::from(*digest + *no));
        if entries.len() % width != 0 {
            return Err(damaged());
        }
        Ok(Self { first, lowest: number(lowest), digest_width, width, entries })
    }

    /// Its keys, sorted.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> + use<'_, 'b> {
        self.from(0)
    }

    /// Whether `key` is there.
    pub(super) fn contains(&self, key: Key) -> bool {
        self.from(self.place(key)).next() == Some(key)
    }

    /// The numbers under a digest whose key of number 0 is `digest`, in their order.
    pub(super) fn numbers(&self, digest: Key) -> impl Iterator<Item = u64> + use<'_, 'b> {
        let same = move |key: &Key| key.beginning() == digest.beginning();
        self.from(self.place(digest)).take_while(same).map(Key::no)
    }

    fn from(&self, place: usize) -> impl Iterator<Item = Key> + use<'_, 'b> {
        let entries = self.entries.chunks_exact(self.width).skip(place);
        entries.map(|entry| {
            let (digest, no) = entry.split_at_checked(self.digest_width).unwrap_or_default();
            Key::of_parts(self.first.beginning() + number(digest), self.lowest + number(no))
        })
    }

    /// How many keys are less than `key`.
    fn place(&self, key: Key) -> usize {
        let (mut low, mut high) = (0, self.entries.len() / self.width);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.from(middle).next().is_some_and(|found| found < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::super::key::MAX_NUMBER;
    use super::*;

    fn keys() -> impl Strategy<Value = Vec<Key>> {
        let digests = prop_oneof![0..3_u64, 0..1_u64 << 20, 0..1_u64 << 40, Just((1 << 40) - 1)];
        let numbers = prop_oneof![0..2_000_u64, 0..=MAX_NUMBER, Just(MAX_NUMBER)];
        let keys = (digests, numbers).prop_map(|(digest, no)| Key::of_parts(digest, no));
        btree_set(keys, 1..3_000).prop_map(|keys| keys.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn blocks_hold_what_was_put_in_and_nothing_else(keys in keys(), other in any::<(u64, u64)>()) {
            let mut filler = BlockFiller::default();
            let mut blocks: Vec<_> = keys.iter().filter_map(|key| filler.push(*key)).collect();
            blocks.extend(filler.take());
            let mut read = Vec::new();
            for (first, bytes) in &blocks {
                prop_assert!(bytes.len() <= MAX_BYTES);
                let block = Block::read(*first, bytes).unwrap();
                prop_assert_eq!(block.keys().next(), Some(*first));
                for key in block.keys() {
                    prop_assert!(block.contains(key));
                    let digest = Key::of_parts(key.beginning(), 0);
                    let same: Vec<_> = block.keys().filter(|k| k.beginning() == key.beginning()).map(Key::no).collect();
                    prop_assert_eq!(block.numbers(digest).collect::<Vec<_>>(), same);
                }
                let other = Key::new(other.0, other.1 & MAX_NUMBER);
                prop_assert_eq!(block.contains(other), block.keys().any(|key| key == other));
                read.extend(block.keys());
            }
            prop_assert_eq!(read, keys);
        }

        #[test]
        fn damage_is_an_error_or_other_keys_and_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(block) = Block::read(Key::new(u64::MAX, 0), &bytes) {
                block.keys().for_each(drop);
            }
        }
    }

    #[test]
    fn neighbouring_keys_of_ten_million_take_seven_bytes() {
        let mut filler = BlockFiller::default();
        let keys = (0..5_000_u64).map(|n| Key::of_parts(n * 110_000, n * 7_919 % 10_000_000));
        let blocks: Vec<_> = keys.filter_map(|key| filler.push(key)).collect();
        assert_eq!(blocks.first().map(|(_, bytes)| bytes.len()), Some(HEADER + 580 * 7));
    }
}
