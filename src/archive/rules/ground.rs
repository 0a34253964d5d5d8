//! On what ground a deletion is put in force: that somebody has seen what it would do, or a reason for doing without.

use std::collections::BTreeMap;

use super::text::{label_text, policy_text};
use crate::archive::Archive;
use crate::archive::label::NewLabel;
use crate::archive::policy::NewPolicy;
use crate::archive::simulation::{DraftPolicy, Proposal};
use crate::model::{Digest, MailboxNo, RetentionLabel, RetentionPolicy, UtcTime};
use crate::store::{Snapshot, Tables, mailboxes, policies, rule_simulation};
use crate::{Error, Result};

/// Days for which a simulation counts.
const VALID_DAYS: i64 = 7;

const DAY_MILLIS: i64 = 86_400_000;

/// A rule that deletes, as its simulation is remembered.
pub(in crate::archive) struct DeletingRule {
    /// Such as "policy `Mail`".
    named: String,
    digest: Digest,
}

impl DeletingRule {
    /// A policy, as a file says it.
    fn policy(policy: &NewPolicy) -> Self {
        Self { named: format!("policy `{}`", policy.name), digest: Digest::of(policy_text(policy).as_bytes()) }
    }

    /// A label, as a file says it.
    pub(in crate::archive) fn label(label: &NewLabel) -> Self {
        Self { named: format!("label `{}`", label.name), digest: Digest::of(label_text(label).as_bytes()) }
    }
}

/// The end of an audit entry that names the ground.
pub(in crate::archive) fn behind(ground: Option<String>) -> String {
    ground.map_or_else(String::new, |ground| format!("; {ground}"))
}

impl Archive {
    /// The ground for putting a rule in force, in words.
    ///
    /// # Errors
    /// It was not simulated within the last seven days in exactly this form, and there is no reason for doing without;
    /// or the reason is empty.
    pub(in crate::archive) fn ground(
        &self,
        tables: &impl Tables,
        rule: &DeletingRule,
        without_simulation: Option<&str>,
    ) -> Result<String> {
        if let Some(reason) = without_simulation {
            if reason.trim().is_empty() {
                return Err(Error::InvalidInput("--without-simulation needs a reason".to_owned()));
            }
            return Ok(format!("without simulation: {reason}"));
        }
        let now = self.now();
        let recent = |at: UtcTime| at <= now && now.0.saturating_sub(at.0) <= VALID_DAYS * DAY_MILLIS;
        match rule_simulation(tables, &rule.digest)? {
            Some(seen) if recent(seen.at) => Ok(format!(
                "simulated on {} by {}: {} of {} items eligible as of {}",
                seen.at, seen.by.0, seen.eligible, seen.items, seen.as_of
            )),
            Some(seen) => Err(Error::Refused(format!(
                "{} deletes, and was last simulated on {}, more than {VALID_DAYS} days ago: simulate it again with \
                 `custodia retention simulate`, or say why not with --without-simulation REASON",
                rule.named, seen.at
            ))),
            None => Err(Error::Refused(format!(
                "{} deletes, and was not simulated as it is now: see with `custodia retention simulate` what it would \
                 do, or say why not with --without-simulation REASON",
                rule.named
            ))),
        }
    }

    /// The policies whose deletion waits to be put in force, as if it were.
    pub(in crate::archive) fn waiting_deletions(&self) -> Result<Proposal> {
        let snapshot = self.store.snapshot()?;
        let mut proposal = Proposal::new(self.now());
        for mut policy in policies(&snapshot)? {
            if policy.deletion_waits && policy.released.is_none() {
                policy.deletion_waits = false;
                propose_policy(&snapshot, &mut proposal, DraftPolicy { policy, matches: None })?;
            }
        }
        Ok(proposal)
    }

    /// Adds a label to a proposal, with what it would be set on.
    pub(in crate::archive) fn propose_label(
        &self,
        snapshot: &Snapshot,
        proposal: &mut Proposal,
        label: RetentionLabel,
        new: &NewLabel,
    ) -> Result<()> {
        if label.action.deletes() {
            proposal.deleting.push(DeletingRule::label(new).digest);
        }
        proposal.names.push(label.name.clone());
        proposal.offers.push(self.offer(snapshot, label)?);
        Ok(())
    }
}

/// A policy as its simulation is remembered.
pub(in crate::archive) fn policy_rule(snapshot: &Snapshot, policy: &RetentionPolicy) -> Result<DeletingRule> {
    Ok(DeletingRule::policy(&NewPolicy::of(policy, &addresses(snapshot)?)))
}

/// Adds a policy to a proposal.
pub(in crate::archive) fn propose_policy(
    snapshot: &Snapshot,
    proposal: &mut Proposal,
    draft: DraftPolicy,
) -> Result<()> {
    if draft.policy.action.deletes() {
        proposal.deleting.push(policy_rule(snapshot, &draft.policy)?.digest);
    }
    proposal.names.push(draft.policy.name.clone());
    proposal.drafts.push(draft);
    Ok(())
}

/// The address of each mailbox.
pub(super) fn addresses(snapshot: &Snapshot) -> Result<BTreeMap<MailboxNo, String>> {
    Ok(mailboxes(snapshot)?.into_iter().map(|mailbox| (mailbox.no, mailbox.address)).collect())
}
