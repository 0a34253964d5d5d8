//! Where a message goes.

use std::collections::{BTreeMap, HashMap};

use crate::archive::{Archive, ImportOptions};
use crate::message::{Facts, converted};
use crate::model::{FolderNo, Kind, Mailbox, MailboxNo, Participant, Role, UtcTime};
use crate::people::{Directory, normalize_address};
use crate::store::{Transaction, folders, insert_folder, insert_mailbox, mailboxes};
use crate::{Error, Result};

/// The folder of mail that its source keeps in none.
const MAIL_FOLDER: &str = "Inbox";

/// Finds mailboxes and folders, and creates them where that was asked for.
pub(super) struct Router {
    directory: Directory,
    fixed: Option<String>,
    folder: Option<String>,
    create: bool,
    now: UtcTime,
    folders: HashMap<(MailboxNo, String), FolderNo>,
}

/// One place that a message goes to.
pub(super) struct Destination {
    pub(super) mailbox: MailboxNo,
    pub(super) folder: FolderNo,
    /// Whether the mailbox is its author's.
    pub(super) outgoing: bool,
}

impl Router {
    pub(super) fn new(archive: &Archive, options: &ImportOptions) -> Result<Self> {
        let snapshot = archive.store.snapshot()?;
        let directory = Directory::new(&mailboxes(&snapshot)?);
        // All of them once: looking through the table for each new one is quadratic.
        let known = folders(&snapshot)?.into_iter().map(|folder| ((folder.mailbox, folder.path), folder.no)).collect();
        if let Some(mailbox) = &options.mailbox
            && directory.find(mailbox).is_none()
        {
            if !options.create_mailboxes {
                return Err(Error::NotFound { what: "mailbox", id: mailbox.clone() });
            }
            normalize_address(mailbox).map_err(Error::InvalidInput)?;
        }
        Ok(Self {
            directory,
            fixed: options.mailbox.clone(),
            folder: options.folder.clone(),
            create: options.create_mailboxes,
            now: archive.now(),
            folders: known,
        })
    }

    /// The folder path that a message goes to in each of its mailboxes.
    pub(super) fn folder_path(&self, facts: &Facts, from_source: Option<String>) -> String {
        let own = || match facts.kind {
            Kind::Email => MAIL_FOLDER.to_owned(),
            _ => converted::folder(&facts.platform),
        };
        self.folder.clone().or(from_source).unwrap_or_else(own)
    }

    /// Where a message goes, of which the source knows that `others` took part too; nowhere if nobody is found. Creates what is missing and adds its addresses to `created`.
    pub(super) fn route(
        &mut self,
        transaction: &Transaction,
        facts: &Facts,
        others: &[Participant],
        path: &str,
        created: &mut Vec<String>,
    ) -> Result<Vec<Destination>> {
        let found = match self.fixed.clone() {
            Some(address) => match self.directory.find(&address) {
                Some(mailbox) => vec![mailbox],
                None => vec![self.create_mailbox(transaction, &address, "", created)?],
            },
            None => self.mailboxes_of(transaction, facts, others, created)?,
        };
        // Only now: the author's own mailbox may have been created for this message.
        let author = facts.participants.iter().filter(|p| p.role == Role::From).find_map(|p| self.directory.resolve(p));
        let mut destinations = Vec::with_capacity(found.len());
        for mailbox in found {
            let folder = self.folder(transaction, mailbox, path)?;
            destinations.push(Destination { mailbox, folder, outgoing: author == Some(mailbox) });
        }
        Ok(destinations)
    }

    fn mailboxes_of(
        &mut self,
        transaction: &Transaction,
        facts: &Facts,
        others: &[Participant],
        created: &mut Vec<String>,
    ) -> Result<Vec<MailboxNo>> {
        let people = || facts.participants.iter().chain(others);
        if self.create {
            for Participant { name, address, .. } in people() {
                if normalize_address(address).is_ok() && self.directory.find(address).is_none() {
                    self.create_mailbox(transaction, address, name, created)?;
                }
            }
        }
        Ok(self.directory.resolve_all(people()))
    }

    fn create_mailbox(
        &mut self,
        transaction: &Transaction,
        address: &str,
        name: &str,
        created: &mut Vec<String>,
    ) -> Result<MailboxNo> {
        let address = normalize_address(address).map_err(Error::InvalidInput)?;
        let mailbox = Mailbox {
            no: MailboxNo(0),
            address: address.clone(),
            display_name: name.to_owned(),
            aliases: Vec::new(),
            phones: Vec::new(),
            attributes: BTreeMap::new(),
            active: true,
            created_at: self.now,
        };
        let mailbox = insert_mailbox(transaction, mailbox)?;
        self.directory.add(&mailbox);
        created.push(address);
        Ok(mailbox.no)
    }

    fn folder(&mut self, transaction: &Transaction, mailbox: MailboxNo, path: &str) -> Result<FolderNo> {
        if let Some(folder) = self.folders.get(&(mailbox, path.to_owned())) {
            return Ok(*folder);
        }
        let folder = insert_folder(transaction, mailbox, path)?;
        self.folders.insert((mailbox, path.to_owned()), folder);
        Ok(folder)
    }
}
