//! Mailboxes that a mapping names and that are not there.

use std::collections::BTreeMap;

/// Mailboxes that are listed.
const LISTED: usize = 1000;

/// Mailboxes that a mapping names and that are not there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MissingMailboxes {
    /// By address, with the messages that they would have got.
    pub listed: BTreeMap<String, u64>,
    /// Messages for others, not listed because there are more than 1,000.
    pub unlisted: u64,
}

impl MissingMailboxes {
    /// Counts a message for each of `mailboxes`.
    pub(in crate::archive) fn count(&mut self, mailboxes: &[String]) {
        for mailbox in mailboxes {
            if self.listed.len() < LISTED || self.listed.contains_key(mailbox) {
                *self.listed.entry(mailbox.clone()).or_default() += 1;
            } else {
                self.unlisted += 1;
            }
        }
    }
}
