//! Data files of own making, in both forms of the format, are read whole; damaged ones end.

use std::sync::Arc;

use super::super::mail::rebuild;
use super::super::pst_cipher::sum;
use super::super::pst_folders::Folders;
use super::super::pst_item::DataFile;
use crate::connector::Raw;
use crate::message::{RawSource, facts};
use proptest::prelude::*;

/// Writes blocks and nodes of one of the two forms.
struct Writer {
    /// Bytes of identifiers: 8 or 4.
    width: usize,
    bytes: Vec<u8>,
    blocks: Vec<(u64, u64, u16)>,
    nodes: Vec<(u64, u64, u64)>,
}

impl Writer {
    fn new(width: usize) -> Self {
        Self { width, bytes: vec![0; 1024], blocks: Vec::new(), nodes: Vec::new() }
    }

    fn word(&self, value: u64) -> Vec<u8> {
        value.to_le_bytes()[..self.width].to_vec()
    }

    fn block(&mut self, data: &[u8], internal: bool) -> u64 {
        let id = (self.blocks.len() as u64 + 1) * 4 + if internal { 2 } else { 0 };
        self.blocks.push((id, self.bytes.len() as u64, data.len() as u16));
        let trailer = if self.width == 8 { 16 } else { 12 };
        let start = self.bytes.len();
        self.bytes.extend_from_slice(data);
        self.bytes.resize(start + (data.len() + trailer).next_multiple_of(64), 0);
        let at = self.bytes.len() - trailer + if self.width == 8 { 4 } else { 8 };
        self.bytes[at..at + 4].copy_from_slice(&sum(data).to_le_bytes());
        id
    }

    /// Data in pieces of 8,000 bytes below one block.
    fn long(&mut self, data: &[u8]) -> u64 {
        let ids: Vec<u64> = data.chunks(8000).map(|piece| self.block(piece, false)).collect();
        let mut list = vec![1, 1];
        list.extend((ids.len() as u16).to_le_bytes());
        list.extend((data.len() as u32).to_le_bytes());
        list.extend(ids.iter().flat_map(|id| self.word(*id)));
        self.block(&list, true)
    }

    fn inner(&mut self, nodes: &[(u32, u64, u64)]) -> u64 {
        let mut list = vec![2, 0];
        list.extend((nodes.len() as u16).to_le_bytes());
        list.resize(self.width, 0);
        for (node, data, inner) in nodes {
            list.extend([u64::from(*node), *data, *inner].iter().flat_map(|value| self.word(*value)));
        }
        self.block(&list, true)
    }

    fn node(&mut self, id: u32, data: &[u8], inner: u64) {
        let data = self.block(data, false);
        self.nodes.push((u64::from(id), data, inner));
    }

    fn page(&mut self, entries: &[Vec<u8>], size: usize, level: u8) -> u64 {
        let mut page = entries.concat();
        let (count, trailer, at) = if self.width == 8 { (488, 496, 500) } else { (496, 500, 508) };
        page.resize(512, 0);
        page[count..count + 4].copy_from_slice(&[entries.len() as u8, 20, size as u8, level]);
        let sum = sum(&page[..trailer]).to_le_bytes();
        page[at..at + 4].copy_from_slice(&sum);
        let place = self.bytes.len() as u64;
        self.bytes.extend(page);
        place
    }

    /// A tree of two levels.
    fn tree(&mut self, entries: &[Vec<u8>]) -> u64 {
        let size = entries[0].len();
        let mut above = Vec::new();
        for leaf in entries.chunks(10) {
            let place = self.page(leaf, size, 0);
            above.push([leaf[0][..self.width].to_vec(), self.word(1), self.word(place)].concat());
        }
        self.page(&above, self.width * 3, 1)
    }

    fn finish(mut self) -> Vec<u8> {
        self.nodes.sort_unstable();
        let node = |(id, data, inner): &(u64, u64, u64)| {
            let rest = vec![0; self.width];
            [self.word(*id), self.word(*data), self.word(*inner), rest].concat()
        };
        let nodes: Vec<_> = self.nodes.iter().map(node).collect();
        let block = |(id, place, len): &(u64, u64, u16)| {
            let mut entry = [self.word(*id), self.word(*place)].concat();
            entry.extend(len.to_le_bytes());
            entry.resize(self.width * 3, 0);
            entry
        };
        let blocks: Vec<_> = self.blocks.iter().map(block).collect();
        let (nodes, blocks) = (self.tree(&nodes), self.tree(&blocks));
        let roots = if self.width == 8 { [224, 240] } else { [188, 196] };
        self.bytes[..4].copy_from_slice(b"!BDN");
        self.bytes[10] = if self.width == 8 { 23 } else { 14 };
        for (at, place) in roots.into_iter().zip([nodes, blocks]) {
            let place = self.word(place);
            self.bytes[at..at + self.width].copy_from_slice(&place);
        }
        self.bytes
    }
}

/// A heap whose first entry is its main structure; entry `n` has the identifier `n << 5`.
fn heap(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 0xEC, 0xBC, 0x20, 0, 0, 0, 0, 0, 0, 0];
    let mut map = vec![bytes.len() as u16];
    for entry in entries {
        bytes.extend(entry);
        map.push(bytes.len() as u16);
    }
    let at = bytes.len() as u16;
    bytes[..2].copy_from_slice(&at.to_le_bytes());
    bytes.extend((entries.len() as u16).to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(map.iter().flat_map(|place| place.to_le_bytes()));
    bytes
}

enum Stored {
    Inline(u32),
    Bytes(Vec<u8>),
}

fn wide(text: &str) -> (u16, Stored) {
    (0x1F, Stored::Bytes(text.encode_utf16().flat_map(u16::to_le_bytes).collect()))
}

fn properties(values: Vec<(u16, (u16, Stored))>) -> Vec<u8> {
    let mut entries = vec![vec![0xB5, 2, 6, 0, 0x40, 0, 0, 0], Vec::new()];
    for (id, (kind, stored)) in values {
        let place = match stored {
            Stored::Inline(value) => value,
            Stored::Bytes(bytes) => {
                entries.push(bytes);
                (entries.len() as u32) << 5
            }
        };
        let record = [&id.to_le_bytes()[..], &kind.to_le_bytes(), &place.to_le_bytes()].concat();
        entries[1].extend(record);
    }
    heap(&entries)
}

/// A table of rows that have a role and a text.
fn table(width: usize, rows: &[(u32, u32, u16, &str)]) -> Vec<u8> {
    let text = rows.first().map_or(0x3001, |row| row.2);
    let mut info = vec![0x7C, 3, 12, 0, 12, 0, 12, 0, 13, 0, 0x40, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0];
    for (kind, id, at, bit) in [(3, 0x67F2_u16, 0, 0), (3, 0x0C15, 4, 1), (0x1F_u16, text, 8, 2)] {
        info.extend(kind.to_le_bytes());
        info.extend(id.to_le_bytes());
        info.extend([at, 0, 4, bit]);
    }
    let index_len = if width == 8 { 4 } else { 2 };
    let mut entries = vec![info, vec![0xB5, 4, index_len, 0, 0x60, 0, 0, 0], Vec::new(), Vec::new()];
    for (place, (id, role, _, text)) in rows.iter().enumerate() {
        entries[2].extend(id.to_le_bytes());
        entries[2].extend(&(place as u32).to_le_bytes()[..usize::from(index_len)]);
        entries.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        let text = (entries.len() as u32) << 5;
        let row = [id.to_le_bytes(), role.to_le_bytes(), text.to_le_bytes()].concat();
        entries[3].extend(row);
        entries[3].push(0xE0);
    }
    if rows.is_empty() {
        entries[0][14..18].fill(0);
        entries[1][4..8].fill(0);
    }
    heap(&entries)
}

const INLINE: [u8; 5] = *b"small";

/// A folder with a mail, which has a long attachment and a message, in which there is an attachment too; and an
/// appointment with nothing inside.
fn data_file(width: usize) -> Vec<u8> {
    let mut file = Writer::new(width);
    let long: Vec<u8> = (0..20_000_u32).map(|at| at as u8).collect();
    let method = |method| (0x3705, (3, Stored::Inline(method)));
    let deep =
        properties(vec![method(1), (0x3707, wide("deep.bin")), (0x3701, (0x102, Stored::Bytes(INLINE.to_vec())))]);
    let deep = file.block(&deep, false);
    let attachments = table(width, &[(0x8025, 0, 0x3707, "deep.bin")]);
    let attachments = file.block(&attachments, false);
    let inner = file.inner(&[(0x671, attachments, 0), (0x8025, deep, 0)]);
    let embedded = file.block(&properties(vec![(0x37, wide("Inner")), (0x1000, wide("in it"))]), false);
    let object = [0x24_u32.to_le_bytes(), [9, 0, 0, 0]].concat();
    let holder = file.block(&properties(vec![method(5), (0x3701, (0x0D, Stored::Bytes(object)))]), false);
    let holder_inner = file.inner(&[(0x24, embedded, inner)]);
    let content = file.long(&long);
    let big = properties(vec![method(1), (0x3707, wide("long.bin")), (0x3701, (0x102, Stored::Inline(0x1F)))]);
    let big = file.block(&big, false);
    let big_inner = file.inner(&[(0x1F, content, 0)]);
    let recipients = table(width, &[(1, 1, 0x39FE, "li@firm.example"), (2, 3, 0x39FE, "bo@firm.example")]);
    let recipients = file.block(&recipients, false);
    let attachments = table(width, &[(0x8025, 0, 0x3707, "long.bin"), (0x8045, 0, 0x3707, "Inner")]);
    let attachments = file.block(&attachments, false);
    let inner = file.inner(&[
        (0x671, attachments, 0),
        (0x692, recipients, 0),
        (0x8025, big, big_inner),
        (0x8045, holder, holder_inner),
    ]);
    file.node(0x20_0024, &properties(vec![(0x37, wide("Gr\u{fc}\u{df}e")), (0x1000, wide("outer"))]), inner);
    file.node(0x20_0044, &properties(vec![(0x1A, wide("IPM.Appointment")), (0x37, wide("Board"))]), 0);
    file.node(0x122, &properties(vec![(0x3001, wide("root"))]), 0);
    file.node(0x12D, &table(width, &[(0x8022, 0, 0x3001, "In/box")]), 0);
    file.node(0x12E, &table(width, &[]), 0);
    file.node(0x8022, &properties(vec![(0x3001, wide("In/box")), (0x3602, (3, Stored::Inline(2)))]), 0);
    file.node(0x802D, &table(width, &[]), 0);
    file.node(0x802E, &table(width, &[(0x20_0024, 0, 0x37, "x"), (0x20_0044, 0, 0x37, "y")]), 0);
    file.finish()
}

/// Mails with their folders, and what could not be read.
type Found = (Vec<(String, Vec<u8>)>, Vec<String>);

fn read(bytes: Vec<u8>) -> Result<Found, String> {
    let source: Arc<dyn RawSource> = Arc::new(bytes);
    let file = DataFile::open(&source)?;
    let (mut mails, mut problems) = (Vec::new(), Vec::new());
    for folder in Folders::new(file.file.clone()).take(50) {
        problems.extend(folder.problem);
        for node in folder.items {
            match file.item(node) {
                Ok(item) => {
                    let rebuilt = rebuild(&item, "pst", None).map_err(|error| error.to_string())?;
                    let Raw::Memory(mail) = rebuilt.raw else { panic!("small") };
                    mails.push((folder.path.clone(), mail));
                }
                Err(reason) => problems.push(reason),
            }
        }
    }
    Ok((mails, problems))
}

#[test]
fn both_forms_are_read_whole() {
    for width in [8, 4] {
        let (mails, problems) = read(data_file(width)).unwrap();
        assert_eq!(problems, Vec::<String>::new());
        let [(folder, mail), (_, appointment)] = mails.as_slice() else { panic!("{}", mails.len()) };
        assert_eq!(folder, "In_box");
        let found = facts(mail);
        assert_eq!(found.subject, "Gr\u{fc}\u{df}e");
        assert_eq!(found.participants.len(), 2, "{:?}", found.participants);
        let files: Vec<_> = found.attachments.iter().map(|file| &file.attachment).collect();
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        assert!(names.starts_with(&["long.bin", "message.eml"]), "{names:?}");
        assert_eq!(files[0].bytes, 20_000);
        let text = String::from_utf8_lossy(mail);
        assert!(text.contains("Subject: Inner\r\n") && text.contains("filename=\"deep.bin\""));
        assert!(text.contains("c21hbGw=") && !text.contains("X-Custodia-Problem"), "{text}");
        assert_eq!(facts(appointment).subject, "Board");
    }
}

#[test]
fn damage_in_one_item_leaves_the_others_as_they_are() {
    let whole = data_file(8);
    let at = whole.windows(5).position(|bytes| bytes == INLINE).unwrap();
    let mut bytes = whole.clone();
    bytes[at] ^= 1;
    let (mails, problems) = read(bytes).unwrap();
    assert_eq!((mails.len(), problems.len()), (2, 0));
    let mail = String::from_utf8_lossy(&mails[0].1).replace("\r\n ", " ");
    assert!(mail.contains("X-Custodia-Problem: attachment 1 is not here: it is damaged in the data file"), "{mail}");
    assert!(mail.contains("filename=\"long.bin\""));
}

#[test]
fn other_versions_and_protections_are_named() {
    let mut bytes = data_file(8);
    bytes[513] = 16;
    assert!(read(bytes.clone()).unwrap_err().contains("protected"));
    bytes[10] = 36;
    assert!(read(bytes).unwrap_err().contains(".ost"));
    assert!(read(b"!BDN".to_vec()).unwrap_err().contains("damaged"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_damage_ends(
        narrow in any::<bool>(), cut in prop::option::of(0_usize..60_000),
        flips in prop::collection::vec((0_usize..60_000, any::<u8>()), 0..12)
    ) {
        let mut bytes = data_file(if narrow { 4 } else { 8 });
        for (at, mask) in flips {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= mask;
            }
        }
        bytes.truncate(cut.unwrap_or(bytes.len()));
        let _ = read(bytes);
    }
}
