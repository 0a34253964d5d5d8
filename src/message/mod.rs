//! Raw bytes to facts, pure: no I/O, no clock.

mod facts;
mod raw;

pub use facts::{AttachmentFacts, Facts};
pub use raw::RawSource;
