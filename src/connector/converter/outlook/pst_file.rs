//! Pages, nodes and blocks of a data file (MS-PST 2.2).
//!
//! A page or block that is not as its sum says is an error of whatever is in it and of nothing else. Trees are followed
//! for as many levels as the format has, and what is read altogether is bounded, so that no file costs time without end.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use super::pst_cipher::{Cipher, sum};
use super::value::number;
use crate::message::RawSource;

/// What is said of a file that is not as its format demands.
pub(super) const DAMAGED: &str = "a damaged Outlook data file; repair it with Outlook's `scanpst` and import it again";

/// Bytes of a page.
const PAGE: usize = 512;

/// Steps from the root of a tree of pages to its leaf: more than any file needs.
const MAX_LEVELS: usize = 10;

/// Entries of the tree of a node's own nodes.
const MAX_SUB_NODES: usize = 1_000_000;

/// What one of the two forms of the format has where.
struct Layout {
    /// Bytes of identifiers and places.
    width: usize,
    /// Where the header has the root pages of nodes and of blocks.
    roots: [usize; 2],
    /// Where the header says how data are hidden.
    cipher: usize,
    /// Where a page has the number of its entries.
    count: usize,
    /// Where a page has its trailer, of which the sum is at the second place.
    trailer: [usize; 2],
    /// Bytes of a block's trailer, and where in it the sum is.
    block_trailer: [usize; 2],
}

const UNICODE: Layout =
    Layout { width: 8, roots: [216, 232], cipher: 513, count: 488, trailer: [496, 500], block_trailer: [16, 4] };
const ANSI: Layout =
    Layout { width: 4, roots: [184, 192], cipher: 461, count: 496, trailer: [500, 508], block_trailer: [12, 8] };

/// An open data file.
pub(super) struct PstFile {
    source: Arc<dyn RawSource>,
    layout: &'static Layout,
    cipher: Cipher,
    nodes: u64,
    blocks: u64,
    /// Bytes of blocks that may still be read: in a file made to do harm, few could be read again and again.
    left: Cell<u64>,
}

/// A node: its data and the nodes inside of it, by their blocks; 0 for none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// Block of the data.
    pub(super) data: u64,
    /// Block of the tree of inner nodes.
    pub(super) inner: u64,
}

/// Nodes inside of a node by their identifiers.
pub(super) type InnerNodes = BTreeMap<u32, Node>;

impl PstFile {
    /// Reads the header.
    ///
    /// # Errors
    /// It is damaged or of a version that is not read: a text for people.
    pub(super) fn open(source: Arc<dyn RawSource>) -> Result<Self, String> {
        let mut header = vec![0; 516];
        source.read_exact_at(0, &mut header).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => DAMAGED.to_owned(),
            _ => error.to_string(),
        })?;
        let field = |at, len| number(&header, at, len).ok_or(DAMAGED);
        let layout = match field(10, 2)? {
            14 | 15 => &ANSI,
            23..=35 => &UNICODE,
            version => {
                return Err(format!(
                    "a data file of a version that is not read ({version}), such as an offline copy (.ost); export it as .pst"
                ));
            }
        };
        let cipher = Cipher::of(field(layout.cipher, 1)?)
            .ok_or("a data file that is protected in a way that is not read; export its items as .pst without it")?;
        let [nodes, blocks] = layout.roots.map(|at| field(at + layout.width, layout.width));
        let left = Cell::new(source.len().saturating_mul(16).saturating_add(16 << 20));
        Ok(Self { source, layout, cipher, nodes: nodes?, blocks: blocks?, left })
    }

    /// A node of the file by its identifier.
    ///
    /// # Errors
    /// There is none, or the way to it is damaged.
    pub(super) fn node(&self, id: u32) -> Result<Node, String> {
        let width = self.layout.width;
        let entry = self.find(self.nodes, u64::from(id), 2)?;
        let entry = entry.ok_or_else(|| format!("node 0x{id:X} is not in the file"))?;
        Ok(Node { data: word(&entry, width, width)?, inner: word(&entry, 2 * width, width)? })
    }

    /// The leaf entry of a key in a tree of pages, whose entries have at least `entry_words` words.
    fn find(&self, root: u64, key: u64, entry_words: usize) -> Result<Option<Vec<u8>>, String> {
        let (width, mut place) = (self.layout.width, root);
        for _ in 0..MAX_LEVELS {
            let page = self.page(place)?;
            let at = self.layout.count;
            let (count, size, level) = (word(&page, at, 1)?, word(&page, at + 2, 1)? as usize, word(&page, at + 3, 1)?);
            if size < width * entry_words || count as usize * size > at {
                return Err("a page of its index is damaged".to_owned());
            }
            let entries = page.chunks_exact(size.max(1)).take(count as usize);
            let found = entries.take_while(|entry| number(entry, 0, width).is_some_and(|found| found <= key)).last();
            let Some(entry) = found else { return Ok(None) };
            if level == 0 {
                return Ok(Some(entry.to_vec()).filter(|entry| number(entry, 0, width) == Some(key)));
            }
            place = word(entry, 2 * width, width)?;
        }
        Err("its index is damaged".to_owned())
    }

    fn page(&self, place: u64) -> Result<Vec<u8>, String> {
        let mut page = vec![0; PAGE];
        self.source
            .read_exact_at(place, &mut page)
            .map_err(|error| format!("a page of its index is cut off ({error})"))?;
        let [end, at] = self.layout.trailer;
        let whole = page.get(..end).map(sum).map(u64::from) == number(&page, at, 4);
        if whole { Ok(page) } else { Err("a page of its index is damaged".to_owned()) }
    }

    /// The bytes of one block.
    fn block(&self, id: u64) -> Result<Vec<u8>, String> {
        let width = self.layout.width;
        let entry = self.find(self.blocks, id & !1, 2)?;
        let entry = entry.ok_or_else(|| format!("block 0x{id:X} is not in the file"))?;
        let (place, len) = (word(&entry, width, width)?, word(&entry, 2 * width, 2)?);
        let left = self.left.get().checked_sub(len);
        self.left.set(left.ok_or("its items hold more than the file can; repair it with `scanpst`")?);
        let [trailer_len, sum_at] = self.layout.block_trailer;
        let whole_len = (len as usize + trailer_len).next_multiple_of(64);
        let mut bytes = vec![0; whole_len];
        self.source.read_exact_at(place, &mut bytes).map_err(|error| format!("block 0x{id:X} is cut off ({error})"))?;
        let said = word(&bytes, whole_len - trailer_len + sum_at, 4)?;
        bytes.truncate(len as usize);
        if u64::from(sum(&bytes)) != said {
            return Err(format!("block 0x{id:X} is damaged"));
        }
        if !leads_on(id) {
            self.cipher.reveal(&mut bytes, id);
        }
        Ok(bytes)
    }

    /// The blocks of data below one, in order.
    fn data_blocks(&self, id: u64) -> Result<Vec<u64>, String> {
        let mut blocks = if id == 0 { Vec::new() } else { vec![id] };
        for _ in 0..2 {
            if !blocks.iter().any(|id| leads_on(*id)) {
                break;
            }
            let mut below = Vec::new();
            for id in blocks {
                if leads_on(id) {
                    let block = self.block(id)?;
                    let count = self.count(&block, 1)?;
                    let ids = block.get(8..).unwrap_or_default().chunks_exact(self.layout.width).take(count);
                    below.extend(ids.filter_map(|id| number(id, 0, id.len())));
                } else {
                    below.push(id);
                }
            }
            blocks = below;
        }
        Ok(blocks)
    }

    /// The number of entries in a block that leads to others and must be of a kind.
    fn count(&self, block: &[u8], kind: u64) -> Result<usize, String> {
        if word(block, 0, 1)? != kind || block.len() < self.layout.width {
            return Err("a block of its index is damaged".to_owned());
        }
        Ok(word(block, 2, 2)? as usize)
    }

    /// The nodes inside of a node.
    ///
    /// # Errors
    /// Their list is damaged.
    pub(super) fn inner(&self, node: Node) -> Result<InnerNodes, String> {
        let (mut nodes, width) = (InnerNodes::new(), self.layout.width);
        let mut open = if node.inner == 0 { Vec::new() } else { vec![(node.inner, 0)] };
        while let Some((id, depth)) = open.pop() {
            let block = self.block(id)?;
            let (count, level) = (self.count(&block, 2)?, word(&block, 1, 1)?);
            let entries = block.get(width..).unwrap_or_default();
            if level == 0 {
                for entry in entries.chunks_exact(3 * width).take(count) {
                    let inner = Node { data: word(entry, width, width)?, inner: word(entry, 2 * width, width)? };
                    nodes.insert(word(entry, 0, 4)? as u32, inner);
                }
            } else if depth == 0 {
                for entry in entries.chunks_exact(2 * width).take(count) {
                    open.push((word(entry, width, width)?, 1));
                }
            }
            if nodes.len() > MAX_SUB_NODES || (level > 0 && depth > 0) {
                return Err("a list of nodes is damaged".to_owned());
            }
        }
        Ok(nodes)
    }

    /// The data of a node, block by block.
    ///
    /// # Errors
    /// They are damaged, or more than `most` bytes.
    pub(super) fn pieces(&self, node: Node, most: usize) -> Result<Vec<Vec<u8>>, String> {
        let (mut pieces, mut len) = (Vec::new(), 0_usize);
        for id in self.data_blocks(node.data)? {
            let piece = self.block(id)?;
            len = len.saturating_add(piece.len());
            if len > most {
                return Err(format!("a value of more than {most} bytes"));
            }
            pieces.push(piece);
        }
        Ok(pieces)
    }

    /// A reader of the data of a node, which holds one block at a time.
    ///
    /// # Errors
    /// The list of their blocks is damaged.
    pub(super) fn reader(self: &Rc<Self>, node: Node) -> Result<NodeReader, String> {
        let blocks = self.data_blocks(node.data)?.into_iter();
        Ok(NodeReader { file: Rc::clone(self), blocks, piece: io::Cursor::new(Vec::new()) })
    }
}

/// Reads the data of a node.
pub(super) struct NodeReader {
    file: Rc<PstFile>,
    blocks: std::vec::IntoIter<u64>,
    piece: io::Cursor<Vec<u8>>,
}

impl Read for NodeReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(id) = self.blocks.next() else { return Ok(0) };
            let piece = self.file.block(id).map_err(|reason| io::Error::new(io::ErrorKind::InvalidData, reason))?;
            self.piece = io::Cursor::new(piece);
        }
    }
}

/// Whether a block leads to others (MS-PST 2.2.2.2).
fn leads_on(block: u64) -> bool {
    block & 2 != 0
}

/// A number that must be there.
pub(super) fn word(bytes: &[u8], at: usize, len: usize) -> Result<u64, String> {
    number(bytes, at, len).ok_or_else(|| "it is damaged".to_owned())
}
