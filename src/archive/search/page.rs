//! A page of hits: which they are, and how they are read.

use super::super::follower::Follower;
use super::copies::Distinct;
use super::hits::{Descriptions, Hit, HitReader, Hits, missing};
use crate::Result;
use crate::index::Found;
use crate::model::ItemNo;

/// Messages whose hits are prepared together, on all cores.
const WINDOW: usize = 512;

/// Most threads that read.
const THREADS: usize = 8;

/// Where a page of hits begins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Start {
    /// The message.
    pub(super) place: usize,
    /// Items up to this one of that message were shown before.
    pub(super) after: Option<ItemNo>,
}

/// A page being read.
pub(super) struct Page<'h> {
    hits: &'h Hits<'h>,
    distinct: &'h Distinct,
    /// The messages that it may need.
    found: &'h [Found],
    room: Room,
    readers: Vec<HitReader>,
    /// The first window, if it was read ahead.
    first: Option<Result<Descriptions>>,
}

impl<'h> Page<'h> {
    /// Up to `limit` hits from `start` on.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn new(hits: &'h Hits<'h>, distinct: &'h Distinct, start: Start, limit: u64) -> Result<Self> {
        let found = distinct.found.get(start.place..).unwrap_or_default();
        // Every message that was found has an item in scope, so no more of them are needed than hits; the first may have
        // been shown already.
        let needed = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(usize::from(start.after.is_some()));
        let found = if limit == 0 { &[] } else { found.get(..needed).unwrap_or(found) };
        // A count starts no threads.
        let threads =
            if found.is_empty() { 0 } else { rayon::current_num_threads().clamp(1, THREADS).min(found.len()) };
        let readers = (0..threads).map(|_| HitReader::new(hits.snapshot)).collect::<Result<_>>()?;
        Ok(Self { hits, distinct, found, room: Room { left: limit, after: start.after }, readers, first: None })
    }

    /// Whether it shows nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Reads the first hits, to be shown later.
    pub(super) fn read_ahead(&mut self) {
        if let Some(window) = self.found.chunks(WINDOW).next() {
            self.first = Some(self.hits.describe_all(window, &mut self.readers));
        }
    }

    /// Calls `visit` with each hit; `index` says where they match.
    ///
    /// # Errors
    /// The store or the index failed, or `visit` returned an error.
    pub(super) fn visit(self, index: &Follower, visit: &mut dyn FnMut(Hit) -> Result<()>) -> Result<()> {
        let Self { hits, distinct, found, mut room, mut readers, first } = self;
        let mut windows = found.chunks(WINDOW);
        let Some(mut window) = windows.next() else { return Ok(()) };
        let mut described = first.unwrap_or_else(|| hits.describe_all(window, &mut readers))?;
        let shown = Window { hits, distinct, index };
        for next in windows {
            let mut read = None;
            // The next window is read while this one is shown.
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| read = Some(hits.describe_all(next, &mut readers)));
                shown.visit(window, described, &mut room, visit)
            })?;
            window = next;
            described = read.unwrap_or_else(|| Ok(Descriptions::new()))?;
        }
        shown.visit(window, described, &mut room, visit)
    }
}

/// Shows messages that were read.
struct Window<'h> {
    hits: &'h Hits<'h>,
    distinct: &'h Distinct,
    index: &'h Follower,
}

impl Window<'_> {
    fn visit(
        &self,
        found: &[Found],
        mut described: Descriptions,
        room: &mut Room,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<()> {
        let numbers = found.iter().map(|found| found.message.0).collect();
        let mut matched = self.index.matched_in(self.hits.query, &numbers)?;
        for Found { message, .. } in found {
            let mut described = described.remove(message).ok_or_else(|| missing(*message))?;
            described.matched = matched.remove(message).unwrap_or_default();
            match self.distinct.copies.get(message) {
                _ if !self.distinct.collapsed => Hits::visit_items(&described, room, visit)?,
                copies => self.hits.visit_copies(copies, &described, room, visit)?,
            }
        }
        Ok(())
    }
}

/// What is left of a page.
pub(super) struct Room {
    left: u64,
    /// Items of the first message up to this one were shown before.
    pub(super) after: Option<ItemNo>,
}

impl Room {
    /// Whether there is room for one more, which is taken.
    pub(super) fn take(&mut self) -> bool {
        let room = self.left > 0;
        self.left = self.left.saturating_sub(1);
        room
    }
}
