//! The period of a label, which alone can be changed.

use crate::archive::Archive;
use crate::archive::rules::{behind, schedule_with_label};
use crate::archive::simulation::Proposal;
use crate::model::{RecordKind, RetentionLabel, RetentionPeriod};
use crate::store::put_label;
use crate::{Error, Result};

impl Archive {
    /// Changes the period of a label, also for items that carry it. That of regulatory records can only be lengthened,
    /// and to shorten that of records needs a reason.
    ///
    /// # Errors
    /// There is none, nothing changes, the period contradicts what the label does, it is shorter and the label makes
    /// regulatory records, a reason is needed and missing, or something could go earlier by it and that was not simulated
    /// within the last seven days nor is there a reason for doing `without_simulation`.
    pub fn set_label_period(
        &mut self,
        name: &str,
        period: RetentionPeriod,
        reason: &str,
        without_simulation: Option<&str>,
    ) -> Result<RetentionLabel> {
        let old = self.show_label(name)?;
        self.admit_period(&old, period, reason)?;
        let label = RetentionLabel { period, ..old.clone() };
        let snapshot = self.store.snapshot()?;
        let (after, id) = (schedule_with_label(&snapshot, &label)?, label.id.to_string());
        let ground = self.ground_or_record(&snapshot, &after, without_simulation, ("retention.label.refuse", &id))?;
        let transaction = self.store.begin()?;
        let ground = behind(self.consented(&transaction, ground)?);
        let outcome = format!("period of {} from {} to {period}; reason: {reason}{ground}", old.name, old.period);
        put_label(&transaction, &label)?;
        self.record(&transaction, "retention.label.set-period", &id, &outcome)?;
        transaction.commit()?;
        Ok(label)
    }

    /// What another period of a label would come to, to be simulated.
    pub(in crate::archive) fn proposed_period(&mut self, name: &str, period: RetentionPeriod) -> Result<Proposal> {
        let old = self.show_label(name)?;
        self.admit_period(&old, period, "simulated")?;
        let (snapshot, mut proposal) = (self.store.snapshot()?, Proposal::new(self.now()));
        self.propose_label(&snapshot, &mut proposal, RetentionLabel { period, ..old })?;
        Ok(proposal)
    }

    /// Refuses a period that the label may not get.
    pub(in crate::archive) fn admit_period(
        &mut self,
        label: &RetentionLabel,
        period: RetentionPeriod,
        reason: &str,
    ) -> Result<()> {
        let refuse = |why: &str| Err(Error::InvalidInput(format!("label `{}` {why}", label.name)));
        if label.period == period {
            return refuse("has this period already");
        }
        if period == RetentionPeriod::Unlimited && label.next.is_some() {
            return refuse("has a next label, which takes its place when its period ends: it needs one that ends");
        }
        if period == RetentionPeriod::Unlimited && !label.action.retains() {
            return refuse("deletes, and needs a period that ends");
        }
        let shorter = !period.is_never_shorter_than(label.period);
        match label.record {
            RecordKind::Regulatory if shorter => {
                let text = format!(
                    "label `{}` makes regulatory records, and {period} may be shorter than {}: it can only be lengthened",
                    label.name, label.period
                );
                self.record_alone("retention.label.refuse", &label.id.to_string(), &text)?;
                Err(Error::Refused(text))
            }
            RecordKind::Record if shorter && reason.trim().is_empty() => {
                refuse("makes records: say with --reason why they are to be kept for less time")
            }
            _ => Ok(()),
        }
    }
}
