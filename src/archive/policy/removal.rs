//! Policies taken out of force, and put in force again.

use crate::archive::Archive;
use crate::archive::rules::behind;
use crate::archive::simulation::Proposal;
use crate::model::{Release, RetentionPolicy, UtcTime};
use crate::retention::{DELAY_DAYS, delay_end};
use crate::store::{Tables, Transaction, put_policy};
use crate::{Error, Result};

impl Archive {
    /// Takes a policy out of force. What it retained stays retained for 30 days more; it no longer deletes.
    /// `without_simulation` is the reason for letting items go earlier without having seen which.
    ///
    /// # Errors
    /// There is none, it is removed already or locked, no reason is given, or something could go earlier by it and that
    /// was not simulated.
    pub fn remove_policy(
        &mut self,
        name: &str,
        reason: &str,
        without_simulation: Option<&str>,
    ) -> Result<RetentionPolicy> {
        if reason.trim().is_empty() {
            return Err(Error::InvalidInput("a removal needs a reason: say --reason \"...\"".to_owned()));
        }
        let policy = self.removable_policy(name)?;
        let ground = self.ground_of_policy(&self.as_removed(&policy, reason)?, without_simulation)?;
        let transaction = self.store.begin()?;
        let ground = self.consented(&transaction, ground)?;
        let policy = self.put_released(&transaction, policy, reason, ground)?;
        transaction.commit()?;
        Ok(policy)
    }

    fn removable_policy(&mut self, name: &str) -> Result<RetentionPolicy> {
        let policy = self.show_policy(name)?;
        if let Some(release) = &policy.released {
            return Err(Error::InvalidInput(format!("policy `{}` was removed on {} already", policy.name, release.at)));
        }
        self.refuse_if_locked(&policy, "be removed")?;
        Ok(policy)
    }

    /// What the removal of a policy would come to, to be simulated.
    pub(in crate::archive) fn proposed_removal(&mut self, name: &str) -> Result<Proposal> {
        let policy = self.removable_policy(name)?;
        Ok(Proposal::of_policy(self.now(), self.as_removed(&policy, "simulated")?.into()))
    }

    fn as_removed(&self, policy: &RetentionPolicy, reason: &str) -> Result<RetentionPolicy> {
        let released = Some(self.release(&self.store.snapshot()?, reason)?);
        Ok(RetentionPolicy { released, ..policy.clone() })
    }

    /// Writes that a policy is out of force.
    pub(in crate::archive) fn put_released(
        &self,
        transaction: &Transaction,
        mut policy: RetentionPolicy,
        reason: &str,
        ground: Option<String>,
    ) -> Result<RetentionPolicy> {
        policy.released = Some(self.release(transaction, reason)?);
        put_policy(transaction, &policy)?;
        let ground = behind(ground);
        let outcome = format!("{} removed; what it retained stays for 30 days; reason: {reason}{ground}", policy.name);
        self.record(transaction, "retention.policy.remove", &policy.id.to_string(), &outcome)?;
        Ok(policy)
    }

    /// A release by whoever acts, now.
    pub(in crate::archive) fn release(&self, tables: &impl Tables, reason: &str) -> Result<Release> {
        Ok(Release { at: self.act_time(tables)?, by: self.session.actor.clone(), reason: reason.to_owned() })
    }

    /// Puts a policy in force again, as if it had never been removed. `without_simulation` is the reason for letting items
    /// go earlier without having seen which.
    ///
    /// # Errors
    /// There is none, it is in force, the 30 days after its removal have ended, no reason is given, or something could go
    /// earlier by it and that was not simulated.
    pub fn reenable_policy(
        &mut self,
        name: &str,
        reason: &str,
        without_simulation: Option<&str>,
    ) -> Result<RetentionPolicy> {
        if reason.trim().is_empty() {
            return Err(Error::InvalidInput("putting a policy in force again needs a reason: say --reason".to_owned()));
        }
        let policy = self.returning_policy(name)?;
        let ground = self.ground_of_policy(&policy, without_simulation)?;
        let transaction = self.store.begin()?;
        let ground = behind(self.consented(&transaction, ground)?);
        put_policy(&transaction, &policy)?;
        let outcome = format!("{} in force again, as if never removed; reason: {reason}{ground}", policy.name);
        self.record(&transaction, "retention.policy.reenable", &policy.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(policy)
    }

    /// A policy that was removed, as it would be in force again.
    fn returning_policy(&mut self, name: &str) -> Result<RetentionPolicy> {
        let mut policy = self.show_policy(name)?;
        let Some(release) = policy.released.take() else {
            return Err(Error::InvalidInput(format!("policy `{}` is in force", policy.name)));
        };
        if self.act_time(&self.store.snapshot()?)? <= delay_end(release.at) {
            return Ok(policy);
        }
        let refusal = format!(
            "policy `{}` was removed on {}, more than {DELAY_DAYS} days ago, and is gone: add another one",
            policy.name, release.at
        );
        self.record_alone("retention.policy.refuse", &policy.id.to_string(), &refusal)?;
        Err(Error::Refused(refusal))
    }

    /// When the delay after a release of this moment ends.
    pub fn end_of_delay(&self) -> UtcTime {
        delay_end(self.now())
    }

    /// What the return of a removed policy would come to, to be simulated.
    pub(in crate::archive) fn proposed_return(&mut self, name: &str) -> Result<Proposal> {
        let policy = self.returning_policy(name)?;
        Ok(Proposal::of_policy(self.now(), policy.into()))
    }
}
