//! Simulations of rules that delete: what somebody saw before a rule was put in force.

use redb::ReadableTable as _;
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::failed;
use super::tables::{SIMULATIONS, Tables, Transaction};
use crate::Result;
use crate::model::{Actor, Digest, UtcTime};

/// The newest simulation of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSimulation {
    /// When.
    pub at: UtcTime,
    /// By whom.
    pub by: Actor,
    /// The date as of which items were judged.
    pub as_of: UtcTime,
    /// Items that were judged.
    pub items: u64,
    /// Items that could have been disposed of with the rule in force.
    pub eligible: u64,
}

impl Record for RuleSimulation {
    const NAME: &'static str = "a simulation of a rule";
}

/// The newest simulation of the rule with this digest; `None` if there was none.
///
/// # Errors
/// The store failed.
pub fn rule_simulation(tables: &impl Tables, rule: &Digest) -> Result<Option<RuleSimulation>> {
    let table = tables.table(SIMULATIONS)?;
    let row = table.get(&rule.0).map_err(failed("read a simulation"))?;
    row.map(|row| codec::decode(row.value())).transpose()
}

/// Writes the newest simulation of a rule.
///
/// # Errors
/// The store failed.
pub fn put_rule_simulation(transaction: &Transaction, rule: &Digest, simulation: &RuleSimulation) -> Result<()> {
    let bytes = codec::encode(simulation)?;
    let mut table = transaction.writable(SIMULATIONS)?;
    table.insert(&rule.0, bytes.as_slice()).map_err(failed("write a simulation"))?;
    Ok(())
}
