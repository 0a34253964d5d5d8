//! `connector status`

use custodia::Result;
use custodia::archive::{Archive, ConnectorStatus};
use custodia::model::{Connector, ConnectorRun, Ledger, RunState, UtcTime};
use serde_json::{Value, json};

use crate::ui::{Table, Ui, escape};

const HEAD: [&str; 14] = [
    "NAME",
    "RUN",
    "STATE",
    "STARTED",
    "TOOK",
    "BATCH",
    "LISTED",
    "TAKEN",
    "RECOGNISED",
    "FAILED",
    "STORED",
    "DUPLICATE",
    "QUARANTINED",
    "REJECTED",
];

pub(super) fn run(archive: &Archive, name: Option<&str>, ui: &Ui) -> Result<()> {
    let all = archive.connector_status(name)?;
    if ui.json {
        return all.iter().try_for_each(|status| print_json(status, ui));
    }
    if all.is_empty() {
        ui.line("there are no connectors")?;
        return Ok(());
    }
    let mut table = Table::new(&HEAD);
    for status in &all {
        let shown = if name.is_some() { usize::MAX } else { 1 };
        for (run, ledger) in status.runs.iter().take(shown) {
            table.row(&row(&status.connector, run, *ledger));
        }
    }
    table.lines().try_for_each(|line| ui.line(&line))?;
    for status in &all {
        print_notes(status, ui)?;
    }
    Ok(())
}

/// What a table has no room for: the next run, what waits, what failed last.
fn print_notes(status: &ConnectorStatus, ui: &Ui) -> Result<()> {
    let name = &status.connector.name;
    let line = |text: String| ui.line(&escape(&format!("{name}: {text}"), false));
    match (&status.connector.removed, status.next_run) {
        (Some(removed), _) => line(format!("removed on {}: {}", removed.at, removed.reason))?,
        (None, Some(next)) if !status.runs.is_empty() => line(format!("{}, next {next}", status.connector.schedule))?,
        _ => line(format!("{}, never run", status.connector.schedule))?,
    }
    if status.waiting > 0 {
        line(format!("{} in quarantine; see `custodia quarantine list`", status.waiting))?;
    }
    let Some((last, _)) = status.runs.first() else { return Ok(()) };
    if let Some(error) = &last.error {
        line(format!("the last run failed: {error}"))?;
    }
    last.failures.iter().try_for_each(|failure| line(format!("not taken: {}: {}", failure.id, failure.reason)))
}

fn row(connector: &Connector, run: &ConnectorRun, ledger: Option<Ledger>) -> [String; 14] {
    let ledger = ledger.unwrap_or_default();
    let counts = run.counts;
    [
        connector.name.clone(),
        run.no.to_string(),
        state_on_record(run).to_owned(),
        run.started_at.to_string(),
        run.ended_at.map_or("-".to_owned(), |ended| took(run.started_at, ended)),
        run.batch.map_or("-".to_owned(), |batch| batch.to_string()),
        counts.listed.to_string(),
        counts.taken.to_string(),
        counts.recognised.to_string(),
        counts.failed.to_string(),
        ledger.stored.to_string(),
        ledger.duplicate.to_string(),
        ledger.quarantined.to_string(),
        ledger.rejected.to_string(),
    ]
}

/// The time between two instants, in hours, minutes and seconds.
fn took(started: UtcTime, ended: UtcTime) -> String {
    let seconds = ended.0.saturating_sub(started.0).max(0) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

fn print_json(status: &ConnectorStatus, ui: &Ui) -> Result<()> {
    ui.json(&json!({
        "type": "connector_status", "connector": status.connector.name, "kind": status.connector.kind,
        "state": status.runs.first().map(|(run, _)| state_on_record(run)), "runs": status.runs.len(),
        "waiting_in_quarantine": status.waiting, "next_run": status.next_run,
        "removed": status.connector.removed.is_some(),
    }))?;
    for (run, ledger) in &status.runs {
        ui.json(&run_json(&status.connector, run, *ledger, state_on_record(run)))?;
        for failure in &run.failures {
            let name = &status.connector.name;
            ui.json(&json!({ "type": "failed", "connector": name, "delivery": failure.id, "reason": failure.reason }))?;
        }
    }
    Ok(())
}

/// One run with the ledger of its batch.
pub(super) fn run_json(connector: &Connector, run: &ConnectorRun, ledger: Option<Ledger>, state: &str) -> Value {
    let (ledger, counts) = (ledger.unwrap_or_default(), run.counts);
    let milliseconds = run.ended_at.map(|ended| ended.0.saturating_sub(run.started_at.0).max(0));
    json!({
        "type": "connector_run", "connector": connector.name, "run": run.no, "state": state, "actor": run.actor.0,
        "started_at": run.started_at, "ended_at": run.ended_at, "milliseconds": milliseconds,
        "batch": run.batch.map(|batch| batch.to_string()), "error": run.error,
        "listed": counts.listed, "known": counts.known, "recognised": counts.recognised, "taken": counts.taken,
        "failed": counts.failed, "offered": ledger.offered, "stored": ledger.stored, "duplicate": ledger.duplicate,
        "quarantined": ledger.quarantined, "rejected": ledger.rejected, "same_content": ledger.same_content,
        "messages": ledger.messages, "items": ledger.items, "bytes": ledger.bytes,
    })
}

/// The word for how a run ended.
pub(super) fn state(run: &ConnectorRun) -> &'static str {
    match run.state {
        RunState::Running => "running",
        RunState::Complete => "complete",
        RunState::Partly => "partly",
        RunState::Interrupted => "interrupted",
        RunState::Failed => "failed",
    }
}

/// A run found at work was killed: whoever runs a connector has the archive for himself.
fn state_on_record(run: &ConnectorRun) -> &'static str {
    if run.state == RunState::Running { "killed" } else { state(run) }
}
