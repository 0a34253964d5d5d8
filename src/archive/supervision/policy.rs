//! Supervision policies: added, listed, changed, paused, resumed.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::change::{SupervisionChange, is_alike};
use super::exclusion::Exclusion;
use crate::archive::Archive;
use crate::archive::mailboxes::find_mailbox;
use crate::archive::named::find_named;
use crate::archive::random::random_key;
use crate::model::{Direction, ItemNo, MailboxNo, Severity, SupervisionPolicy, SupervisionPolicyId, UtcTime};
use crate::store::{Snapshot, Tables, last_item, mailboxes, put_supervision_policy, supervision_policies};
use crate::{Error, Result};

/// Longest name of a policy: characters.
const LONGEST_NAME: usize = 64;

/// Most days until a match is overdue: ten years.
const LONGEST_DUE: u32 = 3_660;

/// A supervision policy to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSupervisionPolicy {
    /// Its name, unique in the archive; at most 64 characters.
    pub name: String,
    /// The mailboxes of the people who are supervised, by address; empty means all.
    pub mailboxes: Vec<String>,
    /// Mailboxes left out of all, by address.
    pub except: Vec<String>,
    /// What it looks for, and who reviews that. What is not said is as [`Archive::add_supervision_policy`] says.
    pub said: SupervisionChange,
    /// Whether it looks at what is in the archive already, too.
    pub backfill: bool,
}

impl Archive {
    /// Adds a supervision policy. Unless said, it looks at messages in every direction, all matches are drawn, they matter
    /// somewhat and are overdue after 14 days, and it begins with what arrives from now on.
    ///
    /// # Errors
    /// The name is taken, a mailbox does not exist, a query is refused, nobody reviews, or it does not find what it must or
    /// finds what it must not.
    pub fn add_supervision_policy(&mut self, new: &NewSupervisionPolicy) -> Result<SupervisionPolicy> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(Error::InvalidInput(format!(
                "a supervision policy needs a name of at most {LONGEST_NAME} characters"
            )));
        }
        let snapshot = self.store.snapshot()?;
        if supervision_policies(&snapshot)?.iter().any(|policy| policy.name == name) {
            return Err(Error::AlreadyExists { what: "supervision policy", id: name.to_owned() });
        }
        let mut policy = SupervisionPolicy {
            id: SupervisionPolicyId(self.new_id("supervision", name)),
            version: 1,
            name: name.to_owned(),
            description: String::new(),
            severity: Severity::Medium,
            mailboxes: numbers(&snapshot, &new.mailboxes)?,
            except: numbers(&snapshot, &new.except)?,
            directions: vec![Direction::Inbound, Direction::Outbound, Direction::Internal],
            query: None,
            exclude: None,
            percent: 100,
            draw_key: random_key(),
            reviewers: Vec::new(),
            due_days: 14,
            bulk: false,
            hits: Vec::new(),
            misses: Vec::new(),
            paused: false,
            looked_through: if new.backfill { ItemNo(0) } else { last_item(&snapshot)? },
            changed_at: UtcTime(0),
            changed_by: self.session.actor.clone(),
            reason: "added".to_owned(),
        };
        new.said.apply(&mut policy, &snapshot)?;
        self.check_policy(&policy)?;
        self.write_version(&snapshot, policy, "supervise.policy.add")
    }

    /// Makes a new version of a policy, for what it looks at from now on; with `backfill`, at everything again. What was found
    /// before stays found.
    ///
    /// # Errors
    /// As [`Archive::add_supervision_policy`], or there is none, no reason is given, it would find otherwise and has not looked at
    /// everything yet, a mailbox is supervised or not already, or nobody would be.
    pub fn change_supervision_policy(
        &mut self,
        name: &str,
        change: &SupervisionChange,
        backfill: bool,
        reason: &str,
    ) -> Result<SupervisionPolicy> {
        let (snapshot, mut policy) = self.next_version(name, reason)?;
        let before = policy.clone();
        change.apply(&mut policy, &snapshot)?;
        if policy == before && !backfill {
            return Err(Error::InvalidInput(format!("that changes nothing of supervision policy `{}`", policy.name)));
        }
        if policy.mailboxes.is_empty() && !before.mailboxes.is_empty() {
            return Err(Error::InvalidInput(format!(
                "supervision policy `{0}` would supervise nobody: `custodia supervise policy pause {0}` stops it",
                policy.name
            )));
        }
        self.check_nothing_waits(&snapshot, &before, &policy)?;
        if backfill {
            policy.looked_through = ItemNo(0);
        }
        self.check_policy(&policy)?;
        self.write_version(&snapshot, policy, "supervise.policy.set")
    }

    /// Stops a policy from looking, or lets it go on where it stopped. What it found stays.
    ///
    /// # Errors
    /// There is none, it is so already, or no reason is given.
    pub fn pause_supervision_policy(&mut self, name: &str, pause: bool, reason: &str) -> Result<SupervisionPolicy> {
        let (snapshot, mut policy) = self.next_version(name, reason)?;
        if policy.paused == pause {
            let word = if pause { "paused already" } else { "not paused" };
            return Err(Error::InvalidInput(format!("supervision policy `{}` is {word}", policy.name)));
        }
        policy.paused = pause;
        self.write_version(&snapshot, policy, if pause { "supervise.policy.pause" } else { "supervise.policy.resume" })
    }

    /// The policies as they are now, in the order of their names.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_supervision_policies(&self) -> Result<Vec<SupervisionPolicy>> {
        current(&self.store.snapshot()?)
    }

    /// All versions of one policy, by name, id, or unique prefix of its id; the newest last.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn show_supervision_policy(&self, name: &str) -> Result<Vec<SupervisionPolicy>> {
        let snapshot = self.store.snapshot()?;
        let id = find(&snapshot, name)?.id;
        Ok(supervision_policies(&snapshot)?.into_iter().filter(|policy| policy.id == id).collect())
    }

    /// The key of the draws of a policy, for whoever checks them. Who has it can foresee them, so that it is recorded who asked.
    ///
    /// # Errors
    /// There is no such policy.
    pub fn supervision_draw_key(&mut self, name: &str) -> Result<[u8; 32]> {
        let policy = find(&self.store.snapshot()?, name)?;
        self.record_alone("supervise.policy.draw-key", &policy.id.to_string(), &policy.name)?;
        Ok(policy.draw_key)
    }

    /// A policy as the one that is to follow it.
    fn next_version(&self, name: &str, reason: &str) -> Result<(Snapshot, SupervisionPolicy)> {
        if reason.trim().is_empty() {
            return Err(Error::InvalidInput("changing a supervision policy needs a reason: say --reason".to_owned()));
        }
        let snapshot = self.store.snapshot()?;
        let mut policy = find(&snapshot, name)?;
        policy.version += 1;
        reason.clone_into(&mut policy.reason);
        Ok((snapshot, policy))
    }

    /// Refuses a change of what is found while something that arrived before has not been looked at as it was agreed then. Where
    /// the query can no longer be read, nothing else could be done.
    fn check_nothing_waits(
        &self,
        snapshot: &Snapshot,
        before: &SupervisionPolicy,
        after: &SupervisionPolicy,
    ) -> Result<()> {
        let is_readable = before.query.as_deref().is_none_or(|query| self.hold_query(query).is_ok());
        if is_alike(before, after) || before.looked_through == last_item(snapshot)? || !is_readable {
            return Ok(());
        }
        let resume = if before.paused { "resume it, and " } else { "" };
        Err(Error::Refused(format!(
            "policy `{}` has not looked at everything that arrived: {resume}run `custodia supervise run` first",
            before.name
        )))
    }

    fn check_policy(&self, policy: &SupervisionPolicy) -> Result<()> {
        let refuse = |why: &str| Err(Error::InvalidInput(format!("supervision policy `{}` {why}", policy.name)));
        if policy.reviewers.is_empty() {
            return refuse("needs somebody who reviews: say --reviewer");
        }
        if !(1..=100).contains(&policy.percent) {
            return refuse("draws 1 to 100 of a hundred matches");
        }
        if !(1..=LONGEST_DUE).contains(&policy.due_days) {
            return refuse("needs a day at least and ten years at most until a match is overdue");
        }
        if !policy.mailboxes.is_empty() && !policy.except.is_empty() {
            return refuse("names mailboxes, and can leave some out of all only");
        }
        if let Some(query) = &policy.query {
            self.hold_query(query)?;
        } else if policy.exclude.is_some() || !policy.hits.is_empty() || !policy.misses.is_empty() {
            return refuse("finds every message without a query, so that nothing can be left out or tried");
        }
        if let Some(text) = &policy.exclude {
            Exclusion::read(text, self.now())?;
        }
        self.check_samples(policy)
    }

    fn write_version(
        &mut self,
        snapshot: &Snapshot,
        mut policy: SupervisionPolicy,
        action: &str,
    ) -> Result<SupervisionPolicy> {
        let transaction = self.store.begin()?;
        policy.changed_at = self.act_time(&transaction)?;
        policy.changed_by = self.session.actor.clone();
        put_supervision_policy(&transaction, &policy)?;
        self.record(&transaction, action, &policy.id.to_string(), &in_words(&policy, snapshot)?)?;
        transaction.commit()?;
        Ok(policy)
    }
}

/// The newest version of each policy, in the order of their names.
pub(super) fn current(tables: &impl Tables) -> Result<Vec<SupervisionPolicy>> {
    let newest: BTreeMap<SupervisionPolicyId, SupervisionPolicy> =
        supervision_policies(tables)?.into_iter().map(|policy| (policy.id, policy)).collect();
    let mut policies: Vec<SupervisionPolicy> = newest.into_values().collect();
    policies.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(policies)
}

/// The newest version of a policy, by name, id, or unique prefix of its id.
pub(super) fn find(tables: &impl Tables, name: &str) -> Result<SupervisionPolicy> {
    find_named("supervision policy", current(tables)?, name, |policy| (&policy.name, policy.id))
}

/// The mailboxes with these addresses, each once.
fn numbers(snapshot: &Snapshot, addresses: &[String]) -> Result<Vec<MailboxNo>> {
    let mut found = addresses.iter().map(|address| find_mailbox(snapshot, address)).collect::<Result<Vec<_>>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// A version in one line, for the audit log.
fn in_words(policy: &SupervisionPolicy, tables: &impl Tables) -> Result<String> {
    let directions: Vec<&str> = policy.directions.iter().map(|direction| direction.as_str()).collect();
    let reviewers: Vec<&str> = policy.reviewers.iter().map(|reviewer| reviewer.0.as_str()).collect();
    let all = mailboxes(tables)?;
    let named = |numbers: &[MailboxNo]| -> String {
        let addresses = all.iter().filter(|one| numbers.contains(&one.no)).map(|one| one.address.as_str());
        addresses.collect::<Vec<_>>().join(", ")
    };
    let who = match (policy.mailboxes.is_empty(), policy.except.is_empty()) {
        (true, true) => "all mailboxes".to_owned(),
        (true, false) => format!("all mailboxes but {}", named(&policy.except)),
        (false, _) => named(&policy.mailboxes),
    };
    let query = policy.query.as_deref().unwrap_or("everything");
    let exclude = policy.exclude.as_ref().map_or_else(String::new, |exclude| format!(", leaving out {exclude}"));
    let samples = format!("{} texts to find, {} to miss", policy.hits.len(), policy.misses.len());
    Ok(format!(
        "{} version {}{}: {} in {who}, for {query}{exclude}; {samples}; severity {}: {}; {} % drawn under the key with SHA-256 {}, for \
         {}, due in {} days{}; reason: {}",
        policy.name,
        policy.version,
        if policy.paused { ", paused" } else { "" },
        directions.join(", "),
        policy.severity.as_str(),
        policy.description,
        policy.percent,
        HEXLOWER.encode(&Sha256::digest(policy.draw_key)),
        reviewers.join(", "),
        policy.due_days,
        if policy.bulk { ", unopened ones too" } else { "" },
        policy.reason
    ))
}
