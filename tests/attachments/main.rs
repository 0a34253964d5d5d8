//! Text of attachments is found in every format that is read, and whatever keeps it from being read is said.
#![cfg(feature = "cli")]

#[path = "../support/mod.rs"]
mod support;

mod binary_files;
mod files;
mod formats;
mod holds;
mod hostile;
mod mail;
