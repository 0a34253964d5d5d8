//! The query of a label, which is fixed as long as it can be read.

use crate::archive::Archive;
use crate::archive::rules::{behind, schedule_with_label};
use crate::archive::simulation::Proposal;
use crate::model::RetentionLabel;
use crate::store::put_label;
use crate::{Error, Result};

impl Archive {
    /// Gives a label another query in place of one that cannot be read.
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
        let before = old.query.unwrap_or_default();
        let outcome = format!("query of {} from {before} to {query}{ground}", label.name);
        put_label(&transaction, &label)?;
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
        self.catch_up(&mut |_, _| {})?;
        self.read_rule_queries()?;
        let old = self.show_label(name)?;
        if old.refused.is_none() {
            let text =
                format!("the query of label `{}` is fixed: only one that cannot be read can be mended", old.name);
            return Err(Error::InvalidInput(text));
        }
        self.check_label_query(query)?;
        let label = RetentionLabel {
            query: Some(query.to_owned()),
            refused: None,
            offered_rules: 0,
            evaluation: None,
            ..old.clone()
        };
        Ok((old, label))
    }
}
