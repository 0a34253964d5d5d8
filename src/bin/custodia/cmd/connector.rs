//! `connector`

mod fetch;
mod status;
mod watch;

use custodia::archive::{Archive, NewConnector, SourceCheck};
use custodia::model::{Connector, ConnectorReading, ConnectorSource, CredentialSource, Schedule};
use custodia::{Error, Result};
use serde_json::{Value, json};

use crate::args::{ConnectorAddArgs, ConnectorCommand};
use crate::ui::{Table, Ui, counted, escape};

/// Opens the archive for a command.
type Open<'a> = dyn Fn(&str) -> Result<Archive> + 'a;

pub(super) fn run(open: &Open<'_>, command: &ConnectorCommand, ui: &Ui) -> Result<u8> {
    match command {
        ConnectorCommand::Add(args) => add(&mut open("connector add")?, args, ui)?,
        ConnectorCommand::List => list(&open("connector list")?.list_connectors()?, ui)?,
        ConnectorCommand::Show { name } => show(&open("connector show")?.show_connector(name)?, ui)?,
        ConnectorCommand::Run(args) if args.watch => return watch::run(open, args, ui),
        ConnectorCommand::Run(args) => return fetch::run(open, args, ui),
        ConnectorCommand::Status { name } => status::run(&open("connector status")?, name.as_deref(), ui)?,
        ConnectorCommand::Remove { name, reason } => {
            let connector = open("connector remove")?.remove_connector(name, reason)?;
            if ui.json {
                ui.json(&connector_json(&connector))?;
            } else {
                ui.line(&escape(&format!("Removed connector `{name}`; what it brought and its runs stay."), false))?;
            }
        }
    }
    Ok(0)
}

fn add(archive: &mut Archive, args: &ConnectorAddArgs, ui: &Ui) -> Result<()> {
    let (connector, found) = archive.add_connector(&new_connector(args)?, !args.no_check)?;
    if ui.json {
        let mut value = connector_json(&connector);
        if let (Some(object), Some(SourceCheck { deliveries, bytes, unreadable })) = (value.as_object_mut(), found) {
            let found = json!({ "deliveries": deliveries, "bytes": bytes, "unreadable": unreadable });
            object.insert("found".to_owned(), found);
        }
        return ui.json(&value);
    }
    let name = escape(&connector.name, false);
    ui.line(&format!("Added connector `{name}` ({}), {}", connector.kind, connector.schedule))?;
    ui.line(&escape(&format!("  from {}", connector.source.from), false))?;
    if let Some(found) = found {
        let noun = if found.deliveries == 1 { "delivery" } else { "deliveries" };
        ui.line(&format!("  {} {noun} found there, {}", found.deliveries, counted(found.bytes, "byte")))?;
        if found.unreadable > 0 {
            ui.warn(&format!("{} there cannot be read (links, devices, hidden folders)", found.unreadable));
        }
    }
    ui.hint(&format!("fetch with `custodia connector run {name}`, once a day with `custodia connector run --all`"));
    Ok(())
}

fn new_connector(args: &ConnectorAddArgs) -> Result<NewConnector> {
    let path = |path: &std::path::PathBuf| match path.to_str() {
        Some(path) => Ok(path.to_owned()),
        None => Err(Error::InvalidInput(format!("`{}` is no UTF-8; rename it", path.display()))),
    };
    let source = ConnectorSource {
        from: args.from.clone(),
        host_key: args.host_key.clone(),
        key_file: args.key.clone(),
        ca_file: args.ca_file.clone(),
        oauth: args.oauth.client(),
        credentials: args.secret.source(),
    };
    let reading = ConnectorReading {
        read_as: args.read_as.as_str().to_owned(),
        folder: args.route.folder.clone(),
        mailbox: args.route.mailbox.clone(),
        create_mailboxes: args.route.create_mailboxes,
        mapping: args.route.mapping.as_ref().map(path).transpose()?,
        region: args.route.region.clone(),
        mapping_only: args.route.no_auto_mapping,
        timezone: args.timezone.clone(),
        date_order: args.date_order,
        trust: args.trust,
        user_header: args.user_header.clone(),
    };
    let schedule = args.schedule.schedule();
    Ok(NewConnector { name: args.name.clone(), kind: args.kind, source, reading, schedule })
}

fn list(connectors: &[Connector], ui: &Ui) -> Result<()> {
    if ui.json {
        return connectors.iter().try_for_each(|connector| ui.json(&connector_json(connector)));
    }
    if connectors.is_empty() {
        ui.line("there are no connectors")?;
        ui.hint("add one with `custodia connector add NAME --kind mail --from FOLDER`");
        return Ok(());
    }
    let mut table = Table::new(&["NAME", "KIND", "SCHEDULE", "FROM"]);
    for connector in connectors {
        let schedule = match &connector.removed {
            Some(removed) => format!("removed {}", removed.at),
            None => connector.schedule.to_string(),
        };
        let from = connector.source.from.clone();
        table.row(&[connector.name.clone(), connector.kind.to_string(), schedule, from]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn show(connector: &Connector, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&connector_json(connector));
    }
    let Connector { source, reading, .. } = connector;
    let given = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    ui.line(&escape(&format!("Connector {} ({})", connector.name, connector.kind), false))?;
    for (what, value) in [
        ("from", source.from.clone()),
        ("secret", source.credentials.to_string()),
        ("host key", given(&source.host_key)),
        ("key file", given(&source.key_file)),
        ("CA file", given(&source.ca_file)),
        ("tokens", source.oauth.as_ref().map_or("-".to_owned(), |c| format!("{} as {}", c.token_url, c.client_id))),
        ("read as", reading.read_as.clone()),
        ("folder", reading.folder.clone().or(connector.kind.folder().map(str::to_owned)).unwrap_or("-".to_owned())),
        ("mailbox", given(&reading.mailbox)),
        ("mapping", given(&reading.mapping)),
        ("region", given(&reading.region)),
        ("time zone", given(&reading.timezone)),
        ("date order", reading.date_order.map_or("-".to_owned(), |order| order.to_string())),
        ("trust", reading.trust.map_or("-".to_owned(), |trust| trust.to_string())),
        ("user header", given(&reading.user_header)),
        ("schedule", connector.schedule.to_string()),
        ("added", format!("{} by {}", connector.added_at, connector.added_by.0)),
    ] {
        ui.line(&escape(&format!("  {what:<11}{value}"), false))?;
    }
    match &connector.removed {
        Some(removed) => {
            let text = format!("  removed    {} by {}: {}", removed.at, removed.by.0, removed.reason);
            ui.line(&escape(&text, false))
        }
        None => Ok(()),
    }
}

fn connector_json(connector: &Connector) -> Value {
    let Connector { source, reading, .. } = connector;
    let (secret, place) = match &source.credentials {
        CredentialSource::None => ("none", None),
        CredentialSource::File(path) => ("file", Some(path)),
        CredentialSource::Environment(name) => ("environment", Some(name)),
        CredentialSource::Keyring(service) => ("keyring", Some(service)),
    };
    let (every_hours, daily_at) = match connector.schedule {
        Schedule::Every { hours } => (Some(hours), None),
        Schedule::Daily { hour, minute } => (None, Some(format!("{hour:02}:{minute:02}"))),
    };
    json!({
        "type": "connector", "connector": connector.name, "kind": connector.kind, "from": source.from,
        "host_key": source.host_key, "key_file": source.key_file, "ca_file": source.ca_file,
        "oauth": source.oauth.as_ref().map(|client| json!({
            "token_url": client.token_url, "client_id": client.client_id, "scope": client.scope,
        })),
        "secret": { "kept_in": secret, "name": place }, "read_as": reading.read_as,
        "folder": reading.folder.clone().or(connector.kind.folder().map(str::to_owned)), "mailbox": reading.mailbox,
        "create_mailboxes": reading.create_mailboxes, "mapping": reading.mapping, "region": reading.region,
        "mapping_only": reading.mapping_only, "timezone": reading.timezone, "date_order": reading.date_order,
        "trust": reading.trust, "user_header": reading.user_header, "every_hours": every_hours, "daily_at": daily_at, "added_at": connector.added_at,
        "added_by": connector.added_by.0,
        "removed": connector.removed.as_ref().map(|removed| json!({
            "at": removed.at, "by": removed.by.0, "reason": removed.reason,
        })),
    })
}
