//! Contents of messages: written once, read back bit for bit.

mod compress;
mod part;
mod read;
mod remove;
mod write;

pub use part::part_references;
pub use read::ContentReader;
pub use write::{ContentWriter, NewMessage, PartSource, PreparedSegment};

pub(super) use remove::{Removal, remove_message};
