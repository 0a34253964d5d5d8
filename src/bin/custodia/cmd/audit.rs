//! `audit`

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use custodia::archive::{Archive, AuditCheckpoint, AuditProof, new_signing_key, read_signing_key};
use custodia::evidence::NoteSigner;
use custodia::model::AuditEntry;
use custodia::{Error, Result};
use serde_json::{Value, json};

use crate::args::{AgainstArgs, AuditCommand};
use crate::checkpoint_file::{GivenCheckpoint, read_checkpoint};
use crate::exit::INTEGRITY;
use crate::new_file::write_new;
use crate::ui::{Table, Ui, counted, escape, short};

/// Most bytes of a proof that is read.
const LARGEST_PROOF: u64 = 64 << 20;

pub(super) fn run(archive: &mut Archive, command: &AuditCommand, ui: &Ui) -> Result<u8> {
    match command {
        AuditCommand::Log { from } => log(archive, *from, ui)?,
        AuditCommand::NewKey { name, output } => new_key(name, output, ui)?,
        AuditCommand::Checkpoint { sign_with, output } => checkpoint(archive, sign_with, output.as_deref(), ui)?,
        AuditCommand::Verify(against) => return verify(archive, against, ui),
        AuditCommand::Prove { entry: Some(entry), output: Some(output), against, .. } => {
            prove(archive, *entry, output, against, ui)?;
        }
        AuditCommand::Prove { .. } => return Err(Error::InvalidInput("say which entry, and --output FILE".to_owned())),
        AuditCommand::ConfirmClock { reason } => {
            let now = archive.confirm_clock(reason)?;
            if ui.json {
                ui.json(&json!({ "type": "clock", "schema_version": 1, "now": now, "corrected_from": null, "reason": reason }))?;
            } else {
                ui.line(&format!("the clock is confirmed at {now}; dispositions go on"))?;
            }
        }
        AuditCommand::CorrectClock { reason } => {
            let (now, from) = archive.correct_clock(reason)?;
            if ui.json {
                ui.json(&json!({
                    "type": "clock", "schema_version": 1, "now": now, "corrected_from": from, "reason": reason,
                }))?;
            } else {
                ui.line(&format!("the clock is corrected from {from} to {now}; dispositions go on"))?;
            }
        }
    }
    Ok(0)
}

fn log(archive: &Archive, from: u64, ui: &Ui) -> Result<()> {
    let entries = archive.audit_log(from)?;
    let mut table = Table::new(&["ENTRY", "TIME", "ACTOR", "ACTION", "OBJECT", "PURPOSE", "OUTCOME"]);
    for entry in entries {
        if ui.json {
            ui.json(&entry_json(&entry))?;
            continue;
        }
        let (seq, at) = (entry.seq.to_string(), entry.at.to_string());
        table.row(&[seq, at, entry.actor.0, entry.action, short(&entry.object), entry.purpose, entry.outcome]);
    }
    if ui.json { Ok(()) } else { table.lines().try_for_each(|line| ui.line(&line)) }
}

fn entry_json(entry: &AuditEntry) -> Value {
    json!({
        "type": "audit", "seq": entry.seq, "at": entry.at, "actor": entry.actor.0, "action": entry.action,
        "object": entry.object, "purpose": entry.purpose, "outcome": entry.outcome,
    })
}

/// `audit new-key`
pub(super) fn new_key(name: &str, output: &Path, ui: &Ui) -> Result<()> {
    let key = new_signing_key(name, output)?;
    if ui.json {
        return ui.json(&json!({
            "type": "key", "schema_version": 1, "name": key.name(), "key": key.to_string(), "file": output.display().to_string(),
        }));
    }
    ui.line(&key.to_string())?;
    ui.hint(&format!(
        "`custodia audit checkpoint --sign-with {}`; whoever checks needs the line above, and never that file",
        output.display()
    ));
    Ok(())
}

fn checkpoint(archive: &mut Archive, sign_with: &[PathBuf], output: Option<&Path>, ui: &Ui) -> Result<()> {
    let signers = sign_with.iter().map(|path| read_signing_key(path)).collect::<Result<Vec<_>>>()?;
    let checkpoint = match output {
        None => archive.audit_checkpoint(&signers)?,
        Some(path) => write_new(path, &mut |out| {
            let checkpoint = archive.audit_checkpoint(&signers)?;
            out.write_all(checkpoint.to_note(&signers).as_bytes()).map_err(Error::io("write", path))?;
            Ok(checkpoint)
        })?,
    };
    match (ui.json, output) {
        (true, _) => ui.json(&checkpoint_json(&checkpoint, &signers)),
        (false, Some(path)) => {
            ui.line(&format!("checkpoint of {} written to {}", counted(checkpoint.size, "act"), path.display()))
        }
        (false, None) => checkpoint.to_note(&signers).lines().try_for_each(|line| ui.line(line)),
    }
}

fn checkpoint_json(checkpoint: &AuditCheckpoint, signers: &[NoteSigner]) -> Value {
    let AuditCheckpoint { archive, size, root } = checkpoint;
    let keys: Vec<String> = signers.iter().map(|signer| signer.verifier().to_string()).collect();
    json!({
        "type": "checkpoint", "schema_version": 1, "archive": archive, "size": size, "root": root, "keys": keys,
        "note": checkpoint.to_note(signers),
    })
}

fn verify(archive: &mut Archive, against: &AgainstArgs, ui: &Ui) -> Result<u8> {
    let given = read_checkpoint(against, ui)?;
    let earlier = given.as_ref().map(|given| &given.checkpoint);
    let mut problems = Vec::new();
    let verified = archive.verify_audit(earlier, &mut |problem| problems.push(problem.clone()))?;
    for problem in &problems {
        if ui.json {
            ui.json(
                &json!({ "type": "problem", "object": problem.object, "id": problem.id, "detail": problem.detail }),
            )?;
        } else {
            ui.line(&escape(&format!("problem: {} {}: {}", problem.object, problem.id, problem.detail), false))?;
        }
    }
    let AuditCheckpoint { size, root, .. } = &verified.checkpoint;
    if ui.json {
        ui.json(&json!({
            "type": "summary", "schema_version": 1, "entries": size, "root": root,
            "against": earlier.map(|earlier| earlier.size), "signed_by": signed_by(given.as_ref()), "problems": verified.problems,
        }))?;
    } else {
        let since = earlier.map_or_else(String::new, |earlier| format!(", {} of them at the checkpoint", earlier.size));
        let problems = counted(verified.problems, "problem");
        ui.line(&format!("{} in the audit log{since}: {problems}", counted(*size, "act")))?;
        ui.line(&format!("audit root {root}"))?;
    }
    Ok(if verified.problems == 0 { 0 } else { INTEGRITY })
}

fn prove(archive: &mut Archive, entry: u64, output: &Path, against: &AgainstArgs, ui: &Ui) -> Result<()> {
    let given = read_checkpoint(against, ui)?;
    let checkpoint = given.as_ref().map(|given| &given.checkpoint);
    let proof = write_new(output, &mut |out| {
        let proof = archive.prove_audit_entry(entry, checkpoint)?;
        let text = serde_json::to_string_pretty(&proof).map_err(|error| Error::io("write", output)(error.into()))?;
        writeln!(out, "{text}").map_err(Error::io("write", output))?;
        Ok(proof)
    })?;
    print_proof(&proof, given.as_ref(), ui)
}

/// `audit prove --verify`
pub(super) fn verify_proof(path: &Path, against: &AgainstArgs, ui: &Ui) -> Result<u8> {
    let given = read_checkpoint(against, ui)?;
    let file = File::open(path).map_err(Error::io("read", path))?;
    let read = serde_json::from_reader(BufReader::new(file.take(LARGEST_PROOF)));
    let proof: AuditProof = read
        .map_err(|error| Error::InvalidInput(format!("`{}` is no proof of an audit entry: {error}", path.display())))?;
    print_proof(&proof, given.as_ref(), ui).map(|()| 0)
}

/// Whose signature on a checkpoint was checked.
fn signed_by(given: Option<&GivenCheckpoint>) -> Option<&str> {
    given.and_then(|given| given.signed_by.as_deref())
}

fn print_proof(proof: &AuditProof, given: Option<&GivenCheckpoint>, ui: &Ui) -> Result<()> {
    let against = given.map(|given| &given.checkpoint);
    let entry = against.map_or_else(|| proof.verify(), |checkpoint| proof.verify_against(checkpoint))?;
    if ui.json {
        return ui.json(&json!({
            "type": "proof", "schema_version": 1, "entry": entry_json(&entry), "size": proof.size, "root": proof.root,
            "against": against.map(|checkpoint| checkpoint.size), "signed_by": signed_by(given),
        }));
    }
    let AuditEntry { seq, at, actor, action, object, purpose, outcome } = &entry;
    ui.line(&escape(&format!("entry {seq}: {at} {} {action} {object} {purpose} {outcome}", actor.0), false))?;
    ui.line(&format!("is in the audit log with {} and root {}", counted(proof.size, "act"), proof.root))?;
    match against {
        Some(checkpoint) if checkpoint.size == proof.size => ui.line("which is the log of the checkpoint")?,
        Some(checkpoint) => ui.line(&format!(
            "which goes on from the log of the checkpoint, with {}",
            counted(checkpoint.size, "act")
        ))?,
        None => ui.hint("compare it with a checkpoint that was given to you in another way: `audit prove --verify FILE --against FILE`"),
    }
    Ok(())
}
