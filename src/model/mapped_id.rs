//! An external id and the mailbox that it stands for.

use serde::{Deserialize, Serialize};

use super::{Actor, UtcTime};

/// A row of the archive's mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedId {
    /// The form in which the id is compared; unique in the archive.
    pub key: String,
    /// The id as it was written: a phone number, a user id of a platform, a display name.
    pub id: String,
    /// Address of the mailbox, normalised, whether it is there or not; `None` says not to archive.
    pub mailbox: Option<String>,
    /// When it was imported.
    pub imported_at: UtcTime,
    /// Who imported it.
    pub imported_by: Actor,
}
