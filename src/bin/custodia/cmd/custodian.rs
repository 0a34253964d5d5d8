//! `custodian`

use custodia::Result;
use custodia::archive::{Archive, CustodianReport, shell_word};
use serde_json::{Value, json};

use crate::args::CustodianCommand;
use crate::ui::{Table, Ui, escape};

pub(super) fn run(archive: &mut Archive, command: &CustodianCommand, ui: &Ui) -> Result<u8> {
    let reports = match command {
        CustodianCommand::Add { addresses, case } => archive.add_custodians(case, addresses)?,
        CustodianCommand::Release { address, case, reason } => archive.release_custodian(case, address, reason)?,
        CustodianCommand::List { case } => archive.list_custodians(case.as_deref())?,
        CustodianCommand::Show { address } => archive.show_custodian(address)?,
    };
    print(&reports, ui)?;
    match command {
        CustodianCommand::Add { case, .. } => hint_at_notices(archive, case, &reports, ui)?,
        CustodianCommand::Release { .. } if reports.iter().any(|report| report.notice.is_some()) => {
            ui.hint("`custodia hold notice issue` writes the letter that says so");
        }
        _ => {}
    }
    Ok(0)
}

/// Says how to tell those who are new, where the case has somebody told.
fn hint_at_notices(archive: &Archive, case: &str, added: &[CustodianReport], ui: &Ui) -> Result<()> {
    let untold: Vec<String> =
        added.iter().filter(|report| report.notice.is_none()).map(|report| shell_word(&report.address)).collect();
    if let Some(notice) = archive.list_hold_notices(Some(case))?.first().filter(|_| !untold.is_empty()) {
        let name = shell_word(&notice.notice.name);
        ui.hint(&escape(&format!("`custodia hold notice add {name} {}` tells them too", untold.join(" ")), false));
    }
    Ok(())
}

fn custodian_json(report: &CustodianReport) -> Value {
    let released = report.custodian.released.as_ref();
    let holds = report.holds.iter().map(|(name, state)| json!({ "name": name, "state": state.as_str() }));
    json!({
        "type": "custodian", "case": report.case.to_string(), "case_name": report.case_name, "case_state": report.case_state,
        "mailbox": report.address, "name": report.name,
        "added_at": report.custodian.added_at, "added_by": report.custodian.added_by.0,
        "released_at": released.map(|release| release.at), "released_by": released.map(|release| &release.by.0),
        "release_reason": released.map(|release| &release.reason), "holds": holds.collect::<Vec<_>>(),
        "notice": report.notice.as_ref().map(|(name, state)| json!({ "name": name, "state": state.as_str(), "count": state.count() })),
    })
}

fn print(reports: &[CustodianReport], ui: &Ui) -> Result<()> {
    if ui.json {
        return reports.iter().try_for_each(|report| ui.json(&custodian_json(report)));
    }
    let mut table = Table::new(&["CASE", "STATE", "MAILBOX", "NAME", "SINCE", "RELEASED", "HOLDS", "NOTICE"]);
    for report in reports {
        let holds: Vec<String> = report.holds.iter().map(|(name, state)| format!("{name} ({state})")).collect();
        table.row(&[
            report.case_name.clone(),
            report.case_state.to_owned(),
            report.address.clone(),
            report.name.clone(),
            report.custodian.added_at.to_string(),
            report.custodian.released.as_ref().map_or_else(String::new, |release| release.at.to_string()),
            holds.join(", "),
            report.notice.as_ref().map_or_else(String::new, |(name, state)| format!("{name} ({})", state.as_str())),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}
