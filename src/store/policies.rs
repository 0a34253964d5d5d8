//! Retention policies.

use redb::ReadableTable as _;
use serde::Deserialize;

use super::codec::{self, Fields, Record};
use super::failed;
use super::tables::{POLICIES, Tables, Transaction};
use crate::Result;
use crate::model::{
    Actor, MessageNo, PolicyId, PolicyScope, Release, RetentionAction, RetentionPeriod, RetentionPolicy,
    RetentionTrigger, UtcTime,
};

impl Record for RetentionPolicy {
    const VERSION: u8 = 6;
    const NAME: &'static str = "a policy";

    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        let first: FirstPolicy = match version {
            1..=5 => fields.read()?,
            _ => return Ok(None),
        };
        let mut policy = Self::from(first);
        if version > 1 {
            policy.folders = fields.read()?;
            policy.query = fields.read()?;
            policy.evaluated_through = fields.read()?;
            policy.left = fields.read()?;
            policy.lock = fields.read()?;
        }
        if version > 2 {
            policy.deletion_waits = fields.read()?;
        }
        if version > 3 {
            // Matches of version 4 do not tell those of older rules of searching from the others; of none is known by which
            // names they knew the people of the query.
            fields.read::<u32>()?;
        }
        if version > 4 {
            policy.refused = fields.read()?;
        }
        Ok(Some(policy))
    }
}

/// Version 1: over everything in its mailboxes, which nothing but a removal changed, and in force. The others begin so.
#[derive(Deserialize)]
struct FirstPolicy {
    id: PolicyId,
    name: String,
    scope: PolicyScope,
    action: RetentionAction,
    period: RetentionPeriod,
    trigger: RetentionTrigger,
    added_at: UtcTime,
    added_by: Actor,
    released: Option<Release>,
}

impl From<FirstPolicy> for RetentionPolicy {
    fn from(first: FirstPolicy) -> Self {
        Self {
            id: first.id,
            name: first.name,
            scope: first.scope,
            action: first.action,
            period: first.period,
            trigger: first.trigger,
            added_at: first.added_at,
            added_by: first.added_by,
            released: first.released,
            folders: Vec::new(),
            query: None,
            evaluated_through: MessageNo(0),
            left: Vec::new(),
            lock: None,
            deletion_waits: false,
            evaluated_rules: 0,
            refused: None,
            people: None,
        }
    }
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
