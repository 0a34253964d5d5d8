//! Why an item is kept, by what, and until when.

use serde::Serialize;

use super::Archive;
use super::decide::Judge;
use crate::model::{ItemNo, UtcTime};
use crate::retention::{Effect, Outcome, Reason};
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
        let mut decision = Judge::new(&snapshot, &self.info, now)?.decide(&item);
        decision.reasons.retain(|reason| !matches!(reason.effect, Effect::Resides { until, .. } if until <= now));
        self.record_alone("explain", &no.to_string(), decision.outcome.as_str())?;
        Ok(Explanation { item: no, outcome: decision.outcome, until: decision.until, reasons: decision.reasons })
    }
}
