//! `export`

use std::path::Path;

use custodia::archive::{
    Archive, ExportDescription, ExportEvidence, ExportOptions, ExportSource, Interrupt, SearchRequest, verify_export,
};
use custodia::exporter::FileProblem;
use custodia::{Error, Result};
use serde_json::{Value, json};

use super::case::custodians;
use super::search::{search_text, typed};
use crate::args::{AgainstArgs, ExportArgs};
use crate::checkpoint_file::read_checkpoint;
use crate::exit::{INTEGRITY, PARTLY, point_at};
use crate::ui::{Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, args: &ExportArgs, ui: &Ui) -> Result<u8> {
    let directory = args.output.clone().ok_or_else(|| Error::InvalidInput("say where to with --output".to_owned()))?;
    let options = ExportOptions { source: source(archive, args)?, directory, format: args.format };
    let interrupt = Interrupt::default();
    let raised = interrupt.clone();
    // Without a handler an interruption is a kill, which leaves a directory that has not the wanted name.
    ctrlc::set_handler(move || raised.raise()).ok();
    let bar = ui.progress("exporting");
    let exported = archive.export(&options, &interrupt, &mut |done, total| bar.messages(done, total));
    drop(bar);
    let query = args.search.query.as_deref();
    let description = exported.inspect_err(|error| point_at(query, error, ui))?;
    if ui.json {
        ui.json(&made_json(&options.directory, &description))
    } else {
        print_made(&options, &description, ui)
    }?;
    Ok(0)
}

fn source(archive: &Archive, args: &ExportArgs) -> Result<ExportSource> {
    if let Some(result) = &args.result {
        return Ok(ExportSource::Frozen(result.clone()));
    }
    if !args.partially_indexed {
        search_text(&args.search)?;
    }
    let mut request = SearchRequest {
        on_hold: args.on_hold,
        dedupe: args.dedupe,
        partially_indexed: args.partially_indexed,
        ..SearchRequest::from(&typed(&args.search))
    };
    if let Some(case) = &args.case {
        (request.case, request.mailboxes) = custodians(archive, case)?;
    }
    Ok(ExportSource::Search { request: Box::new(request), with_partially_indexed: args.with_partially_indexed })
}

fn made_json(directory: &Path, description: &ExportDescription) -> Value {
    let mut made = json!(description);
    if let Some(fields) = made.as_object_mut() {
        fields.insert("directory".to_owned(), json!(directory.display().to_string()));
    }
    made
}

fn print_made(options: &ExportOptions, description: &ExportDescription, ui: &Ui) -> Result<()> {
    ui.line(&format!(
        "{} ({}) in {}: {}",
        counted(description.items, "item"),
        counted(description.bytes, "byte"),
        counted(description.files, "file"),
        escape(&options.directory.display().to_string(), false)
    ))?;
    let also = |count: u64, what: &str| {
        if count > 0 { ui.line(&format!("{} {what}", counted(count, "item"))) } else { Ok(()) }
    };
    also(description.duplicates, "left out as duplicates, listed in items.csv")?;
    also(description.disposed, "of the result were disposed of and are not there")?;
    also(description.partially_indexed, "of them only because not all of it can be searched")?;
    match description.left_out {
        Some(0) => {}
        Some(left_out) => ui.warn(&format!(
            "{} in scope can be searched only in part and may match too: export them with --with-partially-indexed",
            counted(left_out, "item")
        )),
        None if description.found.partially_indexed > 0 => ui.warn(&format!(
            "{} in scope could be searched only in part when the result was frozen: those that were not found may match too",
            counted(description.found.partially_indexed, "item")
        )),
        None => {}
    }
    for warning in &description.found.warnings {
        ui.warn(&format!("{}: {}", warning.code, escape(&warning.message, false)));
    }
    ui.hint("whoever receives it can check it with `custodia export verify`, or the files with `sha256sum -c manifest.sha256`");
    Ok(())
}

/// `export verify`
pub(super) fn verify(directory: &Path, proof: Option<&Path>, against: &AgainstArgs, ui: &Ui) -> Result<u8> {
    let given = read_checkpoint(against, ui)?;
    let checkpoint = given.as_ref().map(|given| &given.checkpoint);
    let evidence = ExportEvidence { proof, checkpoint };
    let mut printed = Ok(());
    let verified = verify_export(directory, &evidence, &mut |problem| {
        if printed.is_ok() {
            printed = print_problem(problem, ui);
        }
    })?;
    printed?;
    let description = &verified.description;
    if ui.json {
        ui.json(&json!({
            "type": "summary", "schema_version": 1, "files": verified.files.files, "bytes": verified.files.bytes,
            "items": description.items, "exported_at": description.exported_at, "exported_by": description.exported_by,
            "archive": description.archive, "audit_entry": verified.audit.map(|audit| audit.entry),
            "audit_size": verified.audit.map(|audit| audit.size), "audit_root": verified.audit.map(|audit| audit.root),
            "against": checkpoint.map(|checkpoint| checkpoint.size),
            "signed_by": given.as_ref().and_then(|given| given.signed_by.as_deref()), "unproved": verified.unproved,
            "problems": verified.problems,
        }))?;
    } else {
        ui.line(&format!(
            "{}, {}, {}: {}",
            counted(description.items, "item"),
            counted(verified.files.files, "file"),
            counted(verified.files.bytes, "byte"),
            counted(verified.problems, "problem")
        ))?;
        ui.line(&escape(
            &format!(
                "exported at {} by {} from archive {} ({})",
                description.exported_at, description.exported_by, description.archive_name, description.archive
            ),
            false,
        ))?;
        if let Some(audit) = verified.audit {
            ui.line(&format!("act {} of {} in the audit log with root {}", audit.entry, audit.size, audit.root))?;
            match checkpoint {
                Some(checkpoint) if verified.unproved.is_none() => {
                    ui.line(&format!("as the checkpoint of {} has it", counted(checkpoint.size, "act")))?;
                }
                Some(_) => {}
                None => ui.hint(
                    "check it --against a checkpoint that was given to you in another way: whoever made the export could make the log",
                ),
            }
        }
    }
    if let Some(why) = &verified.unproved {
        ui.warn(&escape(why, false));
    }
    Ok(match (verified.problems, &verified.unproved) {
        (0, None) => 0,
        (0, Some(_)) => PARTLY,
        _ => INTEGRITY,
    })
}

fn print_problem(problem: &FileProblem, ui: &Ui) -> Result<()> {
    if ui.json {
        ui.json(&json!({ "type": "problem", "path": problem.path, "detail": problem.detail }))
    } else {
        ui.line(&escape(&format!("problem: {}: {}", problem.path, problem.detail), false))
    }
}
