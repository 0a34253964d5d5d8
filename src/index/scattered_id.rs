//! Ids of which nearly every message has one of its own. A term for each would be most of the dictionary, and the most
//! expensive part of making and merging segments. So the first bits of an id are a term, which hundreds of messages share,
//! and the rest is in columns: whoever looks for one reads the columns of those that share its term.

use std::ops::RangeInclusive;

use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, DocSet as _, Score, SegmentReader, TERMINATED};

use super::documents::Walk;

/// Bits of an id that are in its term.
pub(super) const TERM_BITS: u32 = 12;

/// Bits of a link that are in its column.
const LINK_BITS: u32 = 32;

/// The term and the column of an id that is only looked up whole, and whose messages are compared by whoever looks them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScatteredLink {
    first: u64,
    /// What is in the column.
    pub(super) rest: u64,
}

impl ScatteredLink {
    /// That of 64 bits in no order, of which 44 tell enough.
    pub(super) fn of(bits: u64) -> Self {
        let first = bits >> (u64::BITS - TERM_BITS);
        Self { first, rest: bits << TERM_BITS >> (u64::BITS - LINK_BITS) }
    }

    /// Its term among those of its `kind`.
    pub(super) fn term(self, kind: &str) -> String {
        format!("{kind}#{:03x}", self.first)
    }
}

/// Finds documents with a term of which columns have values in ranges.
#[derive(Debug, Clone)]
pub(super) struct ScatteredIdQuery {
    pub(super) term: Term,
    /// Columns of whole numbers by name, with the values that are meant.
    pub(super) columns: Vec<(&'static str, RangeInclusive<u64>)>,
}

impl ScatteredIdQuery {
    fn documents(&self, segment: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let terms = segment.inverted_index(self.term.field())?;
        let Some(mut postings) = terms.read_postings(&self.term, IndexRecordOption::Basic)? else {
            return Ok(Vec::new());
        };
        let mut columns = Vec::with_capacity(self.columns.len());
        for (name, values) in &self.columns {
            columns.push((segment.fast_fields().u64(name)?, values));
        }
        let mut found = Vec::new();
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            if columns.iter().all(|(column, values)| column.first(doc).is_some_and(|value| values.contains(&value))) {
                found.push(doc);
            }
            postings.advance();
        }
        Ok(found)
    }
}

impl Query for ScatteredIdQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for ScatteredIdQuery {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let documents = self.documents(segment)?;
        if documents.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        Ok(Box::new(ConstScorer::new(Walk::new(documents.into()), boost)))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let has_it = self.documents(segment)?.binary_search(&doc).is_ok();
        Ok(Explanation::new("a message with the id", if has_it { 1.0 } else { 0.0 }))
    }
}
