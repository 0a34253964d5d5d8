//! A label as it applies to an item.

use std::sync::Arc;

use crate::model::{RetentionAction, RetentionPeriod, UtcTime};

use super::Extension;

/// The occurrence that an event-based label waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedEvent {
    /// When it happened, as recorded; may lie far in the past.
    pub at: UtcTime,
    /// When it was recorded. Nothing is disposed of before, however early the event was.
    pub recorded_at: UtcTime,
}

/// From when a label's period is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelTrigger {
    /// When the item was created.
    Created,
    /// When it was last modified.
    Modified,
    /// When the label was applied.
    Labelled(UtcTime),
    /// When an event happened; `None` until one is recorded.
    Event(Option<RecordedEvent>),
    /// When the period of the label before it ends.
    Succession,
}

/// Where a disposition review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Review {
    /// When the last stage approved the disposition.
    pub approved_at: Option<UtcTime>,
}

/// The retention label on the item; an item has one at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedLabel {
    /// The label's name.
    pub name: Arc<str>,
    /// What it does.
    pub action: RetentionAction,
    /// For how long, or after how long.
    pub period: RetentionPeriod,
    /// From when.
    pub trigger: LabelTrigger,
    /// How reviewers extended the period for this item.
    pub extension: Option<Extension>,
    /// The review that the label demands before disposition; `None` if it demands none.
    pub review: Option<Review>,
    /// The label that takes its place when its period ends. Until then this one retains, so that judging by both at
    /// once comes to the same as judging by the one whose time it is.
    pub next: Option<Box<AppliedLabel>>,
}

/// A label that the item does not carry, and that its query may yet set on it: nobody knows, for that cannot be read, or
/// the one of an older label cannot, which comes first; or that a query before its own may have set on it, which could not be
/// read. It retains what it would retain if it was set, and its deletion can only put off another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PossibleLabel {
    /// The label, as it would apply.
    pub label: AppliedLabel,
    /// Why nobody knows.
    pub why: Arc<str>,
}

impl AppliedLabel {
    /// The label, and those that take its place one after the other.
    pub(super) fn succession(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |label| label.next.as_deref())
    }

    /// The last of them: the one that decides whether the item is deleted.
    pub(super) fn last(&self) -> &Self {
        self.succession().last().unwrap_or(self)
    }
}
