//! Errors of tantivy as errors of the library.

use tantivy::TantivyError;

use crate::error::Error;

/// Says what was attempted when tantivy failed.
pub(super) fn failed<E: Into<TantivyError>>(action: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::Index { action, source: Box::new(error.into()) }
}

/// A query that cannot be answered as it stands, because of what stands at a byte offset.
pub(super) fn refused(code: &'static str, offset: usize, message: String, hint: &str) -> Error {
    Error::Query { code, offset, message, hint: hint.to_owned() }
}
