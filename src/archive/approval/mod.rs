//! Dual control: acts that free or destroy something need the consent of a second person, given before.

mod object;

use super::{Archive, hold::require_reason, shell_word::shell_word};
use crate::model::{ControlledAct, UtcTime};
use crate::store::{Approval, Transaction, approvals, dual_control, put_approval, remove_approval, set_dual_control};
use crate::{Error, Result};

pub(super) use object::{ControlledObject, carried_state, labelling_name, labelling_state};

/// For how long a consent can be used, in milliseconds: 7 days.
const VALID: i64 = 7 * 24 * 3600 * 1000;

/// A consent that was given, and what its object is in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenApproval {
    /// The consent.
    pub approval: Approval,
    /// Such as "hold `Smith v. Firm`".
    pub what: String,
}

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
            let this = ControlledObject::fixed(&self.info.id);
            self.require_approval(&transaction, ControlledAct::DualControlOff, this)?;
        }
        set_dual_control(&transaction, on)?;
        let outcome = format!("dual control is {}; reason: {reason}", if on { "on" } else { "off" });
        self.record(&transaction, "dual-control.set", &self.info.id, &outcome)?;
        transaction.commit()
    }

    /// Consents to an act that somebody else is about to do, on each of `objects`. These are names or ids of holds or
    /// cases, changes of holds that were refused (`HOLD:DIGEST`), digests of rules that were simulated, items, labels with
    /// items and what those are about (`LABEL:ITEM=ASSET`), a plan's digest or file, or the archive's name or id; a unique
    /// prefix of an id or digest is enough, and the archive need not be named. Consent is to the object as it is now.
    ///
    /// # Errors
    /// No reason is given, there is no such object, or the store failed.
    pub fn approve(&mut self, act: ControlledAct, objects: &[String], reason: &str) -> Result<Vec<GivenApproval>> {
        require_reason("an approval", reason)?;
        let transaction = self.store.begin()?;
        let named =
            if objects.is_empty() { vec![None] } else { objects.iter().map(|object| Some(&**object)).collect() };
        let given = named.into_iter().map(|object| self.approve_one(&transaction, act, object, reason));
        let given = given.collect::<Result<Vec<GivenApproval>>>()?;
        transaction.commit()?;
        Ok(given)
    }

    fn approve_one(
        &self,
        transaction: &Transaction,
        act: ControlledAct,
        object: Option<&str>,
        reason: &str,
    ) -> Result<GivenApproval> {
        let (ControlledObject { name, state }, what) = self.object_of(transaction, act, object)?;
        let approval = Approval {
            action: act.as_str().to_owned(),
            object: name,
            by: self.session.actor.clone(),
            at: self.act_time(transaction)?,
            reason: reason.to_owned(),
            state,
            clock: Some(self.now()),
        };
        put_approval(transaction, &approval)?;
        self.record(transaction, "approval.give", &approval.object, &format!("{act} of {what}; reason: {reason}"))?;
        Ok(GivenApproval { approval, what })
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

    /// Uses up the consents to an act, where dual control is on; returns the oldest.
    ///
    /// # Errors
    /// There is none, it is too old, or whoever acts gave it.
    pub(super) fn require_approval(
        &self,
        transaction: &Transaction,
        act: ControlledAct,
        object: ControlledObject,
    ) -> Result<Option<Approval>> {
        Ok(self.require_approvals(transaction, act, &[object])?.pop())
    }

    /// Uses up the consents to an act on each of `objects`, where dual control is on; returns the oldest to each.
    ///
    /// # Errors
    /// There is none to one of them as it is now, it is too old, or whoever acts gave it.
    pub(super) fn require_approvals(
        &self,
        transaction: &Transaction,
        act: ControlledAct,
        objects: &[ControlledObject],
    ) -> Result<Vec<Approval>> {
        if objects.is_empty() || !dual_control(transaction)? {
            return Ok(Vec::new());
        }
        let (now, given) = (self.act_time(transaction)?, approvals(transaction)?);
        let (mut used, mut missing, mut changed) = (Vec::new(), Vec::new(), false);
        for object in objects {
            let to_this = |given: &&Approval| given.action == act.as_str() && given.object == object.name;
            let usable = |given: &&Approval| self.is_usable(act, given, now);
            let as_it_is = |given: &&Approval| given.state == object.state;
            let by_others = || given.iter().filter(to_this).filter(usable);
            if let Some(approval) = by_others().filter(as_it_is).min_by_key(|given| given.at) {
                used.push(approval.clone());
            } else {
                changed |= by_others().next().is_some();
                missing.push(shell_word(&object.name));
            }
            given.iter().filter(to_this).try_for_each(|given| remove_approval(transaction, given))?;
        }
        if missing.is_empty() {
            return Ok(used);
        }
        let why =
            if changed { "what was approved has changed since" } else { "nobody else has approved this within 7 days" };
        Err(Error::Refused(format!(
            "dual control is on, and {why}: a second person has to say `custodia approval give {act} {} --reason \
             \"...\"` first",
            missing.join(" ")
        )))
    }

    /// Whether somebody else gave a consent, not too long before `now`.
    fn is_usable(&self, act: ControlledAct, given: &Approval, now: UtcTime) -> bool {
        // What time it is, is what the second person agreed to: the clock must not have been set since.
        let by_this_clock = given.clock.is_some_and(|clock| {
            let since = self.now().0.saturating_sub(clock.0);
            (0..VALID).contains(&since)
        });
        !given.by.is_same_person(&self.session.actor)
            && now < Self::approval_valid_until(given)
            && (act != ControlledAct::ClockCorrect || by_this_clock)
    }
}
