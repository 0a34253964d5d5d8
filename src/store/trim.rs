//! Giving back what the file has grown ahead of its content.
//!
//! redb doubles its file as it grows, so after a large import up to half of it may be free. Compaction moves the last
//! pages to the front and cuts the file; it is done only where the free part is large, so that its cost stays a small
//! share of the import that made it necessary.

use super::{Store, failed};
use crate::{Error, Result};

/// Free share of the file from which it is worth cutting.
const FREE_SHARE: f64 = 0.12;

/// Smaller files are left alone, in bytes.
const SMALL: u64 = 8 << 20;

impl Store {
    /// Cuts the file if much of it is free. Nothing may read it meanwhile.
    ///
    /// # Errors
    /// The store failed; its content is whole whatever happened.
    pub fn trim(&mut self) -> Result<()> {
        let length = std::fs::metadata(&self.path).map_err(Error::io("read", &self.path))?.len();
        if length < SMALL {
            return Ok(());
        }
        let transaction = self.begin()?;
        let stats = transaction.0.stats().map_err(failed("measure the store"))?;
        let used = stats.allocated_pages() * stats.page_size() as u64;
        transaction.0.abort().map_err(failed("measure the store"))?;
        if (length.saturating_sub(used)) as f64 > length as f64 * FREE_SHARE {
            self.database.compact().map_err(failed("compact the store"))?;
        }
        Ok(())
    }
}
