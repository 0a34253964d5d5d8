//! In which order hits stand, and the first of them.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use tantivy::index::SegmentId;

use crate::model::{MessageNo, UtcTime};

/// In which order hits stand. Among equals the newest is first, then that of the highest number; a message without a date
/// counts as older than all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitOrder {
    /// By the sender's date, the latest first.
    Newest,
    /// By the sender's date, the earliest first, messages without a date last; among equals the lowest number first.
    Oldest,
    /// By raw length, the longest first.
    Largest,
    /// By how well they match: the more of the query's words in the more fields, and the rarer they are, the earlier.
    Relevance,
    /// By the first author, in the order of the alphabet; messages without one last.
    Sender,
}

/// A message that matches, and what it is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The message.
    pub message: MessageNo,
    /// The sender's date, if the message has one.
    pub sent: Option<UtcTime>,
    /// Its raw length in bytes.
    pub size: u64,
    /// Its place by relevance or sender, where that is the order; else 0.
    pub(super) rank: u32,
}

impl Found {
    /// A message that was found in another way than by the index.
    pub fn of(message: MessageNo, sent: Option<UtcTime>, size: u64) -> Self {
        Self { message, sent, size, rank: 0 }
    }
}

impl HitOrder {
    pub(super) fn compare(self, a: &Found, b: &Found) -> Ordering {
        let newest = || (b.sent, b.message).cmp(&(a.sent, a.message));
        match self {
            Self::Newest => newest(),
            Self::Oldest => {
                b.sent.is_some().cmp(&a.sent.is_some()).then_with(|| (a.sent, a.message).cmp(&(b.sent, b.message)))
            }
            Self::Largest => b.size.cmp(&a.size).then_with(newest),
            Self::Relevance | Self::Sender => a.rank.cmp(&b.rank).then_with(newest),
        }
    }
}

/// The rank of a score: the higher the score, the lower.
pub(super) fn rank_of_score(score: f32) -> u32 {
    let bits = score.to_bits();
    // Negative numbers grow with their bits, and all are below the others.
    if bits >> 31 == 1 { bits } else { !bits & 0x7fff_ffff }
}

/// The rank of what has no sender.
pub(super) const NO_SENDER: u32 = u32::MAX;

/// An order, and what of a query it depends on.
#[derive(Debug, Clone)]
pub struct Ranking {
    pub(super) order: HitOrder,
    /// The ranks of senders by their ordinals in a segment, where that is the order.
    pub(super) senders: Arc<HashMap<SegmentId, HashMap<u64, u32>>>,
}

/// The first hits of an order, of which there may be very many.
pub(super) struct First {
    order: HitOrder,
    limit: usize,
    /// What stands before this one does not count.
    from: Option<Found>,
    /// The last that may be among the first, of what was seen.
    last: Option<Found>,
    kept: Vec<Found>,
}

/// Hits beyond the limit that are kept at least until the others are sorted out.
const SLACK: usize = 2_048;

impl First {
    pub(super) fn new(order: HitOrder, from: Option<Found>, limit: usize) -> Self {
        Self { order, limit, from, last: None, kept: Vec::new() }
    }

    pub(super) fn offer(&mut self, found: Found) {
        let is_before = |other: &Found| self.order.compare(&found, other) == Ordering::Less;
        if self.last.as_ref().is_none_or(is_before) && !self.from.as_ref().is_some_and(is_before) {
            self.kept.push(found);
            if self.kept.len() >= self.limit.saturating_add(SLACK.max(self.limit / 2)) {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        let order = self.order;
        if self.limit == 0 {
            self.kept.clear();
        } else if self.kept.len() > self.limit {
            let (_, last, _) = self.kept.select_nth_unstable_by(self.limit - 1, |a, b| order.compare(a, b));
            self.last = Some(*last);
            self.kept.truncate(self.limit);
        }
    }

    /// As many as there may be, in order.
    pub(super) fn sorted(mut self) -> Vec<Found> {
        self.cut();
        self.kept.sort_unstable_by(|a, b| self.order.compare(a, b));
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ORDERS: [HitOrder; 5] =
        [HitOrder::Newest, HitOrder::Oldest, HitOrder::Largest, HitOrder::Relevance, HitOrder::Sender];

    fn found() -> impl Strategy<Value = Vec<Found>> {
        let one = (proptest::option::of(-3..9_i64), 0..4_u64, 0..4_u32);
        proptest::collection::vec(one, 0..6_000).prop_map(|all| {
            let numbered = (1..).map(MessageNo).zip(all);
            numbered
                .map(|(message, (sent, size, rank))| Found { message, sent: sent.map(UtcTime), size, rank })
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn pages_of_any_size_are_the_whole_sorted(found in found(), limit in 1..5_000_usize, order in 0..ORDERS.len()) {
            let order = ORDERS[order];
            let mut sorted = found.clone();
            sorted.sort_by(|a, b| order.compare(a, b));
            let (mut paged, mut from) = (Vec::new(), None);
            loop {
                let mut first = First::new(order, from, limit + usize::from(from.is_some()));
                for found in &found {
                    first.offer(*found);
                }
                let page = first.sorted();
                prop_assert!(page.len() <= limit + 1);
                let before = paged.len();
                paged.extend(page.into_iter().skip(usize::from(from.is_some())));
                if paged.len() == before {
                    break;
                }
                from = paged.last().copied();
            }
            prop_assert_eq!(paged, sorted);
        }

        #[test]
        fn scores_rank_in_their_order(a in any::<f32>(), b in any::<f32>()) {
            prop_assert_eq!(rank_of_score(a).cmp(&rank_of_score(b)), b.total_cmp(&a));
        }
    }

    #[test]
    fn nothing_is_kept_of_a_limit_of_nothing() {
        let mut first = First::new(HitOrder::Newest, None, 0);
        (1..9_999).for_each(|no| first.offer(Found::of(MessageNo(no), None, 0)));
        assert!(first.sorted().is_empty());
    }
}
