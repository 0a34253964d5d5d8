//! The custom mapping: which mailbox an external id stands for, whatever sort of id it is.

mod columns;
mod file;
mod issue;
mod key;
#[cfg(test)]
mod tests;
mod text;
mod users;

use std::collections::HashMap;

use super::equivalence_class;
use crate::model::Participant;

pub use file::{MappingFile, MappingRow, read_mapping};
pub use issue::{MappingIssue, Severity};
use key::exact_keys;
pub use key::{address_of_key, id_key, id_keys, number_key, number_of_key};

/// External ids with the mailboxes that they stand for.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// By key.
    targets: HashMap<String, Target>,
    /// By the id as it is written, where that is another key: national numbers that a platform uses as its own ids.
    as_written: HashMap<String, Target>,
    /// By the class of a number; `None` where its members stand for different mailboxes.
    classes: HashMap<String, Option<Target>>,
}

/// What an external id stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The mailbox of this address (normalised).
    Mailbox(String),
    /// None: somebody known whose messages are not to be archived.
    Unarchived,
}

impl Target {
    /// The target that a row with this mailbox names; a row without one says not to archive.
    pub fn of(mailbox: Option<&str>) -> Self {
        mailbox.map_or(Self::Unarchived, |address| Self::Mailbox(address.to_owned()))
    }
}

impl Mapping {
    /// Adds an external id: its key, the id as it is written, and what it stands for.
    pub fn add(&mut self, key: &str, id: &str, target: Target) {
        if let Some(class) = number_of_key(key).and_then(equivalence_class) {
            let same = |known: &mut Option<Target>| *known = known.take().filter(|known| *known == target);
            self.classes.entry(class).and_modify(same).or_insert_with(|| Some(target.clone()));
        }
        let written = id_key(id);
        if written != key {
            self.as_written.insert(written, target.clone());
        }
        self.targets.insert(key.to_owned(), target);
    }

    /// Whether nobody is in it.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// How many external ids are in it.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// What the ids of a participant stand for, and whether only an equivalent writing of the number led there.
    ///
    /// Looked for in this order: the number, the platform's id, the address, and the display name of somebody of whom
    /// nothing else is known; then other writings of the number that stand for the same account.
    pub fn find(&self, participant: &Participant) -> Option<(&Target, bool)> {
        let exact = exact_keys(participant).find_map(|key| self.targets.get(&key));
        let written = || self.as_written.get(&id_key(participant.id.as_deref()?));
        if let Some(target) = exact.or_else(written) {
            return Some((target, false));
        }
        let mut numbers = exact_keys(participant).filter_map(|key| equivalence_class(number_of_key(&key)?));
        numbers.find_map(|class| self.classes.get(&class)?.as_ref()).map(|target| (target, true))
    }
}
