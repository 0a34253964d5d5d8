//! Why something with a source did not work.

use crate::Error;

/// Why something with a source did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// Whether the same may work a little later.
    pub(super) transient: bool,
    /// Whether it concerns the source as a whole, or this machine, and not one delivery alone.
    pub(super) of_all: bool,
    /// What is wrong and what to do, for people. Never a secret.
    pub(super) reason: String,
}

/// The outcome of one attempt.
pub(super) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// One that may be over soon.
    pub(super) fn transient(reason: impl Into<String>) -> Self {
        Self { transient: true, of_all: true, reason: reason.into() }
    }

    /// One that only people can end.
    pub(super) fn lasting(reason: impl Into<String>) -> Self {
        Self { transient: false, of_all: false, reason: reason.into() }
    }

    /// The file on this computer could not be written.
    pub(super) fn local(error: &std::io::Error) -> Self {
        Self::lasting(format!("the copy here cannot be written: {error}; make room on the disk")).concerning(true)
    }

    /// The same, of the source as a whole or of one delivery alone.
    pub(super) fn concerning(self, of_all: bool) -> Self {
        Self { of_all, ..self }
    }

    /// As the error of the library: what was attempted at which place.
    pub(super) fn into_error(self, action: &'static str, place: String) -> Error {
        Error::Remote { action, place, of_all: self.of_all, source: self.reason.into() }
    }
}
