//! Consent of a second person, given before the act and used up by it; and whether acts need it.

use redb::ReadableTable as _;
use serde::{Deserialize, Serialize};

use super::codec::{self, Fields, Record};
use super::failed;
use super::tables::{APPROVALS, Tables, Transaction, counter};
use crate::Result;
use crate::model::{Actor, Digest, UtcTime};

/// Consent to one act of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The act, such as `hold.release`.
    pub action: String,
    /// On what: an id, or the digest of a plan.
    pub object: String,
    /// Who consents.
    pub by: Actor,
    /// When.
    pub at: UtcTime,
    /// Why.
    pub reason: String,
    /// How the object stood; `None` if its name says all that the act does, and in older versions.
    pub state: Option<Digest>,
    /// What the clock said, which may be behind the audit log; `None` in older versions.
    pub clock: Option<UtcTime>,
}

impl Record for Approval {
    const VERSION: u8 = 2;
    const NAME: &'static str = "an approval";

    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        if version != 1 {
            return Ok(None);
        }
        let (action, object, by, at, reason) = fields.read()?;
        Ok(Some(Self { action, object, by, at, reason, state: None, clock: None }))
    }
}

/// Each giver has a row of their own. Rows of older versions have no giver in their key, and are read by what they say.
fn key(approval: &Approval) -> String {
    format!("{} {} {}", approval.action, approval.object, approval.by.0)
}

/// All that are not used up, by act and object.
///
/// # Errors
/// The store failed.
pub fn approvals(tables: &impl Tables) -> Result<Vec<Approval>> {
    let table = tables.table(APPROVALS)?;
    let rows = table.iter().map_err(failed("read the approvals"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the approvals"))?.1.value())).collect()
}

/// Writes a consent; a newer one of the same giver to the same act takes its place.
///
/// # Errors
/// The store failed.
pub fn put_approval(transaction: &Transaction, approval: &Approval) -> Result<()> {
    let (key, bytes) = (key(approval), codec::encode(approval)?);
    let mut table = transaction.writable(APPROVALS)?;
    table.insert(key.as_str(), bytes.as_slice()).map_err(failed("write an approval"))?;
    Ok(())
}

/// Removes a consent that was used, or is void.
///
/// # Errors
/// The store failed.
pub fn remove_approval(transaction: &Transaction, approval: &Approval) -> Result<()> {
    let mut table = transaction.writable(APPROVALS)?;
    let this = |row: &[u8]| codec::decode::<Approval>(row).is_ok_and(|known| known == *approval);
    table.retain(|_, row| !this(row)).map_err(failed("remove an approval"))?;
    Ok(())
}

const DUAL_CONTROL: &str = "dual_control";

/// Whether acts that free or destroy something need the consent of a second person.
///
/// # Errors
/// The store failed.
pub fn dual_control(tables: &impl Tables) -> Result<bool> {
    counter(tables, DUAL_CONTROL).map(|on| on != 0)
}

/// Says whether they need it.
///
/// # Errors
/// The store failed.
pub fn set_dual_control(transaction: &Transaction, on: bool) -> Result<()> {
    transaction.set_counter(DUAL_CONTROL, u64::from(on))
}
