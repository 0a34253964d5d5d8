//! Configured sources: added, listed, run, removed.

mod add;
mod fetch;
mod folder;
mod run;
mod siblings;
mod spool;
mod status;
#[cfg(test)]
mod tests;

pub use add::{NewConnector, SourceCheck};
pub use run::{ConnectorEvent, ConnectorReport};
pub use status::ConnectorStatus;

use std::path::PathBuf;

use super::{Archive, ImportOptions};
use crate::connector::{As, Location, Place};
use crate::model::{Connector, Release, Trust};
use crate::store::{connectors, put_connector};
use crate::{Error, Result};

impl Archive {
    /// All connectors, removed ones included, in the order of adding.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_connectors(&self) -> Result<Vec<Connector>> {
        connectors(&self.store.snapshot()?)
    }

    /// One connector by name; of several with this name the one in use, else the last that was removed.
    ///
    /// # Errors
    /// There is none, or the store failed.
    pub fn show_connector(&self, name: &str) -> Result<Connector> {
        let named = self.list_connectors()?.into_iter().filter(|connector| connector.name == name);
        let found = named.max_by_key(|connector| (connector.removed.is_none(), connector.no));
        found.ok_or_else(|| Error::NotFound { what: "connector", id: name.to_owned() })
    }

    /// Removes a connector: it fetches no longer. What it brought and the history of its runs stay.
    ///
    /// # Errors
    /// There is none, it is removed already, or no reason is given.
    pub fn remove_connector(&mut self, name: &str, reason: &str) -> Result<Connector> {
        if reason.trim().is_empty() {
            return Err(Error::InvalidInput("a removal needs a reason: say --reason \"...\"".to_owned()));
        }
        let mut connector = self.show_connector(name)?;
        if let Some(removed) = &connector.removed {
            return Err(Error::InvalidInput(format!("connector `{name}` was removed on {} already", removed.at)));
        }
        let transaction = self.store.begin()?;
        let at = self.act_time(&transaction)?;
        connector.removed = Some(Release { at, by: self.session.actor.clone(), reason: reason.to_owned() });
        put_connector(&transaction, &connector)?;
        let outcome = format!("removed; what it brought and its runs stay; reason: {reason}");
        self.record(&transaction, "connector.remove", name, &outcome)?;
        transaction.commit()?;
        Ok(connector)
    }
}

/// How far the mails of a connector are believed.
fn trust(connector: &Connector) -> Result<Trust> {
    let usual = match Location::of(&connector.source)?.place {
        Place::Imap { .. } => Trust::Journal,
        _ => Trust::All,
    };
    Ok(connector.reading.trust.unwrap_or(usual))
}

/// How what a connector fetches is imported.
fn import_options(connector: &Connector) -> Result<ImportOptions> {
    let reading = &connector.reading;
    Ok(ImportOptions {
        read_as: reading.read_as.parse::<As>()?,
        mailbox: reading.mailbox.clone(),
        folder: reading.folder.clone().or_else(|| connector.kind.folder().map(str::to_owned)),
        timezone: reading.timezone.clone(),
        date_order: reading.date_order,
        mapping: reading.mapping.as_ref().map(PathBuf::from),
        region: reading.region.clone(),
        mapping_only: reading.mapping_only,
        create_mailboxes: reading.create_mailboxes,
        trust: trust(connector)?,
        user_header: reading.user_header.clone(),
        ..ImportOptions::default()
    })
}
