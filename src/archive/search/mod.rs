//! Content search.

mod answer;
mod copies;
mod explain;
mod frozen;
mod hits;
mod html_report;
mod item_conditions;
mod keywords;
mod list;
mod matched;
mod order;
mod page;
mod partial;
mod reading;
mod record;
mod saved;
mod scope;
mod selection;
mod snippet;
mod statistics;
#[cfg(test)]
mod tests;

use super::Archive;
use crate::Result;
use crate::index::Highlighter;
use crate::model::{ItemNo, MessageNo};
use crate::query::{Expansion, KeywordText, Mode, Warning, WeekStart};

use answer::Answer;
use hits::Hits;
use page::Page;

pub use explain::{ExplainedPart, QueryExplanation};
pub(super) use frozen::checked;
pub use frozen::{CheckedResult, DifferingItem, ResultDifference};
pub use hits::{Hit, Place};
pub use keywords::{KeywordCounts, KeywordRefusal, KeywordRow};
pub use matched::HitAttachment;
pub use order::SortOrder;
pub(super) use selection::{Selected, Selection};
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
    /// The legal case whose custodians' mailboxes `mailboxes` are, for the record.
    pub case: Option<String>,
    /// Addresses of mailboxes; empty means all.
    pub mailboxes: Vec<String>,
    /// Folder paths, ignoring case; empty means all. Subfolders are not included.
    pub folders: Vec<String>,
    /// Whether only items count that a hold keeps, or the delay after one.
    pub on_hold: bool,
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
    /// The newest message that was searched.
    pub through: MessageNo,
    /// The version of the rules by which texts are divided into words.
    pub index_rules: u32,
    /// Each word of the query of which only the beginning is given, and how many words of the index it stands for.
    pub prefixes: Vec<(String, u64)>,
    /// The rows of the keyword list, if there is one, in the order of its lines. Those that were refused are not counted
    /// in anything else.
    pub keywords: Vec<KeywordRow>,
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
        let Answer { query, snapshot, scope, partial, copies, mut list, report, .. } = answer;
        let hits = Hits {
            query: &query,
            highlighter: Highlighter::of_body(&query),
            scope: &scope,
            snapshot: &snapshot,
            directory: &self.directory,
            reasons: request.partially_indexed.then_some(&partial),
            copies: copies.as_ref(),
        };
        let found = std::mem::take(&mut list.found);
        let mut page = Page::new(&hits, found, request.after, request.limit.unwrap_or(u64::MAX))?;
        // Recording waits for the disk, and nothing is shown before it is done.
        let recorded = std::thread::scope(|scope| {
            if !page.is_empty() {
                scope.spawn(|| page.read_ahead());
            }
            self.record_search("search", request, &report)
        });
        recorded?;
        begin(&report)?;
        page.visit(&mut list, &self.index, visit)?;
        Ok(report)
    }
}
