//! Rows of parts.

use redb::ReadableTable;
use serde::{Deserialize, Serialize};

use super::super::codec::{self, Record};
use super::super::digests::{BlockRows, DigestReader, TreeRows};
use super::super::failed;
use super::super::pack::FragmentRef;
use super::super::tables::{PARTS, Tables};
use crate::Result;
use crate::model::{Digest, PartNo};

pub(super) const COUNTER: &str = "part";

/// An attachment or body text, stored once for all messages that carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct PartRow {
    /// Of the decoded bytes.
    pub(in crate::store) digest: Digest,
    /// Decoded length in bytes.
    pub(in crate::store) len: u64,
    /// How many pieces of messages refer to it; destroyed with the last.
    pub(in crate::store) references: u64,
    pub(in crate::store) fragments: Vec<FragmentRef>,
}

impl Record for PartRow {
    const NAME: &'static str = "a part row";
}

pub(super) fn get(table: &impl ReadableTable<u64, &'static [u8]>, no: PartNo) -> Result<Option<PartRow>> {
    let row = table.get(no.0).map_err(failed("read a part row"))?;
    row.map(|value| codec::decode(value.value())).transpose()
}

pub(super) fn find(
    digests: &DigestReader<impl TreeRows, impl BlockRows>,
    parts: &impl ReadableTable<u64, &'static [u8]>,
    digest: &Digest,
) -> Result<Option<(PartNo, PartRow)>> {
    digests.find(digest.prefix(), |no| {
        let row = get(parts, PartNo(no))?.filter(|row| row.digest == *digest);
        Ok(row.map(|row| (PartNo(no), row)))
    })
}

/// Calls `visit` with each part and the number of references that its row counts.
///
/// # Errors
/// The store failed, or `visit` returned an error.
pub fn part_references(tables: &impl Tables, mut visit: impl FnMut(PartNo, u64) -> Result<()>) -> Result<()> {
    let table = tables.table(PARTS)?;
    for row in table.iter().map_err(failed("read part rows"))? {
        let (no, value) = row.map_err(failed("read part rows"))?;
        visit(PartNo(no.value()), codec::decode::<PartRow>(value.value())?.references)?;
    }
    Ok(())
}
