//! `approval`

use custodia::Result;
use custodia::archive::{Approval, Archive, GivenApproval};
use serde_json::{Value, json};

use crate::args::{ApprovalCommand, Switch};
use crate::ui::{Table, Ui, escape, short};

pub(super) fn run(archive: &mut Archive, command: &ApprovalCommand, ui: &Ui) -> Result<u8> {
    match command {
        ApprovalCommand::Give { act, objects, reason } => {
            for GivenApproval { approval, what } in archive.approve(*act, objects, reason)? {
                if ui.json {
                    let mut given = approval_json(&approval);
                    if let Some(fields) = given.as_object_mut() {
                        fields.insert("what".to_owned(), json!(what));
                    }
                    ui.json(&given)?;
                    continue;
                }
                let until = Archive::approval_valid_until(&approval);
                let by = &approval.by.0;
                let approved = format!("{act} of {what} is approved by {by} until {until}, for others to carry out");
                ui.line(&escape(&approved, false))?;
            }
        }
        ApprovalCommand::List => list(&archive.list_approvals()?, ui)?,
        ApprovalCommand::DualControl { state, reason } => {
            if let Some(state) = state {
                archive.set_dual_control(*state == Switch::On, reason.as_deref().unwrap_or_default())?;
            }
            let on = archive.dual_control()?;
            if ui.json {
                ui.json(&json!({ "type": "dual_control", "on": on }))?;
            } else if on {
                ui.line("dual control is on: what frees or destroys something needs a second person's consent")?;
            } else {
                ui.line("dual control is off")?;
            }
        }
    }
    Ok(0)
}

fn approval_json(given: &Approval) -> Value {
    json!({
        "type": "approval", "action": given.action, "object": given.object, "by": given.by.0, "at": given.at,
        "valid_until": Archive::approval_valid_until(given), "reason": given.reason,
    })
}

fn list(all: &[Approval], ui: &Ui) -> Result<()> {
    if ui.json {
        return all.iter().try_for_each(|given| ui.json(&approval_json(given)));
    }
    let mut table = Table::new(&["ACTION", "OBJECT", "BY", "AT", "REASON"]);
    for given in all {
        let (action, object) = (given.action.clone(), short(&given.object));
        table.row(&[action, object, given.by.0.clone(), given.at.to_string(), given.reason.clone()]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}
