//! Places on other computers from which deliveries are fetched: SFTP, IMAP, S3-compatible storage, HTTPS directories.
//!
//! A client lists what there is and fetches one delivery at a time into a file. It changes nothing at the source. What
//! is transient (a lost connection, a server that is busy) is tried again a few times; what is not, such as a host key
//! that nobody vouched for, is an error at once, with what to do about it.

#[cfg(feature = "remote")]
mod connect;
#[cfg(feature = "remote")]
mod failure;
#[cfg(feature = "remote")]
mod https;
#[cfg(feature = "remote")]
mod imap;
#[cfg(feature = "remote")]
mod index_page;
#[cfg(feature = "remote")]
mod oauth;
#[cfg(feature = "remote")]
mod patience;
#[cfg(feature = "remote")]
mod persistent;
#[cfg(feature = "remote")]
mod s3;
#[cfg(feature = "remote")]
mod sftp;
#[cfg(feature = "remote")]
mod ssh;
#[cfg(feature = "remote")]
mod trust;

use std::fs::File;

use crate::Result;

#[cfg(feature = "remote")]
pub use connect::{connect, connect_patiently};
#[cfg(feature = "remote")]
pub use patience::Patience;

/// A delivery as a remote source lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Stable key within the source: the path, or `UIDVALIDITY/UID`.
    pub id: String,
    /// File name, for people and for recognition.
    pub name: String,
    /// Its size, if the source tells.
    pub bytes: Option<u64>,
    /// Changes when the content does: an entity tag, time and size. Empty if the source tells nothing of the sort: then it
    /// is fetched again whenever it is listed.
    pub version: String,
}

/// How far a source was read: opaque to all but the source; empty at first. IMAP: UIDVALIDITY and the last UID listed;
/// others leave it as it is.
pub type Checkpoint = String;

/// A place from which deliveries are fetched.
pub trait Remote {
    /// The deliveries that are there, in a stable order; a source that knows the order of arrival leaves out those up to
    /// `after`.
    ///
    /// # Errors
    /// The source cannot be reached, refuses, or answers with what cannot be used.
    fn list(&mut self, after: &Checkpoint) -> Result<Vec<Listed>>;

    /// Writes the bytes of a delivery to `to`, from its beginning. After an error `to` holds anything.
    ///
    /// # Errors
    /// The source cannot be reached, refuses, or the delivery is gone or was changed meanwhile.
    fn fetch(&mut self, listed: &Listed, to: &mut File) -> Result<()>;

    /// The checkpoint after what was listed last.
    fn checkpoint(&self) -> Checkpoint;
}

/// Refuses: this build has no clients.
///
/// # Errors
/// Always.
#[cfg(not(feature = "remote"))]
pub fn connect(location: &super::location::Location, _: &super::credentials::Credentials) -> Result<Box<dyn Remote>> {
    let place = &location.place;
    Err(crate::Error::InvalidInput(format!(
        "this build of custodia cannot fetch from `{place}`; build it with `remote`"
    )))
}
