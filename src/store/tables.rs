//! The tables; `FORMAT.md` describes each key and value.

use redb::{Key, ReadTransaction, ReadableTable, TableDefinition, TableError, Value, WriteTransaction};

use super::digests::{BlockKey, TreeKey};
use super::failed;
use crate::Result;

pub(super) const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
pub(super) const COUNTERS: TableDefinition<'_, &str, u64> = TableDefinition::new("counters");

pub(super) const PACKS: TableDefinition<'_, (u64, u32), &[u8]> = TableDefinition::new("packs");
pub(super) const PARTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("parts");
pub(super) const PART_DIGESTS: TableDefinition<'_, &TreeKey, ()> = TableDefinition::new("part_digests");
pub(super) const MESSAGES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("messages");
pub(super) const MESSAGE_DIGESTS: TableDefinition<'_, &TreeKey, ()> = TableDefinition::new("message_digests");
pub(super) const CONTENT_HASHES: TableDefinition<'_, &TreeKey, ()> = TableDefinition::new("content_hashes");
pub(super) const DIGEST_RUNS: TableDefinition<'_, (u8, u8), &[u8]> = TableDefinition::new("digest_runs");
pub(super) const PART_DIGEST_BLOCKS: TableDefinition<'_, &BlockKey, &[u8]> = TableDefinition::new("part_digest_blocks");
pub(super) const MESSAGE_DIGEST_BLOCKS: TableDefinition<'_, &BlockKey, &[u8]> =
    TableDefinition::new("message_digest_blocks");
pub(super) const CONTENT_HASH_BLOCKS: TableDefinition<'_, &BlockKey, &[u8]> =
    TableDefinition::new("content_hash_blocks");

pub(super) const MAILBOXES: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("mailboxes");
pub(super) const FOLDERS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("folders");
pub(super) const ITEMS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("items");
pub(super) const MESSAGE_ITEMS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("message_items");
pub(super) const SETS: TableDefinition<'_, (u8, u64, u64), &[u8]> = TableDefinition::new("sets");

pub(super) const RENDITIONS: TableDefinition<'_, (&[u8; 16], u64), u8> = TableDefinition::new("renditions");
pub(super) const MESSAGE_RENDITIONS: TableDefinition<'_, u64, &[u8; 16]> = TableDefinition::new("message_renditions");
pub(super) const RENDITION_MEDIA: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("rendition_media");

pub(super) const DISTRUSTED: TableDefinition<'_, &[u8; 32], u8> = TableDefinition::new("distrusted");

pub(super) const MAPPINGS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("mappings");
pub(super) const DATE_ORDERS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("date_orders");
pub(super) const CONNECTORS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("connectors");
pub(super) const CONNECTOR_RUNS: TableDefinition<'_, (u64, u64), &[u8]> = TableDefinition::new("connector_runs");
pub(super) const DELIVERIES: TableDefinition<'_, (u64, &str), &[u8]> = TableDefinition::new("deliveries");
pub(super) const DELIVERY_DIGESTS: TableDefinition<'_, (u64, u64, &str), ()> = TableDefinition::new("delivery_digests");

pub(super) const BATCHES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("batches");
pub(super) const REJECTIONS: TableDefinition<'_, (u64, u64), &[u8]> = TableDefinition::new("rejections");
pub(super) const QUARANTINE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("quarantine");
pub(super) const HOLDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("holds");
pub(super) const CASES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("cases");
pub(super) const HOLD_NOTICES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("hold_notices");
pub(super) const HOLD_NOTICE_LETTERS: TableDefinition<'_, (u64, u64), &[u8]> =
    TableDefinition::new("hold_notice_letters");
pub(super) const APPROVALS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("approvals");
pub(super) const SAVED_SEARCHES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("saved_searches");
pub(super) const FROZEN_SEARCHES: TableDefinition<'_, (&str, u64), &[u8]> = TableDefinition::new("frozen_searches");
pub(super) const FROZEN_ITEMS: TableDefinition<'_, (&str, u64, u64), &[u8]> = TableDefinition::new("frozen_items");
pub(super) const POLICIES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("policies");
pub(super) const LABELS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("labels");
pub(super) const ITEM_LABELS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("item_labels");
pub(super) const CLEARED_LABELS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("cleared_labels");
pub(super) const ITEM_REVIEWS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("item_reviews");
pub(super) const RETENTION_EVENTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("retention_events");
pub(super) const SIMULATIONS: TableDefinition<'_, &[u8; 32], &[u8]> = TableDefinition::new("simulations");
pub(super) const SUPERVISION_POLICIES: TableDefinition<'_, (u64, u32), &[u8]> =
    TableDefinition::new("supervision_policies");
pub(super) const SUPERVISION_MATCHES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("supervision_matches");
pub(super) const SUPERVISION_ITEMS: TableDefinition<'_, (u64, u64), u64> = TableDefinition::new("supervision_items");
pub(super) const SUPERVISION_OPEN: TableDefinition<'_, u64, ()> = TableDefinition::new("supervision_open");
pub(super) const DISPOSITIONS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("dispositions");
pub(super) const DISPOSITION_RUNS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("disposition_runs");
pub(super) const AUDIT_LEAVES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("audit_leaves");
pub(super) const AUDIT_NODES: TableDefinition<'_, (u8, u64), &[u8; 32]> = TableDefinition::new("audit_nodes");

pub(super) const UNSEARCHED: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("unsearched");

/// Something that tables can be read from: a snapshot, or the transaction that is changing them.
pub trait Tables {
    /// Opens a table for reading.
    ///
    /// # Errors
    /// The store failed.
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'_, K, V>,
    ) -> Result<impl ReadableTable<K, V>>;
}

/// A state of the store between two commits.
pub struct Snapshot(pub(super) ReadTransaction);

impl Tables for Snapshot {
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'_, K, V>,
    ) -> Result<impl ReadableTable<K, V>> {
        self.0.open_table(definition).map_err(failed("open a table"))
    }
}

/// A change of the store that happens wholly or, dropped without `commit`, not at all.
pub struct Transaction(pub(super) WriteTransaction);

impl Tables for Transaction {
    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'_, K, V>,
    ) -> Result<impl ReadableTable<K, V>> {
        self.0.open_table(definition).map_err(failed("open a table"))
    }
}

impl Transaction {
    /// Makes the change durable: when this returns, it is on disk.
    ///
    /// # Errors
    /// The store failed; nothing of the change is there after reopening.
    pub fn commit(self) -> Result<()> {
        self.0.commit().map_err(failed("commit"))
    }

    pub(super) fn writable<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'_, K, V>,
    ) -> Result<redb::Table<'_, K, V>> {
        self.0.open_table(definition).map_err(failed("open a table"))
    }

    /// Removes all rows of a table at once.
    pub(super) fn empty<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'_, K, V>,
    ) -> Result<()> {
        self.0.delete_table(definition).map_err(failed("empty a table"))?;
        self.writable(definition).map(drop)
    }

    /// Takes the next number of the sequence `name`, from 1. Numbers are never used twice, whatever is disposed of.
    pub(super) fn next(&self, name: &str) -> Result<u64> {
        let mut counters = self.writable(COUNTERS)?;
        let next = counters.get(name).map_err(failed("read a counter"))?.map_or(0, |value| value.value()) + 1;
        counters.insert(name, next).map_err(failed("write a counter"))?;
        Ok(next)
    }

    pub(super) fn set_counter(&self, name: &str, last: u64) -> Result<()> {
        self.writable(COUNTERS)?.insert(name, last).map_err(failed("write a counter"))?;
        Ok(())
    }
}

pub(super) fn counter(tables: &impl Tables, name: &str) -> Result<u64> {
    let counters = tables.table(COUNTERS)?;
    Ok(counters.get(name).map_err(failed("read a counter"))?.map_or(0, |value| value.value()))
}

/// Hands every table but that of packs to a macro: the one list of them.
macro_rules! with_tables {
    ($use:ident) => {
        $use! {
            META,
            COUNTERS,
            PARTS,
            PART_DIGESTS,
            MESSAGES,
            MESSAGE_DIGESTS,
            CONTENT_HASHES,
            DIGEST_RUNS,
            PART_DIGEST_BLOCKS,
            MESSAGE_DIGEST_BLOCKS,
            CONTENT_HASH_BLOCKS,
            MAILBOXES,
            FOLDERS,
            ITEMS,
            MESSAGE_ITEMS,
            SETS,
            RENDITIONS,
            MESSAGE_RENDITIONS,
            RENDITION_MEDIA,
            DISTRUSTED,
            MAPPINGS,
            DATE_ORDERS,
            CONNECTORS,
            CONNECTOR_RUNS,
            DELIVERIES,
            DELIVERY_DIGESTS,
            BATCHES,
            REJECTIONS,
            QUARANTINE,
            HOLDS,
            CASES,
            HOLD_NOTICES,
            HOLD_NOTICE_LETTERS,
            APPROVALS,
            SAVED_SEARCHES,
            FROZEN_SEARCHES,
            FROZEN_ITEMS,
            POLICIES,
            LABELS,
            ITEM_LABELS,
            CLEARED_LABELS,
            ITEM_REVIEWS,
            RETENTION_EVENTS,
            SIMULATIONS,
            SUPERVISION_POLICIES,
            SUPERVISION_MATCHES,
            SUPERVISION_ITEMS,
            SUPERVISION_OPEN,
            DISPOSITIONS,
            DISPOSITION_RUNS,
            AUDIT_LEAVES,
            AUDIT_NODES,
            UNSEARCHED
        }
    };
}
pub(super) use with_tables;

/// Whether all tables are there: an archive made by an older version lacks the newest ones.
pub(super) fn are_complete(snapshot: &Snapshot) -> Result<bool> {
    macro_rules! are_there {
        ($($table:ident),*) => { $( is_there(snapshot.0.open_table($table))? )&&* };
    }
    Ok(with_tables!(are_there))
}

fn is_there<T>(opened: std::result::Result<T, TableError>) -> Result<bool> {
    match opened {
        Ok(_) => Ok(true),
        Err(TableError::TableDoesNotExist(_)) => Ok(false),
        Err(error) => Err(failed("open a table")(error)),
    }
}

pub(super) fn create_all(transaction: &Transaction) -> Result<()> {
    macro_rules! create {
        ($($table:ident),*) => { $( drop(transaction.writable($table)?); )* };
    }
    drop(transaction.writable(PACKS)?);
    with_tables!(create);
    Ok(())
}
