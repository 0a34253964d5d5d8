//! Orders to preserve.

use serde::{Deserialize, Serialize};

use super::{Actor, HoldId, MailboxNo, MessageNo, UtcTime};

/// What a hold covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldScope {
    /// The mailboxes; `None` means all, later ones included.
    pub mailboxes: Option<Vec<MailboxNo>>,
    /// The content search query that narrows it; `None` means every item of the mailboxes.
    pub query: Option<String>,
}

/// How a hold ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// When; the delay of 30 days starts here.
    pub at: UtcTime,
    /// By whom.
    pub by: Actor,
    /// Why.
    pub reason: String,
}

/// An order that suspends disposition for a scope. Released, never deleted; beats every policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// Its name, unique in the archive.
    pub name: String,
    /// What it covers.
    pub scope: HoldScope,
    /// Why it was placed.
    pub reason: String,
    /// When it was placed.
    pub placed_at: UtcTime,
    /// By whom.
    pub placed_by: Actor,
    /// How it ended; `None` while it is on.
    pub released: Option<Release>,
    /// For a query hold: the last message that its query was evaluated on.
    pub evaluated_through: MessageNo,
}
