//! `stats`

use custodia::Result;
use custodia::archive::Archive;

use super::retention::warn_of_unread;
use crate::ui::Ui;

pub(super) fn run(archive: &mut Archive, ui: &Ui) -> Result<u8> {
    let stats = archive.stats()?;
    warn_of_unread(&stats.unread_rules, ui);
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
    Ok(0)
}

/// `stats --layout`
pub(super) fn layout(archive: &Archive, ui: &Ui) -> Result<u8> {
    let layout = archive.layout()?;
    if ui.json {
        ui.document("layout", &layout)?;
        return Ok(0);
    }
    let each = |bytes: u64| bytes as f64 / layout.messages.max(1) as f64;
    ui.line(&format!("{:<22}{:>14}{:>14}", "", "BYTES", "PER MESSAGE"))?;
    let line = |name: &str, bytes: u64, more: &str| {
        ui.line(format!("{name:<22}{bytes:>14}{:>14.1}  {more}", each(bytes)).trim_end())
    };
    line("raw messages", layout.raw_bytes, "")?;
    line("store", layout.store_bytes, "")?;
    for table in layout.tables.iter().filter(|table| table.rows > 0) {
        let more = format!("{} rows; {} of it unused", table.rows, table.fragmented);
        line(&format!("  {}", table.name), table.bytes(), &more)?;
    }
    line("  free", layout.free_bytes, "")?;
    line("index", layout.index_bytes, &format!("{} segments", layout.index.segments))?;
    for field in &layout.index.fields {
        let parts = [
            ("terms", field.terms),
            ("postings", field.postings),
            ("positions", field.positions),
            ("column", field.column),
        ];
        let parts = parts.iter().filter(|(_, bytes)| *bytes > 0).map(|(part, bytes)| format!("{part} {bytes}"));
        line(&format!("  {}", field.name), field.bytes(), &parts.collect::<Vec<_>>().join(", "))?;
    }
    line("  other", layout.index.other, "")?;
    Ok(0)
}
