//! The shared material, which not every machine has.

use std::path::PathBuf;

/// The folder of shared material; says so where there is none.
pub(crate) fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("CUSTODIA_SHARED").map(PathBuf::from);
    if shared.is_none() {
        skipped("CUSTODIA_SHARED is not set");
    }
    shared
}

/// A folder of its samples; says so where there is none.
#[allow(dead_code, reason = "the binary's tests name their files themselves")]
pub(crate) fn samples(folder: &str) -> Option<PathBuf> {
    let found = shared()?.join("samples").join(folder);
    if !found.is_dir() {
        skipped(&format!("CUSTODIA_SHARED has no samples of {folder}"));
        return None;
    }
    Some(found)
}

/// Says why a test does nothing here.
#[allow(clippy::print_stderr, reason = "the runner of the tests reads it")]
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}
