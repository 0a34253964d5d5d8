//! JSON that others wrote: files of any size read piece by piece, damaged text mended, and members that nobody knows made
//! readable.

mod members;
mod parse;
mod readable;
mod scanner;
mod time;

pub(super) use members::Members;
pub(super) use parse::{Parsed, parse};
pub(super) use readable::readable;
pub(super) use scanner::{Piece, Scanner};
pub(super) use time::{time_of, time_text};

/// Bytes of the longest value that is held in memory (64 MiB).
pub(super) const MAX_VALUE: u64 = 64 << 20;
