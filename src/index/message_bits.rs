//! A set of message numbers while it is gathered, a bit for each.

use std::collections::BTreeMap;

use roaring::{RoaringBitmap, RoaringTreemap};

/// Bits of a number that tell its place in a block.
const BLOCK_BITS: u32 = 16;
/// Bytes of a block.
const BLOCK_BYTES: usize = 1 << (BLOCK_BITS - 3);

type Block = Box<[u8; BLOCK_BYTES]>;

/// Numbers in blocks of 65,536. Hits mostly come in the order of their numbers, so that the block at hand is the right one,
/// and a number costs less than its place in a sorted list.
#[derive(Default)]
pub(super) struct MessageBits {
    at: u64,
    block: Option<Block>,
    others: BTreeMap<u64, Block>,
}

impl MessageBits {
    pub(super) fn insert(&mut self, number: u64) {
        let at = number >> BLOCK_BITS;
        if at != self.at {
            self.turn_to(at);
        }
        let block = self.block.get_or_insert_with(empty);
        if let Some(byte) = block.get_mut((number & 0xffff) as usize >> 3) {
            *byte |= 1 << (number & 7);
        }
    }

    fn turn_to(&mut self, at: u64) {
        if let Some(block) = self.block.take() {
            self.others.insert(self.at, block);
        }
        self.block = self.others.remove(&at);
        self.at = at;
    }

    /// All of them.
    pub(super) fn into_set(mut self) -> RoaringTreemap {
        self.turn_to(0);
        self.others.extend(self.block.take().map(|block| (0, block)));
        let mut bitmaps: BTreeMap<u32, RoaringBitmap> = BTreeMap::new();
        for (at, block) in self.others {
            let first = ((at << BLOCK_BITS) & u64::from(u32::MAX)) as u32;
            let bitmap = RoaringBitmap::from_lsb0_bytes(first, block.as_slice());
            *bitmaps.entry((at >> (32 - BLOCK_BITS)) as u32).or_default() |= &bitmap;
        }
        RoaringTreemap::from_bitmaps(bitmaps)
    }
}

fn empty() -> Block {
    Box::new([0; BLOCK_BYTES])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gathered(numbers: impl IntoIterator<Item = u64>) -> RoaringTreemap {
        let mut bits = MessageBits::default();
        numbers.into_iter().for_each(|number| bits.insert(number));
        bits.into_set()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// In runs as in a merged index, scattered and repeated in any order, and beyond 32 bits.
        #[test]
        fn what_is_gathered_is_the_set(
            runs in proptest::collection::vec((0..1_u64 << 20, 1..70_000_u64, 1..9_usize), 0..4),
            single in proptest::collection::vec(prop_oneof![0..1_u64 << 18, 0..1_u64 << 40, any::<u64>()], 0..60),
        ) {
            let runs = runs.into_iter().flat_map(|(first, length, step)| (first..first + length).step_by(step));
            let numbers: Vec<u64> = single.iter().copied().chain(runs).chain(single.iter().rev().copied()).collect();
            prop_assert_eq!(gathered(numbers.iter().copied()), numbers.into_iter().collect::<RoaringTreemap>());
        }
    }

    #[test]
    fn the_ends_of_blocks_are_in_it() {
        for numbers in [vec![], vec![0], vec![65_535, 65_536], vec![(1 << 32) - 1, 1 << 32], vec![u64::MAX, 0]] {
            assert_eq!(gathered(numbers.clone()), numbers.into_iter().collect());
        }
    }
}
