//! How a query is read, part by part.

use super::answer::searched;
use super::item_conditions::Matcher;
use super::{SearchReport, SearchRequest};
use crate::Result;
use crate::archive::Archive;
use crate::index::Meaning;
use crate::model::{MessageNo, UtcTime};
use crate::query::{Interval, Node, Query};

/// How a query is read, and what its parts match. Nothing of any message is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryExplanation {
    /// What the whole query matches, and how it was read.
    pub report: SearchReport,
    /// The query with all names of its people, in normal form; empty for match-all.
    pub searched_as: String,
    /// The time from which relative dates are reckoned.
    pub now: UtcTime,
    /// The newest message that is searched.
    pub through: MessageNo,
    /// The mailboxes searched, by address; empty means all.
    pub mailboxes: Vec<String>,
    /// The folders searched; empty means all.
    pub folders: Vec<String>,
    /// The parts.
    pub tree: ExplainedPart,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedPart {
    /// What it is: `and`, `or`, `rows`, `not`, `near`, `onear`, `words`, `people`, `date`, `size`, `value`, `all`.
    pub kind: &'static str,
    /// It in normal form.
    pub text: String,
    /// How its value is understood; empty if `text` says all.
    pub meaning: Vec<String>,
    /// How many words its prefix stands for; `None` without one.
    pub prefix_words: Option<u64>,
    /// Messages in scope that it matches alone.
    pub messages: u64,
    /// Its parts, in order.
    pub parts: Vec<ExplainedPart>,
}

impl Archive {
    /// Explains how a query is read. Limit, order and whatever else concerns the hits do not count.
    ///
    /// # Errors
    /// As [`Archive::search`].
    pub fn explain_search(&mut self, request: &SearchRequest) -> Result<QueryExplanation> {
        let answer = self.counted(request)?;
        let within = answer.scope.messages(&answer.snapshot)?;
        let (index, names, snapshot) = (&self.index, &self.names, &answer.snapshot);
        let matcher = Matcher { index, snapshot, names, scope: &answer.scope, within: within.as_ref() };
        let parts = Parts { matcher };
        let tree = self.recorded(request, parts.part(&answer.asked.root))?;
        let searched_as = if answer.asked.root == Node::All { String::new() } else { answer.asked.to_string() };
        self.record_search("search.explain", request, &answer.report)?;
        Ok(QueryExplanation {
            searched_as,
            now: self.now(),
            through: self.index.last_message()?,
            mailboxes: request.mailboxes.clone(),
            folders: request.folders.clone(),
            tree,
            report: answer.report,
        })
    }
}

/// Explains the parts of one query.
struct Parts<'a> {
    matcher: Matcher<'a>,
}

impl Parts<'_> {
    fn part(&self, node: &Node) -> Result<ExplainedPart> {
        let below: Vec<&Node> = match node {
            Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => nodes.iter().collect(),
            Node::Not(inner) => vec![inner],
            Node::Near { left, right, .. } => vec![left, right],
            _ => Vec::new(),
        };
        let query = Query { root: node.clone() };
        let matching = self.matcher.matching(&query)?;
        let searched = searched(self.matcher.snapshot, matching.within, None)?;
        let found = self.matcher.index.tally(&matching.query, &searched)?;
        let meaning = match node {
            Node::Item { field, value } => {
                Meaning { words: self.matcher.condition(*field, value)?.meaning, prefix_words: None }
            }
            _ => self.matcher.index.meaning(node)?.unwrap_or(Meaning { words: shown(node), prefix_words: None }),
        };
        Ok(ExplainedPart {
            kind: kind(node),
            text: query.to_string(),
            meaning: meaning.words,
            prefix_words: meaning.prefix_words,
            messages: found.messages.len(),
            parts: below.into_iter().map(|node| self.part(node)).collect::<Result<_>>()?,
        })
    }
}

fn kind(node: &Node) -> &'static str {
    match node {
        Node::And(_) => "and",
        Node::Or(_) => "or",
        Node::Rows(_) => "rows",
        Node::Not(_) => "not",
        Node::Near { ordered: false, .. } => "near",
        Node::Near { ordered: true, .. } => "onear",
        Node::Anywhere(_) | Node::Text { .. } | Node::HasText(_) => "words",
        Node::People { .. } | Node::PersonIds { .. } | Node::HasPeople(_) => "people",
        Node::Date { .. } => "date",
        Node::Size(_) => "size",
        Node::Token { .. } | Node::HasAttachment(_) | Node::IsRead(_) | Node::Item { .. } => "value",
        Node::All => "all",
    }
}

/// The values of a part that has no words.
fn shown(node: &Node) -> Vec<String> {
    match node {
        Node::Date { interval: Interval { from, before }, .. } => {
            let from = from.map(|time| format!("from {}", UtcTime(time)));
            from.into_iter().chain(before.map(|time| format!("before {}", UtcTime(time)))).collect()
        }
        Node::Size(Interval { from, before }) => {
            let from = from.map(|bytes| format!("from {bytes} bytes"));
            from.into_iter().chain(before.map(|bytes| format!("below {bytes} bytes"))).collect()
        }
        _ => Vec::new(),
    }
}
