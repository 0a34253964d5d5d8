//! `retention`

mod test;

use custodia::archive::{Archive, NewPolicy, Simulation, SimulationRow};
use custodia::model::{PolicyScope, RetentionAction, RetentionPolicy, RetentionTrigger};
use custodia::{Error, Result};
use serde_json::{Value, json};

use crate::args::{Action, PolicyCommand, RetentionCommand};
use crate::ui::{Table, Ui, counted, escape};

pub(super) use test::test;

pub(super) fn run(archive: &mut Archive, command: &RetentionCommand, ui: &Ui) -> Result<u8> {
    match command {
        RetentionCommand::Policy(command) => policy(archive, command, ui)?,
        RetentionCommand::Simulate { as_of } => {
            let as_of = as_of.unwrap_or_else(|| archive.now());
            simulation(&archive.simulate(as_of)?, ui)?;
        }
        RetentionCommand::Test { cases } => return test(cases, ui),
    }
    Ok(0)
}

fn policy(archive: &mut Archive, command: &PolicyCommand, ui: &Ui) -> Result<()> {
    let rows = match command {
        PolicyCommand::Add(args) => vec![archive.add_policy(&NewPolicy {
            name: args.name.clone(),
            action: match args.action {
                Action::Retain => RetentionAction::Retain,
                Action::Delete => RetentionAction::Delete,
                Action::RetainAndDelete => RetentionAction::RetainAndDelete,
            },
            period: args.period,
            trigger: RetentionTrigger::Created,
            include: args.include.clone(),
            exclude: args.exclude.clone(),
        })?],
        PolicyCommand::Show { policy } => vec![archive.show_policy(policy)?],
        PolicyCommand::Remove { policy, reason } => vec![archive.remove_policy(policy, reason)?],
        PolicyCommand::List => archive.list_policies()?,
    };
    let mailboxes = archive.list_mailboxes()?;
    let address = |no| mailboxes.iter().find(|m| m.no == no).map_or_else(String::new, |m| m.address.clone());
    let mut table = Table::new(&["ID", "NAME", "ACTION", "PERIOD", "SCOPE", "STATE"]);
    for policy in &rows {
        let (all, listed): (bool, Vec<String>) = match &policy.scope {
            PolicyScope::All { except } => (true, except.iter().map(|no| address(*no)).collect()),
            PolicyScope::Include(mailboxes) => (false, mailboxes.iter().map(|no| address(*no)).collect()),
        };
        if ui.json {
            ui.json(&policy_json(policy, all, &listed))?;
            continue;
        }
        let scope = match (all, listed.is_empty()) {
            (true, true) => "all mailboxes".to_owned(),
            (true, false) => format!("all but {}", listed.join(", ")),
            (false, _) => listed.join(", "),
        };
        let state = policy.released.as_ref().map_or_else(|| "in force".to_owned(), |r| format!("removed {}", r.at));
        let (id, action) = (policy.id.to_string(), policy.action.as_str().to_owned());
        table.row(&[id, policy.name.clone(), action, policy.period.to_string(), scope, state]);
    }
    if ui.json { Ok(()) } else { table.lines().try_for_each(|line| ui.line(&line)) }
}

fn policy_json(policy: &RetentionPolicy, all: bool, listed: &[String]) -> Value {
    let released = policy.released.as_ref();
    json!({
        "type": "policy", "id": policy.id.to_string(), "name": policy.name, "action": policy.action,
        "period": policy.period, "trigger": policy.trigger, "all_mailboxes": all,
        "include": if all { &[] } else { listed }, "exclude": if all { listed } else { &[] },
        "added_at": policy.added_at, "added_by": policy.added_by.0,
        "removed_at": released.map(|release| release.at), "removal_reason": released.map(|release| &release.reason),
    })
}

fn simulation(simulation: &Simulation, ui: &Ui) -> Result<()> {
    let counts = simulation.counts;
    if ui.json {
        ui.json(&json!({
            "type": "summary", "schema_version": 1, "as_of": simulation.as_of, "items": counts.items,
            "eligible": counts.eligible, "kept": counts.kept, "held": counts.held,
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
