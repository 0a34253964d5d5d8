//! Why something with a source did not work.

use crate::Error;

/// Why something with a source did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// Whether the same may work a little later.
    pub(super) transient: bool,
    /// What is wrong and what to do, for people. Never a secret.
    pub(super) reason: String,
}

/// The outcome of one attempt.
pub(super) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// One that may be over soon.
    pub(super) fn transient(reason: impl Into<String>) -> Self {
        Self { transient: true, reason: reason.into() }
    }

    /// One that only people can end.
    pub(super) fn lasting(reason: impl Into<String>) -> Self {
        Self { transient: false, reason: reason.into() }
    }

    /// The file on this computer could not be written.
    pub(super) fn local(error: &std::io::Error) -> Self {
        Self::lasting(format!("the copy here cannot be written: {error}; make room on the disk"))
    }

    /// As the error of the library: what was attempted at which place.
    pub(super) fn into_error(self, action: &'static str, place: String) -> Error {
        Error::Remote { action, place, source: self.reason.into() }
    }
}
