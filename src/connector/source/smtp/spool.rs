//! A mail while it comes in: in memory while it is small, in an unnamed file beyond that.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::connector::{FileRange, Raw};

/// Bytes up to which a mail stays in memory.
const IN_MEMORY: usize = 1 << 20;

/// A mail while it comes in.
pub(super) struct Spool {
    directory: PathBuf,
    max_size: u64,
    memory: Vec<u8>,
    file: Option<File>,
    bytes: u64,
    too_large: bool,
    failure: Option<io::Error>,
}

impl Spool {
    /// An empty one; a large mail goes to a file in `directory` that has no name.
    pub(super) fn new(directory: &Path, max_size: u64) -> Self {
        let directory = directory.to_owned();
        Self { directory, max_size, memory: Vec::new(), file: None, bytes: 0, too_large: false, failure: None }
    }

    /// Where the next bytes are put; [`Spool::settle`] has to follow.
    pub(super) fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.memory
    }

    /// Moves what came to the file once there is much of it. What is too large or cannot be kept is thrown away.
    pub(super) fn settle(&mut self) {
        let before = if self.file.is_some() { self.bytes } else { 0 };
        self.bytes = before + self.memory.len() as u64;
        self.too_large |= self.bytes > self.max_size;
        if self.too_large || self.failure.is_some() {
            self.memory.clear();
            self.file = None;
        } else if (self.file.is_some() || self.memory.len() > IN_MEMORY)
            && let Err(error) = self.write()
        {
            self.failure = Some(error);
        }
    }

    fn write(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(tempfile::tempfile_in(&self.directory)?);
        }
        if let Some(file) = &mut self.file {
            file.write_all(&self.memory)?;
        }
        self.memory.clear();
        Ok(())
    }

    /// Whether more came than is taken.
    pub(super) fn is_too_large(&self) -> bool {
        self.too_large
    }

    /// The mail.
    ///
    /// # Errors
    /// It could not be written.
    pub(super) fn into_raw(self) -> io::Result<Raw> {
        match (self.failure, self.file) {
            (Some(error), _) => Err(error),
            (None, Some(file)) => Ok(Raw::Stored(Arc::new(FileRange::new(Arc::new(file), 0, self.bytes)))),
            (None, None) => Ok(Raw::Memory(self.memory)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spooled(pieces: &[&[u8]], max_size: u64) -> Option<Vec<u8>> {
        let directory = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(directory.path(), max_size);
        for piece in pieces {
            spool.tail().extend_from_slice(piece);
            spool.settle();
        }
        if spool.is_too_large() {
            return None;
        }
        let raw = spool.into_raw().unwrap();
        let mut bytes = vec![0; usize::try_from(raw.source().len()).unwrap()];
        raw.source().read_exact_at(0, &mut bytes).unwrap();
        Some(bytes)
    }

    #[test]
    fn what_comes_goes_out_whatever_its_size() {
        let large = vec![b'x'; 700_000];
        for pieces in [vec![], vec![b"a".as_slice(), b"b"], vec![&large, &large, b"end"], vec![&large; 4]] {
            assert_eq!(spooled(&pieces, 10 << 20), Some(pieces.concat()));
        }
    }

    #[test]
    fn too_much_stays_too_much() {
        let large = vec![b'x'; 700_000];
        assert_eq!(spooled(&[&large, &large], 1_400_000), Some(vec![b'x'; 1_400_000]));
        assert_eq!(spooled(&[&large, &large, b"x"], 1_400_000), None);
        assert_eq!(spooled(&[&large, &large, &large, b"x", b""], 1_400_000), None);
        assert_eq!(spooled(&[b"abc", b"x"], 2), None);
    }

    #[test]
    fn a_disk_that_takes_nothing_is_an_error() {
        let mut spool = Spool::new(Path::new("/nonexistent/spool"), 10 << 20);
        spool.tail().extend_from_slice(&vec![b'x'; IN_MEMORY + 1]);
        spool.settle();
        spool.tail().extend_from_slice(b"x");
        spool.settle();
        assert!(!spool.is_too_large() && spool.into_raw().is_err());
    }
}
