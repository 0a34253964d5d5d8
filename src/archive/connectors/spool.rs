//! Where deliveries lie between their fetching and their import.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::connector::remote::Listed;
use crate::{Error, Result};

/// Name of the folder in the archive's directory.
const FOLDER: &str = "spool";

/// Bytes of the longest name of a file; systems take 255.
const LONGEST_NAME: usize = 200;

/// A folder that only this user may read, and that is gone when the run has ended.
pub(super) struct Spool {
    path: PathBuf,
}

impl Spool {
    /// Makes it in the archive's directory, empty: what a killed run left is removed.
    pub(super) fn create(archive: &Path) -> Result<Self> {
        let spool = Self { path: archive.join(FOLDER) };
        spool.clear()?;
        Ok(spool)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes everything in it.
    pub(super) fn clear(&self) -> Result<()> {
        remove(&self.path)?;
        DirBuilder::new().mode(0o700).create(&self.path).map_err(Error::io("create", &self.path))
    }

    /// A new file for a delivery. It keeps its name, because names tell what a file is, and those of one folder stay
    /// together, because messages name files beside them.
    pub(super) fn file(&self, listed: &Listed) -> Result<(PathBuf, File)> {
        let folder = listed.id.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut path = self.path.clone();
        path.extend(folder.split('/').filter_map(plain));
        let name = plain(&listed.name).unwrap_or_else(|| "delivery".to_owned());
        for n in 0_u64.. {
            // Two keys may become one path here: the later one gets a folder of its own.
            let folder = if n == 0 { path.clone() } else { path.join(n.to_string()) };
            let file = folder.join(&name);
            let made = DirBuilder::new()
                .mode(0o700)
                .recursive(true)
                .create(&folder)
                .and_then(|()| OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&file));
            match made {
                Ok(made) => return Ok((file, made)),
                Err(error) if n < 1000 && error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::io("create", &file)(error)),
            }
        }
        Err(Error::InvalidInput(format!("there is no room for `{}`", listed.id)))
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // The next run removes what is left.
        remove(&self.path).ok();
    }
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// A name that leads nowhere else and that every system takes; `None` if nothing is left of it.
fn plain(name: &str) -> Option<String> {
    let name = name.rsplit('/').next().unwrap_or_default();
    let name: String = name.chars().map(|c| if c.is_control() { '_' } else { c }).collect();
    if name.is_empty() || name == "." || name == ".." {
        return None;
    }
    if name.len() <= LONGEST_NAME {
        return Some(name);
    }
    // The end of a name says what is in the file, as in `.zip`.
    let start = (0..=LONGEST_NAME / 2).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    let end = (name.len() - LONGEST_NAME / 2..=name.len()).find(|at| name.is_char_boundary(*at)).unwrap_or(name.len());
    Some(format!("{}{}", name.get(..start).unwrap_or_default(), name.get(end..).unwrap_or_default()))
}
