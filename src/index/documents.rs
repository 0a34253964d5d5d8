//! The documents of messages whose numbers are known.
//!
//! A term for each message would be most of the terms of an archive of short ones. So 64 messages share a term, and which of them
//! is meant is read from the column of numbers.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringTreemap;
use tantivy::index::SegmentId;
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use crate::model::MessageNo;

use super::schema::{Fields, MESSAGE};

/// Bits of a message's number that are not in its term.
const BLOCK_BITS: u32 = 6;

/// What the term of a message says: its number without the last bits.
pub(super) fn block(message: MessageNo) -> u64 {
    message.0 >> BLOCK_BITS
}

/// The documents of `numbers` in one segment, in ascending order; deleted ones, too. `field` has the blocks.
fn documents(numbers: &RoaringTreemap, segment: &SegmentReader, field: Field) -> tantivy::Result<Vec<DocId>> {
    let column = segment.fast_fields().u64(MESSAGE)?.first_or_default_col(0);
    let terms = segment.inverted_index(field)?;
    let (first, last) = (column.min_value(), column.max_value());
    let mut wanted = numbers.iter();
    wanted.advance_to(first);
    let mut found = Vec::new();
    let mut seen = None;
    for number in wanted.take_while(|number| *number <= last) {
        let block = block(MessageNo(number));
        if seen.replace(block) == Some(block) {
            continue;
        }
        let term = Term::from_field_u64(field, block);
        let Some(mut postings) = terms.read_postings(&term, IndexRecordOption::Basic)? else { continue };
        while postings.doc() != TERMINATED {
            if numbers.contains(column.get_val(postings.doc())) {
                found.push(postings.doc());
            }
            postings.advance();
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Finds the documents of messages, each segment's when it is asked for.
#[derive(Debug, Clone)]
pub(super) struct NumbersQuery {
    /// The messages.
    pub(super) numbers: RoaringTreemap,
    /// The field of their blocks.
    pub(super) field: Field,
}

impl Query for NumbersQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for NumbersQuery {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let documents = documents(&self.numbers, segment, self.field)?;
        if documents.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        Ok(Box::new(ConstScorer::new(Walk::new(documents.into()), boost)))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let known = documents(&self.numbers, segment, self.field)?.binary_search(&doc).is_ok();
        Ok(explanation(known))
    }
}

/// Documents that were found already, by segment.
#[derive(Debug, Clone)]
pub(super) struct Documents(Arc<HashMap<SegmentId, Arc<[DocId]>>>);

impl Documents {
    /// Those of messages.
    pub(super) fn of(numbers: &RoaringTreemap, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers().iter();
        let found =
            segments.map(|segment| Ok((segment.segment_id(), documents(numbers, segment, fields.block)?.into())));
        Ok(Self(Arc::new(found.collect::<tantivy::Result<_>>()?)))
    }

    /// Those in one segment, in ascending order; deleted ones, too.
    pub(super) fn in_segment(&self, segment: &SegmentReader) -> Arc<[DocId]> {
        self.0.get(&segment.segment_id()).cloned().unwrap_or_default()
    }
}

impl Query for Documents {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Documents {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ConstScorer::new(Walk::new(self.in_segment(segment)), boost)))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Ok(explanation(self.in_segment(segment).binary_search(&doc).is_ok()))
    }
}

fn explanation(known: bool) -> Explanation {
    Explanation::new("a message in scope", if known { 1.0 } else { 0.0 })
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
