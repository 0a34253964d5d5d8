//! `retention simulate`

use custodia::archive::{
    Archive, Counts, RuleFile, SampledItem, SimulatedItem, SimulatedRules, Simulation, SimulationMonth, SimulationRow,
};
use custodia::exporter::CsvFile;
use custodia::{Error, Result};
use serde_json::{Value, json};

use super::rules::{read_rules, seen_at};
use super::unread::warn_of_unread;
use crate::args::SimulateArgs;
use crate::cmd::disposition::say_waiting;
use crate::new_file::write_new;
use crate::ui::{Table, Ui, counted, escape, short};

const CSV_HEADS: [&str; 7] = ["item", "mailbox", "folder", "created_at", "rule", "in_force", "reasons"];

pub(super) fn run(archive: &mut Archive, args: &SimulateArgs, ui: &Ui) -> Result<()> {
    let file: Option<RuleFile> = args.file.as_deref().map(read_rules).transpose()?;
    let as_of = match (args.as_of, &file) {
        (Some(as_of), _) => as_of,
        (None, Some(file)) => {
            let changes = archive.compare_rules(file)?;
            seen_at(archive, &changes)
        }
        (None, None) => archive.now(),
    };
    let rules = file.as_ref().map_or(SimulatedRules::Waiting, SimulatedRules::File);
    let mut csv = args.csv.as_deref().map(|path| CsvFile::create(path, &CSV_HEADS)).transpose()?;
    let simulation = if args.list || csv.is_some() {
        let mut list = |item: SimulatedItem| {
            if let Some(csv) = &mut csv {
                csv.row(&cells(&item))?;
            }
            if args.list { list_item(&item, ui) } else { Ok(()) }
        };
        archive.simulate(as_of, rules, Some(&mut list))?
    } else {
        archive.simulate(as_of, rules, None)?
    };
    if let Some(csv) = csv {
        csv.finish()?;
    }
    if let Some(path) = &args.report {
        write_new(path, &mut |out| archive.simulation_report(&simulation, out))?;
        ui.status(&format!("report written to {}", path.display()));
    }
    print(&simulation, ui)
}

/// Says what would come of a change that a command makes.
pub(super) fn change(archive: &mut Archive, rules: SimulatedRules<'_>, ui: &Ui) -> Result<()> {
    // What is released goes after a delay, and would not be seen before.
    let as_of = match rules {
        SimulatedRules::Change(..) | SimulatedRules::Removal(_) => archive.end_of_delay(),
        _ => archive.now(),
    };
    print(&archive.simulate(as_of, rules, None)?, ui)
}

fn cells(item: &SimulatedItem) -> [String; 7] {
    [
        item.item.to_string(),
        item.mailbox.clone(),
        item.folder.clone(),
        item.created_at.to_string(),
        item.rule.clone(),
        item.in_force.to_string(),
        item.reasons.join("; "),
    ]
}

fn list_item(item: &SimulatedItem, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&typed("item", item)?);
    }
    let place = format!("{} / {}", item.mailbox, item.folder);
    ui.line(&escape(&format!("{}  {}  {place}  under `{}`", item.item, item.created_at, item.rule), false))?;
    item.reasons.iter().try_for_each(|reason| ui.line(&escape(&format!("    {reason}"), false)))
}

/// What was simulated, in tables; as JSON lines the summary first.
pub(super) fn print(simulation: &Simulation, ui: &Ui) -> Result<()> {
    warn_of_unread(&simulation.unread, ui);
    for name in &simulation.labels_in_doubt {
        let text = format!(
            "label `{name}` is in doubt for messages of which not all can be searched, and which a query finds for what they \
             lack, or which its query finds only since it was offered to them: it is not set on them by itself, retains \
             them as if it was, and deletes none of them"
        );
        ui.warn(&escape(&text, true));
    }
    if ui.json {
        return print_json(simulation, ui);
    }
    ui.line(&format!("As of {}: {}", simulation.as_of, sum(&simulation.counts)))?;
    say_waiting(simulation.counts.review, ui)?;
    if let Some(then) = &simulation.proposed {
        let names = simulation.proposal.join(", ");
        ui.line(&escape(&format!("With what is not in force yet ({names}): {}", sum(then)), false))?;
    }
    rows("MAILBOX", &simulation.mailboxes, ui)?;
    rows("DELETED UNDER", &simulation.policies, ui)?;
    months(&simulation.months, ui)?;
    if !simulation.conflicts.is_empty() {
        let mut table = Table::new(&["DUE, BUT ON HOLD", "ITEMS"]);
        for conflict in &simulation.conflicts {
            table.row(&[escape(&conflict.hold, false), conflict.items.to_string()]);
        }
        ui.line("")?;
        table.lines().try_for_each(|line| ui.line(&line))?;
    }
    samples(&simulation.samples, ui)?;
    ui.status("\nnothing was changed");
    if !simulation.proposal.is_empty() {
        let rules = short(&simulation.rules.to_string());
        ui.line(&format!("\nRules as they would be: {rules}"))?;
        ui.hint(
            "within 7 days, put it in force: `custodia retention policy enable NAME`, `apply FILE`, or the same command \
             without --simulate",
        );
    }
    Ok(())
}

fn print_json(simulation: &Simulation, ui: &Ui) -> Result<()> {
    let counts = simulation.counts;
    let mut summary = json!({
        "type": "summary", "schema_version": 1, "as_of": simulation.as_of, "items": counts.items,
        "eligible": counts.eligible, "kept": counts.kept, "held": counts.held, "review": counts.review,
        "proposal": simulation.proposal, "rules": simulation.rules, "unread_rules": simulation.unread,
        "labels_in_doubt": simulation.labels_in_doubt,
    });
    if let (Some(proposed), Some(object)) = (&simulation.proposed, summary.as_object_mut()) {
        object.insert("proposed".to_owned(), json!(proposed));
    }
    ui.json(&summary)?;
    simulation.mailboxes.iter().try_for_each(|row| ui.json(&typed("mailbox", row)?))?;
    simulation.policies.iter().try_for_each(|row| ui.json(&typed("policy", row)?))?;
    simulation.months.iter().try_for_each(|row| ui.json(&typed("month", row)?))?;
    simulation.conflicts.iter().try_for_each(|row| ui.json(&typed("conflict", row)?))?;
    simulation.samples.iter().try_for_each(|row| ui.json(&typed("sample", row)?))
}

fn typed(kind: &str, row: &impl serde::Serialize) -> Result<Value> {
    let mut value = serde_json::to_value(row).map_err(|e| Error::Store { action: "write JSON", source: e.into() })?;
    if let Some(object) = value.as_object_mut() {
        object.insert("type".to_owned(), json!(kind));
    }
    Ok(value)
}

fn sum(counts: &Counts) -> String {
    let items = counted(counts.items, "item");
    format!("{items} = {} eligible + {} kept + {} held", counts.eligible, counts.kept, counts.held)
}

fn rows(head: &str, rows: &[SimulationRow], ui: &Ui) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let heads = [head, "ITEMS", "ELIGIBLE", "KEPT", "HELD"];
    let mut table = match first.proposed {
        Some(_) => Table::new(&[&heads[..], &["ELIGIBLE THEN"]].concat()),
        None => Table::new(&heads),
    };
    for row in rows {
        let counts = row.counts;
        let [items, eligible, kept, held] =
            [counts.items, counts.eligible, counts.kept, counts.held].map(|count| count.to_string());
        let name = escape(&row.name, false);
        match row.proposed {
            Some(then) => table.row(&[name, items, eligible, kept, held, then.eligible.to_string()]),
            None => table.row(&[name, items, eligible, kept, held]),
        }
    }
    ui.line("")?;
    table.lines().try_for_each(|line| ui.line(&line))
}

fn samples(samples: &[SampledItem], ui: &Ui) -> Result<()> {
    if samples.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(&["SAMPLE", "CREATED", "MAILBOX", "DELETED UNDER", "SUBJECT"]);
    for SampledItem { rule, item, mailbox, created_at, subject } in samples {
        let (number, created) = (item.to_string(), created_at.to_string());
        table.row(&[number, created, escape(mailbox, false), escape(rule, false), escape(subject, false)]);
    }
    ui.line("")?;
    table.lines().try_for_each(|line| ui.line(&line))
}

fn months(months: &[SimulationMonth], ui: &Ui) -> Result<()> {
    let Some(first) = months.first() else { return Ok(()) };
    let mut table = match first.proposed {
        Some(_) => Table::new(&["CAN GO FROM", "ITEMS", "ITEMS THEN"]),
        None => Table::new(&["CAN GO FROM", "ITEMS"]),
    };
    for month in months {
        match month.proposed {
            Some(proposed) => table.row(&[month.month.clone(), month.items.to_string(), proposed.to_string()]),
            None => table.row(&[month.month.clone(), month.items.to_string()]),
        }
    }
    ui.line("")?;
    table.lines().try_for_each(|line| ui.line(&line))
}
