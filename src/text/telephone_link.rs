//! Telephone numbers that only a link shows: `<a href="tel:+49-171-1234567">call us</a>` (RFC 3966).

use std::collections::HashSet;

use super::phone::{Form, number, numbers};

/// Schemes of links to a telephone; RFC 5724 has the second.
const SCHEMES: [&str; 3] = ["tel:", "sms:", "callto:"];

/// Whether `html` may have such links: most has none, and need not be read for them.
pub(super) fn may_have_links(html: &str) -> bool {
    let ends_scheme = |colon: usize| {
        let scheme = colon.checked_sub(3).and_then(|start| html.as_bytes().get(start..colon)).unwrap_or_default();
        [b"tel", b"sms", b"lto"].iter().any(|end| scheme.eq_ignore_ascii_case(*end))
    };
    memchr::memchr_iter(b':', html.as_bytes()).any(ends_scheme)
}

/// The number that the tag of a link leads to, as it is written there.
pub(super) fn linked_number(tag: &str) -> Option<String> {
    let target = target(tag)?;
    let scheme = SCHEMES
        .iter()
        .find(|scheme| target.get(..scheme.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(scheme)))?;
    let written = decoded(target.get(scheme.len()..)?);
    // Of the parameters, `ext` alone is part of a number; a query follows the number of a text message.
    let (whole, _) = written.split_once('?').unwrap_or((&written, ""));
    let mut parts = whole.split(';');
    let digits = parts.next()?;
    let extension = parts.find(|part| part.to_ascii_lowercase().starts_with("ext="));
    let number = extension.map_or_else(|| digits.to_owned(), |extension| format!("{digits};{extension}"));
    let is_number = numbers(&number).next().is_some();
    is_number.then_some(number)
}

/// Those of `links` whose numbers do not stand in `text`, each once.
pub(super) fn unseen(links: Vec<String>, text: &str) -> Vec<String> {
    if links.is_empty() {
        return links;
    }
    let mut seen: HashSet<(Form, String)> =
        numbers(text).flat_map(|number| number.kept().collect::<Vec<_>>()).collect();
    let is_unseen = |link: &String| {
        let forms = number(link).map(|number| number.kept().collect::<Vec<_>>()).unwrap_or_default();
        let is_new = forms.iter().any(|form| !seen.contains(form));
        seen.extend(forms);
        is_new
    };
    links.into_iter().filter(is_unseen).collect()
}

/// The value of the attribute `href`.
fn target(tag: &str) -> Option<&str> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower.get(from..)?.find("href")?;
        from = at + "href".len();
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

/// A link without escapes (RFC 3986 2.1) and without references to the plus sign.
fn decoded(link: &str) -> String {
    let link = link.replace("&#43;", "+").replace("&#x2b;", "+").replace("&#x2B;", "+").replace("&plus;", "+");
    let mut pieces = link.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let escaped = piece.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(escaped.unwrap_or(b'%'));
        bytes.extend(piece.bytes().skip(if escaped.is_some() { 2 } else { 0 }));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_telephone_has_its_number() {
        for (tag, expected) in [
            ("<a href=\"tel:+49-171-1234567\">", Some("+49-171-1234567")),
            ("<A class=x HREF = 'TEL:%2B49%20171%201234567'>", Some("+49 171 1234567")),
            ("<a href=tel:01711234567>", Some("01711234567")),
            ("<a href=\"tel:&#43;491711234567;phone-context=x;ext=12\">", Some("+491711234567;ext=12")),
            ("<a href=\"sms:+491711234567?body=hi%20you\">", Some("+491711234567")),
            ("<a data-href=\"tel:1\" href=\"tel:+491711234567\">", Some("+491711234567")),
            ("<a href=\"https://firm.example/tel:+491711234567\">", None),
            ("<a href=\"tel:911\">", None),
            ("<a href=\"tel:%zz%\">", None),
            ("<a href", None),
            ("<a href=", None),
            ("<a>", None),
        ] {
            assert_eq!(linked_number(tag).as_deref(), expected, "{tag}");
        }
    }

    #[test]
    fn what_the_text_shows_is_not_repeated() {
        let links = ["+491711234567", "+49-171-1234567", "+491711234568"].map(str::to_owned).to_vec();
        assert_eq!(unseen(links.clone(), "no number"), ["+491711234567", "+491711234568"]);
        assert_eq!(unseen(links, "+49 (0)171 1234567"), ["+491711234568"]);
    }
}
