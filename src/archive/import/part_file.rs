//! Large parts of messages that wait, in a file and not in memory.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use crate::Result;
use crate::archive::prepare::Prepared;
use crate::connector::FileRange;
use crate::error::Error;
use crate::store::{PartSource, PreparedSegment};

/// Shortest part that waits in the file, in bytes.
const SHORTEST: usize = 64 << 10;

/// An unnamed file of parts, which is gone once nobody holds any of them.
pub(super) struct PartFile {
    directory: PathBuf,
    file: Option<Arc<File>>,
    len: u64,
}

impl PartFile {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory, file: None, len: 0 }
    }

    /// Bytes in the file.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Takes the large parts of a message out of memory.
    ///
    /// # Errors
    /// The disk is full.
    pub(super) fn take_parts(&mut self, prepared: &mut Prepared) -> Result<()> {
        for segment in &mut prepared.segments {
            if let PreparedSegment::Part { source, .. } = segment
                && let PartSource::Memory(bytes) = source
                && bytes.len() >= SHORTEST
            {
                *source = PartSource::Stored(Arc::new(self.take(bytes)?));
            }
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> Result<FileRange> {
        let (directory, len) = (&self.directory, bytes.len() as u64);
        let file = if let Some(file) = &self.file {
            Arc::clone(file)
        } else {
            let file = tempfile::tempfile_in(directory).map_err(Error::io("create a spool file in", directory))?;
            Arc::clone(self.file.insert(Arc::new(file)))
        };
        file.as_ref().write_all(bytes).map_err(Error::io("write to a spool file in", directory))?;
        let range = FileRange::new(file, self.len, len);
        self.len += len;
        Ok(range)
    }

    /// What comes goes to another file.
    pub(super) fn begin_anew(&mut self) {
        (self.file, self.len) = (None, 0);
    }
}
