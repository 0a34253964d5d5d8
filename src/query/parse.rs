//! A query from its text: keyword rows and conditions.

use crate::{Error, Result};

use super::ast::{Node, Query};
use super::code;
use super::context::{Context, Mode};
use super::expression::unopened;
use super::lex::lex;
use super::number_in_parts::numbers_in_parts;
use super::parser::Parser;
use super::refusal::refuse;
use super::run::Run;
use super::token::{Token, TokenKind};
use super::warning::Warning;

/// The most characters (Unicode scalar values) of a query.
pub const MAX_CHARACTERS: usize = 16_000;

/// The most levels of parentheses, NOT and chained NEAR, counted together.
pub const MAX_NESTING: usize = 64;

/// The most keyword rows, separated by `(c:s)`.
pub const MAX_ROWS: usize = 1_000;

/// An accepted query and the readings that its writer may not expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The condition.
    pub query: Query,
    /// In the order of their offsets.
    pub warnings: Vec<Warning>,
    /// The keyword rows as they were typed, each with the conditions, in the order of [`Query::rows`]; none without
    /// `(c:s)`.
    pub rows: Vec<String>,
}

/// Parses a query in the mode of `context`.
///
/// Time and memory grow linearly with the text. A query that decides over holds or retention is to be saved only after
/// its warnings have been accepted.
///
/// ```
/// use custodia::model::UtcTime;
/// use custodia::query::{Context, parse};
///
/// let context = Context::search(UtcTime::parse("2024-05-15").unwrap());
/// let parsed = parse("profit subject:plan subject:budget sent:\"last month\"", &context).unwrap();
/// assert_eq!(
///     parsed.query.to_string(),
///     "profit AND (subject:plan OR subject:budget) AND sent:2024-04-01..2024-04-30"
/// );
/// ```
///
/// # Errors
/// [`crate::Error::Query`] with a code of [`super::code`].
pub fn parse(text: &str, context: &Context) -> Result<Parsed> {
    if let Some((offset, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        let message = format!("the query has more than {MAX_CHARACTERS} characters");
        return Err(refuse(code::E_TOO_LONG, offset, message, "split it into several searches"));
    }
    let mut warnings = Vec::new();
    let tokens = lex(text, context.mode, &mut warnings)?;
    warnings.extend(numbers_in_parts(&tokens));
    let rows = typed_rows(text, &tokens);
    let root = query(&mut Parser::new(tokens, text.len(), context, &mut warnings))?;
    warnings.sort_by_key(|warning| warning.offset);
    Ok(Parsed { query: Query { root }, warnings, rows })
}

/// The text of each keyword row, with the conditions.
fn typed_rows(text: &str, tokens: &[Token]) -> Vec<String> {
    let conditions = tokens.iter().find(|token| token.kind == TokenKind::Conditions).map_or(text.len(), |t| t.offset);
    let mut rows = Vec::new();
    let mut start = 0;
    let mut separated = false;
    for token in tokens {
        if token.kind == TokenKind::Row {
            rows.push(start..token.offset);
            separated = true;
        } else if separated {
            start = token.offset;
            separated = false;
        }
    }
    if rows.is_empty() {
        return Vec::new();
    }
    rows.push(start..conditions);
    let shared = text.get(conditions..).unwrap_or_default().trim();
    rows.into_iter().map(|row| format!("{}{shared}", text.get(row).unwrap_or_default().trim())).collect()
}

/// `[ keywords ] [ "(c:c)" *condition ]`, at least one side not empty.
fn query(parser: &mut Parser<'_>) -> Result<Node> {
    let keywords = match parser.peek() {
        None | Some(TokenKind::Conditions) => None,
        _ => Some(rows(parser)?),
    };
    let conditions = match parser.peek() {
        Some(TokenKind::Conditions) => conditions(parser)?,
        _ => Vec::new(),
    };
    if let Some(token) = parser.next() {
        return Err(misplaced(&token));
    }
    let mut parts: Vec<Node> = keywords.into_iter().chain(conditions).collect();
    match (parts.pop(), parts.is_empty()) {
        (None, _) if parser.context.mode == Mode::Lenient => {
            let message = "the query is empty and matches every message in scope";
            parser.warnings.push(Warning::new(code::W_EMPTY, 0, message));
            Ok(Node::All)
        }
        (None, _) => {
            let hint = "write at least one word or condition; to match every message in scope use `search --all`";
            Err(refuse(code::E_EMPTY, 0, "the query is empty", hint))
        }
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            parts.push(last);
            Ok(Node::And(parts))
        }
    }
}

/// The refusal of what cannot stand behind a complete query.
fn misplaced(token: &Token) -> Error {
    if token.kind == TokenKind::Close {
        return unopened(token.offset);
    }
    let hint = "write all keyword rows first, then `(c:c)` once, then the conditions";
    refuse(code::E_CONDITION, token.offset, "keyword rows and conditions are out of order", hint)
}

/// Keyword rows, joined by OR, each parsed on its own.
fn rows(parser: &mut Parser<'_>) -> Result<Node> {
    let first = parser.alternatives()?.node;
    let mut rows = vec![first];
    while matches!(parser.peek(), Some(TokenKind::Row)) {
        let offset = parser.offset();
        parser.next();
        if rows.len() == MAX_ROWS {
            let message = format!("there are more than {MAX_ROWS} keyword rows");
            return Err(refuse(code::E_TOO_MANY_ROWS, offset, message, "split the list into several searches"));
        }
        rows.push(parser.alternatives()?.node);
    }
    match (rows.pop(), rows.is_empty()) {
        (Some(only), true) => Ok(only),
        (last, _) => Ok(Node::Rows(rows.into_iter().chain(last).collect())),
    }
}

/// Condition cards after `(c:c)`: the same property twice is OR, different ones are AND.
fn conditions(parser: &mut Parser<'_>) -> Result<Vec<Node>> {
    parser.next();
    let mut run = Run::default();
    while parser.peek().is_some() {
        if !matches!(parser.peek(), Some(TokenKind::Open)) {
            let hint = "after `(c:c)` write conditions only, each in parentheses: `(kind:email)(from:ann)`";
            return Err(refuse(code::E_CONDITION, parser.offset(), "this is no parenthesised condition", hint));
        }
        run.push(parser.parenthesised()?);
    }
    Ok(run.finish(parser.warnings))
}
