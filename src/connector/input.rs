//! A file to be converted, on a disk or inside of a zip file, and what lies beside it.

use std::collections::HashSet;
use std::fs;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::attached::{Attached, resolve_inside};
use super::faults::Faults;
use super::zip_file::ZipFile;
use super::{Raw, SourceEvent};
use crate::message::{RawReader, RawSource};

/// What a converter is given.
pub(super) struct Input {
    /// How the file is named to people: its path, and its place in a zip file.
    pub(super) origin: String,
    /// Its name, without folders.
    pub(super) name: String,
    /// What it holds.
    pub(super) content: InputContent,
    /// The files that came with it.
    pub(super) beside: Beside,
}

/// What a file holds.
pub(super) enum InputContent {
    /// Bytes that the converter understands.
    File(Arc<dyn RawSource>),
    /// A delivery of several files, all of them the converter's.
    Zip(Arc<ZipFile>),
}

impl InputContent {
    /// The bytes of a file that is no bundle.
    ///
    /// # Errors
    /// It is a zip file: a text for people.
    pub(super) fn file(&self) -> Result<Arc<dyn RawSource>, String> {
        match self {
            Self::File(source) => Ok(Arc::clone(source)),
            Self::Zip(_) => Err("a zip file where a single file was expected; unpack it first (`unzip`)".to_owned()),
        }
    }
}

/// Reads a source from its beginning.
pub(super) type SourceReader = BufReader<RawReader<Arc<dyn RawSource>>>;

/// Bytes that are read at once of a large source.
const BUFFER: u64 = 1 << 18;

/// A buffered reader of all of `source`.
pub(super) fn reader(source: Arc<dyn RawSource>) -> SourceReader {
    let len = source.len();
    // Room for all of a small one and its end: to make and clear more costs more than to read it.
    BufReader::with_capacity((len + 1).min(BUFFER) as usize, RawReader::new(source, 0, len))
}

/// What a converter or another reader of several messages is: its events, in the order of the file. The last may be
/// [`SourceEvent::Closed`].
pub(super) trait Reader: Iterator<Item = SourceEvent> + Send {
    /// Bytes of the file that are done with; for progress.
    fn bytes_done(&self) -> u64 {
        0
    }
}

/// The files beside a file.
#[derive(Clone)]
pub(super) enum Beside {
    /// Those of its folder.
    Folder {
        /// The folder without symbolic links; nothing outside of it is read.
        base: PathBuf,
        /// Where it is noted which of them were taken.
        attachments: Attachments,
    },
    /// Those of the zip file that it is in.
    Zip {
        /// The zip file.
        zip: Arc<ZipFile>,
        /// Path of the zip file.
        path: PathBuf,
        /// The folder inside of it, with `/` at its end; empty for its root.
        folder: String,
        /// Where it is noted which of them were taken.
        attachments: Attachments,
    },
}

impl Beside {
    /// The files in the folder of the file `path`.
    ///
    /// # Errors
    /// The folder cannot be looked at.
    pub(super) fn file(path: &Path, attachments: &Attachments) -> io::Result<Self> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self::Folder { base: fs::canonicalize(parent)?, attachments: attachments.clone() })
    }

    /// Where failures of this machine are noted.
    pub(super) fn faults(&self) -> &Faults {
        let (Self::Folder { attachments, .. } | Self::Zip { attachments, .. }) = self;
        &attachments.faults
    }

    /// Whether there is a file `name` beside it.
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder { base, .. } => is_plain(name) && base.join(name).is_file(),
            Self::Zip { zip, folder, .. } => zip.find(&format!("{folder}{name}")).is_some(),
        }
    }

    /// The first `len` bytes of a file `name` beside it, or all of it if it is shorter; nothing if it cannot be read.
    pub(super) fn head(&self, name: &str, len: u64) -> Vec<u8> {
        match self {
            Self::Folder { base, .. } => {
                let mut head = Vec::new();
                let file = resolve_inside(base, name).ok().flatten().and_then(|path| fs::File::open(path).ok());
                let read = file.is_some_and(|file| file.take(len).read_to_end(&mut head).is_ok());
                if read { head } else { Vec::new() }
            }
            Self::Zip { zip, folder, .. } => {
                let entry = zip.find(&format!("{folder}{name}"));
                entry.and_then(|entry| zip.head(entry, len).ok()).unwrap_or_default()
            }
        }
    }

    /// The bytes of a file by its path relative to the file, with `/` between components. It counts as taken.
    ///
    /// # Errors
    /// There is none, it is outside of the folder, or it cannot be read: a text for people.
    pub(super) fn take(&self, path: &str) -> Result<Attached, String> {
        match self {
            Self::Folder { base, attachments } => {
                let attached = Attached::measure_file(base, path, &attachments.faults)?;
                attached.file().into_iter().for_each(|file| attachments.add(file));
                Ok(attached)
            }
            Self::Zip { zip, path: zip_path, folder, attachments } => {
                let name = format!("{folder}{path}");
                let entry = zip.find(&name).ok_or_else(|| format!("`{path}` is not in the zip file"))?;
                let attached =
                    Attached::measure(zip.read(entry)?).map_err(|error| format!("cannot read `{path}`: {error}"))?;
                attachments.add(&PathBuf::from(format!("{}/{name}", zip_path.display())));
                Ok(attached)
            }
        }
    }
}

/// Whether a name leads nowhere else.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\', '\0']) && !matches!(name, "." | "..")
}

/// Files that belong to messages: they are no sources of their own.
#[derive(Debug, Clone, Default)]
pub(super) struct Attachments {
    files: Arc<Mutex<HashSet<PathBuf>>>,
    /// Where it is noted that this machine failed.
    pub(super) faults: Faults,
}

impl Attachments {
    /// Notes that a file belongs to a message.
    pub(super) fn add(&self, file: &Path) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if !files.contains(file) {
            files.insert(file.to_owned());
        }
    }

    /// Whether `path` leads to one of them.
    pub(super) fn contains(&self, path: &Path) -> bool {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        !files.is_empty() && (files.contains(path) || fs::canonicalize(path).is_ok_and(|file| files.contains(&file)))
    }
}

/// The bytes as something that can be read at any place.
pub(super) fn source_of(raw: Raw) -> Arc<dyn RawSource> {
    match raw {
        Raw::Memory(bytes) => Arc::new(bytes),
        Raw::Stored(source) => source,
    }
}
