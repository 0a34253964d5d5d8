//! Words that do not count: what stands inside them is not looked at, and the rest of the message is.

use std::ops::Range;

use roaring::RoaringTreemap;

use crate::index::{Highlighter, Unindexed, found_among, tokens};
use crate::message::Facts;
use crate::model::UtcTime;
use crate::query::{Context, Node, Query, parse};
use crate::{Error, Result};

/// What stands for a word that does not count: a word of its own, so that those around it are no nearer to each other.
const MARK: &str = " \u{2B1B} ";

/// Signs, beside those of ASCII, between words that are no phrase.
const BREAKS: &str = "\u{2026}\u{3002}\u{3001}\u{FF0C}\u{FF01}\u{FF1F}\u{FF1B}\u{FF1A}\u{FF08}\u{FF09}\u{B7}\u{2013}\u{2014}\u{2022}\u{2028}\u{2029}";

/// Signs of ASCII between words that may be a phrase all the same: hyphens, quotes, and what stands before quoted lines.
const BONDS: &str = "-'\">";

/// What a policy leaves out.
pub(super) struct Exclusion {
    query: Query,
    highlighter: Highlighter,
    /// Signs that its own words have, and that break no phrase therefore.
    signs: String,
}

impl Exclusion {
    /// Reads what a policy leaves out.
    ///
    /// # Errors
    /// It cannot be read, or is more than words, phrases and beginnings of words that are joined by OR.
    pub(super) fn read(text: &str, now: UtcTime) -> Result<Self> {
        let query = parse(text, &Context::rule(now))?.query;
        let is_plain = |node: &Node| matches!(node, Node::Anywhere(_));
        let is_list = match &query.root {
            Node::Or(nodes) => nodes.iter().all(is_plain),
            node => is_plain(node),
        };
        if !is_list {
            return Err(Error::InvalidInput(format!(
                "what is left out (`{text}`) can only be words, \"phrases\" and beginnings of words (prof*), joined by OR"
            )));
        }
        let signs = text.chars().filter(|c| is_break(*c) && !"()*".contains(*c)).collect();
        Ok(Self { highlighter: Highlighter::of(&query), query, signs })
    }

    /// The query that finds all messages with words that may not count.
    pub(super) fn query(&self) -> &Query {
        &self.query
    }

    /// The bytes of `text` that do not count. A phrase is one only where no sentence, clause or paragraph ends in it.
    pub(super) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = self.highlighter.all(text);
        ranges.retain(|range| text.get(range.clone()).is_some_and(|part| self.is_together(part)));
        ranges
    }

    fn is_together(&self, part: &str) -> bool {
        let mut before = None;
        let mut lines = 0;
        for (at, c) in part.char_indices() {
            lines = match c {
                '\n' => lines + 1,
                c if c.is_whitespace() || c == '>' => lines,
                _ => 0,
            };
            let next = part.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
            let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let is_in_number = matches!(c, '.' | ',') && is_digit(before) && is_digit(next);
            let is_dash =
                c == '-' && (before.is_some_and(char::is_whitespace) || next.is_some_and(char::is_whitespace));
            if lines > 1 || is_dash || is_break(c) && !is_in_number && !self.signs.contains(c) {
                return false;
            }
            before = Some(c);
        }
        true
    }

    /// Which of `messages` a query finds outside what does not count, by their place from 0.
    pub(super) fn found_outside(&self, query: &Query, messages: &[Unindexed]) -> Result<RoaringTreemap> {
        let rest = |message: &Unindexed| Unindexed { facts: self.without(&message.facts), ..message.clone() };
        found_among(query, &messages.iter().map(rest).collect::<Vec<_>>())
    }

    /// A message without what does not count in its subject and text.
    fn without(&self, facts: &Facts) -> Facts {
        let mut rest = facts.clone();
        rest.subject = self.masked(&facts.subject);
        rest.body = self.masked(&facts.body);
        rest.repeated = Vec::new();
        rest
    }

    fn masked(&self, text: &str) -> String {
        let mut rest = String::with_capacity(text.len());
        let mut at = 0;
        for range in self.ranges(text) {
            rest.push_str(text.get(at..range.start).unwrap_or_default());
            for _ in tokens(text.get(range.clone()).unwrap_or_default()) {
                rest.push_str(MARK);
            }
            at = range.end;
        }
        rest.push_str(text.get(at..).unwrap_or_default());
        rest
    }
}

fn is_break(c: char) -> bool {
    c.is_ascii_punctuation() && !BONDS.contains(c) || BREAKS.contains(c)
}

/// The places of `found` that do not lie in what does not count.
pub(super) fn outside(found: Vec<Range<usize>>, excluded: &[Range<usize>]) -> Vec<Range<usize>> {
    let is_inside = |range: &Range<usize>| excluded.iter().any(|out| out.start <= range.start && range.end <= out.end);
    found.into_iter().filter(|range| !is_inside(range)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exclusion(text: &str) -> Exclusion {
        Exclusion::read(text, UtcTime(0)).unwrap()
    }

    #[test]
    fn what_does_not_count_is_masked_word_by_word_and_the_rest_stays() {
        let masked = exclusion("\"not guaranteed\" OR \"no guarantee\"")
            .masked("Returns are NOT  guaranteed. I guarantee them.");
        assert_eq!(masked, "Returns are  \u{2B1B}  \u{2B1B} . I guarantee them.");
    }

    #[test]
    fn a_phrase_ends_with_its_sentence() {
        let out = exclusion("\"no guarantee\"");
        for together in ["no guarantee", "No\nguarantee", "no\n> guarantee", "no-guarantee", "no \"guarantee\""] {
            assert_eq!(out.ranges(together).len(), 1, "{together}");
        }
        for apart in [
            "No. Guarantee",
            "no.guarantee",
            "no, guarantee",
            "No! Guarantee",
            "no (guarantee)",
            "no\n\nguarantee",
            "no \u{2014} guarantee",
            "no / guarantee",
            "no - guarantee",
            "no\n>\n> guarantee",
        ] {
            assert!(out.ranges(apart).is_empty(), "{apart}");
        }
        assert_eq!(exclusion("\"no, guarantee\"").ranges("no, guarantee").len(), 1, "as it is said");
        assert_eq!(exclusion("\"8.5 percent\"").ranges("8.5 percent").len(), 1);
        assert_eq!(exclusion("\"\u{4E0D}\u{4FDD}\u{8BC1}\"").ranges("\u{6211}\u{4E0D}\u{4FDD}\u{8BC1}").len(), 1);
        assert_eq!(exclusion("\"\u{4E0D}\u{4FDD}\u{8BC1}\"").ranges("\u{4E0D}\u{3002}\u{4FDD}\u{8BC1}").len(), 0);
    }

    #[test]
    fn only_words_joined_by_or_are_left_out() {
        for text in ["no", "no OR \"not so\"", "guarant* OR x"] {
            assert!(Exclusion::read(text, UtcTime(0)).is_ok(), "{text}");
        }
        for text in ["a b", "a AND b", "NOT a", "a NEAR(2) b", "from:ann", "a OR (b c)", ""] {
            assert!(Exclusion::read(text, UtcTime(0)).is_err(), "{text}");
        }
    }

    #[test]
    fn places_inside_what_does_not_count_are_none() {
        assert_eq!(outside(vec![0..3, 5..9, 12..14], &[4..10, 20..21]), [0..3, 12..14]);
    }
}
