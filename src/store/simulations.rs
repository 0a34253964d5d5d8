//! Simulations of rules: what somebody saw before they were put in force.

use redb::ReadableTable as _;
use serde::{Deserialize, Serialize};

use super::codec::{self, Fields, Record};
use super::failed;
use super::tables::{SIMULATIONS, Tables, Transaction};
use crate::Result;
use crate::model::{
    Actor, Digest, LabelStart, RetentionAction, RetentionPeriod, RetentionSchedule, ScheduledPolicy, UtcTime,
};

/// Milliseconds for which a simulation is kept: 30 days.
const KEPT: i64 = 30 * 24 * 3600 * 1000;

/// A label of version 2: name, action, period, start, folders, query, whether there are reviewers, and the next one.
type OlderLabel =
    (String, RetentionAction, RetentionPeriod, LabelStart, Vec<String>, Option<String>, bool, Option<String>);

/// The newest simulation of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleSimulation {
    /// When.
    pub at: UtcTime,
    /// By whom.
    pub by: Actor,
    /// The date as of which items were judged.
    pub as_of: UtcTime,
    /// Items that were judged.
    pub items: u64,
    /// Items that could have been disposed of by the schedule.
    pub eligible: u64,
    /// The rules by which they were judged; none where an older version did not say.
    pub schedule: RetentionSchedule,
}

impl Record for ScheduleSimulation {
    const VERSION: u8 = 3;
    const NAME: &'static str = "a simulation";

    /// Version 1 was of one rule, whatever stood beside it. Version 2 said of labels neither the reviewers nor whether they
    /// make records, so that nobody could consent to them.
    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        if !(1..=2).contains(&version) {
            return Ok(None);
        }
        let (at, by, as_of, items, eligible) = fields.read()?;
        let (policies, labels): (Vec<ScheduledPolicy>, Vec<OlderLabel>) =
            if version == 2 { fields.read()? } else { Default::default() };
        let schedule = if labels.is_empty() {
            RetentionSchedule { policies, ..RetentionSchedule::default() }
        } else {
            RetentionSchedule::default()
        };
        Ok(Some(Self { at, by, as_of, items, eligible, schedule }))
    }
}

/// All that are kept, each with the digest that it was written under.
///
/// # Errors
/// The store failed.
pub fn simulations(tables: &impl Tables) -> Result<Vec<(Digest, ScheduleSimulation)>> {
    let table = tables.table(SIMULATIONS)?;
    let rows = table.iter().map_err(failed("read the simulations"))?;
    let mut all = Vec::new();
    for row in rows {
        let (digest, bytes) = row.map_err(failed("read the simulations"))?;
        all.push((Digest(*digest.value()), codec::decode(bytes.value())?));
    }
    Ok(all)
}

/// Writes the newest simulation of a schedule, and forgets those more than 30 days older.
///
/// # Errors
/// The store failed.
pub fn put_simulation(transaction: &Transaction, digest: &Digest, simulation: &ScheduleSimulation) -> Result<()> {
    let bytes = codec::encode(simulation)?;
    let mut table = transaction.writable(SIMULATIONS)?;
    let recent = |bytes: &[u8]| match codec::decode::<ScheduleSimulation>(bytes) {
        Ok(row) => simulation.at.0.saturating_sub(row.at.0) <= KEPT,
        // What cannot be read is for `verify` to say.
        Err(_) => true,
    };
    table.retain(|_, bytes| recent(bytes)).map_err(failed("forget old simulations"))?;
    table.insert(&digest.0, bytes.as_slice()).map_err(failed("write a simulation"))?;
    Ok(())
}

/// Removes the simulations that are dated after `now`; says how many those were.
///
/// # Errors
/// The store failed, or a simulation cannot be read.
pub fn remove_simulations_after(transaction: &Transaction, now: UtcTime) -> Result<usize> {
    let failed = || failed("remove simulations");
    let mut table = transaction.writable(SIMULATIONS)?;
    let mut later = Vec::new();
    for row in table.iter().map_err(failed())? {
        let (digest, bytes) = row.map_err(failed())?;
        if codec::decode::<ScheduleSimulation>(bytes.value())?.at > now {
            later.push(*digest.value());
        }
    }
    for digest in &later {
        table.remove(digest).map_err(failed())?;
    }
    Ok(later.len())
}
