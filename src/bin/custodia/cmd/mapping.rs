//! `mapping`

use custodia::Result;
use custodia::archive::{Archive, MappingImport, MappingReport};
use custodia::people::{MappingIssue, Severity};
use serde_json::json;

use crate::args::MappingCommand;
use crate::exit::PARTLY;
use crate::ui::{Table, Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, command: &MappingCommand, ui: &Ui) -> Result<u8> {
    match command {
        MappingCommand::Check { file, region } => {
            let report = archive.check_mapping(file, region.as_deref())?;
            print_check(&report, ui)?;
            let doubtful = report.count(Severity::Error) + report.count(Severity::Warning);
            return Ok(if doubtful > 0 { PARTLY } else { 0 });
        }
        MappingCommand::Import { file, region, replace } => {
            print_import(&archive.import_mapping(file, region.as_deref(), *replace)?, ui)?;
        }
        MappingCommand::List => list(archive, ui)?,
    }
    Ok(0)
}

fn print_issues(issues: &[MappingIssue], ui: &Ui) -> Result<()> {
    for issue in issues {
        if ui.json {
            ui.json(&json!({
                "type": "issue", "row": issue.row, "column": issue.column, "severity": issue.severity,
                "text": issue.text,
            }))?;
        } else {
            ui.line(&escape(&format!("{}: {issue}", issue.severity.as_str()), false))?;
        }
    }
    Ok(())
}

fn print_check(report: &MappingReport, ui: &Ui) -> Result<()> {
    print_issues(&report.issues, ui)?;
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note].map(|sort| report.count(sort));
    if ui.json {
        return ui.json(&json!({
            "type": "summary", "schema_version": 1, "digest": report.digest, "ids": report.ids,
            "mailboxes": report.mailboxes, "unarchived": report.unarchived, "errors": errors, "warnings": warnings,
            "notes": notes, "unlisted_issues": report.unlisted_issues,
        }));
    }
    if report.unlisted_issues > 0 {
        ui.line(&format!("and {} more", report.unlisted_issues))?;
    }
    ui.line(&format!(
        "{} for {}, {} not to be archived: {}, {}, {}",
        counted(report.ids, "id"),
        if report.mailboxes == 1 { "1 mailbox".to_owned() } else { format!("{} mailboxes", report.mailboxes) },
        report.unarchived,
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(notes, "note"),
    ))?;
    if errors > 0 {
        ui.hint("a file with errors is not used at all: mend these rows first");
    }
    Ok(())
}

fn print_import(import: &MappingImport, ui: &Ui) -> Result<()> {
    print_issues(&import.report.issues, ui)?;
    let MappingImport { report, added, changed, removed, unchanged } = import;
    if ui.json {
        return ui.json(&json!({
            "type": "imported", "schema_version": 1, "digest": report.digest, "ids": report.ids, "added": added,
            "changed": changed, "removed": removed, "unchanged": unchanged,
        }));
    }
    ui.line(&format!(
        "{}: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged",
        counted(report.ids, "id")
    ))?;
    ui.hint("it applies to what comes from now on; for what is in quarantine, run `custodia quarantine remap`");
    Ok(())
}

fn list(archive: &Archive, ui: &Ui) -> Result<()> {
    let rows = archive.list_mapping()?;
    if ui.json {
        return rows.iter().try_for_each(|row| {
            ui.json(&json!({
                "type": "mapping", "id": row.id, "key": row.key, "mailbox": row.mailbox,
                "imported_at": row.imported_at, "imported_by": row.imported_by.0,
            }))
        });
    }
    if rows.is_empty() {
        return ui.line("the archive has no mapping of its own");
    }
    let mut table = Table::new(&["ID", "MAILBOX", "IMPORTED", "BY"]);
    for row in rows {
        let mailbox = row.mailbox.unwrap_or_else(|| "(not archived)".to_owned());
        table.row(&[row.id, mailbox, row.imported_at.to_string(), row.imported_by.0]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}
