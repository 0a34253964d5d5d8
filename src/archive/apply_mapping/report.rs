//! What applying the mapping to what is stored did, or would do.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::archive::import::MissingMailboxes;
use crate::model::{Batch, Item, MailboxNo, UtcTime};

/// The account of applying the mapping to what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingApplication {
    /// The batch and its ledger: offered are the messages looked at, stored those that gave items, and duplicate those of
    /// which everybody has theirs. Of a dry run it has no number.
    pub batch: Batch,
    /// The mailboxes that got items, with these.
    pub given: BTreeMap<MailboxNo, GivenItems>,
    /// Messages that were not looked at.
    pub left_out: LeftOut,
    /// Items that were not given again because those of the mailboxes were disposed of.
    pub disposed: u64,
    /// Mailboxes that the mapping names and that are not there.
    pub missing_mailboxes: MissingMailboxes,
}

/// What one mailbox gets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenItems {
    /// Address of the mailbox.
    pub mailbox: String,
    /// Items.
    pub items: u64,
    /// Raw bytes of their messages.
    pub bytes: u64,
    /// When the earliest of them counts as created.
    pub first: Option<UtcTime>,
    /// When the latest of them counts as created.
    pub last: Option<UtcTime>,
}

/// Messages that are not given to anybody, by why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct LeftOut {
    /// Mail that came in no journal report: it stays with the mailbox that it was taken from.
    pub mail: u64,
    /// Of chat exports: who else took part stands in the export, not in the message.
    pub exports: u64,
    /// In quarantine.
    pub quarantined: u64,
}

impl MappingApplication {
    pub(super) fn new(batch: Batch) -> Self {
        Self {
            batch,
            given: BTreeMap::new(),
            left_out: LeftOut::default(),
            disposed: 0,
            missing_mailboxes: MissingMailboxes::default(),
        }
    }

    /// Counts a message that was looked at, with the items that it gave.
    pub(super) fn count(&mut self, bytes: u64, items: u64) {
        let ledger = &mut self.batch.ledger;
        ledger.offered += 1;
        ledger.bytes += bytes;
        ledger.items += items;
        if items > 0 { ledger.stored += 1 } else { ledger.duplicate += 1 }
    }
}

impl GivenItems {
    pub(super) fn add(&mut self, item: &Item, bytes: u64) {
        self.items += 1;
        self.bytes += bytes;
        self.first = Some(self.first.map_or(item.created_at, |first| first.min(item.created_at)));
        self.last = self.last.max(Some(item.created_at));
    }
}
