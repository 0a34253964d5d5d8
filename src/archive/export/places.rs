//! Where the items of each folder stand in an export.

use std::collections::{HashMap, HashSet};

use super::{FolderNo, Selected, Selection};
use crate::exporter::{file_name, folder_name};
use crate::store::{folder, mailbox};
use crate::{Error, Result};

/// Where the items of a folder stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Address of the mailbox.
    pub(super) mailbox: String,
    /// Path of the folder in the archive.
    pub(super) folder: String,
    /// Path in the export.
    pub(super) path: String,
}

/// Where the items of all folders stand, and in which order.
#[derive(Debug)]
pub(super) struct Places {
    by_folder: HashMap<FolderNo, (usize, Place)>,
}

impl Places {
    /// A place for each folder of a selection. Names that are one on some file system are told apart by a number.
    pub(super) fn of(selection: &Selection) -> Result<Self> {
        let wanted: HashSet<FolderNo> = selection.items.iter().map(|selected| selected.folder).collect();
        let mut named = Vec::with_capacity(wanted.len());
        for no in wanted {
            let folder = folder(&selection.snapshot, no)?;
            named.push((mailbox(&selection.snapshot, folder.mailbox)?.address, folder.path, no));
        }
        named.sort();
        let mut taken = HashSet::new();
        let places = named.into_iter().enumerate().map(|(rank, (mailbox, folder, no))| {
            let path = free(&format!("{}/{}", file_name(&mailbox), folder_name(&folder)), &mut taken);
            (no, (rank, Place { mailbox, folder, path }))
        });
        Ok(Self { by_folder: places.collect() })
    }

    /// Those of one folder together, by number; the folders by mailbox and path.
    pub(super) fn in_order(&self, mut items: Vec<Selected>) -> Vec<Selected> {
        let rank = |folder: &FolderNo| self.by_folder.get(folder).map(|(rank, _)| *rank);
        items.sort_unstable_by_key(|selected| (rank(&selected.folder), selected.item));
        items
    }

    /// Where the items of a folder stand.
    pub(super) fn of_folder(&self, no: FolderNo) -> Result<&Place> {
        let found = self.by_folder.get(&no).map(|(_, place)| place);
        found.ok_or_else(|| Error::NotFound { what: "folder", id: no.to_string() })
    }
}

/// `path`, or else `path (2)` and so on, which nothing in `taken` is but for small and capital letters.
fn free(path: &str, taken: &mut HashSet<String>) -> String {
    let numbered = (2_u64..).map(|n| format!("{path} ({n})"));
    let free = std::iter::once(path.to_owned()).chain(numbered).find(|path| taken.insert(path.to_lowercase()));
    free.unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_folders_stand_in_one_place() {
        let mut taken = HashSet::new();
        let mut free = |path| free(path, &mut taken);
        assert_eq!(
            [free("a/In"), free("a/in"), free("a/IN"), free("a/Out")],
            ["a/In", "a/in (2)", "a/IN (3)", "a/Out"]
        );
    }
}
