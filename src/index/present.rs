//! Fields that a segment lacks.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, Term};
use tantivy::{DocId, Score, SegmentReader};

use super::compile::Compiled;
use super::key::presence_term;

/// What is looked for in one field, asked only of segments that have the field. tantivy answers for one that a segment
/// lacks by building an empty dictionary in a megabyte of fresh memory, which takes longer than most searches.
#[derive(Debug)]
pub(super) struct InPresentField {
    query: Compiled,
    /// Every message with something in the field has this key.
    key: Field,
    presence: String,
}

impl InPresentField {
    /// `query` in the field of this name; `key` is that of keys.
    pub(super) fn new(query: Compiled, key: Field, name: &str) -> Self {
        Self { query, key, presence: presence_term(name) }
    }
}

impl Clone for InPresentField {
    fn clone(&self) -> Self {
        Self { query: self.query.box_clone(), key: self.key, presence: self.presence.clone() }
    }
}

impl Query for InPresentField {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let presence = Term::from_field_text(self.key, &self.presence);
        Ok(Box::new(InPresentFieldWeight { weight: self.query.weight(scoring)?, presence }))
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
