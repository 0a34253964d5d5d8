//! A policy as it applies to an item.

use std::sync::Arc;

use crate::model::{
    MailboxNo, PolicyScope, RetentionAction, RetentionPeriod, RetentionPolicy, RetentionTrigger, UtcTime,
};

use super::delay::delay_end;

/// How narrowly a policy's scope was drawn; decides between deletions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyRank {
    /// All mailboxes, whether or not some are left out.
    OrganisationWide,
    /// Listed mailboxes, or those that a query over attributes finds.
    Explicit,
}

impl PolicyRank {
    /// That of a scope.
    pub fn of(scope: &PolicyScope) -> Self {
        match scope {
            PolicyScope::All { .. } => Self::OrganisationWide,
            PolicyScope::Include(_) | PolicyScope::Adaptive { .. } => Self::Explicit,
        }
    }
}

/// A retention policy that covers the item's mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedPolicy {
    /// The policy's name.
    pub name: Arc<str>,
    /// How narrowly its scope was drawn.
    pub rank: PolicyRank,
    /// What it does.
    pub action: RetentionAction,
    /// For how long, or after how long.
    pub period: RetentionPeriod,
    /// From when.
    pub trigger: RetentionTrigger,
    /// When it was removed, or the mailbox left its scope.
    pub released_at: Option<UtcTime>,
    /// When it was put in force again after the release, as if it had never been off. Before the release, or after the
    /// delay that follows it, this means nothing: a policy is gone then, and another one has to be added.
    pub reenabled_at: Option<UtcTime>,
    /// Whether it may not cover the item at all: not all of the item can be searched, nobody knows who is in its scope, or
    /// its query cannot be read. Then it retains what it would retain, and its deletion can only put off another one.
    pub doubtful: bool,
    /// Why its query cannot be read, if that is why nobody knows whether it covers the item.
    pub unread: Option<Arc<str>>,
}

impl AppliedPolicy {
    /// How `policy` applies to the items of `mailbox`; `None` if its scope does not cover it and never did, or if all it
    /// would do waits to be put in force. A mailbox that left the scope is one that the policy was released for.
    pub fn covering(policy: &RetentionPolicy, mailbox: MailboxNo) -> Option<Self> {
        let (action, left_at) = (policy.action_in_force()?, policy.left_at(mailbox));
        let released_at = policy.released.as_ref().map(|release| release.at);
        (policy.scope.covers(mailbox) || left_at.is_some()).then(|| Self {
            name: policy.name.as_str().into(),
            rank: PolicyRank::of(&policy.scope),
            action,
            period: policy.period,
            trigger: policy.trigger,
            released_at: released_at.into_iter().chain(left_at).min(),
            reenabled_at: None,
            doubtful: policy.scope.is_in_doubt(),
            unread: None,
        })
    }

    /// How it applies to an item that it may or may not cover, because not all of the item can be searched.
    #[must_use]
    pub fn in_doubt(self) -> Self {
        Self { doubtful: true, ..self }
    }

    /// How it applies to an item that it may or may not cover, because its query cannot be read, and `why`.
    #[must_use]
    pub fn unread(self, why: Arc<str>) -> Self {
        Self { doubtful: true, unread: Some(why), ..self }
    }

    /// When it was released, as known at `as_of`; `None` while it is in force or in force again.
    pub(super) fn release_known(&self, as_of: UtcTime) -> Option<UtcTime> {
        let released_at = self.released_at.filter(|&at| at <= as_of)?;
        let grace = released_at..=delay_end(released_at);
        let reenabled = self.reenabled_at.is_some_and(|at| grace.contains(&at) && at <= as_of);
        (!reenabled).then_some(released_at)
    }
}
