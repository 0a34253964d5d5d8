//! What the audit log is at one time, to be kept where nobody who can write to the archive can.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64;

use super::Archive;
use super::audit_proof::AuditProof;
use crate::evidence::{NoteSigner, TreeHash};
use crate::store::{audit_root, audit_size};
use crate::{Error, Result};

/// What the origin of each archive begins with.
const ORIGIN: &str = "custodia/";

/// How many entries the audit log of an archive had, and its root then.
///
/// Its text is the body of a checkpoint as C2SP `tlog-checkpoint` has it: the origin, the size in decimal and the root in
/// base64, a line each. Whoever signs it does so in a note around that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditCheckpoint {
    /// Id of the archive.
    pub archive: String,
    /// Entries.
    pub size: u64,
    /// Root of the tree over them (RFC 6962 2.1).
    pub root: TreeHash,
}

impl fmt::Display for AuditCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{ORIGIN}{}\n{}\n{}", self.archive, self.size, BASE64.encode(&self.root.0))
    }
}

impl FromStr for AuditCheckpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = |what: &str| format!("this is no checkpoint of an audit log: {what}");
        let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
        let origin = lines.next().and_then(|line| line.strip_prefix(ORIGIN));
        let archive = origin.filter(|id| id.len() == 32).ok_or_else(|| bad("its first line names no archive"))?;
        let is_number =
            |line: &&str| line.bytes().all(|byte| byte.is_ascii_digit()) && (*line == "0" || !line.starts_with('0'));
        let size = lines.next().filter(is_number);
        let size = size.and_then(|line| line.parse::<u64>().ok());
        let root = lines.next().and_then(|line| BASE64.decode(line.as_bytes()).ok());
        let root = root.and_then(|root| <[u8; 32]>::try_from(root).ok());
        Ok(Self {
            archive: archive.to_owned(),
            size: size.ok_or_else(|| bad("its second line is no number"))?,
            root: TreeHash(root.ok_or_else(|| bad("its third line is no root"))?),
        })
    }
}

impl AuditCheckpoint {
    /// Its text, in a note with a signature line of each signer (C2SP `signed-note`) if there are any.
    pub fn to_note(&self, signers: &[NoteSigner]) -> String {
        let text = self.to_string();
        let lines: String = signers.iter().map(|signer| signer.signature_line(&text)).collect();
        if lines.is_empty() { text } else { format!("{text}\n{lines}") }
    }
}

impl Archive {
    /// The audit log as it is, this act included.
    ///
    /// # Errors
    /// The store failed or the tree is damaged.
    pub fn audit_checkpoint(&mut self, signers: &[NoteSigner]) -> Result<AuditCheckpoint> {
        let keys: Vec<String> = signers.iter().map(|signer| signer.verifier().to_string()).collect();
        let outcome =
            if keys.is_empty() { String::new() } else { format!("signed, to be checked with {}", keys.join(", ")) };
        self.record_alone("audit.checkpoint", "", &outcome)?;
        let snapshot = self.store.snapshot()?;
        Ok(AuditCheckpoint {
            archive: self.info.id.clone(),
            size: audit_size(&snapshot)?,
            root: audit_root(&snapshot)?,
        })
    }

    /// The proof that an entry is in the audit log as it is, this act included; for whoever has a checkpoint, that it is in
    /// the log of that checkpoint, or in one that goes on from it.
    ///
    /// # Errors
    /// There is no such entry, the checkpoint is of another archive, the log does not go on from it, or the store failed.
    pub fn prove_audit_entry(&mut self, entry: u64, against: Option<&AuditCheckpoint>) -> Result<AuditProof> {
        if let Some(checkpoint) = against {
            self.check_is_ours(checkpoint)?;
        }
        let prove = |archive: &Self| {
            let snapshot = archive.store.snapshot()?;
            match against {
                None => AuditProof::of(&snapshot, entry),
                Some(checkpoint) => AuditProof::against(&snapshot, entry, checkpoint),
            }
        };
        prove(self)?;
        let since = against.map_or_else(String::new, |checkpoint| format!("for a checkpoint of {}", checkpoint.size));
        self.record_alone("audit.prove", &entry.to_string(), &since)?;
        prove(self)
    }

    /// Refuses a checkpoint of another archive, and one that proves nothing.
    pub(super) fn check_is_ours(&self, checkpoint: &AuditCheckpoint) -> Result<()> {
        if checkpoint.size == 0 {
            return Err(Error::InvalidInput(
                "a checkpoint of no acts proves nothing: every log goes on from it".to_owned(),
            ));
        }
        if checkpoint.archive == self.info.id {
            return Ok(());
        }
        Err(Error::InvalidInput(format!(
            "the checkpoint is of archive {}, this one is {}",
            checkpoint.archive, self.info.id
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_text_comes_back() {
        let checkpoint = AuditCheckpoint { archive: "0f".repeat(16), size: 7, root: TreeHash([9; 32]) };
        let text = checkpoint.to_string();
        assert_eq!(text.lines().count(), 3);
        assert_eq!(text.parse(), Ok(checkpoint.clone()));
        assert_eq!(text.replace('\n', "\r\n").parse(), Ok(checkpoint));
        for bad in [
            "",
            "x\n7\n",
            &text.replace("custodia", "other"),
            &text.replace("\n7", "\n+7"),
            &text.replace("\n7", "\n07"),
            &text.replace("CQ", "C"),
        ] {
            assert!(bad.parse::<AuditCheckpoint>().is_err(), "{bad}");
        }
    }
}
