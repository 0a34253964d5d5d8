//! Hits counted by sender, platform and month.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Datelike as _;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::model::UtcTime;

use super::collect::Values;
use super::hit_table::HitTable;
use super::schema::{MESSAGE, PLATFORM, SENDER, SENT, SIZE};
use super::scope::MessageScope;

/// What is counted of a group of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages.
    pub messages: u64,
    /// Their items.
    pub items: u64,
    /// Their raw lengths together, in bytes.
    pub bytes: u64,
}

impl Counts {
    /// Adds what was counted of others.
    pub fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.items += other.items;
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// Year and month in UTC; `None` without a date.
pub type Month = Option<(i32, u32)>;

/// Hits in groups: each is in one of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// By the first author: an address, else a number with a plus, an id or a name; empty if nobody is named.
    pub senders: BTreeMap<String, Counts>,
    /// By platform.
    pub platforms: BTreeMap<String, Counts>,
    /// By the month of the sender's date.
    pub months: BTreeMap<Month, Counts>,
}

impl Groups {
    /// Adds what was counted of other hits.
    pub fn add(&mut self, other: Self) {
        add_all(&mut self.senders, other.senders);
        add_all(&mut self.platforms, other.platforms);
        add_all(&mut self.months, other.months);
    }
}

fn add_all<K: Ord>(all: &mut BTreeMap<K, Counts>, more: impl IntoIterator<Item = (K, Counts)>) {
    for (key, counts) in more {
        all.entry(key).or_default().add(counts);
    }
}

/// Groups the hits in scope.
pub(super) struct GroupedHits {
    scope: MessageScope,
    /// One for all segments.
    table: Arc<Mutex<HitTable>>,
}

impl GroupedHits {
    pub(super) fn new(scope: MessageScope, table: HitTable) -> Self {
        Self { scope, table: Arc::new(Mutex::new(table)) }
    }
}

impl Collector for GroupedHits {
    type Fruit = (Groups, HitTable);
    type Child = SegmentGroups;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentGroups> {
        let fast = segment.fast_fields();
        Ok(SegmentGroups {
            scope: self.scope.clone(),
            messages: Values::of(fast.u64(MESSAGE)?),
            sizes: Values::of(fast.u64(SIZE)?),
            sent: Values::of(fast.i64(SENT)?),
            senders: Labels::new(fast.str(SENDER)?),
            platforms: Labels::new(fast.str(PLATFORM)?),
            months: HashMap::new(),
            waiting: Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN),
            table: Arc::clone(&self.table),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Groups>>) -> tantivy::Result<(Groups, HitTable)> {
        let mut groups = Groups::default();
        for segment in segments {
            groups.add(segment?);
        }
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        Ok((groups, std::mem::take(&mut table)))
    }
}

/// Groups the hits of one segment.
pub(super) struct SegmentGroups {
    scope: MessageScope,
    messages: Values<u64>,
    sizes: Values<u64>,
    sent: Values<i64>,
    senders: Labels,
    platforms: Labels,
    months: HashMap<Month, Counts>,
    /// Hits that came one by one.
    waiting: Vec<DocId>,
    table: Arc<Mutex<HitTable>>,
}

impl SegmentGroups {
    fn group(&mut self, docs: &[DocId]) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers = self.messages.read(docs).iter().zip(self.sizes.read(docs).iter());
        let mut counts = Vec::with_capacity(docs.len());
        for (number, size) in numbers {
            let (number, bytes) = (number.unwrap_or_default(), size.unwrap_or_default());
            let counted = self.scope.contains(number).then(|| Counts {
                messages: 1,
                items: u64::from(table.meet(number, bytes)),
                bytes,
            });
            counts.push(counted);
        }
        drop(table);
        let months = self.sent.read(docs).iter().map(|sent| sent.map(UtcTime).map(month));
        count(&mut self.months, months, &counts);
        self.senders.count(docs, &counts);
        self.platforms.count(docs, &counts);
    }

    fn group_waiting(&mut self) {
        let mut docs = std::mem::take(&mut self.waiting);
        self.group(&docs);
        docs.clear();
        self.waiting = docs;
    }
}

impl SegmentCollector for SegmentGroups {
    type Fruit = tantivy::Result<Groups>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.waiting.push(doc);
        if self.waiting.len() == COLLECT_BLOCK_BUFFER_LEN {
            self.group_waiting();
        }
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.group(docs);
    }

    fn harvest(mut self) -> tantivy::Result<Groups> {
        self.group_waiting();
        let mut groups =
            Groups { senders: self.senders.named()?, platforms: self.platforms.named()?, ..Groups::default() };
        add_all(&mut groups.months, self.months);
        Ok(groups)
    }
}

fn month(sent: UtcTime) -> (i32, u32) {
    let sent = sent.to_chrono();
    (sent.year(), sent.month())
}

/// Counts hits under their keys; those that are none are out of scope. Neighbours often have the same key.
fn count<K: Copy + Eq + Hash>(all: &mut HashMap<K, Counts>, keys: impl Iterator<Item = K>, counts: &[Option<Counts>]) {
    let mut last: Option<(K, Counts)> = None;
    for (key, counts) in keys.zip(counts).filter_map(|(key, counts)| Some((key, (*counts)?))) {
        match &mut last {
            Some((same, sum)) if *same == key => sum.add(counts),
            _ => {
                if let Some((key, sum)) = last.replace((key, counts)) {
                    all.entry(key).or_default().add(sum);
                }
            }
        }
    }
    if let Some((key, sum)) = last {
        all.entry(key).or_default().add(sum);
    }
}

/// A column of labels of one segment, and what was counted under each.
struct Labels {
    column: Option<(StrColumn, Values<u64>)>,
    /// By the ordinal of the label; of messages without one under `None`.
    counts: HashMap<Option<u64>, Counts>,
}

impl Labels {
    fn new(column: Option<StrColumn>) -> Self {
        let column = column.map(|column| {
            let ordinals = Values::of(column.ords().clone());
            (column, ordinals)
        });
        Self { column, counts: HashMap::new() }
    }

    fn count(&mut self, docs: &[DocId], counts: &[Option<Counts>]) {
        match &mut self.column {
            Some((_, ordinals)) => count(&mut self.counts, ordinals.read(docs).iter().copied(), counts),
            None => count(&mut self.counts, docs.iter().map(|_| None), counts),
        }
    }

    fn named(self) -> tantivy::Result<BTreeMap<String, Counts>> {
        let mut named = BTreeMap::new();
        for (ordinal, counts) in self.counts {
            let mut label = String::new();
            if let (Some((column, _)), Some(ordinal)) = (&self.column, ordinal) {
                column.ord_to_str(ordinal, &mut label)?;
            }
            add_all(&mut named, [(label, counts)]);
        }
        Ok(named)
    }
}
