//! Every kind of notification becomes records, nothing of it is lost, and no input is too strange to be answered.

#![allow(clippy::needless_pass_by_value, reason = "literals of JSON read best as they are")]

mod events;
mod files;
mod gathered;
mod hostile;
mod people;
mod types;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use data_encoding::BASE64;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::message::{Made, message};
use super::notification::{ReportKind, reports};
use super::*;
use crate::connector::converter::json::Parsed;
use crate::connector::input::{Attachments, Beside, InputContent};
use crate::message::converted::{Record, RecordKind};
use crate::model::Event;

const BUSINESS: &str = "493090182000";
const ANN: &str = "447700900123";
const SECONDS: &str = "1709287200";

fn value(name: &str, parts: Value) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "+49 30 9018-2000", "phone_number_id": "700100"},
        "contacts": [{"profile": {"name": "Ann"}, "wa_id": ANN, "user_id": "GB.55"}],
    });
    value[name] = parts;
    value
}

fn body(field: &str, value: Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "900", "changes": [{"field": field, "value": value}]}]})
}

/// A message with members added.
fn sent(more: Value) -> Value {
    let mut message = json!({"from": ANN, "id": "wamid.A", "timestamp": SECONDS});
    message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    message
}

fn messages(more: Value) -> Value {
    body("messages", value("messages", json!([sent(more)])))
}

/// The record of a body with one message.
fn made(body: Value) -> Made {
    let found = reports(Parsed { value: body, mended: false }).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    message(&found[0]).unwrap()
}

fn fact(record: &Record, pointer: &str) -> Value {
    let found = record.extra.iter().find(|(known, _)| known == pointer);
    found.map_or(Value::Null, |(_, value)| serde_json::from_str(value).unwrap())
}

fn read_in(folder: &Path, content: &[u8]) -> Vec<SourceEvent> {
    let path = folder.join("hook.json");
    let beside = Beside::file(&path, &Attachments::default()).unwrap();
    let content = InputContent::File(Arc::new(content.to_vec()));
    let input = Input { origin: "hook.json".to_owned(), name: "hook.json".to_owned(), content, beside };
    open(input, &Options::default()).unwrap().collect()
}

fn read(content: &[u8]) -> Vec<SourceEvent> {
    read_in(tempfile::tempdir().unwrap().path(), content)
}

fn read_all(bodies: &[Value]) -> Vec<SourceEvent> {
    let lines: Vec<String> = bodies.iter().map(ToString::to_string).collect();
    read(lines.join("\n").as_bytes())
}

fn mail(event: &SourceEvent) -> String {
    let SourceEvent::Record(record) = event else { panic!("{event:?}") };
    let source = record.raw.source();
    let mut bytes = vec![0; source.len() as usize];
    source.read_exact_at(0, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn text_of(event: &SourceEvent) -> String {
    mail(event).split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn counts(events: &[SourceEvent]) -> (usize, usize, usize) {
    let count = |wanted: fn(&SourceEvent) -> bool| events.iter().filter(|event| wanted(event)).count();
    (
        count(|event| matches!(event, SourceEvent::Record(_))),
        count(|event| matches!(event, SourceEvent::Rejected(_))),
        count(|event| matches!(event, SourceEvent::Closed(_))),
    )
}
