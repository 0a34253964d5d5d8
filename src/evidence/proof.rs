//! Proofs, as the owner of the log makes them.

use super::TreeHash;
use super::tree::range_root;

/// The audit path that proves leaf `index` to be in the tree of the first `size` leaves, from the
/// leaf's sibling upwards (RFC 6962 2.1.1); `None` if the tree has no such leaf.
///
/// # Errors
/// What `read` fails with; see [`append`](super::append).
pub fn inclusion_proof<E>(
    size: u64,
    index: u64,
    mut read: impl FnMut(u8, u64) -> Result<TreeHash, E>,
) -> Result<Option<Vec<TreeHash>>, E> {
    if index >= size {
        return Ok(None);
    }
    let mut path = Vec::new();
    let (mut start, mut len) = (0, size);
    while len > 1 {
        let split = split_point(len);
        if index - start < split {
            path.push(range_root(start + split, len - split, &mut read)?);
            len = split;
        } else {
            path.push(range_root(start, split, &mut read)?);
            start += split;
            len -= split;
        }
    }
    path.reverse();
    Ok(Some(path))
}

/// The proof that the tree of the first `new` leaves begins with the tree of the first `old`
/// (RFC 6962 2.1.2); empty if they are the same tree.
///
/// `None` if there is none: `old` is larger than `new`, or is 0, since every tree begins with
/// the empty one and a proof of that proves nothing.
///
/// # Errors
/// What `read` fails with; see [`append`](super::append).
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    mut read: impl FnMut(u8, u64) -> Result<TreeHash, E>,
) -> Result<Option<Vec<TreeHash>>, E> {
    if old > new || (old == 0 && new > 0) {
        return Ok(None);
    }
    let mut path = Vec::new();
    let (mut start, mut len) = (0, new);
    while old - start < len {
        let split = split_point(len);
        if old - start <= split {
            path.push(range_root(start + split, len - split, &mut read)?);
            len = split;
        } else {
            path.push(range_root(start, split, &mut read)?);
            start += split;
            len -= split;
        }
    }
    // A subtree at the left edge is the old tree itself, whose root the verifier has.
    if start > 0 {
        path.push(range_root(start, len, &mut read)?);
    }
    path.reverse();
    Ok(Some(path))
}

/// The largest power of two below `len`, which is at least 2 (RFC 6962 2.1).
fn split_point(len: u64) -> u64 {
    1 << (len - 1).ilog2()
}
