//! The mapping of external ids to mailboxes: checked, imported, listed.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::Archive;
use super::import::Routing;
use super::known_names::ChangedRules;
use crate::model::{Digest, MappedId};
use crate::people::{
    Directory, Mapping, MappingFile, MappingIssue, MappingRow, People, Region, Severity, Target, read_mapping,
};
use crate::store::{Snapshot, Transaction, mailboxes, mapped_ids, put_mapped_ids, remove_mapped_ids};
use crate::{Error, Result};

/// Bytes that are read of a mapping file: one more than it may have, so that a longer one is known for it.
const READ_BYTES: u64 = (64 << 20) + 1;

/// Issues that an error names.
const NAMED_ISSUES: usize = 5;

/// What a mapping file holds, and what is doubtful about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingReport {
    /// Digest of the file.
    pub digest: Digest,
    /// External ids in it.
    pub ids: u64,
    /// Different mailboxes in it.
    pub mailboxes: u64,
    /// External ids whose messages are not to be archived.
    pub unarchived: u64,
    /// What is doubtful or wrong, by row.
    pub issues: Vec<MappingIssue>,
    /// Issues not listed because there are more than 10,000.
    pub unlisted_issues: u64,
}

impl MappingReport {
    fn new(digest: Digest, file: &MappingFile) -> Self {
        let named: BTreeSet<&str> = file.rows.iter().filter_map(|row| row.mailbox.as_deref()).collect();
        Self {
            digest,
            ids: file.rows.len() as u64,
            mailboxes: named.len() as u64,
            unarchived: file.rows.iter().filter(|row| row.mailbox.is_none()).count() as u64,
            issues: file.issues.clone(),
            unlisted_issues: file.unlisted_issues,
        }
    }

    /// How many issues of this severity are listed.
    pub fn count(&self, severity: Severity) -> u64 {
        self.issues.iter().filter(|issue| issue.severity == severity).count() as u64
    }
}

/// What the import of a mapping file changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingImport {
    /// The file.
    pub report: MappingReport,
    /// Ids that were not there.
    pub added: u64,
    /// Ids that stood for something else.
    pub changed: u64,
    /// Ids that were there and stand for nothing now.
    pub removed: u64,
    /// Ids that stood for the same.
    pub unchanged: u64,
    /// The rules that mean other people by it.
    pub rules: ChangedRules,
}

impl Archive {
    /// Checks a mapping file against the mailboxes of the archive. `region` (ISO 3166-1 alpha-2) is where national
    /// numbers are read.
    ///
    /// # Errors
    /// It cannot be read, there is no such region, or the store failed.
    pub fn check_mapping(&self, path: &Path, region: Option<&str>) -> Result<MappingReport> {
        let (digest, mut file) = read(path, region)?;
        file.compare(&Directory::new(&mailboxes(&self.store.snapshot()?)?));
        Ok(MappingReport::new(digest, &file))
    }

    /// Makes a mapping file the archive's mapping: its ids are added or changed, and with `replace` all others removed.
    /// It applies to what comes, and to what is in quarantine when that is mapped again; nothing that is stored moves. What the
    /// queries of rules mean changes with the names of their people: what they meant before stays held and retained.
    ///
    /// # Errors
    /// The file cannot be read, has rows that cannot be used, there is no such region, or the store failed.
    pub fn import_mapping(&mut self, path: &Path, region: Option<&str>, replace: bool) -> Result<MappingImport> {
        let (digest, mut file) = read(path, region)?;
        refuse_errors(path, &file)?;
        let snapshot = self.store.snapshot()?;
        let all = mailboxes(&snapshot)?;
        file.compare(&Directory::new(&all));
        let (at, by) = (self.act_time(&snapshot)?, self.session.actor.clone());
        let report = MappingReport::new(digest, &file);
        let mapped = |MappingRow { key, id, mailbox, .. }| {
            let imported_by = by.clone();
            MappedId { key, id, mailbox, imported_at: at, imported_by }
        };
        let ids: Vec<MappedId> = file.rows.into_iter().map(mapped).collect();
        let after = || {
            let new: HashSet<&str> = ids.iter().map(|row| row.key.as_str()).collect();
            let mut kept = if replace { Vec::new() } else { mapped_ids(&snapshot)? };
            kept.retain(|row| !new.contains(row.key.as_str()));
            Ok(People::new(&all, kept.into_iter().chain(ids.iter().cloned())))
        };
        let (mut import, rules) = self.with_other_people(after, |archive| {
            let transaction = archive.store.begin()?;
            let import = write(&transaction, report, &ids, replace)?;
            let MappingImport { added, changed, removed, unchanged, .. } = import;
            let outcome = format!(
                "{}: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged",
                path.display()
            );
            archive.record(&transaction, "mapping.import", &digest.to_string(), &outcome)?;
            transaction.commit()?;
            Ok(import)
        })?;
        import.rules = rules;
        Ok(import)
    }

    /// The archive's mapping, by key.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_mapping(&self) -> Result<Vec<MappedId>> {
        mapped_ids(&self.store.snapshot()?)
    }
}

/// The mappings that a run asks, in their order, and what the audit log says of its own.
pub(super) fn mappings_of_run(snapshot: &Snapshot, routing: &Routing<'_>) -> Result<(Vec<Mapping>, String)> {
    let mut mappings = Vec::new();
    let mut described = String::new();
    if let Some(path) = routing.mapping {
        let (digest, file) = read(path, routing.region)?;
        refuse_errors(path, &file)?;
        described = format!("; mapping {} with {} ids, digest {digest}", path.display(), file.rows.len());
        mappings.push(file.mapping());
    }
    mappings.push(own_mapping(snapshot)?);
    mappings.retain(|mapping| !mapping.is_empty());
    Ok((mappings, described))
}

/// The archive's mapping.
pub(super) fn own_mapping(snapshot: &Snapshot) -> Result<Mapping> {
    let mut own = Mapping::default();
    for row in mapped_ids(snapshot)? {
        own.add(&row.key, &row.id, Target::of(row.mailbox.as_deref()));
    }
    Ok(own)
}

/// Writes `ids` over the archive's mapping; counts what that changes.
fn write(transaction: &Transaction, report: MappingReport, ids: &[MappedId], replace: bool) -> Result<MappingImport> {
    let known = mapped_ids(transaction)?;
    let mut old: HashMap<&str, Option<&str>> =
        known.iter().map(|row| (row.key.as_str(), row.mailbox.as_deref())).collect();
    let mut import =
        MappingImport { report, added: 0, changed: 0, removed: 0, unchanged: 0, rules: ChangedRules::default() };
    for row in ids {
        match old.remove(row.key.as_str()) {
            Some(mailbox) if mailbox == row.mailbox.as_deref() => import.unchanged += 1,
            Some(_) => import.changed += 1,
            None => import.added += 1,
        }
    }
    put_mapped_ids(transaction, ids)?;
    if replace {
        import.removed = old.len() as u64;
        remove_mapped_ids(transaction, old.keys().copied())?;
    }
    Ok(import)
}

fn read(path: &Path, region: Option<&str>) -> Result<(Digest, MappingFile)> {
    let region = region.map(str::parse::<Region>).transpose().map_err(Error::InvalidInput)?;
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Error::io("read", path))?;
    file.take(READ_BYTES).read_to_end(&mut bytes).map_err(Error::io("read", path))?;
    Ok((Digest::of(&bytes), read_mapping(&bytes, region)))
}

fn refuse_errors(path: &Path, file: &MappingFile) -> Result<()> {
    if !file.is_refused() {
        return Ok(());
    }
    let errors = file.issues.iter().filter(|issue| issue.severity == Severity::Error);
    let named: Vec<String> = errors.take(NAMED_ISSUES).map(ToString::to_string).collect();
    let path = path.display();
    Err(Error::InvalidInput(format!(
        "the mapping `{path}` cannot be used, nothing was changed: {}; see all of it with `custodia mapping check {path}`",
        named.join("; ")
    )))
}
