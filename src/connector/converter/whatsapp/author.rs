//! Who wrote a line.

use super::glyphs::{is_mark, is_odd_space};
use super::notices::tells;
use crate::message::converted::Person;
use crate::model::{Participant, Role};

/// What follows a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Authored<'a> {
    /// Who the line names as its author, as it is written; `None` for a line of the app.
    pub(super) author: Option<&'a str>,
    /// What follows.
    pub(super) body: &'a str,
}

/// Parts the author from the text. `title` is the chat's, an author whose name may contain a colon; `known` tells
/// whether somebody is an author elsewhere.
pub(super) fn split<'a>(rest: &'a str, title: &str, known: impl Fn(&str) -> bool) -> Authored<'a> {
    let of_app = Authored { author: None, body: rest };
    let first_line = rest.split('\n').next().unwrap_or_default();
    let whole =
        |author: &'a str, after: usize| Authored { author: Some(author), body: rest.get(after..).unwrap_or("") };
    if let Some(after) = first_line.strip_prefix(title).filter(|_| !title.is_empty())
        && (after.starts_with(": ") || after == ":")
    {
        let body = after.strip_prefix(": ").map_or(first_line.len(), |text| first_line.len() - text.len());
        return whole(title_of(first_line, title), body);
    }
    if let Some(at) = first_line.find(": ") {
        let author = first_line.get(..at).unwrap_or_default();
        return if tells(author) || is_blank(author) { of_app } else { whole(author, at + 2) };
    }
    let Some(at) = first_line.find(':') else { return of_app };
    let author = first_line.get(..at).unwrap_or_default();
    // An empty text whose space was trimmed; or a maker of exports that leaves the space away.
    let ends = at + 1 == first_line.len() && !tells(author) && !is_blank(author);
    if ends || known(author) { whole(author, at + 1) } else { of_app }
}

fn title_of<'a>(line: &'a str, title: &str) -> &'a str {
    line.get(..title.len()).unwrap_or_default()
}

/// Whether there is nothing; a direction mark alone is a name that somebody has.
fn is_blank(author: &str) -> bool {
    author.trim().is_empty()
}

/// A name without the direction marks around it, or a number without any; with plain spaces, so that a name is the same
/// in a list of people.
pub(super) fn shown(author: &str) -> String {
    let trimmed = author.trim_matches(|c: char| is_mark(c) || c == ' ');
    let kept = if trimmed.is_empty() { author } else { trimmed };
    let is_number = !number(trimmed).is_empty();
    let plain = kept.chars().filter(|c| !is_number || !is_mark(*c));
    plain.map(|c| if is_odd_space(c) { ' ' } else { c }).collect()
}

/// The digits of a phone number in international form; empty if `author` is none.
pub(super) fn number(author: &str) -> String {
    let mut characters = author.chars().filter(|c| !is_mark(*c));
    if characters.next() != Some('+') {
        return String::new();
    }
    let mut digits = String::new();
    for c in characters {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '(' | ')' | '.' | '\u{2010}' | '\u{2011}' => {}
            c if is_odd_space(c) => {}
            _ => return String::new(),
        }
    }
    if (5..=20).contains(&digits.len()) { digits } else { String::new() }
}

/// An author as a person: somebody who is not among the contacts has a number only, however it is written.
pub(super) fn person(author: &str) -> Person {
    let shown = shown(author);
    let number = number(&shown);
    let name = if number.is_empty() { shown } else { String::new() };
    Person { name, number, ..Person::default() }
}

/// An author, or a chat's title, as somebody who took part.
pub(super) fn participant(author: &str) -> Participant {
    let Person { name, number, .. } = person(author);
    let number = Some(number).filter(|number| !number.is_empty());
    Participant { role: Role::To, name, address: String::new(), number, id: None }
}
