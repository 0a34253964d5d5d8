//! Where the bytes of an archive go.

use serde::Serialize;

use super::Archive;
use crate::Result;
use crate::index::IndexLayout;
use crate::store::{TableLayout, layout, message_count, raw_bytes};

/// Where the bytes of an archive go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// Messages.
    pub messages: u64,
    /// Their raw bytes.
    pub raw_bytes: u64,
    /// What the store takes on disk, in bytes.
    pub store_bytes: u64,
    /// Bytes of the store that are in no table: free pages, and what redb keeps about its pages.
    pub free_bytes: u64,
    /// The tables of the store, the largest first.
    pub tables: Vec<TableLayout>,
    /// Bytes of all files of the index.
    pub index_bytes: u64,
    /// What they are made of.
    pub index: IndexLayout,
}

impl Archive {
    /// Where the bytes go, table by table and field by field.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn layout(&self) -> Result<Layout> {
        let snapshot = self.store.snapshot()?;
        let raw_bytes = raw_bytes(&snapshot)?;
        let tables = layout(&snapshot)?;
        let store_bytes = self.store.bytes_on_disk()?;
        let index = self.index.layout()?;
        let layout = Layout {
            messages: message_count(&snapshot)?,
            raw_bytes,
            store_bytes,
            free_bytes: store_bytes.saturating_sub(tables.iter().map(TableLayout::bytes).sum()),
            tables,
            index_bytes: index.other + index.fields.iter().map(crate::index::FieldLayout::bytes).sum::<u64>(),
            index,
        };
        self.record_alone("stats", "layout", "")?;
        Ok(layout)
    }
}
