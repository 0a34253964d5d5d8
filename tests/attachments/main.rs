//! Text of attachments is found in every format that is read, and whatever keeps it from being read is said.
#![cfg(feature = "cli")]
#![allow(
    clippy::doc_markdown,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::indexing_slicing,
    reason = "files are put together piece by piece"
)]

#[path = "../support/mod.rs"]
mod support;

mod binary_files;
mod doubt;
mod files;
mod formats;
mod holds;
mod hostile;
mod listing;
mod mail;
mod properties;
