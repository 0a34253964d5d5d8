//! `retention`

mod changed_rules;
mod event;
mod label;
mod policy;
mod rules;
mod simulate;
mod test;
mod unread;

use custodia::Result;
use custodia::archive::Archive;

use crate::args::RetentionCommand;
use crate::ui::Ui;
use rules::Consent;

pub(super) use changed_rules::{changed_fields, warn_of_changed};
pub(super) use test::test;
pub(super) use unread::warn_of_unread;

pub(super) fn run(archive: &mut Archive, command: &RetentionCommand, ui: &Ui) -> Result<u8> {
    match command {
        RetentionCommand::Policy(command) => policy::run(archive, command, ui)?,
        RetentionCommand::Label(command) => label::run(archive, command, ui)?,
        RetentionCommand::Event(command) => event::run(archive, command, ui)?,
        RetentionCommand::Simulate(args) => {
            simulate::run(archive, args, ui)?;
            policy::warn_of_empty_scopes(&archive.list_policies()?, ui);
        }
        RetentionCommand::Apply { file, yes, without_simulation } => {
            let consent = Consent { yes: *yes, without_simulation: without_simulation.as_deref() };
            rules::apply(archive, file, &consent, ui)?;
        }
        RetentionCommand::Export { output } => rules::export(archive, output.as_deref(), ui)?,
        RetentionCommand::Test { cases } => return test(cases, ui),
    }
    Ok(0)
}
