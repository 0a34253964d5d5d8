//! Keyword lists: what each row finds, and what only this row finds.

use roaring::RoaringTreemap;

use super::SearchRequest;
use super::answer::searched;
use super::item_conditions::{Matcher, Matching};
use super::reading::Reading;
use super::scope::ItemSets;
use crate::index::Tally;
use crate::query::{Context, Expansion, KeywordText, Node, Query, Warning, parse};
use crate::{Error, Result};

/// What a row of a keyword list finds within the scope, and within what the query finds if there is one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeywordCounts {
    /// Messages that match.
    pub messages: u64,
    /// Items that match.
    pub items: u64,
    /// Raw bytes of the messages.
    pub bytes: u64,
    /// Messages that no other row finds.
    pub unique_messages: u64,
    /// Items that no other row finds.
    pub unique_items: u64,
}

/// Why a row of a keyword list could not be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeywordRefusal {
    /// The stable code.
    pub code: &'static str,
    /// Byte offset into the row.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

/// A row of a keyword list and what it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeywordRow {
    /// Line of the file, from 1; of rows in the query itself, their place in it.
    pub line: u64,
    /// As it was written.
    pub text: String,
    /// As it was read; empty if it was refused.
    pub read_as: String,
    /// Readings that the searcher may not expect.
    pub warnings: Vec<Warning>,
    /// People who were searched under further names; of rows in the query itself, the report has them.
    pub people: Vec<Expansion>,
    /// What it finds, or why it could not be searched.
    pub counts: Result<KeywordCounts, KeywordRefusal>,
}

/// A row and its query.
pub(super) struct Row {
    pub(super) text: KeywordText,
    /// As it was written.
    pub(super) written: Query,
    /// What is searched: with all names of its people.
    pub(super) searched: Query,
    pub(super) warnings: Vec<Warning>,
    pub(super) people: Vec<Expansion>,
}

impl Row {
    fn new(text: KeywordText, written: Query, searched: Query, warnings: Vec<Warning>) -> Self {
        Self { text, written, searched, warnings, people: Vec::new() }
    }
}

/// The rows of a request: those that can be read, and those that cannot.
pub(super) fn read_rows(request: &SearchRequest, context: &Context) -> Result<(Vec<Row>, Vec<KeywordRow>)> {
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for text in request.keywords.iter().cloned() {
        match parse(&text.text, context) {
            Ok(parsed) => rows.push(Row::new(text, parsed.query.clone(), parsed.query, parsed.warnings)),
            Err(error) => refused.push(refusal(text, error)?),
        }
    }
    Ok((rows, refused))
}

/// The rows of a query such as `a(c:s)b`, none if it has no more than one.
pub(super) fn rows_of(reading: &Reading) -> Vec<Row> {
    let rows = reading.written.rows().into_iter().zip(reading.query.rows());
    let texts = (1..).zip(reading.rows.iter().cloned()).map(|(line, text)| KeywordText { line, text });
    texts.zip(rows).map(|(text, (written, searched))| Row::new(text, written, searched, Vec::new())).collect()
}

/// Why nothing of a list can be searched: of each row, on a line of its own.
pub(super) fn all_refused(rows: &[KeywordRow]) -> String {
    let refused = rows.iter().filter_map(|row| Some((row, row.counts.as_ref().err()?)));
    let reasons = refused.map(|(row, KeywordRefusal { code, offset, message, hint })| {
        let character = row.text.get(..*offset).map_or(0, |before| before.chars().count()) + 1;
        format!("\nline {}, character {character}: {code}: {message}; {hint}", row.line)
    });
    format!("no row of the keyword list can be searched:{}", reasons.collect::<String>())
}

/// A row that is refused; any other error stays one.
fn refusal(text: KeywordText, error: Error) -> Result<KeywordRow> {
    let Error::Query { code, offset, message, hint } = error else { return Err(error) };
    let refusal = KeywordRefusal { code, offset, message, hint };
    let KeywordText { line, text } = text;
    let (read_as, warnings, people) = (String::new(), Vec::new(), Vec::new());
    Ok(KeywordRow { line, text, read_as, warnings, people, counts: Err(refusal) })
}

/// The rows joined by OR, within what `base` finds.
pub(super) fn joined<'r>(rows: impl Iterator<Item = &'r Query>, base: &Query) -> Query {
    let mut nodes: Vec<Node> = rows.map(|row| row.root.clone()).collect();
    let any = match (nodes.pop(), nodes.is_empty()) {
        (Some(only), true) => only,
        (last, _) => Node::Or(nodes.into_iter().chain(last).collect()),
    };
    narrowed(any, base)
}

fn narrowed(node: Node, base: &Query) -> Query {
    let root = if base.root == Node::All { node } else { Node::And(vec![base.root.clone(), node]) };
    Query { root }
}

/// What a row finds.
struct RowMatches {
    messages: RoaringTreemap,
    bytes: u64,
    /// The items, if they are not all in scope of these messages.
    items: Option<ItemSets>,
}

impl Matcher<'_> {
    /// What each row finds within what `base` finds. Rows that the index cannot answer are refused, and taken out of
    /// `rows`.
    pub(super) fn count(&self, rows: &mut Vec<Row>, base: &Query) -> Result<Vec<KeywordRow>> {
        let mut found = Vec::with_capacity(rows.len());
        let mut counted = Vec::new();
        let mut answered = Vec::with_capacity(rows.len());
        for row in rows.drain(..) {
            match self.row_matches(&narrowed(row.searched.root.clone(), base)) {
                Ok(matches) => {
                    found.push(matches);
                    answered.push(row);
                }
                Err(error) => counted.push(refusal(row.text, error)?),
            }
        }
        *rows = answered;
        for (row, counts) in rows.iter().zip(self.counts(&found)?) {
            counted.push(KeywordRow {
                line: row.text.line,
                text: row.text.text.clone(),
                read_as: row.written.to_string(),
                warnings: row.warnings.clone(),
                people: row.people.clone(),
                counts: Ok(counts),
            });
        }
        Ok(counted)
    }

    fn row_matches(&self, query: &Query) -> Result<RowMatches> {
        let Matching { query, within, items } = self.matching(query)?;
        let Tally { messages, bytes } = self.index.tally(&query, &searched(self.snapshot, within, None)?)?;
        Ok(RowMatches { messages, bytes, items })
    }

    fn counts(&self, rows: &[RowMatches]) -> Result<Vec<KeywordCounts>> {
        let again = repeated(rows.iter().map(|row| &row.messages));
        let counts = |row: &RowMatches| KeywordCounts {
            messages: row.messages.len(),
            bytes: row.bytes,
            unique_messages: row.messages.difference_len(&again),
            ..KeywordCounts::default()
        };
        let mut counts: Vec<KeywordCounts> = rows.iter().map(counts).collect();
        for folder in self.scope.folders.keys() {
            let members = self.scope.members(self.snapshot, *folder)?;
            let items = |row: &RowMatches| match &row.items {
                Some(items) => items.get(folder).cloned().unwrap_or_default(),
                None => &members & &row.messages,
            };
            let items: Vec<RoaringTreemap> = rows.iter().map(items).collect();
            let again = repeated(items.iter());
            for (counts, items) in counts.iter_mut().zip(&items) {
                counts.items += items.len();
                counts.unique_items += items.difference_len(&again);
            }
        }
        Ok(counts)
    }
}

/// What more than one of `sets` has.
fn repeated<'s>(sets: impl Iterator<Item = &'s RoaringTreemap>) -> RoaringTreemap {
    let (mut once, mut again) = (RoaringTreemap::new(), RoaringTreemap::new());
    for set in sets {
        again |= &once & set;
        once |= set;
    }
    again
}
