//! Content search.

mod hits;
mod scope;
mod snippet;

use super::Archive;
use crate::index::DateOrder;
use crate::query::{Context, Node, Query, Warning, parse};
use crate::store::{MessageSet, load_set};
use crate::{Error, Result};

use hits::Hits;
use scope::Scope;

pub use hits::Hit;

/// In which order hits are returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortOrder {
    /// By sent time, newest first.
    #[default]
    Newest,
    /// By sent time, oldest first.
    Oldest,
}

impl From<SortOrder> for DateOrder {
    fn from(order: SortOrder) -> Self {
        match order {
            SortOrder::Newest => Self::NewestFirst,
            SortOrder::Oldest => Self::OldestFirst,
        }
    }
}

/// What to search, and where.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest {
    /// The query; `None` matches everything in scope.
    pub query: Option<String>,
    /// Addresses of mailboxes; empty means all.
    pub mailboxes: Vec<String>,
    /// Folder paths, ignoring case; empty means all. Subfolders are not included.
    pub folders: Vec<String>,
    /// Most hits to return; `None` returns all.
    pub limit: Option<u64>,
    /// In which order.
    pub sort: SortOrder,
}

/// What a search found in all, whatever the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchReport {
    /// Messages that match.
    pub messages: u64,
    /// Items that match.
    pub items: u64,
    /// Raw bytes of the messages that match.
    pub bytes: u64,
    /// Items in scope of which not all can be searched; some of them may match too.
    pub partially_indexed: u64,
    /// The query as it was read; empty for match-all.
    pub read_as: String,
    /// Readings that the searcher may not expect.
    pub warnings: Vec<Warning>,
}

impl Archive {
    /// Searches. `begin` is told what was found in all, then `visit` gets each hit in order.
    ///
    /// The search is recorded before anything of it is shown.
    ///
    /// # Errors
    /// The query is refused, a mailbox or folder does not exist, or the store or the index failed.
    pub fn search(
        &mut self,
        request: &SearchRequest,
        begin: &mut dyn FnMut(&SearchReport) -> Result<()>,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<SearchReport> {
        self.catch_up(&mut |_, _| {})?;
        let (query, warnings) = self.recorded(request, self.read_query(request.query.as_deref()))?;
        let snapshot = self.store.snapshot()?;
        let scope = Scope::of(&snapshot, request)?;
        let within = scope.messages(&snapshot)?;
        let found = self.index.by_date(&query, within.as_ref(), request.sort.into());
        let mut found = self.recorded(request, found)?;
        if within.is_none() {
            let quarantined = load_set(&snapshot, MessageSet::Quarantined)?;
            if !quarantined.is_empty() {
                found.retain(|found| !quarantined.contains(found.message.0));
            }
        }
        let report = scope.report(&snapshot, &found, request, &query, warnings)?;
        self.record_search(request, &report)?;
        begin(&report)?;
        let hits = Hits { query: &query, scope: &scope, snapshot: &snapshot, directory: &self.directory };
        hits.visit(&found, request.limit.unwrap_or(u64::MAX), visit)?;
        Ok(report)
    }

    /// Passes `result` on, a refusal of the query only after it is recorded.
    fn recorded<T>(&self, request: &SearchRequest, result: Result<T>) -> Result<T> {
        if let Err(refusal @ Error::Query { .. }) = &result {
            self.record_alone("search", request.query.as_deref().unwrap_or_default(), &refusal.to_string())?;
        }
        result
    }

    fn read_query(&self, text: Option<&str>) -> Result<(Query, Vec<Warning>)> {
        match text {
            None => Ok((Query { root: Node::All }, Vec::new())),
            Some(text) => parse(text, &Context::search(self.now())).map(|parsed| (parsed.query, parsed.warnings)),
        }
    }

    fn record_search(&self, request: &SearchRequest, report: &SearchReport) -> Result<()> {
        let mut scope: Vec<String> = request.mailboxes.iter().map(|mailbox| format!("mailbox {mailbox}")).collect();
        scope.extend(request.folders.iter().map(|folder| format!("folder {folder}")));
        let scope = if scope.is_empty() { "everywhere".to_owned() } else { scope.join(", ") };
        let SearchReport { messages, items, partially_indexed, .. } = report;
        let outcome =
            format!("{messages} messages, {items} items, {partially_indexed} partially indexed in scope; {scope}");
        self.record_alone("search", request.query.as_deref().unwrap_or("(all)"), &outcome).map(drop)
    }
}
