//! The mailboxes of adaptive scopes, followed as attributes change.

use std::collections::BTreeSet;

use crate::archive::Archive;
use crate::model::{Departure, MailboxNo, Member, PolicyScope, RetentionPolicy, UtcTime};
use crate::people::AttributeQuery;
use crate::store::{Tables, mailboxes, policies, put_policy};
use crate::{Error, Result};

/// The mailboxes that satisfy a query over attributes when a policy begins.
pub(super) fn first(tables: &impl Tables, query: &str, at: UtcTime) -> Result<Vec<Member>> {
    let found = satisfying(tables, query)?;
    if found.is_empty() {
        return Err(Error::InvalidInput(format!("no mailbox satisfies `{query}`, so the policy would cover nobody")));
    }
    Ok(found.into_iter().map(|mailbox| Member { mailbox, since: at }).collect())
}

fn satisfying(tables: &impl Tables, query: &str) -> Result<BTreeSet<MailboxNo>> {
    let parsed = AttributeQuery::parse(query).map_err(Error::InvalidInput)?;
    Ok(mailboxes(tables)?.iter().filter(|mailbox| parsed.matches(mailbox)).map(|mailbox| mailbox.no).collect())
}

impl Archive {
    /// Evaluates every adaptive scope; who joins and who leaves is recorded with the date.
    ///
    /// # Errors
    /// The store failed.
    pub fn evaluate_adaptive_scopes(&mut self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let at = self.act_time(&snapshot)?;
        let mut changed = Vec::new();
        for mut policy in policies(&snapshot)? {
            let PolicyScope::Adaptive { query, .. } = &policy.scope else { continue };
            if policy.released.is_some() {
                continue;
            }
            // A query that cannot be read finds nobody, and nobody leaves.
            let found = match satisfying(&snapshot, query) {
                Err(Error::InvalidInput(_)) => BTreeSet::new(),
                found => found?,
            };
            if let Some(outcome) = follow(&mut policy, &found, at) {
                changed.push((policy, outcome));
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        for (policy, outcome) in changed {
            put_policy(&transaction, &policy)?;
            self.record(&transaction, "retention.policy.scope", &policy.id.to_string(), &outcome)?;
        }
        transaction.commit()
    }
}

/// Makes `found` the members of the policy's scope; what changed in words, if something did.
fn follow(policy: &mut RetentionPolicy, found: &BTreeSet<MailboxNo>, at: UtcTime) -> Option<String> {
    let PolicyScope::Adaptive { members, empty_since, .. } = &mut policy.scope else { return None };
    if found.is_empty() {
        if empty_since.is_some() {
            return None;
        }
        *empty_since = Some(at);
        return Some(format!("{}: its scope finds nobody; nobody leaves until somebody is found", policy.name));
    }
    let known: BTreeSet<MailboxNo> = members.iter().map(|member| member.mailbox).collect();
    let recovered = empty_since.take().is_some();
    let joined: Vec<MailboxNo> = found.difference(&known).copied().collect();
    let gone: Vec<MailboxNo> = known.difference(found).copied().collect();
    if joined.is_empty() && gone.is_empty() && !recovered {
        return None;
    }
    members.retain(|member| found.contains(&member.mailbox));
    members.extend(joined.iter().map(|&mailbox| Member { mailbox, since: at }));
    depart(&mut policy.left, &gone, &joined, at);
    let list = |numbers: &[MailboxNo]| numbers.iter().map(MailboxNo::to_string).collect::<Vec<_>>().join(", ");
    Some(format!("{}: joined [{}], left [{}]", policy.name, list(&joined), list(&gone)))
}

/// Notes which mailboxes left a scope, and that others are back in it.
pub(super) fn depart(left: &mut Vec<Departure>, gone: &[MailboxNo], back: &[MailboxNo], at: UtcTime) {
    left.retain(|departure| !back.contains(&departure.mailbox) && !gone.contains(&departure.mailbox));
    left.extend(gone.iter().map(|&mailbox| Departure { mailbox, at }));
}
