//! From the tree of a query to the queries of tantivy.

use std::cell::Cell;
use std::ops::Bound;
use std::sync::Arc;

use tantivy::Searcher;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query as TantivyQuery, RangeQuery, TermQuery,
};
use tantivy::schema::{Field as IndexField, IndexRecordOption, Term};

use crate::error::Result;
use crate::query::{DateProperty, Interval, Node, PeopleField, TextMatch, TokenField};

use super::dictionary::{check_variants, prefix_query};
use super::digest::digest_query;
use super::failure::refused;
use super::key::{MAX_VALUE_BYTES, PeopleRole, READ_TERM, attachment_term, journal_id_term, token_term, trimmed};
use super::pattern::Pattern;
use super::present::InPresentField;
use super::proximity::{Overflow, Proximity};
use super::schema::{Fields, TextField};
use super::span::Spans;

/// Deepest nesting of a query. The parser allows far less; this bounds trees from elsewhere.
const MAX_DEPTH: usize = 500;

/// A query of tantivy.
pub(super) type Compiled = Box<dyn TantivyQuery>;

/// Compiles nodes for one view of the index.
pub(super) struct Compiler<'a> {
    pub(super) fields: &'a Fields,
    pub(super) searcher: &'a Searcher,
    /// Told during the search if it cannot be decided exactly.
    pub(super) overflow: Arc<Overflow>,
    /// Whether what is compiled is to be excluded. tantivy asks excluded queries for documents behind them, which its
    /// scorer of phrases takes for an error of the caller.
    pub(super) excluded: Cell<bool>,
}

impl Compiler<'_> {
    pub(super) fn node(&self, node: &Node) -> Result<Compiled> {
        self.nested(node, 0)
    }

    fn nested(&self, node: &Node, depth: usize) -> Result<Compiled> {
        check_depth(depth)?;
        match node {
            Node::And(nodes) => self.all_of(nodes, depth),
            Node::Or(nodes) | Node::Rows(nodes) => {
                let queries = nodes.iter().map(|node| self.nested(node, depth + 1));
                Ok(any_of(queries.collect::<Result<_>>()?))
            }
            Node::Not(node) => Ok(all_but(vec![self.unwanted(node, depth + 1)?])),
            Node::Anywhere(text) => self.anywhere(&Pattern::of(text)?),
            Node::Near { .. } => self.near(node),
            Node::Text { field, text } => self.pattern(self.fields.text(*field), &Pattern::of(text)?),
            Node::People { field, text } => self.people(*field, text),
            Node::PersonIds { field, ids } => Ok(self.person_ids(*field, ids)),
            Node::Token { field, value, prefix } => self.token(*field, value, *prefix),
            Node::Date { property, interval } => Ok(self.date(*property, *interval)),
            Node::Size(interval) => Ok(self.size(*interval)),
            Node::HasAttachment(present) => Ok(self.key(&attachment_term(*present))),
            Node::IsRead(true) => Ok(self.key(READ_TERM)),
            Node::IsRead(false) => Ok(all_but(vec![self.key(READ_TERM)])),
            Node::HasText(field) => Ok(self.key(&self.fields.text(*field).presence())),
            Node::HasPeople(field) => Ok(self.has_people(*field)),
            Node::Item { value, .. } => {
                let message = "only a content search can ask where items are and what they carry".to_owned();
                Err(refused("E_PROPERTY_UNSUPPORTED", value.place.0, message, "leave this condition out"))
            }
            Node::All => Ok(Box::new(AllQuery)),
        }
    }

    /// A part that is to be excluded.
    fn unwanted(&self, node: &Node, depth: usize) -> Result<Compiled> {
        let before = self.excluded.replace(true);
        let compiled = self.nested(node, depth);
        self.excluded.set(before);
        compiled
    }

    fn all_of(&self, nodes: &[Node], depth: usize) -> Result<Compiled> {
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        // tantivy asks several excluded ranges together for documents before those that they stand at, and they count
        // from there; what is excluded twice over stays where it is.
        let stays = |node: &Node| self.excluded.get() && has_range(node);
        for node in nodes {
            match node {
                Node::Not(node) => unwanted.push(self.unwanted(node, depth + 1)?),
                node if stays(node) => wanted.push(all_but(vec![all_but(vec![self.nested(node, depth + 1)?])])),
                node => wanted.push(self.nested(node, depth + 1)?),
            }
        }
        if wanted.is_empty() {
            return Ok(all_but(unwanted));
        }
        let wanted = wanted.into_iter().map(|query| (Occur::Must, query));
        let unwanted = unwanted.into_iter().map(|query| (Occur::MustNot, query));
        Ok(Box::new(BooleanQuery::new(wanted.chain(unwanted).collect())))
    }

    fn anywhere(&self, pattern: &Pattern) -> Result<Compiled> {
        let queries = self.fields.anywhere().into_iter().map(|field| self.pattern(field, pattern));
        Ok(any_of(queries.collect::<Result<_>>()?))
    }

    /// A word, phrase or prefix in one field.
    pub(super) fn pattern(&self, field: TextField, pattern: &Pattern) -> Result<Compiled> {
        let words = self.words(field.field, pattern)?;
        if pattern.numbers.is_empty() {
            return Ok(self.where_present(field, words));
        }
        let others = pattern.numbers.iter().map(|token| prefix_query(field.field, token));
        Ok(self.where_present(field, any_of(others.chain([words]).collect())))
    }

    fn where_present(&self, field: TextField, query: Compiled) -> Compiled {
        Box::new(InPresentField::new(query, Term::from_field_text(self.fields.key, &field.presence())))
    }

    fn words(&self, field: IndexField, pattern: &Pattern) -> Result<Compiled> {
        if let Some(slot) = pattern.single() {
            return Ok(if slot.prefix { prefix_query(field, &slot.text) } else { term_query(field, &slot.text) });
        }
        if self.excluded.get() || pattern.slots.iter().any(|slot| slot.prefix) {
            return self.proximity(field, &Spans::Pattern(pattern.clone()));
        }
        let terms = pattern.slots.iter().map(|slot| (slot.offset as usize, Term::from_field_text(field, &slot.text)));
        Ok(Box::new(PhraseQuery::new_with_offset(terms.collect())))
    }

    fn near(&self, node: &Node) -> Result<Compiled> {
        let spans = spans(node, 0)?;
        let near = |field: TextField| Ok(self.where_present(field, self.proximity(field.field, &spans)?));
        let queries = self.fields.anywhere().into_iter().map(near);
        Ok(any_of(queries.collect::<Result<_>>()?))
    }

    pub(super) fn proximity(&self, field: IndexField, spans: &Spans) -> Result<Compiled> {
        let proximity = Proximity {
            field,
            parts: self.fields.has_parts(field),
            spans: spans.clone(),
            candidates: self.candidates(field, spans)?,
            overflow: Arc::clone(&self.overflow),
        };
        Ok(proximity.into_query())
    }

    /// The documents that have all words of the spans, wherever in the field.
    fn candidates(&self, field: IndexField, spans: &Spans) -> Result<Compiled> {
        match spans {
            Spans::Pattern(pattern) => {
                let mut words = Vec::new();
                for slot in &pattern.slots {
                    if slot.prefix {
                        check_variants(self.searcher, field, &slot.text, pattern.place)?;
                        words.push(prefix_query(field, &slot.text));
                    } else {
                        words.push(term_query(field, &slot.text));
                    }
                }
                Ok(Box::new(BooleanQuery::intersection(words)))
            }
            Spans::Number { token, .. } => Ok(prefix_query(field, token)),
            Spans::Any(spans) => {
                let queries = spans.iter().map(|spans| self.candidates(field, spans));
                Ok(any_of(queries.collect::<Result<_>>()?))
            }
            Spans::Near { left, right, .. } => {
                let both = vec![self.candidates(field, left)?, self.candidates(field, right)?];
                Ok(Box::new(BooleanQuery::intersection(both)))
            }
        }
    }

    fn token(&self, field: TokenField, value: &str, prefix: bool) -> Result<Compiled> {
        let also = match field {
            TokenField::Hash => return Ok(digest_query(self.fields.digest, value, prefix)),
            TokenField::ThreadId => token_term(TokenField::MessageId, value),
            TokenField::MessageId => journal_id_term(value),
            _ => return self.term(&token_term(field, value), prefix),
        };
        let mut found = vec![self.term(&token_term(field, value), prefix)?, self.term(&also, prefix)?];
        found.extend(self.hexadecimal_id(trimmed(field, value), prefix));
        Ok(any_of(found))
    }

    fn term(&self, term: &str, prefix: bool) -> Result<Compiled> {
        if !prefix {
            return Ok(self.key(term));
        }
        if term.len() > MAX_VALUE_BYTES {
            let message = format!("a beginning of more than {MAX_VALUE_BYTES} bytes cannot be searched");
            return Err(refused("E_VALUE_TOO_LONG", 0, message, "write the whole value, or less of it"));
        }
        Ok(prefix_query(self.fields.key, term))
    }

    pub(super) fn key(&self, term: &str) -> Compiled {
        term_query(self.fields.key, term)
    }

    fn has_people(&self, field: PeopleField) -> Compiled {
        any_of(PeopleRole::of(field).iter().map(|role| self.key(&self.fields.people(*role).presence())).collect())
    }

    fn date(&self, property: DateProperty, interval: Interval) -> Compiled {
        let field = match property {
            DateProperty::Sent => self.fields.sent,
            DateProperty::Received => self.fields.received,
            DateProperty::Either => self.fields.date,
            DateProperty::Created => self.fields.created,
            DateProperty::Modified => self.fields.modified,
        };
        let from = interval.from.unwrap_or(i64::MIN);
        range(
            Term::from_field_i64(field, from),
            interval.before.map(|before| (before > from, Term::from_field_i64(field, before))),
        )
    }

    fn size(&self, interval: Interval) -> Compiled {
        let bytes = |value: i64| u64::try_from(value).unwrap_or(0);
        let from = bytes(interval.from.unwrap_or(0));
        range(
            Term::from_field_u64(self.fields.size, from),
            interval.before.map(|before| (bytes(before) > from, Term::from_field_u64(self.fields.size, bytes(before)))),
        )
    }
}

/// A half-open range: the first value, and the one after the last with whether it is behind the first.
fn range(from: Term, before: Option<(bool, Term)>) -> Compiled {
    let upper = match before {
        Some((false, _)) => return Box::new(EmptyQuery),
        Some((true, before)) => Bound::Excluded(before),
        None => Bound::Unbounded,
    };
    Box::new(RangeQuery::new(Bound::Included(from), upper))
}

fn term_query(field: IndexField, text: &str) -> Compiled {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

/// Whichever of `queries`.
pub(super) fn any_of(queries: Vec<Compiled>) -> Compiled {
    Box::new(BooleanQuery::union(queries))
}

/// Whether a condition asks for a date or size, or for any of several conditions of which one does.
fn has_range(node: &Node) -> bool {
    match node {
        Node::Date { .. } | Node::Size(_) => true,
        Node::Or(nodes) | Node::Rows(nodes) => nodes.iter().any(has_range),
        _ => false,
    }
}

fn all_but(queries: Vec<Compiled>) -> Compiled {
    let all: (Occur, Compiled) = (Occur::Must, Box::new(AllQuery));
    let unwanted = queries.into_iter().map(|query| (Occur::MustNot, query));
    Box::new(BooleanQuery::new(std::iter::once(all).chain(unwanted).collect()))
}

/// A word, phrase, prefix or number wherever it stands.
pub(super) fn of_text(text: &TextMatch) -> Result<Spans> {
    let pattern = Pattern::of(text)?;
    let numbers = pattern.numbers.iter().map(|token| Spans::Number { token: token.clone(), place: pattern.place });
    let numbers: Vec<Spans> = numbers.collect();
    let own = Spans::Pattern(pattern);
    Ok(if numbers.is_empty() { own } else { Spans::Any(numbers.into_iter().chain([own]).collect()) })
}

/// What stands near what in a `NEAR`.
pub(super) fn spans(node: &Node, depth: usize) -> Result<Spans> {
    check_depth(depth)?;
    match node {
        Node::Anywhere(text) => of_text(text),
        Node::Or(nodes) => Ok(Spans::Any(nodes.iter().map(|node| spans(node, depth + 1)).collect::<Result<_>>()?)),
        Node::Near { ordered, distance, left, right } => Ok(Spans::Near {
            ordered: *ordered,
            distance: *distance,
            left: Box::new(spans(left, depth + 1)?),
            right: Box::new(spans(right, depth + 1)?),
        }),
        _ => {
            let message = "only words, phrases, prefixes and OR groups of them can be near each other".to_owned();
            Err(refused("E_NEAR_OPERAND", 0, message, "move properties, NOT and AND out of NEAR"))
        }
    }
}

fn check_depth(depth: usize) -> Result<()> {
    if depth <= MAX_DEPTH {
        return Ok(());
    }
    let message = format!("the query is nested more than {MAX_DEPTH} levels deep");
    Err(refused("E_TOO_DEEP", 0, message, "split it into several queries"))
}

/// One text as the parser would give it.
#[cfg(test)]
pub(super) fn as_text(text: &str, prefix: bool) -> TextMatch {
    let place = crate::query::Place::default();
    TextMatch { text: text.to_owned(), quoted: false, prefix, place }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_free_text_can_be_near() {
        let word = || Box::new(Node::Anywhere(as_text("a", false)));
        let near = Node::Near { ordered: false, distance: 8, left: word(), right: Box::new(Node::Not(word())) };
        assert!(spans(&near, 0).is_err());
    }
}
