//! Legal cases.

use serde::{Deserialize, Serialize};

use super::{Actor, CaseId, MailboxNo, Release, UtcTime};

/// A person in scope of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custodian {
    /// The person's mailbox.
    pub mailbox: MailboxNo,
    /// When the person was added.
    pub added_at: UtcTime,
    /// By whom.
    pub added_by: Actor,
    /// How the person was released; `None` while in scope.
    pub released: Option<Release>,
}

/// A legal matter: holds and custodians that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its name, unique among cases that are not deleted.
    pub name: String,
    /// What it is about; may be empty.
    pub description: String,
    /// When it was created.
    pub created_at: UtcTime,
    /// By whom.
    pub created_by: Actor,
    /// Everybody who is or was in scope, in the order of adding.
    pub custodians: Vec<Custodian>,
    /// How it was closed; `None` while it is open.
    pub closed: Option<Release>,
    /// How it was deleted; a deleted case is kept and no longer listed.
    pub deleted: Option<Release>,
}
