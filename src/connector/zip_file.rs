//! Zip files, as hostile as they come.
//!
//! A delivery is refused whole, with a reason, if it lists more than [`MAX_ENTRIES`] files or if its files overlap; one
//! of its files is refused if it leads out of the folder (`..`, absolute), is a symbolic link, is encrypted, or would
//! expand more than [`MAX_RATIO`] times to more than [`ALWAYS_ALLOWED`]. No name in it is ever used as a path on disk.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use tempfile::SpooledTempFile;
use zip::ZipArchive;
use zip::result::ZipError;

use super::converter::conversion::into_raw;
use super::faults::Faults;
use super::{LARGE, Raw};
use crate::message::RawSource;

/// Most files of a zip file that is read.
const MAX_ENTRIES: u64 = 250_000;

/// How many times a file may expand.
const MAX_RATIO: u64 = 200;

/// Bytes to which a file may expand whatever its ratio.
const ALWAYS_ALLOWED: u64 = 64 << 20;

/// A zip file, opened.
pub(super) struct ZipFile {
    archive: ZipArchive<SourceCursor>,
    entries: Vec<ZipEntry>,
    by_name: HashMap<String, usize>,
    /// Where it is noted that this machine failed.
    faults: Faults,
}

/// A file inside of a zip file.
#[derive(Debug, Clone)]
pub(super) struct ZipEntry {
    index: usize,
    /// Its path, with `/` between components.
    pub(super) path: String,
    /// Its size when unpacked, as declared.
    pub(super) bytes: u64,
    /// Why it is not read.
    pub(super) problem: Option<String>,
}

impl ZipEntry {
    /// The last component of its path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// What stands before its name, with `/` at the end; empty for the root.
    pub(super) fn folder(&self) -> &str {
        self.path.get(..self.path.len() - self.name().len()).unwrap_or_default()
    }
}

impl ZipFile {
    /// Lists a zip file; folders and what macOS adds (`__MACOSX`) are left out.
    ///
    /// # Errors
    /// It is damaged or refused: a text for people.
    pub(super) fn open(source: Arc<dyn RawSource>, faults: &Faults) -> Result<Self, String> {
        let len = source.len();
        let declared = declared_entries(source.as_ref());
        if let Some(count) = declared.filter(|count| *count > MAX_ENTRIES) {
            return Err(format!(
                "a zip file of {count} files, more than the {MAX_ENTRIES} that are read; unpack it and give the folder"
            ));
        }
        let mut archive = ZipArchive::new(SourceCursor::new(source)).map_err(|error| damaged(&error))?;
        // Of several files with one name the library keeps one.
        if declared.is_some_and(|count| count != archive.len() as u64) {
            return Err(
                "a zip file with several files of one name, or a damaged one; unpack it by hand, rename them and give \
                        the folder"
                    .to_owned(),
            );
        }
        let mut entries = Vec::with_capacity(archive.len());
        let mut compressed = 0_u64;
        for index in 0..archive.len() {
            let file = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
            compressed = compressed.saturating_add(file.compressed_size());
            let path = name_of(&file).replace('\\', "/");
            if file.is_dir() || path.starts_with("__MACOSX/") || path.ends_with("/.DS_Store") || path == ".DS_Store" {
                continue;
            }
            let problem = problem(&path, file.is_symlink(), file.encrypted(), file.size(), file.compressed_size());
            entries.push(ZipEntry { index, path, bytes: file.size(), problem });
        }
        if compressed > len {
            return Err("a zip file whose files overlap, as in a zip bomb; it is not unpacked".to_owned());
        }
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        let by_name = entries.iter().enumerate().rev().map(|(at, entry)| (entry.path.clone(), at)).collect();
        Ok(Self { archive, entries, by_name, faults: faults.clone() })
    }

    /// Where it is noted that this machine failed.
    pub(super) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Its files in the order of their names.
    pub(super) fn entries(&self) -> &[ZipEntry] {
        &self.entries
    }

    /// A file by its path.
    pub(super) fn find(&self, path: &str) -> Option<&ZipEntry> {
        self.by_name.get(path).and_then(|at| self.entries.get(*at))
    }

    /// Unpacks a file: into memory, or to an unnamed file if it is large.
    ///
    /// # Errors
    /// It is refused or damaged: a text for people.
    pub(super) fn read(&self, entry: &ZipEntry) -> Result<Raw, String> {
        let mut spool = SpooledTempFile::new(LARGE as usize);
        self.unpack(entry, u64::MAX, &mut spool)?;
        into_raw(spool)
            .inspect_err(|error| self.faults.note(error))
            .map_err(|error| format!("cannot unpack `{}`: {error}", entry.path))
    }

    /// Unpacks a file to an unnamed file, whatever its size.
    ///
    /// # Errors
    /// It is refused or damaged, or the disk is full: a text for people.
    pub(super) fn read_to_file(&self, entry: &ZipEntry) -> Result<File, String> {
        let mut file = tempfile::tempfile()
            .inspect_err(|error| self.faults.note(error))
            .map_err(|error| format!("cannot unpack `{}`: {error}", entry.path))?;
        self.unpack(entry, u64::MAX, &mut file)?;
        Ok(file)
    }

    /// The first `len` bytes of a file, or all of it if it is shorter.
    ///
    /// # Errors
    /// It is refused or damaged: a text for people.
    pub(super) fn head(&self, entry: &ZipEntry, len: u64) -> Result<Vec<u8>, String> {
        let mut head = Vec::new();
        self.unpack(entry, len, &mut head)?;
        Ok(head)
    }

    fn unpack(&self, entry: &ZipEntry, most: u64, out: &mut dyn Write) -> Result<(), String> {
        if let Some(problem) = &entry.problem {
            return Err(problem.clone());
        }
        let cannot = |error: io::Error| format!("cannot unpack `{}`: {error}", entry.path);
        // A copy shares what was read of the directory.
        let mut archive = self.archive.clone();
        let file = archive.by_index(entry.index).map_err(|error| damaged(&error))?;
        let declared = file.size();
        let mut limited = file.take(most.min(declared.saturating_add(1)));
        let unpacked = io::copy(&mut limited, &mut self.faults.watch_writer(out)).map_err(cannot)?;
        if unpacked > declared || (unpacked < declared && unpacked < most) {
            return Err(format!("`{}` is not as long as the zip file says; the zip file is damaged", entry.path));
        }
        Ok(())
    }
}

/// Names are UTF-8 in practice whether or not their flag says so; else in the code page that the format assumes.
fn name_of<R: Read>(file: &zip::read::ZipFile<'_, R>) -> String {
    match std::str::from_utf8(file.name_raw()) {
        Ok(name) => name.to_owned(),
        Err(_) => file.name().map_or_else(|_| String::from_utf8_lossy(file.name_raw()).into_owned(), Cow::into_owned),
    }
}

fn damaged(error: &ZipError) -> String {
    format!("a damaged zip file ({error}); fetch or make it again")
}

fn problem(path: &str, symlink: bool, encrypted: bool, bytes: u64, compressed: u64) -> Option<String> {
    let leads_out = path.starts_with('/') || path.split('/').any(|part| part == "..") || path.contains('\0');
    if leads_out {
        Some("its name leads out of the zip file; it is not unpacked".to_owned())
    } else if symlink {
        Some("a symbolic link inside of a zip file, not followed".to_owned())
    } else if encrypted {
        Some("encrypted with a password; unpack it with the password and give the folder".to_owned())
    } else if bytes > ALWAYS_ALLOWED && bytes / compressed.max(1) > MAX_RATIO {
        Some(format!(
            "would expand {} times, as a zip bomb does; unpack it by hand if it is none",
            bytes / compressed.max(1)
        ))
    } else {
        None
    }
}

/// How many files the end of a zip file declares (APPNOTE 4.3.14 and 4.3.16), so that a list of millions is not read.
fn declared_entries(source: &dyn RawSource) -> Option<u64> {
    const END: usize = 22;
    const END64: usize = 56;
    let start = source.len().saturating_sub(0xffff + (END + END64 + 20) as u64);
    let mut tail = vec![0; (source.len() - start) as usize];
    source.read_exact_at(start, &mut tail).ok()?;
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06")?;
    let count = u16::from_le_bytes(tail.get(end + 10..end + 12)?.try_into().ok()?);
    let end64 = memchr::memmem::rfind(&tail, b"PK\x06\x06");
    match end64 {
        Some(at) => Some(u64::from_le_bytes(tail.get(at + 32..at + 40)?.try_into().ok()?)),
        None => Some(u64::from(count)),
    }
}

/// A place in a source.
#[derive(Clone)]
pub(super) struct SourceCursor {
    source: Arc<dyn RawSource>,
    position: u64,
}

impl SourceCursor {
    /// The first byte of `source`.
    pub(super) fn new(source: Arc<dyn RawSource>) -> Self {
        Self { source, position: 0 }
    }
}

impl Read for SourceCursor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.source.len().saturating_sub(self.position);
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let target = buffer.get_mut(..len).unwrap_or_default();
        self.source.read_exact_at(self.position, target)?;
        self.position += len as u64;
        Ok(len)
    }
}

impl Seek for SourceCursor {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.source.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = place.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "before the first byte"))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn opened(bytes: Vec<u8>) -> Result<ZipFile, String> {
        ZipFile::open(Arc::new(bytes), &Faults::default())
    }

    #[test]
    fn files_are_found_and_read() {
        let zip = opened(zip(&[("b/two.txt", b"two"), ("a.txt", b"one"), ("__MACOSX/._a.txt", b"x")])).unwrap();
        let names: Vec<_> = zip.entries().iter().map(|entry| (entry.folder(), entry.name())).collect();
        assert_eq!(names, [("", "a.txt"), ("b/", "two.txt")]);
        let Raw::Memory(bytes) = zip.read(zip.find("b/two.txt").unwrap()).unwrap() else { panic!("small") };
        assert_eq!(bytes, b"two");
        assert_eq!(zip.head(zip.find("a.txt").unwrap(), 2).unwrap(), b"on");
    }

    #[test]
    fn two_files_of_one_name_are_no_loss_in_silence() {
        let mut two = zip(&[("a.eml", b"one"), ("b.eml", b"two")]);
        while let Some(at) = memchr::memmem::find(&two, b"b.eml") {
            two[at] = b'a';
        }
        assert!(opened(two).err().unwrap().contains("several files of one name"));
    }

    #[test]
    fn a_bomb_is_refused_and_its_neighbour_is_not() {
        let zeros = vec![0; (ALWAYS_ALLOWED + 1) as usize];
        let zip = opened(zip(&[("zeros", &zeros), ("chat.txt", b"hello")])).unwrap();
        assert!(zip.read(zip.find("zeros").unwrap()).unwrap_err().contains("zip bomb"));
        assert!(zip.read(zip.find("chat.txt").unwrap()).is_ok());
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in ["../../etc/passwd", "/etc/passwd", "a/../../b", "..\\x"] {
            let zip = opened(zip(&[(name, b"x")])).unwrap();
            let entry = zip.entries().first().unwrap();
            assert!(zip.read(entry).unwrap_err().contains("leads out"), "{name}");
        }
    }

    #[test]
    fn damage_is_an_error() {
        let whole = zip(&[("a.txt", vec![7; 100_000].as_slice())]);
        assert!(opened(whole[..whole.len() / 2].to_vec()).is_err());
        assert!(opened(b"PK\x03\x04".to_vec()).is_err());
        let mut flipped = whole.clone();
        flipped[45] ^= 0xff;
        let read = opened(flipped).and_then(|zip| zip.read(zip.entries().first().unwrap()).map(drop));
        assert!(read.is_err());
    }

    #[test]
    fn a_million_files_are_refused_before_they_are_listed() {
        let mut end = b"PK\x06\x06".to_vec();
        end.extend([0; 28]);
        end.extend(1_000_000_u64.to_le_bytes());
        end.extend([0; 36]);
        end.extend(b"PK\x05\x06\0\0\0\0");
        end.extend([0xff; 12]);
        end.extend([0; 2]);
        assert!(opened(end).err().unwrap().contains("1000000 files"));
    }
}
