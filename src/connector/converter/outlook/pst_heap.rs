//! Heaps inside of nodes, and the properties in them (MS-PST 2.3.1 to 2.3.3).

use std::rc::Rc;

use super::property::{Properties, Property, Value, id};
use super::pst_file::{InnerNodes, Node, PstFile, word};
use super::value::{fixed_value, number, size, sized_value, variable_value};

/// Bytes of the longest value that is read into memory.
const MAX_VALUE: usize = 128 << 20;

/// Levels of a tree in a heap: more than any heap needs.
const MAX_LEVELS: u64 = 8;

/// Names of named properties by their identifiers.
pub(super) type Names = Rc<std::collections::HashMap<u16, String>>;

/// A node whose data are a heap.
pub(super) struct Heap {
    pub(super) file: Rc<PstFile>,
    /// Nodes inside of it, where long values are.
    pub(super) inner: InnerNodes,
    blocks: Vec<Vec<u8>>,
    /// Where its main structure begins.
    pub(super) root: u32,
}

/// What an attachment's data or a message in it refer to: the node inside of the attachment.
pub(super) const OBJECT: u16 = 0x000D;

impl Heap {
    /// Reads the heap of a node.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn open(file: &Rc<PstFile>, node: Node) -> Result<Self, String> {
        let blocks = file.pieces(node, MAX_VALUE)?;
        let first = blocks.first().map(Vec::as_slice).unwrap_or_default();
        if word(first, 2, 1)? != 0xEC {
            return Err("its heap is damaged".to_owned());
        }
        let root = word(first, 4, 4)? as u32;
        Ok(Self { file: Rc::clone(file), inner: file.inner(node)?, blocks, root })
    }

    /// What is stored in the heap under an identifier.
    pub(super) fn get(&self, id: u32) -> Result<&[u8], String> {
        if id == 0 {
            return Ok(&[]);
        }
        let (block, index) = ((id >> 16) as usize, ((id >> 5) & 0x7FF) as usize);
        let find = || {
            let block = self.blocks.get(block)?;
            let map = usize::try_from(number(block, 0, 2)?).ok()?;
            let count = number(block, map, 2)?;
            let at = map + 4 + 2 * index.checked_sub(1)?;
            let (start, end) = (number(block, at, 2)?, number(block, at + 2, 2)?);
            (index as u64 <= count).then(|| block.get(start as usize..end as usize)).flatten()
        };
        find().ok_or_else(|| "its heap is damaged".to_owned())
    }

    /// The records of a tree, keys included, in order.
    pub(super) fn records(&self, tree: u32) -> Result<Vec<Vec<u8>>, String> {
        let header = self.get(tree)?;
        if header.is_empty() || word(header, 0, 1)? != 0xB5 {
            return Err("a list in its heap is damaged".to_owned());
        }
        let key = word(header, 1, 1)? as usize;
        let (record, levels) = (key + word(header, 2, 1)? as usize, word(header, 3, 1)?);
        let mut nodes = vec![word(header, 4, 4)? as u32];
        let mut records = Vec::new();
        // No part of a heap is in two places of its tree, so that a tree is never longer than the heap.
        let mut left = self.blocks.iter().map(Vec::len).sum::<usize>();
        for level in (0..=levels.min(MAX_LEVELS)).rev() {
            let step = if level == 0 { record } else { key + 4 };
            records.clear();
            for node in nodes.iter().filter(|node| **node != 0) {
                let bytes = self.get(*node)?;
                left = left.checked_sub(bytes.len()).ok_or("a list in its heap leads back to itself")?;
                records.extend(bytes.chunks_exact(step.max(1)).map(<[u8]>::to_vec));
            }
            nodes = records.iter().filter_map(|record| number(record, key, 4)).map(|id| id as u32).collect();
        }
        Ok(records)
    }

    /// The bytes that a reference leads to: in the heap, or in a node inside of this one.
    pub(super) fn bytes(&self, reference: u32) -> Result<Vec<u8>, String> {
        if is_in_heap(reference) {
            return self.get(reference).map(<[u8]>::to_vec);
        }
        Ok(self.file.pieces(self.inner_node(reference)?, MAX_VALUE)?.concat())
    }

    /// A node inside of this one.
    pub(super) fn inner_node(&self, reference: u32) -> Result<Node, String> {
        self.inner.get(&reference).copied().ok_or_else(|| format!("node 0x{reference:X} in it is missing"))
    }

    /// The properties of which the heap consists, and where the data of an attachment are (type and reference), which
    /// are not read here.
    pub(super) fn properties(&self, names: &Names) -> Result<(Properties, Option<(u16, u32)>), String> {
        let (mut properties, mut data) = (Properties::default(), None);
        for record in self.records(self.root)? {
            let (key, kind) = (word(&record, 0, 2)? as u16, word(&record, 2, 2)? as u16);
            let stored = record.get(4..8).unwrap_or_default();
            if key == id::ATTACH_DATA {
                data = Some((kind, word(stored, 0, 4)? as u32));
                continue;
            }
            let value = self.value(kind, stored)?;
            properties.add(key, Property { kind, name: names.get(&key).cloned(), value });
        }
        Ok((properties, data))
    }

    /// A value from what is stored at its place: itself if it is short, else a reference.
    pub(super) fn value(&self, kind: u16, stored: &[u8]) -> Result<Value, String> {
        if kind == 1 {
            return Ok(Value::Null);
        }
        let size = size(kind);
        if size > 0 && size <= stored.len() {
            return Ok(sized_value(kind, stored.get(..size).unwrap_or_default()));
        }
        let bytes = self.bytes(word(stored, 0, 4)? as u32)?;
        Ok(match kind {
            OBJECT => Value::Integer(number(&bytes, 4, 4).unwrap_or(0) as i64),
            _ if kind & 0x1000 != 0 => many(kind & 0x0FFF, &bytes),
            _ if size > 0 && size < 16 => fixed_value(kind, &bytes).unwrap_or(Value::Binary(bytes)),
            _ => variable_value(kind, bytes),
        })
    }
}

/// Whether a reference leads into the heap; else it leads to a node (MS-PST 2.3.3.2).
pub(super) fn is_in_heap(reference: u32) -> bool {
    reference.trailing_zeros() >= 5
}

/// Several values (MS-PST 2.3.3.4).
fn many(kind: u16, bytes: &[u8]) -> Value {
    let size = size(kind);
    if size > 0 {
        return Value::Many(bytes.chunks_exact(size).map(|bytes| sized_value(kind, bytes)).collect());
    }
    let count = number(bytes, 0, 4).unwrap_or(0) as usize;
    let places: Vec<usize> = bytes
        .get(4..)
        .unwrap_or_default()
        .chunks_exact(4)
        .take(count)
        .filter_map(|place| number(place, 0, 4))
        .map(|place| place as usize)
        .collect();
    let ends = places.iter().skip(1).copied().chain([bytes.len()]);
    let pieces = places.iter().copied().zip(ends).map(|(start, end)| bytes.get(start..end).unwrap_or_default());
    // Places that overlap would make more of the bytes than there are.
    let mut left = bytes.len();
    let values = pieces.map_while(|piece| {
        left = left.checked_sub(piece.len())?;
        Some(variable_value(kind, piece.to_vec()))
    });
    Value::Many(values.collect())
}
