//! The search language, KeyQL: tree, parser and printer. Knows nothing of the index.

mod ast;

pub use ast::{DateProperty, Field, Interval, Node, PeopleField, Query, TextMatch, TokenField};
