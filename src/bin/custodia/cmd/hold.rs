//! `hold`

use custodia::Result;
use custodia::archive::{Archive, HoldReport, NewHold};
use serde_json::{Value, json};

use crate::args::HoldCommand;
use crate::ui::{Table, Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, command: &HoldCommand, ui: &Ui) -> Result<u8> {
    match command {
        HoldCommand::Place(args) => {
            let new = NewHold {
                name: args.name.clone(),
                mailboxes: args.mailboxes.clone(),
                query: args.query.clone(),
                reason: args.reason.clone(),
            };
            print(&archive.place_hold(&new)?, ui)?;
        }
        HoldCommand::Show { hold } => print(&archive.show_hold(hold)?, ui)?,
        HoldCommand::Release { hold, reason } => print(&archive.release_hold(hold, reason)?, ui)?,
        HoldCommand::List => list(&archive.list_holds()?, ui)?,
    }
    Ok(0)
}

fn hold_json(report: &HoldReport) -> Value {
    let hold = &report.hold;
    let released = hold.released.as_ref();
    json!({
        "type": "hold", "id": hold.id.to_string(), "name": hold.name, "state": state(report), "messages": report.messages,
        "items": report.items, "partially_indexed": report.partially_indexed, "mailboxes": report.mailboxes,
        "all_mailboxes": hold.scope.mailboxes.is_none(), "query": hold.scope.query, "reason": hold.reason,
        "placed_at": hold.placed_at, "placed_by": hold.placed_by.0,
        "released_at": released.map(|release| release.at), "released_by": released.map(|release| &release.by.0),
        "release_reason": released.map(|release| &release.reason),
    })
}

fn state(report: &HoldReport) -> &'static str {
    if report.hold.released.is_some() { "released" } else { "on" }
}

fn scope(report: &HoldReport) -> String {
    if report.hold.scope.mailboxes.is_none() { "all mailboxes".to_owned() } else { report.mailboxes.join(", ") }
}

fn list(reports: &[HoldReport], ui: &Ui) -> Result<()> {
    if ui.json {
        return reports.iter().try_for_each(|report| ui.json(&hold_json(report)));
    }
    let mut table = Table::new(&["ID", "NAME", "STATE", "ITEMS", "SCOPE", "QUERY"]);
    for report in reports {
        table.row(&[
            report.hold.id.to_string(),
            report.hold.name.clone(),
            state(report).to_owned(),
            report.items.to_string(),
            scope(report),
            report.hold.scope.query.clone().unwrap_or_default(),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn print(report: &HoldReport, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&hold_json(report));
    }
    let hold = &report.hold;
    ui.line(&format!("Hold {} `{}` is {}", hold.id, escape(&hold.name, false), state(report)))?;
    ui.line(&format!("  on {}", escape(&scope(report), false)))?;
    if let Some(query) = &hold.scope.query {
        ui.line(&format!("  for {}", escape(query, false)))?;
    }
    let later = if hold.released.is_none() { ", and what arrives later" } else { "" };
    let (messages, items) = (counted(report.messages, "message"), counted(report.items, "item"));
    ui.line(&format!("  covers {messages}, {items}{later}"))?;
    if report.partially_indexed > 0 {
        ui.line(&format!("  {} of them because they can be searched only in part", report.partially_indexed))?;
    }
    ui.line(&format!(
        "  placed by {} at {}: {}",
        escape(&hold.placed_by.0, false),
        hold.placed_at,
        escape(&hold.reason, false)
    ))?;
    if let Some(release) = &hold.released {
        let (by, reason) = (escape(&release.by.0, false), escape(&release.reason, false));
        ui.line(&format!("  released by {by} at {}: {reason}; it holds for 30 days more", release.at))?;
    }
    Ok(())
}
