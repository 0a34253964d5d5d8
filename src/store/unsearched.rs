//! Why messages are partially indexed.

use roaring::RoaringTreemap;
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::failed;
use super::sets::{MessageSet, extend_set};
use super::tables::{Tables, Transaction, UNSEARCHED};
use crate::Result;
use crate::model::{Defect, MessageNo};

#[derive(Serialize, Deserialize)]
struct Unsearched {
    reasons: Vec<Defect>,
}

impl Record for Unsearched {
    const NAME: &'static str = "the reasons of a partially indexed message";
}

/// Why not all of a message can be searched; empty if all can, or if an older version did not note why.
///
/// # Errors
/// The store failed.
pub fn unsearched(tables: &impl Tables, message: MessageNo) -> Result<Vec<Defect>> {
    use redb::ReadableTable as _;
    let table = tables.table(UNSEARCHED)?;
    let row = table.get(message.0).map_err(failed("read why a message is partially indexed"))?;
    row.map_or(Ok(Vec::new()), |row| codec::decode::<Unsearched>(row.value()).map(|row| row.reasons))
}

/// Why a message may name more people, or be of other threads, than is searched: a field, a list or a text was cut, or there are
/// more reasons than those noted.
const PEOPLE_CUT: [&str; 5] = ["long_field", "too_many_participants", "too_many_groups", "text_cut", "more"];

/// Those of `partial`, of which not all can be searched, that may name more people, or be of other threads, than is searched.
///
/// # Errors
/// The store failed.
pub fn people_unsearched(tables: &impl Tables, partial: &RoaringTreemap) -> Result<RoaringTreemap> {
    let mut found = RoaringTreemap::new();
    for no in partial {
        let reasons = unsearched(tables, MessageNo(no))?;
        if reasons.is_empty() || reasons.iter().any(|reason| PEOPLE_CUT.contains(&reason.code.as_str())) {
            found.insert(no);
        }
    }
    Ok(found)
}

/// Notes why not all of a message can be searched; without a reason, it is fully indexed from now on. `is_unread`: whether
/// its attachments are still to be read.
///
/// # Errors
/// The store failed.
pub fn put_unsearched(
    transaction: &Transaction,
    message: MessageNo,
    reasons: &[Defect],
    is_unread: bool,
) -> Result<()> {
    let (add, remove) = if reasons.is_empty() { (None, Some(message)) } else { (Some(message), None) };
    extend_set(transaction, MessageSet::PartiallyIndexed, add, remove)?;
    let (add, remove) = if is_unread { (Some(message), None) } else { (None, Some(message)) };
    extend_set(transaction, MessageSet::AttachmentsUnread, add, remove)?;
    put_reasons(transaction, message, reasons)
}

/// Notes why not all of a message can be searched, without a change of the sets.
///
/// # Errors
/// The store failed.
pub fn put_reasons(transaction: &Transaction, message: MessageNo, reasons: &[Defect]) -> Result<()> {
    let mut table = transaction.writable(UNSEARCHED)?;
    if reasons.is_empty() {
        table.remove(message.0).map_err(failed("note that a message is fully indexed"))?;
    } else {
        let bytes = codec::encode(&Unsearched { reasons: reasons.to_vec() })?;
        let inserted = table.insert(message.0, bytes.as_slice());
        inserted.map_err(failed("note why a message is partially indexed"))?;
    }
    Ok(())
}
