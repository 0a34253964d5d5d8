//! A label as it applies to an item.

use std::sync::Arc;

use crate::model::{RetentionAction, RetentionPeriod, UtcTime};

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
    /// By how much a reviewer extended the period for this item, counted from its end.
    pub extended_by: Option<RetentionPeriod>,
    /// The review that the label demands before disposition; `None` if it demands none.
    pub review: Option<Review>,
}
