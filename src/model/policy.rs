//! Rules that retain and delete.

use serde::{Deserialize, Serialize};

use super::{Actor, Digest, MailboxNo, MessageNo, PolicyId, Release, RetentionPeriod, UtcTime};

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
    /// The mailboxes whose attributes satisfy a query; explicit too.
    Adaptive {
        /// The query over attributes.
        query: String,
        /// The mailboxes that satisfied it when it was last evaluated.
        members: Vec<Member>,
        /// Since when it has found nobody, although there are mailboxes. Then nobody leaves: a mistake in a directory
        /// must not release everything.
        empty_since: Option<UtcTime>,
    },
}

/// A mailbox in an adaptive scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The mailbox.
    pub mailbox: MailboxNo,
    /// Since when.
    pub since: UtcTime,
}

/// A mailbox that left the scope of a policy, which releases the policy for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// The mailbox.
    pub mailbox: MailboxNo,
    /// When; what the policy retained stays for 30 days from then.
    pub at: UtcTime,
}

/// A lock that nobody can take off: the policy may only retain more, for longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreservationLock {
    /// Since when.
    pub at: UtcTime,
    /// Who locked it.
    pub by: Actor,
    /// Why.
    pub reason: String,
}

impl PolicyScope {
    /// Whether it finds nobody at present and goes on covering whom it covered before: some of them may have left it.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self, Self::Adaptive { empty_since: Some(_), .. })
    }

    /// Whether `mailbox` is covered.
    pub fn covers(&self, mailbox: MailboxNo) -> bool {
        match self {
            Self::All { except } => !except.contains(&mailbox),
            Self::Include(mailboxes) => mailboxes.contains(&mailbox),
            Self::Adaptive { members, .. } => members.iter().any(|member| member.mailbox == mailbox),
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
    /// Folders by path, ignoring case, that it covers alone; empty means all.
    pub folders: Vec<String>,
    /// The content search query that what it covers satisfies; `None` means everything.
    pub query: Option<String>,
    /// The last message that the query was evaluated on; what came later counts as not read.
    pub evaluated_through: MessageNo,
    /// Mailboxes that left its scope and are not back in it.
    pub left: Vec<Departure>,
    /// The lock on it, if there is one.
    pub lock: Option<PreservationLock>,
    /// Whether its deletion waits to be put in force; what it retains, it retains meanwhile.
    pub deletion_waits: bool,
    /// The version of the rules of searching that the query was evaluated by; 0 if it is not known.
    pub evaluated_rules: u32,
    /// Why the query cannot be read by the rules of searching that hold now, if it cannot: then nobody knows what it
    /// covers in its mailboxes.
    pub refused: Option<String>,
    /// Digest of the other names by which the directory knew the people of the query when it was evaluated; `None` if it knew
    /// none, or if that is not known.
    pub people: Option<Digest>,
}

impl RetentionPolicy {
    /// Whether folders or a query narrow what it covers of a mailbox.
    pub fn is_narrowed(&self) -> bool {
        !self.folders.is_empty() || self.query.is_some()
    }

    /// What it does now: nothing of the deletion that still waits to be put in force.
    pub fn action_in_force(&self) -> Option<RetentionAction> {
        match (self.deletion_waits, self.action.retains()) {
            (false, _) => Some(self.action),
            (true, true) => Some(RetentionAction::Retain),
            (true, false) => None,
        }
    }

    /// When `mailbox` left its scope, unless it is in it.
    pub fn left_at(&self, mailbox: MailboxNo) -> Option<UtcTime> {
        if self.scope.covers(mailbox) {
            return None;
        }
        self.left.iter().find(|departure| departure.mailbox == mailbox).map(|departure| departure.at)
    }
}
