//! The senders of hits in the order of the alphabet.

use std::collections::{BTreeSet, HashMap, HashSet};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::order::NO_SENDER;
use super::schema::{MESSAGE, SENDER};
use super::scope::MessageScope;

/// Collects the ranks of the senders of hits, by segment and ordinal.
pub(super) struct Senders(pub(super) MessageScope);

/// The labels of one segment by their ordinals.
type Labels = (SegmentId, Vec<(u64, String)>);

impl Collector for Senders {
    type Fruit = HashMap<SegmentId, HashMap<u64, u32>>;
    type Child = SegmentSenders;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentSenders> {
        let fast = segment.fast_fields();
        Ok(SegmentSenders {
            scope: self.0.clone(),
            segment: segment.segment_id(),
            messages: fast.u64(MESSAGE)?,
            senders: fast.str(SENDER)?,
            ordinals: HashSet::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Labels>>) -> tantivy::Result<Self::Fruit> {
        let segments = segments.into_iter().collect::<tantivy::Result<Vec<_>>>()?;
        let all: BTreeSet<&str> = segments.iter().flat_map(|(_, labels)| labels).map(|(_, label)| &**label).collect();
        let ranks: HashMap<&str, u32> = all.into_iter().zip(0..).collect();
        let rank = |label: &str| ranks.get(label).copied().filter(|_| !label.is_empty()).unwrap_or(NO_SENDER);
        let ranked = |labels: &[(u64, String)]| labels.iter().map(|(at, label)| (*at, rank(label))).collect();
        Ok(segments.iter().map(|(segment, labels)| (*segment, ranked(labels))).collect())
    }
}

/// Collects the senders of the hits of one segment.
pub(super) struct SegmentSenders {
    scope: MessageScope,
    segment: SegmentId,
    messages: Column<u64>,
    senders: Option<StrColumn>,
    ordinals: HashSet<u64>,
}

impl SegmentCollector for SegmentSenders {
    type Fruit = tantivy::Result<Labels>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let Some(senders) = &self.senders else { return };
        if self.scope.contains(self.messages.first(doc).unwrap_or_default()) {
            self.ordinals.extend(senders.ords().first(doc));
        }
    }

    fn harvest(self) -> tantivy::Result<Labels> {
        let mut labels = Vec::with_capacity(self.ordinals.len());
        if let Some(senders) = &self.senders {
            for ordinal in self.ordinals {
                let mut label = String::new();
                senders.ord_to_str(ordinal, &mut label)?;
                labels.push((ordinal, label));
            }
        }
        Ok((self.segment, labels))
    }
}
