//! JSON documents with one long list in them, written and read without holding the list in memory.

use std::fmt::{self, Write as _};
use std::io::{BufReader, Read, Write};
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, de};
use serde_json::{Map, Value};

use crate::{Error, Result};

/// A document being written: fields, then a list, then more fields; one entry of the list on each line.
pub(super) struct ListWriter<'w> {
    out: &'w mut dyn Write,
    entries: u64,
}

impl<'w> ListWriter<'w> {
    /// Begins a document with the fields of `head`, and the list `name`.
    pub(super) fn begin(out: &'w mut dyn Write, head: &impl Serialize, name: &str) -> Result<Self> {
        let mut text = String::from("{\n");
        for (field, value) in fields(head)? {
            writeln!(text, "{}: {value},", Value::from(field)).ok();
        }
        write!(text, "{}: [", Value::from(name)).ok();
        let mut writer = Self { out, entries: 0 };
        writer.put(&text)?;
        Ok(writer)
    }

    /// Adds an entry to the list.
    pub(super) fn entry(&mut self, entry: &impl Serialize) -> Result<()> {
        let entry = serde_json::to_string(entry).map_err(encoding)?;
        let separator = if self.entries == 0 { "\n" } else { ",\n" };
        self.entries += 1;
        self.put(&format!("{separator}{entry}"))
    }

    /// Ends the list, and the document with the fields of `foot`.
    pub(super) fn finish(mut self, foot: &impl Serialize) -> Result<()> {
        let mut text = String::from("\n]");
        for (field, value) in fields(foot)? {
            write!(text, ",\n{}: {value}", Value::from(field)).ok();
        }
        text.push_str("\n}\n");
        self.put(&text)?;
        self.out.flush().map_err(Error::io("write", "the document"))
    }

    fn put(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).map_err(Error::io("write", "the document"))
    }
}

fn fields(record: &impl Serialize) -> Result<Map<String, Value>> {
    match serde_json::to_value(record).map_err(encoding)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

fn encoding(error: serde_json::Error) -> Error {
    Error::Store { action: "write a document", source: error.into() }
}

/// Reads a document: its fields as `F`, and each entry of the list `name` as it comes.
///
/// # Errors
/// It is not such a document, as `what` names it, or `visit` returned an error.
pub(super) fn read_list<F: DeserializeOwned, E: DeserializeOwned>(
    source: impl Read,
    what: &str,
    name: &'static str,
    visit: &mut dyn FnMut(E) -> Result<()>,
) -> Result<F> {
    let mut failure = None;
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, source));
    let document = Document { name, visit, failure: &mut failure, entry: PhantomData };
    let read = json.deserialize_map(document).and_then(|fields| json.end().map(|()| fields));
    if let Some(failure) = failure {
        return Err(failure);
    }
    let refuse = |error: serde_json::Error| Error::InvalidInput(format!("this is not {what}: {error}"));
    serde_json::from_value(Value::Object(read.map_err(refuse)?)).map_err(refuse)
}

struct Document<'a, E> {
    name: &'static str,
    visit: &'a mut dyn FnMut(E) -> Result<()>,
    failure: &'a mut Option<Error>,
    entry: PhantomData<E>,
}

impl<'de, E: DeserializeOwned> Visitor<'de> for Document<'_, E> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Map::new();
        let mut listed = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == self.name {
                if listed {
                    return Err(de::Error::custom(format!("`{key}` is there twice")));
                }
                listed = true;
                map.next_value_seed(&mut self)?;
            } else {
                fields.insert(key, map.next_value()?);
            }
        }
        if listed { Ok(fields) } else { Err(de::Error::custom(format!("it has no `{}`", self.name))) }
    }
}

impl<'de, E: DeserializeOwned> DeserializeSeed<'de> for &mut Document<'_, E> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(Entries(self))
    }
}

struct Entries<'d, 'a, E>(&'d mut Document<'a, E>);

impl<'de, E: DeserializeOwned> Visitor<'de> for Entries<'_, '_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(entry) = list.next_element::<E>()? {
            if let Err(failure) = (self.0.visit)(entry) {
                *self.0.failure = Some(failure);
                return Err(de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Fields {
        name: String,
        count: u64,
    }

    fn read(text: &str) -> Result<(Fields, Vec<u64>)> {
        let mut list = Vec::new();
        let fields = read_list(text.as_bytes(), "a list of numbers", "numbers", &mut |n| {
            list.push(n);
            Ok(())
        });
        fields.map(|fields| (fields, list))
    }

    #[test]
    fn a_document_comes_back_as_it_was_written() {
        for numbers in [vec![], vec![1], vec![1, 2, 3]] {
            let mut out = Vec::new();
            let mut writer = ListWriter::begin(&mut out, &serde_json::json!({ "name": "a\"b" }), "numbers").unwrap();
            for n in &numbers {
                writer.entry(n).unwrap();
            }
            writer.finish(&serde_json::json!({ "count": 7 })).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert_eq!(read(&text).unwrap(), (Fields { name: "a\"b".to_owned(), count: 7 }, numbers));
        }
    }

    #[test]
    fn what_is_no_such_document_is_refused() {
        for text in [
            "",
            "[]",
            "{}",
            "{\"numbers\":[1]",
            "{\"numbers\":[1,\"x\"]}",
            "{\"numbers\":[1],\"name\":\"a\"}",
            "{\"numbers\":[1],\"numbers\":[2],\"name\":\"a\",\"count\":1}",
            "{\"numbers\":[1],\"name\":\"a\",\"count\":1} more",
            "{\"name\":\"a\",\"count\":1}",
        ] {
            assert!(matches!(read(text), Err(Error::InvalidInput(_))), "{text}");
        }
    }
}
