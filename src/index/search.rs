//! Searching: the messages that match, never the items they occur as.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringTreemap;
use tantivy::collector::Collector;
use tantivy::{Index as TantivyIndex, IndexReader, ReloadPolicy};

use crate::error::Result;
use crate::query::Query;

use super::collect::{Hits, Tally};
use super::compile::Compiler;
use super::failure::{failed, refused};
use super::groups::{GroupedHits, Groups};
use super::hit_table::HitTable;
use super::lead::Lead;
use super::order::{Found, HitOrder, Ranking};
use super::proximity::Overflow;
use super::schema::Fields;
use super::scope::MessageScope;
use super::senders::Senders;

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

    /// The messages in scope that match.
    ///
    /// # Errors
    /// `Error::Query` if the query cannot be answered exactly; `Error::Index` if the index cannot be read.
    pub fn matches(&self, query: &Query, scope: &MessageScope) -> Result<RoaringTreemap> {
        Ok(self.tally(query, scope)?.messages)
    }

    /// What matches in scope, counted.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn tally(&self, query: &Query, scope: &MessageScope) -> Result<Tally> {
        Ok(self.collected(query, scope, &Hits::counted(scope.clone()))?.0)
    }

    /// The messages in scope that match, in an order; the first `limit` of them if there is one.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn sorted(
        &self,
        query: &Query,
        scope: &MessageScope,
        order: HitOrder,
        limit: Option<usize>,
    ) -> Result<Vec<Found>> {
        let ranking = self.ranking(query, scope, order)?;
        Ok(self.first(query, scope, &ranking, None, limit.unwrap_or(usize::MAX))?.1)
    }

    /// What [`Reader::first`] sorts by.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn ranking(&self, query: &Query, scope: &MessageScope, order: HitOrder) -> Result<Ranking> {
        let senders = match order {
            HitOrder::Sender => self.collected(query, scope, &Senders(scope.clone()))?,
            _ => HashMap::new(),
        };
        Ok(Ranking { order, senders: Arc::new(senders) })
    }

    /// What matches in scope, counted, and the first `limit` of it in the order of `ranking`, which was made for the same
    /// query and scope; of what is not before `from`, if that is given. Takes memory for the limit, whatever is found.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn first(
        &self,
        query: &Query,
        scope: &MessageScope,
        ranking: &Ranking,
        from: Option<Found>,
        limit: usize,
    ) -> Result<(Tally, Vec<Found>)> {
        self.collected(query, scope, &Hits::ranked(scope.clone(), ranking.clone(), from, limit))
    }

    /// What matches in scope, in groups, with the items that `table` has for each message, and their sizes in it.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn groups(&self, query: &Query, scope: &MessageScope, table: HitTable) -> Result<(Groups, HitTable)> {
        self.collected(query, scope, &GroupedHits::new(scope.clone(), table))
    }

    fn collected<C: Collector>(&self, query: &Query, scope: &MessageScope, collector: &C) -> Result<C::Fruit> {
        let searcher = self.reader.searcher();
        let overflow = Arc::new(Overflow::default());
        let compiler = Compiler {
            fields: &self.fields,
            searcher: &searcher,
            overflow: Arc::clone(&overflow),
            excluded: Cell::new(false),
        };
        let lead = Lead::of(scope, &searcher, &self.fields)?;
        let narrowed = lead.narrowed(compiler.node(&query.root)?, &query.root);
        let found = searcher.search(narrowed.as_ref(), collector).map_err(failed("search"))?;
        if let Some(place) = overflow.place() {
            let message = "a message has too many combinations of the words that shall be near each other".to_owned();
            return Err(refused("E_TOO_MANY_VARIANTS", place, message, "take a smaller distance or fewer words"));
        }
        Ok(found)
    }
}
