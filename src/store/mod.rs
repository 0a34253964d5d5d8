//! The record: everything that must not be lost, in one redb file. The only user of redb.
#![doc = include_str!("FORMAT.md")]

mod approvals;
mod audit_log;
mod batches;
mod cases;
mod checked_file;
mod cleared_labels;
mod codec;
mod columns;
mod connectors;
mod content;
mod date_orders;
mod digests;
mod directory;
mod disposition_runs;
mod dispositions;
mod former_items;
#[cfg(test)]
mod golden;
mod hold_notices;
mod holds;
mod info;
mod item_chunk;
mod item_reader;
mod items;
mod labels;
mod layout;
mod mappings;
mod message_chunk;
mod message_reader;
mod messages;
mod open_pack;
mod pack;
mod packs;
mod page_checks;
mod policies;
mod quarantine;
mod renditions;
mod reviews;
mod rewrite;
mod saved_searches;
mod set_chunk;
mod sets;
mod simulations;
mod skeleton;
mod supervision;
mod tables;
#[cfg(test)]
mod test_store;
mod trim;
mod trust;
mod unsearched;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use redb::{Builder, Database, DatabaseError, ReadableDatabase};

use crate::{Error, Result};

pub use approvals::{Approval, approvals, dual_control, put_approval, remove_approval, set_dual_control};
pub use audit_log::{
    Act, append_audit, audit_entries, audit_leaf, audit_node, audit_root, audit_size, clock_in_doubt, last_audit_time,
    read_audit_leaf, set_clock_in_doubt,
};
pub use batches::{RejectedRecord, add_rejection, batch, batches, create_batch, put_batch, rejections};
pub use cases::{cases, put_case};
use checked_file::{CheckedFile, damaged_pages};
pub use cleared_labels::{cleared_labels, items_cleared_of, put_cleared_labels};
pub use connectors::{
    connector_runs, connectors, delivery, delivery_by_digest, insert_connector, last_connector_run, put_connector,
    put_connector_run, put_delivery,
};
pub use content::{ContentReader, ContentWriter, NewMessage, PartSource, PreparedSegment, part_references};
pub use date_orders::{date_orders, put_date_order};
pub use digests::{DigestCounts, digest_counts};
pub use directory::{
    folder, folders, folders_of, insert_folder, insert_mailbox, mailbox, mailboxes, people_changes, update_mailbox,
};
pub use disposition_runs::{DispositionRun, disposition_runs, put_disposition_run};
pub use dispositions::{
    Disposal, DispositionRecord, SaltedContentHash, disposition_count, disposition_record, disposition_records,
};
pub use former_items::{add_former_items, former_items, is_former_item, remove_former_item};
pub use hold_notices::{hold_notice_letter, hold_notices, put_hold_notice, put_hold_notice_letter};
pub use holds::{holds, put_hold};
pub use info::{ArchiveInfo, FORMAT, set_timezone, timezone};
pub use item_reader::ItemReader;
pub use items::{
    ItemWriter, all_items, item, item_count, items_between, items_of_message, items_since, known_items, last_item,
};
pub use labels::{
    insert_label, insert_retention_event, item_label, item_labels, labelled_items, labels, put_item_label, put_label,
    retention_events,
};
pub use layout::{TableLayout, layout};
pub use mappings::{mapped_ids, put_mapped_ids, remove_mapped_ids};
pub use message_reader::MessageReader;
pub use messages::{
    MessageRow, content_hash_leads_to, last_message, message, message_by_digest, message_count, messages,
    messages_and_damage, raw_bytes,
};
pub use page_checks::DamagedPage;
pub use policies::{policies, put_policy};
pub use quarantine::{insert_quarantined, quarantined, quarantined_messages, release_quarantined};
pub use renditions::{
    StoredRendition, all_renditions, put_rendition, rendition, rendition_of, renditions, renditions_of_form,
};
pub use reviews::{item_review, put_item_review, reviewed_items};
pub use rewrite::{erasure_pending, set_erasure_pending};
pub use saved_searches::{
    all_frozen_searches, delete_saved_search, frozen_items, frozen_searches, insert_frozen_search, put_saved_search,
    saved_search, saved_searches,
};
pub use sets::{MessageSet, SetPart, extend_set, load_common, load_part, load_set, replace_set};
pub use simulations::{ScheduleSimulation, put_simulation, remove_simulations_after, simulations};
pub use supervision::{
    SupervisionRows, check_supervision_matches, insert_supervision_match, open_supervision_matches,
    put_supervision_match, put_supervision_policy, supervision_match, supervision_match_of, supervision_matches,
    supervision_policies, supervision_rows,
};
pub use tables::{Snapshot, Tables, Transaction};
pub use trust::put_trusts;
pub use unsearched::{people_unsearched, put_reasons, put_unsearched, unsearched};

/// Memory for pages of the store, in bytes.
const CACHE_BYTES: usize = 32 << 20;

/// The same for acts that read the store once from end to end, and find nothing again that they read before.
const PASSING_CACHE_BYTES: usize = 2 << 20;

/// Wraps an error of redb with what was attempted.
fn failed<E>(action: &'static str) -> impl FnOnce(E) -> Error
where
    redb::Error: From<E>,
{
    move |error| match redb::Error::from(error) {
        redb::Error::Corrupted(what) => Error::Corrupt(format!("{what} (met while trying to {action})")),
        error @ (redb::Error::TableDoesNotExist(_)
        | redb::Error::TableTypeMismatch { .. }
        | redb::Error::TableIsMultimap(_)
        | redb::Error::TypeDefinitionChanged { .. }) => {
            Error::Corrupt(format!("{error} (met while trying to {action})"))
        }
        redb::Error::Io(error) if DamagedPage::caused(&error) => {
            Error::Corrupt(format!("{error} (met while trying to {action})"))
        }
        // What redb says of a file that does not begin as one of its own, or that ends too early.
        redb::Error::Io(error) if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => {
            Error::Corrupt(format!(
                "the file of the store is cut, or not that of a store (met while trying to {action})"
            ))
        }
        // Callers look for what the operating system said.
        redb::Error::Io(error) => Error::Store { action, source: Box::new(error) },
        error => Error::Store { action, source: Box::new(error) },
    }
}

/// An open store. One process has it open at a time.
pub struct Store {
    database: Database,
    path: PathBuf,
    /// Bytes of the file when it was opened.
    opened_bytes: u64,
}

impl Store {
    /// Creates the file `path` and its tables. Killed before the end, there is no such file.
    ///
    /// # Errors
    /// The file exists already, or cannot be written.
    pub fn create(path: &Path, info: &ArchiveInfo) -> Result<Self> {
        if path.exists() {
            return Err(Error::AlreadyExists { what: "archive", id: path.display().to_string() });
        }
        rewrite::clean_up(path)?;
        let unfinished = rewrite::replacement(path);
        let database = builder(CACHE_BYTES).create(&unfinished).map_err(failed("create the store"))?;
        let store = Self { database, path: path.to_owned(), opened_bytes: 0 };
        let transaction = store.begin()?;
        tables::create_all(&transaction)?;
        info::put(&transaction, info)?;
        transaction.commit()?;
        rewrite::put_in_place(&unfinished, path)?;
        Ok(store)
    }

    /// Opens the file `path`. What is read of it is what was written, or an error: a damaged page ends all further reading and writing.
    ///
    /// # Errors
    /// There is none, another process has it open, or its format is not known.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_checked(path, CACHE_BYTES)
    }

    /// Opens the file `path` for an act that reads it once from end to end, in little memory.
    ///
    /// # Errors
    /// As of [`Store::open`].
    pub fn open_to_pass(path: &Path) -> Result<Self> {
        Self::open_checked(path, PASSING_CACHE_BYTES)
    }

    /// Opens the file `path` for [`Store::check`] and for naming all that is damaged of it: the rest can be read.
    ///
    /// # Errors
    /// As of [`Store::open`].
    pub fn open_to_verify(path: &Path) -> Result<Self> {
        Self::open_by(path, || builder(CACHE_BYTES).open(path))
    }

    fn open_checked(path: &Path, cache_bytes: usize) -> Result<Self> {
        Self::open_by(path, || builder(cache_bytes).create_with_backend(CheckedFile::open(path)?))
    }

    fn open_by(path: &Path, open: impl FnOnce() -> Result<Database, DatabaseError>) -> Result<Self> {
        if !path.is_file() {
            return Err(Error::NoArchive { path: path.parent().unwrap_or(path).to_owned() });
        }
        rewrite::clean_up(path)?;
        let database = open().map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => {
                Error::Locked { path: path.to_owned(), holder: "another process".to_owned() }
            }
            other => failed("open the store")(other),
        })?;
        let opened_bytes = fs::metadata(path).map_err(Error::io("read", path))?.len();
        let store = Self { database, path: path.to_owned(), opened_bytes };
        let info = store.info()?;
        if !(info::OLDEST_FORMAT..=FORMAT).contains(&info.format) {
            return Err(Error::UnsupportedFormat { found: info.format, supported: FORMAT });
        }
        store.renew(info)?;
        Ok(store)
    }

    /// Creates the tables that an archive made by an older version lacks, and keeps that version from opening it again.
    fn renew(&self, info: ArchiveInfo) -> Result<()> {
        if info.format == FORMAT && tables::are_complete(&self.snapshot()?)? {
            return Ok(());
        }
        let transaction = self.begin()?;
        tables::create_all(&transaction)?;
        messages::count_rows(&transaction)?;
        info::put(&transaction, &ArchiveInfo { format: FORMAT, ..info })?;
        transaction.commit()
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lets go of the store for good, as the end of the process does: what was committed is on disk, and the next
    /// opening finds all of it as after a kill. Closing, which writes and waits for the disk four times more, is for
    /// changes that make the file longer; it trims it again.
    pub fn leave(self) {
        if fs::metadata(&self.path).is_ok_and(|file| file.len() == self.opened_bytes) {
            std::mem::forget(self.database);
        }
    }

    /// Checks that every page of the file is what was written.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if one is not, or the file cannot be read.
    pub fn check(&self) -> Result<()> {
        match self.damaged_pages()?.as_slice() {
            [] => Ok(()),
            [first, ..] => Err(Error::Corrupt(format!(
                "pages of the store are not what was written, first the one at byte {}: keep the file as it is, restore the archive from a \
                 backup, and import again what came since",
                first.offset
            ))),
        }
    }

    /// The pages of the file that are not what was written, as of the last commit. The file is read whole.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it does not say where its pages are, or it cannot be read.
    pub fn damaged_pages(&self) -> Result<Vec<DamagedPage>> {
        damaged_pages(&self.path).map_err(redb::StorageError::from).map_err(failed("check the pages of the store"))
    }

    /// What is fixed about the archive.
    ///
    /// # Errors
    /// The store failed.
    pub fn info(&self) -> Result<ArchiveInfo> {
        info::get(&self.snapshot()?)
    }

    /// The newest committed state.
    ///
    /// # Errors
    /// The store failed.
    pub fn snapshot(&self) -> Result<Snapshot> {
        self.database.begin_read().map(Snapshot).map_err(failed("begin to read"))
    }

    /// Begins a change.
    ///
    /// # Errors
    /// The store failed.
    pub fn begin(&self) -> Result<Transaction> {
        let mut transaction = self.database.begin_write().map_err(failed("begin to write"))?;
        // After a kill the file opens at once instead of being walked whole.
        transaction.set_quick_repair(true);
        Ok(Transaction(transaction))
    }
}

fn builder(cache_bytes: usize) -> Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(cache_bytes);
    builder
}
