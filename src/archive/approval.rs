//! Dual control: acts that free or destroy something need the consent of a second person, given before.

use super::{Archive, hold::require_reason};
use crate::model::UtcTime;
use crate::store::{
    Approval, Transaction, approval, approvals, dual_control, put_approval, set_dual_control, use_approval,
};
use crate::{Error, Result};

/// For how long a consent can be used, in milliseconds: 7 days.
const VALID: i64 = 7 * 24 * 3600 * 1000;

/// The act of turning dual control off.
const OFF: &str = "dual-control.off";

impl Archive {
    /// Whether acts that free or destroy something need the consent of a second person.
    ///
    /// # Errors
    /// The store failed.
    pub fn dual_control(&self) -> Result<bool> {
        dual_control(&self.store.snapshot()?)
    }

    /// Turns dual control on or off; off needs consent itself.
    ///
    /// # Errors
    /// No reason is given, consent is missing, or the store failed.
    pub fn set_dual_control(&mut self, on: bool, reason: &str) -> Result<()> {
        require_reason("changing dual control", reason)?;
        let transaction = self.store.begin()?;
        if !on {
            self.require_approval(&transaction, OFF, &self.info.id)?;
        }
        set_dual_control(&transaction, on)?;
        let outcome = format!("dual control is {}; reason: {reason}", if on { "on" } else { "off" });
        self.record(&transaction, "dual-control.set", &self.info.id, &outcome)?;
        transaction.commit()
    }

    /// Consents to an act that somebody else is about to do. `object` is an id, or the digest of a plan.
    ///
    /// # Errors
    /// No reason is given, or the store failed.
    pub fn approve(&mut self, action: &str, object: &str, reason: &str) -> Result<Approval> {
        require_reason("an approval", reason)?;
        let transaction = self.store.begin()?;
        let given = Approval {
            action: action.to_owned(),
            object: object.to_owned(),
            by: self.session.actor.clone(),
            at: self.act_time(&transaction)?,
            reason: reason.to_owned(),
        };
        put_approval(&transaction, &given)?;
        self.record(&transaction, "approval.give", object, &format!("{action}; reason: {reason}"))?;
        transaction.commit()?;
        Ok(given)
    }

    /// Consents that were not used, the oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_approvals(&self) -> Result<Vec<Approval>> {
        let mut all = approvals(&self.store.snapshot()?)?;
        all.sort_by_key(|approval| approval.at);
        Ok(all)
    }

    /// Until when a consent can be used.
    pub fn approval_valid_until(given: &Approval) -> UtcTime {
        UtcTime(given.at.0.saturating_add(VALID))
    }

    /// Uses up the consent to an act, where dual control is on; returns it.
    ///
    /// # Errors
    /// There is none, it is too old, or whoever acts gave it.
    pub(super) fn require_approval(
        &self,
        transaction: &Transaction,
        action: &str,
        object: &str,
    ) -> Result<Option<Approval>> {
        if !dual_control(transaction)? {
            return Ok(None);
        }
        let given = approval(transaction, action, object)?;
        let now = self.act_time(transaction)?;
        let usable = given.filter(|given| given.by != self.session.actor && now < Self::approval_valid_until(given));
        let Some(given) = usable else {
            return Err(Error::Refused(format!(
                "dual control is on, and nobody else has approved this within 7 days: a second person has to say \
                 `custodia approval give {action} {object} --reason \"...\"` first"
            )));
        };
        use_approval(transaction, action, object)?;
        Ok(Some(given))
    }
}
