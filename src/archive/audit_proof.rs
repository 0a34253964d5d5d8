//! Proof that an entry is in the audit log, for people without the archive.

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Serialize};

use crate::evidence::{self, TreeHash, leaf_hash, verify_inclusion};
use crate::model::AuditEntry;
use crate::store::{Tables, audit_leaf, audit_node, audit_size, read_audit_leaf};
use crate::{Error, Result};

/// An audit entry with the proof that it is in the log, as RFC 6962 2.1.1 has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditProof {
    /// The number of the entry, from 0.
    pub entry: u64,
    /// The bytes of the entry, which are the leaf of the tree, in hexadecimal digits.
    pub leaf: String,
    /// Number of entries of the tree that it is proved to be in.
    pub size: u64,
    /// Root of that tree: to be compared with a checkpoint that was kept elsewhere.
    pub root: TreeHash,
    /// The hashes from the leaf's sibling up to the root.
    pub path: Vec<TreeHash>,
}

impl AuditProof {
    /// The proof of entry `seq` in the log as it is.
    pub(super) fn of(tables: &impl Tables, seq: u64) -> Result<Self> {
        let size = audit_size(tables)?;
        let read = |level, index| audit_node(tables, level, index);
        let path = evidence::inclusion_proof(size, seq, read)?;
        let path = path.ok_or_else(|| Error::NotFound { what: "audit entry", id: seq.to_string() })?;
        let leaf = HEXLOWER_PERMISSIVE.encode(&audit_leaf(tables, seq)?);
        Ok(Self { entry: seq, leaf, size, root: evidence::root(size, read)?, path })
    }

    /// Checks that the entry is in the log with this root; returns it.
    ///
    /// # Errors
    /// The proof does not prove it, or the entry cannot be read.
    pub fn verify(&self) -> Result<AuditEntry> {
        let bad = |why: String| Error::Corrupt(format!("the proof of the audit entry does not hold: {why}"));
        let leaf = HEXLOWER_PERMISSIVE.decode(self.leaf.as_bytes()).map_err(|error| bad(error.to_string()))?;
        verify_inclusion(leaf_hash(&leaf), self.entry, self.size, self.root, &self.path)
            .map_err(|error| bad(error.to_string()))?;
        let entry = read_audit_leaf(&leaf)?;
        if entry.seq == self.entry { Ok(entry) } else { Err(bad("the entry has another number".to_owned())) }
    }
}
