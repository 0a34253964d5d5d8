//! Where the bytes of the store go.

use std::collections::BTreeMap;

use redb::ReadableTableMetadata as _;

use super::failed;
use super::tables::{
    AUDIT_LEAVES, AUDIT_NODES, CONTENT_HASHES, ITEM_PLACES, ITEMS, MESSAGE_DIGESTS, MESSAGE_ITEMS, MESSAGES, PACKS,
    PART_DIGESTS, PARTS, SETS, Snapshot, Tables as _,
};
use crate::Result;

/// Bytes of pages that each large table takes, by name.
///
/// # Errors
/// The store failed.
pub fn table_sizes(snapshot: &Snapshot) -> Result<BTreeMap<String, u64>> {
    let mut sizes = BTreeMap::new();
    macro_rules! measure {
        ($($table:ident = $name:literal),* $(,)?) => { $(
            let stats = snapshot.table($table)?.stats().map_err(failed("measure a table"))?;
            sizes.insert($name.to_owned(), stats.stored_bytes() + stats.metadata_bytes() + stats.fragmented_bytes());
        )* };
    }
    measure!(
        PACKS = "packs",
        PARTS = "parts",
        PART_DIGESTS = "part_digests",
        MESSAGES = "messages",
        MESSAGE_DIGESTS = "message_digests",
        CONTENT_HASHES = "content_hashes",
        ITEMS = "items",
        ITEM_PLACES = "item_places",
        MESSAGE_ITEMS = "message_items",
        SETS = "sets",
        AUDIT_LEAVES = "audit_leaves",
        AUDIT_NODES = "audit_nodes",
    );
    Ok(sizes)
}
