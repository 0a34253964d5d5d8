//! A small scope that leads a search, so that a frequent word costs no more than the messages in it.

use std::ops::Bound;

use tantivy::Searcher;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Query as TantivyQuery, RangeQuery};
use tantivy::schema::Term;

use crate::error::Result;
use crate::query::Node;

use super::documents::Documents;
use super::failure::failed;
use super::schema::Fields;
use super::scope::MessageScope;

/// Up to this many messages drive the search themselves instead of filtering its hits.
const FEW_MESSAGES: u64 = 2_000;

/// What drives a search beside its query; nothing where its scope is large.
pub(super) struct Lead(Option<Box<dyn TantivyQuery>>);

impl Lead {
    /// The messages of `scope`.
    ///
    /// # Errors
    /// `Error::Index` if the index cannot be read.
    pub(super) fn of(scope: &MessageScope, searcher: &Searcher, fields: &Fields) -> Result<Self> {
        Ok(Self(match scope.within() {
            Some(within) if within.len() <= FEW_MESSAGES => {
                Some(Box::new(Documents::of(within, searcher, fields).map_err(failed("find messages"))?))
            }
            _ if scope.first() > 0 => {
                let from = Term::from_field_u64(fields.message, scope.first());
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
