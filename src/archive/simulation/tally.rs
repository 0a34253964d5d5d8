//! Counts of a simulation, by what they are counted by.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike as _;
use serde::Serialize;

use crate::model::{MailboxNo, UtcTime};
use crate::retention::{Decision, Disposition, Outcome};

/// Counts of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// All items.
    pub items: u64,
    /// Items that may be disposed of.
    pub eligible: u64,
    /// Items that retention, a delay or a guard keeps, or that nothing deletes.
    pub kept: u64,
    /// Items that a hold keeps.
    pub held: u64,
    /// Of the kept ones, those that wait for a disposition review.
    pub review: u64,
}

impl Counts {
    /// Counts an item with the decision over it as of `as_of`.
    pub(in crate::archive) fn count(&mut self, decision: &Decision, as_of: UtcTime) {
        self.items += 1;
        match decision.outcome {
            Outcome::Eligible => self.eligible += 1,
            Outcome::Kept => {
                self.kept += 1;
                self.review += u64::from(decision.review_since.is_some_and(|since| since <= as_of));
            }
            Outcome::Held => self.held += 1,
        }
    }

    fn add(&mut self, other: Self) {
        let Self { items, eligible, kept, held, review } = other;
        self.items += items;
        self.eligible += eligible;
        self.kept += kept;
        self.held += held;
        self.review += review;
    }
}

/// What is counted of one set of rules.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: Counts,
    pub(super) mailboxes: BTreeMap<MailboxNo, Counts>,
    pub(super) policies: BTreeMap<Arc<str>, Counts>,
    /// Items by the month since the year 0 in which they can be disposed of at the earliest, as far as that is known.
    pub(super) months: BTreeMap<i64, u64>,
    /// Items that are due but for a hold, by its name.
    pub(super) conflicts: BTreeMap<Arc<str>, u64>,
}

impl Tally {
    pub(super) fn count(&mut self, mailbox: MailboxNo, decision: &Decision, as_of: UtcTime) {
        self.counts.count(decision, as_of);
        self.mailboxes.entry(mailbox).or_default().count(decision, as_of);
        if let Some(rule) = &decision.deleted_by {
            match self.policies.get_mut(rule) {
                Some(counts) => counts.count(decision, as_of),
                None => self.policies.entry(Arc::clone(rule)).or_default().count(decision, as_of),
            }
        }
        if let Disposition::At(at) = decision.earliest {
            *self.months.entry(month(at)).or_default() += 1;
        }
    }
}

impl Tally {
    /// Adds what was counted of other items.
    pub(super) fn add(&mut self, other: Self) {
        self.counts.add(other.counts);
        for (mailbox, counts) in other.mailboxes {
            self.mailboxes.entry(mailbox).or_default().add(counts);
        }
        for (rule, counts) in other.policies {
            self.policies.entry(rule).or_default().add(counts);
        }
        for (month, items) in other.months {
            *self.months.entry(month).or_default() += items;
        }
        for (hold, items) in other.conflicts {
            *self.conflicts.entry(hold).or_default() += items;
        }
    }
}

fn month(at: UtcTime) -> i64 {
    let date = at.to_chrono();
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// `2027-01`.
pub(super) fn month_name(month: i64) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}
