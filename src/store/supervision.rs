//! Supervision policies, and what they found.

use redb::{ReadableTable as _, ReadableTableMetadata as _};

use super::codec::{self, Record};
use super::failed;
use super::tables::{
    SUPERVISION_ITEMS, SUPERVISION_MATCHES, SUPERVISION_OPEN, SUPERVISION_POLICIES, Tables, Transaction, counter,
};
use crate::model::{ItemNo, SupervisionMatch, SupervisionMatchNo, SupervisionPolicy, SupervisionPolicyId};
use crate::{Error, Result};

impl Record for SupervisionPolicy {
    const NAME: &'static str = "a supervision policy";
}

impl Record for SupervisionMatch {
    const NAME: &'static str = "a supervision match";
}

/// All versions of all policies, by id and version.
///
/// # Errors
/// The store failed.
pub fn supervision_policies(tables: &impl Tables) -> Result<Vec<SupervisionPolicy>> {
    let table = tables.table(SUPERVISION_POLICIES)?;
    let rows = table.iter().map_err(failed("read the supervision policies"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the supervision policies"))?.1.value())).collect()
}

/// Writes a version of a policy under its id and version.
///
/// # Errors
/// The store failed.
pub fn put_supervision_policy(transaction: &Transaction, policy: &SupervisionPolicy) -> Result<()> {
    let bytes = codec::encode(policy)?;
    let mut table = transaction.writable(SUPERVISION_POLICIES)?;
    table.insert((policy.id.0, policy.version), bytes.as_slice()).map_err(failed("write a supervision policy"))?;
    Ok(())
}

/// One match; `None` if there is none with this number.
///
/// # Errors
/// The store failed.
pub fn supervision_match(tables: &impl Tables, no: SupervisionMatchNo) -> Result<Option<SupervisionMatch>> {
    let table = tables.table(SUPERVISION_MATCHES)?;
    let row = table.get(no.0).map_err(failed("read a supervision match"))?;
    row.map(|row| codec::decode(row.value())).transpose()
}

/// Shows all matches, by number.
///
/// # Errors
/// The store failed, or `visit` did.
pub fn supervision_matches(tables: &impl Tables, visit: &mut dyn FnMut(SupervisionMatch) -> Result<()>) -> Result<()> {
    let table = tables.table(SUPERVISION_MATCHES)?;
    for row in table.iter().map_err(failed("read the supervision matches"))? {
        visit(codec::decode(row.map_err(failed("read the supervision matches"))?.1.value())?)?;
    }
    Ok(())
}

/// Shows the matches whose review is not finished, by number.
///
/// # Errors
/// The store failed, or `visit` did.
pub fn open_supervision_matches(
    tables: &impl Tables,
    visit: &mut dyn FnMut(SupervisionMatch) -> Result<()>,
) -> Result<()> {
    let table = tables.table(SUPERVISION_OPEN)?;
    for row in table.iter().map_err(failed("read the open supervision matches"))? {
        let no = SupervisionMatchNo(row.map_err(failed("read the open supervision matches"))?.0.value());
        let found = supervision_match(tables, no)?;
        visit(found.ok_or_else(|| Error::Corrupt(format!("open supervision match {no} is missing")))?)?;
    }
    Ok(())
}

/// The match by which a policy has found an item; `None` if it has not.
///
/// # Errors
/// The store failed.
pub fn supervision_match_of(
    tables: &impl Tables,
    policy: SupervisionPolicyId,
    item: ItemNo,
) -> Result<Option<SupervisionMatchNo>> {
    let table = tables.table(SUPERVISION_ITEMS)?;
    let row = table.get((policy.0, item.0)).map_err(failed("read the items of a supervision policy"))?;
    Ok(row.map(|row| SupervisionMatchNo(row.value())))
}

/// Writes a new match, and gives it its number.
///
/// # Errors
/// The store failed, or the policy has found the item already.
pub fn insert_supervision_match(transaction: &Transaction, mut found: SupervisionMatch) -> Result<SupervisionMatchNo> {
    if supervision_match_of(transaction, found.policy, found.item)?.is_some() {
        return Err(Error::AlreadyExists { what: "supervision match of item", id: found.item.to_string() });
    }
    found.no = SupervisionMatchNo(transaction.next("supervision_match")?);
    transaction
        .writable(SUPERVISION_ITEMS)?
        .insert((found.policy.0, found.item.0), found.no.0)
        .map_err(failed("write the items of a supervision policy"))?;
    put_supervision_match(transaction, &found)?;
    Ok(found.no)
}

/// Writes a match under its number.
///
/// # Errors
/// The store failed.
pub fn put_supervision_match(transaction: &Transaction, found: &SupervisionMatch) -> Result<()> {
    let bytes = codec::encode(found)?;
    transaction
        .writable(SUPERVISION_MATCHES)?
        .insert(found.no.0, bytes.as_slice())
        .map_err(failed("write a supervision match"))?;
    let mut open = transaction.writable(SUPERVISION_OPEN)?;
    if found.state().is_open() {
        open.insert(found.no.0, ()).map_err(failed("write the open supervision matches"))?;
    } else {
        open.remove(found.no.0).map_err(failed("write the open supervision matches"))?;
    }
    Ok(())
}

/// How many rows there are of supervision: matches are never removed, and each is listed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupervisionRows {
    /// Numbers of matches that were given out.
    pub given_out: u64,
    /// Matches.
    pub matches: u64,
    /// Items of policies that have one.
    pub items: u64,
    /// Matches listed as open.
    pub open: u64,
}

/// Counts the rows of supervision.
///
/// # Errors
/// The store failed.
pub fn supervision_rows(tables: &impl Tables) -> Result<SupervisionRows> {
    let rows = |len: std::result::Result<u64, redb::StorageError>| len.map_err(failed("count the rows of supervision"));
    Ok(SupervisionRows {
        given_out: counter(tables, "supervision_match")?,
        matches: rows(tables.table(SUPERVISION_MATCHES)?.len())?,
        items: rows(tables.table(SUPERVISION_ITEMS)?.len())?,
        open: rows(tables.table(SUPERVISION_OPEN)?.len())?,
    })
}

/// Shows every match under its number, or why it cannot be read; with it, whether the lists of open matches and of the items of
/// its policy say of it what it says.
///
/// # Errors
/// The store failed, or `visit` did.
pub fn check_supervision_matches(
    tables: &impl Tables,
    visit: &mut dyn FnMut(SupervisionMatchNo, Result<SupervisionMatch>, bool) -> Result<()>,
) -> Result<()> {
    let (matches, open) = (tables.table(SUPERVISION_MATCHES)?, tables.table(SUPERVISION_OPEN)?);
    for row in matches.iter().map_err(failed("read the supervision matches"))? {
        let (key, value) = row.map_err(failed("read the supervision matches"))?;
        let no = SupervisionMatchNo(key.value());
        let found = codec::decode::<SupervisionMatch>(value.value());
        let mut agrees = true;
        if let Ok(found) = &found {
            let is_open = open.get(no.0).map_err(failed("read the open supervision matches"))?.is_some();
            let listed = supervision_match_of(tables, found.policy, found.item)?;
            agrees = is_open == found.state().is_open() && listed == Some(no) && found.no == no;
        }
        visit(no, found, agrees)?;
    }
    Ok(())
}
