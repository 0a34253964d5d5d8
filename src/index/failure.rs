//! Errors of tantivy as errors of the library.

use tantivy::TantivyError;
use tantivy::directory::error::OpenReadError;

use crate::error::Error;

use super::checked_directory::DamagedFile;

/// Says what was attempted when tantivy failed, or which file is not what was written.
pub(super) fn failed<E: Into<TantivyError>>(action: &'static str) -> impl FnOnce(E) -> Error {
    move |error| {
        let error = error.into();
        if let TantivyError::IoError(error)
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: error, .. }) = &error
            && let Some(file) = DamagedFile::of(error)
        {
            return damaged(file);
        }
        Error::Index { action, source: Box::new(error) }
    }
}

/// Says that a file is not what was written.
pub(super) fn damaged(file: &str) -> Error {
    Error::Corrupt(format!(
        "file `{file}` of the index is not what was written, so that searches may miss messages: run `custodia index rebuild`"
    ))
}

/// A query that cannot be answered as it stands, because of what stands at a byte offset.
pub(super) fn refused(code: &'static str, offset: usize, message: String, hint: &str) -> Error {
    Error::Query { code, offset, message, hint: hint.to_owned() }
}
