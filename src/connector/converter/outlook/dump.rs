//! All properties of an item as JSON, in one order.

use data_encoding::BASE64;
use serde_json::{Map, Value as Json, json};

use super::item::Item;
use super::names::known_name;
use super::property::{Properties, Property, Value, id, time_of};
use crate::model::Digest;

/// Bytes of the longest value that is written out.
pub(super) const MAX_INLINE: usize = 64 << 10;

/// What is known of an attachment once it was written.
pub(super) struct Written {
    /// Its properties.
    pub(super) properties: Properties,
    /// BLAKE3 of what was written of it; `None` if it did not come with the item.
    pub(super) digest: Option<Digest>,
    /// Bytes of it.
    pub(super) len: u64,
}

/// The document: `message`, `recipients` and `attachments`.
pub(super) fn document(item: &dyn Item, attachments: &[Written]) -> Vec<u8> {
    let recipients: Vec<Json> = item.recipients().iter().map(properties).collect();
    let attachments: Vec<Json> = attachments.iter().map(attachment).collect();
    let document = json!({
        "attachments": attachments,
        "message": properties(item.properties()),
        "recipients": recipients,
    });
    let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn attachment(written: &Written) -> Json {
    let content = written.digest.map(|digest| json!({ "blake3": digest.to_string(), "bytes": written.len }));
    json!({ "content": content, "properties": properties(&written.properties) })
}

fn properties(properties: &Properties) -> Json {
    Json::Array(properties.iter().map(|(id, property)| entry(id, property)).collect())
}

fn entry(id: u16, property: &Property) -> Json {
    let mut entry = Map::new();
    let name = property.name.as_deref().or_else(|| known_name(id, None));
    name.map(|name| entry.insert("name".to_owned(), Json::from(name)));
    entry.insert("tag".to_owned(), Json::from(format!("0x{id:04X}{:04X}", property.kind)));
    entry.insert("type".to_owned(), Json::from(type_name(property.kind)));
    entry.insert("value".to_owned(), value(id, &property.value));
    Json::Object(entry)
}

/// The word of a type (MS-OXCDATA 2.11.1).
fn type_name(kind: u16) -> String {
    let word = match kind & 0x0FFF {
        0x0001 => "null",
        0x0002 => "integer16",
        0x0003 => "integer32",
        0x0004 => "floating32",
        0x0005 => "floating64",
        0x0006 => "currency",
        0x0007 => "floating time",
        0x000A => "error code",
        0x000B => "boolean",
        0x000D => "object",
        0x0014 => "integer64",
        0x001E => "string8",
        0x001F => "string",
        0x0040 => "time",
        0x0048 => "guid",
        0x0102 => "binary",
        _ => "unknown",
    };
    if kind & 0x1000 == 0 { word.to_owned() } else { format!("multiple {word}") }
}

/// What the parts of the mail hold is named by its digest; so is what has a part of its own for its length.
fn value(id: u16, value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Boolean(answer) => json!(answer),
        Value::Time(ticks) => time_of(*ticks).map_or_else(
            || json!({ "ticks": ticks }),
            |time| json!(time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
        ),
        Value::Text(text) if apart(id, text.len()) => measured(text.as_bytes()),
        Value::Text(text) | Value::Guid(text) => json!(text),
        Value::Encoded(bytes) | Value::Binary(bytes) if apart(id, bytes.len()) => measured(bytes),
        Value::Encoded(bytes) | Value::Binary(bytes) => json!({ "base64": BASE64.encode(bytes) }),
        Value::Many(values) => Json::Array(values.iter().map(|each| self::value(0, each)).collect()),
    }
}

fn apart(id: u16, len: usize) -> bool {
    matches!(id, id::BODY | id::HTML | id::RTF | id::ATTACH_DATA) || (id != 0 && len > MAX_INLINE)
}

fn measured(bytes: &[u8]) -> Json {
    json!({ "blake3": Digest::of(bytes).to_string(), "bytes": bytes.len() })
}

/// Bytes of properties that are too long for the document and that no other part holds.
pub(super) fn long_values(item: &dyn Item) -> Vec<(u16, &[u8])> {
    let parts = [id::BODY, id::HTML, id::RTF, id::ATTACH_DATA];
    let long = item.properties().iter().filter(|(id, _)| !parts.contains(id));
    long.filter_map(|(id, _)| item.properties().bytes(id).map(|bytes| (id, bytes)))
        .filter(|(_, bytes)| bytes.len() > MAX_INLINE)
        .collect()
}
