//! Prints a tree as KeyQL.

use std::fmt::{self, Display, Formatter};

use super::ast::{Interval, Node, Place, Query, TextMatch};
use super::date;
use super::glyphs::ends_word;
use super::mark::{is_dash, plain};
use super::property::Property;

/// Words that are operators when they stand alone.
pub(super) const OPERATORS: [&str; 6] = ["AND", "OR", "NOT", "NEAR", "ONEAR", "XRANK"];

/// Prints KeyQL that parses to the same tree, for every tree that came from a text, as long as the print is within the
/// limits of a text: it is longer than what was typed, with every operator and parenthesis spelt out. [`Node::All`],
/// which never comes from a text, prints as `*`, and ids of people as the names that they are.
impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.root.rows_and_conditions() {
            (Some(rows), conditions) => {
                write_rows(f, rows)?;
                write_conditions(f, conditions)
            }
            (None, _) => self.root.fmt(f),
        }
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(nodes) => write_list(f, nodes, " AND "),
            Self::Or(nodes) | Self::Rows(nodes) => write_list(f, nodes, " OR "),
            Self::Not(node) => {
                f.write_str("NOT ")?;
                write_operand(f, node)
            }
            Self::Near { ordered, distance, left, right } => {
                write_operand(f, left)?;
                write!(f, " {}({distance}) ", if *ordered { "ONEAR" } else { "NEAR" })?;
                write_operand(f, right)
            }
            Self::Anywhere(text) => write_text(f, text, is_plain_word(text)),
            Self::Text { field, text } => write_words(f, Property::Text(*field), text),
            Self::People { field, text } => write_words(f, Property::People(*field), text),
            Self::PersonIds { field, ids } => {
                for (index, id) in ids.iter().enumerate() {
                    let quoted = id.id.contains(char::is_whitespace);
                    let text = TextMatch { text: id.id.clone(), quoted, prefix: false, place: Place::default() };
                    f.write_str(if index > 0 { " OR " } else { "" })?;
                    write_words(f, Property::People(*field), &text)?;
                }
                Ok(())
            }
            Self::Token { field, value, prefix } => {
                write!(f, "{}:", Property::Token(*field).name())?;
                let text = TextMatch { text: value.clone(), quoted: false, prefix: *prefix, place: Place::default() };
                write_text(f, &text, is_plain_value(&text))
            }
            Self::Date { property, interval } => {
                write!(f, "{}{}", Property::Date(*property).name(), date::spelling(*interval))
            }
            Self::Size(interval) => write_size(f, *interval),
            Self::HasAttachment(value) => write!(f, "hasattachment:{value}"),
            Self::IsRead(value) => write!(f, "isread:{value}"),
            Self::HasText(field) => write!(f, "{}:*", Property::Text(*field).name()),
            Self::HasPeople(field) => write!(f, "{}:*", Property::People(*field).name()),
            Self::Item { field, value } if value.text.is_empty() => {
                write!(f, "{}:*", Property::Item(*field).name())
            }
            Self::Item { field, value } => write_words(f, Property::Item(*field), value),
            Self::All => f.write_str("*"),
        }
    }
}

fn write_rows(f: &mut Formatter<'_>, rows: &[Node]) -> fmt::Result {
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            f.write_str("(c:s)")?;
        }
        row.fmt(f)?;
    }
    Ok(())
}

/// Conditions, each in parentheses; in two pairs where it would join another of the same property by OR.
fn write_conditions(f: &mut Formatter<'_>, conditions: &[Node]) -> fmt::Result {
    if !conditions.is_empty() {
        f.write_str("(c:c)")?;
    }
    for condition in conditions {
        let joins = |property| conditions.iter().filter(|other| Property::of(other) == Some(property)).count() > 1;
        if Property::of(condition).is_some_and(joins) {
            write!(f, "(({condition}))")?;
        } else {
            write!(f, "({condition})")?;
        }
    }
    Ok(())
}

fn write_list(f: &mut Formatter<'_>, nodes: &[Node], separator: &str) -> fmt::Result {
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write_operand(f, node)?;
    }
    Ok(())
}

/// A node below another: AND and OR in parentheses, so that nobody needs to know which binds tighter.
fn write_operand(f: &mut Formatter<'_>, node: &Node) -> fmt::Result {
    if matches!(node, Node::And(_) | Node::Or(_) | Node::Rows(_)) { write!(f, "({node})") } else { node.fmt(f) }
}

fn write_words(f: &mut Formatter<'_>, property: Property, text: &TextMatch) -> fmt::Result {
    write!(f, "{}:", property.name())?;
    write_text(f, text, is_plain_value(text) && !text.text.contains(".."))
}

/// Text in quotes if it was quoted, or if it cannot stand without. A quote has no escape, so one that is in the text
/// becomes a blank, which separates words just as well.
fn write_text(f: &mut Formatter<'_>, text: &TextMatch, bare: bool) -> fmt::Result {
    let star = if text.prefix { "*" } else { "" };
    if bare && !text.quoted {
        return write!(f, "{}{star}", text.text);
    }
    let inner: String = text.text.chars().map(|c| if plain(c) == '"' { ' ' } else { c }).collect();
    write!(f, "\"{inner}{star}\"")
}

/// Whether a text is read as one word when it stands alone without quotes.
fn is_plain_word(text: &TextMatch) -> bool {
    is_plain_value(text)
        && (text.prefix || !OPERATORS.contains(&text.text.as_str()))
        && !text.text.contains([':', '=', '<', '>'])
        && !text.text.starts_with(|c| c == '+' || is_dash(c))
}

/// Whether a text is read as one value behind a property without quotes.
fn is_plain_value(text: &TextMatch) -> bool {
    (text.prefix || text.text != "XRANK")
        && !text.text.is_empty()
        && !text.text.chars().any(|c| ends_word(c) || c == '*' || plain(c) != c)
}

fn write_size(f: &mut Formatter<'_>, interval: Interval) -> fmt::Result {
    match (interval.from, interval.before) {
        (Some(from), Some(before)) if from.saturating_add(1) == before => write!(f, "size:{from}"),
        (Some(from), Some(before)) => write!(f, "size:{from}..{}", before.saturating_sub(1)),
        (Some(from), None) => write!(f, "size>={from}"),
        (None, Some(before)) => write!(f, "size<{before}"),
        (None, None) => f.write_str("size>=0"),
    }
}
