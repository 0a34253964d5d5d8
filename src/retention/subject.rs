//! What is judged.

use crate::model::{Item, UtcTime};

use super::delay::days_after;
use super::{AppliedHold, AppliedLabel, AppliedPolicy, PossibleLabel};

/// The instants of an item that rules count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemTimes {
    /// When it was received, else sent, else captured.
    pub created: UtcTime,
    /// When it was last modified; `None` if it never was, which counts as created.
    pub modified: Option<UtcTime>,
    /// When this archive took it in.
    pub captured: UtcTime,
}

impl ItemTimes {
    /// When the item was last modified, or else created.
    pub fn modified_or_created(&self) -> UtcTime {
        self.modified.unwrap_or(self.created)
    }
}

impl From<&Item> for ItemTimes {
    /// An archived item is never modified.
    fn from(item: &Item) -> Self {
        Self { created: item.created_at, modified: None, captured: item.captured_at }
    }
}

/// An item with everything that applies to it. Rules that do not cover its mailbox are left out.
///
/// To judge many items of one mailbox, keep one subject and change what differs: `times`,
/// `partially_indexed`, `label`, and whether each hold matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its instants.
    pub times: ItemTimes,
    /// Whether a part of it could not be indexed, so that a query may miss it.
    pub partially_indexed: bool,
    /// The policies that cover its mailbox, released ones included.
    pub policies: Vec<AppliedPolicy>,
    /// Its label.
    pub label: Option<AppliedLabel>,
    /// Labels that it may have to carry and does not, of which nobody knows.
    pub possible_labels: Vec<PossibleLabel>,
    /// The holds on its mailbox, released ones included.
    pub holds: Vec<AppliedHold>,
    /// The archive's minimum residence: days after capture in which nothing may be disposed of.
    pub residence_days: u32,
}

impl Subject {
    /// An item that no rule applies to yet but the minimum residence of `residence_days` days.
    pub fn new(times: ItemTimes, residence_days: u32) -> Self {
        Self {
            times,
            partially_indexed: false,
            policies: Vec::new(),
            label: None,
            possible_labels: Vec::new(),
            holds: Vec::new(),
            residence_days,
        }
    }

    /// The first instant at which the minimum residence no longer forbids disposition.
    pub fn residence_end(&self) -> UtcTime {
        days_after(self.times.captured, self.residence_days)
    }
}
