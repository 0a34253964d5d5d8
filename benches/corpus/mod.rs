//! Messages to measure with, made from a seed: the same seed gives the same bytes on every machine.
//!
//! What drives the cost of an archive is as in business mail and chat: words fall off like Zipf's law, sizes are
//! log-normal with a long tail, few people write most of it, one mail in twenty carries a file, and one in ten is a
//! copy that came another way.

mod chat;
mod library;
mod mail;
mod people;
mod random;
mod words;

pub(crate) use chat::{records, records_from};
pub(crate) use library::{Library, empty_library, fill, library_in, write};
pub(crate) use mail::mails;
pub(crate) use words::{COMMON, PHRASE, PREFIX, RARE};

/// The seed of every measurement.
pub(crate) const SEED: u64 = 0x00c0_57d1_a5ee_d001;

/// Instant from which messages are dated, in seconds since the epoch: 2024-01-01T00:00:00Z.
const EPOCH: i64 = 1_704_067_200;

/// Seconds over which they are spread: two years.
const SPAN: i64 = 2 * 365 * 86_400;
