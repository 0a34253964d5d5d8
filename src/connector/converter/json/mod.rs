//! JSON that others wrote: files of any size taken apart record by record, damaged text mended, and members read whatever
//! their types are.

mod fields;
mod members;
mod parse;
mod readable;
mod record_file;
mod scanner;
mod split;
mod time;

pub(super) use fields::{items, number, plain, shown, strings, text};
pub(super) use members::Members;
pub(super) use parse::{Parsed, Verbatim, parse, parse_verbatim};
pub(super) use readable::readable;
pub(super) use record_file::{MAX_RECORD, Next, RecordFile};
pub(super) use scanner::{Piece, Scanner};
pub(super) use split::keys;
pub(super) use time::{time, time_of, time_text};
