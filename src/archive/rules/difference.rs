//! What a file of rules would change.

use std::collections::BTreeMap;

use serde::Serialize;

use super::file::{Placed, RuleFile};
use super::ground::{addresses, schedule_in_force};
use super::text::{label_text, policy_text};
use crate::archive::Archive;
use crate::archive::label::NewLabel;
use crate::archive::named::find_named;
use crate::archive::policy::{NewPolicy, NewScope};
use crate::archive::simulation::{DraftPolicy, Proposal};
use crate::model::{MailboxNo, PolicyScope, RetentionLabel, RetentionPolicy, RetentionSchedule};
use crate::store::{Snapshot, labels, policies};
use crate::{Error, Result};

/// A rule that a file adds, changes, puts in force or takes out of force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// `policy` or `label`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// `add`, `change`, `enable` or `remove`.
    pub change: &'static str,
    /// The rule as it is, as a file says it; `None` if it is not there.
    pub before: Option<String>,
    /// The rule as it will be; `None` if it goes.
    pub after: Option<String>,
}

/// One step of applying a file.
pub(super) enum Step {
    AddPolicy(DraftPolicy),
    ChangePolicy { old: Box<RetentionPolicy>, new: Box<DraftPolicy> },
    RemovePolicy { policy: RetentionPolicy, reason: String },
    AddLabel(RetentionLabel),
    ChangeLabel { old: Box<RetentionLabel>, new: RetentionLabel },
}

/// The steps of applying a file, as they are shown.
pub(super) struct Difference {
    pub(super) steps: Vec<Step>,
    pub(super) changes: Vec<RuleChange>,
}

impl Archive {
    /// What applying a file would change; nothing is changed.
    ///
    /// # Errors
    /// A rule of it is refused, or contradicts what can be changed; the line and the key are named.
    pub fn compare_rules(&mut self, file: &RuleFile) -> Result<Vec<RuleChange>> {
        self.difference(file).map(|difference| difference.changes)
    }

    /// The rules of a file that are not in force, to be simulated.
    pub(in crate::archive) fn proposal_of(&mut self, file: &RuleFile) -> Result<Proposal> {
        let difference = self.difference(file)?;
        let (snapshot, mut proposal) = (self.store.snapshot()?, Proposal::new(self.now()));
        for step in difference.steps {
            match step {
                Step::AddPolicy(draft) => proposal.add_policy(draft),
                Step::ChangePolicy { new, .. } => proposal.add_policy(*new),
                Step::RemovePolicy { mut policy, reason } => {
                    policy.released = Some(self.release(&snapshot, &reason)?);
                    proposal.add_policy(policy.into());
                }
                Step::AddLabel(label) | Step::ChangeLabel { new: label, .. } => {
                    self.propose_label(&snapshot, &mut proposal, label)?;
                }
            }
        }
        Ok(proposal)
    }

    /// The steps of applying a file. What no step may do is refused here.
    pub(super) fn difference(&mut self, file: &RuleFile) -> Result<Difference> {
        self.catch_up(&mut |_, _| {})?;
        self.evaluate_adaptive_scopes()?;
        self.read_rule_queries()?;
        let snapshot = self.store.snapshot()?;
        let mut found = Difference { steps: Vec::new(), changes: Vec::new() };
        let addresses = addresses(&snapshot)?;
        for placed in &file.policies {
            self.policy_step(&snapshot, placed, &addresses, &mut found)?;
        }
        self.removals(&snapshot, file, &addresses, &mut found)?;
        let mut known = labels(&snapshot)?;
        for placed in &file.labels {
            self.label_step(&snapshot, placed, &mut known, &mut found)?;
        }
        Ok(found)
    }

    fn policy_step(
        &mut self,
        snapshot: &Snapshot,
        placed: &Placed<NewPolicy>,
        addresses: &BTreeMap<MailboxNo, String>,
        found: &mut Difference,
    ) -> Result<()> {
        let new = &placed.value;
        let stored = policies(snapshot)?.into_iter().find(|policy| policy.name == new.name);
        let Some(old) = stored else {
            let draft = self.draft_policy(snapshot, new).map_err(|error| placed.wrong(blamed(&error, new), error))?;
            let after = policy_text(&NewPolicy::of(&draft.policy, addresses));
            found.add("policy", &new.name, "add", None, Some(after));
            found.steps.push(Step::AddPolicy(draft));
            return Ok(());
        };
        let DraftPolicy { mut policy, matches } = self.changed_as_said(snapshot, placed, &old)?;
        if policy == old {
            return Ok(());
        }
        let key = if policy.period.is_never_shorter_than(old.period) { scope_key(&new.scope) } else { "period" };
        self.admit_change(snapshot, &old, &mut policy).map_err(|error| placed.wrong(key, error))?;
        let [before, after] = [&old, &policy].map(|policy| policy_text(&NewPolicy::of(policy, addresses)));
        let change = if before == after { "enable" } else { "change" };
        found.add("policy", &new.name, change, Some(before), Some(after));
        found.steps.push(Step::ChangePolicy { old: Box::new(old), new: Box::new(DraftPolicy { policy, matches }) });
        Ok(())
    }

    /// The stored policy as the file says it, with what its query matches if that is another one.
    fn changed_as_said(
        &mut self,
        snapshot: &Snapshot,
        placed: &Placed<NewPolicy>,
        old: &RetentionPolicy,
    ) -> Result<DraftPolicy> {
        let new = &placed.value;
        let refuse = |key: &str, why: &str| Err(placed.wrong(key, Error::InvalidInput(why.to_owned())));
        let said = NewPolicy::of(old, &BTreeMap::new());
        if old.released.is_some() {
            return refuse(
                "name",
                "the policy of this name was removed: name this one otherwise, or `policy reenable` it",
            );
        }
        if said.action != new.action || said.trigger != new.trigger {
            return refuse(
                "name",
                "the action and the start of a policy are fixed: add another one, and remove this one",
            );
        }
        let mended = new.query.as_ref().filter(|query| old.refused.is_some() && said.query.as_ref() != Some(query));
        if sorted(&said.folders) != sorted(&new.folders) || (said.query != new.query && mended.is_none()) {
            return refuse("query", "what narrows a policy is fixed: add another one, and remove this one");
        }
        if mended.is_some() && old.lock.is_some() {
            let how = "the policy is locked, and its query is mended with a reason: `custodia retention policy set` does that";
            return Err(placed.wrong("query", Error::Refused(how.to_owned())));
        }
        new.check().map_err(|error| placed.wrong("period", error))?;
        let scope = match (&old.scope, &new.scope) {
            (PolicyScope::Adaptive { query, .. }, NewScope::Adaptive(said)) if query == said => old.scope.clone(),
            (PolicyScope::All { .. }, NewScope::All { .. }) | (PolicyScope::Include(_), NewScope::Include(_)) => {
                let resolved = new.scope.resolve(snapshot, self.now());
                resolved.map_err(|error| placed.wrong(blamed(&error, new), error))?
            }
            _ => return refuse("name", "the kind of its scope is fixed: add another policy, and remove this one"),
        };
        let mut policy = RetentionPolicy { period: new.period, scope, deletion_waits: false, ..old.clone() };
        let mend = |query: &String| self.mend_query(snapshot, &mut policy, query);
        let matches = mended.map(mend).transpose().map_err(|error| placed.wrong("query", error))?.flatten();
        Ok(DraftPolicy { policy, matches })
    }

    fn removals(
        &mut self,
        snapshot: &Snapshot,
        file: &RuleFile,
        addresses: &BTreeMap<MailboxNo, String>,
        found: &mut Difference,
    ) -> Result<()> {
        let Some(placed) = &file.remove else { return Ok(()) };
        if placed.value.reason.trim().is_empty() {
            return Err(placed.wrong("reason", Error::InvalidInput("a removal needs a reason".to_owned())));
        }
        for name in &placed.value.policies {
            let wrong = |error| placed.wrong("policies", error);
            if file.policies.iter().any(|policy| policy.value.name == *name) {
                let text = format!("policy `{name}` is to be in force by the same file");
                return Err(wrong(Error::InvalidInput(text)));
            }
            let policy = find_named("retention policy", policies(snapshot)?, name, |policy| (&policy.name, policy.id));
            let policy = policy.map_err(wrong)?;
            if policy.released.is_some() {
                continue;
            }
            self.refuse_if_locked(&policy, "be removed").map_err(wrong)?;
            let before = policy_text(&NewPolicy::of(&policy, addresses));
            found.add("policy", &policy.name, "remove", Some(before), None);
            found.steps.push(Step::RemovePolicy { policy, reason: placed.value.reason.clone() });
        }
        Ok(())
    }

    fn label_step(
        &mut self,
        snapshot: &Snapshot,
        placed: &Placed<NewLabel>,
        known: &mut Vec<RetentionLabel>,
        found: &mut Difference,
    ) -> Result<()> {
        let new = &placed.value;
        let Some(old) = known.iter().find(|label| label.name == new.name).cloned() else {
            let label = self.draft_label(snapshot, new, known).map_err(|error| placed.wrong("name", error))?;
            found.add("label", &new.name, "add", None, Some(label_text(new)));
            known.push(label.clone());
            found.steps.push(Step::AddLabel(label));
            return Ok(());
        };
        let said = NewLabel::of(&old, known);
        let mended = new.query.as_ref().filter(|query| old.refused.is_some() && said.query.as_ref() != Some(query));
        let query = mended.or(said.query.as_ref()).cloned();
        if label_text(&NewLabel { period: new.period, query, ..said.clone() }) != label_text(new) {
            let text = "only the period of a label can be changed, and a query that cannot be read: add another label; \
                        `retention label set-reviewers` names other reviewers";
            return Err(placed.wrong("name", Error::InvalidInput(text.to_owned())));
        }
        let mut changed = RetentionLabel { period: new.period, ..old.clone() };
        if let Some(query) = mended {
            changed = self.with_query(snapshot, changed, query).map_err(|error| placed.wrong("auto", error))?;
        }
        if changed == old {
            return Ok(());
        }
        if old.period != new.period {
            self.admit_period(&old, new.period, "by a file of rules").map_err(|error| placed.wrong("period", error))?;
        }
        found.add("label", &new.name, "change", Some(label_text(&said)), Some(label_text(new)));
        found.steps.push(Step::ChangeLabel { old: Box::new(old), new: changed });
        Ok(())
    }
}

impl Difference {
    /// The rules in force with all steps taken.
    pub(super) fn schedule(&self, snapshot: &Snapshot) -> Result<RetentionSchedule> {
        let (mut schedule, mut all) = (schedule_in_force(snapshot)?, labels(snapshot)?);
        all.extend(self.steps.iter().filter_map(|step| match step {
            Step::AddLabel(label) => Some(label.clone()),
            _ => None,
        }));
        for step in &self.steps {
            match step {
                Step::AddPolicy(draft) => schedule.put_policy(&draft.policy),
                Step::ChangePolicy { new, .. } => schedule.put_policy(&new.policy),
                Step::RemovePolicy { policy, .. } => {
                    schedule.policies.retain(|known| known.name != policy.name);
                }
                Step::AddLabel(label) | Step::ChangeLabel { new: label, .. } => schedule.put_label(label, &all),
            }
        }
        Ok(schedule)
    }

    fn add(
        &mut self,
        kind: &'static str,
        name: &str,
        change: &'static str,
        before: Option<String>,
        after: Option<String>,
    ) {
        let shown = |text: Option<String>| text.map(|text| text.trim().to_owned());
        let (before, after) = (shown(before), shown(after));
        self.changes.push(RuleChange { kind, name: name.to_owned(), change, before, after });
    }
}

/// The key whose value an error is about.
fn blamed(error: &Error, policy: &NewPolicy) -> &'static str {
    match (error, &policy.scope) {
        (Error::Query { .. }, _) => "query",
        (Error::NotFound { what: "mailbox", .. }, scope) => scope_key(scope),
        (_, NewScope::Adaptive(_)) => "adaptive",
        _ => "name",
    }
}

fn scope_key(scope: &NewScope) -> &'static str {
    match scope {
        NewScope::All { .. } => "exclude",
        NewScope::Include(_) => "include",
        NewScope::Adaptive(_) => "adaptive",
    }
}

fn sorted(texts: &[String]) -> Vec<&String> {
    let mut sorted: Vec<&String> = texts.iter().collect();
    sorted.sort();
    sorted.dedup();
    sorted
}
