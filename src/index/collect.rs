//! Hits by message number, without scores.

use std::sync::Arc;

use roaring::RoaringTreemap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::columnar::ColumnValues;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::model::{MessageNo, UtcTime};

use super::schema::{MESSAGE, SENT, SIZE};
use super::search::Found;

/// Which messages count.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    within: Option<Arc<RoaringTreemap>>,
    from: u64,
}

impl Scope {
    pub(super) fn new(within: Option<&RoaringTreemap>, from: MessageNo) -> Self {
        Self { within: within.map(|within| Arc::new(within.clone())), from: from.0 }
    }

    pub(super) fn within(&self) -> Option<&RoaringTreemap> {
        self.within.as_deref()
    }

    pub(super) fn from(&self) -> u64 {
        self.from
    }

    pub(super) fn contains(&self, message: u64) -> bool {
        message >= self.from && self.within.as_ref().is_none_or(|within| within.contains(message))
    }
}

/// Collects the hits in scope.
pub(super) struct Hits {
    pub(super) scope: Scope,
    /// Whether the dates are wanted.
    pub(super) dated: bool,
}

impl Collector for Hits {
    type Fruit = Vec<Found>;
    type Child = SegmentHits;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentHits> {
        let fast = segment.fast_fields();
        Ok(SegmentHits {
            scope: self.scope.clone(),
            messages: fast.u64(MESSAGE)?.first_or_default_col(0),
            sizes: fast.u64(SIZE)?.first_or_default_col(0),
            sent: if self.dated { Some(fast.i64(SENT)?) } else { None },
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<Found>>) -> tantivy::Result<Vec<Found>> {
        Ok(segments.concat())
    }
}

/// Collects the hits of one segment.
pub(super) struct SegmentHits {
    scope: Scope,
    messages: Arc<dyn ColumnValues<u64>>,
    sizes: Arc<dyn ColumnValues<u64>>,
    sent: Option<Column<i64>>,
    found: Vec<Found>,
}

impl SegmentCollector for SegmentHits {
    type Fruit = Vec<Found>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let message = self.messages.get_val(doc);
        if self.scope.contains(message) {
            let sent = self.sent.as_ref().and_then(|sent| sent.first(doc)).map(UtcTime);
            self.found.push(Found { message: MessageNo(message), sent, size: self.sizes.get_val(doc) });
        }
    }

    fn harvest(self) -> Vec<Found> {
        self.found
    }
}
