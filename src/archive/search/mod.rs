//! Content search.

mod copies;
mod hits;
mod html_report;
mod order;
mod scope;
mod snippet;
mod statistics;

use super::Archive;
use crate::index::Found;
use crate::model::ItemNo;
use crate::query::{Context, Mode, Node, Query, Warning, parse};
use crate::store::{MessageSet, Snapshot, item, load_set};
use crate::{Error, Result};

use copies::Distinct;
use hits::{Hits, Start};
use order::not_a_hit;
use scope::Scope;

pub use hits::{Hit, Place};
pub use order::SortOrder;
pub use statistics::{Statistics, StatisticsRow};

/// What to search, and where.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest {
    /// The query; `None` matches everything in scope.
    pub query: Option<String>,
    /// How the query is read.
    pub mode: Mode,
    /// Addresses of mailboxes; empty means all.
    pub mailboxes: Vec<String>,
    /// Folder paths, ignoring case; empty means all. Subfolders are not included.
    pub folders: Vec<String>,
    /// Most hits to return; `None` returns all.
    pub limit: Option<u64>,
    /// In which order.
    pub sort: SortOrder,
    /// Only hits behind this one, in the same order; what arrived meanwhile moves no other hit.
    pub after: Option<ItemNo>,
    /// Whether copies of one message, by their content hash, are one hit.
    pub dedupe: bool,
    /// Whether to count by mailbox, folder, platform, month and sender.
    pub statistics: bool,
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
    /// How the query was read.
    pub mode: Mode,
    /// The query as it was read; empty for match-all.
    pub read_as: String,
    /// Readings that the searcher may not expect.
    pub warnings: Vec<Warning>,
    /// Messages with different content among those that match, if copies were to be one hit.
    pub unique: Option<u64>,
    /// The counts in detail, if they were asked for.
    pub statistics: Option<Statistics>,
}

/// What matches a request, all of one state of the store.
struct Answer {
    query: Query,
    snapshot: Snapshot,
    scope: Scope,
    /// In the order of the request.
    found: Vec<Found>,
    report: SearchReport,
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
        let answer = self.answer(request)?;
        let Answer { query, snapshot, scope, found, mut report } = answer;
        let distinct = if request.dedupe { Distinct::by_content(&snapshot, found)? } else { Distinct::all(found) };
        report.unique = request.dedupe.then_some(distinct.found.len() as u64);
        let start = start(&snapshot, request, &distinct)?;
        self.record_search(request, &report)?;
        begin(&report)?;
        let hits = Hits { query: &query, scope: &scope, snapshot: &snapshot, directory: &self.directory };
        hits.visit(&distinct, start, request.limit.unwrap_or(u64::MAX), visit)?;
        Ok(report)
    }

    /// What matches, counted.
    fn answer(&mut self, request: &SearchRequest) -> Result<Answer> {
        self.catch_up(&mut |_, _| {})?;
        let (query, warnings) = self.recorded(request, self.read_query(request))?;
        let snapshot = self.store.snapshot()?;
        let scope = Scope::of(&snapshot, request)?;
        let within = scope.messages(&snapshot)?;
        let found = request.sort.found(&self.index, &query, within.as_ref());
        let mut found = self.recorded(request, found)?;
        let quarantined = load_set(&snapshot, MessageSet::Quarantined)?;
        let is_shown = |found: &Found| within.is_some() || !quarantined.contains(found.message.0);
        found.retain(is_shown);
        let mut report = scope.report(&snapshot, &found, request, &query, warnings)?;
        if request.statistics {
            let mut columns = self.index.columns(&query, within.as_ref(), false)?;
            columns.rows.retain(|row| is_shown(&row.found));
            report.statistics = Some(Statistics::of(&snapshot, &scope, columns)?);
        }
        Ok(Answer { query, snapshot, scope, found, report })
    }

    /// Passes `result` on, a refusal of the query only after it is recorded.
    fn recorded<T>(&self, request: &SearchRequest, result: Result<T>) -> Result<T> {
        if let Err(refusal @ Error::Query { .. }) = &result {
            self.record_alone("search", request.query.as_deref().unwrap_or_default(), &refusal.to_string())?;
        }
        result
    }

    fn read_query(&self, request: &SearchRequest) -> Result<(Query, Vec<Warning>)> {
        let Some(text) = request.query.as_deref() else { return Ok((Query { root: Node::All }, Vec::new())) };
        let context = Context { mode: request.mode, ..Context::search(self.now()) };
        parse(text, &context).map(|parsed| (parsed.query, parsed.warnings))
    }

    fn record_search(&self, request: &SearchRequest, report: &SearchReport) -> Result<()> {
        let mut scope: Vec<String> = request.mailboxes.iter().map(|mailbox| format!("mailbox {mailbox}")).collect();
        scope.extend(request.folders.iter().map(|folder| format!("folder {folder}")));
        let scope = if scope.is_empty() { "everywhere".to_owned() } else { scope.join(", ") };
        let SearchReport { messages, items, partially_indexed, read_as, .. } = report;
        let outcome = format!(
            "{messages} messages, {items} items, {partially_indexed} partially indexed in scope; {scope}; {} mode, read as {}",
            request.mode.as_str(),
            if read_as.is_empty() { "(all)" } else { read_as }
        );
        self.record_alone("search", request.query.as_deref().unwrap_or("(all)"), &outcome).map(drop)
    }
}

/// Where the hits of a request begin.
fn start(snapshot: &Snapshot, request: &SearchRequest, distinct: &Distinct) -> Result<Start> {
    let Some(after) = request.after else { return Ok(Start::default()) };
    if !request.sort.is_lasting() {
        return Err(Error::InvalidInput(
            "--after cannot be used with this order: what arrives between two pages changes how well others match; ask \
             for more with --limit"
                .to_owned(),
        ));
    }
    let message = item(snapshot, after)?.map(|item| item.message);
    let place = message.and_then(|message| distinct.position(message)).ok_or_else(|| not_a_hit(after))?;
    // Of a message alone, further items may come; of one with copies, all stand in the hit.
    Ok(if request.dedupe { Start { place: place + 1, after: None } } else { Start { place, after: Some(after) } })
}
