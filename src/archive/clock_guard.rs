//! Distrust of the clock: whoever moves it ahead could end every retention at once.

use super::clock_correction::jump_over;
use super::{Archive, Session};
use crate::model::UtcTime;
use crate::store::{Act, Tables, append_audit, clock_in_doubt, last_audit_time, set_clock_in_doubt};
use crate::{Error, Result};

/// How far the clock may be ahead of the newest audit entry, in milliseconds: 7 days, well below the 30 days of a delay
/// or of the usual minimum residence, which a jump would end. A clock further ahead was probably set wrong, or the
/// archive lay unused; a person has to say which.
const LEAD: i64 = 7 * 24 * 3600 * 1000;

/// Whether the clock has moved further since the entry before than an archive in use ever shows.
pub(super) fn jumped(now: UtcTime, last: UtcTime) -> bool {
    now.0.saturating_sub(last.0) > LEAD
}

impl Archive {
    /// Confirms, after the archive lay unused for more than 7 days, that the clock is right.
    ///
    /// # Errors
    /// The clock is behind the newest audit entry, no reason is given, or the store failed.
    pub fn confirm_clock(&mut self, reason: &str) -> Result<UtcTime> {
        if reason.trim().is_empty() {
            return Err(Error::InvalidInput("a confirmation needs a reason: say --reason \"...\"".to_owned()));
        }
        let now = self.now();
        let transaction = self.store.begin()?;
        if let Some(last) = last_audit_time(&transaction)?.filter(|last| now < *last) {
            return Err(behind(&transaction, now, last)?);
        }
        self.record(&transaction, "clock.confirm", &now.to_string(), reason)?;
        set_clock_in_doubt(&transaction, false)?;
        transaction.commit()?;
        Ok(now)
    }

    /// Refuses while the clock cannot be believed. To be called before anything else is recorded; the refusal is recorded
    /// with the time of the entry before it.
    pub(super) fn check_clock(&self, action: &str, object: &str) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let Some(last) = last_audit_time(&snapshot)? else { return Ok(()) };
        let now = self.now();
        let refusal = if now < last {
            behind(&snapshot, now, last)?
        } else if jumped(now, last) || clock_in_doubt(&snapshot)? {
            Error::Refused(format!(
                "the clock says {now} and has jumped ahead by more than 7 days since the archive was used before: if it \
                 is right, say so with `custodia audit confirm-clock --reason \"...\"`"
            ))
        } else {
            return Ok(());
        };
        let Session { actor, purpose, .. } = &self.session;
        let transaction = self.store.begin()?;
        append_audit(&transaction, last, &Act { actor, action, object, purpose, outcome: &refusal.to_string() })?;
        transaction.commit()?;
        Err(refusal)
    }
}

/// The refusal of a clock that says `now`, before the newest entry.
fn behind(tables: &impl Tables, now: UtcTime, last: UtcTime) -> Result<Error> {
    if jump_over(tables, now)?.is_none() {
        return Ok(set_back(now, last));
    }
    Ok(Error::Refused(format!(
        "the clock says {now}, before the newest audit entry ({last}), to which it had jumped: if it is right now and was \
         ahead then, say so with `custodia audit correct-clock --reason \"...\"`; else set it right"
    )))
}

/// The refusal of a clock that was never seen to jump over `now`.
pub(super) fn set_back(now: UtcTime, last: UtcTime) -> Error {
    Error::Refused(format!(
        "the clock says {now}, before the newest audit entry ({last}), and the log does not show that it was ahead: set it \
         right, or wait until it has passed that time"
    ))
}
