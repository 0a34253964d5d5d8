//! `index`

use custodia::Result;
use custodia::archive::Archive;

use crate::args::IndexCommand;
use crate::ui::{Ui, counted};

pub(super) fn run(archive: &mut Archive, command: &IndexCommand, ui: &Ui) -> Result<u8> {
    let status = match command {
        IndexCommand::Status => archive.index_status()?,
        IndexCommand::Rebuild => {
            let bar = ui.progress("indexing");
            archive.rebuild_index(&mut |done, total| bar.messages(done, total))?
        }
    };
    if ui.json {
        ui.document("index", &status)?;
        return Ok(0);
    }
    let state = if status.current { "current" } else { "behind; the next search brings it up to date" };
    ui.line(&format!("{} of {} messages indexed: {state}", status.indexed, status.messages))?;
    if status.attachments_unread > 0 {
        let messages = counted(status.attachments_unread, "message");
        ui.line(&format!("{messages} with attachments that are still to be read; the next search reads them first"))?;
    }
    ui.line(&format!("{} bytes", status.bytes))?;
    Ok(0)
}
