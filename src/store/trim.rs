//! Giving back room that the file takes and its content does not need.
//!
//! redb doubles the length of its file as it grows, without writing to the new part, which takes no room where files may
//! have holes. What counts is the room on disk: much of it is free only once content was removed, or on a file system
//! without holes. Compaction then moves the last pages to the front and cuts the file. It reads every table, so it is
//! never done for a length alone: that would cost each import as much as the archive is large.

use std::os::unix::fs::MetadataExt as _;

use redb::TableDefinition;

use super::{Store, failed};
use crate::{Error, Result};

/// Bytes of a block, by which file systems count (POSIX `st_blocks`).
const BLOCK: u64 = 512;

/// Free share of the room on disk from which the file is worth cutting.
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

/// Remembers the room that the file took before it was last cut, in bytes.
const COUNTER: &str = "trimmed_from";

impl Store {
    /// Cuts the file if much of the room that it takes is free. Nothing may read it meanwhile.
    ///
    /// # Errors
    /// The store failed; its content is whole whatever happened.
    pub fn trim(&mut self) -> Result<()> {
        let taken = self.bytes_on_disk()?;
        if taken < SMALL {
            return Ok(());
        }
        let transaction = self.begin()?;
        let stats = transaction.0.stats().map_err(failed("measure the store"))?;
        let used = stats.allocated_pages() * stats.page_size() as u64;
        transaction.0.abort().map_err(failed("measure the store"))?;
        if (taken.saturating_sub(used)) as f64 > taken as f64 * FREE_SHARE {
            self.fill()?;
            self.database.compact().map_err(failed("compact the store"))?;
            let transaction = self.begin()?;
            transaction.0.delete_table(FILLER).map_err(failed("compact the store"))?;
            transaction.commit()?;
            // Pages that a commit frees can be taken by the one after it, and only then is the end of the file cut.
            for _ in 0..CUTS {
                if self.bytes_on_disk()? <= used + 2 * HEADROOM {
                    break;
                }
                let transaction = self.begin()?;
                transaction.set_counter(COUNTER, taken)?;
                transaction.commit()?;
            }
        }
        Ok(())
    }

    /// The room that the file takes on disk, in bytes.
    ///
    /// # Errors
    /// The file cannot be asked.
    pub fn bytes_on_disk(&self) -> Result<u64> {
        Ok(std::fs::metadata(&self.path).map_err(Error::io("read", &self.path))?.blocks() * BLOCK)
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
