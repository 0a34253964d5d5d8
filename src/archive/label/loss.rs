//! What an item loses when its label is replaced or taken off.

use crate::Result;
use crate::archive::decide::{Judge, WithoutHolds};
use crate::model::{ItemNo, RetentionLabel, UtcTime};
use crate::retention::{Disposition, RetainUntil};
use crate::store::{ArchiveInfo, Transaction, item};

/// How an item is kept at a time.
pub(super) struct Keeping {
    kept: WithoutHolds,
    as_of: UtcTime,
}

impl Keeping {
    /// How an item is kept as of `as_of`.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn of(transaction: &Transaction, info: &ArchiveInfo, as_of: UtcTime, no: ItemNo) -> Result<Self> {
        let kept = match item(transaction, no)? {
            Some(item) => Judge::of_item(transaction, info, as_of, &item)?.without_holds(&item)?,
            None => WithoutHolds { earliest: Disposition::Never, by_label: RetainUntil::No, may_be_labelled: false },
        };
        Ok(Self { kept, as_of })
    }

    /// Whether it may be meant by a query of a label that nobody can read, or could, and be kept by that.
    pub(super) fn may_be_labelled(&self) -> bool {
        self.kept.may_be_labelled
    }

    /// How it could go earlier by this than by `before`, in words; `None` if it could not.
    pub(super) fn earlier(&self, before: &Self) -> Option<String> {
        let (now, then) = (self.kept.earliest, before.kept.earliest);
        now.may_precede(then, self.as_of).then(|| format!("it could go {now}, and before that {then}"))
    }

    /// What of its label's retention is lost by this, in words; `None` if that surely lasts as long as by `before`.
    pub(super) fn shorter(&self, before: &Self) -> Option<String> {
        let (now, then) = (self.kept.by_label, before.kept.by_label);
        let words = || format!("by its label it would be {}, and before that {}", words(now), words(then));
        (!now.surely_reaches(then, self.as_of)).then(words)
    }
}

/// Who would review an item by `label` in place of those by `before`, in words; `None` if the same, or nobody did.
pub(super) fn other_review(before: &RetentionLabel, label: Option<&RetentionLabel>) -> Option<String> {
    let now = label.map_or(&[][..], |label| &label.review);
    let lost = !before.review.is_empty() && before.review != now;
    let who = if now.is_empty() { "nobody" } else { "others" };
    lost.then(|| format!("{who} would review it in place of those whom label `{}` names", before.name))
}

fn words(retained: RetainUntil) -> String {
    match retained {
        RetainUntil::No => retained.to_string(),
        RetainUntil::At(_) => format!("retained until {retained}"),
        RetainUntil::Event | RetainUntil::Forever => format!("retained {retained}"),
    }
}
