//! Applying a file of rules: all of it or nothing.

use super::difference::{RuleChange, Step};
use super::file::RuleFile;
use super::ground::behind;
use crate::Result;
use crate::archive::Archive;
use crate::archive::label::{mended_in_words, put_mended_label};
use crate::model::RetentionLabel;
use crate::store::{Transaction, put_label};

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
    /// A rule of it is refused, or something could go earlier and the rules were not simulated within the last seven days
    /// as they would be. Nothing is changed then.
    pub fn apply_rules(&mut self, file: &RuleFile, without_simulation: Option<&str>) -> Result<AppliedRules> {
        let difference = self.difference(file)?;
        if difference.steps.is_empty() {
            return Ok(AppliedRules { changes: difference.changes });
        }
        let snapshot = self.store.snapshot()?;
        let after = difference.schedule(&snapshot)?;
        let ground = self.ground_or_record(&snapshot, &after, without_simulation, ("retention.apply", ""))?;
        let (steps, changes) = (difference.steps, difference.changes);
        let transaction = self.store.begin()?;
        let ground = self.consented(&transaction, ground)?;
        for step in steps {
            self.take(&transaction, step, ground.clone())?;
        }
        let outcome = format!("{} rules of a file put in force{}", changes.len(), behind(ground));
        self.record(&transaction, "retention.apply", "", &outcome)?;
        transaction.commit()?;
        Ok(AppliedRules { changes })
    }

    fn take(&self, transaction: &Transaction, step: Step, ground: Option<String>) -> Result<()> {
        match step {
            Step::AddPolicy(draft) => self.put_draft(transaction, &draft, ground),
            Step::ChangePolicy { old, new } => self.put_changed(transaction, &old, &new, "by a file of rules", ground),
            Step::RemovePolicy { policy, reason } => self.put_released(transaction, policy, &reason, ground).map(drop),
            Step::AddLabel(label) => self.put_new_label(transaction, label, ground).map(drop),
            Step::ChangeLabel { old, new } => self.put_changed_label(transaction, &old, &new, ground),
        }
    }

    fn put_changed_label(
        &self,
        transaction: &Transaction,
        old: &RetentionLabel,
        new: &RetentionLabel,
        ground: Option<String>,
    ) -> Result<()> {
        let (id, ground) = (new.id.to_string(), behind(ground));
        if old.query == new.query {
            put_label(transaction, new)?;
        } else {
            put_mended_label(transaction, old, new)?;
            let outcome = format!("{}{ground}", mended_in_words(old, new));
            self.record(transaction, "retention.label.set-query", &id, &outcome)?;
        }
        if old.period != new.period {
            let outcome = format!("period of {} from {} to {}{ground}", new.name, old.period, new.period);
            self.record(transaction, "retention.label.set-period", &id, &outcome)?;
        }
        Ok(())
    }
}
