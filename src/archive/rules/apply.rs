//! Applying a file of rules: all of it or nothing.

use super::difference::{Difference, RuleChange, Step, deletes_by_itself, label_rule};
use super::file::RuleFile;
use super::ground::{DeletingRule, behind, policy_rule};
use crate::archive::Archive;
use crate::archive::policy::in_words;
use crate::model::RetentionLabel;
use crate::store::{Snapshot, Transaction, labels, put_label, put_policy};
use crate::{Error, Result};

/// What applying a file did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedRules {
    /// What changed, in the order of the file.
    pub changes: Vec<RuleChange>,
}

impl Archive {
    /// Puts the rules of a file in force, in one transaction. What the file does not name stays as it is; applied again
    /// it changes nothing. `without_simulation` is the reason for deleting without having seen what.
    ///
    /// # Errors
    /// A rule of it is refused, or deletes and was not simulated within the last seven days in this form. Nothing is
    /// changed then.
    pub fn apply_rules(&mut self, file: &RuleFile, without_simulation: Option<&str>) -> Result<AppliedRules> {
        let Difference { steps, changes } = self.difference(file)?;
        if steps.is_empty() {
            return Ok(AppliedRules { changes });
        }
        let snapshot = self.store.snapshot()?;
        let grounds = steps.iter().map(|step| self.ground_of_step(&snapshot, step, without_simulation));
        let grounds = match grounds.collect::<Result<Vec<Option<String>>>>() {
            Err(Error::Refused(why)) => {
                self.record_alone("retention.apply", "", &why)?;
                return Err(Error::Refused(why));
            }
            grounds => grounds?,
        };
        let transaction = self.store.begin()?;
        for (step, ground) in steps.into_iter().zip(grounds) {
            self.take(&transaction, step, ground)?;
        }
        self.record(&transaction, "retention.apply", "", &format!("{} rules of a file put in force", changes.len()))?;
        transaction.commit()?;
        Ok(AppliedRules { changes })
    }

    fn ground_of_step(&self, snapshot: &Snapshot, step: &Step, without: Option<&str>) -> Result<Option<String>> {
        match step {
            Step::AddPolicy(draft) if draft.policy.action.deletes() => {
                self.ground(snapshot, &policy_rule(snapshot, &draft.policy)?, without).map(Some)
            }
            Step::ChangePolicy { old, new } if old.deletion_waits => {
                self.ground(snapshot, &policy_rule(snapshot, new)?, without).map(Some)
            }
            Step::ChangePolicy { old, new } => self.ground_of_change(snapshot, old, new, without),
            Step::AddLabel { label, new } if deletes_by_itself(label) => {
                self.ground(snapshot, &DeletingRule::label(new), without).map(Some)
            }
            Step::ChangeLabel { old, new } => self.ground_of_period(snapshot, old, new, without),
            Step::AddPolicy(_) | Step::RemovePolicy { .. } | Step::AddLabel { .. } => Ok(None),
        }
    }

    /// On what ground the period of a label that sets itself and deletes may become shorter.
    pub(in crate::archive) fn ground_of_period(
        &self,
        snapshot: &Snapshot,
        old: &RetentionLabel,
        new: &RetentionLabel,
        without: Option<&str>,
    ) -> Result<Option<String>> {
        if !deletes_by_itself(new) || new.period.is_never_shorter_than(old.period) {
            return Ok(None);
        }
        self.ground(snapshot, &label_rule(new, &labels(snapshot)?), without).map(Some)
    }

    fn take(&self, transaction: &Transaction, step: Step, ground: Option<String>) -> Result<()> {
        match step {
            Step::AddPolicy(draft) => self.put_draft(transaction, &draft, ground),
            Step::ChangePolicy { old, new } => {
                put_policy(transaction, &new)?;
                let outcome = format!("from {} to {}{}", in_words(&old), in_words(&new), behind(ground));
                self.record(transaction, "retention.policy.change", &new.id.to_string(), &outcome).map(drop)
            }
            Step::RemovePolicy { policy, reason } => self.put_released(transaction, policy, &reason).map(drop),
            Step::AddLabel { label, .. } => self.put_new_label(transaction, label, ground).map(drop),
            Step::ChangeLabel { old, new } => {
                put_label(transaction, &new)?;
                let outcome = format!("period of {} from {} to {}{}", new.name, old.period, new.period, behind(ground));
                self.record(transaction, "retention.label.set-period", &new.id.to_string(), &outcome).map(drop)
            }
        }
    }
}
