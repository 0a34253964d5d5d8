//! The directory of an index, of whose files every block is compared with its checksum when it is first read.
//!
//! tantivy has one checksum for each file, which only a reading of the whole compares. Here each file ends with the XXH3-64 of each of its
//! blocks, so that a search neither misses what a damaged block hides nor reads more than it needs.

use std::fmt;
use std::hash::Hasher as _;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};
use twox_hash::XxHash3_64;

/// Bytes that have a checksum together: what one disk access brings at least, and little beside what a search reads anyway.
const BLOCK: usize = 16 << 10;
/// Bytes of a checksum.
const SUM: usize = 8;
/// What every file ends with.
const MARK: [u8; 8] = *b"xxh3-16k";
/// What the small files end with that are written at once: JSON, then this and the checksum of all before it in hexadecimal.
const LINE: &[u8] = b"xxh3 ";

/// A directory on disk.
#[derive(Debug, Clone)]
pub(super) struct CheckedDirectory(MmapDirectory);

impl CheckedDirectory {
    pub(super) fn new(directory: MmapDirectory) -> Self {
        Self(directory)
    }
}

/// A file of which something is not what was written.
#[derive(Debug)]
pub(super) struct DamagedFile(String);

impl DamagedFile {
    fn error(path: &Path) -> io::Error {
        io::Error::new(ErrorKind::InvalidData, Self(path.display().to_string()))
    }

    /// The file that `error` is about, if it is such an error.
    pub(super) fn of(error: &io::Error) -> Option<&str> {
        Some(error.get_ref()?.downcast_ref::<Self>()?.0.as_str())
    }
}

impl fmt::Display for DamagedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file `{}` is not what was written", self.0)
    }
}

impl std::error::Error for DamagedFile {}

impl Directory for CheckedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let file = self.0.get_file_handle(path)?;
        let checked =
            CheckedFile::open(file, path).map_err(|error| OpenReadError::wrap_io_error(error, path.into()))?;
        Ok(Arc::new(checked))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let file = self.0.open_write(path)?;
        Ok(BufWriter::new(Box::new(Summed { file, block: XxHash3_64::new(), filled: 0, len: 0, sums: Vec::new() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let mut data = self.0.atomic_read(path)?;
        // An index of another version has no such line, and is told by its schema.
        let Some(start) = memchr::memmem::rfind(&data, LINE) else { return Ok(data) };
        let (content, sum) = data.split_at(start);
        if sum.get(LINE.len()..) != Some(hexadecimal(content).as_bytes()) {
            return Err(OpenReadError::wrap_io_error(DamagedFile::error(path), path.into()));
        }
        data.truncate(start);
        Ok(data)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.0.atomic_write(path, &[data, LINE, hexadecimal(data).as_bytes()].concat())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.0.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.0.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}

fn hexadecimal(data: &[u8]) -> String {
    format!("{:016x}\n", XxHash3_64::oneshot(data))
}

/// A file as it is read, without the checksums behind its content.
#[derive(Debug)]
struct CheckedFile {
    path: PathBuf,
    file: Arc<dyn FileHandle>,
    len: usize,
    sums: OwnedBytes,
    /// For each block, whether it was compared.
    compared: Vec<AtomicBool>,
}

impl CheckedFile {
    fn open(file: Arc<dyn FileHandle>, path: &Path) -> io::Result<Self> {
        let damaged = || DamagedFile::error(path);
        let end_start = file.len().checked_sub(END).ok_or_else(damaged)?;
        let end = file.read_bytes(end_start..file.len())?;
        let (len, rest) = end.split_first_chunk().ok_or_else(damaged)?;
        let (sum, mark) = rest.split_first_chunk().ok_or_else(damaged)?;
        let len = usize::try_from(u64::from_le_bytes(*len)).map_err(|_| damaged())?;
        let blocks = len.div_ceil(BLOCK);
        if mark != MARK || blocks.checked_mul(SUM).and_then(|sums| sums.checked_add(len)) != Some(end_start) {
            return Err(damaged());
        }
        let sums = file.read_bytes(len..end_start)?;
        if end_sum(&sums, len) != u64::from_le_bytes(*sum) {
            return Err(damaged());
        }
        let compared = std::iter::repeat_with(AtomicBool::default).take(blocks).collect();
        Ok(Self { path: path.to_owned(), file, len, sums, compared })
    }

    fn compare(&self, block: usize, compared: &AtomicBool) -> io::Result<()> {
        let start = block * BLOCK;
        let content = self.file.read_bytes(start..(start + BLOCK).min(self.len))?;
        let sum = self.sums.get(block * SUM..).and_then(|sums| sums.first_chunk());
        if sum.map(|sum| u64::from_le_bytes(*sum)) != Some(XxHash3_64::oneshot(&content)) {
            return Err(DamagedFile::error(&self.path));
        }
        compared.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// Bytes of what is behind the checksums: the length of the content, their own checksum, and the mark.
const END: usize = 8 + SUM + MARK.len();

fn end_sum(sums: &[u8], len: usize) -> u64 {
    let mut hasher = XxHash3_64::new();
    hasher.write(sums);
    hasher.write(&(len as u64).to_le_bytes());
    hasher.finish()
}

impl HasLen for CheckedFile {
    fn len(&self) -> usize {
        self.len
    }
}

impl FileHandle for CheckedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.end > self.len {
            return Err(DamagedFile::error(&self.path));
        }
        let blocks = range.start / BLOCK..range.end.div_ceil(BLOCK);
        let compared = self.compared.get(blocks.clone()).unwrap_or_default();
        for (block, compared) in blocks.zip(compared) {
            if !compared.load(Ordering::Relaxed) {
                self.compare(block, compared)?;
            }
        }
        self.file.read_bytes(range)
    }
}

/// A file as it is written.
struct Summed {
    file: WritePtr,
    block: XxHash3_64,
    /// Bytes of the block.
    filled: usize,
    len: usize,
    sums: Vec<u8>,
}

impl Summed {
    fn end_block(&mut self) {
        self.sums.extend(std::mem::take(&mut self.block).finish().to_le_bytes());
        self.filled = 0;
    }
}

impl Write for Summed {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.file.write(data)?;
        let mut rest = data.get(..written).unwrap_or_default();
        self.len += written;
        while !rest.is_empty() {
            let (of_block, behind) = rest.split_at((BLOCK - self.filled).min(rest.len()));
            self.block.write(of_block);
            self.filled += of_block.len();
            rest = behind;
            if self.filled == BLOCK {
                self.end_block();
            }
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for Summed {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        if self.filled > 0 {
            self.end_block();
        }
        self.file.write_all(&self.sums)?;
        self.file.write_all(&(self.len as u64).to_le_bytes())?;
        self.file.write_all(&end_sum(&self.sums, self.len).to_le_bytes())?;
        self.file.write_all(&MARK)?;
        self.file.terminate_ref(token)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    fn directory(path: &Path) -> CheckedDirectory {
        CheckedDirectory::new(MmapDirectory::open(path).unwrap())
    }

    fn written(directory: &CheckedDirectory, name: &Path, pieces: &[Vec<u8>]) -> Vec<u8> {
        let mut writer = directory.open_write(name).unwrap();
        for piece in pieces {
            writer.write_all(piece).unwrap();
        }
        writer.terminate().unwrap();
        pieces.concat()
    }

    /// Pieces that end within blocks, at their ends, and behind several.
    fn pieces() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let len = prop_oneof![0_usize..40, Just(BLOCK), Just(BLOCK - 1), 0..3 * BLOCK];
        let piece =
            (len, any::<u8>()).prop_map(|(len, start)| (0..len).map(|n| (n as u8).wrapping_add(start)).collect());
        prop::collection::vec(piece, 0..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn files_read_as_they_were_written(pieces in pieces(), ranges in prop::collection::vec((any::<usize>(), any::<usize>()), 8)) {
            let place = tempfile::tempdir().unwrap();
            let (directory, name) = (directory(place.path()), Path::new("f.idx"));
            let content = written(&directory, name, &pieces);
            let file = directory.open_read(name).unwrap();
            prop_assert_eq!(file.len(), content.len());
            for (one, other) in ranges {
                let (one, other) = (one % (content.len() + 1), other % (content.len() + 1));
                let range = one.min(other)..one.max(other);
                let read = file.read_bytes_slice(range.clone()).unwrap();
                prop_assert_eq!(read.as_slice(), &content[range]);
            }
        }

        #[test]
        fn what_was_changed_or_cut_is_not_read(pieces in pieces(), place in any::<usize>(), change in 1_u8.., cut in any::<bool>()) {
            let temporary = tempfile::tempdir().unwrap();
            let (path, name) = (temporary.path().join("f.idx"), Path::new("f.idx"));
            let content = written(&directory(temporary.path()), name, &pieces);
            let mut bytes = fs::read(&path).unwrap();
            let place = place % bytes.len();
            if cut {
                bytes.truncate(place);
            } else {
                bytes[place] ^= change;
            }
            fs::write(&path, bytes).unwrap();
            let damaged = |error: &io::Error| DamagedFile::of(error) == Some("f.idx");
            match directory(temporary.path()).open_read(name) {
                Ok(file) => {
                    prop_assert!(!cut && place < content.len());
                    prop_assert!(damaged(&file.read_bytes_slice(place..place + 1).unwrap_err()));
                    prop_assert!(damaged(&file.read_bytes().unwrap_err()));
                    let block = place / BLOCK * BLOCK;
                    let before = file.read_bytes_slice(0..block).unwrap();
                    prop_assert_eq!(before.as_slice(), &content[..block]);
                }
                Err(OpenReadError::IoError { io_error, .. }) => prop_assert!(place >= content.len() && damaged(&io_error) || cut),
                Err(error) => prop_assert!(false, "{error}"),
            }
        }
    }

    #[test]
    fn small_files_are_compared_too() {
        let place = tempfile::tempdir().unwrap();
        let (directory, name) = (directory(place.path()), Path::new("meta.json"));
        directory.atomic_write(name, b"{\"segments\": []}\n").unwrap();
        assert_eq!(directory.atomic_read(name).unwrap(), b"{\"segments\": []}\n");
        let path = place.path().join(name);
        let written = fs::read(&path).unwrap();
        for at in 0..written.len() - 1 {
            let mut bytes = written.clone();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            let is_json = || {
                directory.atomic_read(name).is_ok_and(|data| serde_json::from_slice::<serde_json::Value>(&data).is_ok())
            };
            assert!(!is_json(), "{at}");
        }
        fs::write(&path, b"{}").unwrap();
        assert_eq!(directory.atomic_read(name).unwrap(), b"{}", "of another version");
    }
}
