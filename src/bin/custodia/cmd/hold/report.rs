//! `hold report` and `hold certificate`

use std::fs::File;
use std::path::Path;

use custodia::archive::{Archive, HOLD_COLUMNS, HoldCertificate, HoldRow, verify_hold_certificate};
use custodia::exporter::CsvFile;
use custodia::{Error, Result};
use serde_json::{Value, json};

use super::{hold_json, state, warn};
use crate::args::HoldReportArgs;
use crate::new_file::write_new;
use crate::ui::{Table, Ui, counted, escape};

pub(super) fn report(archive: &mut Archive, args: &HoldReportArgs, ui: &Ui) -> Result<()> {
    let rows = match &args.report {
        Some(path) => write_new(path, &mut |out| archive.hold_page(out))?,
        None => archive.hold_rows()?,
    };
    if let Some(path) = &args.csv {
        let mut csv = CsvFile::create(path, &HOLD_COLUMNS)?;
        rows.iter().try_for_each(|row| csv.row(&row.cells()))?;
        csv.finish()?;
    }
    for path in args.report.iter().chain(&args.csv) {
        ui.status(&format!("written to {}", path.display()));
    }
    warn(rows.iter().map(|row| &row.report), ui);
    if ui.json {
        return rows.iter().try_for_each(|row| ui.json(&row_json(row)));
    }
    table(&rows, ui)
}

fn row_json(row: &HoldRow) -> Value {
    let mut line = hold_json(&row.report);
    let more = json!({
        "type": "hold_report", "evaluation": row.evaluation, "matching": row.matching,
        "held_partially_indexed": row.partially_indexed, "held_unevaluated": row.unevaluated, "held_messages": row.messages, "bytes": row.bytes,
        "oldest": row.oldest, "newest": row.newest,
    });
    if let (Some(line), Value::Object(more)) = (line.as_object_mut(), more) {
        line.extend(more);
    }
    line
}

fn table(rows: &[HoldRow], ui: &Ui) -> Result<()> {
    let mut table = Table::new(&[
        "NAME",
        "KIND",
        "CASE",
        "STATE",
        "MATCHING",
        "PARTIAL",
        "UNEVALUATED",
        "BYTES",
        "OLDEST",
        "NEWEST",
        "DELAY UNTIL",
    ]);
    for row in rows {
        let day = |time: Option<custodia::model::UtcTime>| {
            time.map_or_else(String::new, |time| time.to_string().chars().take(10).collect())
        };
        let report = &row.report;
        table.row(&[
            report.hold.name.clone(),
            report.kind().to_owned(),
            report.case.clone().unwrap_or_default(),
            state(report),
            row.matching.to_string(),
            row.partially_indexed.to_string(),
            row.unevaluated.to_string(),
            row.bytes.to_string(),
            day(row.oldest),
            day(row.newest),
            day(report.delay_until),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

pub(super) fn certify(archive: &mut Archive, hold: &str, path: &Path, ui: &Ui) -> Result<()> {
    let certificate = write_new(path, &mut |out| {
        let certificate = archive.certify_hold(hold)?;
        let written = serde_json::to_writer_pretty(&mut *out, &certificate).map_err(std::io::Error::other);
        written.and_then(|()| out.write_all(b"\n")).map_err(Error::io("write", path))?;
        Ok(certificate)
    })?;
    print(&certificate, &format!("certificate written to {}", path.display()), ui)
}

pub(super) fn verify(path: &Path, ui: &Ui) -> Result<()> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    print(&verify_hold_certificate(file)?, "the certificate holds", ui)?;
    ui.hint("compare the root with a checkpoint of the audit log that was kept elsewhere");
    Ok(())
}

fn print(certificate: &HoldCertificate, done: &str, ui: &Ui) -> Result<()> {
    let (certified, audit) = (&certificate.certified, &certificate.audit);
    if ui.json {
        return ui.json(&json!({
            "type": "certificate", "schema_version": 1, "archive": certified.archive, "hold": certified.hold,
            "name": certified.name, "state": certified.state, "as_of": certified.as_of, "items": certified.items,
            "messages": certified.messages, "items_digest": certified.items_digest, "digest": certificate.digest,
            "audit_entry": audit.entry, "audit_size": audit.size, "audit_root": audit.root,
        }));
    }
    let (name, items) = (escape(&certified.name, false), counted(certified.items, "item"));
    ui.line(&format!("Hold `{name}` was `{}` at {} and kept {items}", certified.state, certified.as_of))?;
    ui.line(&format!("  items {}", certified.items_digest))?;
    ui.line(&format!("  audit entry {} of {}, root {}", audit.entry, audit.size, audit.root))?;
    ui.line(done)
}
