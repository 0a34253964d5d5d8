//! The search language, KeyQL: tree, parser and printer. Knows nothing of the index.
//!
//! [`parse`] reads a text, in strict mode unless the [`Context`] says lenient. In strict mode, whatever the vendor
//! documentation says is silently reinterpreted is refused with a code of [`code`], a byte offset and a hint; lenient mode
//! reads it as documented, with a warning. Readings that a writer may not expect are listed as
//! [`Warning`]s; what decides over holds or retention is saved only after they have been accepted.
//!
//! The way of a text: `lex` cuts it into tokens and recognises properties, `parse` (rows and conditions), `expression`
//! and `proximity` build the tree by recursive descent, `run` applies the same-property rule to juxtaposed operands,
//! `restriction` types the values.
//!
//! Decisions where the sources are silent:
//! - `p<>v` is `NOT p:v` on every property, so messages without a value match it: a search rather shows too much.
//!   For the same reason it never joins the same-property OR, nor does `+p:v`.
//! - `attachmentnames` and `filename`, and other names of one property, count as the same property in that rule.
//! - A date-time with a fraction is the interval of the precision written, at least a millisecond.
//! - A word or phrase without any letter or digit is refused, as nothing could match it.
//! - A sign directly behind a closing quote is refused: `"long"-term` would exclude `term`.
//! - `kind` values of other stores, such as `docs`, are legal and match nothing, with a warning.
//! - Full-width ASCII punctuation of East Asian keyboards is read as ASCII outside quotes, with the same warning as
//!   curly quotes; else `from` before a full-width colon would be an ordinary word.

mod ast;
mod caret;
mod cell;
pub mod code;
mod context;
mod date;
mod display;
mod exclusion;
mod expand;
mod expression;
mod glyphs;
mod keyword_list;
mod kind;
mod lenient;
mod lex;
mod mark;
mod number_in_parts;
mod parse;
mod parser;
mod property;
mod proximity;
mod quoting;
mod received;
mod refusal;
mod relative;
mod restriction;
mod rows;
mod run;
mod separator;
mod size;
mod text;
mod token;
mod warning;

#[cfg(test)]
mod tests;

pub use ast::{DateProperty, Field, Interval, ItemField, Node, PeopleField, Place, Query, TextMatch, TokenField};
pub use caret::caret;
pub use context::{Context, Mode, WeekStart};
pub use exclusion::Exclusions;
pub use expand::Expansion;
pub use keyword_list::{KeywordFormat, KeywordText, read_keywords};
pub use parse::{MAX_CHARACTERS, MAX_NESTING, MAX_ROWS, Parsed, parse};
pub use proximity::{DEFAULT_DISTANCE, MAX_DISTANCE};
pub use text::MIN_PREFIX;
pub use warning::Warning;
