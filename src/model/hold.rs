//! Orders to preserve.

use serde::{Deserialize, Serialize};

use super::{Actor, CaseId, Digest, Folder, HoldId, MailboxNo, MessageNo, RetentionPeriod, UtcTime};

/// What a hold covers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HoldScope {
    /// The mailboxes; `None` means all, later ones included.
    pub mailboxes: Option<Vec<MailboxNo>>,
    /// The folders by path, ignoring case; empty means all. Subfolders are not included.
    pub folders: Vec<String>,
    /// The content search query that narrows it; `None` means every item of the locations.
    pub query: Option<String>,
    /// The first instant of the range of dates that narrows it, by when a message was received, else sent.
    pub from: Option<UtcTime>,
    /// The first instant after that range.
    pub before: Option<UtcTime>,
}

impl HoldScope {
    /// Whether a query or a range of dates narrows it, so that messages have to be searched for.
    pub fn is_narrowed(&self) -> bool {
        self.query.is_some() || self.from.is_some() || self.before.is_some()
    }

    /// Whether `mailbox` is among the locations.
    pub fn covers_mailbox(&self, mailbox: MailboxNo) -> bool {
        self.mailboxes.as_ref().is_none_or(|mailboxes| mailboxes.contains(&mailbox))
    }

    /// Whether `folder` is among the locations.
    pub fn covers_folder(&self, folder: &Folder) -> bool {
        let same = |path: &String| *path == folder.path || path.to_lowercase() == folder.path.to_lowercase();
        self.covers_mailbox(folder.mailbox) && (self.folders.is_empty() || self.folders.iter().any(same))
    }
}

/// How a hold, or a part of it, ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// When; the delay of 30 days starts here.
    pub at: UtcTime,
    /// By whom.
    pub by: Actor,
    /// Why.
    pub reason: String,
}

/// How far the messages that a narrowed scope covers are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldEvaluation {
    /// The set of messages that match.
    pub set: u64,
    /// The last message that was looked at; whatever came later is held until it is.
    pub through: MessageNo,
    /// Version of the rules of searching that they were found by.
    pub rules: u32,
    /// Digest of the other names by which the directory knew the people of the query; `None` if it knew none, or if that is
    /// not known.
    pub people: Option<Digest>,
}

/// A scope that a hold had before it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerScope {
    /// What it covered.
    pub scope: HoldScope,
    /// Its matches.
    pub evaluation: HoldEvaluation,
    /// The change; what no longer matches stays held for the delay from then on.
    pub ended: Release,
    /// How the delay was ended early.
    pub delay_ended: Option<Release>,
}

/// An order that suspends disposition for a scope. Released, never deleted; beats every policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// Its name, unique in the archive.
    pub name: String,
    /// The case that it belongs to; a litigation hold belongs to none.
    pub case: Option<CaseId>,
    /// What it covers.
    pub scope: HoldScope,
    /// Whether it covers the custodians of the case, later ones included.
    pub follows_custodians: bool,
    /// Mailboxes of `scope` that it covers because their person is a custodian of the case.
    pub custodians: Vec<MailboxNo>,
    /// For how long it holds each item, counted from the item's own date; `None` until it is released.
    pub duration: Option<RetentionPeriod>,
    /// Date of the hold as somebody stated it: information only, the hold starts at `on_since`.
    pub stated_date: Option<UtcTime>,
    /// Who answers for it; may be empty.
    pub owner: String,
    /// For the people concerned; may be empty.
    pub comment: String,
    /// Where they can read more; may be empty.
    pub url: String,
    /// Why it was placed.
    pub reason: String,
    /// When it was placed, or drafted.
    pub placed_at: UtcTime,
    /// By whom.
    pub placed_by: Actor,
    /// Since when it holds; `None` while it is a draft.
    pub on_since: Option<UtcTime>,
    /// How it ended; `None` while it is on.
    pub released: Option<Release>,
    /// How the delay after the release was ended early.
    pub delay_ended: Option<Release>,
    /// How far its matches are known.
    pub evaluation: HoldEvaluation,
    /// What it covered before it was changed, the oldest first.
    pub former: Vec<FormerScope>,
}
