//! Proofs, as their receiver checks them. The inputs are hostile: any sizes, any number of hashes.

use super::{TreeHash, empty_root, node_hash};

/// Why a proof does not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf's index is not below the size of the tree.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    NoSuchLeaf {
        /// The index, from 0.
        index: u64,
        /// The size in leaves.
        size: u64,
    },
    /// The sizes leave nothing to prove: the old tree is larger than the new, or empty.
    #[error("no proof leads from a tree of {old} leaves to one of {new}")]
    NoSuchStep {
        /// The old size in leaves.
        old: u64,
        /// The new size in leaves.
        new: u64,
    },
    /// The proof has more or fewer hashes than these sizes need.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The proof leads to another root: for a consistency proof, of the new tree.
    #[error("the proof does not lead to the root")]
    WrongRoot,
    /// The proof leads to another root of the old tree.
    #[error("the proof does not lead to the old root")]
    WrongOldRoot,
}

/// Checks that the leaf with hash `leaf` is leaf number `index`, from 0, of the tree of `size`
/// leaves that has `root` (RFC 9162 2.1.3.2).
///
/// # Errors
/// Why it is not proved.
pub fn verify_inclusion(
    leaf: TreeHash,
    index: u64,
    size: u64,
    root: TreeHash,
    proof: &[TreeHash],
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::NoSuchLeaf { index, size });
    }
    let mut climb = Climb { node: index, last: size - 1 };
    let mut hash = leaf;
    for &sibling in proof {
        hash = match climb.step()? {
            Side::Left => node_hash(sibling, hash),
            Side::Right => node_hash(hash, sibling),
        };
    }
    climb.finish()?;
    if hash == root { Ok(()) } else { Err(ProofError::WrongRoot) }
}

/// Checks that the tree of `new` leaves with `new_root` begins with the tree of `old` leaves with
/// `old_root` (RFC 9162 2.1.4.2).
///
/// Beyond the text of RFC 9162: a step from the empty tree to a larger one proves nothing and is
/// an error; a step from a tree to itself takes no hashes and equal roots, and both roots of empty
/// trees are the empty root.
///
/// # Errors
/// Why it is not proved.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: TreeHash,
    new_root: TreeHash,
    proof: &[TreeHash],
) -> Result<(), ProofError> {
    if old > new || (old == 0 && new > 0) {
        return Err(ProofError::NoSuchStep { old, new });
    }
    if old == new {
        return verify_same(old, old_root, new_root, proof);
    }
    // An old tree that is complete is a node of the new one, so its root is left out of the proof.
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().map(|(&first, rest)| (first, rest)).ok_or(ProofError::WrongLength)?
    };
    let mut climb = Climb { node: old - 1, last: new - 1 };
    climb.skip_while_right_child();
    let (mut old_hash, mut new_hash) = (first, first);
    for &sibling in rest {
        match climb.step()? {
            Side::Left => {
                old_hash = node_hash(sibling, old_hash);
                new_hash = node_hash(sibling, new_hash);
            }
            Side::Right => new_hash = node_hash(new_hash, sibling),
        }
    }
    climb.finish()?;
    if old_hash != old_root {
        return Err(ProofError::WrongOldRoot);
    }
    if new_hash == new_root { Ok(()) } else { Err(ProofError::WrongRoot) }
}

fn verify_same(size: u64, old_root: TreeHash, new_root: TreeHash, proof: &[TreeHash]) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::WrongLength);
    }
    if size == 0 && old_root != empty_root() {
        return Err(ProofError::WrongOldRoot);
    }
    if old_root == new_root { Ok(()) } else { Err(ProofError::WrongRoot) }
}

/// On which side of the present node its sibling stands.
enum Side {
    Left,
    Right,
}

/// A way from a node up to the root: `fn` and `sn` of RFC 9162.
struct Climb {
    /// The present node, counted from 0 on its level.
    node: u64,
    /// The last node of that level; 0 at the root.
    last: u64,
}

impl Climb {
    /// Goes up by one hash of the proof, and says on which side that hash belongs.
    fn step(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::WrongLength);
        }
        let side = if self.node % 2 == 1 || self.node == self.last { Side::Left } else { Side::Right };
        // A last node without a sibling moves up unchanged until it has one on its left.
        while matches!(side, Side::Left) && self.node.is_multiple_of(2) && self.node > 0 {
            self.up();
        }
        self.up();
        Ok(side)
    }

    fn skip_while_right_child(&mut self) {
        while self.node % 2 == 1 {
            self.up();
        }
    }

    fn up(&mut self) {
        self.node /= 2;
        self.last /= 2;
    }

    fn finish(&self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::WrongLength) }
    }
}
