//! Items of a data file.

use std::collections::HashMap;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use outlook_pst::ltp::prop_context::{GuidValue, PropertyValue};
use outlook_pst::ltp::prop_type::PropertyType;
use outlook_pst::ltp::table_context::TableContext;
use outlook_pst::messaging::attachment::{AnsiAttachment, Attachment, AttachmentData, UnicodeAttachment};
use outlook_pst::messaging::message::{AnsiMessage, Message, UnicodeMessage};
use outlook_pst::messaging::named_prop::{NamedPropertyGuid, NamedPropertyId, PS_MAPI, PS_PUBLIC_STRINGS};
use outlook_pst::messaging::store::{AnsiStore, EntryId, Store, UnicodeStore};
use outlook_pst::ndb::node_id::NodeId;
use outlook_pst::{AnsiPstFile, UnicodePstFile};

use super::code_page::WESTERN;
use super::compound::absent;
use super::item::{Item, ItemAttachment, ItemContent};
use super::property::{Properties, Property, Value, id, written_guid};
use crate::connector::zip_file::SourceCursor;
use crate::message::RawSource;

/// Names of named properties by their identifiers.
pub(super) type Names = Rc<HashMap<u16, String>>;

/// An open data file.
pub(super) enum DataFile {
    /// Of Outlook 2003 and later.
    Unicode(Rc<UnicodeStore>),
    /// Of earlier versions.
    Ansi(Rc<AnsiStore>),
}

impl DataFile {
    /// Opens it in either form.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn open(source: &Arc<dyn RawSource>) -> io::Result<Self> {
        let cursor = || Box::new(SourceCursor::new(Arc::clone(source)));
        if let Ok(file) = UnicodePstFile::read_from(cursor()) {
            return Ok(Self::Unicode(UnicodeStore::read(Rc::new(file))?));
        }
        Ok(Self::Ansi(AnsiStore::read(Rc::new(AnsiPstFile::read_from(cursor())?))?))
    }

    /// Its folders and tables.
    pub(super) fn store(&self) -> Rc<dyn Store> {
        match self {
            Self::Unicode(store) => Rc::clone(store) as Rc<dyn Store>,
            Self::Ansi(store) => Rc::clone(store) as Rc<dyn Store>,
        }
    }

    /// One of its items.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn item(&self, entry: &EntryId, names: &Names) -> io::Result<DataFileItem> {
        let message = match self {
            Self::Unicode(store) => Opened::Unicode(UnicodeMessage::read(Rc::clone(store), entry, None)?),
            Self::Ansi(store) => Opened::Ansi(AnsiMessage::read(Rc::clone(store), entry, None)?),
        };
        DataFileItem::new(message, names, WESTERN)
    }
}

/// The names of named properties that the file knows; an entry that is damaged has none.
pub(super) fn names(store: &dyn Store) -> io::Result<Names> {
    let map = store.named_property_map()?;
    let properties = map.properties();
    let guids = properties.stream_guid()?;
    let mut names = HashMap::new();
    for entry in properties.stream_entry()? {
        let set = match entry.guid() {
            NamedPropertyGuid::None => None,
            NamedPropertyGuid::Mapi => Some(PS_MAPI),
            NamedPropertyGuid::PublicStrings => Some(PS_PUBLIC_STRINGS),
            NamedPropertyGuid::GuidIndex(index) => guids.get(usize::from(index)).copied(),
        };
        let name = match entry.id() {
            NamedPropertyId::Number(number) => format!("0x{number:04X}"),
            NamedPropertyId::StringOffset(offset) => properties.lookup_string(offset)?.to_string(),
        };
        names.insert(entry.prop_id(), format!("{}/{name}", set.map(|set| written(&set)).unwrap_or_default()));
    }
    Ok(Rc::new(names))
}

fn written(guid: &GuidValue) -> String {
    written_guid(guid.data1(), guid.data2(), guid.data3(), guid.data4())
}

enum Opened {
    Unicode(Rc<UnicodeMessage>),
    Ansi(Rc<AnsiMessage>),
    /// In an attachment: its own attachments are listed, and their data are out of reach.
    Embedded(Rc<dyn Message>),
}

/// An item of a data file.
pub(super) struct DataFileItem {
    message: Opened,
    names: Names,
    code_page: i64,
    properties: Properties,
    recipients: Vec<Properties>,
    /// Node of each attachment, and what the table of attachments says about it.
    attachments: Vec<(NodeId, Properties)>,
}

impl DataFileItem {
    fn new(message: Opened, names: &Names, otherwise: i64) -> io::Result<Self> {
        let opened: &dyn Message = match &message {
            Opened::Unicode(message) => message.as_ref(),
            Opened::Ansi(message) => message.as_ref(),
            Opened::Embedded(message) => message.as_ref(),
        };
        let mut properties = properties(opened.properties().iter(), names);
        let code_page = properties.code_page(otherwise);
        properties.settle(code_page);
        let table = |table: Option<&Rc<dyn TableContext>>| {
            table.map_or(Ok(Vec::new()), |table| rows(table.as_ref(), names, code_page))
        };
        let recipients = table(opened.recipient_table())?.into_iter().map(|(_, row)| row).collect();
        let attachments = table(opened.attachment_table())?;
        Ok(Self { names: Rc::clone(names), code_page, properties, recipients, attachments, message })
    }
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
        let damaged = |error: io::Error| format!("it is damaged in the data file ({error})");
        let (node, row) = self.attachments.get(index).ok_or("there is none")?;
        let attachment: Rc<dyn Attachment> = match &self.message {
            Opened::Unicode(message) => UnicodeAttachment::read(Rc::clone(message), *node, None).map_err(damaged)?,
            Opened::Ansi(message) => AnsiAttachment::read(Rc::clone(message), *node, None).map_err(damaged)?,
            Opened::Embedded(_) => {
                let content = ItemContent::Absent(OUT_OF_REACH.to_owned());
                return Ok(ItemAttachment { properties: row.clone(), content });
            }
        };
        let kept = attachment.properties().iter().filter(|(id, _)| **id != id::ATTACH_DATA);
        let mut properties = properties(kept, &self.names);
        properties.settle(self.code_page);
        let content = match attachment.data() {
            Some(AttachmentData::Binary(data)) => ItemContent::File(data.buffer().to_vec()),
            Some(AttachmentData::Message(message)) => {
                let message = Opened::Embedded(Rc::clone(message));
                ItemContent::Item(Box::new(Self::new(message, &self.names, self.code_page).map_err(damaged)?))
            }
            None => ItemContent::Absent(absent(&properties)),
        };
        Ok(ItemAttachment { properties, content })
    }
}

const OUT_OF_REACH: &str = "it is in a message that is itself attached, where data files are not read; \
                            save that message from Outlook as .msg and import it";

fn properties<'a>(values: impl Iterator<Item = (&'a u16, &'a PropertyValue)>, names: &Names) -> Properties {
    let mut properties = Properties::default();
    for (id, value) in values {
        properties.add(*id, property(*id, value, names));
    }
    properties
}

fn property(id: u16, value: &PropertyValue, names: &Names) -> Property {
    let kind = u16::from(PropertyType::from(value));
    Property { kind, name: names.get(&id).cloned(), value: converted(value) }
}

/// The rows of a table: their nodes and what they say.
fn rows(table: &dyn TableContext, names: &Names, code_page: i64) -> io::Result<Vec<(NodeId, Properties)>> {
    let context = table.context();
    let mut rows = Vec::new();
    for row in table.rows_matrix() {
        let mut properties = Properties::default();
        for (column, value) in context.columns().iter().zip(row.columns(context)?) {
            if let Some(value) = value {
                let value = table.read_column(&value, column.prop_type())?;
                properties.add(column.prop_id(), property(column.prop_id(), &value, names));
            }
        }
        properties.settle(code_page);
        rows.push((NodeId::from(u32::from(row.id())), properties));
    }
    Ok(rows)
}

fn many<T>(values: &[T], value: impl Fn(&T) -> Value) -> Value {
    Value::Many(values.iter().map(value).collect())
}

fn converted(value: &PropertyValue) -> Value {
    match value {
        PropertyValue::Null => Value::Null,
        PropertyValue::Integer16(number) => Value::Integer(i64::from(*number)),
        PropertyValue::Integer32(number) | PropertyValue::ErrorCode(number) => Value::Integer(i64::from(*number)),
        PropertyValue::Floating32(number) => Value::Float(f64::from(*number)),
        PropertyValue::Floating64(number) | PropertyValue::FloatingTime(number) => Value::Float(*number),
        PropertyValue::Currency(number) | PropertyValue::Integer64(number) => Value::Integer(*number),
        PropertyValue::Boolean(answer) => Value::Boolean(*answer),
        PropertyValue::String8(text) => Value::Encoded(text.buffer().to_vec()),
        PropertyValue::Unicode(text) => Value::Text(unicode(text.buffer())),
        PropertyValue::Time(ticks) => Value::Time(*ticks),
        PropertyValue::Guid(guid) => Value::Guid(written(guid)),
        PropertyValue::Binary(bytes) => Value::Binary(bytes.buffer().to_vec()),
        PropertyValue::Object(object) => Value::Integer(i64::from(object.size())),
        PropertyValue::MultipleInteger16(values) => many(values, |number| Value::Integer(i64::from(*number))),
        PropertyValue::MultipleInteger32(values) => many(values, |number| Value::Integer(i64::from(*number))),
        PropertyValue::MultipleFloating32(values) => many(values, |number| Value::Float(f64::from(*number))),
        PropertyValue::MultipleFloating64(values) | PropertyValue::MultipleFloatingTime(values) => {
            many(values, |number| Value::Float(*number))
        }
        PropertyValue::MultipleCurrency(values) | PropertyValue::MultipleInteger64(values) => {
            many(values, |number| Value::Integer(*number))
        }
        PropertyValue::MultipleString8(values) => many(values, |text| Value::Encoded(text.buffer().to_vec())),
        PropertyValue::MultipleUnicode(values) => many(values, |text| Value::Text(unicode(text.buffer()))),
        PropertyValue::MultipleTime(values) => many(values, |ticks| Value::Time(*ticks)),
        PropertyValue::MultipleGuid(values) => many(values, |guid| Value::Guid(written(guid))),
        PropertyValue::MultipleBinary(values) => many(values, |bytes| Value::Binary(bytes.buffer().to_vec())),
    }
}

fn unicode(units: &[u16]) -> String {
    String::from_utf16_lossy(units).trim_end_matches('\0').to_owned()
}
