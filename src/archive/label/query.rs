//! The query of a label, which is fixed as long as it can be read.

use super::former::items_in_doubt;
use crate::archive::Archive;
use crate::archive::rules::{behind, schedule_with_label};
use crate::archive::simulation::Proposal;
use crate::model::RetentionLabel;
use crate::store::{Tables, Transaction, add_former_items, put_label};
use crate::{Error, Result};

impl Archive {
    /// Gives a label another query in place of one that cannot be read. What it was taken to mean meanwhile stays in doubt, so
    /// that nothing is free at once.
    ///
    /// # Errors
    /// There is none, its query can be read, the new one is refused, or something could go earlier by it and that was not
    /// simulated within the last seven days nor is there a reason for doing `without_simulation`.
    pub fn set_label_query(
        &mut self,
        name: &str,
        query: &str,
        without_simulation: Option<&str>,
    ) -> Result<RetentionLabel> {
        let (old, label) = self.mended_label(name, query)?;
        let (snapshot, id) = (self.store.snapshot()?, label.id.to_string());
        let after = schedule_with_label(&snapshot, &label)?;
        let ground = self.ground_or_record(&snapshot, &after, without_simulation, ("retention.label.refuse", &id))?;
        let transaction = self.store.begin()?;
        let ground = behind(self.consented(&transaction, ground)?);
        let outcome = format!("{}{ground}", mended_in_words(&old, &label));
        put_mended_label(&transaction, &old, &label)?;
        self.record(&transaction, "retention.label.set-query", &id, &outcome)?;
        transaction.commit()?;
        Ok(label)
    }

    /// What another query of a label would come to, to be simulated.
    pub(in crate::archive) fn proposed_query(&mut self, name: &str, query: &str) -> Result<Proposal> {
        let (_, label) = self.mended_label(name, query)?;
        let (snapshot, mut proposal) = (self.store.snapshot()?, Proposal::new(self.now()));
        self.propose_label(&snapshot, &mut proposal, label)?;
        Ok(proposal)
    }

    /// The label as it is, and with the query in place of its own.
    fn mended_label(&mut self, name: &str, query: &str) -> Result<(RetentionLabel, RetentionLabel)> {
        self.settle()?;
        let old = self.show_label(name)?;
        if old.refused.is_none() {
            let text =
                format!("the query of label `{}` is fixed: only one that cannot be read can be mended", old.name);
            return Err(Error::InvalidInput(text));
        }
        let label = self.with_query(&self.store.snapshot()?, old.clone(), query)?;
        Ok((old, label))
    }

    /// A label with the query in place of one that cannot be read.
    pub(in crate::archive) fn with_query(
        &self,
        tables: &impl Tables,
        old: RetentionLabel,
        query: &str,
    ) -> Result<RetentionLabel> {
        self.check_label_query(query)?;
        let (people, mended_at) = (self.known_people(Some(query))?, Some(self.act_time(tables)?));
        Ok(RetentionLabel { query: Some(query.to_owned()), refused: None, offered_rules: 0, mended_at, people, ..old })
    }
}

/// Writes a label that has another query in place of one that cannot be read, and which items that may mean.
pub(in crate::archive) fn put_mended_label(
    transaction: &Transaction,
    old: &RetentionLabel,
    new: &RetentionLabel,
) -> Result<()> {
    add_former_items(transaction, old.id, &items_in_doubt(transaction, old)?)?;
    put_label(transaction, new)
}

/// The change of the query of a label in words, for the audit log.
pub(in crate::archive) fn mended_in_words(old: &RetentionLabel, new: &RetentionLabel) -> String {
    let [before, after] = [old, new].map(|label| label.query.as_deref().unwrap_or_default());
    let why = old.refused.as_ref().map_or_else(String::new, |why| format!("; that could not be read: {why}"));
    format!("query of {} from {before} to {after}{why}; what it was taken to mean stays retained", new.name)
}
