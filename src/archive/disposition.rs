//! Disposition: planned, then executed. The one gate to destruction.

use serde::{Deserialize, Serialize};

use super::Archive;
use super::decide::Judge;
use super::simulate::{Counts, deleting_rule};
use super::stats::store_bytes;
use crate::evidence::{self, TreeHash};
use crate::model::{Digest, Item, ItemNo, MessageNo, UtcTime};
use crate::retention::Outcome;
use crate::store::{
    ContentReader, Disposal, DispositionRecord, Snapshot, Transaction, all_items, audit_node, audit_root, audit_size,
    disposition_records, folder, item, mailbox, message, set_erasure_pending,
};
use crate::{Error, Result};

/// An item that a plan disposes of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedItem {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Digest of the message's raw bytes.
    pub digest: Digest,
    /// Address of its mailbox.
    pub mailbox: String,
    /// Path of its folder.
    pub folder: String,
    /// The rule that deletes it.
    pub rule: String,
    /// Every reason, in words.
    pub reasons: Vec<String>,
}

/// What is to be disposed of, as a file that people review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispositionPlan {
    /// `disposition_plan`.
    #[serde(rename = "type")]
    pub document: String,
    /// Version of this layout.
    pub schema_version: u32,
    /// Id of the archive.
    pub archive: String,
    /// Name of the archive.
    pub archive_name: String,
    /// When it was made; items are judged as of then.
    pub as_of: UtcTime,
    /// Number of audit entries when it was made.
    pub audit_size: u64,
    /// Root of the audit tree when it was made.
    pub audit_root: String,
    /// Items in the archive.
    pub items: u64,
    /// Items that it disposes of.
    pub eligible: u64,
    /// Items kept.
    pub kept: u64,
    /// Items held.
    pub held: u64,
    /// Each item that it disposes of.
    pub dispositions: Vec<PlannedItem>,
    /// Digest of what the plan decides: archive, time, audit tree, counts, and each item with its reasons.
    pub digest: Digest,
}

impl DispositionPlan {
    fn computed_digest(&self) -> Digest {
        let mut hasher = blake3::Hasher::new_derive_key("custodia disposition plan 1");
        let mut field = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        field(self.archive.as_bytes());
        field(&self.as_of.0.to_le_bytes());
        field(&self.audit_size.to_le_bytes());
        field(self.audit_root.as_bytes());
        for count in [self.items, self.eligible, self.kept, self.held] {
            field(&count.to_le_bytes());
        }
        for planned in &self.dispositions {
            field(&planned.item.0.to_le_bytes());
            field(&planned.message.0.to_le_bytes());
            field(&planned.digest.0);
            for text in [&planned.mailbox, &planned.folder, &planned.rule].into_iter().chain(&planned.reasons) {
                field(text.as_bytes());
            }
        }
        Digest(*hasher.finalize().as_bytes())
    }
}

/// What an execution did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// Lists what may be disposed of now.
    ///
    /// # Errors
    /// The clock cannot be trusted, or the store or the index failed.
    pub fn plan_disposition(&mut self) -> Result<DispositionPlan> {
        self.check_clock("disposition.plan", "")?;
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let as_of = self.now();
        let mut judge = Judge::new(&snapshot, &self.info, as_of)?;
        let mut counts = Counts::default();
        let mut dispositions = Vec::new();
        all_items(&snapshot, |item| {
            let decision = judge.decide(&item);
            counts.count(decision.outcome);
            if decision.outcome == Outcome::Eligible {
                let rule = deleting_rule(&decision).unwrap_or_default().to_owned();
                let reasons = decision.reasons.iter().map(|r| format!("{} `{}` {}", r.source, r.name, r.effect));
                dispositions.push(planned(&snapshot, &item, rule, reasons.collect())?);
            }
            Ok(())
        })?;
        let mut plan = DispositionPlan {
            document: "disposition_plan".to_owned(),
            schema_version: 1,
            archive: self.info.id.clone(),
            archive_name: self.info.name.clone(),
            as_of,
            audit_size: audit_size(&snapshot)?,
            audit_root: audit_root(&snapshot)?.to_string(),
            items: counts.items,
            eligible: counts.eligible,
            kept: counts.kept,
            held: counts.held,
            dispositions,
            digest: Digest([0; 32]),
        };
        plan.digest = plan.computed_digest();
        let outcome = format!("{} eligible of {} items, {} held", plan.eligible, plan.items, plan.held);
        self.record_alone("disposition.plan", &plan.digest.to_string(), &outcome)?;
        Ok(plan)
    }

    /// Carries out a plan, all of it or nothing: each item is judged again inside the transaction that destroys it.
    /// Then index and store are rewritten, so that nothing of what was destroyed is left in any file.
    ///
    /// # Errors
    /// The plan is of another archive or was changed, an item of it is gone or must be kept, the clock cannot be
    /// trusted, or the store or the index failed. Nothing is destroyed then.
    pub fn execute_disposition(&mut self, plan: &DispositionPlan) -> Result<Execution> {
        self.check_clock("disposition.execute", &plan.digest.to_string())?;
        self.settle()?;
        let result = self.destroy_planned(plan);
        let destroyed = match result {
            Ok(destroyed) => destroyed,
            Err(refusal @ (Error::PlanStale(_) | Error::Refused(_))) => {
                self.record_alone("disposition.execute", &plan.digest.to_string(), &refusal.to_string())?;
                return Err(refusal);
            }
            Err(other) => return Err(other),
        };
        let before = store_bytes(self.store.path());
        self.finish_erasure().map_err(|error| Error::ErasureUnfinished { source: error.into() })?;
        Ok(Execution {
            plan: plan.digest,
            items: plan.dispositions.len() as u64,
            messages: destroyed,
            store_bytes_before: before,
            store_bytes_after: store_bytes(self.store.path()),
        })
    }

    /// Every disposition record.
    ///
    /// # Errors
    /// The store failed.
    pub fn disposition_records(&self) -> Result<Vec<DispositionRecord>> {
        disposition_records(&self.store.snapshot()?)
    }

    fn destroy_planned(&mut self, plan: &DispositionPlan) -> Result<u64> {
        let transaction = self.store.begin()?;
        let snapshot = self.store.snapshot()?;
        self.check_plan(&snapshot, plan)?;
        let now = self.now();
        let mut judge = Judge::new(&transaction, &self.info, now)?;
        let mut disposal = Disposal::new(&transaction, ContentReader::new(&snapshot)?);
        for planned in &plan.dispositions {
            let item = recheck(&transaction, &mut judge, planned)?;
            let record = DispositionRecord {
                item: planned.item,
                message: planned.message,
                digest: planned.digest,
                mailbox: planned.mailbox.clone(),
                folder: planned.folder.clone(),
                rule: planned.rule.clone(),
                plan: plan.digest,
                disposed_at: now,
                content_destroyed: false,
            };
            disposal.destroy(&item, record)?;
        }
        let destroyed = disposal.finish()?.len() as u64;
        if !plan.dispositions.is_empty() {
            set_erasure_pending(&transaction)?;
        }
        let outcome = format!("{} items disposed of, {destroyed} messages destroyed", plan.dispositions.len());
        self.record(&transaction, "disposition.execute", &plan.digest.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(destroyed)
    }

    /// Removes what a committed disposition left in the index and in free pages of the store. Also run when an archive
    /// is opened whose last disposition was killed before this.
    pub(super) fn finish_erasure(&mut self) -> Result<()> {
        if !crate::store::erasure_pending(&self.store.snapshot()?)? {
            return self.catch_up(&mut |_, _| {});
        }
        if self.catch_up(&mut |_, _| {}).and_then(|()| self.index.erase_deleted()).is_err() {
            // A damaged index must not keep what was destroyed, nor keep anybody from the archive: one made anew has
            // nothing of it.
            self.index.remove()?;
            self.catch_up(&mut |_, _| {})?;
        }
        self.store.rewrite()
    }

    fn check_plan(&self, snapshot: &Snapshot, plan: &DispositionPlan) -> Result<()> {
        if plan.document != "disposition_plan" || plan.schema_version != 1 {
            return Err(Error::InvalidInput("this is not a disposition plan of version 1".to_owned()));
        }
        if plan.archive != self.info.id {
            return Err(Error::PlanStale(format!("it was made for archive `{}`", plan.archive_name)));
        }
        if plan.digest != plan.computed_digest() {
            return Err(Error::PlanStale("it was changed after it was made: plan again".to_owned()));
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

fn planned(snapshot: &Snapshot, item: &Item, rule: String, reasons: Vec<String>) -> Result<PlannedItem> {
    let row = message(snapshot, item.message)?
        .ok_or_else(|| Error::Corrupt(format!("item {} refers to a message that is missing", item.no)))?;
    Ok(PlannedItem {
        item: item.no,
        message: item.message,
        digest: row.digest,
        mailbox: mailbox(snapshot, item.mailbox)?.address,
        folder: folder(snapshot, item.folder)?.path,
        rule,
        reasons,
    })
}

fn recheck(transaction: &Transaction, judge: &mut Judge, planned: &PlannedItem) -> Result<Item> {
    let stale = |why: String| Error::PlanStale(format!("item {} {why}: plan again", planned.item));
    let found = item(transaction, planned.item)?.ok_or_else(|| stale("is not there any longer".to_owned()))?;
    let digest = message(transaction, found.message)?.map(|row| row.digest);
    if found.message != planned.message || digest != Some(planned.digest) {
        return Err(stale("is not the one that was planned".to_owned()));
    }
    let decision = judge.decide(&found);
    match decision.outcome {
        Outcome::Eligible if deleting_rule(&decision) == Some(planned.rule.as_str()) => Ok(found),
        Outcome::Eligible => {
            let rule = deleting_rule(&decision).unwrap_or_default();
            Err(stale(format!("is deleted by `{rule}` now, not by `{}`", planned.rule)))
        }
        Outcome::Held | Outcome::Kept => {
            let deciding = decision.reasons.iter().filter(|reason| reason.rule.decides());
            let why: Vec<String> = deciding.map(|r| format!("{} `{}` {}", r.source, r.name, r.effect)).collect();
            Err(stale(format!("is {} now ({})", decision.outcome, why.join("; "))))
        }
    }
}
