//! The line of text that a hit shows.

use std::ops::Range;

use crate::index::Highlighter;

/// Characters of a snippet.
const SNIPPET: usize = 160;

/// One line of text around the first match, with the places in it that match.
pub(super) fn snippet(body: &str, query: &Highlighter) -> (String, Vec<Range<usize>>) {
    let first = query.first(body).unwrap_or(0);
    let start = body.get(..first).unwrap_or_default().char_indices().rev().take(SNIPPET / 4).last();
    let start = if first == 0 { 0 } else { start.map_or(0, |(at, _)| at) };
    let mut line = String::with_capacity(SNIPPET * 2);
    let mut characters = 0;
    for word in body.get(start..).unwrap_or_default().split_whitespace() {
        if characters >= SNIPPET {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        let cut: String = word.chars().take(SNIPPET - characters).collect();
        characters += cut.chars().count() + 1;
        line.push_str(&cut);
    }
    let places = query.all(&line);
    (line, places)
}
