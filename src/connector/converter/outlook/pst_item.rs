//! Items of a data file (MS-PST 2.4.5 and 2.4.6).

use std::collections::HashMap;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use super::compound::absent;
use super::item::{Item, ItemAttachment, ItemContent};
use super::property::{Properties, id};
use super::pst_file::{DAMAGED, InnerNodes, Node, PstFile, word};
use super::pst_folders::ROOT_FOLDER;
use super::pst_heap::{Heap, Names, OBJECT, is_in_heap};
use super::pst_table::rows;
use super::value::named;
use crate::message::RawSource;
use crate::text::code_page::WESTERN;

/// Nodes that every item with recipients or attachments has inside (MS-PST 2.4.5).
const RECIPIENTS: u32 = 0x692;
const ATTACHMENTS: u32 = 0x671;

/// The method of attachments that are objects of other programs (`afStorage`, MS-OXCMSG 2.2.2.9).
const STORAGE: i64 = 6;

/// The node of the names of named properties (MS-PST 2.4.1).
const NAMES: u32 = 0x61;

/// An open data file.
pub(super) struct DataFile {
    /// Its nodes.
    pub(super) file: Rc<PstFile>,
    names: Names,
}

impl DataFile {
    /// Opens it in either form. If its names of properties are damaged, properties have none.
    ///
    /// # Errors
    /// It is damaged or of a version that is not read: a text for people.
    pub(super) fn open(source: &Arc<dyn RawSource>) -> Result<Self, String> {
        let file = Rc::new(PstFile::open(Arc::clone(source))?);
        file.node(ROOT_FOLDER).map_err(|reason| format!("{DAMAGED} ({reason})"))?;
        let names = names(&file).unwrap_or_default();
        Ok(Self { file, names: Rc::new(names) })
    }

    /// One of its items by its node.
    ///
    /// # Errors
    /// It is damaged: a text for people.
    pub(super) fn item(&self, node: u32) -> Result<DataFileItem, String> {
        DataFileItem::read(&self.file, self.file.node(node)?, &self.names, WESTERN)
    }
}

fn names(file: &Rc<PstFile>) -> Result<HashMap<u16, String>, String> {
    let heap = Heap::open(file, file.node(NAMES)?)?;
    let (properties, _) = heap.properties(&Names::default())?;
    let [guids, entries, texts] = [2, 3, 4].map(|id| properties.bytes(id).unwrap_or_default());
    Ok(entries.chunks_exact(8).filter_map(|entry| named(entry, guids, texts)).collect())
}

/// An item of a data file.
pub(super) struct DataFileItem {
    file: Rc<PstFile>,
    names: Names,
    code_page: i64,
    properties: Properties,
    recipients: Vec<Properties>,
    /// Node of each attachment, and what the table of attachments says about it.
    attachments: Vec<(u32, Properties)>,
    inner: InnerNodes,
}

impl DataFileItem {
    fn read(file: &Rc<PstFile>, node: Node, names: &Names, otherwise: i64) -> Result<Self, String> {
        let heap = Heap::open(file, node)?;
        let (mut properties, _) = heap.properties(names)?;
        let code_page = properties.code_page(otherwise);
        properties.settle(code_page);
        let inner = heap.inner;
        let table = |id: u32| inner.get(&id).map_or(Ok(Vec::new()), |node| rows(file, *node, names, code_page));
        let recipients = table(RECIPIENTS)?.into_iter().map(|(_, row)| row).collect();
        let attachments = table(ATTACHMENTS)?;
        Ok(Self {
            file: Rc::clone(file),
            names: Rc::clone(names),
            code_page,
            properties,
            recipients,
            attachments,
            inner,
        })
    }

    /// What an attachment holds. `data` are the type and the place of its data.
    fn content(&self, heap: &Heap, properties: &Properties, data: Option<(u16, u32)>) -> Result<ItemContent, String> {
        let Some((kind, reference)) = data.filter(|(_, reference)| *reference != 0) else {
            return Ok(ItemContent::Absent(absent(properties)));
        };
        if kind != OBJECT {
            return stored(heap, reference);
        }
        let node = heap.inner_node(word(&heap.bytes(reference)?, 0, 4)? as u32)?;
        if properties.integer(id::ATTACH_METHOD) != Some(STORAGE) {
            let item = Self::read(&self.file, node, &self.names, self.code_page)?;
            return Ok(ItemContent::Item(Box::new(item)));
        }
        Ok(ItemContent::Stored(Box::new(self.file.reader(node)?)))
    }
}

/// Data that are a value: in the heap, or in a node of which one block at a time is read.
fn stored(heap: &Heap, reference: u32) -> Result<ItemContent, String> {
    if is_in_heap(reference) {
        return heap.get(reference).map(|bytes| ItemContent::File(bytes.to_vec()));
    }
    // Read once to its end here, so that damage is told before anything of it is written.
    let node = heap.inner_node(reference)?;
    io::copy(&mut heap.file.reader(node)?, &mut io::sink()).map_err(|error| error.to_string())?;
    Ok(ItemContent::Stored(Box::new(heap.file.reader(node)?)))
}

impl Item for DataFileItem {
    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn recipients(&self) -> &[Properties] {
        &self.recipients
    }

    fn attachments(&self) -> usize {
        self.attachments.len()
    }

    fn attachment(&self, index: usize) -> Result<ItemAttachment, String> {
        let (id, row) = self.attachments.get(index).ok_or("there is none")?;
        let read = || {
            let node = self.inner.get(id).ok_or("its node is missing")?;
            let heap = Heap::open(&self.file, *node)?;
            let (mut properties, data) = heap.properties(&self.names)?;
            properties.settle(self.code_page);
            if let Some(method) =
                row.property(id::ATTACH_METHOD).filter(|_| properties.integer(id::ATTACH_METHOD).is_none())
            {
                properties.add(id::ATTACH_METHOD, method.clone());
            }
            let content = self.content(&heap, &properties, data)?;
            Ok(ItemAttachment { properties, content })
        };
        Ok(read().unwrap_or_else(|reason: String| {
            let reason = format!("it is damaged in the data file ({reason})");
            ItemAttachment { properties: row.clone(), content: ItemContent::Absent(reason) }
        }))
    }
}
