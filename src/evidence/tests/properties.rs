//! Every proof that is made verifies, and none that was tampered with does.

use proptest::prelude::*;

use super::super::{
    TreeHash, append, consistency_proof, empty_root, inclusion_proof, leaf_hash, root, verify_consistency,
    verify_inclusion,
};
use super::Log;

#[test]
fn the_incremental_root_is_the_recursive_root() {
    let log = Log::of_size(300);
    for size in 0..=300_usize {
        let Ok(found) = root(size as u64, |level, index| log.read(level, index));
        assert_eq!(found, Log::naive_root(&log.leaves[..size]), "size {size}");
    }
}

#[test]
fn only_complete_subtrees_are_kept() {
    for size in 0..=130_u64 {
        let expected: u64 = (0..64).map(|level| size >> level).sum();
        assert_eq!(Log::of_size(size).nodes.len() as u64, expected, "size {size}");
    }
}

#[test]
fn every_proof_of_a_small_tree_verifies() {
    let log = Log::of_size(40);
    for size in 1..=40_u64 {
        let tree = Log::naive_root(&log.leaves[..size as usize]);
        for index in 0..size {
            let Ok(Some(proof)) = inclusion_proof(size, index, |l, i| log.read(l, i)) else { panic!("no proof") };
            assert_eq!(verify_inclusion(log.leaves[index as usize], index, size, tree, &proof), Ok(()));
        }
        for old in 1..=size {
            let Ok(Some(proof)) = consistency_proof(old, size, |l, i| log.read(l, i)) else { panic!("no proof") };
            let old_tree = Log::naive_root(&log.leaves[..old as usize]);
            assert_eq!(verify_consistency(old, size, old_tree, tree, &proof), Ok(()), "{old} to {size}");
        }
    }
}

#[test]
fn what_cannot_be_proved_has_no_proof() {
    let log = Log::of_size(5);
    for (size, index) in [(0, 0), (5, 5), (5, u64::MAX)] {
        assert_eq!(inclusion_proof(size, index, |l, i| log.read(l, i)), Ok(None), "{index} in {size}");
    }
    for (old, new) in [(0, 5), (5, 4), (u64::MAX, 0)] {
        assert_eq!(consistency_proof(old, new, |l, i| log.read(l, i)), Ok(None), "{old} to {new}");
    }
    assert_eq!(consistency_proof(0, 0, |l, i| log.read(l, i)), Ok(Some(Vec::new())));
    assert_eq!(verify_consistency(0, 0, empty_root(), empty_root(), &[]), Ok(()));
    assert!(verify_consistency(0, 0, leaf_hash(b""), leaf_hash(b""), &[]).is_err());
    assert!(verify_consistency(0, 5, empty_root(), Log::naive_root(&log.leaves), &[]).is_err());
}

#[test]
fn the_largest_tree_is_read_within_its_levels() {
    let mut reads = 0;
    let count = |reads: &mut u32, level: u8| {
        *reads += 1;
        assert!(level < 64);
        Ok::<_, std::convert::Infallible>(leaf_hash(&[level]))
    };
    let Ok(_) = root(u64::MAX, |level, _| count(&mut reads, level));
    let Ok(_) = inclusion_proof(u64::MAX, u64::MAX - 1, |level, _| count(&mut reads, level));
    let Ok(_) = inclusion_proof(u64::MAX, 0, |level, _| count(&mut reads, level));
    let Ok(_) = consistency_proof(1, u64::MAX, |level, _| count(&mut reads, level));
    let Ok(_) = append(u64::MAX, leaf_hash(b""), |level, _| count(&mut reads, level));
    assert!(reads < 7 * 64, "{reads} reads");
}

fn flip(hash: TreeHash, bit: u8) -> TreeHash {
    let mut bytes = hash.0;
    bytes[usize::from(bit / 8)] ^= 1 << (bit % 8);
    TreeHash(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_tampered_inclusion_proof_is_refused(size in 2..600_u64, index in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), bit: u8) {
        let log = Log::of_size(size);
        let index = index.index(size as usize) as u64;
        let leaf = log.leaves[index as usize];
        let tree = Log::naive_root(&log.leaves);
        let Ok(Some(proof)) = inclusion_proof(size, index, |l, i| log.read(l, i)) else { panic!("no proof") };
        prop_assert_eq!(verify_inclusion(leaf, index, size, tree, &proof), Ok(()));

        let at = at.index(proof.len());
        let mut flipped = proof.clone();
        flipped[at] = flip(flipped[at], bit);
        let mut shorter = proof.clone();
        shorter.remove(at);
        let mut longer = proof.clone();
        longer.insert(at, leaf);
        for bad in [&flipped, &shorter, &longer] {
            prop_assert!(verify_inclusion(leaf, index, size, tree, bad).is_err());
        }
        prop_assert!(verify_inclusion(flip(leaf, bit), index, size, tree, &proof).is_err());
        prop_assert!(verify_inclusion(leaf, index, size, flip(tree, bit), &proof).is_err());
        prop_assert!(verify_inclusion(leaf, index ^ 1, size, tree, &proof).is_err());
    }

    #[test]
    fn a_tampered_consistency_proof_is_refused(new in 2..600_u64, old in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), bit: u8) {
        let log = Log::of_size(new);
        let old = old.index(new as usize - 1) as u64 + 1;
        let (old_tree, tree) = (Log::naive_root(&log.leaves[..old as usize]), Log::naive_root(&log.leaves));
        let Ok(Some(proof)) = consistency_proof(old, new, |l, i| log.read(l, i)) else { panic!("no proof") };
        prop_assert_eq!(verify_consistency(old, new, old_tree, tree, &proof), Ok(()));

        let at = at.index(proof.len());
        let mut flipped = proof.clone();
        flipped[at] = flip(flipped[at], bit);
        let mut shorter = proof.clone();
        shorter.remove(at);
        let mut longer = proof.clone();
        longer.insert(at, tree);
        for bad in [&flipped, &shorter, &longer] {
            prop_assert!(verify_consistency(old, new, old_tree, tree, bad).is_err());
        }
        prop_assert!(verify_consistency(old, new, flip(old_tree, bit), tree, &proof).is_err());
        prop_assert!(verify_consistency(old, new, old_tree, flip(tree, bit), &proof).is_err());
    }

    #[test]
    fn no_sizes_and_no_proof_make_verification_panic(a: u64, b: u64, bytes in prop::collection::vec(any::<u8>(), 0..140)) {
        let proof: Vec<_> = bytes.iter().map(|&byte| leaf_hash(&[byte])).collect();
        prop_assert!(verify_inclusion(leaf_hash(b""), a, b, empty_root(), &proof).is_err());
        prop_assert!(verify_consistency(a, b, leaf_hash(b"old"), empty_root(), &proof).is_err());
    }
}
