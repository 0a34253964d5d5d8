//! `retention apply` and `retention export`

use std::path::Path;

use custodia::archive::{Archive, RuleChange, RuleFile, SimulatedRules};
use custodia::model::UtcTime;
use custodia::{Error, Result};
use serde_json::json;

use super::simulate;
use crate::new_file::write_new;
use crate::ui::{Ui, counted, escape};

/// What is asked for before rules of a file are put in force.
pub(super) struct Consent<'a> {
    /// Nothing is.
    pub(super) yes: bool,
    /// Why deletions are put in force unseen.
    pub(super) without_simulation: Option<&'a str>,
}

/// Reads a file of rules.
pub(super) fn read_rules(path: &Path) -> Result<RuleFile> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    RuleFile::parse(&text).map_err(|error| match error {
        Error::InvalidInput(why) => Error::InvalidInput(format!("{}: {why}", path.display())),
        other => other,
    })
}

pub(super) fn apply(archive: &mut Archive, path: &Path, consent: &Consent<'_>, ui: &Ui) -> Result<()> {
    let file = read_rules(path)?;
    let changes = archive.compare_rules(&file)?;
    if changes.is_empty() {
        if ui.json {
            return ui.json(&summary(&changes));
        }
        return ui.line("Nothing to change: all of it is in force.");
    }
    if !ui.json {
        changes.iter().try_for_each(|change| show(change, ui))?;
    }
    if !consent.yes {
        if ui.json {
            // A simulation that nobody sees must not count as one.
            return Err(Error::InvalidInput("with --json nothing is asked: say --yes".to_owned()));
        }
        let as_of = seen_at(archive, &changes);
        let simulation = archive.simulate(as_of, SimulatedRules::File(&file), None)?;
        ui.line("")?;
        simulate::print(&simulation, ui)?;
        confirm(&changes, ui)?;
    }
    let applied = archive.apply_rules(&file, consent.without_simulation)?;
    if ui.json {
        applied.changes.iter().try_for_each(|change| {
            ui.json(&json!({
                "type": "change", "kind": change.kind, "name": change.name, "change": change.change,
                "before": change.before, "after": change.after,
            }))
        })?;
        return ui.json(&summary(&applied.changes));
    }
    ui.line(&format!("{} put in force", counted(applied.changes.len() as u64, "change")))
}

/// When what these changes let go can be seen: what a rule is released for goes after a delay.
pub(super) fn seen_at(archive: &Archive, changes: &[RuleChange]) -> UtcTime {
    let only_adds = changes.iter().all(|change| change.change == "add");
    if only_adds { archive.now() } else { archive.end_of_delay() }
}

fn summary(changes: &[RuleChange]) -> serde_json::Value {
    json!({ "type": "summary", "schema_version": 1, "changes": changes.len() })
}

/// A change as lines taken away and lines added.
fn show(change: &RuleChange, ui: &Ui) -> Result<()> {
    let what = match change.change {
        "enable" => "put the deletion in force of",
        other => other,
    };
    ui.line(&escape(&format!("{what} {} `{}`", change.kind, change.name), false))?;
    let lines = |text: &Option<String>| -> Vec<String> {
        text.iter().flat_map(|text| text.lines().skip(1)).map(str::to_owned).collect()
    };
    let (before, after) = (lines(&change.before), lines(&change.after));
    for gone in before.iter().filter(|line| !after.contains(line)) {
        ui.line(&escape(&format!("  - {gone}"), false))?;
    }
    for new in after.iter().filter(|line| !before.contains(line)) {
        ui.line(&escape(&format!("  + {new}"), false))?;
    }
    Ok(())
}

fn confirm(changes: &[RuleChange], ui: &Ui) -> Result<()> {
    let question = format!("Put {} in force? (yes or no)", counted(changes.len() as u64, "change"));
    match ui.ask(&question) {
        Some(answer) if answer == "yes" => Ok(()),
        Some(_) => Err(Error::Refused("nothing was changed".to_owned())),
        None => Err(Error::Refused(
            "nobody confirmed it, as standard input is not a terminal; say --yes to go on without being asked"
                .to_owned(),
        )),
    }
}

pub(super) fn export(archive: &Archive, output: Option<&Path>, ui: &Ui) -> Result<()> {
    let text = archive.export_rules()?;
    let Some(path) = output else {
        return ui
            .with_output(&mut |out| out.write_all(text.as_bytes()).map_err(Error::io("write", "standard output")));
    };
    write_new(path, &mut |out| out.write_all(text.as_bytes()).map_err(Error::io("write", path)))?;
    ui.status(&format!("rules written to {}", path.display()));
    Ok(())
}
