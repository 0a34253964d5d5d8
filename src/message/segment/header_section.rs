//! The two fields of a header section that decide how its body is cut.

/// Bytes of a field that are looked at. Real fields are far shorter; a longer one gives up its tail.
const MAX_FIELD: usize = 4096;

/// Longest boundary that is tracked. RFC 2046 5.1.1 allows 70 characters; some writers take more.
pub(super) const MAX_BOUNDARY: usize = 256;

/// What the header section says of the body that follows it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct BodyFacts {
    /// The boundary of a multipart body.
    pub(super) boundary: Option<Vec<u8>>,
    /// Whether the body is base64.
    pub(super) base64: bool,
    /// Whether the body is a message, which begins with a header section of its own.
    pub(super) message: bool,
}

/// Collects the fields of one header section line by line.
#[derive(Debug, Default)]
pub(super) struct HeaderSection {
    /// The field being read, unfolded; empty for a field that does not matter.
    field: Vec<u8>,
    facts: BodyFacts,
}

impl HeaderSection {
    /// Takes a line of the header section, without its line end.
    pub(super) fn line(&mut self, line: &[u8]) {
        let folded = matches!(line.first(), Some(b' ' | b'\t'));
        if folded && self.field.is_empty() {
            return;
        }
        if !folded {
            self.end_field();
            // Only `Content-*` fields matter, which spares all others a closer look.
            if !line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-")) {
                return;
            }
        }
        let room = MAX_FIELD - self.field.len();
        self.field.extend_from_slice(line.get(..room).unwrap_or(line));
    }

    /// Ends the section, and starts a new one.
    pub(super) fn finish(&mut self) -> BodyFacts {
        self.end_field();
        std::mem::take(&mut self.facts)
    }

    fn end_field(&mut self) {
        if self.field.is_empty() {
            return;
        }
        let field = std::mem::take(&mut self.field);
        if let Some(colon) = memchr::memchr(b':', &field) {
            let (name, value) = field.split_at(colon);
            let value = value.get(1..).unwrap_or_default();
            if name.trim_ascii_end().eq_ignore_ascii_case(b"content-type") {
                self.content_type(value);
            } else if name.trim_ascii_end().eq_ignore_ascii_case(b"content-transfer-encoding") {
                self.facts.base64 = first_token(value).eq_ignore_ascii_case(b"base64");
            }
        }
        self.field = field;
        self.field.clear();
    }

    /// RFC 2045 5.1. The last of several boundary parameters wins.
    fn content_type(&mut self, value: &[u8]) {
        let media_type = first_token(value);
        self.facts.message = [&b"message/rfc822"[..], b"message/global", b"message/news"]
            .iter()
            .any(|known| media_type.eq_ignore_ascii_case(known));
        self.facts.boundary = value
            .split(|&byte| byte == b';')
            .skip(1)
            .filter_map(|parameter| parameter_value(parameter, b"boundary"))
            .chain(quoted_boundary(value))
            .last();
    }
}

fn first_token(value: &[u8]) -> &[u8] {
    let value = value.trim_ascii_start();
    let end = value.iter().position(|byte| matches!(byte, b' ' | b'\t' | b';' | b'(' | b'\r')).unwrap_or(value.len());
    value.get(..end).unwrap_or_default()
}

/// The value of `name=value` without its quotes, if it has the length of a boundary.
fn parameter_value(parameter: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let equals = memchr::memchr(b'=', parameter)?;
    let (found, value) = parameter.split_at(equals);
    if !found.trim_ascii().eq_ignore_ascii_case(name) {
        return None;
    }
    let value = value.get(1..)?.trim_ascii();
    let value = match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.split(|&byte| byte == b'"').next()?,
        None => value.split(u8::is_ascii_whitespace).next()?,
    };
    let value = value.trim_ascii_end();
    (1..=MAX_BOUNDARY).contains(&value.len()).then(|| value.to_vec())
}

/// A quoted boundary that contains a semicolon, which splitting at semicolons would tear apart.
fn quoted_boundary(value: &[u8]) -> Option<Vec<u8>> {
    let at = memchr::memmem::find_iter(value, b"=\"").find(|&at| {
        value.get(..at).is_some_and(|before| {
            let before = before.trim_ascii_end();
            before.len() >= 8 && before.get(before.len() - 8..).is_some_and(|end| end.eq_ignore_ascii_case(b"boundary"))
        })
    })?;
    let quoted = value.get(at + 2..)?.split(|&byte| byte == b'"').next()?;
    let quoted = quoted.trim_ascii_end();
    (quoted.contains(&b';') && quoted.len() <= MAX_BOUNDARY).then(|| quoted.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(section: &str) -> BodyFacts {
        let mut headers = HeaderSection::default();
        section.split('\n').for_each(|line| headers.line(line.as_bytes()));
        headers.finish()
    }

    #[test]
    fn boundary_is_found_however_it_is_written() {
        for (section, boundary) in [
            ("Content-Type: multipart/mixed; boundary=b1", "b1"),
            ("CONTENT-TYPE:multipart/mixed;BOUNDARY=\"b 2\"; x=y", "b 2"),
            ("Content-Type: multipart/mixed;\n\tcharset=x;\n boundary = \"b3\"", "b3"),
            ("Content-Type : multipart/mixed; boundary=b4 (comment)", "b4"),
            ("Content-Type: multipart/mixed; boundary=\"b;5\"", "b;5"),
            ("Subject: x\n folded\nContent-Type: multipart/a; boundary=\"=_6\"\nTo: y", "=_6"),
        ] {
            assert_eq!(facts(section).boundary.as_deref(), Some(boundary.as_bytes()), "{section}");
        }
        for section in
            ["", "Subject: boundary=x", "Content-Type: text/plain; boundary=", "Content-Type: a; xboundary=y"]
        {
            assert_eq!(facts(section).boundary, None, "{section}");
        }
    }

    #[test]
    fn base64_and_messages_are_recognised() {
        assert!(facts("content-transfer-encoding: BASE64 (why)").base64);
        assert!(!facts("Content-Transfer-Encoding: quoted-printable").base64);
        assert!(!facts("X-Content-Transfer-Encoding: base64").base64);
        assert!(facts("Content-Type: Message/RFC822; name=x").message);
        assert!(!facts("Content-Type: text/plain; name=message/rfc822").message);
    }

    #[test]
    fn an_endless_field_is_bounded() {
        let mut headers = HeaderSection::default();
        headers.line(b"Content-Type: multipart/mixed; boundary=b;");
        for _ in 0..10_000 {
            headers.line(b"\tx=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;");
        }
        assert!(headers.field.len() <= MAX_FIELD);
        assert_eq!(headers.finish().boundary.as_deref(), Some(&b"b"[..]));
    }
}
