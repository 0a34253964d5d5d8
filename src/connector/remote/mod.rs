//! Places on other computers from which deliveries are fetched: SFTP, IMAP, S3-compatible storage, HTTPS directories.
//!
//! A client lists what there is and fetches one delivery at a time into a file. It changes nothing at the source. What
//! is transient (a lost connection, a server that is busy) is tried again a few times; what is not, such as a host key
//! that nobody vouched for, is an error at once, with what to do about it.

#[cfg(feature = "remote")]
mod failure;
#[cfg(feature = "remote")]
mod patience;
#[cfg(feature = "remote")]
mod persistent;
mod secret;
#[cfg(feature = "remote")]
mod sftp;
#[cfg(feature = "remote")]
mod ssh;

use std::fs::File;

use crate::Result;

#[cfg(feature = "remote")]
pub use patience::Patience;
pub use secret::Secret;
#[cfg(feature = "remote")]
pub use sftp::{HostKeys, SftpLogin, SftpPlace, sftp};

/// A delivery as a remote source lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Stable key within the source: a path, or UIDVALIDITY and UID.
    pub id: String,
    /// File name, for people and for recognition.
    pub name: String,
    /// Size in bytes, as far as the source says it.
    pub bytes: Option<u64>,
    /// Changes when the content does: an entity tag, or modification time and size; may be empty.
    pub version: String,
}

/// How far a source was read: opaque to all but the source. IMAP: UIDVALIDITY and the last UID listed; others unused.
pub type Checkpoint = String;

/// A place from which deliveries are fetched.
pub trait Remote {
    /// What there is after `after`, in a stable order.
    ///
    /// # Errors
    /// The source cannot be reached, refuses, or answers with what cannot be used.
    fn list(&mut self, after: &Checkpoint) -> Result<Vec<Listed>>;

    /// Writes the content of a delivery to `to`, from its beginning. After an error `to` holds anything.
    ///
    /// # Errors
    /// The source cannot be reached, refuses, or the delivery is gone or was changed meanwhile.
    fn fetch(&mut self, listed: &Listed, to: &mut File) -> Result<()>;

    /// How far the newest list went; the one given to it if it did not come to its end.
    fn checkpoint(&self) -> Checkpoint;
}
