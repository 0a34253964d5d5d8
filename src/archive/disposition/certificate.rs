//! The certificate of an execution: what was disposed of, and the proof that the audit log says so, for people without
//! the archive.

use std::io::{Read, Write};

use roaring::RoaringTreemap;
use serde::{Deserialize, Serialize};

use super::field_hasher::FieldHasher;
use crate::archive::Archive;
use crate::archive::audit_proof::AuditProof;
use crate::archive::list_document::{ListWriter, read_list};
use crate::model::{Digest, ItemNo, MessageNo, ReviewNote, UtcTime};
use crate::store::{
    DispositionRecord, DispositionRun, Tables, disposition_record, disposition_records, disposition_runs,
};
use crate::{Error, Result};

const DOCUMENT: &str = "disposition_certificate";

/// What stays of an item, as a certificate lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedItem {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Digest of the message's raw bytes.
    pub digest: Digest,
    /// Address of the mailbox that it was in.
    pub mailbox: String,
    /// Path of the folder that it was in.
    pub folder: String,
    /// The rule that it was disposed of under.
    pub rule: String,
    /// When.
    pub disposed_at: UtcTime,
    /// Whether the content went too; it stays while another item needs it.
    pub content_destroyed: bool,
    /// What the content hash was salted with, in hexadecimal digits.
    pub salt: Option<String>,
    /// BLAKE3 of salt and content hash: whoever has a copy of the message can tell that it is this one.
    pub salted_content_hash: Option<Digest>,
    /// Who approved the disposition.
    pub reviewers: Vec<String>,
    /// The label that it carried.
    #[serde(default)]
    pub label: Option<String>,
    /// What reviewers decided over it, the oldest first.
    #[serde(default)]
    pub reviews: Vec<ReviewNote>,
}

impl From<DispositionRecord> for CertifiedItem {
    fn from(record: DispositionRecord) -> Self {
        Self {
            item: record.item,
            message: record.message,
            digest: record.digest,
            mailbox: record.mailbox,
            folder: record.folder,
            rule: record.rule,
            disposed_at: record.disposed_at,
            content_destroyed: record.content_destroyed,
            salt: record.content.as_ref().map(|content| data_encoding::HEXLOWER.encode(&content.salt)),
            salted_content_hash: record.content.map(|content| content.hash),
            reviewers: record.reviewers.into_iter().map(|reviewer| reviewer.0).collect(),
            label: record.label,
            reviews: record.reviews,
        }
    }
}

/// All of a certificate but its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispositionCertificate {
    /// `disposition_certificate`.
    #[serde(rename = "type")]
    document: String,
    schema_version: u32,
    /// Id of the archive.
    pub archive: String,
    /// Digest of the plan that was executed.
    pub plan: Digest,
    /// When.
    pub executed_at: UtcTime,
    /// By whom.
    pub executed_by: String,
    /// Who consented, where dual control was on.
    pub approved_by: Option<String>,
    /// Items disposed of.
    pub items: u64,
    /// Messages destroyed.
    pub messages: u64,
    /// Digest of the list.
    pub records_digest: Digest,
    /// The audit entry of the execution, which names that digest, and the proof that it is in the log.
    pub audit: AuditProof,
}

impl Archive {
    /// Writes the certificate of an execution to `out`; `plan` is the digest of its plan, or the beginning of it.
    ///
    /// # Errors
    /// There is no such execution, several begin so, the store failed, or `out` cannot be written.
    pub fn disposition_certificate(&self, plan: &str, out: &mut dyn Write) -> Result<DispositionCertificate> {
        let run = self.disposition_run(plan)?;
        self.record_alone("disposition.certificate", &run.plan.to_string(), &format!("{} items", run.items))?;
        let snapshot = self.store.snapshot()?;
        let audit = AuditProof::of(&snapshot, run.audit_entry)?;
        let certificate = DispositionCertificate {
            document: DOCUMENT.to_owned(),
            schema_version: 1,
            archive: self.info.id.clone(),
            plan: run.plan,
            // Versions before said in the run when they began to record it, which took them some time.
            executed_at: audit.verify()?.at,
            executed_by: run.executed_by.0,
            approved_by: run.approved_by.map(|by| by.0),
            items: run.items,
            messages: run.messages,
            records_digest: run.records,
            audit,
        };
        let mut writer = ListWriter::begin(out, &certificate, "records")?;
        disposition_records(&snapshot, |record| {
            if record.plan == run.plan { writer.entry(&CertifiedItem::from(record)) } else { Ok(()) }
        })?;
        writer.finish(&serde_json::json!({}))?;
        Ok(certificate)
    }

    fn disposition_run(&self, plan: &str) -> Result<DispositionRun> {
        let runs = disposition_runs(&self.store.snapshot()?)?;
        let begins = |run: &DispositionRun| !plan.is_empty() && run.plan.to_string().starts_with(plan);
        let mut found = runs.into_iter().filter(begins);
        match (found.next(), found.next()) {
            (Some(run), None) => Ok(run),
            (None, _) => Err(Error::NotFound { what: "execution of a plan that begins with", id: plan.to_owned() }),
            _ => Err(Error::InvalidInput(format!("more than one plan begins with `{plan}`: write more of it"))),
        }
    }
}

/// Checks a certificate without the archive: that its list is the one that the audit entry names, and that the entry
/// is in the log with the root that it states. Whether that is the root of the archive's log, a checkpoint tells that
/// was kept elsewhere.
///
/// # Errors
/// It is no certificate, or something of it does not agree.
pub fn verify_disposition_certificate(source: impl Read) -> Result<DispositionCertificate> {
    let mut list = ListDigest::new();
    let certificate: DispositionCertificate =
        read_list(source, "a certificate of disposition", "records", &mut |item: CertifiedItem| {
            list.add(&item);
            Ok(())
        })?;
    let bad = |why: &str| Err(Error::Untrusted(format!("the certificate does not hold: {why}")));
    if certificate.document != DOCUMENT || certificate.schema_version != 1 {
        return Err(Error::InvalidInput("this is not a certificate of disposition of version 1".to_owned()));
    }
    if certificate.items != list.items || certificate.records_digest != list.finish() {
        return bad("its list was changed");
    }
    let entry = certificate.audit.verify()?;
    let said = Said {
        items: certificate.items,
        messages: certificate.messages,
        approved_by: certificate.approved_by.as_deref(),
        archive: &certificate.archive,
        records: certificate.records_digest,
    };
    let same = entry.action == "disposition.execute"
        && entry.object == certificate.plan.to_string()
        && entry.at == certificate.executed_at
        && entry.actor.0 == certificate.executed_by
        && entry.outcome == said.words();
    if same { Ok(certificate) } else { bad("the audit entry says something else") }
}

/// What the audit entry of an execution says.
struct Said<'a> {
    items: u64,
    messages: u64,
    approved_by: Option<&'a str>,
    archive: &'a str,
    records: Digest,
}

impl Said<'_> {
    fn words(&self) -> String {
        let approved = self.approved_by.map_or_else(String::new, |by| format!("; approved by {by}"));
        format!(
            "{} items disposed of, {} messages destroyed{approved}; archive {}; records {}",
            self.items, self.messages, self.archive, self.records
        )
    }
}

/// The words of the audit entry of an execution.
pub(super) fn outcome(run: &DispositionRun, archive: &str) -> String {
    Said {
        items: run.items,
        messages: run.messages,
        approved_by: run.approved_by.as_ref().map(|by| by.0.as_str()),
        archive,
        records: run.records,
    }
    .words()
}

/// The digest of the records of `items`, in the order of their numbers.
pub(super) fn records_digest(tables: &impl Tables, items: &RoaringTreemap) -> Result<Digest> {
    let mut list = ListDigest::new();
    for no in items {
        let record = disposition_record(tables, ItemNo(no))?;
        let record = record.ok_or_else(|| Error::Corrupt(format!("item {no} has no disposition record")))?;
        list.add(&CertifiedItem::from(record));
    }
    Ok(list.finish())
}

/// Adds the label and the reviews, if there are any: records that were made before they were kept have the digest that
/// they had then. The word before them is shorter than the number that another item begins with.
fn add_reviews(hasher: &mut FieldHasher, item: &CertifiedItem) {
    if let Some(label) = &item.label {
        hasher.field(b"label");
        hasher.field(label.as_bytes());
    }
    if item.reviews.is_empty() {
        return;
    }
    hasher.field(b"review");
    hasher.number(item.reviews.len() as u64);
    for note in &item.reviews {
        hasher.number(note.stage.into());
        hasher.field(&note.at.0.to_le_bytes());
        hasher.field(&note.until.map_or_else(Vec::new, |until| until.0.to_le_bytes().to_vec()));
        hasher.number(note.reviewers.len() as u64);
        let texts = [&note.label, &note.by.0, &note.comment, note.new_label.as_ref().unwrap_or(&String::new())]
            .map(|text| text.as_bytes().to_vec());
        let named = note.reviewers.iter().map(|actor| actor.0.as_bytes().to_vec());
        for text in texts.into_iter().chain(named).chain([note.decision.as_str().as_bytes().to_vec()]) {
            hasher.field(&text);
        }
    }
}

struct ListDigest {
    hasher: FieldHasher,
    items: u64,
}

impl ListDigest {
    fn new() -> Self {
        Self { hasher: FieldHasher::new("custodia disposition records 1"), items: 0 }
    }

    fn add(&mut self, item: &CertifiedItem) {
        let hasher = &mut self.hasher;
        hasher.number(item.item.0);
        hasher.number(item.message.0);
        hasher.field(&item.digest.0);
        hasher.field(&item.disposed_at.0.to_le_bytes());
        hasher.field(&[u8::from(item.content_destroyed)]);
        hasher.field(item.salt.as_deref().unwrap_or_default().as_bytes());
        hasher.field(item.salted_content_hash.as_ref().map_or(&[][..], |hash| &hash.0[..]));
        hasher.number(item.reviewers.len() as u64);
        for text in [&item.mailbox, &item.folder, &item.rule].into_iter().chain(&item.reviewers) {
            hasher.field(text.as_bytes());
        }
        add_reviews(hasher, item);
        self.items += 1;
    }

    fn finish(&self) -> Digest {
        self.hasher.finish()
    }
}
