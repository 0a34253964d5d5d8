//! Fields that a segment lacks.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Term;
use tantivy::{DocId, Score, SegmentReader};

use super::compile::Compiled;

/// What is looked for in one field, asked only of segments that have the field. tantivy answers for one that a segment
/// lacks by building an empty dictionary in a megabyte of fresh memory, which takes longer than most searches.
#[derive(Debug)]
pub(super) struct InPresentField {
    query: Compiled,
    /// The key of messages with something in the field.
    presence: Term,
}

impl InPresentField {
    pub(super) fn new(query: Compiled, presence: Term) -> Self {
        Self { query, presence }
    }
}

impl Clone for InPresentField {
    fn clone(&self) -> Self {
        Self { query: self.query.box_clone(), presence: self.presence.clone() }
    }
}

impl Query for InPresentField {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(InPresentFieldWeight { weight: self.query.weight(scoring)?, presence: self.presence.clone() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

struct InPresentFieldWeight {
    weight: Box<dyn Weight>,
    presence: Term,
}

impl InPresentFieldWeight {
    fn is_in(&self, segment: &SegmentReader) -> tantivy::Result<bool> {
        let keys = segment.inverted_index(self.presence.field())?;
        Ok(keys.get_term_info(&self.presence)?.is_some())
    }
}

impl Weight for InPresentFieldWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.is_in(segment)? { self.weight.scorer(segment, boost) } else { Ok(Box::new(EmptyScorer)) }
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.weight.explain(segment, doc)
    }

    fn for_each_no_score(&self, segment: &SegmentReader, visit: &mut dyn FnMut(&[DocId])) -> tantivy::Result<()> {
        if self.is_in(segment)? { self.weight.for_each_no_score(segment, visit) } else { Ok(()) }
    }
}
