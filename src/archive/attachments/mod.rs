//! Text of attachments, read where a parser can do no harm.
//!
//! Plain text, HTML, contacts and appointments are read at once. For every other format the message is stored as
//! partially indexed, its attachments not yet read; after the commit, and before any search or decision, each of them is
//! read by a process of its own ([`AttachmentProgram`]) with a limit of time and memory. A crash, a hang or a bomb costs
//! that process and becomes a reason; the message stays partially indexed then. Only when the index has the text is the
//! message marked as fully indexed, in one transaction with the holds that it matches.

mod large;
mod process;
mod program;
mod quick;
mod unpack;
mod unread;
mod whole;
mod worker;

pub use program::AttachmentProgram;
pub use worker::{FAULT_VARIABLE, read_attachment};

pub(super) use large::{Files, large_facts, reduced_facts};
pub(super) use quick::Quick;
pub(super) use unread::{Stale, is_unread};
pub(super) use whole::Whole;

/// The reason of a message whose attachments are still to be read.
const NOT_READ_YET: &str = "not_read_yet";

/// Messages and files inside of each other that are read.
const DEPTH_LIMIT: usize = 30;

/// Attachments of one message that are read, those of attached messages included.
const FILE_LIMIT: usize = 250;

/// Largest attachment that is read, in bytes.
const SIZE_LIMIT: u64 = 150 << 20;

/// Files inside of one attachment that are read.
const MEMBER_LIMIT: usize = 10_000;

/// Bytes that one attachment may unpack to.
const ROOM: u64 = 256 << 20;
