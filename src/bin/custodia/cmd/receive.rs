//! `receive`

use std::time::Duration;

use custodia::archive::{Interrupt, ReceiveEvent, ReceiveOptions, receive};
use custodia::connector::smtp::{Certificate, ServerOptions, Users};
use custodia::model::Ledger;
use custodia::{Error, Result};
use serde_json::json;

use crate::args::{Global, ReceiveArgs};
use crate::exit::with_causes;
use crate::ui::{Ui, counted, escape};

/// How long one batch goes on.
const BATCH: Duration = Duration::from_hours(24);

pub(super) fn run(global: &Global, args: &ReceiveArgs, ui: &Ui) -> Result<u8> {
    let options = ReceiveOptions {
        server: server_options(global, args)?,
        mailbox: args.mailbox.clone(),
        folder: args.folder.clone(),
        create_mailboxes: args.create_mailboxes,
        trust: args.trust,
        user_header: args.user_header.clone(),
        batch: BATCH,
    };
    let interrupt = Interrupt::default();
    let raised = interrupt.clone();
    let handler = ctrlc::set_handler(move || raised.raise());
    handler.map_err(|error| Error::Store { action: "watch for the signal to stop", source: error.into() })?;
    let mut printed = Ok(());
    let session = super::session(global, "receive");
    let total = receive(&global.archive, session, &options, &interrupt, &mut |event| {
        let outcome = print(event, ui);
        if printed.is_ok() {
            printed = outcome;
        }
    })?;
    printed?;
    summary(&total, ui)?;
    Ok(0)
}

fn server_options(global: &Global, args: &ReceiveArgs) -> Result<ServerOptions> {
    let usual = ServerOptions::new(args.listen, global.archive.clone());
    let timeout = args.timeout.map(Duration::from_secs);
    Ok(ServerOptions {
        certificate: args.tls_cert.clone().zip(args.tls_key.clone()).map(|(chain, key)| Certificate { chain, key }),
        implicit_tls: args.implicit_tls,
        allow: args.allow.clone(),
        users: args.users.as_deref().map(Users::read).transpose()?,
        max_size: args.max_size,
        max_connections: usize::from(args.max_connections),
        command_timeout: timeout.unwrap_or(usual.command_timeout),
        data_timeout: timeout.unwrap_or(usual.data_timeout),
        ..usual
    })
}

fn print(event: ReceiveEvent<'_>, ui: &Ui) -> Result<()> {
    match event {
        ReceiveEvent::Listening(address) if ui.json => {
            ui.json(&json!({ "type": "listening", "schema_version": 1, "address": address.to_string() }))?;
            ui.flush()
        }
        ReceiveEvent::Listening(address) => {
            ui.status(&format!("waiting for mail at {address}; interrupt to stop"));
            Ok(())
        }
        ReceiveEvent::Received(_) => Ok(()),
        ReceiveEvent::Trouble(error) => {
            ui.warn(&escape(&with_causes(error), false));
            Ok(())
        }
    }
}

fn summary(ledger: &Ledger, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&json!({
            "type": "summary", "schema_version": 1, "offered": ledger.offered, "stored": ledger.stored,
            "duplicate": ledger.duplicate, "quarantined": ledger.quarantined, "rejected": ledger.rejected,
            "same_content": ledger.same_content, "messages": ledger.messages, "items": ledger.items,
            "bytes": ledger.bytes,
        }));
    }
    ui.line(&format!("received: {ledger}"))?;
    ui.line(&format!("{}, {}", counted(ledger.messages, "new message"), counted(ledger.items, "new item")))?;
    if ledger.quarantined > 0 {
        ui.hint("see `custodia quarantine list`");
    }
    Ok(())
}
