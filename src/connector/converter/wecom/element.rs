//! From an element of a file to the record in it.

use serde_json::{Map, Value};

use crate::connector::converter::json::{Verbatim, number, parse_verbatim, text};

/// A decrypted record and what came around it.
pub(super) struct Element {
    /// The record.
    pub(super) record: Value,
    /// The whole element as JSON, with all digits of its numbers, without the members of its delivery.
    pub(super) whole: String,
    /// Whether characters of it had to be replaced.
    pub(super) mended: bool,
}

/// Members that tell how a record was delivered, and nothing of the message: the place in the answer that brought it, and
/// the key that it was encrypted with. The same message comes with and without them.
const DELIVERY: [&str; 4] = ["seq", "publickey_ver", "encrypt_random_key", "encrypt_chat_msg"];

/// The text of the record in an object that holds nothing else of the message.
fn within(object: &str) -> Option<String> {
    let object = without(object, &["msgid"]);
    let inner = object.strip_prefix('{')?.strip_suffix('}')?;
    let [only] = members(inner).try_into().ok()?;
    let value = only.get(only.find("\":")? + 2..)?;
    if value.starts_with('{') {
        return Some(value.to_owned());
    }
    let text: String = serde_json::from_str(value).ok()?;
    parse_verbatim(text.as_bytes()).ok().map(|inner| without(&inner.text, &DELIVERY))
}

/// The text of an object, which has no blanks between its values, without some of its members.
fn without(object: &str, names: &[&str]) -> String {
    let Some(inner) = object.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return object.to_owned();
    };
    let named = |member: &&str| {
        let is = |name: &&str| {
            member
                .strip_prefix('"')
                .and_then(|rest| rest.strip_prefix(*name))
                .is_some_and(|rest| rest.starts_with("\":"))
        };
        names.iter().any(is)
    };
    let kept: Vec<&str> = members(inner).into_iter().filter(|member| !named(member)).collect();
    format!("{{{}}}", kept.join(","))
}

/// The members of an object, by the commas between them.
fn members(inner: &str) -> Vec<&str> {
    let (mut depth, mut in_string, mut escaped, mut start, mut found) = (0_u32, false, false, 0, Vec::new());
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.extend(inner.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(inner.get(start..).filter(|last| !last.is_empty()));
    found
}

/// Finds the record.
///
/// # Errors
/// There is none: a text for people that says why, and what to do.
pub(super) fn element(bytes: &[u8]) -> Result<Element, String> {
    let Verbatim { value, text: whole, mended } = parse_verbatim(bytes)?;
    let whole = without(&whole, &DELIVERY);
    let Value::Object(mut object) = value else {
        return Err("not an object; a record of the archive is an object with `msgid` and `msgtype`".to_owned());
    };
    if is_record(&object) {
        object.retain(|name, _| !DELIVERY.contains(&name.as_str()));
        return Ok(Element { record: Value::Object(object), whole, mended });
    }
    if let Some(record) = object.values().find_map(record_in) {
        let whole = within(&whole).unwrap_or(whole);
        return Ok(Element { record, whole, mended });
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
