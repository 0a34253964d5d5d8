//! Retention policies.

use redb::ReadableTable as _;

use super::codec::{self, Record};
use super::failed;
use super::tables::{POLICIES, Tables, Transaction};
use crate::Result;
use crate::model::RetentionPolicy;

impl Record for RetentionPolicy {
    const NAME: &'static str = "a policy";
}

/// All of them, ended ones included, in the order of their ids.
///
/// # Errors
/// The store failed.
pub fn policies(tables: &impl Tables) -> Result<Vec<RetentionPolicy>> {
    let table = tables.table(POLICIES)?;
    let rows = table.iter().map_err(failed("read the policies"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the policies"))?.1.value())).collect()
}

/// Writes a policy under its id.
///
/// # Errors
/// The store failed.
pub fn put_policy(transaction: &Transaction, policy: &RetentionPolicy) -> Result<()> {
    let bytes = codec::encode(policy)?;
    transaction.writable(POLICIES)?.insert(policy.id.0, bytes.as_slice()).map_err(failed("write a policy"))?;
    Ok(())
}
