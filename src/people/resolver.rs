//! Whose mailbox a participant's is: the one order in which mapping and directory are asked.

use super::mapping::{Mapping, Target};
use super::{Directory, equivalence_class, normalize_address, normalize_phone};
use crate::model::{MailboxNo, Participant};

/// By what a mailbox was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// A row of a mapping.
    Mapping,
    /// Its address or an alias.
    Address,
    /// One of its phone numbers.
    Number,
}

/// What is known of a participant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// It has a mailbox.
    Found {
        /// The mailbox.
        mailbox: MailboxNo,
        /// By what it was found.
        by: FoundBy,
        /// Whether another writing of the number led there, one that stands for the same account.
        equivalent: bool,
    },
    /// The mapping names a mailbox of this address, which is not there.
    NoMailbox(String),
    /// The mapping says not to archive.
    Unarchived,
    /// Neither mapping nor directory knows any of its ids.
    Unknown,
}

/// Finds mailboxes of participants.
#[derive(Debug, Clone, Default)]
pub struct Resolver {
    /// Asked in this order.
    mappings: Vec<Mapping>,
    directory: Directory,
    mapping_only: bool,
}

impl Resolver {
    /// Asks `mappings` in their order, then, unless `mapping_only`, the directory.
    pub fn new(mappings: Vec<Mapping>, directory: Directory, mapping_only: bool) -> Self {
        Self { mappings, directory, mapping_only }
    }

    /// Whether only mappings are asked.
    pub fn is_mapping_only(&self) -> bool {
        self.mapping_only
    }

    /// The directory of mailboxes.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The same, to add a mailbox.
    pub fn directory_mut(&mut self) -> &mut Directory {
        &mut self.directory
    }

    /// What is known of a participant. The first mapping that has one of its ids decides.
    pub fn resolve(&self, participant: &Participant) -> Resolution {
        if let Some((target, equivalent)) = self.mappings.iter().find_map(|mapping| mapping.find(participant)) {
            let Target::Mailbox(address) = target else { return Resolution::Unarchived };
            return match self.directory.find(address) {
                Some(mailbox) => Resolution::Found { mailbox, by: FoundBy::Mapping, equivalent },
                None => Resolution::NoMailbox(address.clone()),
            };
        }
        if self.mapping_only { Resolution::Unknown } else { self.in_directory(participant) }
    }

    fn in_directory(&self, participant: &Participant) -> Resolution {
        let found = |mailbox, by, equivalent| Resolution::Found { mailbox, by, equivalent };
        let address = normalize_address(&participant.address);
        if let Some(mailbox) = address.ok().and_then(|address| self.directory.find(&address)) {
            return found(mailbox, FoundBy::Address, false);
        }
        let number = participant.number.as_deref().and_then(|number| normalize_phone(number).ok());
        let Some(number) = number else { return Resolution::Unknown };
        if let Some(mailbox) = self.directory.find(&number) {
            return found(mailbox, FoundBy::Number, false);
        }
        let equivalent = equivalence_class(&number).and_then(|class| self.directory.find_class(&class));
        equivalent.map_or(Resolution::Unknown, |mailbox| found(mailbox, FoundBy::Number, true))
    }
}
