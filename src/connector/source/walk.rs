//! The files below the paths given.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use super::maildir::{folder_below, is_delivery, is_maildir};
use crate::connector::Rejection;
use crate::{Error, Result};

/// A file to read, or what is passed over.
#[derive(Debug)]
pub(in crate::connector) enum Found {
    File(FoundFile),
    Passed(Rejection),
}

/// A regular file.
#[derive(Debug)]
pub(in crate::connector) struct FoundFile {
    pub(in crate::connector) place: Arc<Place>,
    pub(in crate::connector) name: OsString,
    /// Its size when it was found.
    pub(in crate::connector) bytes: u64,
    /// Whether it was itself given, not only a folder above it.
    pub(in crate::connector) given: bool,
}

impl FoundFile {
    pub(in crate::connector) fn path(&self) -> PathBuf {
        self.place.path.join(&self.name)
    }
}

/// A directory, shared by the files in it.
#[derive(Debug, Default)]
pub(in crate::connector) struct Place {
    pub(in crate::connector) path: PathBuf,
    /// The way to it from the directory given, in the words of folders; `None` for that itself.
    pub(in crate::connector) folder: Option<String>,
    /// Whether it is `cur` or `new` of a Maildir.
    pub(in crate::connector) delivered: bool,
    is_maildir: bool,
}

impl Place {
    /// A directory that was given, or whose file was.
    fn given(path: &Path) -> Self {
        let there = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let real = fs::canonicalize(there).unwrap_or_else(|_| there.to_owned());
        Self { path: path.to_owned(), ..Self::judged(&real) }
    }

    /// A directory by its name and the one above it, which is why the path has to be the real one.
    fn judged(real: &Path) -> Self {
        let (Some(name), Some(parent)) = (real.file_name(), real.parent()) else { return Self::default() };
        let in_maildir = is_maildir(parent);
        if in_maildir && is_delivery(name) {
            return Self { delivered: true, is_maildir: false, ..Self::judged(parent) };
        }
        let is_folder = in_maildir && name.as_encoded_bytes().starts_with(b".");
        let folder = is_folder.then(|| folder_below(None, name, true));
        Self { path: PathBuf::new(), folder, delivered: false, is_maildir: is_maildir(real) }
    }

    /// A directory in this one.
    fn below(&self, path: &Path, name: &OsStr) -> Self {
        let path = path.to_owned();
        if self.is_maildir && is_delivery(name) {
            return Self { path, folder: self.folder.clone(), delivered: true, is_maildir: false };
        }
        let folder = Some(folder_below(self.folder.as_deref(), name, self.is_maildir));
        Self { folder, delivered: false, is_maildir: is_maildir(&path), path }
    }
}

/// Lists the files of the paths given, those of folders in the order of the bytes of their names.
///
/// # Errors
/// A path that was given does not exist or cannot be looked at.
pub(in crate::connector) fn walk(paths: &[PathBuf]) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for path in paths {
        let metadata = fs::metadata(path).map_err(Error::io("read", path))?;
        if metadata.is_dir() {
            walk_directory(path, &mut found);
        } else {
            found.push(given_file(path, &metadata));
        }
    }
    Ok(found)
}

fn given_file(path: &Path, metadata: &Metadata) -> Found {
    let Some(name) = path.file_name().filter(|_| metadata.is_file()) else { return special(path) };
    let parent = path.parent().unwrap_or(Path::new(""));
    let place = Arc::new(Place::given(parent));
    Found::File(FoundFile { place, name: name.to_owned(), bytes: metadata.len(), given: true })
}

fn walk_directory(root: &Path, found: &mut Vec<Found>) {
    // The directory at each depth above the entry at hand.
    let mut places: Vec<Arc<Place>> = Vec::new();
    let mut entries = WalkDir::new(root).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.push(unreadable(root, &error));
                continue;
            }
        };
        places.truncate(entry.depth());
        let parent = places.last().cloned();
        if !entry.file_type().is_dir() && entry.depth() > 0 {
            found.push(file_of(&entry, parent.unwrap_or_default()));
            continue;
        }
        if let Some(why) = passed_over(&entry, parent.as_deref()) {
            entries.skip_current_dir();
            found.extend(census(entry.path(), why));
            continue;
        }
        places.push(Arc::new(match parent {
            Some(parent) => parent.below(entry.path(), entry.file_name()),
            None => Place::given(root),
        }));
    }
}

fn file_of(entry: &DirEntry, place: Arc<Place>) -> Found {
    if entry.file_type().is_symlink() {
        let reason = "a symbolic link, not followed; give the file or folder that it leads to as an argument";
        return passed(entry.path(), reason, 0);
    }
    match entry.metadata() {
        Ok(metadata) if metadata.is_file() => {
            Found::File(FoundFile { place, name: entry.file_name().to_owned(), bytes: metadata.len(), given: false })
        }
        Ok(_) => special(entry.path()),
        Err(error) => unreadable(entry.path(), &error),
    }
}

/// Why a directory is not entered.
fn passed_over(entry: &DirEntry, parent: Option<&Place>) -> Option<&'static str> {
    if entry.path().join("archive.redb").symlink_metadata().is_ok() {
        return Some("an archive of this program, not a source; export from it instead");
    }
    let parent = parent?;
    if parent.is_maildir && entry.file_name() == "tmp" {
        return Some("`tmp` of a Maildir, where messages are not delivered yet");
    }
    let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
    (hidden && !is_maildir(entry.path())).then_some("a hidden folder; give it as an argument to read it")
}

/// Reports a directory that is not entered with what it holds; nothing, if that is nothing.
fn census(path: &Path, why: &str) -> Option<Found> {
    let (mut files, mut bytes, mut unread) = (0_u64, 0_u64, 0_u64);
    for entry in WalkDir::new(path).min_depth(1) {
        match entry.and_then(|entry| entry.metadata()) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) => {
                files += 1;
                bytes += if metadata.is_file() { metadata.len() } else { 0 };
            }
            Err(_) => unread += 1,
        }
    }
    let more = if unread > 0 { " or more" } else { "" };
    (files + unread > 0).then(|| passed(path, format!("{why} ({files}{more} files passed over)"), bytes))
}

fn special(path: &Path) -> Found {
    passed(path, "neither a file nor a folder (a device, pipe or socket)", 0)
}

fn unreadable(path: &Path, error: &walkdir::Error) -> Found {
    let path = error.path().unwrap_or(path);
    let reason = error.io_error().map_or_else(|| error.to_string(), cannot_read);
    passed(path, reason, 0)
}

fn passed(path: &Path, reason: impl Into<String>, bytes: u64) -> Found {
    Found::Passed(Rejection { origin: path.display().to_string(), reason: reason.into(), bytes })
}

/// Says that something cannot be read, why, and what helps.
pub(in crate::connector) fn cannot_read(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "no permission to read it; import as a user who may, or change it".to_owned()
        }
        io::ErrorKind::NotFound => "it vanished before it was read; import again".to_owned(),
        _ => format!("cannot be read: {error}; import it again"),
    }
}
