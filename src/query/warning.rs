//! Readings that a writer may not expect.

/// A query was accepted, but read in a way that its writer may not expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The stable code, such as `W_MIXED_AND_OR`.
    pub code: &'static str,
    /// Byte offset into the query, from 0.
    pub offset: usize,
    /// The reading taken, and how to write it so that nobody doubts.
    pub message: String,
}

impl Warning {
    /// A warning at a place.
    pub(super) fn new(code: &'static str, offset: usize, message: impl Into<String>) -> Self {
        Self { code, offset, message: message.into() }
    }
}
