//! Why an item is kept, by what, and until when.

use serde::Serialize;

use super::Archive;
use super::decide::Judge;
use crate::model::{ItemNo, UtcTime};
use crate::retention::{Disposition, Effect, Outcome, Reason, RetainUntil};
use crate::store::item;
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
        let mut decision = Judge::of_item(&snapshot, &self.info, now, &item)?.decide(&item)?;
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
        })
    }
}
