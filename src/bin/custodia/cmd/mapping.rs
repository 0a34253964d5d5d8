//! `mapping`

use custodia::Result;
use custodia::archive::{
    ApplyMappingOptions, Archive, Interrupt, LeftOut, MappingApplication, MappingImport, MappingReport,
};
use custodia::model::{BatchState, UtcTime};
use custodia::people::{MappingIssue, Severity};
use serde_json::json;

use super::import::warn_of_missing;
use super::retention::{changed_fields, warn_of_changed};
use crate::args::{ApplyMappingArgs, MappingCommand};
use crate::exit::{INTERRUPTED, PARTLY};
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
        MappingCommand::Apply(args) => return apply(archive, args, ui),
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
    let MappingImport { report, added, changed, removed, unchanged, rules } = import;
    warn_of_changed(rules, ui);
    if ui.json {
        let mut imported = json!({
            "type": "imported", "schema_version": 1, "digest": report.digest, "ids": report.ids, "added": added,
            "changed": changed, "removed": removed, "unchanged": unchanged,
        });
        imported.as_object_mut().into_iter().for_each(|imported| imported.extend(changed_fields(rules)));
        return ui.json(&imported);
    }
    ui.line(&format!(
        "{}: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged",
        counted(report.ids, "id")
    ))?;
    ui.hint(
        "it applies to what comes from now on; for what is in quarantine, run `custodia quarantine remap`, and for what \
         others have already, `custodia mapping apply --dry-run`",
    );
    Ok(())
}

fn apply(archive: &mut Archive, args: &ApplyMappingArgs, ui: &Ui) -> Result<u8> {
    let options = ApplyMappingOptions {
        mailboxes: args.mailbox.clone(),
        mapping_only: args.no_auto_mapping,
        dry_run: args.dry_run,
    };
    let interrupt = Interrupt::default();
    let raised = interrupt.clone();
    // Without a handler an interruption is a kill, which loses nothing either.
    ctrlc::set_handler(move || raised.raise()).ok();
    let bar = ui.progress("mapping");
    let report = archive.apply_mapping(&options, &interrupt, &mut |done, total| bar.messages(done, total))?;
    drop(bar);
    if ui.json {
        print_application_json(&report, args.dry_run, ui)?;
    } else {
        print_application(&report, args.dry_run, ui)?;
    }
    Ok(if report.batch.state == BatchState::Interrupted { INTERRUPTED } else { 0 })
}

fn print_application_json(report: &MappingApplication, dry_run: bool, ui: &Ui) -> Result<()> {
    for given in report.given.values() {
        ui.json(&json!({
            "type": "given", "mailbox": given.mailbox, "items": given.items, "bytes": given.bytes,
            "first": given.first, "last": given.last,
        }))?;
    }
    let ledger = report.batch.ledger;
    ui.json(&json!({
        "type": "applied", "schema_version": 1, "batch": report.batch.no.to_string(), "dry_run": dry_run,
        "state": report.batch.state, "offered": ledger.offered, "stored": ledger.stored,
        "duplicate": ledger.duplicate, "quarantined": ledger.quarantined, "rejected": ledger.rejected,
        "items": ledger.items, "bytes": ledger.bytes, "mailboxes": report.given.len(), "left_out": report.left_out,
        "disposed": report.disposed, "missing_mailboxes": report.missing_mailboxes.listed,
        "unlisted_missing": report.missing_mailboxes.unlisted,
    }))
}

fn print_application(report: &MappingApplication, dry_run: bool, ui: &Ui) -> Result<()> {
    let day = |time: Option<UtcTime>| time.map_or_else(String::new, |time| time.to_string());
    if !report.given.is_empty() {
        let mut table = Table::new(&["MAILBOX", "ITEMS", "BYTES", "FIRST", "LAST"]);
        for given in report.given.values() {
            let (items, bytes) = (given.items.to_string(), given.bytes.to_string());
            table.row(&[given.mailbox.clone(), items, bytes, day(given.first), day(given.last)]);
        }
        table.lines().try_for_each(|line| ui.line(&line))?;
        ui.line("")?;
    }
    let ledger = report.batch.ledger;
    let which = if dry_run { "dry run".to_owned() } else { format!("batch {}", report.batch.no) };
    ui.line(&format!("{which}: {ledger}"))?;
    let items = counted(ledger.items, "new item");
    ui.line(&if dry_run { format!("{items} would be added; nothing was") } else { items })?;
    print_left_out(report, ui)?;
    warn_of_missing(&report.missing_mailboxes, "add them with `custodia mailbox add`, then run this again", ui);
    Ok(())
}

fn print_left_out(report: &MappingApplication, ui: &Ui) -> Result<()> {
    let LeftOut { mail, exports, quarantined } = report.left_out;
    for (count, why) in [
        (exports, "of chat exports left out: who else took part stands in the export; import it again"),
        (mail, "of ordinary mail left out: it stays with the mailbox it was taken from"),
        (quarantined, "in quarantine left out: run `custodia quarantine remap`"),
    ] {
        if count > 0 {
            ui.line(&format!("{} {why}", counted(count, "message")))?;
        }
    }
    if report.disposed > 0 {
        ui.line(&format!("{} not given again: disposed of in that mailbox", counted(report.disposed, "item")))?;
    }
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
