//! Refusals of a query.

use crate::Error;

/// A refusal at a byte offset, with what is wrong there and what to write instead.
pub(super) fn refuse(code: &'static str, offset: usize, message: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::Query { code, offset, message: message.into(), hint: hint.into() }
}

/// A text as it is named in a message: at most its first 40 characters.
pub(super) fn excerpt(text: &str) -> &str {
    text.char_indices().nth(40).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// A refusal of a value whose place the caller knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ValueRefusal {
    /// The stable code.
    pub(super) code: &'static str,
    /// What is wrong.
    pub(super) message: String,
    /// What to write instead.
    pub(super) hint: String,
}

impl ValueRefusal {
    /// A refusal without a place.
    pub(super) fn new(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into() }
    }

    /// The refusal at a byte offset.
    pub(super) fn at(self, offset: usize) -> Error {
        refuse(self.code, offset, self.message, self.hint)
    }
}
