//! What attributes of HTML say that its text does not show: where links lead, and what stands for pictures.

use super::html_reader::attribute_text;

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

/// What a field of a form shows.
pub(super) fn input_text(tag: &str) -> Vec<String> {
    if attribute(tag, "type").is_some_and(|sort| sort.eq_ignore_ascii_case("hidden")) {
        return Vec::new();
    }
    let shown = ["value", "placeholder"].into_iter().filter_map(|name| attribute(tag, name).map(attribute_text));
    shown.filter(|text| !text.is_empty()).collect()
}

/// The value of an attribute, as it stands; of several of that name the first (HTML 13.2.5.33).
pub(super) fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let is_between = |c: char| c.is_ascii_whitespace() || c == '/';
    let mut rest = tag.trim_start_matches(|c: char| c != '/' && !c.is_ascii_whitespace());
    loop {
        rest = rest.trim_start_matches(is_between);
        // A name begins with any sign, and goes on to one that ends it.
        let first = rest.chars().next().filter(|c| *c != '>')?.len_utf8();
        let end = rest
            .get(first..)?
            .find(|c: char| is_between(c) || matches!(c, '=' | '>'))
            .map_or(rest.len(), |end| first + end);
        let (found, behind) = rest.split_at_checked(end)?;
        rest = behind;
        let Some(value) = behind.trim_ascii_start().strip_prefix('=') else { continue };
        let value = value.trim_ascii_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, behind) = match quote {
            Some(quote) => {
                let inner = value.get(1..)?;
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            None => value
                .split_at_checked(value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len()))?,
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(value.trim());
        }
        rest = behind;
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

#[cfg(test)]
mod tests {
    use super::attribute;

    #[test]
    fn attributes_are_told_from_what_stands_in_others() {
        for (tag, expected) in [
            ("<a href=\"x\">", Some("x")),
            ("<a title=\"the href=y\" href='x'>", Some("x")),
            ("<a title='a'href=x>", Some("x")),
            ("<A\nHREF\t=\n x >", Some("x")),
            ("<a data-href=y href = \" x \">", Some("x")),
            ("<a title=\"so \"called\"\" href=x>", Some("x")),
            ("<a checked href=x?a=b/c>", Some("x?a=b/c")),
            ("<a/href=x>", Some("x")),
            ("<a href=x href=y>", Some("x")),
            ("<a href=\"open>", Some("open>")),
            ("<a href", None),
            ("<a href=", Some("")),
            ("<a =href \u{fc}=x>", None),
            ("<a>", None),
            ("<a", None),
        ] {
            assert_eq!(attribute(tag, "href"), expected, "{tag}");
        }
    }
}
