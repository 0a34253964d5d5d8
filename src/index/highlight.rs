//! Where in a text a query matches, for snippets.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::query::{Field, Node, Query};
use crate::text::phone::numbers;

use super::number::{beginning, kept};
use super::pattern::{Pattern, Slot};
use super::tokenizer::{Window, Word, tokens};

/// Shows where a query matches in texts.
///
/// Free text and words of the fields that the texts are of count; what stands under `NOT` does not. Words that must be near each
/// other are shown wherever they stand.
#[derive(Debug)]
pub struct Highlighter(Patterns);

impl Highlighter {
    /// Of one query, in subjects and bodies.
    pub fn of(query: &Query) -> Self {
        Self(Patterns::of(&query.root, &[Field::Subject, Field::Body]))
    }

    /// Of one query, in bodies alone: a word that is asked for in the subject does not count.
    pub fn of_body(query: &Query) -> Self {
        Self(Patterns::of(&query.root, &[Field::Body]))
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
    /// at a time, whatever its length, and most of it is not divided into words.
    pub fn first(&self, text: &str) -> Option<usize> {
        let patterns = &self.0;
        if patterns.is_empty() {
            return None;
        }
        let number = patterns.numbers_of(text).next().map(|range| range.start);
        let mut from = 0;
        while let Some(start) = patterns.next_start(text, from) {
            match patterns.first_from(text, start) {
                Reached::Match(at) => return Some(number.map_or(at, |number| number.min(at))),
                Reached::Gap(next) => from = next,
                Reached::End => break,
            }
        }
        number
    }
}

/// How far a text was looked through.
enum Reached {
    /// To a match that begins there.
    Match(usize),
    /// To where nothing can begin for a while.
    Gap(usize),
    End,
}

#[derive(Debug, Default)]
struct Patterns {
    by_first: HashMap<String, Vec<Pattern>>,
    by_prefix: Vec<Pattern>,
    /// Words behind the first of a match that decide over it, at most.
    reach: usize,
    /// Beginnings of tokens of phone numbers.
    numbers: HashSet<String>,
    /// Finds where plain text may have a first word; not for very many words.
    plain: Option<AhoCorasick>,
}

/// Most first words that plain text is looked through for.
const MOST_PLAIN: usize = 64;

impl Patterns {
    fn of(root: &Node, fields: &[Field]) -> Self {
        let mut patterns = Self::default();
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            match node {
                Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => waiting.extend(nodes),
                Node::Near { left, right, .. } => waiting.extend([left.as_ref(), right.as_ref()]),
                Node::Anywhere(text) => patterns.add(Pattern::of(text).ok()),
                Node::Text { field, text } if fields.contains(field) => patterns.add(Pattern::of(text).ok()),
                _ => {}
            }
        }
        patterns.plain = patterns.plain();
        patterns
    }

    fn plain(&self) -> Option<AhoCorasick> {
        let prefixes = self.by_prefix.iter().filter_map(|pattern| pattern.slots.first()).map(|slot| &slot.text);
        // What is not ASCII when folded was not ASCII before.
        let firsts: Vec<&String> = self.by_first.keys().chain(prefixes).filter(|first| first.is_ascii()).collect();
        let finder = AhoCorasick::builder().ascii_case_insensitive(true).build(&firsts);
        finder.ok().filter(|_| firsts.len() <= MOST_PLAIN)
    }

    /// Where the next match may begin, `from` or behind it: the word that has a first word of a pattern in it, or what folding may
    /// turn into one. ASCII is folded to itself, and a blank ends every word.
    fn next_start(&self, text: &str, from: usize) -> Option<usize> {
        let rest = text.get(from..).filter(|rest| !rest.is_empty())?;
        let Some(plain) = &self.plain else { return Some(from) };
        let named = plain.find(rest).map(|found| found.start());
        let foreign = first_foreign(rest.as_bytes().get(..named.unwrap_or(rest.len()))?);
        let before = rest.get(..foreign.or(named)?)?;
        Some(from + before.rfind([' ', '\n', '\t', '\r']).map_or(0, |blank| blank + 1))
    }

    /// Looks for the first match from `start` on, as far as one follows that may be one.
    fn first_from(&self, text: &str, start: usize) -> Reached {
        const BATCH: usize = 1 << 6;
        let mut window = Window::new(text.get(start..).unwrap_or_default());
        while window.fill(BATCH + self.reach + 1) {
            let starts = window.words().len().min(BATCH);
            for at in 0..starts {
                let rest = window.words().get(at..).unwrap_or_default();
                if let Some(range) = self.at(rest).find_map(|pattern| matched(pattern, rest)) {
                    return Reached::Match(start + range.start);
                }
            }
            let Some(next) = window.words().get(starts).map(|next| start + next.range.start) else { break };
            match self.next_start(text, next) {
                Some(found) if found == next => window.drop_first(starts),
                Some(_) => return Reached::Gap(next),
                None => break,
            }
        }
        Reached::End
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

/// The first byte that is not ASCII.
fn first_foreign(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 1 << 8;
    let (no, block) = bytes.chunks(BLOCK).enumerate().find(|(_, block)| !block.is_ascii())?;
    Some(no * BLOCK + block.iter().position(|byte| !byte.is_ascii())?)
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
    use proptest::prelude::*;

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
    fn words_of_other_fields_are_not_shown() {
        let in_field = |field| Node::Text { field, text: as_text("budget", false) };
        let query = |field| Query { root: Node::Or(vec![in_field(field), anywhere("q1", false)]) };
        for (field, found, in_body) in
            [(Field::Body, 2, 2), (Field::Subject, 2, 1), (Field::AttachmentNames, 1, 1), (Field::Title, 1, 1)]
        {
            assert_eq!(Highlighter::of(&query(field)).all("the budget of Q1").len(), found, "{field:?}");
            assert_eq!(Highlighter::of_body(&query(field)).all("the budget of Q1").len(), in_body, "{field:?}");
        }
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

    proptest! {
        #[test]
        fn the_first_match_is_the_first_of_all(
            words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..300),
            blanks in prop::collection::vec(prop::sample::select(&[" ", "\n", "-", "", "\u{301}", ". "][..]), 300),
            query in prop::collection::vec(prop::sample::select(&WORDS[..]), 1..3),
            prefix: bool,
        ) {
            let text: String = words.iter().zip(&blanks).flat_map(|(word, blank)| [*word, *blank]).collect();
            let other = anywhere("acute", false);
            let root = Node::Or(vec![anywhere(&query.join(" "), prefix), other]);
            let highlighter = Highlighter::of(&Query { root });
            prop_assert_eq!(highlighter.first(&text), highlighter.all(&text).first().map(|range| range.start), "{}", text);
        }
    }

    const WORDS: [&str; 16] = [
        "a",
        "lemon",
        "Lemon",
        "lem",
        "l\u{E9}mon",
        "\u{FF4C}emon",
        "lemonade",
        "12",
        "\u{4E2D}",
        "\u{4E2D}\u{56FD}",
        "\u{1F600}",
        "=\u{338}",
        "xyz",
        "wordword",
        "\u{AD}",
        "e\u{301}",
    ];

    #[test]
    fn substrings_of_runs_are_shown() {
        let text = "\u{6211}\u{5728}\u{4E2D}\u{56FD}\u{4EBA}\u{6C11}";
        assert_eq!(shown(text, anywhere("\u{4E2D}\u{56FD}\u{4EBA}", false)), ["\u{4E2D}\u{56FD}\u{4EBA}"]);
        assert_eq!(shown(text, anywhere("\u{4E2D}", false)), ["\u{4E2D}"]);
        assert_eq!(shown(text, anywhere("\u{6C11}", false)), ["\u{6C11}"]);
    }
}
