//! `audit`

use custodia::Result;
use custodia::archive::Archive;
use serde_json::json;

use crate::args::AuditCommand;
use crate::ui::{Table, Ui, short};

pub(super) fn run(archive: &mut Archive, command: &AuditCommand, ui: &Ui) -> Result<u8> {
    match command {
        AuditCommand::Log { from } => log(archive, *from, ui)?,
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
            ui.json(&json!({
                "type": "audit", "seq": entry.seq, "at": entry.at, "actor": entry.actor.0, "action": entry.action,
                "object": entry.object, "purpose": entry.purpose, "outcome": entry.outcome,
            }))?;
            continue;
        }
        let (seq, at) = (entry.seq.to_string(), entry.at.to_string());
        table.row(&[seq, at, entry.actor.0, entry.action, short(&entry.object), entry.purpose, entry.outcome]);
    }
    if ui.json { Ok(()) } else { table.lines().try_for_each(|line| ui.line(&line)) }
}
