//! `case`

use custodia::archive::{Archive, CaseReport};
use custodia::{Error, Result};
use serde_json::{Value, json};

use crate::args::CaseCommand;
use crate::ui::{Table, Ui, escape};

pub(super) fn run(archive: &mut Archive, command: &CaseCommand, ui: &Ui) -> Result<u8> {
    let report = match command {
        CaseCommand::List => return list(&archive.list_cases()?, ui).map(|()| 0),
        CaseCommand::Create { name, description } => archive.create_case(name, description)?,
        CaseCommand::Show { case } => archive.show_case(case)?,
        CaseCommand::Close { case, reason } => archive.close_case(case, reason)?,
        CaseCommand::Reopen { case, reason } => archive.reopen_case(case, reason)?,
        CaseCommand::Delete { case, reason } => archive.delete_case(case, reason)?,
    };
    print(&report, ui).map(|()| 0)
}

fn case_json(report: &CaseReport) -> Value {
    let case = &report.case;
    let custodians = case.custodians.iter().zip(&report.custodians).map(|(custodian, address)| {
        let released = custodian.released.as_ref();
        json!({
            "mailbox": address, "added_at": custodian.added_at, "added_by": custodian.added_by.0,
            "released_at": released.map(|release| release.at), "release_reason": released.map(|release| &release.reason),
        })
    });
    let holds = report.holds.iter().map(|(name, state)| json!({ "name": name, "state": state.as_str() }));
    json!({
        "type": "case", "id": case.id.to_string(), "name": case.name, "description": case.description,
        "state": report.state(), "created_at": case.created_at, "created_by": case.created_by.0,
        "closed_at": case.closed.as_ref().map(|closed| closed.at),
        "close_reason": case.closed.as_ref().map(|closed| &closed.reason),
        "custodians": custodians.collect::<Vec<_>>(), "holds": holds.collect::<Vec<_>>(),
    })
}

fn list(reports: &[CaseReport], ui: &Ui) -> Result<()> {
    if ui.json {
        return reports.iter().try_for_each(|report| ui.json(&case_json(report)));
    }
    let mut table = Table::new(&["ID", "NAME", "STATE", "CUSTODIANS", "HOLDS", "DESCRIPTION"]);
    for report in reports {
        let case = &report.case;
        let custodians = case.custodians.iter().filter(|custodian| custodian.released.is_none()).count();
        table.row(&[
            case.id.to_string(),
            case.name.clone(),
            report.state().to_owned(),
            custodians.to_string(),
            report.holds.len().to_string(),
            case.description.clone(),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn print(report: &CaseReport, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&case_json(report));
    }
    let case = &report.case;
    ui.line(&format!("Case {} `{}` is {}", case.id, escape(&case.name, false), report.state()))?;
    if !case.description.is_empty() {
        ui.line(&format!("  {}", escape(&case.description, false)))?;
    }
    if let Some(closed) = &case.closed {
        let (by, reason) = (escape(&closed.by.0, false), escape(&closed.reason, false));
        ui.line(&format!("  closed by {by} at {}: {reason}", closed.at))?;
    }
    for (custodian, address) in case.custodians.iter().zip(&report.custodians) {
        let address = escape(address, false);
        match &custodian.released {
            None => ui.line(&format!("  custodian {address} since {}", custodian.added_at))?,
            Some(release) => ui.line(&format!("  custodian {address} was released at {}", release.at))?,
        }
    }
    report.holds.iter().try_for_each(|(name, state)| ui.line(&format!("  hold `{}`: {state}", escape(name, false))))
}

/// The name of a case, and the mailboxes of its custodians, those who were released left out.
pub(super) fn custodians(archive: &Archive, case: &str) -> Result<(Option<String>, Vec<String>)> {
    let report = archive.show_case(case)?;
    let current = report.case.custodians.iter().zip(report.custodians);
    let mailboxes: Vec<String> =
        current.filter(|(custodian, _)| custodian.released.is_none()).map(|(_, address)| address).collect();
    if mailboxes.is_empty() {
        return Err(Error::InvalidInput(format!(
            "case `{}` has no custodian: add one with `custodia custodian add`, or name mailboxes",
            report.case.name
        )));
    }
    Ok((Some(report.case.name), mailboxes))
}
