//! The checksums that the pages of a redb file must have, as far as the pages that were read say so.
//!
//! A branch page holds the XXH3-128 of every page below it, the table of tables those of the roots of all tables, and the header those of
//! the two tables of tables (redb's design, "File format", version 3). redb compares them only where a file is checked whole. Here each page
//! is compared when it is first read, so that no damage is taken for what was written, and none is copied to a new page where it would
//! have a checksum that fits.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use redb::TableHandle as _;
use twox_hash::XxHash3_128;

use super::tables::PACKS;

/// Bytes of the header that hold something.
pub(super) const HEADER: usize = 320;
const MAGIC: &[u8] = b"redb\x1A\x0A\xA9\x0D\x0A";
const VERSION: u8 = 3;
/// Bits of the byte behind the magic: which slot is in force, and whether commits write it before they point to it.
const SECOND_SLOT: u8 = 1;
const TWO_PHASE: u8 = 4;
/// Where the two commit slots are, and how long each is.
const SLOTS: usize = 64;
const SLOT: usize = 128;

const LEAF: u8 = 1;
const BRANCH: u8 = 2;
/// What is written in the place of a checksum that is not known before the commit.
const DEFERRED: u128 = 999;
/// The type of a table that has one value for a key.
const NORMAL: u8 = 3;
/// The largest pages have 2^20 times the smallest size.
const LARGEST_ORDER: u64 = 20;

/// What the pages of a file must be.
#[derive(Debug, Default)]
pub(super) struct PageChecks {
    /// `None` for a file whose header is not understood: redb decides over it alone.
    geometry: Option<Geometry>,
    /// Pages that were not read yet, by their first byte.
    expected: BTreeMap<u64, Expected>,
    /// First bytes of pages that were written since the last commit, whose checksums nobody knows yet.
    written: HashSet<u64>,
    slots: Vec<u8>,
}

/// Where pages are.
#[derive(Debug, Clone, Copy)]
struct Geometry {
    page: u64,
    region: u64,
    region_header: u64,
}

#[derive(Debug)]
struct Expected {
    bytes: u64,
    checksum: u128,
    tree: Tree,
}

/// The tree that a page belongs to.
#[derive(Debug, Clone)]
struct Tree {
    /// The name of the table; `None` for the tables of tables.
    table: Option<Arc<str>>,
    /// Bytes of each key and value, where all have the same.
    key: Option<u32>,
    value: Option<u32>,
}

/// How a page is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packs {
    /// Leaves of packs are not: the digests of what is in them say more than a checksum, and name the messages that are damaged.
    HaveDigests,
    /// Every page is.
    Compared,
}

/// A page that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedPage {
    /// Its first byte in the file.
    pub offset: u64,
    /// The name of the table that it belongs to; `None` for the tables of tables.
    pub table: Option<Arc<str>>,
}

impl fmt::Display for DamagedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.table.as_deref().map(|table| format!(" of table `{table}`")).unwrap_or_default();
        write!(f, "the page{table} at byte {} of the store is not what was written", self.offset)
    }
}

impl std::error::Error for DamagedPage {}

impl PageChecks {
    /// Takes the header that the file has when it is opened. A later one says nothing new.
    pub(super) fn begin(&mut self, header: &[u8]) {
        if self.geometry.is_some() {
            return;
        }
        let Some((geometry, slot)) = read_header(header) else { return };
        self.geometry = Some(geometry);
        self.slots = slots(header);
        for (present, at) in [(1, 8), (2, 40)] {
            if slot.get(present).is_some_and(|flag| *flag != 0) {
                self.expect_root(slot, at, &Tree { table: None, key: None, value: None });
            }
        }
    }

    /// Notes what is about to be written.
    pub(super) fn note_write(&mut self, offset: u64, bytes: &[u8]) {
        if offset != 0 {
            self.expected.remove(&offset);
            self.written.insert(offset);
        } else if slots(bytes) != self.slots {
            self.slots = slots(bytes);
            self.written = HashSet::new();
        }
    }

    /// Whether the header was understood, so that every page that is read is known before.
    pub(super) fn knows_pages(&self) -> bool {
        self.geometry.is_some()
    }

    /// The first byte of a page that was not read yet, from `offset` on or, if there is none, from the start, and its length.
    pub(super) fn unread(&self, offset: u64) -> Option<(u64, u64)> {
        let (offset, page) = self.expected.range(offset..).next().or_else(|| self.expected.first_key_value())?;
        Some((*offset, page.bytes))
    }

    /// Compares a page with its checksum, and takes what it says of the pages below it.
    pub(super) fn compare(&mut self, offset: u64, page: &[u8], packs: Packs) -> Result<(), DamagedPage> {
        if self.written.contains(&offset) {
            return Ok(());
        }
        let Some(Expected { bytes, checksum, tree }) = self.expected.remove(&offset) else { return Ok(()) };
        let damaged = || DamagedPage { offset, table: tree.table.clone() };
        let is_leaf = page.first() == Some(&LEAF);
        let end = if is_leaf { leaf_end(page, &tree) } else { branch_end(page, tree.key) };
        let used = end.and_then(|end| page.get(..end)).filter(|_| page.len() as u64 == bytes).ok_or_else(damaged)?;
        if is_leaf && packs == Packs::HaveDigests && tree.table.as_deref() == Some(PACKS.name()) {
            return Ok(());
        }
        if XxHash3_128::oneshot(used) != checksum {
            return Err(damaged());
        }
        if !is_leaf {
            self.expect_children(page, &tree);
        } else if tree.table.is_none() {
            self.expect_tables(page);
        }
        Ok(())
    }

    fn expect_children(&mut self, page: &[u8], tree: &Tree) {
        let children = count(page).unwrap_or_default() + 1;
        for child in 0..children {
            let checksum = array(page, 8 + 16 * child).map(u128::from_le_bytes);
            let number = u64_at(page, 8 + 16 * children + 8 * child);
            if let (Some(number), Some(checksum)) = (number, checksum) {
                self.expect(number, checksum, tree);
            }
        }
    }

    fn expect_tables(&mut self, page: &[u8]) {
        let count = count(page).unwrap_or_default();
        let ends = |section: usize, entry: usize| usize_at(page, 4 + 4 * (section * count + entry));
        let mut key_start = 4 + 8 * count;
        let Some(mut start) = count.checked_sub(1).and_then(|last| ends(0, last)) else { return };
        for entry in 0..count {
            let (Some(key_end), Some(end)) = (ends(0, entry), ends(1, entry)) else { return };
            let (Some(name), Some(definition)) = (page.get(key_start..key_end), page.get(start..end)) else { return };
            let table = Some(String::from_utf8_lossy(name).into());
            let width = |at: usize| {
                definition.get(at).filter(|is_fixed| **is_fixed != 0)?;
                array(definition, at + 1).map(u32::from_le_bytes)
            };
            let tree = Tree { table, key: width(42), value: width(47) };
            if definition.first() == Some(&NORMAL) && definition.get(9).is_some_and(|has_root| *has_root != 0) {
                self.expect_root(definition, 10, &tree);
            }
            (key_start, start) = (key_end, end);
        }
    }

    fn expect_root(&mut self, bytes: &[u8], at: usize, tree: &Tree) {
        let checksum = array(bytes, at + 8).map(u128::from_le_bytes);
        if let (Some(number), Some(checksum)) = (u64_at(bytes, at), checksum) {
            self.expect(number, checksum, tree);
        }
    }

    /// Takes what the page must be that has `number`: the order of its size in the highest 5 bits, its region and its place among pages of
    /// that size in the lowest 20 bits each.
    fn expect(&mut self, number: u64, checksum: u128, tree: &Tree) {
        let Some(Geometry { page, region, region_header }) = self.geometry else { return };
        let (order, low) = (number >> 59, 0x000F_FFFF);
        if checksum == DEFERRED || order > LARGEST_ORDER {
            return;
        }
        let (in_region, index) = ((number >> 20) & low, number & (low >> order));
        let offset = page
            .checked_add(in_region.saturating_mul(region))
            .and_then(|start| start.checked_add(region_header))
            .and_then(|start| start.checked_add((page << order).saturating_mul(index)));
        if let Some(offset) = offset.filter(|offset| !self.written.contains(offset)) {
            self.expected.insert(offset, Expected { bytes: page << order, checksum, tree: tree.clone() });
        }
    }
}

/// Where pages are, and the slot of the last commit.
fn read_header(header: &[u8]) -> Option<(Geometry, &[u8])> {
    let flags = *header.strip_prefix(MAGIC)?.first()?;
    // Which slot is in force is found out by redb where the header does not say so for sure.
    if flags & TWO_PHASE == 0 {
        return None;
    }
    let of_header = |at: usize| array(header, at).map(u32::from_le_bytes).map(u64::from);
    let page = of_header(12).filter(|page| page.is_power_of_two() && *page <= 1 << 16)?;
    let region_header = of_header(16)?.checked_mul(page)?;
    let region = of_header(20)?.checked_mul(page)?.checked_add(region_header)?;
    let start = SLOTS + SLOT * usize::from(flags & SECOND_SLOT);
    let slot = header.get(start..start + SLOT)?;
    let (content, checksum) = slot.split_at_checked(SLOT - 16)?;
    let is_whole = array(checksum, 0).map(u128::from_le_bytes) == Some(XxHash3_128::oneshot(content));
    (is_whole && slot.first() == Some(&VERSION)).then_some((Geometry { page, region, region_header }, slot))
}

fn slots(header: &[u8]) -> Vec<u8> {
    header.get(SLOTS..SLOTS + 2 * SLOT).unwrap_or_default().to_vec()
}

/// The end of what a leaf holds. `None` if no leaf has it there.
fn leaf_end(page: &[u8], tree: &Tree) -> Option<usize> {
    let count = count(page)?;
    let sections = [tree.key, tree.value].iter().filter(|width| width.is_none()).count();
    let keys_end = match tree.key {
        Some(width) => (4 + 4 * sections * count).checked_add(count.checked_mul(usize::try_from(width).ok()?)?)?,
        None => usize_at(page, 4 + 4 * (count - 1))?,
    };
    match tree.value {
        Some(width) => keys_end.checked_add(count.checked_mul(usize::try_from(width).ok()?)?),
        None => usize_at(page, 4 + 4 * (sections * count - 1)),
    }
}

/// The same for a branch.
fn branch_end(page: &[u8], key: Option<u32>) -> Option<usize> {
    let count = (page.first() == Some(&BRANCH)).then(|| count(page))??;
    let start = 8 + 24 * (count + 1);
    match key {
        Some(width) => start.checked_add(count.checked_mul(usize::try_from(width).ok()?)?),
        None => usize_at(page, start + 4 * (count - 1)),
    }
}

/// How many keys a page has; no page has none.
fn count(page: &[u8]) -> Option<usize> {
    array(page, 2).map(u16::from_le_bytes).map(usize::from).filter(|count| *count > 0)
}

fn usize_at(bytes: &[u8], at: usize) -> Option<usize> {
    array(bytes, at).map(u32::from_le_bytes).and_then(|value| usize::try_from(value).ok())
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_le_bytes)
}

fn array<const LEN: usize>(bytes: &[u8], at: usize) -> Option<[u8; LEN]> {
    bytes.get(at..)?.first_chunk().copied()
}
