//! Directories that are there whole, or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::exporter::sync_all;
use crate::{Error, Result};

/// A directory being filled beside the place where it is wanted; gone again if nothing comes of it.
pub(super) struct NewDirectory {
    partial: TempDir,
    wanted: PathBuf,
}

impl NewDirectory {
    /// Begins one that is to be called `wanted`, outside of the directory `archive`: what is destroyed later would stay there.
    ///
    /// # Errors
    /// There is something with that name, it is inside of the archive, or its parent cannot be written.
    pub(super) fn beside(wanted: &Path, archive: &Path) -> Result<Self> {
        let parent = parent_of(wanted);
        let is_inside = match (fs::canonicalize(parent), fs::canonicalize(archive)) {
            (Ok(parent), Ok(archive)) => parent.starts_with(archive),
            _ => false,
        };
        if is_inside {
            let text = format!("`{}` is inside of the archive: choose another place", wanted.display());
            return Err(Error::InvalidInput(text));
        }
        refuse_existing(wanted)?;
        let named = tempfile::Builder::new().prefix(".custodia-").tempdir_in(parent);
        let partial = named.map_err(Error::io("create a directory in", parent))?;
        Ok(Self { partial, wanted: wanted.to_owned() })
    }

    /// Where it is filled.
    pub(super) fn path(&self) -> &Path {
        self.partial.path()
    }

    /// Gives it its name, when all of it is on disk.
    ///
    /// # Errors
    /// It cannot be written, or there is something with that name by now.
    pub(super) fn give_name(self) -> Result<()> {
        sync_all(self.partial.path())?;
        refuse_existing(&self.wanted)?;
        fs::rename(self.partial.path(), &self.wanted).map_err(Error::io("create", &self.wanted))?;
        // The directory has another name by now, so that there is nothing to remove.
        let _ = self.partial.keep();
        let parent = parent_of(&self.wanted);
        fs::File::open(parent).and_then(|parent| parent.sync_all()).map_err(Error::io("write", parent))
    }
}

fn parent_of(directory: &Path) -> &Path {
    directory.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn refuse_existing(directory: &Path) -> Result<()> {
    match fs::symlink_metadata(directory) {
        Ok(_) => Err(Error::AlreadyExists { what: "directory", id: directory.display().to_string() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io("create", directory)(error)),
    }
}
