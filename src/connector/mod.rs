//! Sources: what files hold, turned into raw messages. Never touches the store.
//!
//! [`open`] walks the files and folders given, then yields their messages one after the other, in the same order on
//! every machine. What is no message is reported with a reason, never passed over in silence:
//! - symbolic links inside of folders are not followed, because they may lead anywhere and back; one given as an
//!   argument is.
//! - folders whose name starts with a dot (`.git`, `.notmuch`) are passed over with a count of what they hold, unless
//!   they are Maildir folders or given as an argument; so is an archive of this program, and `tmp` of a Maildir.
//! - a zip file is read like a folder, except that a zip file in it is not opened; one that is a delivery or a chat
//!   export as a whole goes to the converter of that format.
//! - compressed files and formats that are not read are named, with what to do.
//!
//! A converter is one file and one line in `converters.rs`: it makes records ([`crate::message::converted`]) or mails of
//! what a platform delivers.

mod attached;
mod conversion;
mod converters;
mod credentials;
mod draft;
mod faults;
mod file_range;
mod folder;
mod input;
mod json;
mod line_reader;
mod location;
mod magic;
mod maildir;
mod mbox;
mod messages;
mod options;
mod outlook;
mod record;
pub mod remote;
mod rsmf;
mod side_files;
mod single;
#[cfg(feature = "remote")]
pub mod smtp;
mod sniff;
mod sources;
mod telemessage;
#[cfg(test)]
mod tests;
mod utf7;
mod walk;
mod wechat;
mod wecom;
mod whatsapp;
mod whatsapp_backup;
mod whatsapp_cloud;
mod xml;
mod zip_file;

pub use credentials::{Credentials, Secret};
pub use file_range::FileRange;
pub use folder::{FolderFile, FolderListing, file_version, list_folder, open_files};
pub use location::{HostKey, Location, Place};
pub use options::{As, Options};
pub use record::{FileAccount, Format, Raw, Rejection, SourceEvent, SourceRecord};
pub use sources::{Sources, Step, open};

/// Bytes of the largest message that is read into memory; larger ones stay in their file.
pub const LARGE: u64 = 16 << 20;
