//! What the digests of plans and certificates are made with.

use crate::model::Digest;

/// BLAKE3 of fields, each with its length before it, so that different lists of fields never give the same bytes.
pub(super) struct FieldHasher(blake3::Hasher);

impl FieldHasher {
    /// `context` keeps digests of different things apart (BLAKE3 specification 2.3, key derivation).
    pub(super) fn new(context: &str) -> Self {
        Self(blake3::Hasher::new_derive_key(context))
    }

    pub(super) fn field(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    pub(super) fn number(&mut self, number: u64) {
        self.field(&number.to_le_bytes());
    }

    pub(super) fn finish(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}
