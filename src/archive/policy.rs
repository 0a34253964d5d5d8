//! Retention policies: added, listed, removed.

use super::Archive;
use super::mailboxes::find_mailbox;
use super::named::find_named;
use crate::model::{
    MailboxNo, PolicyId, PolicyScope, Release, RetentionAction, RetentionPeriod, RetentionPolicy, RetentionTrigger,
};
use crate::store::{Snapshot, policies, put_policy};
use crate::{Error, Result};

/// A policy to be added.
#[derive(Debug, Clone)]
pub struct NewPolicy {
    /// Its name, unique in the archive.
    pub name: String,
    /// What it does.
    pub action: RetentionAction,
    /// For how long, or after how long.
    pub period: RetentionPeriod,
    /// From when.
    pub trigger: RetentionTrigger,
    /// Addresses of the mailboxes that it covers; empty means all.
    pub include: Vec<String>,
    /// Addresses of mailboxes left out; only without `include`.
    pub exclude: Vec<String>,
}

impl Archive {
    /// Puts a policy in force.
    ///
    /// # Errors
    /// The name is taken, a mailbox does not exist, both `include` and `exclude` are given, or it deletes after an
    /// unlimited period.
    pub fn add_policy(&mut self, new: &NewPolicy) -> Result<RetentionPolicy> {
        if new.name.trim().is_empty() {
            return Err(Error::InvalidInput("a retention policy needs a name".to_owned()));
        }
        if new.action == RetentionAction::Delete && new.period == RetentionPeriod::Unlimited {
            return Err(Error::InvalidInput("a policy that deletes needs a period that ends".to_owned()));
        }
        let snapshot = self.store.snapshot()?;
        if policies(&snapshot)?.iter().any(|policy| policy.name == new.name) {
            return Err(Error::AlreadyExists { what: "retention policy", id: new.name.clone() });
        }
        let policy = RetentionPolicy {
            id: PolicyId(self.new_id("policy", &new.name)),
            name: new.name.clone(),
            scope: scope(&snapshot, new)?,
            action: new.action,
            period: new.period,
            trigger: new.trigger,
            added_at: self.act_time(&snapshot)?,
            added_by: self.session.actor.clone(),
            released: None,
        };
        let transaction = self.store.begin()?;
        put_policy(&transaction, &policy)?;
        let outcome = format!("{} {} {}", policy.name, policy.action.as_str(), policy.period);
        self.record(&transaction, "retention.policy.add", &policy.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(policy)
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

    /// Takes a policy out of force. What it retained stays retained for 30 days more; it no longer deletes.
    ///
    /// # Errors
    /// There is none, it is removed already, or no reason is given.
    pub fn remove_policy(&mut self, name: &str, reason: &str) -> Result<RetentionPolicy> {
        if reason.trim().is_empty() {
            return Err(Error::InvalidInput("a removal needs a reason: say --reason \"...\"".to_owned()));
        }
        let mut policy = self.show_policy(name)?;
        if let Some(release) = &policy.released {
            return Err(Error::InvalidInput(format!("policy `{}` was removed on {} already", policy.name, release.at)));
        }
        let transaction = self.store.begin()?;
        let at = self.act_time(&transaction)?;
        policy.released = Some(Release { at, by: self.session.actor.clone(), reason: reason.to_owned() });
        put_policy(&transaction, &policy)?;
        let outcome = format!("{} removed; what it retained stays for 30 days; reason: {reason}", policy.name);
        self.record(&transaction, "retention.policy.remove", &policy.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(policy)
    }
}

fn scope(snapshot: &Snapshot, new: &NewPolicy) -> Result<PolicyScope> {
    let find = |addresses: &[String]| -> Result<Vec<MailboxNo>> {
        addresses.iter().map(|address| find_mailbox(snapshot, address)).collect()
    };
    match (new.include.as_slice(), new.exclude.as_slice()) {
        ([], exclude) => Ok(PolicyScope::All { except: find(exclude)? }),
        (include, []) => Ok(PolicyScope::Include(find(include)?)),
        _ => Err(Error::InvalidInput(
            "a policy covers listed mailboxes, or all but listed ones: say either --include or --exclude".to_owned(),
        )),
    }
}
