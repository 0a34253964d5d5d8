//! `quarantine`

use std::fs::OpenOptions;
use std::io::Write as _;

use custodia::archive::{Archive, Interrupt, QuarantinedMessage, RemapOptions, RemapReport, ShownQuarantined};
use custodia::model::{BatchNo, BatchState};
use custodia::{Error, Result};
use serde_json::{Value, json};

use super::import::{ADD_OR_CREATE, tell_disposed_before, warn_of_missing};
use super::show::{attachments_json, groups_json, participants_json};
use crate::args::{QuarantineCommand, QuarantineShowArgs, RemapArgs};
use crate::exit::{INTERRUPTED, PARTLY};
use crate::ui::{Table, Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, command: &QuarantineCommand, ui: &Ui) -> Result<u8> {
    match command {
        QuarantineCommand::List => list(&archive.list_quarantine()?, ui).map(|()| 0),
        QuarantineCommand::Show(args) => show(archive, args, ui).map(|()| 0),
        QuarantineCommand::Remap(args) => remap(archive, args, ui),
    }
}

fn fields(message: &QuarantinedMessage) -> Value {
    let row = &message.row;
    let folders: Vec<&str> = row.folders.iter().map(|folder| folder.path.as_str()).collect();
    json!({
        "type": "quarantined", "message": row.message.to_string(), "batch": row.batch.to_string(),
        "origin": row.origin, "reason": row.reason, "sought": row.sought,
        "folder": folders.first(), "folders": folders,
        "sent_at": message.sent_at, "captured_at": row.captured_at, "bytes": message.bytes,
    })
}

fn list(messages: &[QuarantinedMessage], ui: &Ui) -> Result<()> {
    if ui.json {
        return messages.iter().try_for_each(|message| ui.json(&fields(message)));
    }
    if messages.is_empty() {
        return ui.line("nothing is in quarantine");
    }
    let mut table = Table::new(&["MESSAGE", "BATCH", "SENT", "FOLDER", "ORIGIN", "REASON"]);
    for QuarantinedMessage { row, sent_at, .. } in messages {
        table.row(&[
            row.message.to_string(),
            row.batch.to_string(),
            sent_at.map_or_else(|| "unknown".to_owned(), |time| time.to_string()),
            row.paths(),
            row.origin.clone(),
            row.reason.clone(),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))?;
    ui.hint(
        "name the missing ids in a mapping (`custodia mapping import FILE`) or add their mailboxes, then run `custodia \
         quarantine remap`",
    );
    Ok(())
}

fn show(archive: &mut Archive, args: &QuarantineShowArgs, ui: &Ui) -> Result<()> {
    if !args.raw {
        let shown = archive.show_quarantined(args.message)?;
        return if ui.json { ui.json(&shown_json(&shown)) } else { print(&shown, ui) };
    }
    let Some(path) = &args.output else {
        if ui.is_terminal() {
            return Err(Error::InvalidInput(
                "raw bytes of a message can harm a terminal: write them to a file with --output FILE, or to a pipe"
                    .to_owned(),
            ));
        }
        return ui.with_output(&mut |output| archive.write_quarantined(args.message, output));
    };
    let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(Error::io("create", path))?;
    let mut file = std::io::BufWriter::new(file);
    let written = archive.write_quarantined(args.message, &mut file);
    written.and_then(|()| file.flush().map_err(Error::io("write", path))).inspect_err(|_| {
        // A file without its content would be in the way of the next attempt.
        std::fs::remove_file(path).ok();
    })?;
    ui.status(&format!("wrote {}", path.display()));
    Ok(())
}

fn shown_json(shown: &ShownQuarantined) -> Value {
    let mut value = fields(&shown.listed);
    let more = json!({
        "type": "message", "schema_version": 1, "digest": shown.digest, "received_at": shown.received_at,
        "platform": shown.platform, "participants": participants_json(&shown.participants),
        "groups": groups_json(&shown.groups),
        "others": participants_json(&shown.listed.row.others()), "subject": shown.subject, "text": shown.text,
        "attachments": attachments_json(&shown.attachments), "event": shown.event,
        "conversation": shown.conversation, "call": shown.call,
    });
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    value
}

fn print(shown: &ShownQuarantined, ui: &Ui) -> Result<()> {
    let QuarantinedMessage { row, sent_at, bytes } = &shown.listed;
    let field = |name: &str, value: &str| -> Result<()> {
        if value.is_empty() { Ok(()) } else { ui.line(&format!("{name:<12}{}", escape(value, false))) }
    };
    field("Message", &format!("{} ({bytes} bytes), in quarantine", row.message))?;
    field("Reason", &row.reason)?;
    field("Origin", &format!("{}, batch {}", row.origin, row.batch))?;
    field("Folder", &row.paths())?;
    field("Digest", &shown.digest.to_string())?;
    field("Sent", &sent_at.map_or_else(|| "unknown".to_owned(), |time| time.to_string()))?;
    field("Captured", &row.captured_at.to_string())?;
    field("Platform", &shown.platform)?;
    for participant in shown.participants.iter().chain(&row.others()) {
        let id = participant.id.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
        field("Person", &format!("{}: {}{id}", participant.role.as_str(), participant.display()))?;
    }
    for group in &shown.groups {
        field("Group", &format!("{}: {}", group.role.as_str(), group.name))?;
    }
    field("Subject", &shown.subject)?;
    for attachment in &shown.attachments {
        field("Attachment", &format!("{}: {} ({} bytes)", attachment.n, attachment.name, attachment.bytes))?;
    }
    ui.line("")?;
    ui.line(&escape(&shown.text, true))
}

fn remap(archive: &mut Archive, args: &RemapArgs, ui: &Ui) -> Result<u8> {
    let options = RemapOptions {
        mapping: args.mapping.clone(),
        region: args.region.clone(),
        mapping_only: args.no_auto_mapping,
        batch: args.batch.map(BatchNo),
        create_mailboxes: args.create_mailboxes,
    };
    let interrupt = Interrupt::default();
    let raised = interrupt.clone();
    // Without a handler an interruption is a kill, which loses nothing either.
    ctrlc::set_handler(move || raised.raise()).ok();
    let bar = ui.progress("mapping");
    let report = archive.remap_quarantine(&options, &interrupt, &mut |done, total| bar.messages(done, total))?;
    drop(bar);
    print_remap(&report, ui)?;
    Ok(match report.batch.state {
        BatchState::Interrupted => INTERRUPTED,
        _ if report.batch.ledger.quarantined > 0 => PARTLY,
        _ => 0,
    })
}

fn print_remap(report: &RemapReport, ui: &Ui) -> Result<()> {
    let ledger = report.batch.ledger;
    if ui.json {
        return ui.json(&json!({
            "type": "summary", "schema_version": 1, "batch": report.batch.no.to_string(), "state": report.batch.state,
            "offered": ledger.offered, "stored": ledger.stored, "duplicate": ledger.duplicate,
            "quarantined": ledger.quarantined, "rejected": ledger.rejected, "items": ledger.items,
            "bytes": ledger.bytes, "mapped_by": report.mapped_by, "reasons": report.quarantined,
            "disposed_before": report.disposed_before,
            "missing_mailboxes": report.missing_mailboxes.listed, "unlisted_missing": report.missing_mailboxes.unlisted,
            "created_mailboxes": report.created_mailboxes,
        }));
    }
    ui.line(&format!("batch {}: {ledger}", report.batch.no))?;
    ui.line(&counted(ledger.items, "new item"))?;
    tell_disposed_before(report.disposed_before, ui)?;
    warn_of_missing(&report.missing_mailboxes, ADD_OR_CREATE, ui);
    for (reason, messages) in &report.quarantined {
        ui.line(&format!("{messages} still in quarantine: {reason}"))?;
    }
    if !report.created_mailboxes.is_empty() {
        ui.line(&escape(&format!("mailboxes created: {}", report.created_mailboxes.join(", ")), false))?;
    }
    Ok(())
}
