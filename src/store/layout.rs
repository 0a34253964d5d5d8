//! Where the bytes of the store go.

use redb::{ReadableTableMetadata as _, TableHandle as _};
use serde::Serialize;

use super::failed;
use super::tables::{self, Snapshot, Tables as _, with_tables};
use crate::Result;

/// What one table takes, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableLayout {
    /// Its name in `FORMAT.md`.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// Keys and values.
    pub stored: u64,
    /// What pages need beside them.
    pub metadata: u64,
    /// Room in pages that nothing stands in.
    pub fragmented: u64,
}

impl TableLayout {
    /// All of it.
    pub fn bytes(&self) -> u64 {
        self.stored + self.metadata + self.fragmented
    }
}

/// What each table takes, the largest first.
///
/// # Errors
/// The store failed.
pub fn layout(snapshot: &Snapshot) -> Result<Vec<TableLayout>> {
    let mut layouts = Vec::new();
    macro_rules! measure {
        ($($table:ident),*) => { $({
            let table = snapshot.table(tables::$table)?;
            let stats = table.stats().map_err(failed("measure a table"))?;
            layouts.push(TableLayout {
                name: tables::$table.name().to_owned(),
                rows: table.len().map_err(failed("measure a table"))?,
                stored: stats.stored_bytes(),
                metadata: stats.metadata_bytes(),
                fragmented: stats.fragmented_bytes(),
            });
        })* };
    }
    measure!(PACKS);
    with_tables!(measure);
    layouts.sort_by(|a, b| b.bytes().cmp(&a.bytes()).then_with(|| a.name.cmp(&b.name)));
    Ok(layouts)
}
