//! Where members begin and end in JSON text, found without reading them: a file of records is taken apart first, so that
//! a damaged record spoils itself only, and each is kept as it stands, with numbers of any length.

use std::ops::Range;

use super::scanner::{Piece, Scanner};

/// Member names that are looked at when a file is recognised.
const MAX_KEYS: usize = 400;

/// The value of the first member whose name is one of `names`, of the object at the start of `json`. A value without an
/// end goes to the end of the text.
pub(super) fn member(json: &[u8], names: &[&str]) -> Option<Range<usize>> {
    let mut scanner = Scanner::new(json);
    if !scanner.take(b'{').ok()? {
        return None;
    }
    loop {
        while scanner.take(b',').ok()? {}
        let (name, whole) = string(&mut scanner)?;
        if !whole || !scanner.take(b':').ok()? {
            return None;
        }
        scanner.peek().ok()??;
        let start = scanner.offset();
        let ended = matches!(scanner.value(0).ok()??, Piece::Long(_));
        let name = json.get(name.start + 1..name.end - 1)?;
        if names.iter().any(|known| known.as_bytes() == name) {
            return Some(start..scanner.offset());
        }
        if !ended {
            return None;
        }
    }
}

/// Names of members in the first object of a text that may be cut, each with the number of objects it is in. Those of
/// nested objects come among those of the outer ones.
pub(in crate::connector) fn keys(head: &[u8]) -> Vec<(usize, &str)> {
    let (mut found, mut depth, mut scanner) = (Vec::new(), 0_usize, Scanner::new(head));
    while let Ok(Some(byte)) = scanner.peek() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => break,
            b'}' => depth -= 1,
            _ => {}
        }
        if byte != b'"' {
            let _ = scanner.take(byte);
            continue;
        }
        let Some((name, true)) = string(&mut scanner) else { break };
        if matches!(scanner.peek(), Ok(Some(b':'))) {
            let name = head.get(name.start + 1..name.end - 1).and_then(|name| std::str::from_utf8(name).ok());
            found.extend(name.map(|name| (depth, name)));
        }
        if found.len() == MAX_KEYS {
            break;
        }
    }
    found
}

/// Whether a line is one object from its first to its last character.
pub(super) fn is_whole_object(line: &[u8]) -> bool {
    let mut scanner = Scanner::new(line);
    let whole = line.starts_with(b"{") && matches!(scanner.value(0), Ok(Some(Piece::Long(_))));
    whole && matches!(scanner.peek(), Ok(None))
}

/// Where the string that comes next begins and ends, quotes included, and whether it has an end.
fn string(scanner: &mut Scanner<&[u8]>) -> Option<(Range<usize>, bool)> {
    if scanner.peek().ok()? != Some(b'"') {
        return None;
    }
    let start = scanner.offset();
    let whole = matches!(scanner.value(0).ok()??, Piece::Long(_));
    Some((start..scanner.offset(), whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_keys() {
        let json = r#" {"errcode" : 0, "note":"\"list\":[", "list": [{"a":{"b":1}}], "list":2}"#;
        assert_eq!(&json[member(json.as_bytes(), &["x", "list"]).unwrap()], r#"[{"a":{"b":1}}]"#);
        assert_eq!(member(json.as_bytes(), &["a"]), None);
        assert_eq!(keys(json.as_bytes()), [(1, "errcode"), (1, "note"), (1, "list"), (2, "a"), (3, "b"), (1, "list")]);
        let cut = r#"{"a":[{"b":"#;
        assert_eq!(member(cut.as_bytes(), &["a"]), Some(5..cut.len()));
        assert_eq!(keys(br#"[{"a":1,"b"#), [(1, "a")]);
        for odd in ["", "[", "{", "{\"a\"", "{\"a\" 1}", "{1:2}", "{\"a\":", "{\"a\":\"", "{\""] {
            assert_eq!(member(odd.as_bytes(), &["x"]), None, "{odd}");
        }
    }

    #[test]
    fn an_object_fills_its_line_or_not() {
        for (line, whole) in [("{}", true), ("{\"a\":\"}\"} \r\n", true), ("{}{}", false), ("{", false), ("[]", false)]
        {
            assert_eq!(is_whole_object(line.as_bytes()), whole, "{line}");
        }
    }
}
