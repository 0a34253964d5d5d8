//! The partition of the archive.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FolderNo, MailboxNo, UtcTime};

/// The partition for one person or shared address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Its number.
    pub no: MailboxNo,
    /// Primary address, normalised; unique in the archive.
    pub address: String,
    /// Display name; empty if none is set.
    pub display_name: String,
    /// Other addresses, normalised; each unique in the archive.
    pub aliases: Vec<String>,
    /// Phone numbers, E.164 digits without plus; each unique in the archive.
    pub phones: Vec<String>,
    /// Free attributes, such as `department` and `country`.
    pub attributes: BTreeMap<String, String>,
    /// Whether the person is still there. An inactive mailbox stays searchable and keeps its rules.
    pub active: bool,
    /// When it was created.
    pub created_at: UtcTime,
}

/// A named path inside a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its number.
    pub no: FolderNo,
    /// The mailbox that it is in.
    pub mailbox: MailboxNo,
    /// Its path, levels separated by `/`.
    pub path: String,
}
