//! An export, checked by whoever received it.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;

use serde::de::DeserializeOwned;

use super::description::{DESCRIPTION, DOCUMENT, ExportDescription};
use crate::archive::audit_checkpoint::AuditCheckpoint;
use crate::archive::audit_proof::AuditProof;
use crate::evidence::TreeHash;
use crate::exporter::{CheckedFiles, FileProblem, FileSum, MANIFEST, check_files, file_sum};
use crate::model::FileDigest;
use crate::{Error, Result};

/// The file of an export that proves that the archive's audit log has it.
pub(super) const PROOF: &str = "audit-proof.json";

pub(super) const ACTION: &str = "export";

/// Most bytes of a document of an export.
const LARGEST_DOCUMENT: u64 = 64 << 20;

/// An export that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedExport {
    /// What it says of itself.
    pub description: ExportDescription,
    /// Its files.
    pub files: CheckedFiles,
    /// The audit entry that names it; `None` if that is not proved.
    pub audit: Option<ProvedEntry>,
    /// Why nothing is proved of the checkpoint, if one was given and the proof says nothing of it.
    pub unproved: Option<String>,
    /// How many problems were found.
    pub problems: u64,
}

/// An entry of an audit log, proved to be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvedEntry {
    /// Its number.
    pub entry: u64,
    /// Entries of the log then.
    pub size: u64,
    /// The root of the log then.
    pub root: TreeHash,
}

/// What whoever received an export has besides it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportEvidence<'a> {
    /// A later proof of the audit entry of the export, instead of the one that came with it.
    pub proof: Option<&'a Path>,
    /// A checkpoint of the archive's audit log that the proof has to lead to.
    pub checkpoint: Option<&'a AuditCheckpoint>,
}

/// Checks an export without the archive: that its files are those that were written, and that the audit log whose root the
/// proof names says so; with a checkpoint, that this is the log of the checkpoint. `visit` gets each problem.
///
/// # Errors
/// It is no export, or cannot be read.
pub fn verify_export(
    directory: &Path,
    evidence: &ExportEvidence<'_>,
    visit: &mut dyn FnMut(&FileProblem),
) -> Result<VerifiedExport> {
    let described = file_sum(directory, DESCRIPTION).map_err(|problem| {
        Error::InvalidInput(format!("`{}` is no export: {} {}", directory.display(), problem.path, problem.detail))
    })?;
    let description: ExportDescription = document(&directory.join(DESCRIPTION))?;
    if description.document != DOCUMENT || description.schema_version != 1 {
        return Err(Error::InvalidInput(format!("`{}` is no export of version 1", directory.display())));
    }
    let mut problems = 0;
    let mut tell = |path: &str, detail: String| {
        problems += 1;
        visit(&FileProblem { path: path.to_owned(), detail });
    };
    let mut unproved = None;
    let beside = directory.join(PROOF);
    let path = evidence.proof.unwrap_or(&beside);
    let audit = match proved(path, &description, &described, evidence.checkpoint) {
        Ok((entry, why)) => {
            unproved = why;
            Some(entry)
        }
        Err(error) => {
            let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
            let named = if evidence.proof.is_some() { path.display().to_string() } else { PROOF.to_owned() };
            tell(&named, format!("{error}{cause}"));
            None
        }
    };
    let manifest = file_sum(directory, MANIFEST);
    let is_there = manifest.is_ok();
    match manifest {
        Ok(manifest) if manifest.sha256 == description.manifest_sha256 => (),
        Ok(_) => tell(MANIFEST, format!("was changed: {DESCRIPTION} names another SHA-256")),
        Err(problem) => tell(&problem.path, problem.detail),
    }
    let files = if is_there {
        check_files(directory, &[DESCRIPTION, PROOF], &mut |problem| tell(&problem.path, problem.detail))?
    } else {
        CheckedFiles { files: 0, bytes: 0 }
    };
    if is_there && files.files != description.files {
        tell(MANIFEST, format!("lists {} files where {} were written", files.files, description.files));
    }
    Ok(VerifiedExport { description, files, audit, unproved, problems })
}

fn proved(
    path: &Path,
    description: &ExportDescription,
    described: &FileSum,
    checkpoint: Option<&AuditCheckpoint>,
) -> Result<(ProvedEntry, Option<String>)> {
    if let Some(checkpoint) = checkpoint.filter(|checkpoint| checkpoint.archive != description.archive) {
        return Err(Error::Untrusted(format!(
            "the checkpoint is of archive {}, the export of {}",
            checkpoint.archive, description.archive
        )));
    }
    let proof: AuditProof = document(path)?;
    let entry = proof.verify()?;
    let is_same = entry.action == ACTION
        && entry.object == description.found.object()
        && entry.outcome.ends_with(&named(&described.sha256));
    if !is_same {
        return Err(Error::Untrusted(format!("the audit entry is not about this {DESCRIPTION}")));
    }
    let unproved = match checkpoint.map(|checkpoint| proof.verify_against(checkpoint)) {
        Some(Err(Error::InvalidInput(why))) => Some(why),
        against => {
            against.transpose()?;
            None
        }
    };
    Ok((ProvedEntry { entry: proof.entry, size: proof.size, root: proof.root }, unproved))
}

/// What the audit log says of an export.
pub(super) fn outcome(description: &ExportDescription, described: &FileDigest) -> String {
    let ExportDescription { format, items, duplicates, partially_indexed, left_out, disposed, files, .. } = description;
    let left_out = left_out.map_or_else(|| "nobody knows how many".to_owned(), |left_out| left_out.to_string());
    format!(
        "{format}: {items} items in {files} files; {duplicates} duplicates left out; {partially_indexed} only because not all \
         of them can be searched, {left_out} of that sort left out; {disposed} disposed of; {}",
        named(described)
    )
}

/// What ends that, and commits it to everything else that the export says of itself.
fn named(described: &FileDigest) -> String {
    format!("{DESCRIPTION} SHA-256 {described}")
}

fn document<D: DeserializeOwned>(path: &Path) -> Result<D> {
    let metadata = fs::symlink_metadata(path).map_err(Error::io("read", path))?;
    if !metadata.is_file() {
        return Err(Error::InvalidInput(format!("`{}` is no file", path.display())));
    }
    let file = File::open(path).map_err(Error::io("read", path))?;
    let read = serde_json::from_reader(BufReader::new(file.take(LARGEST_DOCUMENT)));
    read.map_err(|error| Error::InvalidInput(format!("`{}` is not as an export has it: {error}", path.display())))
}
