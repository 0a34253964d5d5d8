//! Tables in heaps: lists of folders, items, recipients and attachments (MS-PST 2.3.4).

use super::property::{Properties, Property};
use super::pst_file::{Node, word};
use super::pst_heap::{Heap, Names, is_in_heap};
use super::value::number;

/// Bytes of a table's rows.
const MAX_ROWS: usize = 512 << 20;

struct Column {
    id: u16,
    kind: u16,
    at: usize,
    len: usize,
    bit: usize,
}

/// A table.
pub(super) struct Table {
    heap: Heap,
    columns: Vec<Column>,
    /// Where the marks of cells that have values begin, and where a row ends.
    marks: usize,
    row: usize,
}

impl Table {
    /// The table in a heap.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn of(heap: Heap) -> Result<Self, String> {
        let info = heap.get(heap.root)?;
        if word(info, 0, 1)? != 0x7C {
            return Err("a table is damaged".to_owned());
        }
        let columns = info.get(22..).unwrap_or_default().chunks_exact(8).take(word(info, 1, 1)? as usize);
        let columns = columns.map(|column| {
            let [kind, id, at, last] = [0, 2, 4, 6].map(|at| number(column, at, 2).unwrap_or(0) as u16);
            let [len, bit] = last.to_le_bytes().map(usize::from);
            Column { id, kind, at: usize::from(at), len, bit }
        });
        let columns = columns.collect();
        let (marks, row) = (word(info, 6, 2)? as usize, word(info, 8, 2)? as usize);
        if row < 4 || marks > row {
            return Err("a table is damaged".to_owned());
        }
        Ok(Self { heap, columns, marks, row })
    }

    /// The identifiers of the rows that are in use, in the order of the rows.
    pub(super) fn ids(&self) -> Result<Vec<u32>, String> {
        Ok(self.index()?.into_iter().map(|(_, id)| id).collect())
    }

    /// Places and identifiers of rows.
    fn index(&self) -> Result<Vec<(usize, u32)>, String> {
        let tree = word(self.heap.get(self.heap.root)?, 10, 4)? as u32;
        let mut index = Vec::new();
        for record in self.heap.records(tree)? {
            let place = number(&record, 4, record.len().saturating_sub(4).min(4)).unwrap_or(0);
            index.push((place as usize, word(&record, 0, 4)? as u32));
        }
        index.sort_unstable();
        Ok(index)
    }

    /// The rows in order: their identifiers and what they say. A row that is listed and not there says nothing.
    pub(super) fn rows(&self, names: &Names, code_page: i64) -> Result<Vec<(u32, Properties)>, String> {
        let reference = word(self.heap.get(self.heap.root)?, 14, 4)? as u32;
        let pieces = match reference {
            0 => Vec::new(),
            _ if is_in_heap(reference) => vec![self.heap.bytes(reference)?],
            _ => self.heap.file.pieces(self.heap.inner_node(reference)?, MAX_ROWS)?,
        };
        // A row is never in two blocks.
        let stored: Vec<&[u8]> = pieces.iter().flat_map(|piece| piece.chunks_exact(self.row)).collect();
        let mut rows = Vec::new();
        for (place, id) in self.index()? {
            let row = stored.get(place).copied().unwrap_or_default();
            let mut properties = self.properties(row, names)?;
            properties.settle(code_page);
            rows.push((id, properties));
        }
        Ok(rows)
    }

    fn properties(&self, row: &[u8], names: &Names) -> Result<Properties, String> {
        let mut properties = Properties::default();
        let marks = row.get(self.marks..).unwrap_or_default();
        for column in &self.columns {
            let marked = marks.get(column.bit / 8).is_some_and(|byte| byte & (0x80 >> (column.bit % 8)) != 0);
            let cell = row.get(column.at..column.at + column.len).filter(|_| marked);
            if let Some(cell) = cell {
                let value = self.heap.value(column.kind, cell)?;
                let name = names.get(&column.id).cloned();
                properties.add(column.id, Property { kind: column.kind, name, value });
            }
        }
        Ok(properties)
    }
}

/// The table of a node; one without data has no rows.
pub(super) fn rows(
    file: &std::rc::Rc<super::pst_file::PstFile>,
    node: Node,
    names: &Names,
    code_page: i64,
) -> Result<Vec<(u32, Properties)>, String> {
    if node.data == 0 {
        return Ok(Vec::new());
    }
    Table::of(Heap::open(file, node)?)?.rows(names, code_page)
}
