//! `connector run`

use custodia::archive::{Archive, ConnectorEvent, ConnectorReport, ImportEvent, Interrupt};
use custodia::model::{ConnectorRun, Ledger, RunState};
use custodia::{Error, Result};
use serde_json::json;

use super::Open;
use super::status::{run_json, state};
use crate::args::ConnectorRunArgs;
use crate::cmd::import::{print_file, print_reasons, print_text};
use crate::exit::{INTERRUPTED, PARTLY, with_causes};
use crate::ui::{Ui, escape};

/// What several runs came to.
#[derive(Default)]
pub(super) struct Total {
    connectors: u64,
    failed: u64,
    not_whole: u64,
    interrupted: bool,
    ledger: Ledger,
    /// The error of the newest run that one ended.
    error: Option<Error>,
}

pub(super) fn run(open: &Open<'_>, args: &ConnectorRunArgs, ui: &Ui) -> Result<u8> {
    let mut archive = open("connector run")?;
    let names = if args.all { in_use(&archive)? } else { args.names.clone() };
    let interrupt = interrupt();
    let mut total = Total::default();
    for name in &names {
        if !interrupt.is_raised() {
            run_one(&mut archive, name, &interrupt, &mut total, ui)?;
        }
    }
    if names.is_empty() {
        ui.status("there are no connectors: add one with `custodia connector add`");
    }
    total.print(ui)?;
    total.code(&interrupt)
}

/// Names of all connectors that are not removed.
pub(super) fn in_use(archive: &Archive) -> Result<Vec<String>> {
    let all = archive.list_connectors()?.into_iter().filter(|connector| connector.removed.is_none());
    Ok(all.map(|connector| connector.name).collect())
}

/// Raised by whoever asks this process to stop.
pub(super) fn interrupt() -> Interrupt {
    let interrupt = Interrupt::default();
    let raised = interrupt.clone();
    // Without a handler an interruption is a kill, which loses nothing either.
    ctrlc::set_handler(move || raised.raise()).ok();
    interrupt
}

/// Runs a connector, and prints what came of it.
pub(super) fn run_one(
    archive: &mut Archive,
    name: &str,
    interrupt: &Interrupt,
    total: &mut Total,
    ui: &Ui,
) -> Result<()> {
    let bar = ui.progress("fetching");
    let mut printed = Ok(());
    let report = archive.run_connector(name, interrupt, &mut |event| match event {
        ConnectorEvent::Fetched { deliveries, of } => bar.deliveries(deliveries, of),
        ConnectorEvent::Import(ImportEvent::Progress(progress)) => {
            bar.bytes(progress.records, progress.bytes, progress.total_bytes);
        }
        ConnectorEvent::Import(ImportEvent::File(file)) => {
            if printed.is_ok() {
                printed = print_file(file, false, ui);
            }
        }
    })?;
    drop(bar);
    printed?;
    if ui.json {
        print_json(&report, ui)?;
    } else {
        print(&report, ui)?;
    }
    total.add(report)
}

impl Total {
    fn add(&mut self, report: ConnectorReport) -> Result<()> {
        self.connectors += 1;
        if let Some(import) = &report.import {
            let ledger = import.batch.ledger;
            if !ledger.adds_up() {
                return Err(Error::Corrupt(format!("the ledger of batch {} does not add up", import.batch.no)));
            }
            self.not_whole += u64::from(ledger.rejected > 0);
            self.ledger = sum(self.ledger, ledger);
        }
        match report.run.state {
            RunState::Failed => self.failed += 1,
            RunState::Partly => self.not_whole += 1,
            RunState::Interrupted => self.interrupted = true,
            RunState::Running | RunState::Complete => {}
        }
        if report.error.is_some() {
            self.error = report.error;
        }
        Ok(())
    }

    /// Prints the summary for programs.
    pub(super) fn print(&self, ui: &Ui) -> Result<()> {
        if !ui.json {
            return Ok(());
        }
        let Ledger { offered, stored, duplicate, quarantined, rejected, same_content, messages, items, bytes } =
            self.ledger;
        ui.json(&json!({
            "type": "summary", "schema_version": 1, "connectors": self.connectors,
                "failed_connectors": self.failed, "offered": offered, "stored": stored, "duplicate": duplicate,
                "quarantined": quarantined, "rejected": rejected, "same_content": same_content, "messages": messages,
            "items": items, "bytes": bytes,
        }))
    }

    /// The exit code; if every connector failed, the error of the last.
    fn code(self, interrupt: &Interrupt) -> Result<u8> {
        match self.error {
            _ if self.interrupted || interrupt.is_raised() => Ok(INTERRUPTED),
            Some(error) if self.failed == self.connectors => Err(error),
            _ if self.failed + self.not_whole > 0 => Ok(PARTLY),
            _ => Ok(0),
        }
    }
}

fn sum(a: Ledger, b: Ledger) -> Ledger {
    Ledger {
        offered: a.offered + b.offered,
        stored: a.stored + b.stored,
        duplicate: a.duplicate + b.duplicate,
        quarantined: a.quarantined + b.quarantined,
        rejected: a.rejected + b.rejected,
        same_content: a.same_content + b.same_content,
        messages: a.messages + b.messages,
        items: a.items + b.items,
        bytes: a.bytes + b.bytes,
    }
}

fn print_json(report: &ConnectorReport, ui: &Ui) -> Result<()> {
    if let Some(import) = &report.import {
        print_reasons(import, ui)?;
    }
    let name = &report.connector.name;
    for failure in &report.run.failures {
        ui.json(&json!({ "type": "failed", "connector": name, "delivery": failure.id, "reason": failure.reason }))?;
    }
    let ledger = report.import.as_ref().map(|import| import.batch.ledger);
    ui.json(&run_json(&report.connector, &report.run, ledger, state(&report.run)))
}

fn print(report: &ConnectorReport, ui: &Ui) -> Result<()> {
    let ConnectorRun { counts, failures, .. } = &report.run;
    for failure in failures {
        ui.warn(&escape(&format!("{}: {}", failure.id, failure.reason), false));
    }
    let unnamed = counts.failed.saturating_sub(failures.len() as u64);
    if unnamed > 0 {
        ui.warn(&format!("and {unnamed} more could not be read"));
    }
    if let Some(import) = &report.import {
        // A delivery that failed is among the rejected records of the ledger too.
        let is_told = |origin: &str| failures.iter().any(|failure| origin.ends_with(&failure.id));
        let mut import = import.clone();
        import.rejected.retain(|rejected| !is_told(&rejected.origin));
        print_text(&import, false, ui)?;
    }
    let name = ui.strong(&escape(&report.connector.name, false));
    ui.line(&format!(
        "{name}: {}: {} listed, {} known, {} recognised, {} taken, {} failed",
        state(&report.run),
        counts.listed,
        counts.known,
        counts.recognised,
        counts.taken,
        counts.failed
    ))?;
    if let Some(error) = &report.error {
        ui.warn(&escape(&format!("connector `{}` failed: {}", report.connector.name, with_causes(error)), true));
    }
    Ok(())
}
