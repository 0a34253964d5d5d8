//! Hits counted, and the first of them in an order.
//!
//! A search may find millions. They are gathered as a set of numbers, a bit for each, and no more of them are kept than are
//! wanted, so that memory does not grow with the hits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use roaring::RoaringTreemap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::model::{MessageNo, UtcTime};

use super::message_bits::MessageBits;
use super::order::{First, Found, HitOrder, NO_SENDER, Ranking, rank_of_score};
use super::schema::{MESSAGE, SENDER, SENT, SIZE};
use super::scope::MessageScope;

/// What was found in all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// The messages.
    pub messages: RoaringTreemap,
    /// The sum of their raw lengths.
    pub bytes: u64,
}

/// Collects the hits in scope.
pub(super) struct Hits {
    scope: MessageScope,
    ranking: Option<Ranking>,
    /// One for all segments: what one has found leaves less for the next to keep.
    gathered: Arc<Mutex<Gathered>>,
}

struct Gathered {
    messages: MessageBits,
    bytes: u64,
    first: Option<First>,
}

impl Hits {
    /// Only counts.
    pub(super) fn counted(scope: MessageScope) -> Self {
        Self::new(scope, None, None)
    }

    /// Keeps the `limit` first in an order too, of those from `from` on.
    pub(super) fn ranked(scope: MessageScope, ranking: Ranking, from: Option<Found>, limit: usize) -> Self {
        let first = First::new(ranking.order, from, limit);
        Self::new(scope, Some(ranking), Some(first))
    }

    fn new(scope: MessageScope, ranking: Option<Ranking>, first: Option<First>) -> Self {
        let gathered = Gathered { messages: MessageBits::default(), bytes: 0, first };
        Self { scope, ranking, gathered: Arc::new(Mutex::new(gathered)) }
    }
}

impl Collector for Hits {
    type Fruit = (Tally, Vec<Found>);
    type Child = SegmentHits;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentHits> {
        let fast = segment.fast_fields();
        let order = self.ranking.as_ref().map(|ranking| ranking.order);
        let senders = match &self.ranking {
            Some(ranking) if ranking.order == HitOrder::Sender => fast.str(SENDER)?.map(|column| {
                let ranks = ranking.senders.get(&segment.segment_id()).cloned().unwrap_or_default();
                (Values::of(column.ords().clone()), ranks)
            }),
            _ => None,
        };
        Ok(SegmentHits {
            scope: self.scope.clone(),
            messages: Values::of(fast.u64(MESSAGE)?),
            sizes: Values::of(fast.u64(SIZE)?),
            sent: order.map(|_| fast.i64(SENT)).transpose()?.map(Values::of),
            senders,
            is_scored: order == Some(HitOrder::Relevance),
            waiting: Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN),
            ranks: Vec::new(),
            gathered: Arc::clone(&self.gathered),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.ranking.as_ref().is_some_and(|ranking| ranking.order == HitOrder::Relevance)
    }

    fn merge_fruits(&self, _: Vec<()>) -> tantivy::Result<(Tally, Vec<Found>)> {
        let mut gathered = locked(&self.gathered);
        let messages = std::mem::take(&mut gathered.messages).into_set();
        let first = gathered.first.take().map(First::sorted).unwrap_or_default();
        Ok((Tally { messages, bytes: gathered.bytes }, first))
    }
}

/// Collects the hits of one segment.
pub(super) struct SegmentHits {
    scope: MessageScope,
    messages: Values<u64>,
    sizes: Values<u64>,
    /// If anything is to be sorted.
    sent: Option<Values<i64>>,
    /// Ordinals of senders, and their ranks.
    senders: Option<(Values<u64>, HashMap<u64, u32>)>,
    is_scored: bool,
    /// Hits that came one by one, and their ranks if they have scores.
    waiting: Vec<DocId>,
    ranks: Vec<u32>,
    gathered: Arc<Mutex<Gathered>>,
}

impl SegmentHits {
    fn gather(&mut self, docs: &[DocId]) {
        let numbers = self.messages.read(docs);
        let sizes = self.sizes.read(docs);
        let mut gathered = locked(&self.gathered);
        for (number, size) in numbers.iter_mut().zip(sizes.iter()) {
            *number = Some(number.unwrap_or_default()).filter(|number| self.scope.contains(*number));
            if let Some(number) = *number {
                gathered.messages.insert(number);
                gathered.bytes = gathered.bytes.saturating_add(size.unwrap_or_default());
            }
        }
        let (Some(first), Some(sent)) = (&mut gathered.first, &mut self.sent) else { return };
        if let Some((ordinals, ranks)) = &mut self.senders {
            let rank = |ordinal: &Option<u64>| ordinal.and_then(|ordinal| ranks.get(&ordinal).copied());
            self.ranks.clear();
            self.ranks.extend(ordinals.read(docs).iter().map(|ordinal| rank(ordinal).unwrap_or(NO_SENDER)));
        }
        let ranks = self.ranks.iter().copied().chain(std::iter::repeat(0));
        for (((number, sent), size), rank) in numbers.iter().zip(sent.read(docs).iter()).zip(sizes.iter()).zip(ranks) {
            if let Some(number) = number {
                let (message, sent, size) = (MessageNo(*number), sent.map(UtcTime), size.unwrap_or_default());
                first.offer(Found { message, sent, size, rank });
            }
        }
    }

    fn gather_waiting(&mut self) {
        let mut docs = std::mem::take(&mut self.waiting);
        self.gather(&docs);
        docs.clear();
        self.ranks.clear();
        self.waiting = docs;
    }
}

impl SegmentCollector for SegmentHits {
    type Fruit = ();

    fn collect(&mut self, doc: DocId, score: Score) {
        self.waiting.push(doc);
        if self.is_scored {
            self.ranks.push(rank_of_score(score));
        }
        if self.waiting.len() == COLLECT_BLOCK_BUFFER_LEN {
            self.gather_waiting();
        }
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.gather(docs);
    }

    fn harvest(mut self) {
        self.gather_waiting();
    }
}

fn locked(gathered: &Mutex<Gathered>) -> MutexGuard<'_, Gathered> {
    gathered.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A column, read for many documents at once.
pub(super) struct Values<T> {
    column: Column<T>,
    read: Vec<Option<T>>,
}

impl<T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static> Values<T> {
    pub(super) fn of(column: Column<T>) -> Self {
        Self { column, read: Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN) }
    }

    /// The first value of each document.
    pub(super) fn read(&mut self, docs: &[DocId]) -> &mut [Option<T>] {
        self.read.clear();
        self.read.resize(docs.len(), None);
        self.column.first_vals(docs, &mut self.read);
        &mut self.read
    }
}
