//! `verify`

use custodia::Result;
use custodia::archive::Archive;
use serde_json::json;

use crate::exit::INTEGRITY;
use crate::ui::{Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, ui: &Ui) -> Result<u8> {
    let bar = ui.progress("verifying");
    let mut problems = Vec::new();
    let verification = archive.verify(&mut |problem| problems.push(problem.clone()), &mut |done, total| {
        bar.messages(done, total);
    })?;
    drop(bar);
    for problem in &problems {
        if ui.json {
            let (object, id, detail) = (problem.object, &problem.id, &problem.detail);
            ui.json(&json!({ "type": "problem", "object": object, "id": id, "detail": detail }))?;
        } else {
            let named = format!("{} {}", problem.object.replace('_', " "), problem.id);
            ui.line(&escape(&format!("problem: {}: {}", named.trim_end(), problem.detail), false))?;
        }
    }
    if ui.json {
        ui.json(&json!({
            "type": "summary", "schema_version": 1, "messages": verification.messages, "items": verification.items,
            "bytes": verification.bytes, "audit_entries": verification.audit_entries,
            "audit_root": verification.audit_root, "problems": verification.problems,
        }))?;
    } else {
        ui.line(&format!(
            "{} ({}), {}, {} in the audit log: {}",
            counted(verification.messages, "message"),
            counted(verification.bytes, "byte"),
            counted(verification.items, "item"),
            counted(verification.audit_entries, "act"),
            counted(verification.problems, "problem")
        ))?;
        ui.line(&format!("audit root {}", verification.audit_root))?;
        ui.hint(
            "whoever controls the disk can put an older copy of the archive in its place: keep what `custodia audit \
             checkpoint` prints elsewhere, and compare with `custodia audit verify --against`",
        );
    }
    Ok(if verification.problems == 0 { 0 } else { INTEGRITY })
}
