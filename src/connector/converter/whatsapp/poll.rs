//! Polls.

use serde_json::{Value, json};

use super::body::{Proof, starts_with_mark};
use super::glyphs::is_mark;

/// What a poll begins with, where only the wording tells it; on iOS any word in capitals before a colon does.
const HEADS: [&str; 8] = [
    "POLL",
    "UMFRAGE",
    "ENCUESTA",
    "ENQUETE",
    "SONDAGE",
    "SONDAGGIO",
    "PEILING",
    "\u{41e}\u{41f}\u{420}\u{41e}\u{421}",
];

/// The question of a poll, and its options with their votes.
pub(super) fn read(text: &str, proof: Proof) -> Option<Value> {
    let mut lines = text.lines();
    let head = word_in_capitals(lines.next()?)?;
    let known = match proof {
        Proof::Mark => starts_with_mark(text),
        Proof::Wording => HEADS.contains(&head),
    };
    if !known {
        return None;
    }
    let question = lines.next()?.trim_matches(is_mark);
    let options: Vec<Value> = lines.filter_map(|line| option(line, proof)).collect();
    (!options.is_empty()).then(|| json!({ "question": question, "options": options }))
}

/// A word in capitals with a colon after it, which ends the line.
fn word_in_capitals(line: &str) -> Option<&str> {
    let word = line.trim_matches(|c: char| is_mark(c) || c.is_whitespace()).strip_suffix(':')?.trim_end();
    (!word.is_empty() && word.chars().all(char::is_uppercase)).then_some(word)
}

/// An option: `OPTION: text (3 votes)`.
fn option(line: &str, proof: Proof) -> Option<Value> {
    if proof == Proof::Mark && !starts_with_mark(line) {
        return None;
    }
    let (word, rest) = line.trim_matches(is_mark).split_once(": ")?;
    if word.is_empty() || !word.trim_end().chars().all(char::is_uppercase) {
        return None;
    }
    let votes = rest.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let counted = votes.and_then(|(text, votes)| {
        let count = votes.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?;
        Some((text, count.parse::<u64>().ok()?))
    });
    Some(match counted {
        Some((text, votes)) => json!({ "text": text, "votes": votes }),
        None => json!({ "text": rest }),
    })
}
