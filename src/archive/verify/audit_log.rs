//! The audit log: its tree is that of its entries, and an earlier checkpoint is of the same log.

use super::{Note, Problem};
use crate::archive::Archive;
use crate::archive::audit_checkpoint::AuditCheckpoint;
use crate::archive::clock_correction::ACTION as CLOCK_CORRECTION;
use crate::evidence::{self, TreeHash, leaf_hash, node_hash};
use crate::model::UtcTime;
use crate::store::{Snapshot, audit_entries, audit_leaf, audit_node, audit_root, audit_size};
use crate::{Error, Result};

/// The outcome of a verification of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditVerification {
    /// The log as it is now.
    pub checkpoint: AuditCheckpoint,
    /// Problems found.
    pub problems: u64,
}

impl Archive {
    /// Computes the audit tree again from the entries. With a checkpoint that was kept elsewhere, checks also that the log only
    /// grew since: that what it had then is what it begins with now. `report` gets each problem.
    ///
    /// # Errors
    /// The checkpoint is of another archive, or the store failed.
    pub fn verify_audit(
        &mut self,
        against: Option<&AuditCheckpoint>,
        report: &mut dyn FnMut(&Problem),
    ) -> Result<AuditVerification> {
        if let Some(earlier) = against {
            self.check_is_ours(earlier)?;
        }
        let snapshot = self.store.snapshot()?;
        let mut problems = 0;
        let mut note = |object: &'static str, id: String, detail: String| {
            problems += 1;
            report(&Problem { object, id, detail });
        };
        let root = verify_audit(&snapshot, &mut note)?;
        if let Some(earlier) = against {
            verify_growth(&snapshot, earlier, &mut note)?;
        }
        let size = audit_size(&snapshot)?;
        let root = root.map_or_else(|| audit_root(&snapshot), Ok)?;
        drop(snapshot);
        let since = against.map_or_else(String::new, |earlier| format!(", since a checkpoint of {}", earlier.size));
        self.record_alone("audit.verify", "", &format!("{size} entries{since}: {problems} problems"))?;
        Ok(AuditVerification { checkpoint: AuditCheckpoint { archive: self.info.id.clone(), size, root }, problems })
    }
}

/// Whether the log begins with what it had at a checkpoint.
fn verify_growth(snapshot: &Snapshot, earlier: &AuditCheckpoint, note: &mut Note<'_>) -> Result<()> {
    let size = audit_size(snapshot)?;
    if size < earlier.size {
        let detail = format!(
            "the log has {size} entries, and had {} at the checkpoint: this is an older copy of the archive, or entries were \
             removed",
            earlier.size
        );
        note("audit", String::new(), detail);
        return Ok(());
    }
    let root = evidence::root(earlier.size, |level, index| audit_node(snapshot, level, index))?;
    if root != earlier.root {
        let detail = format!(
            "the first {} entries are not those of the checkpoint: their root is {root}, and was {}",
            earlier.size, earlier.root
        );
        note("audit", String::new(), detail);
    }
    Ok(())
}

/// Computes the audit tree again from the entries; returns its root, if the tree has one.
pub(super) fn verify_audit(snapshot: &Snapshot, note: &mut Note<'_>) -> Result<Option<TreeHash>> {
    let size = audit_size(snapshot)?;
    let mut complete: Vec<TreeHash> = Vec::new();
    for seq in 0..size {
        let leaf = match audit_leaf(snapshot, seq) {
            Ok(leaf) => leaf,
            Err(Error::NotFound { .. }) => {
                note("audit", seq.to_string(), "the entry is missing".to_owned());
                return Ok(audit_root(snapshot).ok());
            }
            Err(other) => return Err(other),
        };
        let mut hash = leaf_hash(&leaf);
        let (mut level, mut index) = (0, seq);
        loop {
            if audit_node(snapshot, level, index).ok() != Some(hash) {
                note("audit", seq.to_string(), format!("the entry does not match node {index} of level {level}"));
            }
            if index % 2 == 0 {
                break;
            }
            let Some(left) = complete.pop() else { break };
            hash = node_hash(left, hash);
            (level, index) = (level + 1, index / 2);
        }
        complete.push(hash);
    }
    verify_audit_times(snapshot, note)?;
    let root = complete.into_iter().rev().reduce(|right, left| node_hash(left, right));
    Ok(Some(root.unwrap_or_else(evidence::empty_root)))
}

fn verify_audit_times(snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
    let mut last: Option<UtcTime> = None;
    for (place, entry) in audit_entries(snapshot, 0)?.into_iter().enumerate() {
        if entry.seq != place as u64 {
            note("audit", place.to_string(), format!("the entry says that it is number {}", entry.seq));
        }
        if last.is_some_and(|last| entry.at < last) && entry.action != CLOCK_CORRECTION {
            note("audit", place.to_string(), "the entry is older than the one before it".to_owned());
        }
        last = Some(entry.at);
    }
    Ok(())
}
