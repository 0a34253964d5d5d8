//! A hold as it applies to an item.

use std::sync::Arc;

use crate::model::{FormerScope, Hold, RetentionPeriod, UtcTime};

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
    /// Whether it counts as satisfying the query only because nobody knows yet whether it does.
    pub unevaluated: bool,
    /// For how long it holds each item, counted from the item's creation; `None` without end.
    pub duration: Option<RetentionPeriod>,
    /// When it was released.
    pub released_at: Option<UtcTime>,
    /// When the delay after the release was ended early; an instant before the release counts as
    /// the release.
    pub delay_removed_at: Option<UtcTime>,
}

impl AppliedHold {
    /// How `hold`, as its scope is now, applies to an item in one of its locations; `matches` says whether the item
    /// satisfies what narrows it. `None` for a draft, which holds nothing.
    pub fn of(hold: &Hold, matches: bool) -> Option<Self> {
        Some(Self {
            name: hold.name.as_str().into(),
            from: hold.on_since?,
            has_query: hold.scope.is_narrowed(),
            matches,
            unevaluated: false,
            duration: hold.duration,
            released_at: hold.released.as_ref().map(|release| release.at),
            delay_removed_at: hold.delay_ended.as_ref().map(|ended| ended.at),
        })
    }

    /// How `hold` still applies to an item in one of the locations that it had before it was changed: as released then.
    pub fn of_former(hold: &Hold, former: &FormerScope, matches: bool) -> Option<Self> {
        let applied = Self::of(hold, matches)?;
        let released_at = applied.released_at.map_or(former.ended.at, |at| at.min(former.ended.at));
        let delay_removed_at = former.delay_ended.as_ref().or(hold.delay_ended.as_ref()).map(|ended| ended.at);
        let has_query = former.scope.is_narrowed();
        Some(Self { has_query, released_at: Some(released_at), delay_removed_at, ..applied })
    }

    /// Whether it covers the item. What is only partially indexed is covered by every query, a
    /// query over dates alone included: what could not be read might have matched.
    pub(super) fn covers(&self, partially_indexed: bool) -> bool {
        !self.has_query || self.matches || partially_indexed
    }
}
