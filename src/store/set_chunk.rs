//! Chunks of sets: 65,536 neighbouring numbers as a bitmap of one container, in the
//! [standard Roaring format](https://github.com/RoaringBitmap/RoaringFormatSpec), in which a container says which numbers
//! of 32 bits it stands for by their upper half. Here that is 0, and the key of the row says it.

use std::collections::BTreeMap;

use roaring::{MultiOps as _, RoaringBitmap, RoaringTreemap};

use crate::{Error, Result};

/// Bits of a number that the chunk holds; those above are the chunk's key.
pub(super) const CHUNK_BITS: u32 = 16;

/// The numbers of a chunk, without those bits that its key says.
///
/// # Errors
/// It is damaged.
pub(super) fn read_chunk(bytes: &[u8]) -> Result<RoaringBitmap> {
    RoaringBitmap::deserialize_from(bytes).map_err(|e| damaged(&e.to_string()))
}

/// The bytes of a chunk that is not empty.
///
/// # Errors
/// There is no memory for them.
pub(super) fn write_chunk(bitmap: &mut RoaringBitmap) -> Result<Vec<u8>> {
    bitmap.optimize();
    let mut bytes = Vec::with_capacity(bitmap.serialized_size());
    bitmap.serialize_into(&mut bytes).map_err(|e| Error::Store { action: "encode a set", source: e.into() })?;
    Ok(bytes)
}

/// Chunks of one set, joined container by container: number by number they would cost as much as a search.
#[derive(Default)]
pub(super) struct Chunks(BTreeMap<u32, Vec<RoaringBitmap>>);

impl Chunks {
    /// Adds the chunk under `key`.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn add(&mut self, key: u64, bytes: &[u8]) -> Result<()> {
        let (upper, chunk) = numbers(key, bytes)?;
        self.0.entry(upper).or_default().push(chunk);
        Ok(())
    }

    /// Adds what the chunk under `key` has in common with `other`.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn add_common(&mut self, key: u64, bytes: &[u8], other: &BTreeMap<u32, &RoaringBitmap>) -> Result<()> {
        let (upper, mut chunk) = numbers(key, bytes)?;
        if let Some(other) = other.get(&upper) {
            chunk &= *other;
            self.0.entry(upper).or_default().push(chunk);
        }
        Ok(())
    }

    /// All of them.
    pub(super) fn joined(self) -> RoaringTreemap {
        RoaringTreemap::from_bitmaps(self.0.into_iter().map(|(upper, chunks)| (upper, chunks.union())))
    }
}

/// The keys of the chunks that the numbers of `set` stand in, in order.
pub(super) fn keys(set: &RoaringTreemap) -> Vec<u64> {
    let (mut keys, mut numbers) = (Vec::new(), set.iter());
    while let Some(number) = numbers.next() {
        let key = number >> CHUNK_BITS;
        keys.push(key);
        match (key + 1).checked_shl(CHUNK_BITS).filter(|next| *next > number) {
            Some(next) => numbers.advance_to(next),
            None => break,
        }
    }
    keys
}

/// The numbers of a chunk by their lower half, and the upper half that they share.
fn numbers(key: u64, bytes: &[u8]) -> Result<(u32, RoaringBitmap)> {
    let upper = u32::try_from(key >> CHUNK_BITS).map_err(|_| damaged("its key is out of range"))?;
    let placed = placed(bytes, (key & 0xffff) as u16).ok_or_else(|| damaged("it is not one container"))?;
    Ok((upper, read_chunk(&placed)?))
}

/// The bytes of a chunk whose container says the lower bits of its key itself; `None` if they are not one container for
/// the lowest numbers.
fn placed(bytes: &[u8], container: u16) -> Option<Vec<u8>> {
    const WITHOUT_RUNS: [u8; 4] = 12_346_u32.to_le_bytes();
    // The number of containers less one stands in the upper half.
    const ONE_WITH_RUNS: [u8; 4] = 12_347_u32.to_le_bytes();
    let key = match *bytes.first_chunk()? {
        WITHOUT_RUNS if bytes.get(4..8)? == 1_u32.to_le_bytes() => 8..10,
        ONE_WITH_RUNS => 5..7,
        _ => return None,
    };
    let mut placed = bytes.to_vec();
    let place = placed.get_mut(key)?;
    if place != [0, 0] {
        return None;
    }
    place.copy_from_slice(&container.to_le_bytes());
    Some(placed)
}

fn damaged(why: &str) -> Error {
    Error::Corrupt(format!("a set of messages cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chunks(numbers: &RoaringTreemap) -> Vec<(u64, Vec<u8>)> {
        let mut keys: Vec<u64> = numbers.iter().map(|number| number >> CHUNK_BITS).collect();
        keys.dedup();
        let low = |key: u64| numbers.iter().filter(move |n| n >> CHUNK_BITS == key).map(|n| (n & 0xffff) as u32);
        keys.into_iter().map(|key| (key, write_chunk(&mut low(key).collect()).unwrap())).collect()
    }

    fn read(chunks: &[(u64, Vec<u8>)]) -> RoaringTreemap {
        let mut all = Chunks::default();
        for (key, bytes) in chunks {
            all.add(*key, bytes).unwrap();
        }
        all.joined()
    }

    fn read_common(chunks: &[(u64, Vec<u8>)], other: &RoaringTreemap) -> RoaringTreemap {
        let mut common = Chunks::default();
        for (key, bytes) in chunks {
            common.add_common(*key, bytes, &other.bitmaps().collect()).unwrap();
        }
        common.joined()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Scattered, in runs, dense without runs, and beyond 32 bits.
        #[test]
        fn chunks_together_are_the_set(
            single in proptest::collection::vec(0..1_u64 << 40, 0..40),
            runs in proptest::collection::vec((0..1_u64 << 18, 1..9_000_u64), 0..6),
            dense in proptest::collection::vec(0..3_u64 << 16, 0..9_000),
        ) {
            let runs = runs.into_iter().flat_map(|(first, length)| first..first + length);
            let numbers: RoaringTreemap = single.into_iter().chain(runs).chain(dense).collect();
            prop_assert_eq!(&read(&chunks(&numbers)), &numbers);
            let mut wanted: Vec<u64> = numbers.iter().map(|number| number >> CHUNK_BITS).collect();
            wanted.dedup();
            prop_assert_eq!(keys(&numbers), wanted);
            let third: RoaringTreemap = numbers.iter().step_by(3).chain([5, u64::MAX]).collect();
            prop_assert_eq!(read_common(&chunks(&numbers), &third), numbers & third);
        }

        #[test]
        fn damaged_chunks_are_errors_or_sets(bytes in proptest::collection::vec(any::<u8>(), 0..64), at in 0..32_usize) {
            let mut all = Chunks::default();
            all.add(7, &bytes).ok();
            let mut damaged = write_chunk(&mut (3..900).collect()).unwrap();
            damaged.splice(at.min(damaged.len()).., bytes);
            all.add(7, &damaged).ok();
            all.joined();
        }
    }

    #[test]
    fn the_last_number_of_all_has_a_chunk() {
        assert_eq!(keys(&RoaringTreemap::from_iter([0, u64::MAX])), [0, u64::MAX >> CHUNK_BITS]);
    }

    #[test]
    fn what_is_not_one_chunk_is_refused() {
        let mut two = Vec::new();
        RoaringBitmap::from_iter([1, 70_000]).serialize_into(&mut two).unwrap();
        let mut elsewhere = Vec::new();
        RoaringBitmap::from_iter([70_000]).serialize_into(&mut elsewhere).unwrap();
        let chunk = write_chunk(&mut RoaringBitmap::from_iter([1])).unwrap();
        for (key, bytes) in [(0, &two), (0, &elsewhere), (1 << 48, &chunk), (0, &Vec::new())] {
            assert!(matches!(Chunks::default().add(key, bytes), Err(Error::Corrupt(_))));
        }
    }
}
