//! Messages that say more of themselves than their source is believed for.

use redb::ReadableTableMetadata as _;

use super::failed;
use super::tables::{DISTRUSTED, Transaction};
use crate::model::{Digest, Trust};
use crate::{Error, Result};

/// Notes how far messages are believed that came for the first time.
///
/// # Errors
/// The store failed.
pub fn put_trusts(transaction: &Transaction, messages: impl IntoIterator<Item = (Digest, Trust)>) -> Result<()> {
    let mut table = transaction.writable(DISTRUSTED)?;
    for (digest, trust) in messages {
        if trust != Trust::All {
            table.insert(&digest.0, trust as u8).map_err(failed("write how far a message is believed"))?;
        } else if !table.is_empty().map_err(failed("read how far messages are believed"))? {
            // What is noted of one that was destroyed says nothing of its new arrival.
            table.remove(&digest.0).map_err(failed("write how far a message is believed"))?;
        }
    }
    Ok(())
}

pub(super) fn read(number: u8) -> Result<Trust> {
    let found = Trust::ALL.into_iter().find(|trust| *trust as u8 == number);
    found.ok_or_else(|| Error::Corrupt(format!("a message is believed to an unknown degree, {number}")))
}
