//! Properties of the search language.

mod cases;
mod dates;
mod exclusion;
mod expand;
mod grammar;
mod hostile;
mod lenient;
mod refusals;
mod round_trip;
mod warnings;

use crate::Error;
use crate::model::UtcTime;

use super::{Context, Parsed, parse};

/// 15 May 2024 is a Wednesday.
fn context() -> Context {
    Context::search(UtcTime::parse("2024-05-15T12:00:00Z").unwrap())
}

fn accept(text: &str) -> Parsed {
    parse(text, &context()).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

/// What the tree of a query prints as.
fn printed(text: &str) -> String {
    accept(text).query.to_string()
}

/// The code and the offset of a refusal; its message and hint are never empty.
fn refused(text: &str, context: &Context) -> (&'static str, usize) {
    match parse(text, context) {
        Err(Error::Query { code, offset, message, hint }) => {
            assert!(!message.is_empty() && !hint.is_empty() && offset <= text.len(), "{text}");
            (code, offset)
        }
        other => panic!("{text}: {other:?}"),
    }
}
