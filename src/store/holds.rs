//! Orders to preserve.

use redb::ReadableTable as _;
use serde::Deserialize;

use super::codec::{self, Fields, Record};
use super::failed;
use super::tables::{HOLDS, Tables, Transaction};
use crate::Result;
use crate::model::{
    Actor, FormerScope, Hold, HoldEvaluation, HoldId, HoldScope, MailboxNo, MessageNo, Release, UtcTime,
};

impl Record for Hold {
    const VERSION: u8 = 3;
    const NAME: &'static str = "a hold";

    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        match version {
            1 => fields.read::<FirstHold>().map(Hold::from).map(Some),
            2 => second(fields).map(Some),
            _ => Ok(None),
        }
    }
}

/// Version 2: without the names of people in its evaluations.
fn second(fields: &mut Fields<'_>) -> Result<Hold> {
    Ok(Hold {
        id: fields.read()?,
        name: fields.read()?,
        case: fields.read()?,
        scope: fields.read()?,
        follows_custodians: fields.read()?,
        custodians: fields.read()?,
        duration: fields.read()?,
        stated_date: fields.read()?,
        owner: fields.read()?,
        comment: fields.read()?,
        url: fields.read()?,
        reason: fields.read()?,
        placed_at: fields.read()?,
        placed_by: fields.read()?,
        on_since: fields.read()?,
        released: fields.read()?,
        delay_ended: fields.read()?,
        evaluation: fields.read::<SecondEvaluation>()?.into(),
        former: fields.read::<Vec<SecondFormer>>()?.into_iter().map(FormerScope::from).collect(),
    })
}

/// An evaluation of version 2.
#[derive(Deserialize)]
struct SecondEvaluation {
    set: u64,
    through: MessageNo,
    _rules: u32,
}

impl From<SecondEvaluation> for HoldEvaluation {
    /// Nobody knows by which names it knew the people of the query, so it is to be evaluated again on everything.
    fn from(SecondEvaluation { set, through, .. }: SecondEvaluation) -> Self {
        Self { set, through, rules: 0, people: None }
    }
}

/// A former scope of version 2.
#[derive(Deserialize)]
struct SecondFormer {
    scope: HoldScope,
    evaluation: SecondEvaluation,
    ended: Release,
    delay_ended: Option<Release>,
}

impl From<SecondFormer> for FormerScope {
    fn from(SecondFormer { scope, evaluation, ended, delay_ended }: SecondFormer) -> Self {
        Self { scope, evaluation: evaluation.into(), ended, delay_ended }
    }
}

/// Version 1: on from the beginning, for mailboxes and a query.
#[derive(Deserialize)]
struct FirstHold {
    id: HoldId,
    name: String,
    mailboxes: Option<Vec<MailboxNo>>,
    query: Option<String>,
    reason: String,
    placed_at: UtcTime,
    placed_by: Actor,
    released: Option<Release>,
    evaluated_through: MessageNo,
}

impl From<FirstHold> for Hold {
    fn from(first: FirstHold) -> Self {
        Self {
            id: first.id,
            name: first.name,
            case: None,
            scope: HoldScope { mailboxes: first.mailboxes, query: first.query, ..HoldScope::default() },
            follows_custodians: false,
            custodians: Vec::new(),
            duration: None,
            stated_date: None,
            owner: String::new(),
            comment: String::new(),
            url: String::new(),
            reason: first.reason,
            placed_at: first.placed_at,
            placed_by: first.placed_by,
            on_since: Some(first.placed_at),
            released: first.released,
            delay_ended: None,
            // By which rules it was evaluated is not known, so that it is evaluated again.
            evaluation: HoldEvaluation { set: first.id.0, through: first.evaluated_through, rules: 0, people: None },
            former: Vec::new(),
        }
    }
}

/// All of them, ended ones included, in the order of their ids.
///
/// # Errors
/// The store failed.
pub fn holds(tables: &impl Tables) -> Result<Vec<Hold>> {
    let table = tables.table(HOLDS)?;
    let rows = table.iter().map_err(failed("read the holds"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the holds"))?.1.value())).collect()
}

/// Writes a hold under its id.
///
/// # Errors
/// The store failed.
pub fn put_hold(transaction: &Transaction, hold: &Hold) -> Result<()> {
    let bytes = codec::encode(hold)?;
    transaction.writable(HOLDS)?.insert(hold.id.0, bytes.as_slice()).map_err(failed("write a hold"))?;
    Ok(())
}
