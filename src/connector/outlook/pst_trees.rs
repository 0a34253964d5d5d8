//! The trees of a data file (MS-PST 2.2.2), checked before they are followed.
//!
//! The reader of data files follows them by recursion. In a file made to do harm a page can lead back to itself, and
//! that would cost the whole stack; in a tree whose levels fall at each step nothing can.

use std::collections::HashMap;

use crate::message::RawSource;

/// Bytes of a page.
const PAGE: usize = 512;

/// Most entries of one tree: more than any file of the format can hold.
const MAX_PAGES: u64 = 50_000_000;

/// Where things are in one of the two forms of the format.
struct Layout {
    /// Bytes of identifiers and places.
    width: usize,
    /// Where the header has the root pages of nodes and of blocks.
    roots: [u64; 2],
    /// Where a page has the number of its entries, their size and its level.
    trailer: usize,
    /// Bytes of an intermediate page's entry.
    step: usize,
}

const UNICODE: Layout = Layout { width: 8, roots: [216, 232], trailer: 488, step: 24 };
const ANSI: Layout = Layout { width: 4, roots: [184, 192], trailer: 496, step: 12 };

/// Checks that each step in the trees of pages and of blocks leads one level down.
///
/// # Errors
/// It does not, or the file ends early: a text for people.
pub(super) fn check(source: &dyn RawSource) -> Result<(), String> {
    let header = read(source, 0, 12)?;
    let layout = match number(&header, 10, 2)? {
        14 | 15 => ANSI,
        23..=35 => UNICODE,
        version => {
            return Err(format!(
                "a data file of a version that is not read ({version}), such as an offline copy (.ost); export it as .pst"
            ));
        }
    };
    let mut blocks = HashMap::new();
    for (tree, root) in layout.roots.iter().enumerate() {
        let place = read(source, root + layout.width as u64, layout.width)?;
        let place = number(&place, 0, layout.width)?;
        check_pages(source, &layout, place, (tree == 1).then_some(&mut blocks))?;
    }
    check_blocks(source, &layout, &blocks)
}

/// Place and length of blocks that lead to others, by identifier.
type Blocks = HashMap<u64, (u64, usize)>;

fn check_pages(source: &dyn RawSource, layout: &Layout, root: u64, blocks: Option<&mut Blocks>) -> Result<(), String> {
    let (mut open, mut seen) = (vec![(root, None)], 0_u64);
    let mut blocks = blocks;
    while let Some((place, expected)) = open.pop() {
        let page = read(source, place, PAGE)?;
        let trailer = layout.trailer;
        let (count, level) = (number(&page, trailer, 1)?, number(&page, trailer + 3, 1)?);
        let size = number(&page, trailer + 2, 1)? as usize;
        seen += 1;
        if expected.is_some_and(|expected| expected != level) || level > 8 || seen > MAX_PAGES {
            return Err(DAMAGED.to_owned());
        }
        for index in 0..count as usize {
            if level > 0 {
                let place = number(&page, index * layout.step + 2 * layout.width, layout.width)?;
                open.push((place, Some(level - 1)));
            } else if let Some(blocks) = &mut blocks {
                let at = index * size;
                let block = number(&page, at, layout.width)?;
                let place = number(&page, at + layout.width, layout.width)?;
                if is_internal(block) {
                    blocks.insert(block & !1, (place, number(&page, at + 2 * layout.width, 2)? as usize));
                }
            }
        }
    }
    Ok(())
}

fn check_blocks(source: &dyn RawSource, layout: &Layout, blocks: &Blocks) -> Result<(), String> {
    for (place, len) in blocks.values() {
        let block = read(source, *place, *len)?;
        let (kind, level) = (number(&block, 0, 1)?, number(&block, 1, 1)?);
        let count = number(&block, 2, 2)? as usize;
        let (start, step, offset) = match kind {
            1 => (8, layout.width, 0),
            2 => (layout.width, 2 * layout.width, layout.width),
            _ => return Err(DAMAGED.to_owned()),
        };
        if kind == 2 && level == 0 {
            continue;
        }
        let below = level.checked_sub(1).ok_or(DAMAGED)?;
        for index in 0..count {
            let child = number(&block, start + index * step + offset, layout.width)?;
            let found = match blocks.get(&(child & !1)).filter(|_| is_internal(child)) {
                Some((place, _)) => {
                    let head = read(source, *place, 2)?;
                    (number(&head, 0, 1)? == kind).then_some(number(&head, 1, 1)?)
                }
                // Data below the lowest level of their tree; what is missing is found when it is read.
                None => Some(below).filter(|_| !is_internal(child) && kind == 1 && level == 1),
            };
            if found != Some(below) {
                return Err(DAMAGED.to_owned());
            }
        }
    }
    Ok(())
}

/// What is said of a file that is not as its format demands.
pub(super) const DAMAGED: &str = "a damaged Outlook data file; repair it with Outlook's `scanpst` and import it again";

/// Whether a block leads to others (MS-PST 2.2.2.2).
fn is_internal(block: u64) -> bool {
    block & 2 != 0
}

fn read(source: &dyn RawSource, at: u64, len: usize) -> Result<Vec<u8>, String> {
    let mut bytes = vec![0; len];
    source.read_exact_at(at, &mut bytes).map_err(|error| {
        if error.kind() == std::io::ErrorKind::UnexpectedEof { DAMAGED.to_owned() } else { error.to_string() }
    })?;
    Ok(bytes)
}

fn number(bytes: &[u8], at: usize, len: usize) -> Result<u64, String> {
    let bytes = bytes.get(at..at.saturating_add(len)).ok_or(DAMAGED)?;
    Ok(bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}
