//! The directory: which mailbox an address or number belongs to.

use std::collections::HashMap;

use super::{normalize_address, normalize_phone};
use crate::model::{Mailbox, MailboxNo, Participant};

/// Finds mailboxes by address, alias and phone number.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    keys: HashMap<String, MailboxNo>,
}

impl Directory {
    /// A directory of `mailboxes`.
    pub fn new<'m>(mailboxes: impl IntoIterator<Item = &'m Mailbox>) -> Self {
        let mut directory = Self::default();
        for mailbox in mailboxes {
            directory.add(mailbox);
        }
        directory
    }

    /// Adds a mailbox.
    pub fn add(&mut self, mailbox: &Mailbox) {
        for key in keys(mailbox) {
            self.keys.entry(key.clone()).or_insert(mailbox.no);
        }
    }

    /// The first key of `mailbox` that stands for another mailbox already, with that mailbox.
    pub fn conflict<'m>(&self, mailbox: &'m Mailbox) -> Option<(&'m str, MailboxNo)> {
        keys(mailbox).find_map(|key| {
            let owner = *self.keys.get(key)?;
            (owner != mailbox.no).then_some((key.as_str(), owner))
        })
    }

    /// The mailbox that an address, alias or number stands for.
    pub fn find(&self, key: &str) -> Option<MailboxNo> {
        let by_address = normalize_address(key).ok().and_then(|address| self.keys.get(&address));
        by_address.or_else(|| self.keys.get(&normalize_phone(key).ok()?)).copied()
    }

    /// The mailbox of a participant: by address, else by number.
    pub fn resolve(&self, participant: &Participant) -> Option<MailboxNo> {
        let by_address = normalize_address(&participant.address).ok().and_then(|address| self.keys.get(&address));
        let by_number = || self.keys.get(&normalize_phone(participant.number.as_deref()?).ok()?);
        by_address.or_else(by_number).copied()
    }

    /// The mailboxes of all participants, each once, in their order.
    pub fn resolve_all<'p>(&self, participants: impl IntoIterator<Item = &'p Participant>) -> Vec<MailboxNo> {
        let mut found = Vec::new();
        for mailbox in participants.into_iter().filter_map(|participant| self.resolve(participant)) {
            if !found.contains(&mailbox) {
                found.push(mailbox);
            }
        }
        found
    }
}

fn keys(mailbox: &Mailbox) -> impl Iterator<Item = &String> {
    std::iter::once(&mailbox.address).chain(&mailbox.aliases).chain(&mailbox.phones)
}
