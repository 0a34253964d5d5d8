//! Phrases with prefixes and `NEAR`, decided on the positions of each candidate document.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::index::{InvertedIndexReader, SegmentReader};
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::doc_predicate_query::{
    ConstOrVariableSegmentPredicate, DocPredicate, DocPredicateQuery, SegmentDocPredicate,
};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, TERMINATED};

use super::dictionary::prefix_stream;
use super::number;
use super::pattern::{Pattern, Slot};
use super::span::{Nearness, Span, Spans, TooMany, aligned};
use super::tokenizer::PART_MARK;

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
        let reader = Reader { index: &index, field: self.field };
        let marks = if self.parts { reader.term(PART_MARK)? } else { None };
        Ok(ConstOrVariableSegmentPredicate::Variable {
            predicate: SegmentProximity {
                spans: reader.spans(&self.spans)?,
                marks,
                place: self.spans.place(),
                overflow: Arc::clone(&self.overflow),
            },
            necessary_condition: Box::new(candidates),
        })
    }
}

/// The spans of one segment.
pub(super) struct SegmentProximity {
    spans: Cursor,
    marks: Option<SegmentPostings>,
    place: usize,
    overflow: Arc<Overflow>,
}

impl SegmentDocPredicate for SegmentProximity {
    fn eval(&mut self, doc: DocId) -> bool {
        let mut marks = Vec::new();
        if let Some(postings) = &mut self.marks {
            positions_in(postings, doc, &mut marks);
        }
        self.spans.exists(doc, &marks).unwrap_or_else(|TooMany| {
            self.overflow.note(self.place);
            false
        })
    }
}

struct Reader<'a> {
    index: &'a InvertedIndexReader,
    field: Field,
}

impl Reader<'_> {
    fn spans(&self, spans: &Spans) -> tantivy::Result<Cursor> {
        Ok(match spans {
            Spans::Pattern(pattern) => self.pattern(pattern)?,
            Spans::Number { token, .. } => self.number(token)?,
            Spans::Any(spans) => Cursor::Any(spans.iter().map(|spans| self.spans(spans)).collect::<Result<_, _>>()?),
            Spans::Near { ordered, distance, left, right } => Cursor::Near {
                ordered: *ordered,
                distance: *distance,
                left: Box::new(self.spans(left)?),
                right: Box::new(self.spans(right)?),
            },
        })
    }

    fn pattern(&self, pattern: &Pattern) -> tantivy::Result<Cursor> {
        let slots = pattern.slots.iter().map(|slot| Ok((slot.offset, self.slot(slot)?)));
        Ok(Cursor::Pattern { slots: slots.collect::<tantivy::Result<_>>()?, length: pattern.length })
    }

    /// The numbers whose tokens begin so, each as long as it is written.
    fn number(&self, token: &str) -> tantivy::Result<Cursor> {
        let mut numbers = Vec::new();
        let mut stream = prefix_stream(self.index.terms(), token.as_bytes())?;
        while stream.advance() {
            let length = str::from_utf8(stream.key()).ok().and_then(number::length).unwrap_or(1);
            let record = IndexRecordOption::WithFreqsAndPositions;
            let postings = self.index.read_postings_from_terminfo(stream.value(), record)?;
            numbers.push(Cursor::Pattern { slots: vec![(0, Occurrences::new(vec![postings]))], length });
        }
        Ok(Cursor::Any(numbers))
    }

    fn slot(&self, slot: &Slot) -> tantivy::Result<Occurrences> {
        if !slot.prefix {
            return Ok(Occurrences::new(self.term(&slot.text)?));
        }
        let mut variants = Vec::new();
        let mut stream = prefix_stream(self.index.terms(), slot.text.as_bytes())?;
        while stream.advance() {
            let record = IndexRecordOption::WithFreqsAndPositions;
            variants.push(self.index.read_postings_from_terminfo(stream.value(), record)?);
        }
        Ok(Occurrences::new(variants))
    }

    fn term(&self, text: &str) -> tantivy::Result<Option<SegmentPostings>> {
        let term = Term::from_field_text(self.field, text);
        Ok(self.index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?)
    }
}

enum Cursor {
    Pattern { slots: Vec<(u32, Occurrences)>, length: u32 },
    Any(Vec<Cursor>),
    Near { ordered: bool, distance: u32, left: Box<Cursor>, right: Box<Cursor> },
}

impl Cursor {
    fn exists(&mut self, doc: DocId, marks: &[u32]) -> Result<bool, TooMany> {
        if let Self::Near { ordered, distance, left, right } = self {
            let (left, right) = (left.collect(doc, marks)?, right.collect(doc, marks)?);
            return Ok(Nearness { ordered: *ordered, distance: *distance, marks }.holds(&left, &right));
        }
        Ok(!self.collect(doc, marks)?.is_empty())
    }

    /// The spans in `doc`, sorted, each once.
    fn collect(&mut self, doc: DocId, marks: &[u32]) -> Result<Vec<Span>, TooMany> {
        match self {
            Self::Pattern { slots, length } => {
                let starts = pattern_starts(slots, doc);
                Ok(starts.into_iter().map(|start| Span { start, end: start.saturating_add(*length) }).collect())
            }
            Self::Any(cursors) => {
                let mut spans = Vec::new();
                for cursor in cursors {
                    spans.append(&mut cursor.collect(doc, marks)?);
                }
                spans.sort_unstable();
                spans.dedup();
                Ok(spans)
            }
            Self::Near { ordered, distance, left, right } => {
                let (left, right) = (left.collect(doc, marks)?, right.collect(doc, marks)?);
                Nearness { ordered: *ordered, distance: *distance, marks }.join(&left, &right)
            }
        }
    }
}

fn pattern_starts(slots: &mut [(u32, Occurrences)], doc: DocId) -> Vec<u32> {
    let Some(((_, first), others)) = slots.split_first_mut() else { return Vec::new() };
    let starts = first.positions(doc);
    if starts.is_empty() || others.is_empty() {
        return starts;
    }
    let others: Vec<_> = others.iter_mut().map(|(offset, slot)| (*offset, slot.positions(doc))).collect();
    aligned(&starts, &others)
}

/// Where the variants of one slot stand, read document by document in ascending order.
struct Occurrences {
    postings: Vec<SegmentPostings>,
    /// Next documents and the variants that have them.
    next: BinaryHeap<Reverse<(DocId, usize)>>,
}

impl Occurrences {
    fn new(postings: impl IntoIterator<Item = SegmentPostings>) -> Self {
        let postings: Vec<_> = postings.into_iter().collect();
        let next = postings.iter().enumerate().map(|(variant, postings)| Reverse((postings.doc(), variant))).collect();
        Self { postings, next }
    }

    /// The positions in `doc`, sorted, each once.
    fn positions(&mut self, doc: DocId) -> Vec<u32> {
        let (mut positions, mut found) = (Vec::new(), Vec::new());
        let mut here = Vec::new();
        while let Some(&Reverse((at, variant))) = self.next.peek() {
            if at > doc {
                break;
            }
            self.next.pop();
            let Some(postings) = self.postings.get_mut(variant) else { continue };
            if positions_in(postings, doc, &mut positions) {
                found.append(&mut positions);
                here.push(variant);
            } else if postings.doc() != TERMINATED {
                self.next.push(Reverse((postings.doc(), variant)));
            }
        }
        let several = here.len() > 1;
        self.next.extend(here.into_iter().map(|variant| Reverse((doc, variant))));
        if several {
            found.sort_unstable();
            found.dedup();
        }
        found
    }
}

/// Reads the positions in `doc`, not before the current document; false if there are none.
fn positions_in(postings: &mut SegmentPostings, doc: DocId, positions: &mut Vec<u32>) -> bool {
    positions.clear();
    if postings.doc() < doc {
        postings.seek(doc);
    }
    let here = postings.doc() == doc;
    if here {
        postings.positions(positions);
    }
    here
}
