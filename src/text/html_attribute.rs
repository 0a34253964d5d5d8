//! What attributes of HTML say that its text does not show: where links lead, and what stands for pictures.

use super::html::attribute_text;

/// Schemes of targets that say nothing: programs, the data of a picture, and parts of the same mail.
const SCHEMES_WITHOUT_TEXT: [&str; 4] = ["javascript:", "data:", "cid:", "about:"];

/// Where the tag of a link leads to, unless that is in the same text; with a second line without escapes (RFC 3986 2.1) if it
/// has some.
pub(super) fn link_target(tag: &str) -> Vec<String> {
    let target = attribute(tag, "href").map(attribute_text).unwrap_or_default();
    let begins = |scheme: &str| target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if target.is_empty() || target.starts_with('#') || SCHEMES_WITHOUT_TEXT.iter().any(|scheme| begins(scheme)) {
        return Vec::new();
    }
    let plain = without_escapes(&target);
    if plain == target { vec![target] } else { vec![target, plain] }
}

/// What stands for a picture.
pub(super) fn alternative_text(tag: &str) -> Option<String> {
    attribute(tag, "alt").map(attribute_text).filter(|text| !text.is_empty())
}

/// The value of an attribute, as it stands.
pub(super) fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower.get(from..)?.find(name)?;
        from = at + name.len();
        let is_name = lower.get(..at)?.ends_with(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | '/'));
        let value = tag.get(from..)?.trim_start().strip_prefix('=').filter(|_| is_name);
        let Some(value) = value.map(str::trim_start) else { continue };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        return Some(match quote {
            Some(quote) => value.get(1..)?.split(quote).next()?.trim(),
            None => value.split(|c: char| c.is_ascii_whitespace() || c == '>').next()?,
        });
    }
}

/// A link without escapes (RFC 3986 2.1).
pub(super) fn without_escapes(link: &str) -> String {
    let mut pieces = link.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let escaped = piece.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(escaped.unwrap_or(b'%'));
        bytes.extend(piece.bytes().skip(if escaped.is_some() { 2 } else { 0 }));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
