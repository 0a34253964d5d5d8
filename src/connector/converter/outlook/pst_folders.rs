//! The folders of a data file, one after the other.

use std::collections::HashSet;
use std::rc::Rc;

use super::property::{Properties, id};
use super::pst_file::{PstFile, word};
use super::pst_heap::{Heap, Names};
use super::pst_table::Table;
use crate::text::code_page::WESTERN;

/// Folders in folders that are followed.
const MAX_DEPTH: usize = 100;

/// The node of the file's own properties (MS-PST 2.4.1).
const STORE: u32 = 0x21;

/// The node of the topmost folder (MS-PST 2.4.1).
pub(super) const ROOT_FOLDER: u32 = 0x122;

/// The kind of a node is in its lowest five bits (MS-PST 2.2.2.1).
const KIND: u32 = 0x1F;
const FOLDER: u32 = 0x02;
const HIERARCHY: u32 = 0x0D;
const CONTENTS: u32 = 0x0E;
const ASSOCIATED: u32 = 0x0F;

/// What is found in a folder.
pub(super) struct Folder {
    /// Names of the folders around it and its own, with `/` between; empty for the topmost.
    pub(super) path: String,
    /// Nodes of its items in the order of its table.
    pub(super) items: Vec<u32>,
    /// Settings of Outlook that are stored like items.
    pub(super) settings: usize,
    /// What of it cannot be read, for people.
    pub(super) problem: Option<String>,
}

/// Walks the folders: each before those in it, which come in the order of its table.
pub(super) struct Folders {
    file: Rc<PstFile>,
    /// The folder that Outlook shows as the top; its name is no part of paths.
    top: Option<u32>,
    open: Vec<(u32, String, usize)>,
    seen: HashSet<u32>,
}

impl Folders {
    /// Starts at the root.
    pub(super) fn new(file: Rc<PstFile>) -> Self {
        let top = top(&file);
        Self { top, file, open: vec![(ROOT_FOLDER, String::new(), 0)], seen: HashSet::new() }
    }

    fn read(&mut self, node: u32, parent: &str, depth: usize) -> Folder {
        let properties = properties(&self.file, node);
        let mut problems = Vec::new();
        if let Err(reason) = &properties {
            problems.push(format!("its properties are damaged ({reason}); repair it with `scanpst`"));
        }
        let properties = properties.unwrap_or_default();
        let path = self.path(node, &properties, parent);
        let mut list = |kind: u32, what: &str| {
            ids(&self.file, (node & !KIND) | kind).unwrap_or_else(|reason| {
                problems.push(format!("its list of {what} is damaged ({reason}); repair it with `scanpst`"));
                Vec::new()
            })
        };
        let mut inner = list(HIERARCHY, "folders");
        let items = list(CONTENTS, "items");
        let settings = ids(&self.file, (node & !KIND) | ASSOCIATED).map_or(0, |settings| settings.len());
        inner.retain(|node| node & KIND == FOLDER);
        if depth < MAX_DEPTH {
            self.open.extend(inner.into_iter().rev().map(|node| (node, path.clone(), depth + 1)));
        } else if !inner.is_empty() {
            problems.push(format!("the folders in it are more than {MAX_DEPTH} deep and are not read"));
        }
        let declared = properties.integer(id::CONTENT_COUNT).and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        if items.len() < declared && problems.is_empty() {
            let found = items.len();
            problems
                .push(format!("it says that it has {declared} items, and {found} are found; repair it with `scanpst`"));
        }
        Folder { path, items, settings, problem: (!problems.is_empty()).then(|| problems.join("; ")) }
    }

    fn path(&self, node: u32, properties: &Properties, parent: &str) -> String {
        let is_top = node == ROOT_FOLDER || Some(node) == self.top;
        let name = if is_top { "" } else { properties.text(id::DISPLAY_NAME).unwrap_or("unnamed") };
        let name = name.replace(['/', '\\'], "_");
        if parent.is_empty() || name.is_empty() { format!("{parent}{name}") } else { format!("{parent}/{name}") }
    }
}

impl Iterator for Folders {
    type Item = Folder;

    fn next(&mut self) -> Option<Folder> {
        let (node, parent, depth) = self.open.pop()?;
        if !self.seen.insert(node) {
            let problem = Some("a folder is in itself; repair it with `scanpst`".to_owned());
            return Some(Folder { path: parent, items: Vec::new(), settings: 0, problem });
        }
        Some(self.read(node, &parent, depth))
    }
}

fn top(file: &Rc<PstFile>) -> Option<u32> {
    let store = properties(file, STORE).ok()?;
    // An entry identifier ends with the node (MS-PST 2.4.3.2).
    Some(word(store.bytes(id::TOP_FOLDER)?, 20, 4).ok()? as u32)
}

fn properties(file: &Rc<PstFile>, node: u32) -> Result<Properties, String> {
    let (mut properties, _) = Heap::open(file, file.node(node)?)?.properties(&Names::default())?;
    properties.settle(WESTERN);
    Ok(properties)
}

/// Identifiers of the rows of a folder's table.
fn ids(file: &Rc<PstFile>, node: u32) -> Result<Vec<u32>, String> {
    let node = file.node(node)?;
    if node.data == 0 {
        return Ok(Vec::new());
    }
    Table::of(Heap::open(file, node)?)?.ids()
}
