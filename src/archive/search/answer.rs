//! What matches a request, counted.

use roaring::RoaringTreemap;

use super::copies::Copies;
use super::item_conditions::{Matcher, Matching, asks_for_labels};
use super::keywords::{KeywordRow, Row, all_refused, joined, read_rows, rows_of};
use super::list::{List, Wanted};
use super::partial::Partial;
use super::reading::Reading;
use super::record::described;
use super::scope::Scope;
use super::statistics::Counting;
use super::{SearchReport, SearchRequest, SortOrder};
use crate::archive::Archive;
use crate::index::MessageScope;
use crate::query::{Node, Query};
use crate::store::{MessageSet, Snapshot, load_set};
use crate::{Error, Result};

/// What matches a request, all of one state of the store.
pub(super) struct Answer {
    /// What was asked: with all names of its people.
    pub(super) asked: Query,
    /// What the index was asked.
    pub(super) query: Query,
    pub(super) snapshot: Snapshot,
    pub(super) scope: Scope,
    pub(super) partial: Partial,
    /// The messages that match.
    pub(super) messages: RoaringTreemap,
    /// Which of them are copies, if copies are one hit.
    pub(super) copies: Option<Copies>,
    /// As many of them as were wanted, in the order of the request, without copies of others if they are one hit.
    pub(super) list: List,
    pub(super) report: SearchReport,
}

impl Archive {
    /// What matches, counted.
    pub(super) fn counted(&mut self, request: &SearchRequest) -> Result<Answer> {
        let (limit, sort) = (Some(0), SortOrder::default());
        let counted = SearchRequest { limit, sort, after: None, dedupe: false, ..request.clone() };
        self.answer(&counted)
    }

    /// What matches, counted, and the beginning of the list of it.
    pub(super) fn answer(&mut self, request: &SearchRequest) -> Result<Answer> {
        self.catch_up(&mut |_, _| {})?;
        let mut reading = self.recorded(request, self.read_query(request))?;
        if !request.keywords.is_empty() || asks_for_labels(&reading.query) {
            self.offer_labels()?;
        }
        let snapshot = self.store.snapshot()?;
        let mut scope = self.recorded(request, Scope::of(&snapshot, request, self.now()))?;
        let within = scope.messages(&snapshot)?;
        let matcher = Matcher {
            index: &self.index,
            snapshot: &snapshot,
            names: &self.names,
            scope: &scope,
            within: within.as_ref(),
        };
        let keywords = self.count_keywords(request, &matcher, &mut reading)?;
        let partial = Partial::of(&self.index, &snapshot, &reading.query, within.as_ref())?;
        let asked = if request.partially_indexed { reading.query.or_undecidable() } else { reading.query.clone() };
        let Matching { query, within, items } = self.recorded(request, matcher.matching(&asked))?;
        let searched = searched(&snapshot, within, request.partially_indexed.then_some(&partial.messages))?;
        let ranking = self.index.ranking(&query, &searched, request.sort.of_hits());
        let ranking = self.recorded(request, ranking)?;
        if let Some(items) = items {
            scope.narrow(items);
        }
        let (tally, copies, list) = if request.dedupe {
            let tally = self.recorded(request, self.index.tally(&query, &searched))?;
            let copies = Copies::among(&snapshot, &scope, &tally.messages)?;
            let first_of = |message| copies.first_of(&snapshot, &scope, message);
            let wanted = Wanted::of(&snapshot, request, &first_of)?;
            let shown = searched.clone().without(copies.others().clone());
            let (_, list) = List::of(&self.index, &query, shown, ranking, wanted)?;
            (tally, Some(copies), list)
        } else {
            let wanted = Wanted::of(&snapshot, request, &Ok)?;
            let listed = List::of(&self.index, &query, searched.clone(), ranking, wanted);
            let (tally, list) = self.recorded(request, listed)?;
            (tally, None, list)
        };
        let mut report = scope.report(&snapshot, &tally, &partial.messages, request, reading)?;
        report.unique = copies.as_ref().map(|copies| tally.messages.len() - copies.others().len());
        report.keywords = keywords;
        report.prefixes = self.prefixes(&asked.root)?;
        if request.statistics {
            let (index, query, searched) = (&self.index, &query, &searched);
            let counting = Counting { index, query, searched, snapshot: &snapshot, scope: &scope };
            report.statistics = Some(counting.statistics(&tally.messages, &partial.messages)?);
        }
        Ok(Answer { asked, query, snapshot, scope, partial, messages: tally.messages, copies, list, report })
    }

    /// How many words each beginning of a word in the text of messages stands for.
    fn prefixes(&self, root: &Node) -> Result<Vec<(String, u64)>> {
        let (mut found, mut waiting): (Vec<(String, u64)>, _) = (Vec::new(), vec![root]);
        while let Some(node) = waiting.pop() {
            match node {
                Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => waiting.extend(nodes.iter().rev()),
                Node::Not(inner) => waiting.push(inner),
                Node::Near { left, right, .. } => waiting.extend([right.as_ref(), left.as_ref()]),
                Node::Anywhere(text) | Node::Text { text, .. } if text.prefix => {
                    let shown = node.to_string();
                    if !found.iter().any(|(known, _)| *known == shown) {
                        let words = self.index.meaning(node)?.and_then(|meaning| meaning.prefix_words);
                        found.push((shown, words.unwrap_or(0)));
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Counts each row of a keyword list, or of a query with rows whose counts are wanted. Of a list, `reading` becomes
    /// that of all rows that can be searched.
    fn count_keywords(
        &self,
        request: &SearchRequest,
        matcher: &Matcher<'_>,
        reading: &mut Reading,
    ) -> Result<Vec<KeywordRow>> {
        if request.keywords.is_empty() {
            // Rows count all that they find, not only what is partially indexed.
            let counted = request.statistics && !request.partially_indexed;
            let mut rows = if counted { rows_of(reading) } else { Vec::new() };
            return self.recorded(request, matcher.count(&mut rows, &Query { root: Node::All }));
        }
        let (mut rows, mut counted) = read_rows(request, &self.context(request))?;
        for row in &mut rows {
            (row.searched, row.people) = self.named(request, &row.written)?;
        }
        counted.extend(self.recorded(request, matcher.count(&mut rows, &reading.query))?);
        counted.sort_by_key(|row| row.line);
        if rows.is_empty() {
            let error = all_refused(&counted);
            self.record_alone("search", &described(request), &error)?;
            return Err(Error::InvalidInput(error));
        }
        let all = |of: fn(&Row) -> &Query, base| joined(rows.iter().map(of), base);
        reading.read_as = all(|row| &row.written, &reading.written).to_string();
        reading.query = all(|row| &row.searched, &reading.query);
        Ok(counted)
    }
}

/// The messages that can be found: those of `within`, of which those in quarantine are none, and only those of `only`, if
/// these are given.
pub(super) fn searched(
    snapshot: &Snapshot,
    within: Option<RoaringTreemap>,
    only: Option<&RoaringTreemap>,
) -> Result<MessageScope> {
    Ok(match (within, only) {
        (Some(within), Some(only)) => MessageScope::new(Some(within & only)),
        (Some(within), None) => MessageScope::new(Some(within)),
        (None, only) => MessageScope::new(only.cloned()).without(load_set(snapshot, MessageSet::Quarantined)?),
    })
}
