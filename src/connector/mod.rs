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
//! A converter is one file and one line in `converter/mod.rs`: it makes records ([`crate::message::converted`]) or mails of
//! what a platform delivers.

mod attached;
mod converter;
mod faults;
mod file_range;
mod input;
mod options;
mod record;
#[cfg(test)]
#[path = "../../tests/support/shared.rs"]
mod shared;
mod source;
mod sources;
#[cfg(test)]
mod tests;
mod zip_file;

pub use converter::outlook_mail;
pub use file_range::FileRange;
pub use options::{As, Options};
pub use record::{FileAccount, Format, Occurrence, Raw, Rejection, SourceEvent, SourceRecord, Untaken};
#[cfg(feature = "remote")]
pub use source::smtp;
pub use source::{
    Credentials, FolderFile, FolderListing, HostKey, Location, Place, Secret, file_version, list_folder, open_files,
    remote,
};
pub use sources::{Sources, Step, open};

/// Bytes of the largest message that is read into memory; larger ones stay in their file.
pub const LARGE: u64 = 16 << 20;
