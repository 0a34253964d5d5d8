//! The header section, cut into fields but not interpreted.

use memchr::memchr;

/// One field as it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// Name as written, without the colon and the white space before it.
    pub(super) name: &'a [u8],
    /// Everything after the colon: folded lines and the last line end included.
    pub(super) value: &'a [u8],
}

/// The fields of a message or of a MIME part.
#[derive(Debug, Default)]
pub(super) struct Header<'a> {
    /// In the order of the text.
    pub(super) fields: Vec<Field<'a>>,
    /// Lines between fields that are no fields and continue none.
    pub(super) stray: Vec<&'a [u8]>,
    /// Bytes up to the body: the blank line is included.
    pub(super) length: usize,
    /// The body follows without a blank line.
    pub(super) is_unterminated: bool,
}

impl<'a> Header<'a> {
    /// Reads the header of a message. Blank lines before it and an mbox `From ` line are passed over; a text
    /// that does not start with a field has no header at all, and all of it is body.
    pub(super) fn of_message(raw: &'a [u8]) -> Self {
        let blank = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let rest = raw.get(blank..).unwrap_or_default();
        let envelope = if rest.starts_with(b"From ") || rest.starts_with(b">From ") { line_length(rest) } else { 0 };
        let mut header = Self::of_part(rest.get(envelope..).unwrap_or_default(), &|line| field_name(line).is_none());
        if header.fields.is_empty() {
            return Self::default();
        }
        header.length += blank + envelope;
        header
    }

    /// Reads the header of a MIME part; it may be empty (RFC 2046 5.1) and ends early at a line for which
    /// `is_delimiter` holds. Lines that are no fields and that no field follows belong to the body: somebody
    /// forgot the blank line.
    pub(super) fn of_part(text: &'a [u8], is_delimiter: &dyn Fn(&[u8]) -> bool) -> Self {
        let mut header =
            Self { fields: Vec::with_capacity(16), stray: Vec::new(), length: text.len(), is_unterminated: false };
        let (mut at, mut value_start) = (0, None);
        // Where lines begin that no field follows, and how many stray lines there are before them.
        let mut tail = None;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let end = at + line_length(rest);
            let line = text.get(at..end).unwrap_or_default();
            if is_blank(line) {
                header.length = end;
                break;
            }
            if line.starts_with(b"--") && is_delimiter(line) {
                header.length = at;
                break;
            }
            if matches!(line.first(), Some(b' ' | b'\t')) {
                if let (Some(start), Some(field)) = (value_start, header.fields.last_mut()) {
                    field.value = text.get(start..end).unwrap_or_default();
                } else {
                    tail = tail.or(Some((at, header.stray.len())));
                    header.stray.push(line);
                }
            } else if let Some((name, offset)) = field_name(line) {
                (value_start, tail) = (Some(at + offset), None);
                header.fields.push(Field { name, value: line.get(offset..).unwrap_or_default() });
            } else {
                value_start = None;
                tail = tail.or(Some((at, header.stray.len())));
                header.stray.push(line);
            }
            at = end;
        }
        if let Some((start, stray)) = tail {
            header.stray.truncate(stray);
            header.length = start;
            header.is_unterminated = true;
        }
        header
    }

    /// The first field named `name`.
    pub(super) fn first(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// All fields named `name`, in order.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a [u8]> + 's {
        self.fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name.as_bytes())).map(|field| field.value)
    }
}

/// The header section of a message, its blank line included; empty if there is none.
pub fn header_section(raw: &[u8]) -> &[u8] {
    raw.get(..Header::of_message(raw).length).unwrap_or_default()
}

/// Length of the first line, its end included.
pub(super) fn line_length(text: &[u8]) -> usize {
    memchr(b'\n', text).map_or(text.len(), |end| end + 1)
}

fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n" | b"\r")
}

/// The name of the field that a line starts, and where its value begins. A name is printable ASCII
/// (RFC 5322 3.6.8); the obsolete syntax allows white space before the colon (RFC 5322 4.5).
fn field_name(line: &[u8]) -> Option<(&[u8], usize)> {
    let colon = memchr(b':', line)?;
    let name = line.get(..colon)?.trim_ascii_end();
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some((name, colon + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(header: &Header<'_>) -> Vec<String> {
        header.fields.iter().map(|field| String::from_utf8_lossy(field.name).into_owned()).collect()
    }

    #[test]
    fn fields_end_at_the_blank_line() {
        for (text, fields, stray, body) in [
            (&b"A: 1\nB: 2\n\nbody"[..], vec!["A", "B"], 0, &b"body"[..]),
            (b"A: 1\r\n 2\r\nB :\r\n\r\nbody", vec!["A", "B"], 0, b"body"),
            (b"\r\n\nA: 1\n\nbody", vec!["A"], 0, b"body"),
            (b"From joe Mon Jan  1 00:00:00 2024\nA: 1\n\nbody", vec!["A"], 0, b"body"),
            (b"A: 1\nno colon here\n more\nB: 2\n\nbody", vec!["A", "B"], 2, b"body"),
            (b"A: 1", vec!["A"], 0, b""),
            (b"A: 1\nforgot the blank\nline\n\nbody", vec!["A"], 0, b"forgot the blank\nline\n\nbody"),
            (b"A: 1\npreamble\n--b\nB: 2\n\nbody", vec!["A"], 0, b"preamble\n--b\nB: 2\n\nbody"),
            (b"just text\nof two lines\n", vec![], 0, b"just text\nof two lines\n"),
            (b"some words: text\n\nmore", vec![], 0, b"some words: text\n\nmore"),
            (b"\n\n", vec![], 0, b"\n\n"),
            (b"", vec![], 0, b""),
        ] {
            let header = Header::of_message(text);
            assert_eq!(names(&header), fields, "{text:?}");
            assert_eq!(header.stray.len(), stray, "{text:?}");
            assert_eq!(&text[header.length..], body, "{text:?}");
            assert_eq!(header_section(text).len() + body.len(), text.len());
        }
    }

    #[test]
    fn a_folded_value_is_one_field() {
        let header = Header::of_message(b"Subject: one\r\n two\r\n\tthree\r\nSUBJECT: x\r\n\r\n");
        assert_eq!(header.first("subject"), Some(&b" one\r\n two\r\n\tthree\r\n"[..]));
        assert_eq!(header.all("Subject").count(), 2);
    }
}
