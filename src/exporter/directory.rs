//! The directory that an export fills, and the list of its files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use crate::model::FileDigest;
use crate::{Error, Result};

/// The list of the files of an export: for each a line of its SHA-256 in hexadecimal digits, two blanks and its path, as
/// `sha256sum -c` reads it.
pub const MANIFEST: &str = "manifest.sha256";

/// A written file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSum {
    /// Its path in the export, `/` between folders.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its digest.
    pub sha256: FileDigest,
}

/// A directory being filled. Each file is listed in [`MANIFEST`] when it is ended, in this order.
#[derive(Debug)]
pub struct ExportDirectory {
    root: PathBuf,
    manifest: ExportFile,
    files: u64,
    bytes: u64,
}

impl ExportDirectory {
    /// Begins to fill `root`, which is there and empty.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(root: &Path) -> Result<Self> {
        let manifest = ExportFile::create(root, MANIFEST)?;
        Ok(Self { root: root.to_owned(), manifest, files: 0, bytes: 0 })
    }

    /// Begins a file. `path` is made of names by [`file_name`](super::file_name), `/` between them.
    ///
    /// # Errors
    /// It exists, or cannot be written.
    pub fn file(&self, path: &str) -> Result<ExportFile> {
        ExportFile::create(&self.root, path)
    }

    /// Ends a file and lists it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, file: ExportFile) -> Result<FileSum> {
        let sum = file.end()?;
        let line = format!("{}  {}\n", sum.sha256, sum.path);
        self.manifest.write_all(line.as_bytes()).map_err(Error::io("write", &self.manifest.at))?;
        self.files += 1;
        self.bytes += sum.bytes;
        Ok(sum)
    }

    /// An unnamed file on the same disk, for what has to wait.
    ///
    /// # Errors
    /// It cannot be created.
    pub(super) fn spool(&self) -> Result<File> {
        tempfile::tempfile_in(&self.root).map_err(Error::io("create a spool file in", &self.root))
    }

    /// Files that are listed.
    pub fn files(&self) -> u64 {
        self.files
    }

    /// Bytes of these files.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends the list of files; returns what it is itself.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> Result<FileSum> {
        self.manifest.end()
    }
}

/// A file of an export being written, and hashed meanwhile.
#[derive(Debug)]
pub struct ExportFile {
    out: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
    path: String,
    at: PathBuf,
}

impl ExportFile {
    fn create(root: &Path, path: &str) -> Result<Self> {
        let at = root.join(path);
        let create = || OpenOptions::new().write(true).create_new(true).open(&at);
        let opened = create().or_else(|error| match (error.kind(), at.parent()) {
            (io::ErrorKind::NotFound, Some(parent)) => fs::create_dir_all(parent).and_then(|()| create()),
            _ => Err(error),
        });
        let file = opened.map_err(Error::io("create", &at))?;
        let out = BufWriter::with_capacity(1 << 16, file);
        Ok(Self { out, hash: Sha256::new(), bytes: 0, path: path.to_owned(), at })
    }

    /// Its path in the export.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn end(mut self) -> Result<FileSum> {
        self.out.flush().map_err(Error::io("write", &self.at))?;
        Ok(FileSum { path: self.path, bytes: self.bytes, sha256: FileDigest(self.hash.finalize().into()) })
    }
}

impl Write for ExportFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a JSON document beside the files that are listed; returns what it is.
///
/// # Errors
/// It exists, or cannot be written.
pub fn write_document(root: &Path, name: &str, document: &impl Serialize) -> Result<FileSum> {
    let mut file = ExportFile::create(root, name)?;
    let written = serde_json::to_writer_pretty(&mut file, document).map_err(io::Error::from);
    written.and_then(|()| file.write_all(b"\n")).map_err(Error::io("write", &file.at))?;
    file.end()
}

/// Has every file and folder under `root` on disk when it returns: one wait for the disk at the end costs less than one for
/// each file.
///
/// # Errors
/// One of them cannot be read or written.
pub fn sync_all(root: &Path) -> Result<()> {
    WalkDir::new(root).into_iter().par_bridge().try_for_each(|entry| {
        let entry = entry.map_err(|error| Error::io("list", root)(error.into()))?;
        File::open(entry.path()).and_then(|file| file.sync_all()).map_err(Error::io("write", entry.path()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_as_they_are_ended() {
        let directory = tempfile::tempdir().unwrap();
        let mut export = ExportDirectory::begin(directory.path()).unwrap();
        for (path, text) in [("b/1.txt", "abc"), ("a.txt", "")] {
            let mut file = export.file(path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            export.add(file).unwrap();
        }
        assert!(export.file("a.txt").is_err(), "a file that is there is not written over");
        assert_eq!((export.files(), export.bytes()), (2, 3));
        let manifest = export.finish().unwrap();
        sync_all(directory.path()).unwrap();
        let listed = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b/1.txt\n\
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.txt\n";
        assert_eq!(fs::read_to_string(directory.path().join(MANIFEST)).unwrap(), listed);
        assert_eq!(manifest.bytes, listed.len() as u64);
    }
}
