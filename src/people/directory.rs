//! The directory: which mailbox an address or number belongs to.

use std::collections::HashMap;

use super::{equivalence_class, normalize_address, normalize_phone, other_writing};
use crate::model::{Mailbox, MailboxNo};

/// Finds mailboxes by address, alias and phone number.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    keys: HashMap<String, MailboxNo>,
    /// By the class of a number; `None` where its members are of different mailboxes.
    classes: HashMap<String, Option<MailboxNo>>,
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
            if let Some(other) = other_writing(key) {
                self.keys.entry(other).or_insert(mailbox.no);
            }
        }
        for class in mailbox.phones.iter().filter_map(|number| equivalence_class(number)) {
            let same = |known: &mut Option<MailboxNo>| *known = known.filter(|known| *known == mailbox.no);
            self.classes.entry(class).and_modify(same).or_insert(Some(mailbox.no));
        }
    }

    /// The first key of `mailbox` that stands for another mailbox already, with that mailbox.
    pub fn conflict<'m>(&self, mailbox: &'m Mailbox) -> Option<(&'m str, MailboxNo)> {
        keys(mailbox).find_map(|key| {
            let owner = *self.keys.get(key).or_else(|| self.keys.get(&other_writing(key)?))?;
            (owner != mailbox.no).then_some((key.as_str(), owner))
        })
    }

    /// The mailbox that an address, alias or number stands for.
    pub fn find(&self, key: &str) -> Option<MailboxNo> {
        let by_address = normalize_address(key).ok().and_then(|address| self.keys.get(&address));
        by_address.or_else(|| self.keys.get(&normalize_phone(key).ok()?)).copied()
    }

    /// The mailbox that has a number of this class (see [`equivalence_class`]), if only one has.
    pub fn find_class(&self, class: &str) -> Option<MailboxNo> {
        self.classes.get(class).copied().flatten()
    }
}

fn keys(mailbox: &Mailbox) -> impl Iterator<Item = &String> {
    std::iter::once(&mailbox.address).chain(&mailbox.aliases).chain(&mailbox.phones)
}
