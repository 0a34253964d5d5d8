//! Searching: the messages that match, never the items they occur as.

use std::cell::Cell;
use std::sync::Arc;

use roaring::RoaringTreemap;
use tantivy::collector::Collector;
use tantivy::{Index as TantivyIndex, IndexReader, ReloadPolicy};

use crate::error::Result;
use crate::model::{MessageNo, UtcTime};
use crate::query::Query;

use super::collect::{Hits, Scope};
use super::columns::{ColumnHits, Columns};
use super::compile::Compiler;
use super::failure::{failed, refused};
use super::lead::Lead;
use super::proximity::Overflow;
use super::schema::Fields;

/// Which end of time comes first. A message without a date comes last in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// The latest first.
    NewestFirst,
    /// The earliest first.
    OldestFirst,
}

/// A message that matches, and what it is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The message.
    pub message: MessageNo,
    /// The sender's date, if the message has one.
    pub sent: Option<UtcTime>,
    /// Its raw length in bytes.
    pub size: u64,
}

/// A view of the index at one commit. Cheap to keep; [`Reader::reload`] moves it to the newest commit.
pub struct Reader {
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("messages", &self.messages()).finish_non_exhaustive()
    }
}

impl Reader {
    pub(super) fn open(index: &TantivyIndex, fields: &Fields) -> Result<Self> {
        let builder = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = builder.try_into().map_err(failed("open for reading"))?;
        Ok(Self { reader, fields: fields.clone() })
    }

    /// Moves to the newest commit.
    ///
    /// # Errors
    /// A file of the index cannot be read.
    pub fn reload(&self) -> Result<()> {
        self.reader.reload().map_err(failed("reload"))
    }

    /// How many messages are in the index.
    pub fn messages(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// The messages that match: all of them, or those of `within`, not before `from`.
    ///
    /// # Errors
    /// `Error::Query` if the query cannot be answered exactly; `Error::Index` if the index cannot be read.
    pub fn matches(&self, query: &Query, within: Option<&RoaringTreemap>, from: MessageNo) -> Result<RoaringTreemap> {
        let mut numbers: Vec<u64> =
            self.run(query, Scope::new(within, from), false)?.into_iter().map(|hit| hit.message.0).collect();
        numbers.sort_unstable();
        Ok(numbers.into_iter().collect())
    }

    /// How many messages match; as many as [`Reader::matches`] gives.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn count(&self, query: &Query, within: Option<&RoaringTreemap>, from: MessageNo) -> Result<u64> {
        Ok(self.run(query, Scope::new(within, from), false)?.len() as u64)
    }

    /// The messages that match, sorted by the sender's date and by number among equal dates; the first `limit` of
    /// them if there is one.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn by_date(
        &self,
        query: &Query,
        within: Option<&RoaringTreemap>,
        order: DateOrder,
        limit: Option<usize>,
    ) -> Result<Vec<Found>> {
        let mut found = self.run(query, Scope::new(within, MessageNo(0)), true)?;
        if let Some(limit) = limit
            && limit < found.len()
        {
            if limit > 0 {
                found.select_nth_unstable_by(limit - 1, |a, b| order.compare(a, b));
            }
            found.truncate(limit);
        }
        found.sort_unstable_by(|a, b| order.compare(a, b));
        Ok(found)
    }

    /// The messages that match with their columns, in no order; with scores if `scored`.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn columns(&self, query: &Query, within: Option<&RoaringTreemap>, scored: bool) -> Result<Columns> {
        let scope = Scope::new(within, MessageNo(0));
        self.collected(query, &scope.clone(), &ColumnHits { scope, scored })
    }

    fn run(&self, query: &Query, scope: Scope, dated: bool) -> Result<Vec<Found>> {
        self.collected(query, &scope.clone(), &Hits { scope, dated })
    }

    fn collected<C: Collector>(&self, query: &Query, scope: &Scope, collector: &C) -> Result<C::Fruit> {
        let searcher = self.reader.searcher();
        let overflow = Arc::new(Overflow::default());
        let compiler = Compiler {
            fields: &self.fields,
            searcher: &searcher,
            overflow: Arc::clone(&overflow),
            excluded: Cell::new(false),
        };
        let lead = Lead::of(scope, &searcher, self.fields.message)?;
        let narrowed = lead.narrowed(compiler.node(&query.root)?, &query.root);
        let found = searcher.search(narrowed.as_ref(), collector).map_err(failed("search"))?;
        if let Some(place) = overflow.place() {
            let message = "a message has too many combinations of the words that shall be near each other".to_owned();
            return Err(refused("E_TOO_MANY_VARIANTS", place, message, "take a smaller distance or fewer words"));
        }
        Ok(found)
    }
}

impl DateOrder {
    fn compare(self, a: &Found, b: &Found) -> std::cmp::Ordering {
        let dated = b.sent.is_some().cmp(&a.sent.is_some());
        let order = (a.sent, a.message).cmp(&(b.sent, b.message));
        dated.then(match self {
            Self::OldestFirst => order,
            Self::NewestFirst => order.reverse(),
        })
    }
}
