//! MAPI properties, and typed looks at them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use data_encoding::HEXUPPER;

use crate::text::code_page;

/// Identifiers of the properties that the mail is made of (MS-OXPROPS).
pub(super) mod id {
    pub(in super::super) const IMPORTANCE: u16 = 0x0017;
    pub(in super::super) const MESSAGE_CLASS: u16 = 0x001A;
    pub(in super::super) const SUBJECT: u16 = 0x0037;
    pub(in super::super) const SUBMIT_TIME: u16 = 0x0039;
    pub(in super::super) const FROM_NAME: u16 = 0x0042;
    pub(in super::super) const FROM_TYPE: u16 = 0x0064;
    pub(in super::super) const FROM_ADDRESS: u16 = 0x0065;
    pub(in super::super) const TOPIC: u16 = 0x0070;
    pub(in super::super) const CONVERSATION_INDEX: u16 = 0x0071;
    pub(in super::super) const TRANSPORT_HEADERS: u16 = 0x007D;
    pub(in super::super) const RECIPIENT_TYPE: u16 = 0x0C15;
    pub(in super::super) const SENDER_NAME: u16 = 0x0C1A;
    pub(in super::super) const SENDER_TYPE: u16 = 0x0C1E;
    pub(in super::super) const SENDER_ADDRESS: u16 = 0x0C1F;
    pub(in super::super) const DELIVERY_TIME: u16 = 0x0E06;
    pub(in super::super) const BODY: u16 = 0x1000;
    pub(in super::super) const RTF: u16 = 0x1009;
    pub(in super::super) const HTML: u16 = 0x1013;
    pub(in super::super) const MESSAGE_ID: u16 = 0x1035;
    pub(in super::super) const REFERENCES: u16 = 0x1039;
    pub(in super::super) const IN_REPLY_TO: u16 = 0x1042;
    pub(in super::super) const DISPLAY_NAME: u16 = 0x3001;
    pub(in super::super) const ADDRESS_TYPE: u16 = 0x3002;
    pub(in super::super) const ADDRESS: u16 = 0x3003;
    pub(in super::super) const CREATION_TIME: u16 = 0x3007;
    pub(in super::super) const MODIFICATION_TIME: u16 = 0x3008;
    pub(in super::super) const TOP_FOLDER: u16 = 0x35E0;
    pub(in super::super) const CONTENT_COUNT: u16 = 0x3602;
    pub(in super::super) const ATTACH_DATA: u16 = 0x3701;
    pub(in super::super) const ATTACH_SHORT_NAME: u16 = 0x3704;
    pub(in super::super) const ATTACH_METHOD: u16 = 0x3705;
    pub(in super::super) const ATTACH_NAME: u16 = 0x3707;
    pub(in super::super) const ATTACH_PATH: u16 = 0x370D;
    pub(in super::super) const ATTACH_TYPE: u16 = 0x370E;
    pub(in super::super) const CONTENT_ID: u16 = 0x3712;
    pub(in super::super) const SMTP_ADDRESS: u16 = 0x39FE;
    pub(in super::super) const INTERNET_CODE_PAGE: u16 = 0x3FDE;
    pub(in super::super) const MESSAGE_CODE_PAGE: u16 = 0x3FFD;
    pub(in super::super) const SENDER_SMTP: u16 = 0x5D01;
    pub(in super::super) const FROM_SMTP: u16 = 0x5D02;
}

/// The value of a property.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nothing but its presence.
    Null,
    /// All integers, currencies (in ten-thousandths) and error codes.
    Integer(i64),
    /// Floating numbers and times.
    Float(f64),
    /// Yes or no.
    Boolean(bool),
    /// Units of 100 ns since 1601-01-01 UTC.
    Time(i64),
    /// Text.
    Text(String),
    /// Text in a code page that is known only when all properties are.
    Encoded(Vec<u8>),
    /// A GUID in its written form.
    Guid(String),
    /// Bytes.
    Binary(Vec<u8>),
    /// Several values of one type.
    Many(Vec<Value>),
}

/// A property.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Property {
    /// Its type as the source has it (MS-OXCDATA 2.11.1).
    pub(super) kind: u16,
    /// Its name if it is a named one: `{GUID}/0x820D` or `{GUID}/Keywords`.
    pub(super) name: Option<String>,
    /// Its value.
    pub(super) value: Value,
}

/// The properties of an item, a recipient or an attachment, in the order of their identifiers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Properties {
    by_id: BTreeMap<u16, Property>,
}

impl Properties {
    /// Adds a property; a later one of the same identifier replaces it.
    pub(super) fn add(&mut self, id: u16, property: Property) {
        self.by_id.insert(id, property);
    }

    /// All of them in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u16, &Property)> {
        self.by_id.iter().map(|(id, property)| (*id, property))
    }

    /// A property.
    pub(super) fn property(&self, id: u16) -> Option<&Property> {
        self.by_id.get(&id)
    }

    fn value(&self, id: u16) -> Option<&Value> {
        self.property(id).map(|property| &property.value)
    }

    /// A text that says something.
    pub(super) fn text(&self, id: u16) -> Option<&str> {
        match self.value(id)? {
            Value::Text(text) => Some(text.as_str()).filter(|text| !text.trim().is_empty()),
            _ => None,
        }
    }

    /// An integer.
    pub(super) fn integer(&self, id: u16) -> Option<i64> {
        match self.value(id)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Bytes, or the bytes of a text.
    pub(super) fn bytes(&self, id: u16) -> Option<&[u8]> {
        match self.value(id)? {
            Value::Binary(bytes) => Some(bytes.as_slice()),
            Value::Text(text) => Some(text.as_bytes()),
            _ => None,
        }
        .filter(|bytes| !bytes.is_empty())
    }

    /// A time, if it is one that a calendar has.
    pub(super) fn time(&self, id: u16) -> Option<DateTime<Utc>> {
        match self.value(id)? {
            Value::Time(ticks) => time_of(*ticks),
            _ => None,
        }
    }

    /// The code page of its encoded texts: what it says, else the one given.
    pub(super) fn code_page(&self, otherwise: i64) -> i64 {
        let said = [id::MESSAGE_CODE_PAGE, id::INTERNET_CODE_PAGE].into_iter().filter_map(|id| self.integer(id));
        said.into_iter().find(|page| code_page::label(*page).is_some()).unwrap_or(otherwise)
    }

    /// Decodes its encoded texts.
    pub(super) fn settle(&mut self, code_page: i64) {
        for property in self.by_id.values_mut() {
            settle(&mut property.value, code_page);
        }
    }

    /// Takes the bytes of a property out, which leaves it empty.
    pub(super) fn take_bytes(&mut self, id: u16) -> Option<Vec<u8>> {
        match &mut self.by_id.get_mut(&id)?.value {
            Value::Binary(bytes) => Some(std::mem::take(bytes)),
            _ => None,
        }
    }
}

fn settle(value: &mut Value, code_page: i64) {
    match value {
        Value::Encoded(bytes) => *value = Value::Text(code_page::decode(bytes, code_page)),
        Value::Many(values) => values.iter_mut().for_each(|value| settle(value, code_page)),
        _ => {}
    }
}

/// Seconds from 1601-01-01 to 1970-01-01.
const EPOCH: i64 = 11_644_473_600;

/// Seconds from 1970 to the end of the year 4500: Outlook writes a day of 4501 for "none".
const NONE: i64 = 79_870_000_000;

/// The time of a count of 100 ns since 1601. 0 and the greatest values mean that there is none.
pub(super) fn time_of(ticks: i64) -> Option<DateTime<Utc>> {
    const PER_SECOND: i64 = 10_000_000;
    let seconds = ticks.div_euclid(PER_SECOND).checked_sub(EPOCH)?;
    let nanoseconds = u32::try_from(ticks.rem_euclid(PER_SECOND) * 100).ok()?;
    (ticks > 0 && seconds < NONE).then(|| DateTime::from_timestamp(seconds, nanoseconds)).flatten()
}

/// A GUID from its 16 bytes: the first three numbers are little-endian.
pub(super) fn guid(bytes: &[u8]) -> Option<String> {
    let (first, rest) = bytes.split_first_chunk::<4>()?;
    let (second, rest) = rest.split_first_chunk::<2>()?;
    let (third, rest) = rest.split_first_chunk::<2>()?;
    let last: &[u8; 8] = rest.try_into().ok()?;
    Some(written_guid(u32::from_le_bytes(*first), u16::from_le_bytes(*second), u16::from_le_bytes(*third), last))
}

/// The written form of a GUID.
pub(super) fn written_guid(first: u32, second: u16, third: u16, last: &[u8; 8]) -> String {
    let (node, tail) = last.split_at(2);
    let [node, tail] = [node, tail].map(|bytes| HEXUPPER.encode(bytes));
    format!("{{{first:08X}-{second:04X}-{third:04X}-{node}-{tail}}}")
}
