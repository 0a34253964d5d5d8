//! The audit log: entries as leaves of an RFC 6962 tree, written in the transaction of the act that they record.

use redb::{ReadableTable as _, ReadableTableMetadata as _};

use super::codec::{self, Record};
use super::failed;
use super::tables::{AUDIT_LEAVES, AUDIT_NODES, Tables, Transaction, counter};
use crate::evidence::{self, TreeHash};
use crate::model::{Actor, AuditEntry, UtcTime};
use crate::{Error, Result};

impl Record for AuditEntry {
    const NAME: &'static str = "an audit entry";
}

/// How many entries there are.
///
/// # Errors
/// The store failed.
pub fn audit_size(tables: &impl Tables) -> Result<u64> {
    tables.table(AUDIT_LEAVES)?.len().map_err(failed("count the audit entries"))
}

/// The stored bytes of entry `seq`, which are the leaf of the tree.
///
/// # Errors
/// There is none, or the store failed.
pub fn audit_leaf(tables: &impl Tables, seq: u64) -> Result<Vec<u8>> {
    let table = tables.table(AUDIT_LEAVES)?;
    let leaf = table.get(seq).map_err(failed("read an audit entry"))?;
    leaf.map(|leaf| leaf.value().to_vec()).ok_or_else(|| Error::NotFound { what: "audit entry", id: seq.to_string() })
}

/// The entry that a leaf stands for.
///
/// # Errors
/// It is none.
pub fn read_audit_leaf(leaf: &[u8]) -> Result<AuditEntry> {
    codec::decode(leaf)
}

/// The stored hash of the complete subtree at `level` (0 for leaves) and `index`.
///
/// # Errors
/// There is none, or the store failed.
pub fn audit_node(tables: &impl Tables, level: u8, index: u64) -> Result<TreeHash> {
    let table = tables.table(AUDIT_NODES)?;
    let node = table.get((level, index)).map_err(failed("read an audit node"))?;
    node.map(|node| TreeHash(*node.value()))
        .ok_or_else(|| Error::Corrupt(format!("the audit tree lacks node {index} of level {level}")))
}

/// The root of the tree over all entries.
///
/// # Errors
/// The store failed or the tree is damaged.
pub fn audit_root(tables: &impl Tables) -> Result<TreeHash> {
    evidence::root(audit_size(tables)?, |level, index| audit_node(tables, level, index))
}

/// Entries from `from` on, in order.
///
/// # Errors
/// The store failed or an entry is damaged.
pub fn audit_entries(tables: &impl Tables, from: u64) -> Result<Vec<AuditEntry>> {
    let table = tables.table(AUDIT_LEAVES)?;
    let rows = table.range(from..).map_err(failed("read the audit log"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the audit log"))?.1.value())).collect()
}

/// The time of the newest entry; `None` before the first.
///
/// # Errors
/// The store failed or the entry is damaged.
pub fn last_audit_time(tables: &impl Tables) -> Result<Option<UtcTime>> {
    let table = tables.table(AUDIT_LEAVES)?;
    let last = table.last().map_err(failed("read the audit log"))?;
    last.map(|(_, leaf)| codec::decode::<AuditEntry>(leaf.value()).map(|entry| entry.at)).transpose()
}

const CLOCK_DOUBT: &str = "clock_in_doubt";

/// Whether an entry was recorded by a clock that had jumped ahead, and nobody has confirmed the clock since.
///
/// # Errors
/// The store failed.
pub fn clock_in_doubt(tables: &impl Tables) -> Result<bool> {
    counter(tables, CLOCK_DOUBT).map(|doubt| doubt != 0)
}

/// Remembers that the clock is in doubt, or that it was confirmed.
///
/// # Errors
/// The store failed.
pub fn set_clock_in_doubt(transaction: &Transaction, doubt: bool) -> Result<()> {
    transaction.set_counter(CLOCK_DOUBT, u64::from(doubt))
}

/// An act to be recorded.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// What: `import`, `hold.place`.
    pub action: &'a str,
    /// On what.
    pub object: &'a str,
    /// Why; empty if not said.
    pub purpose: &'a str,
    /// What came of it.
    pub outcome: &'a str,
}

/// Appends an entry; returns its number.
///
/// # Errors
/// The store failed.
pub fn append_audit(transaction: &Transaction, at: UtcTime, act: &Act<'_>) -> Result<u64> {
    let seq = audit_size(transaction)?;
    let entry = AuditEntry {
        seq,
        at,
        actor: act.actor.clone(),
        action: act.action.to_owned(),
        object: act.object.to_owned(),
        purpose: act.purpose.to_owned(),
        outcome: act.outcome.to_owned(),
    };
    let leaf = codec::encode(&entry)?;
    let nodes =
        evidence::append(seq, evidence::leaf_hash(&leaf), |level, index| audit_node(transaction, level, index))?;
    let mut table = transaction.writable(AUDIT_NODES)?;
    for (level, index, hash) in nodes {
        table.insert((level, index), &hash.0).map_err(failed("write an audit node"))?;
    }
    drop(table);
    transaction.writable(AUDIT_LEAVES)?.insert(seq, leaf.as_slice()).map_err(failed("write an audit entry"))?;
    Ok(seq)
}
