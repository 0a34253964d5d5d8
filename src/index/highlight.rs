//! Where in a text a query matches, for snippets.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::query::{Field, Node, Query};
use crate::text::phone::numbers;

use super::number::{beginning, kept};
use super::pattern::{Pattern, Slot};
use super::tokenizer::{Window, Word, tokens};

/// Shows where a query matches in texts.
///
/// Free text, `body` and `subject` count; what stands under `NOT` does not. Words that must be near each other are
/// shown wherever they stand.
#[derive(Debug)]
pub struct Highlighter(Patterns);

impl Highlighter {
    /// Of one query.
    pub fn of(query: &Query) -> Self {
        Self(Patterns::of(&query.root))
    }

    /// The bytes of `text` that words, phrases and prefixes of the query match, in order, without overlaps.
    pub fn all(&self, text: &str) -> Vec<Range<usize>> {
        let patterns = &self.0;
        if patterns.is_empty() {
            return Vec::new();
        }
        let words: Vec<Word> = tokens(text).collect();
        let mut found = Vec::new();
        for at in 0..words.len() {
            let rest = words.get(at..).unwrap_or_default();
            found.extend(patterns.at(rest).filter_map(|pattern| matched(pattern, rest)));
        }
        found.extend(patterns.numbers_of(text));
        merged(found)
    }

    /// Where the first match of the query begins in `text`, as [`Highlighter::all`] has it. Few words of the text are in memory
    /// at a time, whatever its length.
    pub fn first(&self, text: &str) -> Option<usize> {
        const BATCH: usize = 1 << 8;
        let patterns = &self.0;
        if patterns.is_empty() {
            return None;
        }
        let number = patterns.numbers_of(text).next().map(|range| range.start);
        let mut window = Window::new(text);
        while window.fill(BATCH + patterns.reach) {
            let starts = window.words().len().min(BATCH);
            for at in 0..starts {
                let rest = window.words().get(at..).unwrap_or_default();
                if let Some(range) = patterns.at(rest).find_map(|pattern| matched(pattern, rest)) {
                    return Some(number.map_or(range.start, |number| number.min(range.start)));
                }
            }
            window.drop_first(starts);
        }
        number
    }
}

#[derive(Debug, Default)]
struct Patterns {
    by_first: HashMap<String, Vec<Pattern>>,
    by_prefix: Vec<Pattern>,
    /// Words behind the first of a match that decide over it, at most.
    reach: usize,
    /// Beginnings of tokens of phone numbers.
    numbers: HashSet<String>,
}

impl Patterns {
    fn of(root: &Node) -> Self {
        let mut patterns = Self::default();
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            match node {
                Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => waiting.extend(nodes),
                Node::Near { left, right, .. } => waiting.extend([left.as_ref(), right.as_ref()]),
                Node::Anywhere(text) | Node::Text { field: Field::Body | Field::Subject, text } => {
                    patterns.add(Pattern::of(text).ok());
                }
                _ => {}
            }
        }
        patterns
    }

    fn add(&mut self, pattern: Option<Pattern>) {
        let Some(pattern) = pattern else { return };
        self.reach = self.reach.max(pattern.length as usize);
        self.numbers.extend(pattern.numbers.iter().cloned());
        match pattern.slots.first() {
            Some(first) if !first.prefix => self.by_first.entry(first.text.clone()).or_default().push(pattern),
            _ => self.by_prefix.push(pattern),
        }
    }

    fn is_empty(&self) -> bool {
        self.by_first.is_empty() && self.by_prefix.is_empty()
    }

    /// Where phone numbers of the query stand in `text`.
    fn numbers_of<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let text = if self.numbers.is_empty() { "" } else { text };
        let is_wanted = |token: String| self.numbers.contains(beginning(&token));
        let wanted = numbers(text).filter(move |number| kept(text, number).into_iter().any(is_wanted));
        wanted.map(|number| number.start..number.end)
    }

    /// The patterns whose first token may be the first of `words`.
    fn at<'a>(&'a self, words: &[Word]) -> impl Iterator<Item = &'a Pattern> + use<'a> {
        let first = words.first().and_then(|word| self.by_first.get(&word.text));
        first.into_iter().flatten().chain(&self.by_prefix)
    }
}

fn matched(pattern: &Pattern, words: &[Word]) -> Option<Range<usize>> {
    let fits = |slot: &Slot| {
        words
            .get(slot.offset as usize)
            .is_some_and(|word| if slot.prefix { word.text.starts_with(&slot.text) } else { word.text == slot.text })
    };
    if !pattern.slots.iter().all(fits) {
        return None;
    }
    let (first, last) = (words.first()?, pattern.slots.last()?);
    let end = match words.get(last.offset as usize)? {
        // A character alone matches the pair that it begins; only itself is shown.
        word if last.prefix && pairs(&word.text, &last.text) => first_end(word, words, last),
        word => word.range.end,
    };
    Some(first.range.start..end.max(first.range.start))
}

/// Whether `word` is a pair of a run, of which `prefix` is the first character.
fn pairs(word: &str, prefix: &str) -> bool {
    prefix.chars().count() == 1 && word.chars().count() == 2 && super::script::is_run_start(prefix)
}

fn first_end(word: &Word, words: &[Word], slot: &Slot) -> usize {
    // The second character of a pair is the first of the next token.
    words.get(slot.offset as usize + 1).map_or(word.range.end, |next| next.range.start.min(word.range.end))
}

fn merged(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::super::compile::as_text;
    use super::*;

    fn anywhere(text: &str, prefix: bool) -> Node {
        Node::Anywhere(as_text(text, prefix))
    }

    fn shown(text: &str, root: Node) -> Vec<String> {
        let ranges = Highlighter::of(&Query { root }).all(text);
        ranges.into_iter().map(|range| text.get(range).expect("boundary").to_owned()).collect()
    }

    #[test]
    fn words_phrases_and_prefixes_are_shown() {
        let text = "The B\u{FC}dget, and budgets of the Budget Q1.";
        assert_eq!(shown(text, anywhere("budget", false)), ["B\u{FC}dget", "Budget"]);
        assert_eq!(shown(text, anywhere("budg", true)), ["B\u{FC}dget", "budgets", "Budget"]);
        assert_eq!(shown(text, anywhere("budget q1", false)), ["Budget Q1"]);
        let not = Node::Not(Box::new(anywhere("budget", false)));
        assert_eq!(shown(text, Node::And(vec![not, anywhere("of", false)])), ["of"]);
    }

    #[test]
    fn the_first_match_is_found_wherever_it_stands() {
        for before in [0, 1, 254, 255, 256, 257, 512, 4096, 9000] {
            let text = format!("{}the budget of the Budget Q1, the rest", "x ".repeat(before));
            for (query, length) in [("budget", 4), ("budget q1", 18), ("rest", 33), ("nothing", 0)] {
                let root = anywhere(query, false);
                let highlighter = Highlighter::of(&Query { root });
                let first = highlighter.first(&text);
                assert_eq!(first, highlighter.all(&text).first().map(|range| range.start), "{query}");
                assert_eq!(first, (length > 0).then_some(2 * before + length), "{query}");
            }
        }
    }

    #[test]
    fn substrings_of_runs_are_shown() {
        let text = "\u{6211}\u{5728}\u{4E2D}\u{56FD}\u{4EBA}\u{6C11}";
        assert_eq!(shown(text, anywhere("\u{4E2D}\u{56FD}\u{4EBA}", false)), ["\u{4E2D}\u{56FD}\u{4EBA}"]);
        assert_eq!(shown(text, anywhere("\u{4E2D}", false)), ["\u{4E2D}"]);
        assert_eq!(shown(text, anywhere("\u{6C11}", false)), ["\u{6C11}"]);
    }
}
