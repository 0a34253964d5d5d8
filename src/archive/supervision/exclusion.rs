//! Words that do not count: what stands inside them is not looked at, and the rest of the message is.

use std::ops::Range;

use crate::index::Highlighter;
use crate::message::Facts;
use crate::model::UtcTime;
use crate::query::{Context, Node, Query, parse};
use crate::{Error, Result};

/// What stands for words that do not count: a word of its own, so that those around it are no neighbours.
const MARK: &str = " \u{2B1B} ";

/// Reads what a policy leaves out.
///
/// # Errors
/// It cannot be read, or is more than words, phrases and beginnings of words that are joined by OR.
pub(super) fn exclusion(text: &str, now: UtcTime) -> Result<Query> {
    let query = parse(text, &Context::rule(now))?.query;
    let is_plain = |node: &Node| matches!(node, Node::Anywhere(_));
    match &query.root {
        node if is_plain(node) => Ok(query),
        Node::Or(nodes) if nodes.iter().all(is_plain) => Ok(query),
        _ => Err(Error::InvalidInput(format!(
            "what is left out (`{text}`) can only be words, \"phrases\" and beginnings of words (prof*), joined by OR"
        ))),
    }
}

/// A message without what does not count in its subject and text.
pub(super) fn without(facts: &Facts, excluded: &Highlighter) -> Facts {
    let mut rest = facts.clone();
    rest.subject = masked(&facts.subject, excluded);
    rest.body = masked(&facts.body, excluded);
    rest.repeated = Vec::new();
    rest
}

/// The places of `found` that do not lie in what does not count.
pub(super) fn outside(found: Vec<Range<usize>>, excluded: &[Range<usize>]) -> Vec<Range<usize>> {
    let is_inside = |range: &Range<usize>| excluded.iter().any(|out| out.start <= range.start && range.end <= out.end);
    found.into_iter().filter(|range| !is_inside(range)).collect()
}

fn masked(text: &str, excluded: &Highlighter) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for range in excluded.all(text) {
        rest.push_str(text.get(at..range.start).unwrap_or_default());
        rest.push_str(MARK);
        at = range.end;
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_count_is_masked_and_the_rest_stays() {
        let out = exclusion("\"not guaranteed\" OR \"no guarantee\"", UtcTime(0)).unwrap();
        let masked = masked("Returns are NOT  guaranteed. I guarantee them.", &Highlighter::of(&out));
        assert_eq!(masked, "Returns are  \u{2B1B} . I guarantee them.");
    }

    #[test]
    fn only_words_joined_by_or_are_left_out() {
        for text in ["no", "no OR \"not so\"", "guarant* OR x"] {
            assert!(exclusion(text, UtcTime(0)).is_ok(), "{text}");
        }
        for text in ["a b", "a AND b", "NOT a", "a NEAR(2) b", "from:ann", "a OR (b c)", ""] {
            assert!(exclusion(text, UtcTime(0)).is_err(), "{text}");
        }
    }

    #[test]
    fn places_inside_what_does_not_count_are_none() {
        assert_eq!(outside(vec![0..3, 5..9, 12..14], &[4..10, 20..21]), [0..3, 12..14]);
    }
}
