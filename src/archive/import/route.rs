//! Where a message goes.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::unrouted::Unrouted;
use crate::archive::Archive;
use crate::archive::mappings::mappings_of_run;
use crate::message::{Facts, converted, name_and_number};
use crate::model::{FolderNo, Kind, Mailbox, MailboxNo, Participant, QuarantinedFolder, Role, UtcTime};
use crate::people::{Directory, FoundBy, Resolution, Resolver, normalize_address};
use crate::store::{Transaction, folders, insert_folder, insert_mailbox, mailboxes};
use crate::{Error, Result};

/// The folder of mail that its source keeps in none.
const MAIL_FOLDER: &str = "Inbox";

/// By what mailboxes and folders are found.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::archive) struct Routing<'o> {
    /// The mailbox that takes everything.
    pub(in crate::archive) mailbox: Option<&'o str>,
    /// The folder that takes everything.
    pub(in crate::archive) folder: Option<&'o str>,
    /// A mapping file that is asked before the archive's mapping.
    pub(in crate::archive) mapping: Option<&'o Path>,
    /// Where national numbers of that file are read.
    pub(in crate::archive) region: Option<&'o str>,
    /// Whether addresses and numbers of mailboxes are not asked.
    pub(in crate::archive) mapping_only: bool,
    /// Whether mailboxes that are not there are created.
    pub(in crate::archive) create_mailboxes: bool,
}

/// Finds mailboxes and folders, and creates them where that was asked for.
pub(in crate::archive) struct Router {
    resolver: Resolver,
    fixed: Option<String>,
    folder: Option<String>,
    /// Whether participants get mailboxes.
    create: bool,
    now: UtcTime,
    folders: HashMap<(MailboxNo, String), FolderNo>,
    /// Mailboxes that were created, by address.
    pub(in crate::archive) created: Vec<String>,
    /// The mapping file that it asks, for the audit log; empty without one.
    pub(in crate::archive) described: String,
}

/// By what a mailbox was found, and whether an equivalent number led there; `None` for one that takes everything.
type By = Option<(FoundBy, bool)>;

/// One place that a message goes to.
pub(in crate::archive) struct Destination {
    pub(in crate::archive) mailbox: MailboxNo,
    pub(in crate::archive) folder: FolderNo,
    /// Whether the mailbox is its author's.
    pub(in crate::archive) outgoing: bool,
    pub(in crate::archive) by: By,
}

impl Destination {
    /// When the item counts as created. A sender can claim any date; of two claims the later one never ends retention
    /// early.
    pub(in crate::archive) fn created_at(
        &self,
        received_at: Option<UtcTime>,
        sent_at: Option<UtcTime>,
    ) -> Option<UtcTime> {
        if self.outgoing { sent_at.max(received_at) } else { received_at.or(sent_at) }
    }
}

/// Where a message goes, and who has no mailbox.
#[derive(Default)]
pub(in crate::archive) struct Routed {
    pub(in crate::archive) destinations: Vec<Destination>,
    pub(in crate::archive) unrouted: Unrouted,
}

impl Router {
    pub(in crate::archive) fn new(archive: &Archive, routing: &Routing<'_>) -> Result<Self> {
        let snapshot = archive.store.snapshot()?;
        let directory = Directory::new(&mailboxes(&snapshot)?);
        // All of them once: looking through the table for each new one is quadratic.
        let known = folders(&snapshot)?.into_iter().map(|folder| ((folder.mailbox, folder.path), folder.no)).collect();
        if let Some(mailbox) = routing.mailbox
            && directory.find(mailbox).is_none()
        {
            if !routing.create_mailboxes {
                return Err(Error::NotFound { what: "mailbox", id: mailbox.to_owned() });
            }
            normalize_address(mailbox).map_err(Error::InvalidInput)?;
        }
        let (mappings, described) = mappings_of_run(&snapshot, routing)?;
        Ok(Self {
            resolver: Resolver::new(mappings, directory, routing.mapping_only),
            fixed: routing.mailbox.map(str::to_owned),
            folder: routing.folder.map(str::to_owned),
            create: routing.create_mailboxes && routing.mailbox.is_none(),
            now: archive.now(),
            folders: known,
            created: Vec::new(),
            described,
        })
    }

    /// The folder path that a message goes to in each of its mailboxes.
    pub(in crate::archive) fn folder_path(&self, facts: &Facts, from_source: Option<String>) -> String {
        let own = || match facts.kind {
            Kind::Email => MAIL_FOLDER.to_owned(),
            _ => converted::folder(&facts.platform),
        };
        self.folder.clone().or(from_source).unwrap_or_else(own)
    }

    /// Where a message goes, of which the source knows that `others` took part too; nowhere if nobody is found. Creates
    /// what is missing, if that was asked for.
    pub(in crate::archive) fn route(
        &mut self,
        transaction: &Transaction,
        facts: &Facts,
        others: &[Participant],
        path: &str,
    ) -> Result<Routed> {
        let mut routed = Routed::default();
        if let Some(address) = self.fixed.clone() {
            let found = vec![(self.fixed_mailbox(transaction, &address)?, None)];
            self.add(transaction, facts, found, path, &mut routed)?;
        } else {
            self.add_participants(transaction, facts, others, path, &mut routed)?;
        }
        Ok(routed)
    }

    /// Where a message in quarantine goes that came for `folders`, by its participants alone.
    pub(in crate::archive) fn route_waiting(
        &mut self,
        transaction: &Transaction,
        facts: &Facts,
        folders: &[QuarantinedFolder],
    ) -> Result<Routed> {
        let mut routed = Routed::default();
        for QuarantinedFolder { path, others } in folders {
            self.add_participants(transaction, facts, others, path, &mut routed)?;
        }
        Ok(routed)
    }

    /// Where a message goes that is here already, by its participants alone: to those mailboxes that `lack` it.
    pub(in crate::archive) fn route_late(
        &mut self,
        transaction: &Transaction,
        facts: &Facts,
        path: &str,
        lack: &mut dyn FnMut(MailboxNo) -> bool,
    ) -> Result<Routed> {
        let mut routed = Routed::default();
        let mut found = self.mailboxes_of(transaction, facts.participants.iter(), &mut routed.unrouted)?;
        found.retain(|(mailbox, _)| lack(*mailbox));
        self.add(transaction, facts, found, path, &mut routed)?;
        Ok(routed)
    }

    fn add_participants(
        &mut self,
        transaction: &Transaction,
        facts: &Facts,
        others: &[Participant],
        path: &str,
        routed: &mut Routed,
    ) -> Result<()> {
        let people = facts.participants.iter().chain(others);
        let found = self.mailboxes_of(transaction, people, &mut routed.unrouted)?;
        self.add(transaction, facts, found, path, routed)
    }

    fn add(
        &mut self,
        transaction: &Transaction,
        facts: &Facts,
        found: Vec<(MailboxNo, By)>,
        path: &str,
        routed: &mut Routed,
    ) -> Result<()> {
        // Only now: the author's own mailbox may have been created for this message.
        let author = facts.participants.iter().filter(|p| p.role == Role::From).find_map(|p| self.mailbox_of(p));
        for (mailbox, by) in found {
            let folder = self.folder(transaction, mailbox, path)?;
            routed.destinations.push(Destination { mailbox, folder, outgoing: author == Some(mailbox), by });
        }
        Ok(())
    }

    fn fixed_mailbox(&mut self, transaction: &Transaction, address: &str) -> Result<MailboxNo> {
        match self.resolver.directory().find(address) {
            Some(mailbox) => Ok(mailbox),
            None => self.create_mailbox(transaction, address, ""),
        }
    }

    fn mailbox_of(&self, participant: &Participant) -> Option<MailboxNo> {
        match self.resolver.resolve(participant) {
            Resolution::Found { mailbox, .. } => Some(mailbox),
            _ => None,
        }
    }

    /// The mailboxes of all participants, each once, in their order.
    fn mailboxes_of<'p>(
        &mut self,
        transaction: &Transaction,
        people: impl Iterator<Item = &'p Participant>,
        unrouted: &mut Unrouted,
    ) -> Result<Vec<(MailboxNo, By)>> {
        let mut found: Vec<(MailboxNo, By)> = Vec::new();
        for participant in people {
            let (mailbox, by) = match self.resolver.resolve(participant) {
                Resolution::Found { mailbox, by, equivalent } => (mailbox, (by, equivalent)),
                Resolution::NoMailbox(address) if self.create => {
                    let name = name_without_number(participant);
                    (self.create_mailbox(transaction, &address, name)?, (FoundBy::Mapping, false))
                }
                Resolution::Unknown if self.creates(participant) => {
                    let mailbox = self.create_mailbox(transaction, &participant.address, &participant.name)?;
                    (mailbox, (FoundBy::Address, false))
                }
                Resolution::NoMailbox(address) => {
                    unrouted.no_mailbox(address);
                    continue;
                }
                Resolution::Unarchived => {
                    unrouted.unarchived(participant);
                    continue;
                }
                Resolution::Unknown => {
                    unrouted.unknown(participant);
                    continue;
                }
            };
            if !found.iter().any(|(known, _)| *known == mailbox) {
                found.push((mailbox, Some(by)));
            }
        }
        Ok(found)
    }

    /// Whether somebody whom nothing knows gets a mailbox.
    fn creates(&self, participant: &Participant) -> bool {
        self.create && !self.resolver.is_mapping_only() && normalize_address(&participant.address).is_ok()
    }

    fn create_mailbox(&mut self, transaction: &Transaction, address: &str, name: &str) -> Result<MailboxNo> {
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
        self.resolver.directory_mut().add(&mailbox);
        self.created.push(address);
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

/// The name of somebody without the number that stands behind it in chats.
fn name_without_number(participant: &Participant) -> &str {
    let name = participant.name.as_str();
    let Some(number) = participant.number.as_deref() else { return name };
    match name_and_number(name) {
        Some((before, shown)) if shown == number => before,
        _ => name.strip_suffix(number).unwrap_or(name).trim_end(),
    }
}
