//! Rules that retain and delete.

use serde::{Deserialize, Serialize};

use super::{Actor, MailboxNo, PolicyId, Release, RetentionPeriod, UtcTime};

/// What a policy does to the items in its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RetentionAction {
    /// Keeps them until the period ends, and leaves them then.
    #[serde(rename = "retain")]
    Retain,
    /// Deletes them when the period ends, and keeps nothing from being deleted before.
    #[serde(rename = "delete")]
    Delete,
    /// Keeps them until the period ends, and deletes them then.
    #[serde(rename = "retain+delete")]
    RetainAndDelete,
}

impl RetentionAction {
    /// Whether it retains.
    pub fn retains(self) -> bool {
        matches!(self, Self::Retain | Self::RetainAndDelete)
    }

    /// Whether it deletes.
    pub fn deletes(self) -> bool {
        matches!(self, Self::Delete | Self::RetainAndDelete)
    }

    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retain => "retain",
            Self::Delete => "delete",
            Self::RetainAndDelete => "retain+delete",
        }
    }
}

/// Which mailboxes a policy covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicyScope {
    /// All mailboxes, later and inactive ones included, but for those listed.
    All {
        /// Mailboxes left out.
        except: Vec<MailboxNo>,
    },
    /// The mailboxes listed. An explicit scope beats an organisation-wide one when both delete.
    Include(Vec<MailboxNo>),
}

impl PolicyScope {
    /// Whether `mailbox` is covered.
    pub fn covers(&self, mailbox: MailboxNo) -> bool {
        match self {
            Self::All { except } => !except.contains(&mailbox),
            Self::Include(mailboxes) => mailboxes.contains(&mailbox),
        }
    }
}

/// From when a retention period is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum RetentionTrigger {
    /// When the item was received or sent.
    #[default]
    Created,
    /// When it was last modified; an archived item never is, so this equals `Created` for it.
    Modified,
}

/// A rule on a scope of mailboxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionPolicy {
    /// Its id.
    pub id: PolicyId,
    /// Its name, unique in the archive.
    pub name: String,
    /// Which mailboxes it covers.
    pub scope: PolicyScope,
    /// What it does.
    pub action: RetentionAction,
    /// For how long, or after how long.
    pub period: RetentionPeriod,
    /// From when.
    pub trigger: RetentionTrigger,
    /// When it was added.
    pub added_at: UtcTime,
    /// By whom.
    pub added_by: Actor,
    /// How it was removed; its retention lasts 30 days longer. `None` while it is in force.
    pub released: Option<Release>,
}
