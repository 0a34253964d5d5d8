//! Content search.

mod copies;
mod explain;
mod frozen;
mod hits;
mod html_report;
mod keywords;
mod order;
mod reading;
mod saved;
mod scope;
mod snippet;
mod statistics;

use super::Archive;
use crate::index::Found;
use crate::model::{Digest, ItemNo};
use crate::query::{Expansion, KeywordText, Mode, Node, Query, Warning, WeekStart};
use crate::store::{MessageSet, Snapshot, item, load_set};
use crate::{Error, Result};

use copies::Distinct;
use hits::{Hits, Start};
use keywords::{Counting, all_refused, joined, read_rows, rows_of};
use order::not_a_hit;
use reading::recorded_as;
use scope::Scope;

pub use explain::{ExplainedPart, QueryExplanation};
pub use frozen::{CheckedResult, DifferingItem, ResultDifference};
pub use hits::{Hit, Place};
pub use keywords::{KeywordCounts, KeywordRefusal, KeywordRow};
pub use order::SortOrder;
pub use statistics::{Statistics, StatisticsRow};

/// What to search, and where.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub struct SearchRequest {
    /// The query; `None` matches everything in scope.
    pub query: Option<String>,
    /// How the query is read.
    pub mode: Mode,
    /// When a week begins, for `"this week"`.
    pub week_start: WeekStart,
    /// Whether people are searched only under the name in the query, not under all that the directory has for them.
    pub no_expand: bool,
    /// Rows of a keyword list, of which at least one must match; empty for none.
    pub keywords: Vec<KeywordText>,
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
    /// Only messages of which not all can be searched, with the reasons.
    pub partially_indexed: bool,
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
    /// People who were searched under further names.
    pub people: Vec<Expansion>,
    /// Messages with different content among those that match, if copies were to be one hit.
    pub unique: Option<u64>,
    /// The counts in detail, if they were asked for.
    pub statistics: Option<Statistics>,
    /// The rows of the keyword list, if there is one, in the order of its lines. Those that were refused are not counted
    /// in anything else.
    pub keywords: Vec<KeywordRow>,
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
        self.record_search("search", request, &report)?;
        begin(&report)?;
        let hits = Hits {
            query: &query,
            scope: &scope,
            snapshot: &snapshot,
            directory: &self.directory,
            reasons: request.partially_indexed,
        };
        hits.visit(&self.index, &distinct, start, request.limit.unwrap_or(u64::MAX), visit)?;
        Ok(report)
    }

    /// What matches, counted.
    fn answer(&mut self, request: &SearchRequest) -> Result<Answer> {
        self.catch_up(&mut |_, _| {})?;
        let mut reading = self.recorded(request, self.read_query(request))?;
        let query = reading.query.clone();
        let snapshot = self.store.snapshot()?;
        let scope = Scope::of(&snapshot, request)?;
        let within = scope.messages(&snapshot)?;
        let counting = Counting { index: &self.index, snapshot: &snapshot, scope: &scope, within: within.as_ref() };
        let (query, keywords) = self.count_keywords(request, &counting, query)?;
        let found = request.sort.found(&self.index, &query, within.as_ref());
        let mut found = self.recorded(request, found)?;
        let quarantined = load_set(&snapshot, MessageSet::Quarantined)?;
        let partial = load_set(&snapshot, MessageSet::PartiallyIndexed)?;
        let is_shown = |found: &Found| {
            (within.is_some() || !quarantined.contains(found.message.0))
                && (!request.partially_indexed || partial.contains(found.message.0))
        };
        found.retain(is_shown);
        let mut partial = load_set(&snapshot, MessageSet::PartiallyIndexed)?;
        if let Some(undecidable) = query.undecidable() {
            partial |= self.index.matches_within(&undecidable, within.as_ref())?;
        }
        if !request.keywords.is_empty() {
            reading.read_as = query.to_string();
        }
        let mut report = scope.report(&snapshot, &found, &partial, request, reading)?;
        report.keywords = keywords;
        if request.statistics {
            let mut columns = self.index.columns(&query, within.as_ref(), false)?;
            columns.rows.retain(|row| is_shown(&row.found));
            report.statistics = Some(Statistics::of(&snapshot, &scope, columns)?);
        }
        Ok(Answer { query, snapshot, scope, found, report })
    }

    /// Counts each row of a keyword list, or of a query with rows whose counts are wanted. Returns the query for all rows
    /// that can be searched.
    fn count_keywords(
        &self,
        request: &SearchRequest,
        counting: &Counting<'_>,
        query: Query,
    ) -> Result<(Query, Vec<KeywordRow>)> {
        if request.keywords.is_empty() {
            let mut rows = if request.statistics { rows_of(&query) } else { Vec::new() };
            let counted = self.recorded(request, counting.count(&mut rows, &Query { root: Node::All }))?;
            return Ok((query, counted));
        }
        let (mut rows, mut counted) = read_rows(request, &self.context(request))?;
        for row in &mut rows {
            row.query = self.named(request, &row.query)?.0;
        }
        counted.extend(counting.count(&mut rows, &query)?);
        counted.sort_by_key(|row| row.line);
        if rows.is_empty() {
            let error = all_refused(&counted);
            self.record_alone("search", &described(request), &error)?;
            return Err(Error::InvalidInput(error));
        }
        Ok((joined(&rows, &query), counted))
    }

    fn record_search(&self, action: &'static str, request: &SearchRequest, report: &SearchReport) -> Result<()> {
        let mut scope: Vec<String> = request.mailboxes.iter().map(|mailbox| format!("mailbox {mailbox}")).collect();
        scope.extend(request.folders.iter().map(|folder| format!("folder {folder}")));
        scope.extend(request.partially_indexed.then(|| "partially indexed only".to_owned()));
        let scope = if scope.is_empty() { "everywhere".to_owned() } else { scope.join(", ") };
        let SearchReport { messages, items, partially_indexed, .. } = report;
        let outcome = format!(
            "{messages} messages, {items} items, {partially_indexed} partially indexed in scope; {scope}; {}",
            recorded_as(request, report)
        );
        self.record_alone(action, &described(request), &outcome).map(drop)
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

/// Characters of a keyword list that the audit log takes; of a longer one it takes the digest too.
const LOGGED: usize = 16_000;

/// What is searched for, as the audit log has it.
fn described(request: &SearchRequest) -> String {
    let query = request.query.as_deref();
    if request.keywords.is_empty() {
        return query.unwrap_or("(all)").to_owned();
    }
    let rows: Vec<&str> = request.keywords.iter().map(|row| row.text.as_str()).collect();
    let rows = rows.join("(c:s)");
    let within = query.map_or_else(String::new, |query| format!(", within {query}"));
    match rows.char_indices().nth(LOGGED) {
        None => format!("{rows}{within}"),
        Some((end, _)) => {
            let shown = rows.get(..end).unwrap_or_default();
            let more = rows.chars().count() - LOGGED;
            format!("{shown}... and {more} characters more; BLAKE3 of all {}{within}", Digest::of(rows.as_bytes()))
        }
    }
}
