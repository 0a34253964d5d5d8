//! Where a document has words, phrases, prefixes, numbers and what is near each other, read from postings.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, TERMINATED};

use super::dictionary::prefix_stream;
use super::number;
use super::pattern::{Pattern, Slot};
use super::span::{Nearness, Span, Spans, TooMany, aligned, by_part};
use super::tokenizer::PART_MARK;

/// The spans of one field of a segment, asked for document by document in ascending order.
pub(super) struct FieldCursor {
    spans: Cursor,
    /// What stands before the parts of the field, if it has any.
    marks: Option<SegmentPostings>,
}

impl FieldCursor {
    /// `parts` says whether the field has parts, which spans must not cross.
    pub(super) fn new(index: &InvertedIndexReader, field: Field, parts: bool, spans: &Spans) -> tantivy::Result<Self> {
        let reader = FieldReader { index, field };
        let marks = if parts { reader.term(PART_MARK)? } else { None };
        Ok(Self { spans: reader.spans(spans)?, marks })
    }

    /// Whether `doc` has any.
    pub(super) fn exists(&mut self, doc: DocId) -> Result<bool, TooMany> {
        let marks = self.marks(doc);
        self.spans.exists(doc, &marks)
    }

    /// The parts of `doc` that have any, by number from 0.
    pub(super) fn parts(&mut self, doc: DocId) -> Result<BTreeSet<usize>, TooMany> {
        let marks = self.marks(doc);
        self.spans.parts(doc, &marks)
    }

    fn marks(&mut self, doc: DocId) -> Vec<u32> {
        let mut marks = Vec::new();
        if let Some(postings) = &mut self.marks {
            positions_in(postings, doc, &mut marks);
        }
        marks
    }
}

struct FieldReader<'a> {
    index: &'a InvertedIndexReader,
    field: Field,
}

impl FieldReader<'_> {
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

    /// The parts of `doc` that have a span, by number from 0.
    fn parts(&mut self, doc: DocId, marks: &[u32]) -> Result<BTreeSet<usize>, TooMany> {
        match self {
            Self::Any(cursors) => {
                let mut parts = BTreeSet::new();
                for cursor in cursors {
                    parts.append(&mut cursor.parts(doc, marks)?);
                }
                Ok(parts)
            }
            Self::Near { ordered, distance, left, right } => {
                let nearness = Nearness { ordered: *ordered, distance: *distance, marks };
                let (left, right) = (left.collect(doc, marks)?, right.collect(doc, marks)?);
                let right: BTreeMap<usize, &[Span]> = by_part(&right, marks).collect();
                let is_near =
                    |(part, left): &(usize, &[Span])| right.get(part).is_some_and(|right| nearness.holds(left, right));
                Ok(by_part(&left, marks).filter(is_near).map(|(part, _)| part).collect())
            }
            Self::Pattern { .. } => Ok(by_part(&self.collect(doc, marks)?, marks).map(|(part, _)| part).collect()),
        }
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
