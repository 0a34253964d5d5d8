//! `quarantine`

use custodia::Result;
use custodia::archive::Archive;
use serde_json::json;

use crate::args::QuarantineCommand;
use crate::ui::{Table, Ui};

pub(super) fn run(archive: &Archive, command: &QuarantineCommand, ui: &Ui) -> Result<u8> {
    let QuarantineCommand::List = command;
    let rows = archive.list_quarantine()?;
    if ui.json {
        for row in rows {
            ui.json(&json!({
                "type": "quarantined", "message": row.message.to_string(), "batch": row.batch.to_string(),
                "origin": row.origin, "reason": row.reason, "folder": row.folder, "captured_at": row.captured_at,
            }))?;
        }
        return Ok(0);
    }
    if rows.is_empty() {
        ui.line("nothing is in quarantine")?;
        return Ok(0);
    }
    let mut table = Table::new(&["MESSAGE", "BATCH", "ORIGIN", "REASON"]);
    for row in rows {
        table.row(&[row.message.to_string(), row.batch.to_string(), row.origin, row.reason]);
    }
    table.lines().try_for_each(|line| ui.line(&line))?;
    Ok(0)
}
