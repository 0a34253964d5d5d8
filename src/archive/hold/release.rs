//! Releases of holds, and the delay after them.

use super::consent::no_delay;
use super::place::require_reason;
use super::{HoldReport, find, in_delay};
use crate::archive::Archive;
use crate::archive::approval::ControlledObject;
use crate::model::{ControlledAct, Hold, Release};
use crate::store::{Tables, Transaction, put_hold};
use crate::{Error, Result};

impl Archive {
    /// Releases a hold. What it covered stays held for 30 days more.
    ///
    /// # Errors
    /// There is none, it is released already, no reason is given, or the consent of a second person is needed and
    /// missing.
    pub fn release_hold(&mut self, name: &str, reason: &str) -> Result<HoldReport> {
        require_reason("a release", reason)?;
        self.settle()?;
        let transaction = self.store.begin()?;
        let mut hold = find(&transaction, name)?;
        if let Some(release) = &hold.released {
            return Err(Error::InvalidInput(format!("hold `{}` was released on {} already", hold.name, release.at)));
        }
        // A draft holds nothing that its release could free.
        if hold.on_since.is_some() {
            self.require_approval(&transaction, ControlledAct::HoldRelease, ControlledObject::hold(&hold)?)?;
        }
        let items = self.release_within(&transaction, &mut hold, reason)?;
        self.record(&transaction, "hold.release", &hold.id.to_string(), &items)?;
        let report = self.report(&transaction, hold)?;
        transaction.commit()?;
        Ok(report)
    }

    /// Releases a hold within `transaction`; says what that means, for the audit log.
    pub(in crate::archive) fn release_within(
        &self,
        transaction: &Transaction,
        hold: &mut Hold,
        reason: &str,
    ) -> Result<String> {
        hold.released = Some(self.release_now(transaction, reason)?);
        put_hold(transaction, hold)?;
        let report = self.report(transaction, hold.clone())?;
        Ok(match hold.on_since {
            Some(_) => format!("released; {} items stay held for 30 days; reason: {reason}", report.kept_items()),
            None => format!("a draft, which held nothing, is given up; reason: {reason}"),
        })
    }

    /// Ends the delays of a hold that are running: what is held by them alone is free at once.
    ///
    /// # Errors
    /// There is none, no delay of it is running, no reason is given, or the consent of a second person is needed and
    /// missing.
    pub fn end_hold_delay(&mut self, name: &str, reason: &str) -> Result<HoldReport> {
        require_reason("ending the delay", reason)?;
        self.settle()?;
        let transaction = self.store.begin()?;
        let mut hold = find(&transaction, name)?;
        let object = ControlledObject::hold(&hold)?;
        let (now, ended) = (self.now(), self.release_now(&transaction, reason)?);
        let mut running = false;
        let own = hold.released.as_mut().map(|release| (release, &mut hold.delay_ended));
        let former = hold.former.iter_mut().map(|former| (&mut former.ended, &mut former.delay_ended));
        for (release, delay_ended) in own.into_iter().chain(former) {
            if in_delay(release, delay_ended.as_ref(), now) {
                // A clock that was ahead may have dated it after its end.
                release.at = release.at.min(ended.at);
                *delay_ended = Some(ended.clone());
                running = true;
            }
        }
        if !running || hold.on_since.is_none() {
            return Err(no_delay(&hold));
        }
        self.require_approval(&transaction, ControlledAct::HoldEndDelay, object)?;
        put_hold(&transaction, &hold)?;
        let object = hold.id.to_string();
        self.record(&transaction, "hold.end-delay", &object, &format!("the delay ends now; reason: {reason}"))?;
        let report = self.report(&transaction, hold)?;
        transaction.commit()?;
        Ok(report)
    }

    /// A release by whoever acts, dated now.
    pub(in crate::archive) fn release_now(&self, tables: &impl Tables, reason: &str) -> Result<Release> {
        Ok(Release { at: self.act_time(tables)?, by: self.session.actor.clone(), reason: reason.to_owned() })
    }
}
