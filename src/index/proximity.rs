//! Phrases with prefixes and `NEAR`, decided on the positions of each candidate document.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::index::SegmentReader;
use tantivy::query::doc_predicate_query::{
    ConstOrVariableSegmentPredicate, DocPredicate, DocPredicateQuery, SegmentDocPredicate,
};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::Field;
use tantivy::{DocId, TERMINATED};

use super::cursor::FieldCursor;
use super::span::{Spans, TooMany};

/// Documents of which one field has the spans.
#[derive(Debug)]
pub(super) struct Proximity {
    pub(super) field: Field,
    /// Whether the field has parts, which spans must not cross.
    pub(super) parts: bool,
    pub(super) spans: Spans,
    /// Matches every document that has the spans, and others.
    pub(super) candidates: Box<dyn Query>,
    /// Told when a document has too many spans to decide.
    pub(super) overflow: Arc<Overflow>,
}

/// Which part of a query could not be decided on some document.
#[derive(Debug)]
pub(super) struct Overflow(AtomicUsize);

impl Default for Overflow {
    fn default() -> Self {
        Self(AtomicUsize::new(usize::MAX))
    }
}

impl Overflow {
    fn note(&self, place: usize) {
        self.0.fetch_min(place, Ordering::Relaxed);
    }

    /// The byte offset into the query of the first such part; `None` if all was decided.
    pub(super) fn place(&self) -> Option<usize> {
        Some(self.0.load(Ordering::Relaxed)).filter(|place| *place != usize::MAX)
    }
}

impl Proximity {
    /// As a query of tantivy.
    pub(super) fn into_query(self) -> Box<dyn Query> {
        Box::new(DocPredicateQuery::from(self))
    }
}

impl DocPredicate for Proximity {
    type SegmentDocPredicate = SegmentProximity;

    fn doc_predicate(
        &self,
        segment: &SegmentReader,
    ) -> tantivy::Result<ConstOrVariableSegmentPredicate<SegmentProximity>> {
        let weight = self.candidates.weight(EnableScoring::disabled_from_schema(segment.schema()))?;
        let candidates = weight.scorer(segment, 1.0)?;
        if candidates.doc() == TERMINATED {
            return Ok(ConstOrVariableSegmentPredicate::Const(false));
        }
        let index = segment.inverted_index(self.field)?;
        Ok(ConstOrVariableSegmentPredicate::Variable {
            predicate: SegmentProximity {
                cursor: FieldCursor::new(&index, self.field, self.parts, &self.spans)?,
                place: self.spans.place(),
                overflow: Arc::clone(&self.overflow),
            },
            necessary_condition: Box::new(candidates),
        })
    }
}

/// The spans of one segment.
pub(super) struct SegmentProximity {
    cursor: FieldCursor,
    place: usize,
    overflow: Arc<Overflow>,
}

impl SegmentDocPredicate for SegmentProximity {
    fn eval(&mut self, doc: DocId) -> bool {
        self.cursor.exists(doc).unwrap_or_else(|TooMany| {
            self.overflow.note(self.place);
            false
        })
    }
}
