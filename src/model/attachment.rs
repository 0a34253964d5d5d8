//! What a message carries beside its text.

use serde::{Deserialize, Serialize};

use super::Digest;

/// One attachment, as the message declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name as declared; empty if none is.
    pub name: String,
    /// Media type in lower case, `application/octet-stream` if none is declared.
    pub media_type: String,
    /// Size after transfer decoding, in bytes.
    pub bytes: u64,
    /// Digest of the decoded bytes.
    pub digest: Digest,
}
