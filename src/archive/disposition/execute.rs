//! The execution of a plan: all of it or nothing.

use roaring::RoaringTreemap;

use super::certificate::{outcome, records_digest};
use super::review::Notes;
use super::{PlanFile, PlanSummary, PlannedItem};
use crate::archive::Archive;
use crate::archive::approval::ControlledObject;
use crate::archive::decide::Judge;
use crate::archive::fail_point::fail_point;
use crate::archive::random::random_key;
use crate::evidence::{self, TreeHash};
use crate::model::{ControlledAct, Digest, Item, ItemNo};
use crate::retention::Outcome;
use crate::store::{
    ContentReader, Disposal, DispositionRecord, DispositionRun, SaltedContentHash, Snapshot, Transaction, audit_node,
    audit_size, disposition_record, disposition_records, item, last_audit_time, message, put_disposition_run,
    set_erasure_pending,
};
use crate::{Error, Result};

/// What an execution did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// Digest of the plan.
    pub plan: Digest,
    /// Items disposed of.
    pub items: u64,
    /// Messages destroyed, because no other item needed them.
    pub messages: u64,
    /// What the store took on disk before, in bytes.
    pub store_bytes_before: u64,
    /// What it takes after it was rewritten, in bytes.
    pub store_bytes_after: u64,
}

impl Archive {
    /// Carries out a plan, all of it or nothing: each item is judged again inside the transaction that destroys it.
    /// Then index and store are rewritten, so that nothing of what was destroyed is left in any file. Killed before the
    /// commit, nothing has happened; killed after it, the next opening ends the rewriting.
    ///
    /// # Errors
    /// The plan is of another archive or was changed, an item of it is gone or must be kept, the clock cannot be
    /// trusted, the consent of a second person is needed and missing, or the store or the index failed or is damaged. Nothing
    /// is destroyed then.
    pub fn execute_disposition(&mut self, plan: &PlanFile) -> Result<Execution> {
        let summary = plan.summary();
        self.check_clock("disposition.execute", &summary.digest.to_string())?;
        self.settle()?;
        self.index.check()?;
        self.store.check()?;
        self.succeed_labels()?;
        fail_point("execute.settled");
        let run = match self.destroy_planned(plan) {
            Ok(run) => run,
            Err(refusal @ (Error::PlanStale(_) | Error::Refused(_))) => {
                self.record_alone("disposition.execute", &summary.digest.to_string(), &refusal.to_string())?;
                return Err(refusal);
            }
            Err(other) => return Err(other),
        };
        fail_point("execute.committed");
        let before = self.store.bytes_on_disk()?;
        self.finish_erasure().map_err(|error| Error::ErasureUnfinished { source: error.into() })?;
        Ok(Execution {
            plan: summary.digest,
            items: run.items,
            messages: run.messages,
            store_bytes_before: before,
            store_bytes_after: self.store.bytes_on_disk()?,
        })
    }

    /// Calls `visit` with each disposition record, by item.
    ///
    /// # Errors
    /// The store failed, or `visit` returned an error.
    pub fn disposition_records(&self, visit: &mut dyn FnMut(DispositionRecord) -> Result<()>) -> Result<()> {
        disposition_records(&self.store.snapshot()?, visit)
    }

    /// The disposition record of an item; `None` if it was not disposed of.
    ///
    /// # Errors
    /// The store failed.
    pub fn disposition_record(&self, item: ItemNo) -> Result<Option<DispositionRecord>> {
        disposition_record(&self.store.snapshot()?, item)
    }

    fn destroy_planned(&mut self, plan: &PlanFile) -> Result<DispositionRun> {
        let transaction = self.store.begin()?;
        let snapshot = self.store.snapshot()?;
        let summary = plan.summary();
        self.check_plan(&snapshot, summary)?;
        let digest = summary.digest.to_string();
        let object = ControlledObject::fixed(&digest);
        let approval = self.require_approval(&transaction, ControlledAct::DispositionExecute, object)?;
        let approved_by = approval.map(|approval| approval.by);
        let (now, key) = (self.now(), random_key());
        let (mut judge, notes) = (Judge::new(&transaction, &self.info, now)?, Notes::load(&transaction)?);
        let mut disposal = Disposal::new(&transaction, ContentReader::new(&snapshot)?);
        let mut disposed = RoaringTreemap::new();
        plan.visit(&mut |planned| {
            let (item, content) = recheck(&transaction, &mut judge, &planned, &key)?;
            let reviews = notes.of(&transaction, item.no)?;
            let record = DispositionRecord {
                item: planned.item,
                message: planned.message,
                digest: planned.digest,
                mailbox: planned.mailbox,
                folder: planned.folder,
                rule: planned.rule,
                plan: summary.digest,
                disposed_at: now,
                content_destroyed: false,
                content: Some(content),
                reviewers: reviews.approved_by.into_iter().chain(approved_by.clone()).collect(),
                label: reviews.label,
                reviews: reviews.notes,
            };
            disposed.insert(item.no.0);
            disposal.destroy(&item, record)
        })?;
        fail_point("execute.destroyed");
        let messages = disposal.finish()?.len() as u64;
        if !disposed.is_empty() {
            set_erasure_pending(&transaction)?;
        }
        let mut run = DispositionRun {
            plan: summary.digest,
            executed_at: now,
            executed_by: self.session.actor.clone(),
            approved_by,
            items: disposed.len(),
            messages,
            records: records_digest(&transaction, &disposed)?,
            audit_entry: 0,
        };
        run.audit_entry = self.record(&transaction, "disposition.execute", &digest, &outcome(&run, &self.info.id))?;
        run.executed_at = last_audit_time(&transaction)?.unwrap_or(now);
        put_disposition_run(&transaction, &run)?;
        fail_point("execute.before-commit");
        transaction.commit()?;
        Ok(run)
    }

    /// Removes what a committed disposition left in the index and in free pages of the store. Also run when an archive
    /// is opened whose last disposition was killed before this.
    pub(in crate::archive) fn finish_erasure(&mut self) -> Result<()> {
        if !crate::store::erasure_pending(&self.store.snapshot()?)? {
            return self.catch_up(&mut |_, _| {});
        }
        if self.catch_up(&mut |_, _| {}).and_then(|()| self.index.erase_deleted()).is_err() {
            // A damaged index must not keep what was destroyed, nor keep anybody from the archive: one made anew has
            // nothing of it.
            self.index.remove()?;
            self.catch_up(&mut |_, _| {})?;
        }
        fail_point("execute.index-erased");
        self.store.rewrite()
    }

    fn check_plan(&self, snapshot: &Snapshot, plan: &PlanSummary) -> Result<()> {
        if plan.archive != self.info.id {
            return Err(Error::PlanStale(format!("it was made for archive `{}`", plan.archive_name)));
        }
        let stale = || Error::PlanStale("the audit log does not continue the one it was made on".to_owned());
        if plan.audit_size > audit_size(snapshot)? {
            return Err(stale());
        }
        let root = evidence::root(plan.audit_size, |level, index| audit_node(snapshot, level, index))?;
        let planned: TreeHash = plan.audit_root.parse().map_err(|_| stale())?;
        if root == planned { Ok(()) } else { Err(stale()) }
    }
}

/// The item, if it is the one that was planned and the same rule still deletes it, with its salted content hash.
fn recheck(
    transaction: &Transaction,
    judge: &mut Judge<'_, Transaction>,
    planned: &PlannedItem,
    key: &[u8; 32],
) -> Result<(Item, SaltedContentHash)> {
    let stale = |why: String| Error::PlanStale(format!("item {} {why}: plan again", planned.item));
    let found = item(transaction, planned.item)?.ok_or_else(|| stale("is not there any longer".to_owned()))?;
    let row = message(transaction, found.message)?.filter(|row| row.digest == planned.digest);
    let row = row.filter(|_| found.message == planned.message);
    let row = row.ok_or_else(|| stale("is not the one that was planned".to_owned()))?;
    let decision = judge.decide(&found)?;
    match decision.outcome {
        Outcome::Eligible if decision.deleted_by.as_deref() == Some(planned.rule.as_str()) => {
            Ok((found, SaltedContentHash::of(&row.content_hash, key, found.no)))
        }
        Outcome::Eligible => {
            let rule = decision.deleted_by.as_deref().unwrap_or_default();
            Err(stale(format!("is deleted by `{rule}` now, not by `{}`", planned.rule)))
        }
        Outcome::Held | Outcome::Kept => {
            let deciding = decision.reasons.iter().filter(|reason| reason.rule.decides());
            let why: Vec<String> = deciding.map(|r| format!("{} `{}` {}", r.source, r.name, r.effect)).collect();
            Err(stale(format!("is {} now ({})", decision.outcome, why.join("; "))))
        }
    }
}
