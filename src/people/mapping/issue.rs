//! What is doubtful or wrong in a mapping file.

use std::fmt;

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// The row is used, and may not do what was meant.
    Warning,
    /// The row cannot be used, and therefore the file is not.
    Error,
}

impl Severity {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One doubtful or wrong place in a mapping file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappingIssue {
    /// Line of the file, from 1; 0 for the file as a whole.
    pub row: u64,
    /// Column, from 1; 0 for the row as a whole.
    pub column: u64,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and what to do about it.
    pub text: String,
}

impl fmt::Display for MappingIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.column) {
            (0, _) => f.write_str(&self.text),
            (row, 0) => write!(f, "row {row}: {}", self.text),
            (row, column) => write!(f, "row {row}, column {column}: {}", self.text),
        }
    }
}
