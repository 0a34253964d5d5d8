//! A folder of this machine that deliveries are put into.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::remote::Listed;
use super::walk::{Found, FoundFile, cannot_read, walk};
use crate::Result;
use crate::connector::sources::of_found;
use crate::connector::{Options, Rejection, Sources};

/// A file of a folder.
#[derive(Debug)]
pub struct FolderFile {
    /// As sources on a network list theirs; the id is its path below the folder.
    pub listed: Listed,
    /// The folder of a Maildir that it was delivered to, which decides over the folder of its message; else empty.
    pub place: String,
    found: FoundFile,
}

impl FolderFile {
    /// Its path.
    pub fn path(&self) -> PathBuf {
        self.found.path()
    }
}

/// What is in a folder.
#[derive(Debug, Default)]
pub struct FolderListing {
    /// Its files and those of the folders in it, in the order of the bytes of their paths.
    pub files: Vec<FolderFile>,
    /// What cannot be read: links, devices, hidden folders.
    pub passed: Vec<Rejection>,
}

/// Lists a folder.
///
/// # Errors
/// It does not exist or cannot be looked at.
pub fn list_folder(root: &Path) -> Result<FolderListing> {
    let mut listing = FolderListing::default();
    for found in walk(&[root.to_owned()])? {
        match found {
            Found::Passed(rejection) => listing.passed.push(rejection),
            Found::File(found) => match of_file(root, found) {
                Ok(file) => listing.files.push(file),
                Err(rejection) => listing.passed.push(rejection),
            },
        }
    }
    Ok(listing)
}

fn of_file(root: &Path, found: FoundFile) -> Result<FolderFile, Rejection> {
    let path = found.path();
    let version = file_version(&path).map_err(|error| {
        let (origin, bytes) = (path.display().to_string(), found.bytes);
        Rejection { origin, reason: cannot_read(&error), bytes }
    })?;
    let below = path.strip_prefix(root).ok().filter(|below| !below.as_os_str().is_empty());
    let id = text(below.unwrap_or(Path::new(&found.name)));
    let name = text(Path::new(&found.name));
    let listed = Listed { id, name, bytes: Some(found.bytes), version };
    let place = if found.place.delivered { found.place.folder.clone().unwrap_or_default() } else { String::new() };
    Ok(FolderFile { listed, place, found })
}

/// The version of a file: when it was written, and its size. Whoever writes to it changes it.
///
/// # Errors
/// The file cannot be looked at.
pub fn file_version(path: &Path) -> io::Result<String> {
    let metadata = fs::symlink_metadata(path)?;
    Ok(format!("{}.{:09}-{}", metadata.mtime(), metadata.mtime_nsec(), metadata.len()))
}

/// The messages of files that a folder listed.
pub fn open_files(files: Vec<FolderFile>, options: &Options) -> Sources {
    of_found(files.into_iter().map(|file| Found::File(file.found)).collect(), options)
}

/// A path as text; bytes that are none are written out.
fn text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::connector::{SourceEvent, Step};

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for file in files {
            let path = directory.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("From: a@b.example\nSubject: {file}\n\nx\n")).unwrap();
        }
        directory
    }

    #[test]
    fn files_are_known_by_their_path_below_the_folder() {
        let directory = folder(&["b/1.eml", "a.eml", "m/cur/1", "m/.Sent/cur/2", ".hidden/x"]);
        for maildir in ["m", "m/.Sent"] {
            fs::create_dir_all(directory.path().join(maildir).join("new")).unwrap();
            fs::create_dir_all(directory.path().join(maildir).join("tmp")).unwrap();
        }
        fs::write(directory.path().join(OsStr::from_bytes(b"\xff.eml")), "x").unwrap();
        symlink("a.eml", directory.path().join("link")).unwrap();
        let listing = list_folder(directory.path()).unwrap();
        let files: Vec<_> = listing.files.iter().map(|file| (file.listed.id.as_str(), file.place.as_str())).collect();
        let expected =
            [("a.eml", ""), ("b/1.eml", ""), ("m/.Sent/cur/2", "m/Sent"), ("m/cur/1", "m"), ("\\xff.eml", "")];
        assert_eq!(files, expected);
        assert_eq!(listing.passed.len(), 2, "{:?}", listing.passed);
        let one = list_folder(&directory.path().join("a.eml")).unwrap();
        assert_eq!(one.files.first().map(|file| file.listed.id.as_str()), Some("a.eml"));
        assert!(list_folder(&directory.path().join("nowhere")).is_err());
    }

    #[test]
    fn a_file_that_is_written_to_has_another_version() {
        let directory = folder(&["a.eml"]);
        let path = directory.path().join("a.eml");
        let before = file_version(&path).unwrap();
        assert_eq!(file_version(&path).unwrap(), before);
        fs::write(&path, "From: a@b.example\n\nlonger than before\n").unwrap();
        assert_ne!(file_version(&path).unwrap(), before);
    }

    #[test]
    fn only_files_read_to_their_end_are_finished() {
        let directory = folder(&["a.eml", "c.eml"]);
        fs::write(directory.path().join("b.zip"), b"PK\x03\x04cut").unwrap();
        fs::write(directory.path().join("d.bin"), b"\x00\x01\x02").unwrap();
        let listing = list_folder(directory.path()).unwrap();
        let mut sources = open_files(listing.files, &Options::default());
        let (mut finished, mut rejected, mut records) = (Vec::new(), Vec::new(), 0);
        while let Some(step) = sources.next_step() {
            match step {
                Step::Finished(path, None) => finished.push(path.file_name().unwrap().to_owned()),
                Step::Refused(rejection) => rejected.push(rejection.origin),
                Step::Event(SourceEvent::Record(_)) => records += 1,
                Step::Event(_) | Step::Finished(..) => {}
            }
        }
        assert_eq!(finished, ["a.eml", "c.eml"]);
        let whole = |name: &str| directory.path().join(name).display().to_string();
        assert_eq!(rejected, [whole("b.zip"), whole("d.bin")]);
        assert_eq!(records, 2);
    }
}
