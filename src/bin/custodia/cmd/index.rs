//! `index`

use custodia::archive::Archive;
use custodia::{Error, Result};
use serde_json::json;

use crate::args::IndexCommand;
use crate::ui::Ui;

pub(super) fn run(archive: &mut Archive, command: &IndexCommand, ui: &Ui) -> Result<u8> {
    let status = match command {
        IndexCommand::Status => archive.index_status()?,
        IndexCommand::Rebuild => {
            let bar = ui.progress("indexing");
            archive.rebuild_index(&mut |done, total| bar.messages(done, total))?
        }
    };
    if ui.json {
        let value = serde_json::to_value(&status);
        let mut value = value.map_err(|e| Error::Store { action: "write JSON", source: e.into() })?;
        if let Some(object) = value.as_object_mut() {
            object.insert("type".to_owned(), json!("index"));
        }
        ui.json(&value)?;
        return Ok(0);
    }
    let state = if status.current { "current" } else { "behind; the next search brings it up to date" };
    ui.line(&format!("{} of {} messages indexed: {state}", status.indexed, status.messages))?;
    ui.line(&format!("{} bytes", status.bytes))?;
    Ok(0)
}
