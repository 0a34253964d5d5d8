//! `mailbox`

use custodia::Result;
use custodia::archive::{Archive, ChangedRules, MailboxChange, MailboxRules, NewMailbox, UnreadHold};
use custodia::model::{Folder, Mailbox};
use serde_json::{Value, json};

use super::hold::warn_of_not_evaluated;
use super::retention::{changed_fields, warn_of_changed, warn_of_unread};
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
            print_changed(&archive.add_mailbox(&new)?, ui)?;
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
            print_changed(&archive.change_mailbox(&args.address, &change)?, ui)?;
        }
        MailboxCommand::Show { address } => {
            let (mailbox, folders) = archive.show_mailbox(address)?;
            let rules = archive.mailbox_rules(address)?;
            warn_of_unread(&rules.unread, ui);
            warn_of_not_evaluated(rules.not_evaluated.as_deref(), ui);
            if ui.json {
                ui.json(&shown_json(&mailbox, &folders, &rules))?;
            } else {
                print(&mailbox, &folders, ui)?;
                print_rules(&rules, ui)?;
            }
        }
        MailboxCommand::List => list(&archive.list_mailboxes()?, ui)?,
    }
    Ok(0)
}

fn print_changed((mailbox, rules): &(Mailbox, ChangedRules), ui: &Ui) -> Result<()> {
    warn_of_changed(rules, ui);
    if !ui.json {
        return print(mailbox, &[], ui);
    }
    let mut changed = mailbox_json(mailbox, &[]);
    changed.as_object_mut().into_iter().for_each(|changed| changed.extend(changed_fields(rules)));
    ui.json(&changed)
}

fn mailbox_json(mailbox: &Mailbox, folders: &[(Folder, u64)]) -> Value {
    let folders: Vec<Value> = folders
        .iter()
        .map(|(folder, items)| json!({ "id": folder.no.to_string(), "path": folder.path, "items": items }))
        .collect();
    json!({
        "type": "mailbox", "mailbox": mailbox.no.to_string(), "address": mailbox.address, "name": mailbox.display_name,
        "aliases": mailbox.aliases, "phones": mailbox.phones, "attributes": mailbox.attributes,
        "active": mailbox.active, "created_at": mailbox.created_at, "folders": folders,
    })
}

fn shown_json(mailbox: &Mailbox, folders: &[(Folder, u64)], rules: &MailboxRules) -> Value {
    let mut shown = mailbox_json(mailbox, folders);
    let holds = rules.holds.iter().map(|hold| {
        json!({
            "name": hold.name, "case": hold.case, "state": hold.state.as_str(), "query": hold.query,
            "unread": hold.unread.as_ref().map(|unread| &unread.why),
        })
    });
    let policies = rules.policies.iter().map(|policy| {
        json!({
            "name": policy.name, "action": policy.action.as_str(), "organisation_wide": policy.organisation_wide,
            "excluded": policy.excluded, "released_at": policy.released_at, "unread": policy.unread,
        })
    });
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("holds".to_owned(), holds.collect());
        shown.insert("policies".to_owned(), policies.collect());
        shown.insert("not_evaluated".to_owned(), json!(rules.not_evaluated));
    }
    shown
}

fn print_rules(rules: &MailboxRules, ui: &Ui) -> Result<()> {
    for hold in &rules.holds {
        let case = hold.case.as_ref().map_or_else(String::new, |case| format!(" of case `{}`", escape(case, false)));
        let query = hold.query.as_ref().map_or_else(String::new, |query| format!(", for {}", escape(query, false)));
        let unread = match &hold.unread {
            Some(UnreadHold { is_former: false, .. }) => {
                "; that cannot be read, so it holds all that it was not evaluated on"
            }
            Some(_) => "; the query before that cannot be read, and it holds all that it was not evaluated on",
            None => "",
        };
        ui.line(&format!("  hold `{}`{case} is {}{query}{unread}", escape(&hold.name, false), hold.state))?;
    }
    for policy in &rules.policies {
        let (name, action) = (escape(&policy.name, false), policy.action.as_str());
        let scope = if policy.organisation_wide { "all mailboxes" } else { "this mailbox" };
        let scope = if policy.excluded { "leaves this mailbox out" } else { scope };
        let released = policy.released_at.map_or_else(String::new, |at| format!(", removed at {at}"));
        let unread = policy.unread.as_ref().map_or("", |_| "; its query cannot be read, so it retains all that it may");
        ui.line(&format!("  policy `{name}`: {action}, {scope}{released}{unread}"))?;
    }
    Ok(())
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
        ui.line(&format!(
            "  folder {}: {} (folderid {})",
            escape(&folder.path, false),
            counted(*items, "item"),
            folder.no
        ))
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
