//! What is counted of single hits while they are grouped: the items of each, and its size.

use std::iter;

use roaring::RoaringTreemap;

/// Bits of a number that tell its place in a block.
const BLOCK_BITS: u32 = 12;
/// Numbers in a block.
const BLOCK: usize = 1 << BLOCK_BITS;
/// Most blocks of a table, which bounds its memory at 25 MB.
const MOST_BLOCKS: usize = if cfg!(test) { 2 } else { 512 };

/// Items and sizes of messages by number. It has room for so many messages that any archive is counted in a few tables, one
/// after the other, and any number of hits takes no more memory than one.
#[derive(Debug, Default)]
pub struct HitTable {
    /// In the order of their numbers.
    blocks: Vec<Block>,
    /// The block that was used last: hits mostly come in the order of their numbers.
    at: usize,
}

#[derive(Debug)]
struct Block {
    /// The numbers of its messages without their last bits.
    key: u64,
    items: Vec<u32>,
    sizes: Vec<u64>,
}

impl HitTable {
    /// Divides messages into as many as one table takes, by number.
    pub fn windows(messages: &RoaringTreemap) -> impl Iterator<Item = RoaringTreemap> {
        let mut next = messages.min();
        iter::from_fn(move || {
            let mut window = RoaringTreemap::new();
            next?;
            for _ in 0..MOST_BLOCKS {
                let Some(first) = next else { break };
                let last = first | (BLOCK as u64 - 1);
                window.insert_range(first..=last);
                next = last.checked_add(1).and_then(|beyond| first_from(messages, beyond));
            }
            window &= messages;
            Some(window)
        })
    }

    /// A table of `messages`, without items yet.
    pub fn of(messages: &RoaringTreemap) -> Self {
        let mut blocks: Vec<Block> = Vec::new();
        let mut next = messages.min();
        while let Some(message) = next {
            let key = message >> BLOCK_BITS;
            blocks.push(Block { key, items: vec![0; BLOCK], sizes: vec![0; BLOCK] });
            next = (message | (BLOCK as u64 - 1)).checked_add(1).and_then(|beyond| first_from(messages, beyond));
        }
        Self { blocks, at: 0 }
    }

    /// Counts an item of each of `messages`.
    pub fn add_items(&mut self, messages: &RoaringTreemap) {
        for message in messages {
            if let Some(items) = self.block(message).and_then(|block| block.items.get_mut(place(message))) {
                *items = items.saturating_add(1);
            }
        }
    }

    /// The sizes of `messages` together, in bytes, once they were met among the hits.
    pub fn bytes(&mut self, messages: &RoaringTreemap) -> u64 {
        let mut bytes = 0_u64;
        for message in messages {
            let size = self.block(message).and_then(|block| block.sizes.get(place(message)));
            bytes = bytes.saturating_add(size.copied().unwrap_or_default());
        }
        bytes
    }

    /// Notes the size of a hit, and returns how many items it has.
    pub(super) fn meet(&mut self, message: u64, size: u64) -> u32 {
        let Some(block) = self.block(message) else { return 0 };
        if let Some(known) = block.sizes.get_mut(place(message)) {
            *known = size;
        }
        block.items.get(place(message)).copied().unwrap_or_default()
    }

    fn block(&mut self, message: u64) -> Option<&mut Block> {
        let key = message >> BLOCK_BITS;
        if self.blocks.get(self.at).is_none_or(|block| block.key != key) {
            self.at = self.blocks.binary_search_by_key(&key, |block| block.key).ok()?;
        }
        self.blocks.get_mut(self.at)
    }
}

fn place(message: u64) -> usize {
    message as usize & (BLOCK - 1)
}

/// The first of `messages` that is not below `number`.
fn first_from(messages: &RoaringTreemap, number: u64) -> Option<u64> {
    let mut rest = messages.iter();
    rest.advance_to(number);
    rest.next()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn each_message_is_in_one_window_with_its_items_and_its_size(
            numbers in proptest::collection::btree_set(
                prop_oneof![0..20_000_u64, (1_u64 << 32) - 9..(1 << 32) + 9, u64::MAX - 9..=u64::MAX], 0..60),
        ) {
            let messages: RoaringTreemap = numbers.iter().copied().collect();
            let mut seen = Vec::new();
            for window in HitTable::windows(&messages) {
                let mut table = HitTable::of(&window);
                prop_assert!(table.blocks.len() <= MOST_BLOCKS && !window.is_empty());
                let odd: RoaringTreemap = window.iter().filter(|number| number % 2 == 1).collect();
                table.add_items(&window);
                table.add_items(&odd);
                for number in &window {
                    prop_assert_eq!(table.meet(number, number % 7), 1 + (number % 2) as u32);
                }
                prop_assert_eq!(table.bytes(&odd), odd.iter().map(|number| number % 7).sum::<u64>());
                seen.extend(window.iter());
            }
            prop_assert_eq!(seen, numbers.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_in_no_window_counts_nothing() {
        let mut table = HitTable::of(&RoaringTreemap::from_iter([5, 6]));
        assert_eq!(table.meet(1 << 20, 9), 0);
        assert_eq!(table.bytes(&RoaringTreemap::from_iter([1 << 20])), 0);
        assert_eq!(HitTable::windows(&RoaringTreemap::new()).count(), 0);
    }
}
