//! The plan: what is to be disposed of, as a file that people review. It is written and read item by item.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::field_hasher::FieldHasher;
use crate::archive::Archive;
use crate::archive::decide::Judge;
use crate::archive::list_document::{ListWriter, read_list};
use crate::archive::simulation::Counts;
use crate::model::{Digest, Item, ItemNo, MessageNo, UtcTime};
use crate::retention::Outcome;
use crate::store::{Snapshot, all_items, audit_root, audit_size, folder, mailbox, message};
use crate::{Error, Result};

/// The layout of plans that this program writes.
const VERSION: u32 = 3;

const DOCUMENT: &str = "disposition_plan";

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

/// What a plan says before its list.
#[derive(Debug, Clone, Serialize)]
struct Head {
    #[serde(rename = "type")]
    document: &'static str,
    schema_version: u32,
    archive: String,
    archive_name: String,
    as_of: UtcTime,
    audit_size: u64,
    audit_root: String,
}

/// What a plan says behind its list.
#[derive(Debug, Clone, Serialize)]
struct Foot {
    items: u64,
    eligible: u64,
    kept: u64,
    held: u64,
    review: u64,
    digest: Digest,
}

/// All of a plan but its list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlanSummary {
    /// `disposition_plan`.
    #[serde(rename = "type")]
    document: String,
    schema_version: u32,
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
    /// Of the kept ones, those that wait for a disposition review.
    pub review: u64,
    /// Digest of what the plan decides: archive, time, audit tree, counts, and each item with its reasons.
    pub digest: Digest,
}

impl PlanSummary {
    fn computed_digest(&self, list: &ListDigest) -> Digest {
        let mut hasher = FieldHasher::new("custodia disposition plan 3");
        hasher.field(self.archive.as_bytes());
        hasher.field(&self.as_of.0.to_le_bytes());
        hasher.number(self.audit_size);
        hasher.field(self.audit_root.as_bytes());
        for count in [self.items, self.eligible, self.kept, self.held, self.review, list.items] {
            hasher.number(count);
        }
        hasher.field(&list.hasher.finish().0);
        hasher.finish()
    }
}

/// The digest of the list as it grows.
struct ListDigest {
    hasher: FieldHasher,
    items: u64,
}

impl ListDigest {
    fn new() -> Self {
        Self { hasher: FieldHasher::new("custodia disposition plan list 2"), items: 0 }
    }

    fn add(&mut self, planned: &PlannedItem) {
        let hasher = &mut self.hasher;
        hasher.number(planned.item.0);
        hasher.number(planned.message.0);
        hasher.field(&planned.digest.0);
        hasher.number(planned.reasons.len() as u64);
        for text in [&planned.mailbox, &planned.folder, &planned.rule].into_iter().chain(&planned.reasons) {
            hasher.field(text.as_bytes());
        }
        self.items += 1;
    }
}

/// A plan in its file.
#[derive(Debug)]
pub struct PlanFile {
    path: PathBuf,
    summary: PlanSummary,
}

impl PlanFile {
    /// Reads a plan through, and checks that it is as it was made.
    ///
    /// # Errors
    /// The file cannot be read, is no plan, or was changed after it was made.
    pub fn open(path: &Path) -> Result<Self> {
        let summary = read(path, &mut |_| Ok(()))?;
        Ok(Self { path: path.to_owned(), summary })
    }

    /// All of it but its list.
    pub fn summary(&self) -> &PlanSummary {
        &self.summary
    }

    /// Calls `visit` with each item, in order. What `visit` did counts only if this returns no error.
    ///
    /// # Errors
    /// The file cannot be read or was changed since it was opened, or `visit` returned an error.
    pub fn visit(&self, visit: &mut dyn FnMut(PlannedItem) -> Result<()>) -> Result<()> {
        if read(&self.path, visit)? == self.summary {
            return Ok(());
        }
        Err(Error::PlanStale("it was changed while it was read: plan again".to_owned()))
    }
}

fn read(path: &Path, visit: &mut dyn FnMut(PlannedItem) -> Result<()>) -> Result<PlanSummary> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    let mut list = ListDigest::new();
    let what = format!("a disposition plan (`{}`)", path.display());
    let summary: PlanSummary = read_list(file, &what, "dispositions", &mut |planned: PlannedItem| {
        list.add(&planned);
        visit(planned)
    })?;
    if summary.document != DOCUMENT {
        return Err(Error::InvalidInput("this is not a disposition plan".to_owned()));
    }
    if summary.schema_version != VERSION {
        return Err(Error::PlanStale("it was made by another version of this program: plan again".to_owned()));
    }
    if summary.digest != summary.computed_digest(&list) || summary.eligible != list.items {
        return Err(Error::PlanStale("it was changed after it was made: plan again".to_owned()));
    }
    Ok(summary)
}

impl Archive {
    /// Writes what may be disposed of now to `out`.
    ///
    /// # Errors
    /// The clock cannot be trusted, the store or the index failed, or `out` cannot be written.
    pub fn plan_disposition(&mut self, out: &mut dyn Write) -> Result<PlanSummary> {
        self.check_clock("disposition.plan", "")?;
        self.settle()?;
        self.index.check()?;
        self.succeed_labels()?;
        let snapshot = self.store.snapshot()?;
        let as_of = self.now();
        let head = Head {
            document: DOCUMENT,
            schema_version: VERSION,
            archive: self.info.id.clone(),
            archive_name: self.info.name.clone(),
            as_of,
            audit_size: audit_size(&snapshot)?,
            audit_root: audit_root(&snapshot)?.to_string(),
        };
        let mut judge = Judge::new(&snapshot, &self.info, as_of)?;
        let (mut counts, mut list) = (Counts::default(), ListDigest::new());
        let mut writer = ListWriter::begin(out, &head, "dispositions")?;
        all_items(&snapshot, |item| {
            let decision = judge.decide_without_reasons(&item)?;
            counts.count(&decision, as_of);
            if decision.outcome == Outcome::Eligible {
                let decision = judge.decide(&item)?;
                let rule = decision.deleted_by.as_deref().unwrap_or_default().to_owned();
                let reasons = decision.reasons.iter().map(|r| format!("{} `{}` {}", r.source, r.name, r.effect));
                let planned = planned(&snapshot, &item, rule, reasons.collect())?;
                list.add(&planned);
                writer.entry(&planned)?;
            }
            Ok(())
        })?;
        let summary = summary(head, counts, &list);
        let PlanSummary { items, eligible, kept, held, review, digest, .. } = summary;
        writer.finish(&Foot { items, eligible, kept, held, review, digest })?;
        let outcome = format!("{eligible} eligible of {items} items, {held} held");
        self.record_alone("disposition.plan", &digest.to_string(), &outcome)?;
        Ok(summary)
    }
}

fn summary(head: Head, counts: Counts, list: &ListDigest) -> PlanSummary {
    let mut summary = PlanSummary {
        document: head.document.to_owned(),
        schema_version: head.schema_version,
        archive: head.archive,
        archive_name: head.archive_name,
        as_of: head.as_of,
        audit_size: head.audit_size,
        audit_root: head.audit_root,
        items: counts.items,
        eligible: counts.eligible,
        kept: counts.kept,
        held: counts.held,
        review: counts.review,
        digest: Digest([0; 32]),
    };
    summary.digest = summary.computed_digest(list);
    summary
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
