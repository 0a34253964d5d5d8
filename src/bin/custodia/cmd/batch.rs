//! `batch`

use custodia::Error;
use custodia::Result;
use custodia::archive::Archive;
use custodia::model::{Batch, BatchNo, BatchState};
use serde_json::{Value, json};

use crate::args::BatchCommand;
use crate::ui::{Table, Ui, escape};

pub(super) fn run(archive: &Archive, command: &BatchCommand, ui: &Ui) -> Result<u8> {
    let all = archive.list_batches()?;
    match command {
        BatchCommand::List if ui.json => all.iter().try_for_each(|batch| ui.json(&batch_json(batch)))?,
        BatchCommand::List => {
            let mut table = Table::new(&[
                "BATCH",
                "STARTED",
                "STATE",
                "OFFERED",
                "STORED",
                "DUPLICATE",
                "QUARANTINED",
                "REJECTED",
                "SOURCE",
            ]);
            for batch in &all {
                let ledger = batch.ledger;
                table.row(&[
                    batch.no.to_string(),
                    batch.started_at.to_string(),
                    state(batch).to_owned(),
                    ledger.offered.to_string(),
                    ledger.stored.to_string(),
                    ledger.duplicate.to_string(),
                    ledger.quarantined.to_string(),
                    ledger.rejected.to_string(),
                    batch.source.clone(),
                ]);
            }
            table.lines().try_for_each(|line| ui.line(&line))?;
        }
        BatchCommand::Show { batch } => {
            let found = all.iter().find(|row| row.no == BatchNo(*batch));
            let found = found.ok_or_else(|| Error::NotFound { what: "batch", id: batch.to_string() })?;
            show(archive, found, ui)?;
        }
    }
    Ok(0)
}

fn show(archive: &Archive, batch: &Batch, ui: &Ui) -> Result<()> {
    let rejections = archive.list_rejections(batch.no)?;
    if ui.json {
        ui.json(&batch_json(batch))?;
        return rejections.iter().try_for_each(|rejected| {
            ui.json(&json!({ "type": "rejected", "origin": rejected.origin, "reason": rejected.reason }))
        });
    }
    let ledger = batch.ledger;
    ui.line(&format!("Batch {} ({}) from {}", batch.no, state(batch), escape(&batch.source, false)))?;
    ui.line(&format!("  by {} at {}", escape(&batch.actor.0, false), batch.started_at))?;
    ui.line(&format!("  {ledger}; {} messages, {} items", ledger.messages, ledger.items))?;
    rejections.iter().try_for_each(|rejected| {
        ui.line(&escape(&format!("  rejected {}: {}", rejected.origin, rejected.reason), false))
    })
}

fn batch_json(batch: &Batch) -> Value {
    json!({
        "type": "batch", "batch": batch.no.to_string(), "source": batch.source, "actor": batch.actor.0,
        "started_at": batch.started_at, "updated_at": batch.updated_at, "state": state(batch), "ledger": batch.ledger,
    })
}

/// A batch found running was killed: whoever runs one has the archive for himself.
fn state(batch: &Batch) -> &'static str {
    match batch.state {
        BatchState::Running => "killed",
        BatchState::Complete => "complete",
        BatchState::Interrupted => "interrupted",
        BatchState::Failed => "failed",
    }
}
