//! From an element of a file to the record in it.

use serde_json::{Map, Value};

use crate::connector::converter::json::{Verbatim, number, parse_verbatim, text};

/// A decrypted record and what came around it.
pub(super) struct Element {
    /// The record.
    pub(super) record: Value,
    /// The whole element as JSON, with all digits of its numbers.
    pub(super) whole: String,
    /// Members of the object around it, if there is one: `seq`, `publickey_ver`.
    pub(super) outer: Map<String, Value>,
    /// Whether characters of it had to be replaced.
    pub(super) mended: bool,
}

/// Finds the record.
///
/// # Errors
/// There is none: a text for people that says why, and what to do.
pub(super) fn element(bytes: &[u8]) -> Result<Element, String> {
    let Verbatim { value, text: whole, mended } = parse_verbatim(bytes)?;
    let Value::Object(mut object) = value else {
        return Err("not an object; a record of the archive is an object with `msgid` and `msgtype`".to_owned());
    };
    if is_record(&object) {
        return Ok(Element { record: Value::Object(object), whole, outer: Map::new(), mended });
    }
    let inner = object.iter().find_map(|(name, value)| Some((name.clone(), record_in(value)?)));
    if let Some((name, record)) = inner {
        object.remove(&name);
        object.remove("encrypt_random_key");
        object.remove("encrypt_chat_msg");
        return Ok(Element { record, whole, outer: object, mended });
    }
    Err(refusal(&Value::Object(object)))
}

fn is_record(object: &Map<String, Value>) -> bool {
    let has = |name| object.contains_key(name);
    has("msgtype") || (has("action") && (has("msgid") || has("user"))) || (has("send_time") && has("msgid"))
}

/// The record that a member is, or has as JSON in a string.
fn record_in(value: &Value) -> Option<Value> {
    match value {
        Value::Object(object) if is_record(object) => Some(value.clone()),
        Value::String(json) if json.trim_start().starts_with('{') => {
            let inner: Value = serde_json::from_str(json).ok()?;
            inner.as_object().is_some_and(is_record).then_some(inner)
        }
        _ => None,
    }
}

fn refusal(object: &Value) -> String {
    if object.get("encrypt_chat_msg").is_some() {
        return "encrypted (`encrypt_chat_msg`); decrypt it with the vendor's library (DecryptData) and import what that \
                gives"
            .to_owned();
    }
    match number(object, "errcode") {
        Some(code) if code > 0 => {
            format!("no records but the error {code}: {} {}", meaning(code), text(object, "errmsg"))
                .trim_end()
                .to_owned()
        }
        _ => "no record of the archive: it has neither `msgtype` nor `action`".to_owned(),
    }
}

/// What an error of the vendor's library means, and what to do.
fn meaning(code: u64) -> &'static str {
    match code {
        10000 => "wrong parameters; correct the call and pull again.",
        10001 => "the network failed; pull again.",
        10002 | 10003 => "the vendor's library failed; pull again.",
        10004 | 10008 => "the private key is wrong; check it and pull again.",
        10005 => "the file id is wrong.",
        10006 => "it could not be decrypted; check the private key of its `publickey_ver`.",
        10007 => "the key of its version is missing; add it and pull again.",
        10009 => "the address of the collector is not allowed; allow it in the console and pull again.",
        10010 => "the data have expired at the vendor and cannot be pulled any more.",
        10011 => "a certificate is wrong; check the clock and certificates of the collector and pull again.",
        _ => "see the vendor's list of errors.",
    }
}
