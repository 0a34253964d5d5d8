//! Tables that lead from a digest to numbers: keys alone, short because there are millions of them in no order.

use redb::{ReadableTable, Table};

use super::failed;
use crate::{Error, Result};

/// The first five bytes of a digest, then a number in five bytes, the highest first.
pub(super) type DigestKey = [u8; 10];

/// A table of such keys.
pub(super) type DigestTable<'t> = Table<'t, &'static DigestKey, ()>;

/// Most that a number can be.
const MAX_NUMBER: u64 = (1 << 40) - 1;

/// The key of `no` under a digest whose first eight bytes are `prefix`.
pub(super) fn digest_key(prefix: u64, no: u64) -> DigestKey {
    let key = u128::from(prefix >> 24) << 40 | u128::from(no.min(MAX_NUMBER));
    key.to_be_bytes().last_chunk().copied().unwrap_or_default()
}

/// The numbers whose digest may begin with `prefix`, in their order. Different digests may share a key's five bytes: the
/// row decides.
///
/// # Errors
/// The store failed.
pub(super) fn candidates(
    table: &impl ReadableTable<&'static DigestKey, ()>,
    prefix: u64,
) -> Result<impl Iterator<Item = Result<u64>>> {
    let (low, high) = (digest_key(prefix, 0), digest_key(prefix, MAX_NUMBER));
    let rows = table.range::<&DigestKey>(&low..=&high).map_err(failed("look up a digest"))?;
    Ok(rows.map(|row| {
        let (key, _) = row.map_err(failed("look up a digest"))?;
        let end: [u8; 8] = key.value().last_chunk().copied().unwrap_or_default();
        Ok(u64::from_be_bytes(end) & MAX_NUMBER)
    }))
}

/// Whether `no` stands under a digest whose first eight bytes are `prefix`.
///
/// # Errors
/// The store failed.
pub(super) fn leads_to(table: &impl ReadableTable<&'static DigestKey, ()>, prefix: u64, no: u64) -> Result<bool> {
    Ok(table.get(&digest_key(prefix, no)).map_err(failed("look up a digest"))?.is_some())
}

/// Adds keys, sorted: a commit then touches each page once.
///
/// # Errors
/// The store failed, or there are more numbers than fit.
pub(super) fn insert_sorted(mut table: DigestTable<'_>, mut keys: Vec<(u64, u64)>) -> Result<()> {
    if keys.iter().any(|(_, no)| *no > MAX_NUMBER) {
        return Err(Error::InvalidInput(format!("an archive cannot hold more than {MAX_NUMBER} messages or parts")));
    }
    keys.sort_unstable();
    for (prefix, no) in keys {
        table.insert(&digest_key(prefix, no), ()).map_err(failed("write a digest"))?;
    }
    Ok(())
}

/// Removes a key.
///
/// # Errors
/// The store failed.
pub(super) fn remove(mut table: DigestTable<'_>, prefix: u64, no: u64) -> Result<()> {
    table.remove(&digest_key(prefix, no)).map_err(failed("remove a digest"))?;
    Ok(())
}
