//! How the text of a request is read: parsed, and its people found in the directory.

use super::SearchRequest;
use crate::Result;
use crate::archive::Archive;
use crate::query::{Context, Expansion, Node, Parsed, Query, Warning, parse};

/// A query and all that is to be said of how it was read.
#[derive(Debug)]
pub(super) struct Reading {
    /// As it was written.
    pub(super) written: Query,
    /// The rows of a keyword list in it, as they were typed.
    pub(super) rows: Vec<String>,
    /// What is searched: with all names of its people.
    pub(super) query: Query,
    /// As it was written, in normal form; empty for match-all.
    pub(super) read_as: String,
    pub(super) warnings: Vec<Warning>,
    pub(super) people: Vec<Expansion>,
}

impl Archive {
    pub(super) fn read_query(&self, request: &SearchRequest) -> Result<Reading> {
        let Parsed { query: written, warnings, rows } = match request.query.as_deref() {
            None => Parsed { query: Query { root: Node::All }, warnings: Vec::new(), rows: Vec::new() },
            Some(text) => parse(text, &self.context(request))?,
        };
        let read_as = if written.root == Node::All { String::new() } else { written.to_string() };
        let (query, people) = self.named(request, &written)?;
        Ok(Reading { written, rows, query, read_as, warnings, people })
    }

    pub(super) fn context(&self, request: &SearchRequest) -> Context {
        Context { mode: request.mode, week_start: request.week_start.into(), ..Context::search(self.now()) }
    }

    /// The query with its people under the names that the request wants.
    pub(super) fn named(&self, request: &SearchRequest, query: &Query) -> Result<(Query, Vec<Expansion>)> {
        if request.no_expand { Ok((query.clone(), Vec::new())) } else { self.with_people(query) }
    }

    /// What a hold with this query covers: its people under all their names, and what it cannot judge.
    ///
    /// # Errors
    /// The store failed.
    pub(in crate::archive) fn covering(&self, query: &Query) -> Result<Query> {
        Ok(self.with_people(query)?.0.or_undecidable())
    }
}
