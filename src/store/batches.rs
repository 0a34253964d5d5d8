//! Batches, their ledgers, and what they could not take.

use redb::ReadableTable as _;
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::failed;
use super::tables::{BATCHES, REJECTIONS, Tables, Transaction};
use crate::model::{Batch, BatchNo};
use crate::{Error, Result};

impl Record for Batch {
    const NAME: &'static str = "a batch";
}

/// A source record that was not stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRecord {
    /// File, and place in it.
    pub origin: String,
    /// Why.
    pub reason: String,
}

impl Record for RejectedRecord {
    const NAME: &'static str = "a rejected record";
}

/// All batches by number.
///
/// # Errors
/// The store failed.
pub fn batches(tables: &impl Tables) -> Result<Vec<Batch>> {
    let table = tables.table(BATCHES)?;
    let rows = table.iter().map_err(failed("read the batches"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the batches"))?.1.value())).collect()
}

/// One batch.
///
/// # Errors
/// There is none with this number, or the store failed.
pub fn batch(tables: &impl Tables, no: BatchNo) -> Result<Batch> {
    let table = tables.table(BATCHES)?;
    let row = table.get(no.0).map_err(failed("read a batch"))?;
    row.map_or_else(|| Err(Error::NotFound { what: "batch", id: no.to_string() }), |row| codec::decode(row.value()))
}

/// Adds a batch under the next number; its `no` is ignored.
///
/// # Errors
/// The store failed.
pub fn create_batch(transaction: &Transaction, mut batch: Batch) -> Result<Batch> {
    batch.no = BatchNo(transaction.next("batch")?);
    put_batch(transaction, &batch)?;
    Ok(batch)
}

/// Writes a batch under its number.
///
/// # Errors
/// The store failed.
pub fn put_batch(transaction: &Transaction, batch: &Batch) -> Result<()> {
    let bytes = codec::encode(batch)?;
    transaction.writable(BATCHES)?.insert(batch.no.0, bytes.as_slice()).map_err(failed("write a batch"))?;
    Ok(())
}

/// Records what a batch could not take; `n` counts them from 1.
///
/// # Errors
/// The store failed.
pub fn add_rejection(transaction: &Transaction, batch: BatchNo, n: u64, rejected: &RejectedRecord) -> Result<()> {
    let bytes = codec::encode(rejected)?;
    transaction.writable(REJECTIONS)?.insert((batch.0, n), bytes.as_slice()).map_err(failed("write a rejection"))?;
    Ok(())
}

/// What a batch could not take.
///
/// # Errors
/// The store failed.
pub fn rejections(tables: &impl Tables, batch: BatchNo) -> Result<Vec<RejectedRecord>> {
    let table = tables.table(REJECTIONS)?;
    let rows = table.range((batch.0, 0)..=(batch.0, u64::MAX)).map_err(failed("read the rejections"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the rejections"))?.1.value())).collect()
}
