//! Giving back what the file has grown ahead of its content.
//!
//! redb doubles its file as it grows, so after a large import up to half of it may be free. Compaction moves the last
//! pages to the front and cuts the file; it is done only where the free part is large, so that its cost stays a small
//! share of the import that made it necessary. A little is left free: without it the next small commit would double the
//! file again.

use redb::TableDefinition;

use super::{Store, failed};
use crate::{Error, Result};

/// Free share of the file from which it is worth cutting.
const FREE_SHARE: f64 = 0.12;

/// Smaller files are left alone, in bytes.
const SMALL: u64 = 8 << 20;

/// Free bytes left in the file: enough for many small commits, which free as many pages as they take.
const HEADROOM: u64 = 2 << 20;

/// Bytes of one filler row. Large, because a commit also takes long runs of pages, and a file with only short ones free
/// grows.
const FILLER_BYTES: usize = (512 << 10) - 1024;

/// Most commits that are made for the end of the file to be cut.
const CUTS: usize = 8;

/// Holds the headroom while the file is cut, and is deleted then.
const FILLER: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("filler");

/// Remembers the length of the file before it was last cut, in bytes.
const COUNTER: &str = "trimmed_from";

impl Store {
    /// Cuts the file if much of it is free. Nothing may read it meanwhile.
    ///
    /// # Errors
    /// The store failed; its content is whole whatever happened.
    pub fn trim(&mut self) -> Result<()> {
        let length = self.length()?;
        if length < SMALL {
            return Ok(());
        }
        let transaction = self.begin()?;
        let stats = transaction.0.stats().map_err(failed("measure the store"))?;
        let used = stats.allocated_pages() * stats.page_size() as u64;
        transaction.0.abort().map_err(failed("measure the store"))?;
        if (length.saturating_sub(used)) as f64 > length as f64 * FREE_SHARE {
            self.fill()?;
            self.database.compact().map_err(failed("compact the store"))?;
            let transaction = self.begin()?;
            transaction.0.delete_table(FILLER).map_err(failed("compact the store"))?;
            transaction.commit()?;
            // Pages that a commit frees can be taken by the one after it, and only then is the end of the file cut.
            for _ in 0..CUTS {
                if self.length()? <= used + 2 * HEADROOM {
                    break;
                }
                let transaction = self.begin()?;
                transaction.set_counter(COUNTER, length)?;
                transaction.commit()?;
            }
        }
        Ok(())
    }

    fn length(&self) -> Result<u64> {
        Ok(std::fs::metadata(&self.path).map_err(Error::io("read", &self.path))?.len())
    }

    fn fill(&self) -> Result<()> {
        let transaction = self.begin()?;
        let mut table = transaction.writable(FILLER)?;
        for row in 0..HEADROOM.div_ceil(FILLER_BYTES as u64) {
            table.insert(row, vec![0; FILLER_BYTES].as_slice()).map_err(failed("compact the store"))?;
        }
        drop(table);
        transaction.commit()
    }
}
