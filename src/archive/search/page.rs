//! A page of hits: which they are, and how they are read.

use super::super::follower::Follower;
use super::copies::Distinct;
use super::hits::{Descriptions, Hit, HitReader, Hits, missing};
use super::list::List;
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
    distinct: Distinct,
    /// Where in `distinct` it begins.
    place: usize,
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
    pub(super) fn new(hits: &'h Hits<'h>, distinct: Distinct, start: Start, limit: u64) -> Result<Self> {
        let room = Room { left: limit, after: start.after };
        let mut page = Self { hits, distinct, place: start.place, room, readers: Vec::new(), first: None };
        // A count starts no threads.
        let needed = page.found().len();
        let threads = if needed == 0 { 0 } else { rayon::current_num_threads().clamp(1, THREADS).min(needed) };
        page.readers = (0..threads).map(|_| HitReader::new(hits.snapshot)).collect::<Result<_>>()?;
        Ok(page)
    }

    /// The messages that it may need.
    fn found(&self) -> &[Found] {
        let found = self.distinct.found.get(self.place..).unwrap_or_default();
        // Every message that was found has an item in scope, so no more of them are needed than hits; the first may have
        // been shown already.
        let needed = usize::try_from(self.room.left).unwrap_or(usize::MAX);
        let needed = needed.saturating_add(usize::from(self.room.after.is_some()));
        if self.room.left == 0 { &[] } else { found.get(..needed).unwrap_or(found) }
    }

    /// Whether it shows nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.found().is_empty()
    }

    /// Reads the first hits, to be shown later.
    pub(super) fn read_ahead(&mut self) {
        let window: Option<Vec<Found>> = self.found().chunks(WINDOW).next().map(<[Found]>::to_vec);
        self.first = window.map(|window| self.hits.describe_all(&window, &mut self.readers));
    }

    /// Calls `visit` with each hit; `index` says where they match. What `list` has behind them is shown too, while there is
    /// room.
    ///
    /// # Errors
    /// The store or the index failed, or `visit` returned an error.
    pub(super) fn visit(
        mut self,
        list: &mut List,
        index: &Follower,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<()> {
        loop {
            self.visit_listed(index, visit)?;
            let Some(last) = self.distinct.found.last().copied().filter(|_| self.room.left > 0) else { return Ok(()) };
            let more = list.next(index, last)?;
            if more.is_empty() {
                return Ok(());
            }
            (self.distinct, self.place) = (Distinct::all(more), 0);
        }
    }

    fn visit_listed(&mut self, index: &Follower, visit: &mut dyn FnMut(Hit) -> Result<()>) -> Result<()> {
        let found = self.found().to_vec();
        let Self { hits, distinct, room, readers, first, .. } = self;
        let mut windows = found.chunks(WINDOW);
        let Some(mut window) = windows.next() else { return Ok(()) };
        let mut described = first.take().unwrap_or_else(|| hits.describe_all(window, readers))?;
        let shown = Window { hits, distinct, index };
        for next in windows {
            let mut read = None;
            // The next window is read while this one is shown.
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| read = Some(hits.describe_all(next, readers)));
                shown.visit(window, described, room, visit)
            })?;
            window = next;
            described = read.unwrap_or_else(|| Ok(Descriptions::new()))?;
        }
        shown.visit(window, described, room, visit)
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
