//! The bytes of an attachment, wherever a delivery has them.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Raw;
use super::faults::Faults;
use crate::message::converted::AttachmentReader;
use crate::message::{RawReader, RawSource};
use crate::model::Digest;

/// The bytes of an attachment, measured.
pub(super) struct Attached {
    bytes: Bytes,
    len: u64,
    /// BLAKE3 of the bytes.
    pub(super) digest: Digest,
}

enum Bytes {
    Raw(RawReader<Arc<dyn RawSource>>),
    /// Open only while it is read: a record may have more attachments than a process may have open files.
    File(PathBuf, Option<File>),
}

impl Attached {
    /// Reads bytes once.
    ///
    /// # Errors
    /// They cannot be read.
    pub(super) fn measure(raw: Raw) -> io::Result<Self> {
        let source: Arc<dyn RawSource> = match raw {
            Raw::Memory(bytes) => Arc::new(bytes),
            Raw::Stored(source) => source,
        };
        let len = source.len();
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(RawReader::new(Arc::clone(&source), 0, len))?;
        let digest = Digest(*hasher.finalize().as_bytes());
        Ok(Self { bytes: Bytes::Raw(RawReader::new(source, 0, len)), len, digest })
    }

    /// Finds a file below `base` and reads it once. The error says what is wrong and what to do.
    pub(super) fn measure_file(base: &Path, path: &str, faults: &Faults) -> Result<Self, String> {
        let cannot = |error| format!("cannot read `{path}`: {error}; put the file there and import again");
        let Some(file) = resolve_inside(base, path).map_err(cannot)? else {
            return Err(format!("`{path}` is not a file inside the folder of the records; copy it there"));
        };
        let mut hasher = blake3::Hasher::new();
        let read = File::open(&file).and_then(|file| hasher.update_reader(file).map(drop));
        read.inspect_err(|error| faults.note(error)).map_err(cannot)?;
        let digest = Digest(*hasher.finalize().as_bytes());
        Ok(Self { bytes: Bytes::File(file, None), len: hasher.count(), digest })
    }

    /// The file that they are in, if they are in one.
    pub(super) fn file(&self) -> Option<&Path> {
        match &self.bytes {
            Bytes::Raw(_) => None,
            Bytes::File(path, _) => Some(path),
        }
    }

    /// Reads them again, once.
    pub(super) fn reader(&mut self) -> AttachmentReader<'_> {
        AttachmentReader { reader: &mut self.bytes, len: self.len, digest: self.digest }
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (path, open) = match self {
            Self::Raw(reader) => return reader.read(buffer),
            Self::File(path, open) => (path, open),
        };
        let file = match open {
            Some(file) => file,
            None => open.insert(File::open(path)?),
        };
        let count = file.read(buffer)?;
        if count == 0 {
            *open = None;
        }
        Ok(count)
    }
}

/// The file that `path` leads to, if it is a regular one below `base` once all symbolic links are resolved.
pub(super) fn resolve_inside(base: &Path, path: &str) -> io::Result<Option<PathBuf>> {
    let resolved = fs::canonicalize(base.join(path))?;
    // Asked before it is opened: opening a named pipe would wait for its writer.
    let regular = fs::metadata(&resolved)?.is_file();
    Ok((regular && resolved.starts_with(base)).then_some(resolved))
}
