//! What of a policy can be changed: its period, the mailboxes of its scope, and a query that cannot be read.

use roaring::RoaringTreemap;

use crate::archive::Archive;
use crate::archive::narrowing::known_through;
use crate::archive::rules::behind;
use crate::archive::simulation::{DraftMatches, DraftPolicy, Proposal};
use crate::model::{Departure, MailboxNo, PolicyScope, RetentionAction, RetentionPeriod, RetentionPolicy, UtcTime};
use crate::store::{MessageSet, Snapshot, Transaction, last_message, load_set, mailboxes, put_policy};
use crate::{Error, Result};

use super::definition::{find, in_words};
use super::members::depart;
use super::query::put_matches;

/// What changes of a policy; `None` and empty leave it as it is. Its name, its action, from when it counts, and what
/// narrows it are fixed, but for a query that cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyChange {
    /// The new period; applies to what is covered already, too.
    pub period: Option<RetentionPeriod>,
    /// The query in place of one that cannot be read.
    pub query: Option<String>,
    /// Why; recorded, and needed for the query of a locked policy.
    pub reason: String,
    /// Addresses of mailboxes that it covers too.
    pub include: Vec<String>,
    /// Addresses of mailboxes that it no longer covers, of those that were included.
    pub remove_include: Vec<String>,
    /// Addresses of mailboxes left out.
    pub exclude: Vec<String>,
    /// Addresses of mailboxes no longer left out.
    pub remove_exclude: Vec<String>,
}

/// A change with its mailboxes found.
struct Found {
    add: Vec<MailboxNo>,
    take: Vec<MailboxNo>,
}

impl Archive {
    /// Changes a policy. A mailbox that leaves its scope is one that the policy is released for: what it retained stays
    /// for 30 days more. `without_simulation` is the reason for letting items go earlier without having seen which.
    ///
    /// # Errors
    /// There is none, it was removed, a lock forbids it, a mailbox does not exist, the last included mailbox would be
    /// taken away, its query can be read and is fixed, nothing changes, or something could go earlier and that was not
    /// simulated. For the query of a locked policy a reason is needed, and that exactly this was simulated.
    pub fn change_policy(
        &mut self,
        name: &str,
        change: &PolicyChange,
        without_simulation: Option<&str>,
    ) -> Result<RetentionPolicy> {
        if change.query.is_some() {
            self.catch_up(&mut |_, _| {})?;
        }
        self.read_rule_queries()?;
        let snapshot = self.store.snapshot()?;
        let (old, DraftPolicy { policy, matches }) = self.changed_policy(&snapshot, name, change)?;
        let ground = if mended_under_lock(&old, &policy, change)? {
            Some(self.ground_of_lock(&policy, without_simulation)?)
        } else {
            self.ground_of_policy(&policy, without_simulation)?
        };
        let transaction = self.store.begin()?;
        let ground = self.consented(&transaction, ground)?;
        let draft = DraftPolicy { policy, matches };
        self.put_changed(&transaction, &old, &draft, &change.reason, ground)?;
        transaction.commit()?;
        Ok(draft.policy)
    }

    /// Writes a policy as it is after a change.
    pub(in crate::archive) fn put_changed(
        &self,
        transaction: &Transaction,
        old: &RetentionPolicy,
        new: &DraftPolicy,
        reason: &str,
        ground: Option<String>,
    ) -> Result<()> {
        let DraftPolicy { policy, matches } = new;
        put_policy(transaction, policy)?;
        if let Some(matches) = matches {
            let known = load_set(transaction, MessageSet::PolicyMatches(policy.id))?;
            put_matches(transaction, policy.id, &matches.found, &((known | &matches.unread) - &matches.found))?;
        }
        let (before, after, why) = (in_words(old), in_words(policy), because(old, policy, reason));
        let outcome = format!("from {before} to {after}{why}{}", behind(ground));
        self.record(transaction, "retention.policy.change", &policy.id.to_string(), &outcome).map(drop)
    }

    /// The policy as it is, and as it would be with the change.
    fn changed_policy(
        &mut self,
        snapshot: &Snapshot,
        name: &str,
        change: &PolicyChange,
    ) -> Result<(RetentionPolicy, DraftPolicy)> {
        let old = self.show_policy(name)?;
        if let Some(release) = &old.released {
            return Err(Error::InvalidInput(format!("policy `{}` was removed on {}", old.name, release.at)));
        }
        let mut policy = old.clone();
        if let Some(period) = change.period {
            policy.period = period;
        }
        if policy.action == RetentionAction::Delete && policy.period == RetentionPeriod::Unlimited {
            return Err(Error::InvalidInput("a policy that deletes needs a period that ends".to_owned()));
        }
        change_scope(snapshot, &mut policy, change)?;
        let matches = match &change.query {
            Some(query) => self.mend_query(snapshot, &mut policy, query)?,
            None => None,
        };
        if policy == old {
            return Err(Error::InvalidInput(format!("nothing of policy `{}` would change", old.name)));
        }
        self.admit_change(snapshot, &old, &mut policy)?;
        Ok((old, DraftPolicy { policy, matches }))
    }

    /// Gives a policy another query in place of one that cannot be read; returns what it matches. What the policy was taken to
    /// cover meanwhile stays in doubt, so that nothing is free at once. Whoever can send a mail can make a query stand for
    /// too much: under a lock that is no ground for another one.
    pub(in crate::archive) fn mend_query(
        &mut self,
        snapshot: &Snapshot,
        policy: &mut RetentionPolicy,
        query: &str,
    ) -> Result<Option<DraftMatches>> {
        if policy.refused.is_none() {
            return Err(Error::InvalidInput(format!(
                "what narrows policy `{}` is fixed: add another one, and remove this one; only a query that cannot be \
                 read can be mended",
                policy.name
            )));
        }
        if !self.is_refused_by_language(policy) {
            self.refuse_if_locked(policy, "get another query, for its own only stands for too much at present")?;
        }
        let mut unread = RoaringTreemap::new();
        unread.insert_range(known_through(policy).0 + 1..=last_message(snapshot)?.0);
        (policy.query, policy.refused) = (Some(query.to_owned()), None);
        let matches = self.first_policy_matches(snapshot, policy)?;
        Ok(matches.map(|matches| DraftMatches { unread: matches.unread | &unread, ..matches }))
    }

    /// Refuses what a lock forbids of a change, and notes which mailboxes leave the scope.
    pub(in crate::archive) fn admit_change(
        &mut self,
        snapshot: &Snapshot,
        old: &RetentionPolicy,
        new: &mut RetentionPolicy,
    ) -> Result<()> {
        if let Some(weaker) = weaker(snapshot, old, new)? {
            self.refuse_if_locked(old, weaker)?;
        }
        note_departures(snapshot, old, new, self.act_time(snapshot)?)
    }

    /// What `change` of a policy would come to, to be simulated.
    pub(in crate::archive) fn proposed_change(&mut self, name: &str, change: &PolicyChange) -> Result<Proposal> {
        let snapshot = self.store.snapshot()?;
        let (_, mut draft) = self.changed_policy(&snapshot, name, change)?;
        draft.policy.deletion_waits = false;
        Ok(Proposal::of_policy(self.now(), draft))
    }
}

/// Whether a locked policy gets another query in place of one that cannot be read: the one thing by which it may come to
/// cover less than it was taken to, so that nothing may be missing.
fn mended_under_lock(old: &RetentionPolicy, new: &RetentionPolicy, change: &PolicyChange) -> Result<bool> {
    let mended = old.lock.is_some() && old.query != new.query;
    if mended && change.reason.trim().is_empty() {
        let text = format!("policy `{}` is locked: say with --reason why it gets this query", old.name);
        return Err(Error::InvalidInput(text));
    }
    Ok(mended)
}

/// The part of an audit entry that says why.
fn because(old: &RetentionPolicy, new: &RetentionPolicy, reason: &str) -> String {
    let unread = old.refused.as_ref().filter(|_| old.query != new.query);
    let unread = unread.map(|why| format!("; the query before could not be read: {why}"));
    let lock = if unread.is_some() && old.lock.is_some() { "; the policy is locked, and stays so" } else { "" };
    let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
    let reason = reason.map(|reason| format!("; reason: {reason}"));
    format!("{}{lock}{}", unread.unwrap_or_default(), reason.unwrap_or_default())
}

fn change_scope(snapshot: &Snapshot, policy: &mut RetentionPolicy, change: &PolicyChange) -> Result<()> {
    let include = Found { add: find(snapshot, &change.include)?, take: find(snapshot, &change.remove_include)? };
    let exclude = Found { add: find(snapshot, &change.exclude)?, take: find(snapshot, &change.remove_exclude)? };
    let none = |found: &Found| found.add.is_empty() && found.take.is_empty();
    let refuse = |why: &str| Err(Error::InvalidInput(format!("policy `{}` {why}", policy.name)));
    match &mut policy.scope {
        PolicyScope::All { except } if none(&include) => apply(except, &exclude),
        PolicyScope::Include(mailboxes) if none(&exclude) => {
            apply(mailboxes, &include);
            if mailboxes.is_empty() {
                return refuse("would cover nobody without its last mailbox: remove the policy instead");
            }
        }
        PolicyScope::Adaptive { .. } if none(&include) && none(&exclude) => {}
        PolicyScope::All { .. } => return refuse("covers all mailboxes: leave some out with --exclude"),
        PolicyScope::Include(_) => return refuse("covers listed mailboxes: change the list with --include"),
        PolicyScope::Adaptive { .. } => return refuse("covers whoever its query finds: change their attributes"),
    }
    Ok(())
}

fn apply(list: &mut Vec<MailboxNo>, found: &Found) {
    list.extend(&found.add);
    list.sort_unstable();
    list.dedup();
    list.retain(|mailbox| !found.take.contains(mailbox));
}

/// What a lock forbids of the change from `old` to `new`, as the end of "cannot ...".
fn weaker(snapshot: &Snapshot, old: &RetentionPolicy, new: &RetentionPolicy) -> Result<Option<&'static str>> {
    if !new.period.is_never_shorter_than(old.period) {
        return Ok(Some("be shortened"));
    }
    let lost = !leaving(snapshot, old, new)?.is_empty();
    Ok(lost.then_some("lose mailboxes"))
}

fn leaving(snapshot: &Snapshot, old: &RetentionPolicy, new: &RetentionPolicy) -> Result<Vec<MailboxNo>> {
    let all = mailboxes(snapshot)?.into_iter().map(|mailbox| mailbox.no);
    Ok(all.filter(|&no| old.scope.covers(no) && !new.scope.covers(no)).collect())
}

fn note_departures(snapshot: &Snapshot, old: &RetentionPolicy, new: &mut RetentionPolicy, at: UtcTime) -> Result<()> {
    let gone = leaving(snapshot, old, new)?;
    let back: Vec<MailboxNo> = new.left.iter().map(|Departure { mailbox, .. }| *mailbox).collect();
    let back: Vec<MailboxNo> = back.into_iter().filter(|&no| new.scope.covers(no)).collect();
    depart(&mut new.left, &gone, &back, at);
    Ok(())
}
