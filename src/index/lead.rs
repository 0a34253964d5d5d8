//! A small scope that leads a search, so that a frequent word costs no more than the messages in it.

use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

use roaring::RoaringTreemap;
use tantivy::index::SegmentId;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, ConstScorer, EnableScoring, Explanation, Query as TantivyQuery, RangeQuery, Scorer,
    Weight,
};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use crate::error::Result;
use crate::query::Node;

use super::failure::failed;
use super::schema::MESSAGE;
use super::scope::MessageScope;

/// Up to this many messages drive the search themselves instead of filtering its hits.
const FEW_MESSAGES: u64 = 2_000;

/// What drives a search beside its query; nothing where its scope is large.
pub(super) struct Lead(Option<Box<dyn TantivyQuery>>);

impl Lead {
    /// The messages of `scope`, whose numbers stand in `field`.
    ///
    /// # Errors
    /// `Error::Index` if the index cannot be read.
    pub(super) fn of(scope: &MessageScope, searcher: &Searcher, field: Field) -> Result<Self> {
        Ok(Self(match scope.within() {
            Some(within) if within.len() <= FEW_MESSAGES => {
                Some(Box::new(Documents::of(within, searcher, field).map_err(failed("find messages"))?))
            }
            _ if scope.first() > 0 => {
                let from = Term::from_field_u64(field, scope.first());
                let range = RangeQuery::new(Bound::Included(from), Bound::Unbounded);
                // Where all of a segment is in scope, the range is left out with its score: so it has none.
                Some(Box::new(ConstScoreQuery::new(Box::new(range), 0.0)))
            }
            _ => None,
        }))
    }

    /// The search for `query`, which was made from `root`, led by the scope.
    pub(super) fn narrowed(&self, query: Box<dyn TantivyQuery>, root: &Node) -> Box<dyn TantivyQuery> {
        match &self.0 {
            None => query,
            Some(lead) if matches!(root, Node::All) => lead.box_clone(),
            Some(lead) => Box::new(BooleanQuery::intersection(vec![query, lead.box_clone()])),
        }
    }
}

/// Documents that are known already, by segment.
#[derive(Debug, Clone)]
pub(super) struct Documents(Arc<HashMap<SegmentId, Arc<[DocId]>>>);

impl Documents {
    /// Those of the messages whose numbers stand in `field`.
    pub(super) fn of(numbers: &RoaringTreemap, searcher: &Searcher, field: Field) -> tantivy::Result<Self> {
        let mut documents = HashMap::new();
        for segment in searcher.segment_readers() {
            let terms = segment.inverted_index(field)?;
            let here = segment.fast_fields().u64(MESSAGE)?;
            let here = here.min_value()..=here.max_value();
            let mut found = Vec::new();
            for number in numbers.iter().filter(|number| here.contains(number)) {
                let term = Term::from_field_u64(field, number);
                let Some(mut postings) = terms.read_postings(&term, IndexRecordOption::Basic)? else { continue };
                while postings.doc() != TERMINATED {
                    found.push(postings.doc());
                    postings.advance();
                }
            }
            found.sort_unstable();
            documents.insert(segment.segment_id(), found.into());
        }
        Ok(Self(Arc::new(documents)))
    }

    /// Those in one segment, in ascending order; deleted ones, too.
    pub(super) fn in_segment(&self, segment: &SegmentReader) -> Arc<[DocId]> {
        self.0.get(&segment.segment_id()).cloned().unwrap_or_default()
    }
}

impl TantivyQuery for Documents {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Documents {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ConstScorer::new(Walk::new(self.in_segment(segment)), boost)))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let known = self.in_segment(segment).binary_search(&doc).is_ok();
        Ok(Explanation::new("a message in scope", if known { 1.0 } else { 0.0 }))
    }
}

/// Goes through known documents of one segment.
pub(super) struct Walk {
    documents: Arc<[DocId]>,
    at: usize,
}

impl Walk {
    /// Through `documents`, which ascend.
    pub(super) fn new(documents: Arc<[DocId]>) -> Self {
        Self { documents, at: 0 }
    }
}

impl DocSet for Walk {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.documents.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|document| *document < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.documents.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.documents.len() as u32
    }
}
