//! One file for each noun or verb of the command line.

mod approval;
mod audit;
mod batch;
mod case;
mod connector;
mod custodian;
mod demo;
mod disposition;
mod explain;
mod export;
mod hold;
mod import;
mod index;
mod init;
mod mailbox;
mod mapping;
mod quarantine;
mod read_attachment;
#[cfg(feature = "remote")]
mod receive;
mod retention;
mod search;
mod show;
mod stats;
mod supervise;
mod verify;

use std::path::Path;
use std::time::Duration;

use custodia::Result;
use custodia::archive::{Archive, AttachmentProgram, Clock, Session};
use custodia::model::Actor;

use crate::args::{
    AuditCommand, Command, DispositionCommand, ExportArgs, ExportCommand, Global, HoldCommand, RetentionCommand,
};
use crate::exit::with_causes;
use crate::ui::Ui;

/// The environment variable that says how many seconds of processor time one attachment may take; 30 if not set.
const SECONDS_VARIABLE: &str = "CUSTODIA_ATTACHMENT_SECONDS";

/// What the process does behind a command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Afterwards {
    Ends,
    GoesOn,
}

/// Carries out a command; returns the exit code.
pub(crate) fn run(global: &Global, command: &Command, ui: &Ui, afterwards: Afterwards) -> Result<u8> {
    type Open = fn(&Path, Session) -> Result<Archive>;
    let open_by = |open: Open, name: &str| {
        let archive = open(&global.archive, session(global, name))?;
        if let Some(error) = archive.unfinished_erasure() {
            ui.warn(&format!(
                "bytes of an executed disposition are still on disk: {}; the next command tries again to rewrite them",
                with_causes(error)
            ));
        }
        Ok(archive)
    };
    let open = |name: &str| open_by(Archive::open, name);
    match command {
        Command::Init(args) => init::run(global, args, ui),
        Command::Demo(args) => demo::run(global, args, ui),
        Command::Import(args) => import::run(&mut open("import")?, args, ui),
        Command::Connector(command) => connector::run(&open, command, ui),
        #[cfg(feature = "remote")]
        Command::Receive(args) => receive::run(global, args, ui),
        // All hits are read once, however many there are.
        Command::Search(args) => {
            let archive = open_by(Archive::open_to_pass, "search")?;
            looking(archive, afterwards, |archive| search::run(archive, args, ui))
        }
        Command::Show(args) => looking(open("show")?, afterwards, |archive| show::run(archive, args, ui)),
        Command::Explain { item } => looking(open("explain")?, afterwards, |archive| explain::run(archive, *item, ui)),
        Command::Mailbox(command) => mailbox::run(&mut open("mailbox")?, command, ui),
        Command::Mapping(command) => mapping::run(&mut open("mapping")?, command, ui),
        Command::Quarantine(command) => quarantine::run(&mut open("quarantine")?, command, ui),
        Command::Batch(command) => batch::run(&open("batch")?, command, ui),
        Command::Hold(HoldCommand::Certificate { verify: Some(file), .. }) => hold::verify(file, ui),
        Command::Hold(command) => hold::run(&mut open("hold")?, command, ui),
        Command::Case(command) => case::run(&mut open("case")?, command, ui),
        Command::Custodian(command) => custodian::run(&mut open("custodian")?, command, ui),
        Command::Approval(command) => approval::run(&mut open("approval")?, command, ui),
        Command::Retention(RetentionCommand::Test { cases }) => retention::test(cases, ui),
        Command::Retention(command) => retention::run(&mut open("retention")?, command, ui),
        Command::Disposition(DispositionCommand::Certificate { verify: Some(file), .. }) => {
            disposition::verify(file, ui)
        }
        Command::Disposition(command) => disposition::run(&mut open("disposition")?, command, ui),
        Command::Export(ExportArgs { command: Some(ExportCommand::Verify { directory, proof, against }), .. }) => {
            export::verify(directory, proof.as_deref(), against, ui)
        }
        Command::Export(args) => export::run(&mut open_by(Archive::open_to_pass, "export")?, args, ui),
        Command::Supervise(command) => supervise::run(&mut open("supervise")?, command, ui),
        Command::Verify => verify::run(&mut open_by(Archive::open_to_verify, "verify")?, ui),
        Command::Stats { layout: true } => stats::layout(&open_by(Archive::open_to_pass, "stats")?, ui),
        Command::Stats { layout: false } => stats::run(&mut open_by(Archive::open_to_pass, "stats")?, ui),
        Command::Audit(AuditCommand::Prove { verify: Some(file), against, .. }) => {
            audit::verify_proof(file, against, ui)
        }
        Command::Audit(AuditCommand::NewKey { name, output }) => audit::new_key(name, output, ui).map(|()| 0),
        Command::Audit(command) => audit::run(&mut open("audit")?, command, ui),
        Command::ReadAttachment => read_attachment::run(ui),
        Command::Index(command) => index::run(&mut open("index")?, command, ui),
    }
}

/// Does what only looks and is recorded. Where the process ends with it, the archive is left without closing it.
fn looking(mut archive: Archive, afterwards: Afterwards, look: impl FnOnce(&mut Archive) -> Result<u8>) -> Result<u8> {
    let code = look(&mut archive)?;
    if afterwards == Afterwards::Ends {
        archive.leave();
    }
    Ok(code)
}

fn session(global: &Global, command: &str) -> Session {
    let actor = global.actor.clone().filter(|actor| !actor.trim().is_empty()).unwrap_or_else(system_user);
    Session {
        actor: Actor(actor),
        purpose: global.purpose.clone(),
        command: command.to_owned(),
        wait: Duration::from_secs(global.wait),
        clock: Clock::from_environment(),
        attachments: attachment_program(),
    }
}

/// This program itself, with the time for one attachment that the environment says.
fn attachment_program() -> Option<AttachmentProgram> {
    let mut program = AttachmentProgram::new(std::env::current_exe().ok()?);
    if let Some(seconds) = std::env::var(SECONDS_VARIABLE).ok().and_then(|text| text.trim().parse().ok()) {
        program.seconds = seconds;
    }
    Some(program)
}

/// The account that the process runs under, whatever the environment says.
fn system_user() -> String {
    whoami::username().unwrap_or_else(|_| "unknown".to_owned())
}
