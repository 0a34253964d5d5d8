//! The reviewers of a label, who can be changed.

use super::NewLabel;
use super::definition::stages_in_words;
use crate::archive::Archive;
use crate::archive::hold::require_reason;
use crate::archive::rules::{behind, schedule_with_label};
use crate::archive::simulation::Proposal;
use crate::model::{RecordKind, RetentionLabel, ReviewStage};
use crate::store::{Snapshot, labels, put_label};
use crate::{Error, Result};

impl Archive {
    /// Lets others review what carries a label. Reviews that are under way begin anew, and what was approved and is not
    /// disposed of yet waits again; what was extended stays so. Where dual control is on, a second person has to consent
    /// to it, whatever it comes to.
    ///
    /// # Errors
    /// There is none, nothing changes, a stage has nobody, the label deletes nothing, no reason is given, the label makes
    /// regulatory records and would have fewer stages, nobody would review any longer and that was not simulated within
    /// the last seven days nor is there a reason for doing `without_simulation`, or consent is missing.
    pub fn set_label_reviewers(
        &mut self,
        name: &str,
        review: &[ReviewStage],
        reason: &str,
        without_simulation: Option<&str>,
    ) -> Result<RetentionLabel> {
        require_reason("a change of reviewers", reason)?;
        let snapshot = self.store.snapshot()?;
        let (old, label) = self.label_reviewed_by(&snapshot, name, review)?;
        let (after, id) = (schedule_with_label(&snapshot, &label)?, label.id.to_string());
        let ground = self.ground_or_record(&snapshot, &after, without_simulation, ("retention.label.refuse", &id))?;
        let transaction = self.store.begin()?;
        let ground = match ground {
            Some(ground) => self.consented(&transaction, Some(ground))?,
            None => self.agreed(&transaction, &after)?,
        };
        put_label(&transaction, &label)?;
        let (before, now) = (stages_in_words(&old.review), stages_in_words(&label.review));
        let outcome = format!("reviewers of {} from {before} to {now}; reason: {reason}{}", label.name, behind(ground));
        self.record(&transaction, "retention.label.set-reviewers", &id, &outcome)?;
        transaction.commit()?;
        Ok(label)
    }

    /// What other reviewers of a label would come to, to be simulated.
    pub(in crate::archive) fn proposed_reviewers(&mut self, name: &str, review: &[ReviewStage]) -> Result<Proposal> {
        let (snapshot, mut proposal) = (self.store.snapshot()?, Proposal::new(self.now()));
        let (_, label) = self.label_reviewed_by(&snapshot, name, review)?;
        self.propose_label(&snapshot, &mut proposal, label)?;
        Ok(proposal)
    }

    /// The label as it is, and with these reviewers.
    fn label_reviewed_by(
        &mut self,
        snapshot: &Snapshot,
        name: &str,
        review: &[ReviewStage],
    ) -> Result<(RetentionLabel, RetentionLabel)> {
        let old = self.show_label(name)?;
        if old.review == review {
            return Err(Error::InvalidInput(format!("label `{}` has these reviewers already", old.name)));
        }
        if old.record == RecordKind::Regulatory && review.len() < old.review.len() {
            let (before, now) = (old.review.len(), review.len());
            let text = format!(
                "label `{}` makes regulatory records, and its review has {before} stages, not {now}: others can be named, and \
                 stages added",
                old.name
            );
            self.record_alone("retention.label.refuse", &old.id.to_string(), &text)?;
            return Err(Error::Refused(text));
        }
        NewLabel { review: review.to_vec(), ..NewLabel::of(&old, &labels(snapshot)?) }.check()?;
        let (review_since, review_generation) =
            (Some(self.act_time(snapshot)?), old.review_generation.saturating_add(1));
        let label = RetentionLabel { review: review.to_vec(), review_since, review_generation, ..old.clone() };
        Ok((old, label))
    }
}
