//! Places on a network from which deliveries are fetched.

use std::fs::File;

use super::credentials::Credentials;
use super::location::Location;
use crate::{Error, Result};

/// A delivery as a remote source lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Stable key within the source: the path, or `UIDVALIDITY/UID`.
    pub id: String,
    /// File name, for people and for recognition.
    pub name: String,
    /// Its size, if the source tells.
    pub bytes: Option<u64>,
    /// Changes when the content does: an entity tag, time and size; may be empty.
    pub version: String,
}

/// How far a source was read: opaque to all but the source; empty at first.
pub type Checkpoint = String;

/// A place from which deliveries are fetched.
pub trait Remote {
    /// The deliveries that are there; a source that knows the order of arrival may leave out those up to `after`.
    ///
    /// # Errors
    /// The source cannot be reached or read.
    fn list(&mut self, after: &Checkpoint) -> Result<Vec<Listed>>;

    /// Writes the bytes of a delivery to `to`.
    ///
    /// # Errors
    /// It cannot be read whole.
    fn fetch(&mut self, listed: &Listed, to: &mut File) -> Result<()>;

    /// The checkpoint after what was listed last.
    fn checkpoint(&self) -> Checkpoint;
}

/// Connects to the source at `location`.
///
/// # Errors
/// It is no remote source, cannot be reached, or refuses the credentials.
pub fn connect(location: &Location, credentials: &Credentials) -> Result<Box<dyn Remote>> {
    let _ = credentials;
    Err(Error::InvalidInput(format!("this build of custodia cannot fetch from `{}`", location.place)))
}
