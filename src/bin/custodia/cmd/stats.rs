//! `stats`

use custodia::Result;
use custodia::archive::Archive;

use crate::ui::Ui;

pub(super) fn run(archive: &Archive, ui: &Ui) -> Result<u8> {
    let stats = archive.stats()?;
    if ui.json {
        ui.document("stats", &stats)?;
        return Ok(0);
    }
    for (name, count) in [
        ("messages", stats.messages),
        ("items", stats.items),
        ("mailboxes", stats.mailboxes),
        ("in quarantine", stats.quarantined),
        ("partially indexed", stats.partially_indexed),
        ("holds on", stats.holds),
        ("policies in force", stats.policies),
        ("items disposed of", stats.disposed),
        ("audit entries", stats.audit_entries),
        ("raw bytes", stats.raw_bytes),
        ("store bytes", stats.store_bytes),
        ("index bytes", stats.index_bytes),
    ] {
        ui.line(&format!("{name:<20}{count:>16}"))?;
    }
    if stats.raw_bytes > 0 {
        let ratio = (stats.store_bytes + stats.index_bytes) as f64 / stats.raw_bytes as f64;
        ui.line(&format!("{:<20}{ratio:>16.2}", "archive / raw"))?;
    }
    for (table, bytes) in &stats.tables {
        ui.line(&format!("  table {table:<18}{bytes:>12}"))?;
    }
    Ok(0)
}
