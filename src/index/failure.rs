//! Errors of tantivy as errors of the library.

use tantivy::TantivyError;

use crate::error::Error;

/// Says what was attempted when tantivy failed.
pub(super) fn failed<E: Into<TantivyError>>(action: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::Index { action, source: Box::new(error.into()) }
}

/// A query that cannot be answered as it stands. The tree carries no places in the text, so the offset is 0.
pub(super) fn refused(code: &'static str, message: String, hint: &str) -> Error {
    Error::Query { code, offset: 0, message, hint: hint.to_owned() }
}
