//! `mailbox`

use custodia::Result;
use custodia::archive::{Archive, MailboxChange, NewMailbox};
use custodia::model::{Folder, Mailbox};
use serde_json::{Value, json};

use crate::args::MailboxCommand;
use crate::ui::{Table, Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, command: &MailboxCommand, ui: &Ui) -> Result<u8> {
    match command {
        MailboxCommand::Add(args) => {
            let new = NewMailbox {
                address: args.address.clone(),
                display_name: args.name.clone(),
                aliases: args.aliases.clone(),
                phones: args.phones.clone(),
                attributes: args.attributes.iter().cloned().collect(),
            };
            print(&archive.add_mailbox(&new)?, &[], ui)?;
        }
        MailboxCommand::Set(args) => {
            let change = MailboxChange {
                display_name: args.name.clone(),
                add_aliases: args.aliases.clone(),
                remove_aliases: args.remove_aliases.clone(),
                add_phones: args.phones.clone(),
                remove_phones: args.remove_phones.clone(),
                attributes: args.attributes.iter().cloned().collect(),
                active: args.active,
            };
            print(&archive.change_mailbox(&args.address, &change)?, &[], ui)?;
        }
        MailboxCommand::Show { address } => {
            let (mailbox, folders) = archive.show_mailbox(address)?;
            print(&mailbox, &folders, ui)?;
        }
        MailboxCommand::List => list(&archive.list_mailboxes()?, ui)?,
    }
    Ok(0)
}

fn mailbox_json(mailbox: &Mailbox, folders: &[(Folder, u64)]) -> Value {
    let folders: Vec<Value> =
        folders.iter().map(|(folder, items)| json!({ "path": folder.path, "items": items })).collect();
    json!({
        "type": "mailbox", "mailbox": mailbox.no.to_string(), "address": mailbox.address, "name": mailbox.display_name,
        "aliases": mailbox.aliases, "phones": mailbox.phones, "attributes": mailbox.attributes,
        "active": mailbox.active, "created_at": mailbox.created_at, "folders": folders,
    })
}

fn list(mailboxes: &[Mailbox], ui: &Ui) -> Result<()> {
    if ui.json {
        return mailboxes.iter().try_for_each(|mailbox| ui.json(&mailbox_json(mailbox, &[])));
    }
    let mut table = Table::new(&["ADDRESS", "NAME", "ALIASES", "PHONES", "ATTRIBUTES", "STATE"]);
    for mailbox in mailboxes {
        table.row(&[
            mailbox.address.clone(),
            mailbox.display_name.clone(),
            mailbox.aliases.join(" "),
            phones(mailbox),
            attributes(mailbox),
            state(mailbox).to_owned(),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn print(mailbox: &Mailbox, folders: &[(Folder, u64)], ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&mailbox_json(mailbox, folders));
    }
    ui.line(&format!("Mailbox {} ({})", escape(&mailbox.address, false), state(mailbox)))?;
    for (name, value) in [
        ("name", mailbox.display_name.clone()),
        ("aliases", mailbox.aliases.join(" ")),
        ("phones", phones(mailbox)),
        ("attributes", attributes(mailbox)),
    ] {
        if !value.is_empty() {
            ui.line(&format!("  {name}: {}", escape(&value, false)))?;
        }
    }
    folders.iter().try_for_each(|(folder, items)| {
        ui.line(&format!("  folder {}: {}", escape(&folder.path, false), counted(*items, "item")))
    })
}

fn phones(mailbox: &Mailbox) -> String {
    mailbox.phones.iter().map(|number| format!("+{}", number.trim_start_matches('+'))).collect::<Vec<_>>().join(" ")
}

fn attributes(mailbox: &Mailbox) -> String {
    mailbox.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

fn state(mailbox: &Mailbox) -> &'static str {
    if mailbox.active { "active" } else { "inactive" }
}
