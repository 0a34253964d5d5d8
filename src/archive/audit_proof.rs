//! Proof that an entry is in the audit log, for people without the archive.

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Serialize};

use super::audit_checkpoint::AuditCheckpoint;
use crate::evidence::{self, TreeHash, leaf_hash, verify_consistency, verify_inclusion};
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
    /// The proof that this tree goes on from one that somebody has a checkpoint of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<EarlierTree>,
}

/// What the log was before, with the proof that it only grew since (RFC 6962 2.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierTree {
    /// Number of its entries.
    pub size: u64,
    /// Its root.
    pub root: TreeHash,
    /// The hashes that lead to both roots.
    pub path: Vec<TreeHash>,
}

impl AuditProof {
    /// The proof of entry `seq` in the log as it is.
    pub(super) fn of(tables: &impl Tables, seq: u64) -> Result<Self> {
        Self::in_tree(tables, seq, audit_size(tables)?)
    }

    /// The proof of entry `seq` for whoever has a checkpoint: in the log as it was then, or as it is with the proof that it only
    /// grew since.
    ///
    /// # Errors
    /// There is no such entry, the log does not go on from the checkpoint, or the store failed.
    pub(super) fn against(tables: &impl Tables, seq: u64, checkpoint: &AuditCheckpoint) -> Result<Self> {
        let read = |level, index| audit_node(tables, level, index);
        let now = audit_size(tables)?;
        let AuditCheckpoint { size, root, .. } = *checkpoint;
        let goes_on = size <= now && evidence::root(size, read)? == root;
        if !goes_on {
            return Err(Error::Corrupt(format!(
                "the audit log does not go on from the checkpoint of {size} acts: entries were changed or removed, or this is an \
                 older copy of the archive"
            )));
        }
        if seq < size {
            return Self::in_tree(tables, seq, size);
        }
        let path = evidence::consistency_proof(size, now, read)?;
        let path =
            path.ok_or_else(|| Error::InvalidInput("nothing goes on from a checkpoint of no acts".to_owned()))?;
        Ok(Self { earlier: Some(EarlierTree { size, root, path }), ..Self::in_tree(tables, seq, now)? })
    }

    fn in_tree(tables: &impl Tables, seq: u64, size: u64) -> Result<Self> {
        let read = |level, index| audit_node(tables, level, index);
        let path = evidence::inclusion_proof(size, seq, read)?;
        let path = path.ok_or_else(|| Error::NotFound { what: "audit entry", id: seq.to_string() })?;
        let leaf = HEXLOWER_PERMISSIVE.encode(&audit_leaf(tables, seq)?);
        Ok(Self { entry: seq, leaf, size, root: evidence::root(size, read)?, path, earlier: None })
    }

    /// Checks that the entry is in the log with this root; returns it.
    ///
    /// # Errors
    /// The proof does not prove it, or the entry cannot be read.
    pub fn verify(&self) -> Result<AuditEntry> {
        let bad = |why: String| Error::Untrusted(format!("the proof of the audit entry does not hold: {why}"));
        let leaf = HEXLOWER_PERMISSIVE.decode(self.leaf.as_bytes()).map_err(|error| bad(error.to_string()))?;
        verify_inclusion(leaf_hash(&leaf), self.entry, self.size, self.root, &self.path)
            .map_err(|error| bad(error.to_string()))?;
        if let Some(EarlierTree { size, root, path }) = &self.earlier {
            verify_consistency(*size, self.size, *root, self.root, path).map_err(|error| bad(error.to_string()))?;
        }
        let entry = read_audit_leaf(&leaf)?;
        if entry.seq == self.entry { Ok(entry) } else { Err(bad("the entry has another number".to_owned())) }
    }

    /// Checks that the entry is in the log, and that this is the log of a checkpoint or goes on from it; returns it.
    ///
    /// # Errors
    /// As [`Self::verify`], or it is another log, or nothing is proved of the checkpoint.
    pub fn verify_against(&self, checkpoint: &AuditCheckpoint) -> Result<AuditEntry> {
        let entry = self.verify()?;
        let AuditCheckpoint { size, root, .. } = *checkpoint;
        let another = || Error::Untrusted(format!("the proof is of another log than the checkpoint of {size} acts"));
        if self.size == size {
            return if self.root == root { Ok(entry) } else { Err(another()) };
        }
        match &self.earlier {
            Some(earlier) if earlier.size == size && earlier.root == root => Ok(entry),
            Some(earlier) if earlier.size == size => Err(another()),
            _ => Err(Error::InvalidInput(format!(
                "the proof is of a log of {} acts and says nothing of the checkpoint of {size}: whoever has the archive makes one that \
                 does with `custodia audit prove {} --against CHECKPOINT --output FILE`",
                self.size, self.entry
            ))),
        }
    }
}
