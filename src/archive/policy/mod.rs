//! Retention policies: added, listed, changed, locked, removed.

mod change;
mod definition;
mod members;
mod query;
mod removal;

#[cfg(test)]
mod tests;

use super::Archive;
use super::named::find_named;
use super::rules::{behind, schedule_with};
use super::simulation::{DraftPolicy, Proposal};
use crate::index::RULES;
use crate::model::{MessageNo, PolicyId, PreservationLock, RetentionPolicy};
use crate::store::{MessageSet, Snapshot, Transaction, policies, put_policy, replace_set};
use crate::{Error, Result};

pub use change::PolicyChange;
pub use definition::{NewPolicy, NewScope};

impl Archive {
    /// Puts a policy in force. If it deletes, and that was neither simulated nor is there a reason for doing
    /// `without_simulation`, or a second person has to consent first, its deletion waits until [`Archive::enable_policy`].
    ///
    /// # Errors
    /// The name is taken, a mailbox does not exist, a query is refused, an adaptive scope covers nobody, it deletes after
    /// an unlimited period, or the reason is empty.
    pub fn add_policy(&mut self, new: &NewPolicy, without_simulation: Option<&str>) -> Result<RetentionPolicy> {
        self.catch_up(&mut |_, _| {})?;
        let snapshot = self.store.snapshot()?;
        let mut draft = self.draft_policy(&snapshot, new)?;
        let mut ground = None;
        match self.ground(&snapshot, &schedule_with(&snapshot, &draft.policy)?, without_simulation) {
            Ok(found) => ground = found,
            Err(Error::Refused(_)) => draft.policy.deletion_waits = true,
            Err(other) => return Err(other),
        }
        let transaction = self.store.begin()?;
        let ground = match self.consented(&transaction, ground) {
            Err(Error::Refused(_)) if without_simulation.is_none() => {
                draft.policy.deletion_waits = true;
                None
            }
            consented => consented?,
        };
        self.put_draft(&transaction, &draft, ground)?;
        transaction.commit()?;
        Ok(draft.policy)
    }

    /// What a policy that is not there yet would come to, to be simulated.
    pub(super) fn proposed_policy(&mut self, new: &NewPolicy) -> Result<Proposal> {
        Ok(Proposal::of_policy(self.now(), self.draft_policy(&self.store.snapshot()?, new)?))
    }

    /// Writes a policy that is not there yet.
    pub(super) fn put_draft(
        &self,
        transaction: &Transaction,
        draft: &DraftPolicy,
        ground: Option<String>,
    ) -> Result<()> {
        let DraftPolicy { policy, matches } = draft;
        if let Some(matches) = matches {
            replace_set(transaction, MessageSet::PolicyMatches(policy.id), &matches.found)?;
        }
        put_policy(transaction, policy)?;
        let waits = if policy.deletion_waits { "; its deletion waits" } else { "" };
        let outcome = format!("{}{waits}{}", definition::in_words(policy), behind(ground));
        self.record(transaction, "retention.policy.add", &policy.id.to_string(), &outcome)?;
        Ok(())
    }

    /// A policy that is not there yet, with what its query matches. The index must be current.
    pub(super) fn draft_policy(&self, snapshot: &Snapshot, new: &NewPolicy) -> Result<DraftPolicy> {
        new.check()?;
        if policies(snapshot)?.iter().any(|policy| policy.name == new.name) {
            return Err(Error::AlreadyExists { what: "retention policy", id: new.name.clone() });
        }
        let at = self.act_time(snapshot)?;
        let mut policy = RetentionPolicy {
            id: PolicyId(self.new_id("policy", &new.name)),
            name: new.name.clone(),
            scope: new.scope.resolve(snapshot, at)?,
            action: new.action,
            period: new.period,
            trigger: new.trigger,
            added_at: at,
            added_by: self.session.actor.clone(),
            released: None,
            folders: new.folders.clone(),
            query: new.query.clone(),
            evaluated_through: MessageNo(0),
            left: Vec::new(),
            lock: None,
            deletion_waits: false,
            evaluated_rules: RULES,
            refused: None,
            people: None,
        };
        let matches = self.first_policy_matches(snapshot, &mut policy)?;
        Ok(DraftPolicy { policy, matches })
    }

    /// Puts the deletion of a policy in force.
    ///
    /// # Errors
    /// There is none, it was removed, its deletion does not wait, it was not simulated within the last seven days and no
    /// reason is given.
    pub fn enable_policy(&mut self, name: &str, without_simulation: Option<&str>) -> Result<RetentionPolicy> {
        let policy = self.enabled_policy(name)?;
        let ground = self.ground_of_policy(&policy, without_simulation)?;
        let transaction = self.store.begin()?;
        let ground = self.consented(&transaction, ground)?;
        put_policy(&transaction, &policy)?;
        let outcome = format!("deletion of {} in force{}", definition::in_words(&policy), behind(ground));
        self.record(&transaction, "retention.policy.enable", &policy.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(policy)
    }

    /// A policy whose deletion waits, as it would be with it in force.
    fn enabled_policy(&self, name: &str) -> Result<RetentionPolicy> {
        let policy = self.show_policy(name)?;
        if let Some(release) = &policy.released {
            return Err(Error::InvalidInput(format!("policy `{}` was removed on {}", policy.name, release.at)));
        }
        if !policy.deletion_waits {
            let text = format!("no deletion of policy `{}` waits to be put in force", policy.name);
            return Err(Error::InvalidInput(text));
        }
        Ok(RetentionPolicy { deletion_waits: false, ..policy })
    }

    /// What the deletion of a policy would come to, to be simulated.
    pub(super) fn proposed_deletion(&mut self, name: &str) -> Result<Proposal> {
        Ok(Proposal::of_policy(self.now(), self.enabled_policy(name)?.into()))
    }

    /// All policies, removed ones included, in the order of adding.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_policies(&self) -> Result<Vec<RetentionPolicy>> {
        let mut all = policies(&self.store.snapshot()?)?;
        all.sort_by_key(|policy| (policy.added_at, policy.id));
        Ok(all)
    }

    /// One policy, by name, id, or unique prefix of its id.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn show_policy(&self, name: &str) -> Result<RetentionPolicy> {
        find_named("retention policy", self.list_policies()?, name, |policy| (&policy.name, policy.id))
    }

    /// Locks a policy for good: from now on it can only retain more, for longer.
    ///
    /// # Errors
    /// There is none, it is removed or locked already, its scope is adaptive, its query cannot be read, or no reason is
    /// given.
    pub fn lock_policy(&mut self, name: &str, reason: &str) -> Result<RetentionPolicy> {
        if reason.trim().is_empty() {
            return Err(Error::InvalidInput("a lock needs a reason: say --reason \"...\"".to_owned()));
        }
        self.settle()?;
        let mut policy = self.show_policy(name)?;
        let refuse = |why: &str| Err(Error::InvalidInput(format!("policy `{}` cannot be locked: {why}", policy.name)));
        if policy.lock.is_some() {
            return refuse("it is locked already");
        }
        if policy.released.is_some() {
            return refuse("it was removed");
        }
        if matches!(policy.scope, crate::model::PolicyScope::Adaptive { .. }) {
            return refuse("its scope is adaptive, and whoever changes an attribute would change what it retains");
        }
        if let Some(why) = &policy.refused {
            return refuse(&format!(
                "nobody knows what it retains, for its query cannot be read ({why}): mend that first"
            ));
        }
        let transaction = self.store.begin()?;
        let at = self.act_time(&transaction)?;
        policy.lock = Some(PreservationLock { at, by: self.session.actor.clone(), reason: reason.to_owned() });
        put_policy(&transaction, &policy)?;
        let outcome = format!("{} locked for good; reason: {reason}", policy.name);
        self.record(&transaction, "retention.policy.lock", &policy.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(policy)
    }

    /// Refuses what a lock forbids, and records that it was tried.
    pub(super) fn refuse_if_locked(&mut self, policy: &RetentionPolicy, what: &str) -> Result<()> {
        let Some(lock) = &policy.lock else { return Ok(()) };
        let refusal = format!(
            "policy `{}` is locked since {} and cannot {what}; it can be lengthened and cover more",
            policy.name, lock.at
        );
        self.record_alone("retention.policy.refuse", &policy.id.to_string(), &refusal)?;
        Err(Error::Refused(refusal))
    }
}
