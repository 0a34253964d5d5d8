//! A hold as it applies to an item.

use std::sync::Arc;

use crate::model::{Hold, MailboxNo, RetentionPeriod, UtcTime};

/// A hold on the item's mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedHold {
    /// The hold's name.
    pub name: Arc<str>,
    /// When it was placed.
    pub from: UtcTime,
    /// Whether a query narrows it; else it covers every item of the mailbox.
    pub has_query: bool,
    /// Whether the item, or its family, satisfies the query; means nothing without one.
    pub matches: bool,
    /// For how long it holds each item, counted from the item's creation; `None` without end.
    pub duration: Option<RetentionPeriod>,
    /// When it was released.
    pub released_at: Option<UtcTime>,
    /// When the delay after the release was ended early; an instant before the release counts as
    /// the release.
    pub delay_removed_at: Option<UtcTime>,
}

impl AppliedHold {
    /// How `hold` applies to an item of `mailbox` that satisfies its query or not; `None` if its
    /// scope does not cover the mailbox.
    pub fn covering(hold: &Hold, mailbox: MailboxNo, matches: bool) -> Option<Self> {
        let covered = hold.scope.mailboxes.as_ref().is_none_or(|mailboxes| mailboxes.contains(&mailbox));
        covered.then(|| Self::of(hold, matches))
    }

    /// How `hold` applies to an item of a mailbox that its scope is known to cover.
    pub fn of(hold: &Hold, matches: bool) -> Self {
        Self {
            name: hold.name.as_str().into(),
            from: hold.placed_at,
            has_query: hold.scope.query.is_some(),
            matches,
            duration: None,
            released_at: hold.released.as_ref().map(|release| release.at),
            delay_removed_at: None,
        }
    }

    /// Whether it covers the item. What is only partially indexed is covered by every query, a
    /// query over dates alone included: what could not be read might have matched.
    pub(super) fn covers(&self, partially_indexed: bool) -> bool {
        !self.has_query || self.matches || partially_indexed
    }
}
