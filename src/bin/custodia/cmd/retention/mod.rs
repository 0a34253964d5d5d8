//! `retention`

mod label;
mod policy;
mod test;

use custodia::archive::{Archive, Simulation, SimulationRow};
use custodia::{Error, Result};
use serde_json::json;

use super::disposition::say_waiting;
use crate::args::RetentionCommand;
use crate::ui::{Table, Ui, counted, escape};

pub(super) use test::test;

pub(super) fn run(archive: &mut Archive, command: &RetentionCommand, ui: &Ui) -> Result<u8> {
    match command {
        RetentionCommand::Policy(command) => policy::run(archive, command, ui)?,
        RetentionCommand::Label(command) => label::run(archive, command, ui)?,
        RetentionCommand::Event(command) => label::events(archive, command, ui)?,
        RetentionCommand::Simulate { as_of } => {
            let as_of = as_of.unwrap_or_else(|| archive.now());
            simulation(&archive.simulate(as_of)?, ui)?;
            policy::warn_of_empty_scopes(&archive.list_policies()?, ui);
        }
        RetentionCommand::Test { cases } => return test(cases, ui),
    }
    Ok(0)
}

fn simulation(simulation: &Simulation, ui: &Ui) -> Result<()> {
    let counts = simulation.counts;
    if ui.json {
        ui.json(&json!({
            "type": "summary", "schema_version": 1, "as_of": simulation.as_of, "items": counts.items,
            "eligible": counts.eligible, "kept": counts.kept, "held": counts.held, "review": counts.review,
        }))?;
        let rows = simulation.mailboxes.iter().map(|row| ("mailbox", row));
        return rows.chain(simulation.policies.iter().map(|row| ("policy", row))).try_for_each(|(sort, row)| {
            let mut value =
                serde_json::to_value(row).map_err(|e| Error::Store { action: "write JSON", source: e.into() })?;
            if let Some(object) = value.as_object_mut() {
                object.insert("type".to_owned(), json!(sort));
            }
            ui.json(&value)
        });
    }
    ui.line(&format!(
        "As of {}: {} = {} eligible + {} kept + {} held",
        simulation.as_of,
        counted(counts.items, "item"),
        counts.eligible,
        counts.kept,
        counts.held
    ))?;
    say_waiting(counts.review, ui)?;
    print_rows("MAILBOX", &simulation.mailboxes, ui)?;
    print_rows("DELETED UNDER", &simulation.policies, ui)?;
    ui.status("\nnothing was changed");
    Ok(())
}

fn print_rows(head: &str, rows: &[SimulationRow], ui: &Ui) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(&[head, "ITEMS", "ELIGIBLE", "KEPT", "HELD"]);
    for row in rows {
        let [items, eligible, kept, held] =
            [row.counts.items, row.counts.eligible, row.counts.kept, row.counts.held].map(|count| count.to_string());
        table.row(&[escape(&row.name, false), items, eligible, kept, held]);
    }
    ui.line("")?;
    table.lines().try_for_each(|line| ui.line(&line))
}
