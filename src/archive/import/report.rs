//! The account of an import.

use std::collections::BTreeMap;

use super::other_names::OtherNames;
use super::{InterleavedChat, MappedBy, MissingMailboxes};
use crate::model::Batch;
use crate::store::RejectedRecord;

/// The account of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// The batch and its ledger; of a dry run, what they would be.
    pub batch: Batch,
    /// What could not be taken, each with its reason.
    pub rejected: Vec<RejectedRecord>,
    /// Rejections not listed in `rejected` because there were more than 1,000; all are in the archive.
    pub unlisted_rejections: u64,
    /// Reasons for quarantine with their counts.
    pub quarantined: BTreeMap<String, u64>,
    /// By what mailboxes were found.
    pub mapped_by: MappedBy,
    /// Mailboxes that the mapping names and that are not there.
    pub missing_mailboxes: MissingMailboxes,
    /// How the files were read, with counts.
    pub formats: BTreeMap<&'static str, u64>,
    /// Mailboxes that were created, by address.
    pub created_mailboxes: Vec<String>,
    /// Messages of which not all can be searched.
    pub partially_indexed: u64,
    /// Messages that gave a new item and whose bytes were disposed of before, in whatever mailbox; they are kept as what
    /// they are, new arrivals.
    pub disposed_before: u64,
    /// Messages that were here without their media, and now came with them: kept as another rendition of the same message.
    pub media_completed: u64,
    /// Messages that came without their media and are here with them: duplicates.
    pub media_known: u64,
    /// Messages of chats that are here as another export writes them, in another format or language: duplicates.
    pub writing_known: u64,
    /// New messages of chat exports that are like earlier ones where they go, but that only one of the two exports tells
    /// that its chat is a group. If it is one chat, they are here twice.
    pub other_sort: u64,
    /// New messages of chat exports that differ from earlier ones in names alone; a dry run does not look for them.
    pub other_names: OtherNames,
    /// Chats whose new messages lie between those that were there; a dry run does not look for them.
    pub interleaved: Vec<InterleavedChat>,
}

/// Rejections that a report lists.
const LISTED_REJECTIONS: usize = 1000;

impl ImportReport {
    pub(super) fn new(batch: Batch) -> Self {
        Self {
            batch,
            rejected: Vec::new(),
            unlisted_rejections: 0,
            quarantined: BTreeMap::new(),
            mapped_by: MappedBy::default(),
            missing_mailboxes: MissingMailboxes::default(),
            formats: BTreeMap::new(),
            created_mailboxes: Vec::new(),
            partially_indexed: 0,
            disposed_before: 0,
            media_completed: 0,
            media_known: 0,
            writing_known: 0,
            other_sort: 0,
            other_names: OtherNames::default(),
            interleaved: Vec::new(),
        }
    }

    pub(super) fn reject(&mut self, rejected: RejectedRecord) {
        if self.rejected.len() < LISTED_REJECTIONS {
            self.rejected.push(rejected);
        } else {
            self.unlisted_rejections += 1;
        }
    }
}
