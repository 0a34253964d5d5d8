//! The audit log, read.

use super::Archive;
use crate::Result;
use crate::model::{AuditEntry, Batch};
use crate::store::{RejectedRecord, audit_entries, batches, rejections};

impl Archive {
    /// Audit entries from number `from` (from 0) on. Reading the log is recorded in it afterwards.
    ///
    /// # Errors
    /// The store failed or an entry is damaged.
    pub fn audit_log(&self, from: u64) -> Result<Vec<AuditEntry>> {
        let entries = audit_entries(&self.store.snapshot()?, from)?;
        self.record_alone("audit.log", "", &format!("{} entries from {from}", entries.len()))?;
        Ok(entries)
    }

    /// All batches with their ledgers.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_batches(&self) -> Result<Vec<Batch>> {
        batches(&self.store.snapshot()?)
    }

    /// What a batch could not take.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_rejections(&self, batch: crate::model::BatchNo) -> Result<Vec<RejectedRecord>> {
        rejections(&self.store.snapshot()?, batch)
    }
}
