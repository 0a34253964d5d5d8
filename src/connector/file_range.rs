//! Raw bytes left in their file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use crate::message::RawSource;

/// A range of an open file. It stays readable when the file is renamed or unlinked.
#[derive(Debug, Clone)]
pub struct FileRange {
    file: Arc<File>,
    offset: u64,
    len: u64,
}

impl FileRange {
    /// The `len` bytes from byte `offset` on. A file shorter than that gives an error when it is read.
    pub fn new(file: Arc<File>, offset: u64, len: u64) -> Self {
        Self { file, offset, len }
    }
}

impl RawSource for FileRange {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(buffer.len() as u64);
        match (end, self.offset.checked_add(offset)) {
            (Some(end), Some(start)) if end <= self.len => self.file.read_exact_at(buffer, start),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn reads_only_its_own_bytes() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"before|message|after").unwrap();
        let range = FileRange::new(Arc::new(file), 7, 7);
        let mut all = [0; 7];
        range.read_exact_at(0, &mut all).unwrap();
        assert_eq!((&all, range.len(), range.is_empty()), (b"message", 7, false));
        range.read_exact_at(7, &mut []).unwrap();
        for (offset, len) in [(1, 7), (7, 1), (u64::MAX, 1)] {
            let error = range.read_exact_at(offset, &mut vec![0; len]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        }
    }

    #[test]
    fn a_truncated_file_is_an_error_and_not_zeros() {
        let range = FileRange::new(Arc::new(tempfile::tempfile().unwrap()), 0, 4);
        assert_eq!(range.read_exact_at(0, &mut [0; 4]).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
