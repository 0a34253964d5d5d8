//! The program that reads attachments.

use std::path::PathBuf;
use std::time::Duration;

/// The program that reads attachments in a process of its own, and what that may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentProgram {
    /// The program `custodia`, or another that calls [`read_attachment`](super::read_attachment) when its first argument
    /// is `read-attachment`.
    pub path: PathBuf,
    /// Processor time for one attachment, in seconds. By the clock it may take twice as long.
    pub seconds: u64,
    /// Memory for one attachment, in bytes.
    pub memory: u64,
}

impl AttachmentProgram {
    /// `path` with 30 seconds and 1 GiB for each attachment.
    pub fn new(path: PathBuf) -> Self {
        Self { path, seconds: 30, memory: 1 << 30 }
    }

    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs(self.seconds.saturating_mul(2).max(1))
    }
}
