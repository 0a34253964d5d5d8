//! Why an item is kept, by what, and until when.

use serde::Serialize;

use super::Archive;
use super::decide::Judge;
use super::disposition::{Notes, waiting};
use crate::model::{Actor, ItemNo, ReviewNote, UtcTime};
use crate::retention::{Disposition, Effect, Outcome, Reason, RetainUntil};
use crate::store::{item, labels};
use crate::{Error, Result};

/// The decision over one item, with every rule that touches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The item.
    #[serde(serialize_with = "as_text")]
    pub item: ItemNo,
    /// Where it stands now.
    pub outcome: Outcome,
    /// When everything that keeps it has ended; `None` if nobody knows, or nothing does.
    pub until: Option<UtcTime>,
    /// Until when policies and the label retain it: a time, `forever`, `until-event`, or `None` if nothing does.
    pub retain_until: Option<String>,
    /// From when it may be disposed of, as far as known; `None` if never, or if a hold or a review has no known end.
    pub earliest_disposition: Option<UtcTime>,
    /// Each rule that was considered, and its effect.
    pub reasons: Vec<Reason>,
    /// The name of its label.
    pub label: Option<String>,
    /// The review that it waits for.
    pub waits_for: Option<PendingReview>,
    /// What reviewers decided over it, the oldest first.
    pub reviews: Vec<ReviewNote>,
}

/// A stage of a review that has to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PendingReview {
    /// The stage, from 1.
    pub stage: usize,
    /// How many there are.
    pub stages: usize,
    /// Since when the item waits.
    pub since: UtcTime,
    /// Who may decide.
    pub reviewers: Vec<Actor>,
}

fn as_text<S: serde::Serializer>(item: &ItemNo, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(item)
}

impl Archive {
    /// Explains the decision over an item as of now.
    ///
    /// # Errors
    /// There is none, or the store or the index failed.
    pub fn explain(&mut self, no: ItemNo) -> Result<Explanation> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let item = item(&snapshot, no)?.ok_or_else(|| Error::NotFound { what: "item", id: no.to_string() })?;
        let now = self.now();
        let mut judge = Judge::of_item(&snapshot, &self.info, now, &item)?;
        let mut decision = judge.decide(&item)?;
        let waits_for = waiting(&snapshot, &mut judge, &labels(&snapshot)?, no, now)?;
        let notes = Notes::load(&snapshot)?.of(&snapshot, no)?;
        decision.reasons.retain(|reason| !matches!(reason.effect, Effect::Resides { until, .. } if until <= now));
        self.record_alone("explain", &no.to_string(), decision.outcome.as_str())?;
        Ok(Explanation {
            item: no,
            outcome: decision.outcome,
            until: decision.until,
            retain_until: match decision.retain_until {
                RetainUntil::No => None,
                RetainUntil::At(at) => Some(at.to_string()),
                RetainUntil::Event => Some("until-event".to_owned()),
                RetainUntil::Forever => Some("forever".to_owned()),
            },
            earliest_disposition: match decision.earliest {
                Disposition::At(at) => Some(at),
                Disposition::Never | Disposition::Held | Disposition::PendingReview { .. } => None,
            },
            reasons: decision.reasons,
            label: notes.label,
            waits_for: waits_for.map(|waiting| PendingReview {
                stage: waiting.stage,
                stages: waiting.label.review.len(),
                since: waiting.since,
                reviewers: waiting.reviewers,
            }),
            reviews: notes.notes,
        })
    }
}
