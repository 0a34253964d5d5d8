//! Rows of packs.
//!
//! redb gives a value a whole power of two of pages. A compressed pack has any length, so it is cut into slices that each
//! fill such a run of pages; only the last, shorter than a page, leaves room. Measured: one value for a pack, filled to
//! what it was expected to compress to, left 14 percent of the room unused.

use redb::Table;

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

/// Writes a pack, in the place of what stood under its number.
///
/// # Errors
/// The store failed.
pub(super) fn put(table: &mut PackTable<'_>, no: PackNo, bytes: &[u8]) -> Result<()> {
    remove(table, no)?;
    let mut rest = bytes;
    let mut slice = 0;
    while !rest.is_empty() {
        let (head, tail) = rest.split_at(slice_bytes(rest.len()));
        table.insert((no.0, slice), head).map_err(failed("write a pack"))?;
        rest = tail;
        slice += 1;
    }
    Ok(())
}

/// Removes a pack, if there is one.
///
/// # Errors
/// The store failed.
pub(super) fn remove(table: &mut PackTable<'_>, no: PackNo) -> Result<()> {
    let mut slice = 0;
    while table.remove((no.0, slice)).map_err(failed("remove a pack"))?.is_some() {
        slice += 1;
    }
    Ok(())
}

/// The longest slice that fills its pages and is not longer than `left`; all of it where it is less than a page.
fn slice_bytes(left: usize) -> usize {
    let mut pages = MAX_PAGES;
    while pages > 1 && pages * PAGE - OVERHEAD > left {
        pages /= 2;
    }
    (pages * PAGE - OVERHEAD).min(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_fill_runs_of_pages() {
        let cut = |mut left: usize| {
            let mut slices = Vec::new();
            while left > 0 {
                slices.push(slice_bytes(left));
                left -= slices.last().unwrap();
            }
            slices
        };
        assert_eq!(cut(100), [100]);
        assert_eq!(cut(4_076), [4_076]);
        assert_eq!(cut(4_077), [4_076, 1]);
        assert_eq!(cut(100_000), [65_516, 32_748, 1_736]);
        assert_eq!(cut(130_000), [65_516, 32_748, 16_364, 8_172, 4_076, 3_124]);
    }
}
