//! Damage that was met and kept.

use serde::{Deserialize, Serialize};

/// Something wrong with a message. The bytes are kept as they are; a defect says what could not be
/// made of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// Stable word for programs, such as `no_headers` or `bad_charset`.
    pub code: String,
    /// For people: what is wrong, and where.
    pub detail: String,
}

impl Defect {
    /// A defect with the given code and detail.
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: detail.into() }
    }
}
