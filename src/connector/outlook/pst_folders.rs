//! The folders of a data file, one after the other.

use std::collections::HashSet;
use std::io;
use std::rc::Rc;

use outlook_pst::ltp::table_context::TableContext;
use outlook_pst::messaging::store::{EntryId, Store};
use outlook_pst::ndb::node_id::{NID_ROOT_FOLDER, NodeId, NodeIdType};

/// Folders in folders that are followed.
const MAX_DEPTH: usize = 100;

/// What is found in a folder.
pub(super) struct Folder {
    /// Names of the folders around it and its own, with `/` between; empty for the topmost.
    pub(super) path: String,
    /// Its items in the order of its table.
    pub(super) items: Vec<EntryId>,
    /// Settings of Outlook that are stored like items.
    pub(super) settings: usize,
    /// What of it cannot be read, for people.
    pub(super) problem: Option<String>,
}

/// Walks the folders: each before those in it, which come in the order of its table.
pub(super) struct Folders {
    store: Rc<dyn Store>,
    /// The folder that Outlook shows as the top; its name is no part of paths.
    top: Option<NodeId>,
    open: Vec<(NodeId, String, usize)>,
    seen: HashSet<u32>,
}

impl Folders {
    /// Starts at the root.
    pub(super) fn new(store: Rc<dyn Store>) -> Self {
        let top = store.properties().ipm_sub_tree_entry_id().ok().map(|entry| entry.node_id());
        let open = vec![(NID_ROOT_FOLDER, String::new(), 0)];
        Self { store, top, open, seen: HashSet::new() }
    }

    fn read(&mut self, node: NodeId, parent: &str, depth: usize) -> io::Result<Folder> {
        let entry = self.store.properties().make_entry_id(node)?;
        let folder = self.store.open_folder(&entry)?;
        let properties = folder.properties();
        let is_top = node == NID_ROOT_FOLDER || Some(node) == self.top;
        let name = if is_top { String::new() } else { properties.display_name().unwrap_or_default() };
        let name = name.trim_end_matches('\0').replace(['/', '\\'], "_");
        let path =
            if parent.is_empty() || name.is_empty() { format!("{parent}{name}") } else { format!("{parent}/{name}") };
        let mut inner: Vec<NodeId> = folder.hierarchy_table().map(nodes).unwrap_or_default();
        inner.retain(|node| matches!(node.id_type(), Ok(NodeIdType::NormalFolder)));
        let mut problem = None;
        if depth < MAX_DEPTH {
            self.open.extend(inner.into_iter().rev().map(|node| (node, path.clone(), depth + 1)));
        } else if !inner.is_empty() {
            problem = Some(format!("the folders in it are more than {MAX_DEPTH} deep and are not read"));
        }
        let nodes_of_items = folder.contents_table().map(nodes).unwrap_or_default();
        let declared = usize::try_from(properties.content_count().unwrap_or(0)).unwrap_or(0);
        if nodes_of_items.len() < declared {
            let found = nodes_of_items.len();
            problem =
                Some(format!("it says that it has {declared} items, and {found} are found; repair it with `scanpst`"));
        }
        if folder.hierarchy_table().is_none() && properties.has_sub_folders().unwrap_or(false) {
            problem = Some("its list of folders is damaged; repair it with `scanpst`".to_owned());
        }
        let store = self.store.properties();
        let items = nodes_of_items.into_iter().map(|node| store.make_entry_id(node)).collect::<io::Result<_>>()?;
        let settings = folder.associated_table().map(nodes).unwrap_or_default().len();
        Ok(Folder { path, items, settings, problem })
    }
}

impl Iterator for Folders {
    type Item = Folder;

    fn next(&mut self) -> Option<Folder> {
        let (node, parent, depth) = self.open.pop()?;
        if !self.seen.insert(u32::from(node)) {
            let problem = Some("a folder is in itself; repair it with `scanpst`".to_owned());
            return Some(Folder { path: parent, items: Vec::new(), settings: 0, problem });
        }
        Some(self.read(node, &parent, depth).unwrap_or_else(|error| Folder {
            path: parent,
            items: Vec::new(),
            settings: 0,
            problem: Some(format!("a folder in it is damaged ({error}); repair it with `scanpst`")),
        }))
    }
}

fn nodes(table: &Rc<dyn TableContext>) -> Vec<NodeId> {
    table.rows_matrix().map(|row| NodeId::from(u32::from(row.id()))).collect()
}
