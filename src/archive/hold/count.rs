//! How many items holds keep.

use roaring::RoaringTreemap;

use super::coverage::{Coverage, coverages};
use crate::Result;
use crate::model::{Hold, UtcTime};
use crate::store::{MessageSet, SetPart, Tables, all_items, folders, load_set};

/// What a hold keeps at an instant.
#[derive(Debug, Clone, Default)]
pub(super) struct HoldCounts {
    /// Messages of the items.
    pub(super) messages: RoaringTreemap,
    /// Items that its present scope keeps.
    pub(super) items: u64,
    /// Those that it keeps only because not all of them can be searched.
    pub(super) partially_indexed: u64,
    /// Those that it keeps only because nobody knows whether they match.
    pub(super) unevaluated: u64,
    /// Items that only a former scope keeps, in the delay.
    pub(super) former: u64,
}

/// What each of `holds` keeps at `now`, and a draft would.
///
/// Only where a hold ends for each item on its own are items looked at one by one; else a folder counts as a whole.
pub(super) fn counts(tables: &impl Tables, holds: &[Hold], now: UtcTime) -> Result<Vec<HoldCounts>> {
    let holds: Vec<Hold> = holds.iter().map(|hold| as_if_on(hold, now)).collect();
    let coverages = coverages(tables, &holds, SetPart::Whole, now)?;
    let partial = load_set(tables, MessageSet::PartiallyIndexed)?;
    let mut counts = vec![HoldCounts::default(); holds.len()];
    let (by_item, by_folder): (Vec<Coverage>, Vec<Coverage>) = coverages.into_iter().partition(Coverage::ends_by_item);
    count_folders(tables, &by_folder, &partial, now, &mut counts)?;
    if !by_item.is_empty() {
        count_items(tables, &by_item, &partial, now, &mut counts)?;
    }
    Ok(counts)
}

/// A hold, or a draft as if it was turned on at `now`: drafts say what they would keep.
fn as_if_on(hold: &Hold, now: UtcTime) -> Hold {
    Hold { on_since: hold.on_since.or(hold.released.is_none().then_some(now)), ..hold.clone() }
}

fn count_folders(
    tables: &impl Tables,
    coverages: &[Coverage],
    partial: &RoaringTreemap,
    now: UtcTime,
    counts: &mut [HoldCounts],
) -> Result<()> {
    for folder in folders(tables)? {
        let members = load_set(tables, MessageSet::Folder(folder.no))?;
        let mut kept: Option<(usize, RoaringTreemap)> = None;
        for coverage in coverages.iter().filter(|coverage| coverage.runs(now, now)) {
            let Some(counts) = counts.get_mut(coverage.hold) else { continue };
            let covered = coverage.covered(&folder, &members, partial);
            // The scopes of a hold stand together, the present one first.
            let before = kept.take().filter(|(hold, _)| *hold == coverage.hold).map(|(_, kept)| kept);
            let before = before.unwrap_or_default();
            if coverage.former {
                counts.former += (&covered.messages - &before).len();
            } else {
                counts.items += covered.messages.len();
                counts.partially_indexed += covered.unread.len();
                counts.unevaluated += covered.unevaluated.len();
                counts.messages |= &covered.messages;
            }
            kept = Some((coverage.hold, before | covered.messages));
        }
    }
    Ok(())
}

fn count_items(
    tables: &impl Tables,
    coverages: &[Coverage],
    partial: &RoaringTreemap,
    now: UtcTime,
    counts: &mut [HoldCounts],
) -> Result<()> {
    all_items(tables, |item| {
        let unread = partial.contains(item.message.0);
        let mut counted = None;
        for coverage in coverages {
            let Some(applied) = coverage.applied(&item).filter(|_| counted != Some(coverage.hold)) else { continue };
            let Some(counts) = counts.get_mut(coverage.hold) else { continue };
            if !applied.keeps(item.created_at, unread, now) {
                continue;
            }
            counted = Some(coverage.hold);
            if coverage.former {
                counts.former += 1;
            } else {
                counts.items += 1;
                counts.partially_indexed += u64::from(applied.has_query && !applied.matches);
                counts.unevaluated += u64::from(applied.unevaluated);
                counts.messages.insert(item.message.0);
            }
        }
        Ok(())
    })
}
