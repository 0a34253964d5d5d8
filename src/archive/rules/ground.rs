//! On what ground a change of rules may bring disposition forward: that somebody has seen what would go by all rules as
//! they would be then, or a reason for doing without. Every change of rules asks here.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::archive::Archive;
use crate::archive::approval::ControlledObject;
use crate::archive::label::{items_in_doubt, waiting_ids};
use crate::archive::simulation::Proposal;
use crate::model::{
    ControlledAct, Digest, MailboxNo, PolicyScope, RetentionLabel, RetentionPolicy, RetentionSchedule, UtcTime,
};
use crate::retention::{brings_forward, brings_forward_beyond};
use crate::store::{ScheduleSimulation, Snapshot, Tables, Transaction, labels, mailboxes, policies, simulations};
use crate::{Error, Result};

/// Days for which a simulation counts.
const VALID_DAYS: i64 = 7;

const DAY_MILLIS: i64 = 86_400_000;

/// On what ground rules by which an item could go earlier may be put in force.
#[derive(Debug)]
pub(in crate::archive) struct Ground {
    words: String,
    /// The digest of the rules as they would be.
    rules: Digest,
}

/// The end of an audit entry that names the ground.
pub(in crate::archive) fn behind(ground: Option<String>) -> String {
    ground.map_or_else(String::new, |ground| format!("; {ground}"))
}

/// The rules in force.
pub(in crate::archive) fn schedule_in_force(tables: &impl Tables) -> Result<RetentionSchedule> {
    Ok(RetentionSchedule::of(&policies(tables)?, &labels(tables)?))
}

/// The rules in force with `policy` as it would be.
pub(in crate::archive) fn schedule_with(tables: &impl Tables, policy: &RetentionPolicy) -> Result<RetentionSchedule> {
    let mut schedule = schedule_in_force(tables)?;
    schedule.put_policy(policy);
    Ok(schedule)
}

/// The rules in force with `label` as it would be.
pub(in crate::archive) fn schedule_with_label(
    tables: &impl Tables,
    label: &RetentionLabel,
) -> Result<RetentionSchedule> {
    let mut schedule = schedule_in_force(tables)?;
    schedule.put_label(label, &labels(tables)?);
    Ok(schedule)
}

impl Archive {
    /// By which a schedule is known, with what its queries mean now: who simulated it, or consented to it, under other names of
    /// people has not seen this one. Whom an adaptive scope finds today is no part of it.
    pub(in crate::archive) fn schedule_digest(
        &self,
        tables: &impl Tables,
        schedule: &RetentionSchedule,
    ) -> Result<Digest> {
        let mut rules = schedule.clone();
        for policy in &mut rules.policies {
            if let PolicyScope::Adaptive { members, empty_since, .. } = &mut policy.scope {
                members.clear();
                *empty_since = None;
            }
        }
        let policies = rules.policies.iter().filter_map(|policy| policy.query.as_deref());
        let queries = policies.chain(rules.labels.iter().filter_map(|label| label.query.as_deref()));
        let meaning = self.meaning(queries, tables)?;
        let mut bytes =
            serde_json::to_vec(&rules).map_err(|e| Error::Store { action: "write rules", source: e.into() })?;
        bytes.extend(meaning.iter().flat_map(|digest| digest.0));
        Ok(Digest::of(&bytes))
    }

    /// The simulations of rules that mean today what they meant then.
    fn valid_simulations(&self, tables: &impl Tables) -> Result<Vec<(Digest, ScheduleSimulation)>> {
        let mut valid = Vec::new();
        for (digest, seen) in simulations(tables)? {
            if self.schedule_digest(tables, &seen.schedule)? == digest {
                valid.push((digest, seen));
            }
        }
        valid.sort_by_key(|(_, seen)| Reverse(seen.at));
        Ok(valid)
    }

    /// The ground for putting `after` in force in place of the rules that are; `None` if nothing could go earlier by it.
    ///
    /// # Errors
    /// Something could, no schedule from which `after` brings nothing forward was simulated within the last seven days,
    /// and there is no reason for doing without; or the reason is empty.
    pub(in crate::archive) fn ground(
        &self,
        tables: &impl Tables,
        after: &RetentionSchedule,
        without_simulation: Option<&str>,
    ) -> Result<Option<Ground>> {
        if without_simulation.is_some_and(|reason| reason.trim().is_empty()) {
            return Err(Error::InvalidInput("--without-simulation needs a reason".to_owned()));
        }
        let in_force = schedule_in_force(tables)?;
        let Some(forward) = brings_forward(&in_force, after) else { return Ok(None) };
        let rules = self.schedule_digest(tables, after)?;
        if let Some(reason) = without_simulation {
            return Ok(Some(Ground { words: format!("{forward}; without simulation: {reason}"), rules }));
        }
        let now = self.now();
        let mut seen = self
            .valid_simulations(tables)?
            .into_iter()
            .map(|(_, seen)| seen)
            .filter(|seen| seen.at <= now && brings_forward_beyond(&seen.schedule, &in_force, after).is_none());
        let recent = |at: UtcTime| now.0.saturating_sub(at.0) <= VALID_DAYS * DAY_MILLIS;
        match seen.next() {
            Some(seen) if recent(seen.at) => {
                Ok(Some(Ground { words: format!("{forward}; {}", in_words(&seen)), rules }))
            }
            Some(seen) => Err(Error::Refused(format!(
                "{forward}; what would go was last simulated on {}, more than {VALID_DAYS} days ago: simulate it again \
                 with `custodia retention simulate` or --simulate, or say why not with --without-simulation REASON",
                seen.at
            ))),
            None => Err(Error::Refused(format!(
                "{forward}; what would go was not simulated with all rules as they would be then, and with what their \
                 queries mean now: see it with \
                 `custodia retention simulate` or --simulate, or say why not with --without-simulation REASON"
            ))),
        }
    }

    /// The same, with a refusal recorded: `action` on `object` was tried.
    ///
    /// # Errors
    /// As of [`Archive::ground`].
    pub(in crate::archive) fn ground_or_record(
        &mut self,
        tables: &impl Tables,
        after: &RetentionSchedule,
        without_simulation: Option<&str>,
        (action, object): (&str, &str),
    ) -> Result<Option<Ground>> {
        let ground = self.ground(tables, after, without_simulation);
        if let Err(Error::Refused(why)) = &ground {
            self.record_alone(action, object, why)?;
        }
        ground
    }

    /// The same for a policy as it would be.
    ///
    /// # Errors
    /// As of [`Archive::ground`].
    pub(in crate::archive) fn ground_of_policy(
        &mut self,
        policy: &RetentionPolicy,
        without_simulation: Option<&str>,
    ) -> Result<Option<Ground>> {
        let (snapshot, id) = (self.store.snapshot()?, policy.id.to_string());
        let after = schedule_with(&snapshot, policy)?;
        self.ground_or_record(&snapshot, &after, without_simulation, ("retention.policy.refuse", &id))
    }

    /// The ground for giving a locked policy another query in place of one that cannot be read, as it would be in `policy`:
    /// that exactly this was simulated, whether anything could go earlier by it or not.
    ///
    /// # Errors
    /// It was not within the last seven days, and there is no reason for doing without; or the reason is empty.
    pub(in crate::archive) fn ground_of_lock(
        &mut self,
        policy: &RetentionPolicy,
        without_simulation: Option<&str>,
    ) -> Result<Ground> {
        let snapshot = self.store.snapshot()?;
        let rules = self.schedule_digest(&snapshot, &schedule_with(&snapshot, policy)?)?;
        let now = self.now();
        let recent = |at: UtcTime| at <= now && now.0.saturating_sub(at.0) <= VALID_DAYS * DAY_MILLIS;
        let seen = self.valid_simulations(&snapshot)?;
        if let Some((_, seen)) = seen.iter().find(|(digest, seen)| *digest == rules && recent(seen.at)) {
            return Ok(Ground { words: in_words(seen), rules });
        }
        match without_simulation {
            Some(reason) if reason.trim().is_empty() => {
                Err(Error::InvalidInput("--without-simulation needs a reason".to_owned()))
            }
            Some(reason) => Ok(Ground { words: format!("without simulation: {reason}"), rules }),
            None => {
                let why = format!(
                    "policy `{}` is locked, and what this query comes to was not simulated within the last {VALID_DAYS} \
                     days: see it with --simulate, or say why not with --without-simulation REASON",
                    policy.name
                );
                self.record_alone("retention.policy.refuse", &policy.id.to_string(), &why)?;
                Err(Error::Refused(why))
            }
        }
    }

    /// The ground in words, for an act in `transaction`. Where dual control is on, it uses up the consent to the rules.
    ///
    /// # Errors
    /// The consent of a second person is needed and missing.
    pub(in crate::archive) fn consented(
        &self,
        transaction: &Transaction,
        ground: Option<Ground>,
    ) -> Result<Option<String>> {
        let Some(Ground { words, rules }) = ground else { return Ok(None) };
        let rules = ControlledObject::fixed(&rules.to_string());
        let approval = self.require_approval(transaction, ControlledAct::RetentionChange, rules)?;
        Ok(Some(match approval {
            Some(approval) => format!("{words}; approved by {}", approval.by.0),
            None => words,
        }))
    }

    /// Uses up the consent to rules by which nothing could go earlier, and which a second person has to agree to all the same
    /// where dual control is on; says who did.
    ///
    /// # Errors
    /// The consent is needed and missing.
    pub(in crate::archive) fn agreed(
        &self,
        transaction: &Transaction,
        after: &RetentionSchedule,
    ) -> Result<Option<String>> {
        let rules = ControlledObject::fixed(&self.schedule_digest(transaction, after)?.to_string());
        let approval = self.require_approval(transaction, ControlledAct::RetentionChange, rules)?;
        Ok(approval.map(|approval| format!("approved by {}", approval.by.0)))
    }

    /// The policies whose deletion waits to be put in force, as if it were.
    pub(in crate::archive) fn waiting_deletions(&self) -> Result<Proposal> {
        let snapshot = self.store.snapshot()?;
        let mut proposal = Proposal::new(self.now());
        for mut policy in policies(&snapshot)? {
            if policy.deletion_waits && policy.released.is_none() {
                policy.deletion_waits = false;
                proposal.add_policy(policy.into());
            }
        }
        Ok(proposal)
    }

    /// Adds a label to a proposal, with what it and those that wait for it would be set on.
    pub(in crate::archive) fn propose_label(
        &self,
        snapshot: &Snapshot,
        proposal: &mut Proposal,
        label: RetentionLabel,
    ) -> Result<()> {
        proposal.names.push(label.name.clone());
        let mut all = labels(snapshot)?;
        let waited = waiting_ids(&all);
        let id = label.id;
        if let Some(old) = all.iter().find(|old| old.id == id && old.query != label.query) {
            proposal.in_doubt.push((id, items_in_doubt(snapshot, old)?));
        }
        all.retain(|other| other.id != id);
        all.push(label);
        let waits = waiting_ids(&all);
        let freed = |other: &RetentionLabel| waited.contains(&other.id) && !waits.contains(&other.id);
        let mut offered: Vec<RetentionLabel> = all.into_iter().filter(|other| other.id == id || freed(other)).collect();
        // One that is not there yet has no number.
        offered.sort_by_key(|label| if label.no == 0 { u64::MAX } else { label.no });
        for label in offered {
            let waits = waits.contains(&label.id);
            proposal.offers.push(self.offer(snapshot, label, waits)?);
        }
        Ok(())
    }
}

/// A simulation in words.
fn in_words(seen: &ScheduleSimulation) -> String {
    let ScheduleSimulation { at, by, as_of, items, eligible, .. } = seen;
    format!("simulated on {at} by {}: {eligible} of {items} items eligible as of {as_of}", by.0)
}

/// The address of each mailbox.
pub(super) fn addresses(snapshot: &Snapshot) -> Result<BTreeMap<MailboxNo, String>> {
    Ok(mailboxes(snapshot)?.into_iter().map(|mailbox| (mailbox.no, mailbox.address)).collect())
}
