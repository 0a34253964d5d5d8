//! The tree as it grows.

use super::{TreeHash, empty_root, node_hash};

/// Appends `leaf` to a tree of `size` leaves, and gives the nodes that became complete by it, each
/// as `(level, index, hash)`, lowest first; the leaf itself is `(0, size, leaf)`.
///
/// `read` gives the hash stored for a complete subtree of the `size` leaves. It is called once for
/// each trailing one bit of `size`. The tree has `size + 1` leaves when all nodes are written; a
/// crash between two of them is harmless only if they share one transaction with the leaf.
///
/// # Errors
/// What `read` fails with.
pub fn append<E>(
    size: u64,
    leaf: TreeHash,
    mut read: impl FnMut(u8, u64) -> Result<TreeHash, E>,
) -> Result<Vec<(u8, u64, TreeHash)>, E> {
    let mut nodes = vec![(0, size, leaf)];
    let (mut level, mut index, mut hash) = (0_u8, size, leaf);
    while index % 2 == 1 {
        hash = node_hash(read(level, index - 1)?, hash);
        level += 1;
        index /= 2;
        nodes.push((level, index, hash));
    }
    Ok(nodes)
}

/// The root of the tree of the first `size` leaves (RFC 6962 2.1); any size up to the present one
/// has its root, so an older checkpoint can always be compared.
///
/// # Errors
/// What `read` fails with.
pub fn root<E>(size: u64, read: impl FnMut(u8, u64) -> Result<TreeHash, E>) -> Result<TreeHash, E> {
    range_root(0, size, read)
}

/// The root of the subtree of `len` leaves from `start`, which is a multiple of the smallest power
/// of two that is not below `len`.
///
/// The subtree splits into one complete subtree per one bit of `len`, the largest leftmost; the
/// smaller ones hang to the right, so they are joined from the right end.
pub(super) fn range_root<E>(
    start: u64,
    len: u64,
    mut read: impl FnMut(u8, u64) -> Result<TreeHash, E>,
) -> Result<TreeHash, E> {
    let mut joined = None;
    for level in (0..64_u8).filter(|level| (len >> level) & 1 == 1) {
        let complete = read(level, (start >> level) + (len >> level) - 1)?;
        joined = Some(joined.map_or(complete, |right| node_hash(complete, right)));
    }
    Ok(joined.unwrap_or_else(empty_root))
}
