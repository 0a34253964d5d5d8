//! Numbers that nobody can guess.

use std::hash::{BuildHasher as _, RandomState};

/// 32 bytes that are different at every call; std's hasher keys are the operating system's random numbers.
pub(super) fn random_key() -> [u8; 32] {
    let seed: Vec<u8> = (0..8).flat_map(|n: u64| RandomState::new().hash_one(n).to_be_bytes()).collect();
    *blake3::hash(&seed).as_bytes()
}
