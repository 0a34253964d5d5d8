//! Reasons as rules find them.

use super::Reason;

/// The reasons of one decision, or nothing, where only the decision itself counts: who judges a million items to count
/// them has no use for a million lists.
pub(super) struct Reasons(Option<Vec<Reason>>);

impl Reasons {
    /// Keeps the reasons.
    pub(super) fn kept() -> Self {
        Self(Some(Vec::new()))
    }

    /// Makes none.
    pub(super) fn ignored() -> Self {
        Self(None)
    }

    /// Adds a reason.
    pub(super) fn add(&mut self, reason: impl FnOnce() -> Reason) {
        if let Some(list) = &mut self.0 {
            list.push(reason());
        }
    }

    /// The reasons, those that decided first.
    pub(super) fn into_list(self) -> Vec<Reason> {
        let mut list = self.0.unwrap_or_default();
        list.sort_by_key(|reason| !reason.rule.decides());
        list
    }
}
