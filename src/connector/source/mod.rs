//! Where deliveries come from: folders, remote places and mail that is received. Nothing here knows any format.

mod credentials;
mod folder;
mod location;
mod maildir;
pub mod remote;
#[cfg(feature = "remote")]
pub mod smtp;
mod utf7;
pub(super) mod walk;

pub use credentials::{Credentials, Secret};
pub use folder::{FolderFile, FolderListing, file_version, list_folder, open_files};
pub use location::{HostKey, Location, Place};
