//! Sizes and counts.

use serde::Serialize;

use super::Archive;
use super::follow::directory_bytes;
use super::rule_query::UnreadRule;
use crate::Result;
use crate::store::{
    MessageSet, audit_size, disposition_count, holds, item_count, layout, load_set, mailboxes, message_count, policies,
    raw_bytes,
};

/// Sizes and counts of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Messages.
    pub messages: u64,
    /// Items.
    pub items: u64,
    /// Mailboxes.
    pub mailboxes: u64,
    /// Messages in quarantine.
    pub quarantined: u64,
    /// Messages of which not all can be searched.
    pub partially_indexed: u64,
    /// Holds that are on.
    pub holds: u64,
    /// Retention policies in force.
    pub policies: u64,
    /// Retention rules in force of which nobody knows what their query covers.
    pub unread_rules: Vec<UnreadRule>,
    /// Items disposed of.
    pub disposed: u64,
    /// Audit entries.
    pub audit_entries: u64,
    /// Raw bytes of all messages.
    pub raw_bytes: u64,
    /// What the store takes on disk, in bytes. Its file may seem longer: redb lets it grow ahead of its content, without
    /// taking the room.
    pub store_bytes: u64,
    /// Size of the index in bytes.
    pub index_bytes: u64,
    /// Where the store's bytes go: stored bytes of each table, by name.
    pub tables: std::collections::BTreeMap<String, u64>,
}

impl Archive {
    /// Sizes and counts.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn stats(&mut self) -> Result<Stats> {
        self.read_rule_queries()?;
        let snapshot = self.store.snapshot()?;
        let raw_bytes = raw_bytes(&snapshot)?;
        let stats = Stats {
            messages: message_count(&snapshot)?,
            items: item_count(&snapshot)?,
            mailboxes: mailboxes(&snapshot)?.len() as u64,
            quarantined: load_set(&snapshot, MessageSet::Quarantined)?.len(),
            partially_indexed: load_set(&snapshot, MessageSet::PartiallyIndexed)?.len(),
            holds: holds(&snapshot)?.iter().filter(|hold| hold.released.is_none()).count() as u64,
            policies: policies(&snapshot)?.iter().filter(|policy| policy.released.is_none()).count() as u64,
            unread_rules: self.unread_rules_of(&snapshot)?,
            disposed: disposition_count(&snapshot)?,
            audit_entries: audit_size(&snapshot)?,
            raw_bytes,
            store_bytes: self.store.bytes_on_disk()?,
            index_bytes: directory_bytes(self.index.directory()),
            tables: layout(&snapshot)?.into_iter().map(|table| (table.name.clone(), table.bytes())).collect(),
        };
        self.record_alone("stats", "", "")?;
        Ok(stats)
    }
}
