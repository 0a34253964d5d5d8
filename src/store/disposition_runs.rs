//! Executions of disposition plans.

use redb::ReadableTable as _;
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::failed;
use super::tables::{DISPOSITION_RUNS, Tables, Transaction};
use crate::Result;
use crate::model::{Actor, Digest, UtcTime};

/// One execution of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispositionRun {
    /// Digest of the plan.
    pub plan: Digest,
    /// When.
    pub executed_at: UtcTime,
    /// By whom.
    pub executed_by: Actor,
    /// Who consented, where dual control was on.
    pub approved_by: Option<Actor>,
    /// Items disposed of.
    pub items: u64,
    /// Messages destroyed.
    pub messages: u64,
    /// Digest of the disposition records, in the order of the numbers of their items.
    pub records: Digest,
    /// Number of the audit entry.
    pub audit_entry: u64,
}

impl Record for DispositionRun {
    const NAME: &'static str = "an execution of a plan";
}

/// All executions, the first one first.
///
/// # Errors
/// The store failed.
pub fn disposition_runs(tables: &impl Tables) -> Result<Vec<DispositionRun>> {
    let table = tables.table(DISPOSITION_RUNS)?;
    let rows = table.iter().map_err(failed("read the executions"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the executions"))?.1.value())).collect()
}

/// Writes an execution under the number of its audit entry.
///
/// # Errors
/// The store failed.
pub fn put_disposition_run(transaction: &Transaction, run: &DispositionRun) -> Result<()> {
    let bytes = codec::encode(run)?;
    let mut table = transaction.writable(DISPOSITION_RUNS)?;
    table.insert(run.audit_entry, bytes.as_slice()).map_err(failed("write an execution"))?;
    Ok(())
}
