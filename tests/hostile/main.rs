//! Bad input, misuse, damage and a full disk end in a clear error with the right exit code, and nothing is lost.
#![cfg(feature = "cli")]

mod damage;
mod disk;
mod lock;
mod messages;
mod sources;
#[path = "../support/mod.rs"]
mod support;
mod usage;
