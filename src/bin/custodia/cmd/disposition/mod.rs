//! `disposition`

mod review;

use std::fs::File;
use std::path::Path;

use custodia::archive::{
    Archive, DispositionCertificate, DispositionRecord, PlanFile, PlanSummary, WantedReviews,
    verify_disposition_certificate,
};
use custodia::model::ItemNo;
use custodia::{Error, Result};
use serde_json::json;

pub(super) use review::{print_notes, say_waiting};

use super::retention::warn_of_unread;
use crate::args::DispositionCommand;
use crate::new_file::write_new;
use crate::ui::{Columns, Ui, counted, escape, short};

pub(super) fn run(archive: &mut Archive, command: &DispositionCommand, ui: &Ui) -> Result<u8> {
    match command {
        DispositionCommand::Plan { output, accept_clock } => {
            accept(archive, accept_clock.as_deref())?;
            plan(archive, output, ui)?;
        }
        DispositionCommand::Execute { plan, yes, accept_clock } => {
            accept(archive, accept_clock.as_deref())?;
            execute(archive, plan, *yes, ui)?;
        }
        DispositionCommand::Review { reviewer, label, plan, decision: None } => {
            let plan = plan.as_deref().map(PlanFile::open).transpose()?;
            let (reviewer, label) = (reviewer.as_deref(), label.as_deref());
            review::list(archive, &WantedReviews { reviewer, label, plan: plan.as_ref() }, ui)?;
        }
        DispositionCommand::Review { decision: Some(decision), .. } => review::decide(archive, decision, ui)?,
        DispositionCommand::List => list(archive, ui)?,
        DispositionCommand::Certificate { plan, output, .. } => {
            let (plan, output) = plan
                .as_deref()
                .zip(output.as_deref())
                .ok_or_else(|| Error::InvalidInput("say which plan was executed, and --output FILE".to_owned()))?;
            let certificate = write_new(output, &mut |out| archive.disposition_certificate(plan, out))?;
            print(&certificate, &format!("certificate written to {}", output.display()), ui)?;
        }
    }
    Ok(0)
}

/// Checks a certificate; no archive is needed.
pub(super) fn verify(path: &Path, ui: &Ui) -> Result<u8> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    print(&verify_disposition_certificate(file)?, "the certificate holds", ui)?;
    ui.hint("compare the root with a checkpoint of the audit log that was kept elsewhere");
    Ok(0)
}

fn print(certificate: &DispositionCertificate, done: &str, ui: &Ui) -> Result<()> {
    let audit = &certificate.audit;
    if ui.json {
        return ui.json(&json!({
            "type": "certificate", "schema_version": 1, "archive": certificate.archive, "plan": certificate.plan,
            "executed_at": certificate.executed_at, "executed_by": certificate.executed_by,
            "approved_by": certificate.approved_by, "items": certificate.items, "messages": certificate.messages,
            "records_digest": certificate.records_digest, "audit_entry": audit.entry, "audit_size": audit.size,
            "audit_root": audit.root,
        }));
    }
    ui.line(&format!(
        "{} disposed of at {} by {}",
        counted(certificate.items, "item"),
        certificate.executed_at,
        escape(&certificate.executed_by, false)
    ))?;
    ui.line(&format!("  plan {}", certificate.plan))?;
    ui.line(&format!("  audit entry {} of {}, root {}", audit.entry, audit.size, audit.root))?;
    ui.line(done)
}

fn accept(archive: &mut Archive, reason: Option<&str>) -> Result<()> {
    reason.map_or(Ok(()), |reason| archive.confirm_clock(reason).map(drop))
}

fn plan(archive: &mut Archive, output: &Path, ui: &Ui) -> Result<()> {
    let plan = write_new(output, &mut |out| archive.plan_disposition(out))?;
    let unread = archive.unread_rules()?;
    warn_of_unread(&unread, ui);
    if ui.json {
        return ui.json(&json!({
            "type": "summary", "schema_version": 1, "as_of": plan.as_of, "items": plan.items, "eligible": plan.eligible,
            "kept": plan.kept, "held": plan.held, "review": plan.review, "digest": plan.digest, "plan": output.display().to_string(),
            "unread_rules": unread,
        }));
    }
    ui.line(&format!(
        "{} = {} eligible + {} kept + {} held",
        counted(plan.items, "item"),
        plan.eligible,
        plan.kept,
        plan.held
    ))?;
    say_waiting(plan.review, ui)?;
    ui.line(&format!("plan {} written to {}", plan.digest, output.display()))?;
    ui.hint(&format!("read it, then `custodia disposition execute {}`", output.display()));
    Ok(())
}

fn execute(archive: &mut Archive, path: &Path, yes: bool, ui: &Ui) -> Result<()> {
    let plan = PlanFile::open(path)?;
    confirm(archive, plan.summary(), yes, ui)?;
    let execution = archive.execute_disposition(&plan)?;
    if ui.json {
        return ui.json(&json!({
            "type": "summary", "schema_version": 1, "plan": execution.plan, "items": execution.items,
            "messages": execution.messages, "store_bytes_before": execution.store_bytes_before,
            "store_bytes_after": execution.store_bytes_after,
        }));
    }
    ui.line(&format!(
        "{} disposed of; {} destroyed, which no other item needed",
        counted(execution.items, "item"),
        counted(execution.messages, "message")
    ))?;
    ui.line("index and store rewritten without them")?;
    let digest = execution.plan.to_string();
    ui.hint(&format!("`custodia disposition certificate {} -o FILE` writes what proves it", short(&digest)));
    Ok(())
}

fn confirm(archive: &Archive, plan: &PlanSummary, yes: bool, ui: &Ui) -> Result<()> {
    if yes {
        return Ok(());
    }
    let name = &archive.info().name;
    let question = format!(
        "{} will be destroyed for good. Type the archive's name (`{name}`) to go on:",
        counted(plan.eligible, "item")
    );
    match ui.ask(&question) {
        Some(answer) if answer == *name => Ok(()),
        Some(_) => Err(Error::Refused("the name does not match; nothing was disposed of".to_owned())),
        None => Err(Error::Refused(
            "nobody confirmed it, as standard input is not a terminal; say --yes to go on without being asked"
                .to_owned(),
        )),
    }
}

/// Says what became of an item that is not found, if it was disposed of.
pub(super) fn say_if_disposed(archive: &Archive, item: ItemNo, error: &Error, ui: &Ui) {
    if !matches!(error, Error::NotFound { what: "item", .. }) {
        return;
    }
    // The error that follows is the one to report; a record that cannot be read adds nothing to it.
    if let Ok(Some(record)) = archive.disposition_record(item) {
        let (rule, mailbox) = (escape(&record.rule, false), escape(&record.mailbox, false));
        ui.status(&format!("item {item} of {mailbox} was disposed of on {} under `{rule}`", record.disposed_at));
    }
}

fn list(archive: &Archive, ui: &Ui) -> Result<()> {
    if ui.json {
        return archive.disposition_records(&mut |record| {
            ui.json(&json!({
                "type": "disposition", "item": record.item.to_string(), "message": record.message.to_string(),
                "digest": record.digest, "mailbox": record.mailbox, "folder": record.folder, "rule": record.rule,
                "plan": record.plan, "disposed_at": record.disposed_at, "content_destroyed": record.content_destroyed,
                "reviewers": record.reviewers, "label": record.label, "reviews": record.reviews,
            }))
        });
    }
    let head = ["ITEM", "DISPOSED", "MAILBOX", "FOLDER", "UNDER", "DIGEST"].map(str::to_owned);
    let mut columns = Columns::default();
    columns.fit(&head);
    archive.disposition_records(&mut |record| {
        columns.fit(&cells(&record));
        Ok(())
    })?;
    ui.line(&columns.line(&head))?;
    archive.disposition_records(&mut |record| ui.line(&columns.line(&cells(&record))))
}

fn cells(record: &DispositionRecord) -> [String; 6] {
    [
        record.item.to_string(),
        record.disposed_at.to_string(),
        escape(&record.mailbox, false),
        escape(&record.folder, false),
        escape(&record.rule, false),
        short(&record.digest.to_string()),
    ]
}
