//! Reading single fields, with messages that name the field and a way out.

use std::borrow::Cow;
use std::collections::BTreeSet;

use data_encoding::BASE64;

use super::header_value::beginning;
use super::json::{Json, ValueKind, write_string};

/// Seconds of a call; about 31 years.
const MAX_DURATION: u64 = 1_000_000_000;

/// Reads the members of an object, each name at most once.
pub(super) fn members(
    json: &mut Json<'_>,
    path: &str,
    mut member: impl FnMut(&mut Json<'_>, &str) -> Result<(), String>,
) -> Result<(), String> {
    let mut seen: BTreeSet<Cow<'_, str>> = BTreeSet::new();
    json.object(|json, name| {
        if seen.contains(&name) {
            let dot = if path.is_empty() { "" } else { "." };
            return Err(wrong(&format!("{path}{dot}{}", shown(&name)), "given twice", "it once"));
        }
        member(json, &name)?;
        seen.insert(name);
        Ok(())
    })
}

/// Reads an object, or `null`; gives whether there was an object.
pub(super) fn object(
    json: &mut Json<'_>,
    path: &str,
    member: impl FnMut(&mut Json<'_>, &str) -> Result<(), String>,
) -> Result<bool, String> {
    let found = expect(json, path, ValueKind::Object, "an object")?;
    if found {
        members(json, path, member)?;
    }
    Ok(found)
}

/// Reads an array of at most `max` elements, or `null`.
pub(super) fn array(
    json: &mut Json<'_>,
    path: &str,
    max: usize,
    mut element: impl FnMut(&mut Json<'_>, usize) -> Result<(), String>,
) -> Result<(), String> {
    let mut index = 0;
    if expect(json, path, ValueKind::Array, "an array")? {
        json.array(|json| {
            if index == max {
                return Err(wrong(path, &format!("more than {max} elements"), "fewer"));
            }
            element(json, index)?;
            index += 1;
            Ok(())
        })?;
    }
    Ok(())
}

fn optional_text<'a>(json: &mut Json<'a>, path: &str) -> Result<Option<Cow<'a, str>>, String> {
    if expect(json, path, ValueKind::String, "a string")? { json.string().map(Some) } else { Ok(None) }
}

/// Reads a string of at most `max` characters; `null` is an empty one.
pub(super) fn text(json: &mut Json<'_>, path: &str, max: usize) -> Result<String, String> {
    let text = optional_text(json, path)?.unwrap_or_default();
    if text.len() > max && text.chars().count() > max {
        return Err(wrong(path, &format!("more than {max} characters"), "fewer"));
    }
    Ok(text.into_owned())
}

/// Reads bytes as base64, or `null`.
pub(super) fn base64(json: &mut Json<'_>, path: &str) -> Result<Option<Vec<u8>>, String> {
    let Some(text) = optional_text(json, path)? else { return Ok(None) };
    let hint = "padded base64 (RFC 4648 section 4) without line ends";
    BASE64.decode(text.as_bytes()).map(Some).map_err(|error| wrong(path, &error.to_string(), hint))
}

/// Reads one of a set of words, or `null`.
pub(super) fn word<T: Copy>(json: &mut Json<'_>, path: &str, words: &[(&str, T)]) -> Result<Option<T>, String> {
    let Some(text) = optional_text(json, path)? else { return Ok(None) };
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(Some(*value));
    }
    let known = words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(" or ");
    Err(wrong(path, &quoted(&text), &known))
}

/// Reads `true`, `false` or `null`.
pub(super) fn boolean(json: &mut Json<'_>, path: &str) -> Result<Option<bool>, String> {
    if expect(json, path, ValueKind::Bool, "true or false")? { Ok(Some(json.scalar()? == "true")) } else { Ok(None) }
}

/// Reads a number of whole seconds, or `null`.
pub(super) fn seconds(json: &mut Json<'_>, path: &str) -> Result<Option<u64>, String> {
    if !expect(json, path, ValueKind::Number, "a number of seconds")? {
        return Ok(None);
    }
    let number = json.scalar()?;
    let whole = number.split_once('.').filter(|(_, fraction)| fraction.bytes().all(|byte| byte == b'0'));
    let seconds = whole.map_or(number, |(whole, _)| whole).parse().ok().filter(|seconds| *seconds <= MAX_DURATION);
    let hint = format!("whole seconds from 0 to {MAX_DURATION}");
    seconds.map(Some).ok_or_else(|| wrong(path, &shown(number), &hint))
}

/// Whether the next value is of `kind`; skips a `null`, which stands for an absent field.
fn expect(json: &mut Json<'_>, path: &str, kind: ValueKind, hint: &str) -> Result<bool, String> {
    match json.kind()? {
        found if found == kind => Ok(true),
        ValueKind::Null => json.scalar().map(|_| false),
        found => Err(wrong(path, found.name(), hint)),
    }
}

/// What is wrong with a field.
pub(super) fn wrong(path: &str, found: &str, hint: &str) -> String {
    format!("field `{path}`: {found}; write {hint}")
}

/// What is wrong with a required field; empty is missing.
pub(super) fn missing_or_wrong(path: &str, found: &str, hint: &str) -> String {
    let found = if found.is_empty() { "missing".to_owned() } else { quoted(found) };
    wrong(path, &found, hint)
}

/// A text as it is shown in a message.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_string(&shown(text), &mut out);
    out
}

/// The beginning of a text, so that a message stays readable.
fn shown(text: &str) -> String {
    let start = beginning(text, 60);
    let more = if start.len() < text.len() { "..." } else { "" };
    format!("{start}{more}")
}
