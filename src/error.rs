//! The one error of the library: each variant says what its caller can do about it.

use std::path::PathBuf;

/// The result of every fallible operation of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of a lower layer whose type is nobody's business above it.
pub type Source = Box<dyn std::error::Error + Send + Sync + 'static>;

/// What went wrong, sorted by what the caller can do.
///
/// `Display` says what was attempted and names the object; it never repeats its source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no archive at the given place.
    #[error("no archive at `{}`", path.display())]
    NoArchive {
        /// Where one was looked for.
        path: PathBuf,
    },
    /// A named object does not exist.
    #[error("no {what} `{id}`")]
    NotFound {
        /// The kind of object: `mailbox`, `item`, `hold`.
        what: &'static str,
        /// As the caller named it.
        id: String,
    },
    /// A named object exists already.
    #[error("{what} `{id}` exists already")]
    AlreadyExists {
        /// The kind of object.
        what: &'static str,
        /// As the caller named it.
        id: String,
    },
    /// What the caller gave cannot be used.
    #[error("{0}")]
    InvalidInput(String),
    /// A content search query was refused.
    #[error("query refused at byte {offset}: {code}: {message}")]
    Query {
        /// The stable code, such as `E_DATE_VALUE`.
        code: &'static str,
        /// Byte offset into the query, from 0.
        offset: usize,
        /// What is wrong there.
        message: String,
        /// What to write instead.
        hint: String,
    },
    /// A hold, a policy or a guard forbids it.
    #[error("refused: {0}")]
    Refused(String),
    /// A disposition plan no longer describes the archive.
    #[error("the plan is stale: {0}")]
    PlanStale(String),
    /// What somebody gave as evidence proves nothing: a checkpoint or proof that does not hold.
    #[error("not to be trusted: {0}")]
    Untrusted(String),
    /// What is stored is not what was written.
    #[error("integrity problem: {0}")]
    Corrupt(String),
    /// Another process has the archive open.
    #[error("archive `{}` is in use by {holder}", path.display())]
    Locked {
        /// The archive directory.
        path: PathBuf,
        /// Who holds it and since when, as far as known.
        holder: String,
    },
    /// The archive was written in a format that this program does not know.
    #[error("archive format {found} is not supported; this program reads up to format {supported}")]
    UnsupportedFormat {
        /// The version found.
        found: u32,
        /// The newest version this program knows.
        supported: u32,
    },
    /// A disposition was carried out, and its bytes could not be erased yet.
    #[error("the items are disposed of, but bytes of them are still in files of the archive")]
    ErasureUnfinished {
        /// Why.
        source: Source,
    },
    /// The run was interrupted between two commits.
    #[error("interrupted; what was reported as done is kept")]
    Interrupted,
    /// The store failed.
    #[error("the store failed to {action}")]
    Store {
        /// What was attempted.
        action: &'static str,
        /// Why.
        source: Source,
    },
    /// The index failed; it can be deleted and rebuilt.
    #[error("the index failed to {action}")]
    Index {
        /// What was attempted.
        action: &'static str,
        /// Why.
        source: Source,
    },
    /// A source on another computer cannot be reached, refuses, or answers with what cannot be used.
    #[error("cannot {action} `{place}`")]
    Remote {
        /// What was attempted: `list`, `fetch`.
        action: &'static str,
        /// The source, without secrets.
        place: String,
        /// Whether it concerns the source as a whole, or this machine, and not one delivery alone.
        of_all: bool,
        /// Why, and what to do.
        source: Source,
    },
    /// The operating system refused.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was attempted: `read`, `create`, `write`.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Error {
    /// Wraps an I/O error with what was attempted on which path.
    pub fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
