//! Events that labels count from.

use crate::archive::Archive;
use crate::model::{RetentionEvent, UtcTime};
use crate::store::{insert_retention_event, retention_events};
use crate::{Error, Result};

/// An event to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Its type, such as `contract-end`.
    pub kind: String,
    /// To what it happened, as labelled items name it.
    pub asset: String,
    /// When it happened.
    pub at: UtcTime,
}

impl Archive {
    /// Records an event. The period of every label that waits for this type begins on its date, for items about this
    /// asset; nothing is eligible before the recording. Of several events the last one counts.
    ///
    /// # Errors
    /// The type or the asset is empty, or the store failed.
    pub fn record_event(&mut self, new: &NewEvent) -> Result<RetentionEvent> {
        if new.kind.trim().is_empty() || new.asset.trim().is_empty() {
            return Err(Error::InvalidInput("an event needs a type and the id of an asset".to_owned()));
        }
        let transaction = self.store.begin()?;
        let event = RetentionEvent {
            no: 0,
            kind: new.kind.clone(),
            asset: new.asset.clone(),
            at: new.at,
            recorded_at: self.act_time(&transaction)?,
            recorded_by: self.session.actor.clone(),
        };
        let event = insert_retention_event(&transaction, event)?;
        let outcome = format!("{} of {} on {}", event.kind, event.asset, event.at);
        self.record(&transaction, "retention.event.record", &event.no.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(event)
    }

    /// All events, in the order of recording.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_events(&self) -> Result<Vec<RetentionEvent>> {
        retention_events(&self.store.snapshot()?)
    }
}
