//! `disposition`

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use custodia::archive::{Archive, DispositionPlan};
use custodia::model::ItemNo;
use custodia::{Error, Result};
use serde_json::json;

use crate::args::DispositionCommand;
use crate::ui::{Table, Ui, counted, escape, short};

pub(super) fn run(archive: &mut Archive, command: &DispositionCommand, ui: &Ui) -> Result<u8> {
    match command {
        DispositionCommand::Plan { output } => plan(archive, output, ui)?,
        DispositionCommand::Execute { plan, yes } => execute(archive, plan, *yes, ui)?,
        DispositionCommand::List => list(archive, ui)?,
    }
    Ok(0)
}

fn plan(archive: &mut Archive, output: &Path, ui: &Ui) -> Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).open(output).map_err(Error::io("create", output))?;
    let plan = archive.plan_disposition().inspect_err(|_| {
        // An empty file would only be in the way of the next attempt.
        std::fs::remove_file(output).ok();
    })?;
    let text = serde_json::to_string_pretty(&plan);
    let mut text = text.map_err(|e| Error::Store { action: "write the plan", source: e.into() })?;
    text.push('\n');
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(Error::io("write", output))?;
    if ui.json {
        return ui.json(&json!({
            "type": "summary", "schema_version": 1, "as_of": plan.as_of, "items": plan.items, "eligible": plan.eligible,
            "kept": plan.kept, "held": plan.held, "digest": plan.digest, "plan": output.display().to_string(),
        }));
    }
    ui.line(&format!(
        "{} = {} eligible + {} kept + {} held",
        counted(plan.items, "item"),
        plan.eligible,
        plan.kept,
        plan.held
    ))?;
    ui.line(&format!("plan {} written to {}", plan.digest, output.display()))?;
    ui.hint(&format!("read it, then `custodia disposition execute {}`", output.display()));
    Ok(())
}

fn execute(archive: &mut Archive, path: &Path, yes: bool, ui: &Ui) -> Result<()> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    let plan: DispositionPlan = serde_json::from_str(&text)
        .map_err(|e| Error::InvalidInput(format!("`{}` is not a disposition plan: {e}", path.display())))?;
    confirm(archive, &plan, yes, ui)?;
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
    ui.line("index and store rewritten without them")
}

fn confirm(archive: &Archive, plan: &DispositionPlan, yes: bool, ui: &Ui) -> Result<()> {
    if yes {
        return Ok(());
    }
    let name = &archive.info().name;
    let question = format!(
        "{} will be destroyed for good. Type the archive's name (`{name}`) to go on:",
        counted(plan.dispositions.len() as u64, "item")
    );
    match ui.ask(&question) {
        Some(answer) if answer == *name => Ok(()),
        Some(_) => Err(Error::Refused("the name does not match; nothing was disposed of".to_owned())),
        None => Err(Error::Io {
            action: "ask for confirmation on",
            path: "standard input".into(),
            source: std::io::Error::other("it is not a terminal; say --yes to go on without being asked"),
        }),
    }
}

/// Says what became of an item that is not found, if it was disposed of.
pub(super) fn say_if_disposed(archive: &Archive, item: ItemNo, error: &Error, ui: &Ui) {
    if !matches!(error, Error::NotFound { what: "item", .. }) {
        return;
    }
    // The error that follows is the one to report; records that cannot be read add nothing to it.
    let records = archive.disposition_records().unwrap_or_default();
    if let Some(record) = records.iter().find(|record| record.item == item) {
        let (rule, mailbox) = (escape(&record.rule, false), escape(&record.mailbox, false));
        ui.status(&format!("item {item} of {mailbox} was disposed of on {} under `{rule}`", record.disposed_at));
    }
}

fn list(archive: &Archive, ui: &Ui) -> Result<()> {
    let records = archive.disposition_records()?;
    if ui.json {
        return records.iter().try_for_each(|record| {
            ui.json(&json!({
                "type": "disposition", "item": record.item.to_string(), "message": record.message.to_string(),
                "digest": record.digest, "mailbox": record.mailbox, "folder": record.folder, "rule": record.rule,
                "plan": record.plan, "disposed_at": record.disposed_at, "content_destroyed": record.content_destroyed,
            }))
        });
    }
    let mut table = Table::new(&["ITEM", "DISPOSED", "MAILBOX", "FOLDER", "UNDER", "DIGEST"]);
    for record in records {
        table.row(&[
            record.item.to_string(),
            record.disposed_at.to_string(),
            record.mailbox,
            record.folder,
            record.rule,
            short(&record.digest.to_string()),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}
