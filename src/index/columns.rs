//! Hits with what they are counted by: sender, platform and time.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::model::{MessageNo, UtcTime};

use super::order::Found;
use super::schema::{MESSAGE, PLATFORM, SENDER, SENT, SIZE};
use super::scope::MessageScope;

/// Hits with their columns.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// One for each message, in no order.
    pub rows: Vec<Row>,
    /// Senders: an address, else a number with a plus, an id or a name; empty if nobody is named.
    pub senders: Vec<String>,
    /// Platforms.
    pub platforms: Vec<String>,
}

/// A message that matches, and its columns.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The message.
    pub found: Found,
    /// Place in [`Columns::senders`].
    pub sender: u32,
    /// Place in [`Columns::platforms`].
    pub platform: u32,
}

/// Collects the hits in scope with their columns.
pub(super) struct ColumnHits(pub(super) MessageScope);

impl Collector for ColumnHits {
    type Fruit = Columns;
    type Child = SegmentColumns;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentColumns> {
        let fast = segment.fast_fields();
        Ok(SegmentColumns {
            scope: self.0.clone(),
            messages: fast.u64(MESSAGE)?.first_or_default_col(0),
            sizes: fast.u64(SIZE)?.first_or_default_col(0),
            sent: fast.i64(SENT)?,
            senders: Labels::new(fast.str(SENDER)?),
            platforms: Labels::new(fast.str(PLATFORM)?),
            rows: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Columns>>) -> tantivy::Result<Columns> {
        let mut all = Columns::default();
        let (mut senders, mut platforms) = (HashMap::new(), HashMap::new());
        for segment in segments {
            let segment = segment?;
            let sender = places(&mut senders, &mut all.senders, segment.senders);
            let platform = places(&mut platforms, &mut all.platforms, segment.platforms);
            let place = |places: &[u32], old: u32| places.get(old as usize).copied().unwrap_or_default();
            all.rows.extend(segment.rows.into_iter().map(|row| Row {
                sender: place(&sender, row.sender),
                platform: place(&platform, row.platform),
                ..row
            }));
        }
        Ok(all)
    }
}

/// Where each of `labels` stands in `all`, to which new ones are added.
fn places(known: &mut HashMap<String, u32>, all: &mut Vec<String>, labels: Vec<String>) -> Vec<u32> {
    let place = |label: String| {
        *known.entry(label).or_insert_with_key(|label| {
            all.push(label.clone());
            (all.len() - 1) as u32
        })
    };
    labels.into_iter().map(place).collect()
}

/// A column of labels of one segment, and those that hits have.
struct Labels {
    column: Option<StrColumn>,
    /// Place among the labels of the hits, by ordinal.
    places: HashMap<u64, u32>,
}

/// The ordinal of a message without the label.
const NONE: u64 = u64::MAX;

impl Labels {
    fn new(column: Option<StrColumn>) -> Self {
        Self { column, places: HashMap::new() }
    }

    fn place(&mut self, doc: DocId) -> u32 {
        let ordinal = self.column.as_ref().and_then(|column| column.ords().first(doc)).unwrap_or(NONE);
        let next = self.places.len() as u32;
        *self.places.entry(ordinal).or_insert(next)
    }

    fn texts(self) -> tantivy::Result<Vec<String>> {
        let mut texts = vec![String::new(); self.places.len()];
        for (ordinal, place) in self.places {
            if let (Some(column), Some(text)) = (&self.column, texts.get_mut(place as usize))
                && ordinal != NONE
            {
                column.ord_to_str(ordinal, text)?;
            }
        }
        Ok(texts)
    }
}

/// Collects the hits of one segment.
pub(super) struct SegmentColumns {
    scope: MessageScope,
    messages: Arc<dyn ColumnValues<u64>>,
    sizes: Arc<dyn ColumnValues<u64>>,
    sent: Column<i64>,
    senders: Labels,
    platforms: Labels,
    rows: Vec<Row>,
}

impl SegmentCollector for SegmentColumns {
    type Fruit = tantivy::Result<Columns>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let message = self.messages.get_val(doc);
        if !self.scope.contains(message) {
            return;
        }
        let sent = self.sent.first(doc).map(UtcTime);
        let found = Found::of(MessageNo(message), sent, self.sizes.get_val(doc));
        let (sender, platform) = (self.senders.place(doc), self.platforms.place(doc));
        self.rows.push(Row { found, sender, platform });
    }

    fn harvest(self) -> tantivy::Result<Columns> {
        Ok(Columns { rows: self.rows, senders: self.senders.texts()?, platforms: self.platforms.texts()? })
    }
}
