//! Where the items of each folder stand in an export.

use std::collections::{HashMap, HashSet};

use super::{FolderNo, Selected, Selection};
use crate::exporter::{file_name, folder_name};
use crate::index::fold;
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
    pub(super) fn in_order(&self, items: &[Selected]) -> Vec<Selected> {
        let mut items = items.to_vec();
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

/// Most bytes of a place: Windows takes 260 characters for a whole path.
const LONGEST: usize = 160;

/// `path`, cut where it is too long, or else `path (2)` and so on, which nothing in `taken` is but for small and capital letters,
/// accents and other writings of one letter: some file systems take these for one.
fn free(path: &str, taken: &mut HashSet<String>) -> String {
    let path = shortened(path);
    let numbered = (2_u64..).map(|n| format!("{path} ({n})"));
    let free = std::iter::once(path.clone()).chain(numbered).find(|path| taken.insert(fold(path).into_owned()));
    free.unwrap_or(path)
}

/// As many levels of a path as there is room for; the first two, mailbox and top folder, stay.
fn shortened(path: &str) -> String {
    let mut short = String::new();
    for (level, name) in path.split('/').enumerate() {
        if level >= 2 && short.len() + name.len() >= LONGEST {
            break;
        }
        if level > 0 {
            short.push('/');
        }
        short.push_str(name);
    }
    short
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
        assert_eq!(
            [free("a/\u{e9}tude"), free("a/e\u{301}tude"), free("a/Stra\u{df}e"), free("a/STRASSE")],
            ["a/\u{e9}tude", "a/e\u{301}tude (2)", "a/Stra\u{df}e", "a/STRASSE (2)"]
        );
        let deep = format!("ann@x/{}", vec!["d".repeat(110); 60].join("/"));
        assert_eq!(free(&deep), format!("ann@x/{}", "d".repeat(110)));
        assert_eq!(free(&deep), format!("ann@x/{} (2)", "d".repeat(110)));
    }
}
