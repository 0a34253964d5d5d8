//! Proof that a sample was drawn by chance (`draw`), that somebody vouches for a text (`note`), and that a log was only ever appended to:
//! the Merkle tree of RFC 6962 section 2.1 over SHA-256, and its two proofs.
//!
//! Nothing here stores or reads by itself. The owner of the log keeps the hashes of *complete*
//! subtrees under `(level, index)`: the node `(level, index)` covers the leaves from
//! `index << level` up to, not including, `(index + 1) << level`. Such a node never changes once
//! written, so a tree of `n` leaves keeps fewer than `2n` hashes, an append writes two on average,
//! and a root or a proof reads at most one hash per level and side.

mod draw;
mod hash;
mod note;
mod proof;
mod tree;
mod verify;

#[cfg(test)]
mod tests;

pub use draw::is_drawn;
pub use hash::{TreeHash, empty_root, leaf_hash, node_hash};
pub use note::{NoteSigner, NoteVerifier};
pub use proof::{consistency_proof, inclusion_proof};
pub use tree::{append, root};
pub use verify::{ProofError, verify_consistency, verify_inclusion};
