//! `connector add`.

use std::fs;
use std::path::Path;

use crate::archive::Archive;
use crate::archive::import::time_zone;
use crate::archive::mailboxes::find_mailbox;
use crate::connector::remote::connect;
use crate::connector::{As, Credentials, Location, Place, list_folder};
use crate::model::{
    Connector, ConnectorKind, ConnectorNo, ConnectorReading, ConnectorSource, CredentialSource, Schedule,
};
use crate::store::{connectors, insert_connector};
use crate::{Error, Result};

/// Characters of the longest name.
const LONGEST_NAME: usize = 100;

/// A connector to be added.
#[derive(Debug, Clone)]
pub struct NewConnector {
    /// Its name, unique among those in use.
    pub name: String,
    /// What it delivers.
    pub kind: ConnectorKind,
    /// Where it fetches; paths in it may be relative.
    pub source: ConnectorSource,
    /// How it is read; an empty `read_as` recognises each file.
    pub reading: ConnectorReading,
    /// When `--watch` runs it.
    pub schedule: Schedule,
}

/// What a source listed when its connector was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SourceCheck {
    /// Deliveries that the first run would fetch.
    pub deliveries: u64,
    /// Their sizes together, as far as the source tells.
    pub bytes: u64,
    /// Files that cannot be read: links, devices, hidden folders.
    pub unreadable: u64,
}

impl Archive {
    /// Adds a connector. With `check` its source is listed once before, so that a wrong address is found now.
    ///
    /// # Errors
    /// The name is taken, the address or an option cannot be used, the secret cannot be read, or the source cannot be
    /// listed.
    pub fn add_connector(&mut self, new: &NewConnector, check: bool) -> Result<(Connector, Option<SourceCheck>)> {
        self.refuse_name(&new.name)?;
        let source = absolute(&new.source)?;
        let location = Location::of(&source)?;
        if let Place::Folder(path) = &location.place {
            self.refuse_own_folder(path)?;
        }
        let reading = self.checked_reading(&new.reading)?;
        let found = if check { Some(list_once(&location, &source.credentials)?) } else { None };
        let transaction = self.store.begin()?;
        let connector = Connector {
            no: ConnectorNo(0),
            name: new.name.clone(),
            kind: new.kind,
            source,
            reading,
            schedule: new.schedule,
            checkpoint: String::new(),
            added_at: self.act_time(&transaction)?,
            added_by: self.session.actor.clone(),
            removed: None,
        };
        let connector = insert_connector(&transaction, connector)?;
        self.record(&transaction, "connector.add", &connector.name, &describe(&connector))?;
        transaction.commit()?;
        Ok((connector, found))
    }

    fn refuse_name(&self, name: &str) -> Result<()> {
        let is_plain = !name.contains(|c: char| c.is_control() || c == '/') && name.trim() == name;
        if name.is_empty() || !is_plain || name.chars().count() > LONGEST_NAME {
            return Err(Error::InvalidInput(format!(
                "`{name}` is no name for a connector: write up to {LONGEST_NAME} characters without `/`, and no blanks \
                 at its ends"
            )));
        }
        let all = connectors(&self.store.snapshot()?)?;
        if all.iter().any(|connector| connector.removed.is_none() && connector.name == name) {
            return Err(Error::AlreadyExists { what: "connector", id: name.to_owned() });
        }
        Ok(())
    }

    /// Refuses a folder that is part of the archive; one that is not there yet is none.
    fn refuse_own_folder(&self, path: &Path) -> Result<()> {
        if path.exists() { self.refuse_own_directory(&[path.to_owned()]) } else { Ok(()) }
    }

    fn checked_reading(&self, reading: &ConnectorReading) -> Result<ConnectorReading> {
        let mut reading = reading.clone();
        if reading.read_as.is_empty() {
            As::Auto.as_str().clone_into(&mut reading.read_as);
        }
        reading.read_as.parse::<As>()?;
        if let Some(name) = &reading.timezone {
            time_zone(name)?;
        }
        if let Some(mailbox) = reading.mailbox.as_ref().filter(|_| !reading.create_mailboxes) {
            find_mailbox(&self.store.snapshot()?, mailbox)?;
        }
        reading.mapping = reading.mapping.as_deref().map(absolute_path).transpose()?;
        Ok(reading)
    }
}

/// Lists a source, and fetches nothing.
fn list_once(location: &Location, credentials: &CredentialSource) -> Result<SourceCheck> {
    let credentials = Credentials::read(credentials)?;
    let (listed, unreadable) = match &location.place {
        Place::Folder(path) => {
            let listing = list_folder(path)?;
            (listing.files.into_iter().map(|file| file.listed).collect(), listing.passed.len())
        }
        _ => (connect(location, &credentials)?.list(&String::new())?, 0),
    };
    let bytes = listed.iter().filter_map(|listed| listed.bytes).fold(0, u64::saturating_add);
    Ok(SourceCheck { deliveries: listed.len() as u64, bytes, unreadable: unreadable as u64 })
}

/// The source with paths that mean the same from every directory.
fn absolute(source: &ConnectorSource) -> Result<ConnectorSource> {
    let mut source = source.clone();
    if let Place::Folder(path) = Place::parse(&source.from).map_err(Error::InvalidInput)? {
        // Where the path leads to is settled once: a link changed later would be another source.
        source.from = match fs::canonicalize(&path) {
            Ok(path) => utf8(&path)?,
            Err(_) => absolute_path(&utf8(&path)?)?,
        };
    }
    if let Some(key) = source.host_key.as_mut().filter(|key| !key.starts_with("SHA256:")) {
        *key = absolute_path(key)?;
    }
    for path in [&mut source.key_file, &mut source.ca_file].into_iter().flatten() {
        *path = absolute_path(path)?;
    }
    if let CredentialSource::File(path) = &mut source.credentials {
        *path = absolute_path(path)?;
    }
    Ok(source)
}

fn absolute_path(path: &str) -> Result<String> {
    utf8(&std::path::absolute(path).map_err(Error::io("find", path))?)
}

fn utf8(path: &Path) -> Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| Error::InvalidInput(format!("`{}` is no UTF-8; rename it or link to it", path.display())))
}

fn describe(connector: &Connector) -> String {
    let Connector { kind, source, reading, schedule, .. } = connector;
    format!("{kind} from {}, secret: {}, read as {}, {schedule}", source.from, source.credentials, reading.read_as)
}
