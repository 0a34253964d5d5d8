//! `import`

use custodia::archive::{
    Archive, FileReport, ImportEvent, ImportOptions, ImportReport, InterleavedChat, Interrupt, MissingMailboxes,
};
use custodia::model::BatchState;
use custodia::{Error, Result};
use serde_json::json;

use crate::args::ImportArgs;
use crate::exit::{INTERRUPTED, PARTLY};
use crate::ui::{Ui, counted, escape};

/// Rejections that are named to people.
const NAMED_REJECTIONS: usize = 20;

/// Created mailboxes that are named to people.
const NAMED_MAILBOXES: usize = 20;

pub(super) fn run(archive: &mut Archive, args: &ImportArgs, ui: &Ui) -> Result<u8> {
    let options = ImportOptions {
        paths: args.paths.clone(),
        read_as: args.read_as,
        mailbox: args.mailbox.clone(),
        folder: args.folder.clone(),
        timezone: args.timezone.clone(),
        date_order: args.date_order,
        mapping: args.mapping.clone(),
        region: args.region.clone(),
        mapping_only: args.no_auto_mapping,
        create_mailboxes: args.create_mailboxes,
        trust: args.trust,
        user_header: args.user_header.clone(),
        dry_run: args.dry_run,
    };
    let interrupt = Interrupt::default();
    let raised = interrupt.clone();
    // Without a handler an interruption is a kill, which loses nothing either.
    ctrlc::set_handler(move || raised.raise()).ok();
    let bar = ui.progress("importing");
    let mut printed = Ok(());
    let report = archive.import(&options, &interrupt, &mut |event| match event {
        ImportEvent::Progress(progress) => bar.bytes(progress.records, progress.bytes, progress.total_bytes),
        ImportEvent::File(file) => {
            if printed.is_ok() {
                printed = print_file(file, args.dry_run, ui);
            }
        }
    })?;
    drop(bar);
    printed?;
    let print = if ui.json { print_json } else { print_text };
    print(&report, args.dry_run, ui)?;
    let ledger = report.batch.ledger;
    if ledger.offered == 0 && report.batch.state != BatchState::Interrupted {
        ui.warn("there was nothing to import: look whether the path is right");
    }
    if !ledger.adds_up() {
        return Err(Error::Corrupt(format!("the ledger of batch {} does not add up", report.batch.no)));
    }
    Ok(match report.batch.state {
        BatchState::Interrupted => INTERRUPTED,
        _ if ledger.rejected > 0 => PARTLY,
        _ => 0,
    })
}

/// Files of one mail each would bury everything else; a dry run for programs lists them too.
pub(super) fn print_file(file: &FileReport, dry_run: bool, ui: &Ui) -> Result<()> {
    let alone = file.format == "telemessage" && file.records <= 1 && file.notes.is_empty();
    let is_mail = alone || matches!(file.format, "eml" | "maildir" | "msg");
    if ui.json && (dry_run || !is_mail) {
        return ui.json(&json!({
            "type": "file", "path": file.path, "format": file.format, "records": file.records, "system": file.system,
            "attachments": file.attachments, "absent_attachments": file.absent_attachments, "rejected": file.rejected,
            "first": file.first, "last": file.last, "date_order": file.date_order, "notes": file.notes,
        }));
    }
    if !ui.json && !is_mail {
        let order = file.date_order.map(|order| format!(", dates read as {order}")).unwrap_or_default();
        ui.status(&escape(
            &format!("{}: {}, {}{order}", file.path, file.format, counted(file.records, "record")),
            false,
        ));
    }
    if !ui.json {
        file.notes.iter().for_each(|note| ui.warn(&escape(&format!("{}: {note}", file.path), false)));
    }
    Ok(())
}

/// What was not stored in a mailbox, and why.
pub(super) fn print_reasons(report: &ImportReport, ui: &Ui) -> Result<()> {
    for rejected in &report.rejected {
        ui.json(&json!({ "type": "rejected", "origin": rejected.origin, "reason": rejected.reason }))?;
    }
    for (reason, messages) in &report.quarantined {
        ui.json(&json!({ "type": "quarantined", "reason": reason, "messages": messages }))?;
    }
    Ok(())
}

/// What helps where a mapping names mailboxes that are not there.
pub(super) const ADD_OR_CREATE: &str = "add them with `custodia mailbox add`, or say --create-mailboxes";

/// Mailboxes that a mapping names and that are not there.
pub(super) fn warn_of_missing(missing: &MissingMailboxes, remedy: &str, ui: &Ui) {
    for (mailbox, messages) in missing.listed.iter().take(NAMED_MAILBOXES) {
        let messages = counted(*messages, "message");
        ui.warn(&escape(&format!("the mapping names `{mailbox}`, which is no mailbox, for {messages}"), false));
    }
    let more = missing.listed.len().saturating_sub(NAMED_MAILBOXES);
    if more > 0 {
        ui.warn(&format!("and {more} more mailboxes that are not there: see --json"));
    }
    if !missing.listed.is_empty() {
        ui.hint(remedy);
    }
}

/// Says how many messages are back that were disposed of.
pub(super) fn tell_disposed_before(messages: u64, ui: &Ui) -> Result<()> {
    if messages == 0 {
        return Ok(());
    }
    ui.line(&format!(
        "{} with bytes that were disposed of before: new arrivals, judged by retention like all others",
        counted(messages, "message")
    ))
}

fn print_json(report: &ImportReport, dry_run: bool, ui: &Ui) -> Result<()> {
    print_reasons(report, ui)?;
    let ledger = report.batch.ledger;
    ui.json(&json!({
        "type": "summary", "schema_version": 1, "batch": report.batch.no.to_string(), "dry_run": dry_run,
        "state": report.batch.state, "offered": ledger.offered, "stored": ledger.stored, "duplicate": ledger.duplicate,
        "quarantined": ledger.quarantined, "rejected": ledger.rejected, "same_content": ledger.same_content,
        "messages": ledger.messages, "items": ledger.items, "bytes": ledger.bytes,
        "partially_indexed": report.partially_indexed, "disposed_before": report.disposed_before,
        "media_completed": report.media_completed, "media_known": report.media_known,
        "writing_known": report.writing_known,
        "other_sort": report.other_sort, "other_names": report.other_names.messages, "other_names_not_compared": report.other_names.not_compared,
        "interleaved": report.interleaved.iter().map(interleaved_json).collect::<Vec<_>>(), "formats": report.formats,
        "mapped_by": report.mapped_by, "missing_mailboxes": report.missing_mailboxes.listed, "unlisted_missing": report.missing_mailboxes.unlisted,
        "created_mailboxes": report.created_mailboxes, "unlisted_rejections": report.unlisted_rejections,
    }))
}

fn interleaved_json(chat: &InterleavedChat) -> serde_json::Value {
    json!({
        "conversation": chat.conversation, "messages": chat.messages, "earlier": chat.earlier,
        "minutes_later": chat.minutes_later,
    })
}

fn warn_of_interleaved(report: &ImportReport, ui: &Ui) {
    for chat in &report.interleaved {
        let name =
            chat.conversation.rsplit_once("whatsapp-export:").map_or(chat.conversation.as_str(), |(_, name)| name);
        let messages = counted(chat.messages, "new message");
        let what = match chat.minutes_later {
            Some(minutes) => format!(
                "most of {messages} of the chat `{name}` are here already, {} minutes {}: they are here twice now, if this \
                 export was read with another --timezone than the one before",
                minutes.unsigned_abs(),
                if minutes > 0 { "earlier" } else { "later" }
            ),
            None => format!(
                "{messages} of the chat `{name}` lie between {} that were there: if two people or groups are called so, \
                 their chats are mixed now, and messages equal in both are there once; import each into a folder of its \
                 own (--folder). If it is the same chat, it was read in another order of the date (--date-order)",
                chat.earlier
            ),
        };
        ui.warn(&escape(&what, false));
    }
}

fn warn_of_other_sort(report: &ImportReport, ui: &Ui) {
    if report.other_sort > 0 {
        let messages = counted(report.other_sort, "new message");
        ui.warn(&format!(
            "{messages} of exported chats are like earlier ones of a chat of the same name, and only one of the two \
             exports tells that its chat is a group: if it is one chat, they are here twice; both are kept"
        ));
    }
}

fn warn_of_other_names(report: &ImportReport, ui: &Ui) {
    let names = &report.other_names;
    if let Some((earlier, now)) = &names.example {
        let messages = counted(names.messages, "new message");
        ui.warn(&escape(
            &format!(
                "{messages} of exported chats differ from earlier ones in names alone, such as `{now}` for `{earlier}`: \
                 if somebody was renamed, the chat is here under both names; no export tells, so that both are kept"
            ),
            false,
        ));
    }
    if names.messages > 0 && names.not_compared > 0 {
        let messages = counted(names.not_compared, "more new message");
        ui.warn(&format!("{messages} were sent when earlier ones were, and not compared with them"));
    }
}

pub(super) fn print_text(report: &ImportReport, dry_run: bool, ui: &Ui) -> Result<()> {
    for rejected in report.rejected.iter().take(NAMED_REJECTIONS) {
        ui.warn(&escape(&format!("{}: {}", rejected.origin, rejected.reason), false));
    }
    let unnamed = report.batch.ledger.rejected.saturating_sub(NAMED_REJECTIONS as u64);
    if unnamed > 0 {
        let all = if dry_run { "--json".to_owned() } else { format!("`custodia batch show {}`", report.batch.no) };
        ui.warn(&format!("and {unnamed} more: see {all}"));
    }
    let formats: Vec<String> = report.formats.iter().map(|(format, files)| format!("{files} {format}")).collect();
    if !formats.is_empty() {
        ui.status(&format!("read as: {}", formats.join(", ")));
    }
    let ledger = report.batch.ledger;
    let name = if dry_run { "would import".to_owned() } else { format!("batch {}", report.batch.no) };
    ui.line(&format!("{name}: {ledger}"))?;
    ui.line(&format!(
        "{}, {}, {} read",
        counted(ledger.messages, "new message"),
        counted(ledger.items, "new item"),
        counted(ledger.bytes, "byte")
    ))?;
    if ledger.same_content > 0 {
        ui.line(&format!(
            "{} of them are copies of what was there, in other bytes; each is kept",
            ledger.same_content
        ))?;
    }
    tell_disposed_before(report.disposed_before, ui)?;
    if report.media_completed > 0 {
        ui.line(&format!(
            "{} with media were here without; both are kept, and `show` names one with the other",
            counted(report.media_completed, "message")
        ))?;
    }
    if report.media_known > 0 {
        ui.line(&format!("{} without media are here with them: duplicates", counted(report.media_known, "message")))?;
    }
    if report.writing_known > 0 {
        ui.line(&format!(
            "{} are here as an earlier export of the chat writes them: duplicates",
            counted(report.writing_known, "message")
        ))?;
    }
    if report.partially_indexed > 0 {
        ui.line(&format!(
            "{} can be searched only in part; holds cover them whatever their query",
            report.partially_indexed
        ))?;
    }
    warn_of_other_sort(report, ui);
    warn_of_other_names(report, ui);
    warn_of_interleaved(report, ui);
    warn_of_missing(&report.missing_mailboxes, ADD_OR_CREATE, ui);
    for (reason, messages) in &report.quarantined {
        ui.line(&format!("{messages} in quarantine: {reason}"))?;
    }
    if !report.created_mailboxes.is_empty() {
        let named: Vec<&str> = report.created_mailboxes.iter().take(NAMED_MAILBOXES).map(String::as_str).collect();
        let more = report.created_mailboxes.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        ui.line(&escape(&format!("mailboxes created: {}{more}", named.join(", ")), false))?;
    }
    if report.batch.state == BatchState::Interrupted {
        ui.line("interrupted: everything counted here is on disk; the same command takes in the rest")?;
    }
    if ledger.quarantined > 0 && !dry_run {
        ui.hint(
            "see `custodia quarantine list`; name the ids in a mapping or add their mailboxes, then run `custodia \
             quarantine remap`",
        );
    }
    Ok(())
}
