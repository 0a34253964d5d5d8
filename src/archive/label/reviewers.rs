//! The reviewers of a label, who can be changed.

use super::NewLabel;
use super::definition::stages_in_words;
use crate::archive::Archive;
use crate::archive::hold::require_reason;
use crate::archive::rules::{behind, schedule_with_label};
use crate::archive::simulation::Proposal;
use crate::model::{ItemNo, RetentionLabel, ReviewStage, UtcTime};
use crate::store::{Snapshot, item_review, labels, put_label, reviewed_items};
use crate::{Error, Result};

impl Archive {
    /// Lets others review what carries a label. Reviews that are under way begin anew, and what was approved and is not
    /// disposed of yet waits again; what was extended stays so. Where dual control is on, a second person has to consent
    /// to it, whatever it comes to.
    ///
    /// # Errors
    /// There is none, nothing changes, a stage has nobody, the label deletes nothing, no reason is given, nobody would
    /// review any longer and that was not simulated within the last seven days nor is there a reason for doing
    /// `without_simulation`, or consent is missing.
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
        &self,
        snapshot: &Snapshot,
        name: &str,
        review: &[ReviewStage],
    ) -> Result<(RetentionLabel, RetentionLabel)> {
        let old = self.show_label(name)?;
        if old.review == review {
            return Err(Error::InvalidInput(format!("label `{}` has these reviewers already", old.name)));
        }
        NewLabel { review: review.to_vec(), ..NewLabel::of(&old, &labels(snapshot)?) }.check()?;
        // By a clock that was ahead decisions may be dated later than now; those are before the change, too.
        let decided = last_decision(snapshot, &old)?;
        let review_since = [Some(self.act_time(snapshot)?), old.review_since, decided].into_iter().max().flatten();
        let label = RetentionLabel { review: review.to_vec(), review_since, ..old.clone() };
        Ok((old, label))
    }
}

/// When the last decision was taken under a label.
fn last_decision(snapshot: &Snapshot, label: &RetentionLabel) -> Result<Option<UtcTime>> {
    let mut last = None;
    for no in reviewed_items(snapshot)? {
        let entries = item_review(snapshot, ItemNo(no))?.map(|review| review.entries).unwrap_or_default();
        let times = entries.iter().filter(|entry| entry.label == label.id).map(|entry| entry.at);
        last = last.max(times.max());
    }
    Ok(last)
}
