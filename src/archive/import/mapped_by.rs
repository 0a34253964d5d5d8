//! By what mailboxes were found.

use serde::Serialize;

use super::route::Destination;
use crate::people::FoundBy;

/// Counts of mailboxes found for messages, by what they were found; with a mailbox that takes everything all are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct MappedBy {
    /// By a row of a mapping.
    pub mapping: u64,
    /// By the address or an alias of the mailbox.
    pub address: u64,
    /// By a phone number of the mailbox.
    pub number: u64,
    /// Of these, those that only another writing of the number led to, one that stands for the same account.
    pub equivalent_number: u64,
}

impl MappedBy {
    /// Counts the destinations of a message.
    pub(in crate::archive) fn count(&mut self, destinations: &[Destination]) {
        for (by, equivalent) in destinations.iter().filter_map(|destination| destination.by) {
            match by {
                FoundBy::Mapping => self.mapping += 1,
                FoundBy::Address => self.address += 1,
                FoundBy::Number => self.number += 1,
            }
            self.equivalent_number += u64::from(equivalent);
        }
    }
}
