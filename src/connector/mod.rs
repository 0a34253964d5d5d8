//! Sources: what files hold, turned into raw messages. Never touches the store.
//!
//! [`open`] walks the files and folders given, then yields their messages one after the other, in the same order on
//! every machine. What is no message is reported with a reason, never passed over in silence:
//! - symbolic links inside of folders are not followed, because they may lead anywhere and back; one given as an
//!   argument is.
//! - folders whose name starts with a dot (`.git`, `.notmuch`) are passed over with a count of what they hold, unless
//!   they are Maildir folders or given as an argument; so is an archive of this program, and `tmp` of a Maildir.
//! - compressed files and formats not read yet are named, with what to do.

mod file_range;
mod magic;
mod maildir;
mod mbox;
mod messages;
mod options;
mod record;
mod single;
mod sniff;
mod sources;
#[cfg(test)]
mod tests;
mod utf7;
mod walk;

pub use file_range::FileRange;
pub use options::{As, Options};
pub use record::{Format, Raw, Rejection, SourceEvent, SourceRecord};
pub use sources::{Sources, open};

/// Bytes of the largest message that is read into memory; larger ones stay in their file.
pub const LARGE: u64 = 16 << 20;
