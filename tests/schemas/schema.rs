//! The schemas under `schemas/`, and their examples.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use jsonschema::Validator;
use serde_json::{Value, json};

/// One schema: as it is published, and as outputs of this very version must be.
pub(crate) struct Schema {
    published: Validator,
    strict: Validator,
    kinds: BTreeMap<String, Validator>,
}

impl Schema {
    fn new(name: &str, document: &Value) -> Self {
        let build = |schema: &Value| {
            let built = jsonschema::options().should_validate_formats(true).build(schema);
            built.unwrap_or_else(|error| panic!("schema `{name}` is not valid: {error}"))
        };
        // Fields that are not described are allowed in converted messages, which others write.
        let closed = if name == "message" { document.clone() } else { closed(document) };
        Self { published: build(document), strict: build(&closed), kinds: kinds(document, build) }
    }

    pub(crate) fn accepts(&self, instance: &Value) -> bool {
        self.published.is_valid(instance)
    }

    /// Why `instance` is no output that this schema describes wholly.
    pub(crate) fn problem(&self, instance: &Value) -> Option<String> {
        let error = self.strict.iter_errors(instance).next()?;
        Some(format!("{error} at `{}`", error.instance_path()))
    }

    /// Which kinds of line `instance` is.
    pub(crate) fn kinds(&self, instance: &Value) -> Vec<String> {
        self.kinds.iter().filter(|(_, kind)| kind.is_valid(instance)).map(|(name, _)| name.clone()).collect()
    }

    pub(crate) fn all_kinds(&self) -> impl Iterator<Item = &String> {
        self.kinds.keys()
    }
}

/// A schema for each kind of line that `document` tells apart; the whole of it if it describes one kind only.
fn kinds(document: &Value, build: impl Fn(&Value) -> Validator) -> BTreeMap<String, Validator> {
    let Some(branches) = document.get("oneOf").and_then(Value::as_array) else {
        return BTreeMap::from([("document".to_owned(), build(document))]);
    };
    let reference = |branch: &Value| branch.get("$ref").and_then(Value::as_str).map(str::to_owned);
    let named = branches.iter().filter_map(reference).map(|reference| {
        let name = reference.trim_start_matches("#/$defs/").to_owned();
        (name, build(&json!({ "$ref": reference, "$defs": document.get("$defs") })))
    });
    let kinds: BTreeMap<_, _> = named.collect();
    assert_eq!(kinds.len(), branches.len(), "a kind of line has no name");
    kinds
}

/// `schema` with every object limited to the fields that it describes.
fn closed(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let mut map: serde_json::Map<_, _> = map.iter().map(|(key, value)| (key.clone(), closed(value))).collect();
            if map.get("properties").is_some_and(Value::is_object) && map.get("type") == Some(&json!("object")) {
                map.entry("additionalProperties").or_insert(json!(false));
            }
            Value::Object(map)
        }
        Value::Array(values) => values.iter().map(closed).collect(),
        other => other.clone(),
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

/// Every schema by name.
pub(crate) fn all() -> BTreeMap<String, Schema> {
    let mut schemas = BTreeMap::new();
    for entry in fs::read_dir(folder()).expect("the schemas can be listed") {
        let path = entry.expect("the schemas can be listed").path();
        let file = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        if let Some(name) = file.strip_suffix(".schema.json") {
            let document = read(&path);
            assert_eq!(document.get("$id"), Some(&json!(format!("urn:custodia:schema:{name}:1"))), "id of `{name}`");
            schemas.insert(name.to_owned(), Schema::new(name, &document));
        }
    }
    schemas
}

/// Names of the folders of examples.
pub(crate) fn example_folders() -> BTreeSet<String> {
    let entries = fs::read_dir(folder().join("examples")).expect("the examples can be listed");
    entries.map(|entry| entry.expect("the examples can be listed").file_name().to_string_lossy().into_owned()).collect()
}

/// The examples of a schema, by file name.
pub(crate) fn examples(name: &str) -> Vec<(String, Value)> {
    let entries = fs::read_dir(folder().join("examples").join(name)).expect("the examples can be listed");
    let paths = entries.map(|entry| entry.expect("the examples can be listed").path());
    paths
        .map(|path| (path.file_name().expect("a file has a name").to_string_lossy().into_owned(), read(&path)))
        .collect()
}

fn read(path: &std::path::Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
