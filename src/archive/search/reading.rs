//! How the text of a request is read: parsed, and its people found in the directory.

use super::{SearchReport, SearchRequest, described};
use crate::archive::Archive;
use crate::model::Mailbox;
use crate::people::{named_by, names};
use crate::query::{Context, Expansion, Node, Query, Warning, parse};
use crate::store::mailboxes;
use crate::{Error, Result};

/// A query and all that is to be said of how it was read.
#[derive(Debug)]
pub(super) struct Reading {
    /// What is searched: with all names of its people.
    pub(super) query: Query,
    /// As it was written, in normal form; empty for match-all.
    pub(super) read_as: String,
    pub(super) warnings: Vec<Warning>,
    pub(super) people: Vec<Expansion>,
}

impl Archive {
    pub(super) fn read_query(&self, request: &SearchRequest) -> Result<Reading> {
        let (query, warnings) = match request.query.as_deref() {
            None => (Query { root: Node::All }, Vec::new()),
            Some(text) => {
                let parsed = parse(text, &self.context(request))?;
                (parsed.query, parsed.warnings)
            }
        };
        let read_as = if query.root == Node::All { String::new() } else { query.to_string() };
        let (query, people) = self.named(request, &query)?;
        Ok(Reading { query, read_as, warnings, people })
    }

    pub(super) fn context(&self, request: &SearchRequest) -> Context {
        Context { mode: request.mode, week_start: request.week_start.into(), ..Context::search(self.now()) }
    }

    /// The query with its people under the names that the request wants.
    pub(super) fn named(&self, request: &SearchRequest, query: &Query) -> Result<(Query, Vec<Expansion>)> {
        if request.no_expand { Ok((query.clone(), Vec::new())) } else { self.with_people(query) }
    }

    /// The query with its people under all names that the directory has for them now.
    ///
    /// # Errors
    /// The store failed.
    pub(in crate::archive) fn with_people(&self, query: &Query) -> Result<(Query, Vec<Expansion>)> {
        let all: Vec<Mailbox> = mailboxes(&self.store.snapshot()?)?;
        Ok(query.with_people(&|value| named_by(value, &all).into_iter().flat_map(names).collect()))
    }

    /// What a hold with this query covers: its people under all their names, and what it cannot judge.
    ///
    /// # Errors
    /// The store failed.
    pub(in crate::archive) fn covering(&self, query: &Query) -> Result<Query> {
        let (query, _) = self.with_people(query)?;
        Ok(match query.undecidable() {
            Some(undecidable) => Query { root: Node::Or(vec![query.root, undecidable.root]) },
            None => query,
        })
    }

    /// Passes `result` on, a refusal of the query only after it is recorded.
    pub(super) fn recorded<T>(&self, request: &SearchRequest, result: Result<T>) -> Result<T> {
        if let Err(refusal @ Error::Query { .. }) = &result {
            self.record_alone("search", &described(request), &refusal.to_string())?;
        }
        result
    }
}

/// How the query of a search was read, for the record: mode, normal form with all dates resolved, and names that were
/// added.
pub(super) fn recorded_as(request: &SearchRequest, report: &SearchReport) -> String {
    let read_as = match report.read_as.as_str() {
        "" => "(all)",
        _ if !request.keywords.is_empty() => "its rows",
        read_as => read_as,
    };
    let people = report.people.iter().map(|person| {
        let Expansion { property, value, names, .. } = person;
        format!("; {property}:{value} also as {}", names.join(", "))
    });
    format!("{} mode, read as {read_as}{}", report.mode.as_str(), people.collect::<String>())
}
