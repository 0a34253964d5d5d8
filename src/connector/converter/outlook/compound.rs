//! Items stored in a compound file (MS-OXMSG).

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

use cfb::CompoundFile;

use super::item::{Item, ItemAttachment, ItemContent};
use super::property::{Properties, Property, Value, id};
use super::value::{fixed_value, named, number, size, sized_value, variable_value};
use crate::connector::zip_file::SourceCursor;
use crate::message::RawSource;
use crate::text::code_page::WESTERN;

/// Streams and storages that a file may have.
const MAX_ENTRIES: usize = 200_000;

/// A compound file with an item.
pub(super) struct Compound {
    file: RefCell<CompoundFile<SourceCursor>>,
    /// Streams by the path of their storage, with `/` at its end, in the order of their names.
    entries: BTreeMap<String, Vec<Entry>>,
    names: HashMap<u16, String>,
    /// Bytes that may still be read: streams that share sectors could grow without end otherwise.
    left: Cell<u64>,
}

struct Entry {
    name: String,
    is_stream: bool,
    len: u64,
}

/// An item in a compound file.
pub(super) struct CompoundItem {
    compound: Rc<Compound>,
    storage: String,
    properties: Properties,
    recipients: Vec<Properties>,
    attachments: Vec<String>,
    code_page: i64,
}

impl Compound {
    /// Opens a file and lists it.
    ///
    /// # Errors
    /// It is no compound file, or holds no item: a text for people.
    pub(super) fn open(source: Arc<dyn RawSource>) -> Result<Rc<Self>, String> {
        let left = source.len().saturating_mul(4).saturating_add(1 << 20);
        let file = CompoundFile::open(SourceCursor::new(source))
            .map_err(|error| format!("a damaged compound file ({error}); save the message again"))?;
        let mut entries: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for (count, entry) in file.walk().enumerate() {
            if count > MAX_ENTRIES {
                return Err(format!("a compound file of more than {MAX_ENTRIES} entries; it is not read"));
            }
            let path = entry.path().to_string_lossy().replace('\\', "/");
            let Some((parent, name)) = path.rsplit_once('/').filter(|_| !entry.is_root()) else { continue };
            let entry = Entry { name: name.to_owned(), is_stream: entry.is_stream(), len: entry.len() };
            entries.entry(format!("{parent}/")).or_default().push(entry);
        }
        for list in entries.values_mut() {
            list.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let mut compound = Self { file: RefCell::new(file), entries, names: HashMap::new(), left: Cell::new(left) };
        if compound.list("/").all(|entry| entry.name != PROPERTIES) {
            return Err("an Office file and no Outlook message; it is not read".to_owned());
        }
        compound.names = compound.read_names().unwrap_or_default();
        Ok(Rc::new(compound))
    }

    fn list(&self, storage: &str) -> impl Iterator<Item = &Entry> {
        self.entries.get(storage).into_iter().flatten()
    }

    fn read(&self, path: &str, len: u64) -> Result<Vec<u8>, String> {
        let left = self.left.get().checked_sub(len);
        self.left.set(left.ok_or("its streams hold more than the file can; save the message again")?);
        let cannot = |error: std::io::Error| format!("a stream is damaged ({error}); save the message again");
        let mut file = self.file.borrow_mut();
        let mut bytes = Vec::new();
        file.open_stream(path).map_err(cannot)?.take(len).read_to_end(&mut bytes).map_err(cannot)?;
        Ok(bytes)
    }

    fn stream(&self, storage: &str, name: &str) -> Result<Vec<u8>, String> {
        let found = self.list(storage).find(|entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name));
        found.map_or(Ok(Vec::new()), |entry| self.read(&format!("{storage}{}", entry.name), entry.len))
    }

    /// Names of named properties (MS-OXMSG 2.2.3).
    fn read_names(&self) -> Result<HashMap<u16, String>, String> {
        const STORAGE: &str = "/__nameid_version1.0/";
        let guids = self.stream(STORAGE, "__substg1.0_00020102")?;
        let entries = self.stream(STORAGE, "__substg1.0_00030102")?;
        let texts = self.stream(STORAGE, "__substg1.0_00040102")?;
        Ok(entries.chunks_exact(8).filter_map(|entry| named(entry, &guids, &texts)).collect())
    }

    /// The properties of a storage. `header` is the length of what comes before them.
    fn properties(&self, storage: &str, header: usize) -> Result<Properties, String> {
        let mut properties = Properties::default();
        let fixed = self.stream(storage, PROPERTIES)?;
        for entry in fixed.get(header..).unwrap_or_default().chunks_exact(16) {
            let tag = number(entry, 0, 2).zip(number(entry, 2, 2));
            let Some((kind, id)) = tag.map(|(kind, id)| (kind as u16, id as u16)) else { continue };
            if let Some(value) = entry.get(8..).and_then(|bytes| fixed_value(kind, bytes)) {
                properties.add(id, self.property(id, kind, value));
            }
        }
        for entry in self.list(storage).filter(|entry| entry.is_stream) {
            let Some((id, kind)) = substream(&entry.name) else { continue };
            let bytes = self.read(&format!("{storage}{}", entry.name), entry.len)?;
            let value = if kind & 0x1000 == 0 {
                variable_value(kind, bytes)
            } else {
                self.many(storage, &entry.name, kind & 0xFFF, &bytes)?
            };
            properties.add(id, self.property(id, kind, value));
        }
        Ok(properties)
    }

    fn property(&self, id: u16, kind: u16, value: Value) -> Property {
        Property { kind, name: self.names.get(&id).cloned(), value }
    }

    /// The values of a property of several: fixed ones in one stream, others in a stream each.
    fn many(&self, storage: &str, name: &str, kind: u16, bytes: &[u8]) -> Result<Value, String> {
        let size = size(kind);
        if size > 0 {
            return Ok(Value::Many(bytes.chunks_exact(size).map(|bytes| sized_value(kind, bytes)).collect()));
        }
        let mut values = Vec::new();
        for entry in self.list(storage).filter(|entry| entry.is_stream) {
            if entry.name.len() == name.len() + 9 && entry.name.starts_with(name) {
                values.push(variable_value(kind, self.read(&format!("{storage}{}", entry.name), entry.len)?));
            }
        }
        Ok(Value::Many(values))
    }

    /// All streams below a storage, by their paths inside of it.
    fn object(&self, storage: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
        let mut streams = Vec::new();
        let inside = self.entries.iter().filter(|(path, _)| path.starts_with(storage));
        for (path, entries) in inside {
            for entry in entries.iter().filter(|entry| entry.is_stream) {
                let full = format!("{path}{}", entry.name);
                let name = full.get(storage.len()..).unwrap_or_default().replace(char::is_control, "_");
                streams.push((name, self.read(&full, entry.len)?));
            }
        }
        Ok(streams)
    }
}

impl CompoundItem {
    /// The item of a file.
    ///
    /// # Errors
    /// It is damaged: a text for people.
    pub(super) fn top(compound: &Rc<Compound>) -> Result<Self, String> {
        Self::read(compound, "/".to_owned(), 32, WESTERN)
    }

    fn read(compound: &Rc<Compound>, storage: String, header: usize, code_page: i64) -> Result<Self, String> {
        let mut properties = compound.properties(&storage, header)?;
        let code_page = properties.code_page(code_page);
        properties.settle(code_page);
        let storages = |prefix: &str| -> Vec<String> {
            let entries = compound.list(&storage).filter(|entry| !entry.is_stream && entry.name.starts_with(prefix));
            entries.map(|entry| format!("{storage}{}/", entry.name)).collect()
        };
        let mut recipients = Vec::new();
        for path in storages("__recip_version1.0_#") {
            let mut recipient = compound.properties(&path, 8)?;
            recipient.settle(code_page);
            recipients.push(recipient);
        }
        let attachments = storages("__attach_version1.0_#");
        Ok(Self { compound: Rc::clone(compound), storage, properties, recipients, attachments, code_page })
    }
}

impl Item for CompoundItem {
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
        let path = self.attachments.get(index).ok_or_else(|| format!("there is none in {}", self.storage))?;
        let mut properties = self.compound.properties(path, 8)?;
        properties.settle(self.code_page);
        let inner = self.compound.list(path).find(|entry| !entry.is_stream && entry.name == OBJECT);
        let content = match (properties.take_bytes(id::ATTACH_DATA), inner, properties.integer(id::ATTACH_METHOD)) {
            (Some(bytes), ..) => ItemContent::File(bytes),
            (None, Some(_), Some(5)) => {
                let storage = format!("{path}{OBJECT}/");
                ItemContent::Item(Box::new(Self::read(&self.compound, storage, 24, self.code_page)?))
            }
            (None, Some(_), _) => ItemContent::Object(self.compound.object(&format!("{path}{OBJECT}/"))?),
            (None, None, _) => ItemContent::Absent(absent(&properties)),
        };
        Ok(ItemAttachment { properties, content })
    }
}

/// Why an attachment without data has none.
pub(super) fn absent(properties: &Properties) -> String {
    match properties.text(id::ATTACH_PATH) {
        Some(path) => format!("the message only refers to `{path}`"),
        None => "the message holds no data of it".to_owned(),
    }
}

const PROPERTIES: &str = "__properties_version1.0";
const OBJECT: &str = "__substg1.0_3701000D";

/// Identifier and type in the name of a stream.
fn substream(name: &str) -> Option<(u16, u16)> {
    let tag = name.strip_prefix("__substg1.0_").filter(|tag| tag.len() == 8)?;
    let tag = u32::from_str_radix(tag, 16).ok()?;
    Some(((tag >> 16) as u16, tag as u16))
}
