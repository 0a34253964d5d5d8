//! Rows of packs.
//!
//! redb gives a value a whole power of two of pages. A compressed pack has any length, so it is cut into slices that each
//! fill such a run of pages. What is left of it, shorter than a page, stands behind all slices of all packs, where such ends
//! share pages. Measured: one value for a pack, filled to what it was expected to compress to, left 14 percent of the room
//! unused; slices whose ends had pages of their own left 3 percent of mail unused and 10 of chat messages.

use redb::{AccessGuard, ReadableTable, Table};

use super::failed;
use crate::Result;
use crate::model::PackNo;

/// Keys and values of the table of packs: (pack, slice from 0) and its bytes.
pub(super) type PackTable<'t> = Table<'t, (u64, u32), &'static [u8]>;

/// Bytes of a page.
const PAGE: usize = 4096;

/// What redb keeps in a page of one row beside the value: its own header, the end of the value, and the key.
const OVERHEAD: usize = 4 + 4 + 12;

/// Pages of the longest slice.
const MAX_PAGES: usize = 16;

/// Is added to the number of a pack in the key of its end.
const END: u64 = 1 << 63;

/// Writes a pack, in the place of what stood under its number.
///
/// # Errors
/// The store failed.
pub(super) fn put(table: &mut PackTable<'_>, no: PackNo, bytes: &[u8]) -> Result<()> {
    remove(table, no)?;
    let mut rest = bytes;
    let mut place = 0;
    while let Some((head, tail)) = slice_bytes(rest.len()).and_then(|len| rest.split_at_checked(len)) {
        table.insert((no.0, place), head).map_err(failed("write a pack"))?;
        rest = tail;
        place += 1;
    }
    if !rest.is_empty() {
        table.insert((no.0 | END, 0), rest).map_err(failed("write a pack"))?;
    }
    Ok(())
}

/// The slice at `place` of a pack, from 0, or its end behind the last; `None` behind that.
///
/// # Errors
/// The store failed.
pub(super) fn slice(
    table: &impl ReadableTable<(u64, u32), &'static [u8]>,
    no: PackNo,
    place: u32,
) -> Result<Option<AccessGuard<'_, &'static [u8]>>> {
    let get = |key| table.get(key).map_err(failed("read a pack"));
    match get((no.0, place))? {
        Some(slice) => Ok(Some(slice)),
        None if place == 0 || get((no.0, place - 1))?.is_some() => get((no.0 | END, 0)),
        None => Ok(None),
    }
}

/// Removes a pack, if there is one.
///
/// # Errors
/// The store failed.
pub(super) fn remove(table: &mut PackTable<'_>, no: PackNo) -> Result<()> {
    let mut place = 0;
    while table.remove((no.0, place)).map_err(failed("remove a pack"))?.is_some() {
        place += 1;
    }
    table.remove((no.0 | END, 0)).map_err(failed("remove a pack"))?;
    Ok(())
}

/// The longest slice that fills its pages and is not longer than `left`; `None` where that is less than a page.
fn slice_bytes(left: usize) -> Option<usize> {
    let mut pages = MAX_PAGES;
    while pages > 0 && pages * PAGE - OVERHEAD > left {
        pages /= 2;
    }
    (pages > 0).then(|| pages * PAGE - OVERHEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_fill_runs_of_pages() {
        let cut = |mut left: usize| {
            let mut slices = Vec::new();
            while let Some(slice) = slice_bytes(left) {
                slices.push(slice);
                left -= slice;
            }
            (slices, left)
        };
        assert_eq!(cut(100), (vec![], 100));
        assert_eq!(cut(4_076), (vec![4_076], 0));
        assert_eq!(cut(4_077), (vec![4_076], 1));
        assert_eq!(cut(100_000), (vec![65_516, 32_748], 1_736));
        assert_eq!(cut(130_000), (vec![65_516, 32_748, 16_364, 8_172, 4_076], 3_124));
    }
}
