//! A page of hits: which they are, and how they are read.

use super::super::follower::Follower;
use super::hits::{Descriptions, Hit, HitReader, Hits, missing};
use super::list::List;
use crate::Result;
use crate::index::Found;
use crate::model::ItemNo;

/// Messages whose hits are prepared together, on all cores.
const WINDOW: usize = 512;

/// Most threads that read.
const THREADS: usize = 8;

/// A page being read.
pub(super) struct Page<'h> {
    hits: &'h Hits<'h>,
    /// The messages that were found, in order.
    found: Vec<Found>,
    /// Where in `found` it begins.
    place: usize,
    room: Room,
    readers: Vec<HitReader<'h>>,
    /// The first window, if it was read ahead.
    first: Option<Result<Descriptions>>,
}

impl<'h> Page<'h> {
    /// Up to `limit` hits of `found`, which begins with the message of the item `after` which hits are wanted, if there is
    /// one.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn new(hits: &'h Hits<'h>, found: Vec<Found>, after: Option<ItemNo>, limit: u64) -> Result<Self> {
        // Where copies are one hit, that message was shown with all its items; else further ones of it may come.
        let (place, after) = if hits.copies.is_some() { (usize::from(after.is_some()), None) } else { (0, after) };
        let room = Room { left: limit, after };
        let mut page = Self { hits, found, place, room, readers: Vec::new(), first: None };
        // A count starts no threads.
        let needed = page.needed().len();
        let threads = if needed == 0 { 0 } else { rayon::current_num_threads().clamp(1, THREADS).min(needed) };
        page.readers = (0..threads).map(|_| HitReader::new(hits.snapshot)).collect::<Result<_>>()?;
        Ok(page)
    }

    /// The messages that it may need.
    fn needed(&self) -> &[Found] {
        needed(&self.found, self.place, &self.room)
    }

    /// Whether it shows nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.needed().is_empty()
    }

    /// Reads the first hits, to be shown later.
    pub(super) fn read_ahead(&mut self) {
        let window: Option<Vec<Found>> = self.needed().chunks(WINDOW).next().map(<[Found]>::to_vec);
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
            let Some(last) = self.found.last().copied().filter(|_| self.room.left > 0) else { return Ok(()) };
            let more = list.next(index, last)?;
            if more.is_empty() {
                return Ok(());
            }
            (self.found, self.place) = (more, 0);
        }
    }

    fn visit_listed(&mut self, index: &Follower, visit: &mut dyn FnMut(Hit) -> Result<()>) -> Result<()> {
        let Self { hits, found, place, room, readers, first } = self;
        let mut windows = needed(found, *place, room).chunks(WINDOW);
        let Some(mut window) = windows.next() else { return Ok(()) };
        let mut described = first.take().unwrap_or_else(|| hits.describe_all(window, readers))?;
        let shown = Window { hits, index };
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
            match self.hits.copies {
                None => Hits::visit_items(&described, room, visit)?,
                Some(copies) => self.hits.visit_copies(copies, *message, &described, room, visit)?,
            }
        }
        Ok(())
    }
}

/// The messages of `found` from `place` on that a page with so much room may need: every one has an item in scope, so no more
/// of them than hits; the first may have been shown already.
fn needed<'f>(found: &'f [Found], place: usize, room: &Room) -> &'f [Found] {
    let found = found.get(place..).unwrap_or_default();
    let needed = usize::try_from(room.left).unwrap_or(usize::MAX).saturating_add(usize::from(room.after.is_some()));
    if room.left == 0 { &[] } else { found.get(..needed).unwrap_or(found) }
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
