//! Content-Type, Content-Disposition and their parameters (RFC 2045 5, RFC 2183, RFC 2231).

use memchr::memchr;

use super::encoded_word::unstructured;
use super::header::Header;
use super::transfer::Encoding;
use crate::text::charset;

/// Longest field that is read, in bytes.
const FIELD_LIMIT: usize = 64 * 1024;

/// What the header of a part says of its content.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// In lower case, without parameters; empty if none is declared.
    pub(super) media_type: String,
    /// As declared.
    pub(super) charset: Option<String>,
    /// File name: of Content-Disposition, else `name` of Content-Type; empty if there is none.
    pub(super) name: String,
    /// RFC 2046 5.1.1.
    pub(super) boundary: Option<String>,
    /// `format=flowed` (RFC 3676).
    pub(super) flowed: bool,
    /// `delsp=yes` (RFC 3676).
    pub(super) delete_space: bool,
    /// The disposition is `attachment` (RFC 2183).
    pub(super) is_attachment: bool,
    /// How the bytes are encoded.
    pub(super) encoding: Encoding,
}

impl Content {
    /// From the fields of a message or part.
    pub(super) fn of(header: &Header<'_>) -> Self {
        let mut content = Self::default();
        if let Some(value) = header.first("content-type") {
            let (media_type, parameters) = parameterised(value);
            content.media_type = if media_type.contains('/') { media_type } else { String::new() };
            for (name, value) in parameters {
                match name.as_str() {
                    "charset" => content.charset = Some(value),
                    "boundary" => content.boundary = Some(value).filter(|value| !value.is_empty()),
                    "name" => content.name = value,
                    "format" => content.flowed = value.eq_ignore_ascii_case("flowed"),
                    "delsp" => content.delete_space = value.eq_ignore_ascii_case("yes"),
                    _ => {}
                }
            }
        }
        if let Some(value) = header.first("content-disposition") {
            let (disposition, parameters) = parameterised(value);
            content.is_attachment = disposition == "attachment";
            if let Some((_, name)) =
                parameters.into_iter().find(|(name, value)| name == "filename" && !value.is_empty())
            {
                content.name = name;
            }
        }
        if let Some(value) = header.first("content-transfer-encoding") {
            content.encoding = Encoding::of(&String::from_utf8_lossy(value));
        }
        // A converted message encodes attached messages, whose own type forbids that (RFC 2046 5.2.1).
        if content.media_type == "application/octet-stream"
            && let Some(value) = header.first("x-custodia-media-type")
        {
            let (media_type, _) = parameterised(value);
            if media_type.starts_with("message/") {
                content.media_type = media_type;
            }
        }
        content
    }
}

/// One `name=value` as written: the name without its RFC 2231 marks.
struct Parameter {
    name: String,
    /// Place among the continuations (RFC 2231 3).
    section: u32,
    /// Whether the value is percent-encoded (RFC 2231 4).
    extended: bool,
    value: Vec<u8>,
}

/// The leading word in lower case, and the parameters with names in lower case; continuations are joined.
fn parameterised(value: &[u8]) -> (String, Vec<(String, String)>) {
    let value = value.get(..FIELD_LIMIT).unwrap_or(value);
    let mut scanner = Scanner { rest: value };
    let word = String::from_utf8_lossy(&scanner.token(b";")).to_ascii_lowercase();
    let mut parts = Vec::new();
    while !scanner.rest.is_empty() {
        scanner.rest = scanner.rest.get(1..).unwrap_or_default();
        let name = scanner.token(b";=");
        if !matches!(scanner.rest, [b'=', ..]) {
            continue;
        }
        scanner.rest = scanner.rest.get(1..).unwrap_or_default();
        let value = scanner.token(b";");
        if let Some(part) = parameter(&String::from_utf8_lossy(&name).to_ascii_lowercase(), value) {
            parts.push(part);
        }
    }
    (word, joined(parts))
}

fn parameter(name: &str, value: Vec<u8>) -> Option<Parameter> {
    let (name, extended) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
    let (name, section) = match name.split_once('*') {
        Some((name, section)) => (name, section.parse().ok()?),
        None => (name, 0),
    };
    (!name.is_empty()).then(|| Parameter { name: name.to_owned(), section, extended, value })
}

fn joined(mut parts: Vec<Parameter>) -> Vec<(String, String)> {
    // An extended value is preferred to a plain one of the same name, for which it is the better form.
    parts.sort_by(|a, b| (&a.name, a.section, !a.extended).cmp(&(&b.name, b.section, !b.extended)));
    let mut joined = Vec::new();
    for group in parts.chunk_by(|a, b| a.name == b.name) {
        let Some(first) = group.first() else { continue };
        let (charset, start) = if first.extended { charset_prefix(&first.value) } else { (None, 0) };
        let mut bytes = Vec::new();
        for (n, part) in group.iter().enumerate() {
            if n > 0 && part.section == 0 {
                continue;
            }
            let value = part.value.get(if n == 0 { start } else { 0 }..).unwrap_or_default();
            if part.extended { percent_decode(value, &mut bytes) } else { bytes.extend_from_slice(value) }
        }
        let text = if first.extended {
            charset::decode(&bytes, charset.as_deref()).text.into_owned()
        } else {
            // RFC 2047 5 forbids encoded words here; many senders write them all the same.
            unstructured(&bytes, None)
        };
        joined.push((first.name.clone(), text));
    }
    joined
}

/// The character set of `charset'language'value`, and where the value begins.
fn charset_prefix(value: &[u8]) -> (Option<String>, usize) {
    let Some(first) = memchr(b'\'', value) else { return (None, 0) };
    let Some(second) = value.get(first + 1..).and_then(|rest| memchr(b'\'', rest)) else { return (None, 0) };
    (value.get(..first).map(|name| String::from_utf8_lossy(name).into_owned()), first + second + 2)
}

fn percent_decode(value: &[u8], decoded: &mut Vec<u8>) {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        if let (b'%', Some(high), Some(low)) = (byte, digit(value.get(at + 1)), digit(value.get(at + 2))) {
            decoded.push((high * 16 + low) as u8);
            at += 3;
        } else {
            decoded.push(*byte);
            at += 1;
        }
    }
}

/// Reads tokens and quoted strings; comments and folding are passed over.
struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    /// Everything up to a byte of `ends` outside quotes and comments, which is left.
    fn token(&mut self, ends: &[u8]) -> Vec<u8> {
        let (mut token, mut quoted, mut comments, mut escaped, mut kept) = (Vec::new(), false, 0_usize, false, 0);
        let mut at = 0;
        while let Some(&byte) = self.rest.get(at) {
            if escaped {
                escaped = false;
                token.push(byte);
                kept = token.len();
            } else if matches!(byte, b'\r' | b'\n') {
            } else if quoted {
                match byte {
                    b'"' => quoted = false,
                    // Windows paths: only quotes and backslashes are taken for escaped.
                    b'\\' if matches!(self.rest.get(at + 1), Some(b'"' | b'\\')) => escaped = true,
                    _ => token.push(byte),
                }
                kept = token.len();
            } else if comments > 0 || byte == b'(' {
                comments = if byte == b'(' { comments + 1 } else { comments - usize::from(byte == b')') };
            } else if ends.contains(&byte) {
                break;
            } else if byte == b'"' {
                quoted = true;
            } else if !byte.is_ascii_whitespace() {
                token.push(byte);
                kept = token.len();
            } else if !token.is_empty() {
                token.push(b' ');
            }
            at += 1;
        }
        self.rest = self.rest.get(at..).unwrap_or_default();
        token.truncate(kept);
        token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(header: &str) -> Content {
        Content::of(&Header::of_message(header.as_bytes()))
    }

    #[test]
    fn names_are_read_in_every_notation() {
        for (header, name) in [
            ("Content-Disposition: attachment; filename=plain.txt\n", "plain.txt"),
            (
                "Content-Disposition: attachment; filename=\"with \\\"quotes\\\"; and more.txt\"\n",
                "with \"quotes\"; and more.txt",
            ),
            ("Content-Disposition: attachment;\r\n\tfilename*=utf-8'de'gr%C3%BCn.txt\r\n", "gr\u{fc}n.txt"),
            (
                "Content-Disposition: attachment; filename*0*=iso-8859-1''gr%FC; filename*1*=n%2E; filename*2=txt\n",
                "gr\u{fc}n.txt",
            ),
            ("Content-Disposition: attachment; filename*1=b; filename*0=a\n", "ab"),
            ("Content-Disposition: attachment; filename=a.txt; filename*=utf-8''b.txt\n", "b.txt"),
            ("Content-Disposition: attachment; filename=\"=?utf-8?Q?gr=C3=BCn?=.txt\"\n", "gr\u{fc}n.txt"),
            ("Content-Disposition: attachment (really); filename=a.txt (a comment)\n", "a.txt"),
            ("Content-Type: text/plain; name=\"C:\\dir\\a.txt\"\n", "C:\\dir\\a.txt"),
            ("Content-Type: text/plain; name=my file.txt; x=y\n", "my file.txt"),
            ("Content-Type: text/plain; name=a\nContent-Disposition: attachment; filename=b\n", "b"),
            ("Content-Type: text/plain; name*0*=utf-8''%E2%82; name*1*=%AC\n", "\u{20ac}"),
            ("Content-Type: text/plain\n", ""),
            ("Content-Type: text/plain; name=\"open\n", "open"),
        ] {
            assert_eq!(content(header).name, name, "{header}");
        }
    }

    #[test]
    fn types_and_parameters() {
        let content = content(
            "Content-Type: Text/Plain; CHARSET=\"KOI8-R\"; format=Flowed; delsp=yes; boundary=\"a b\"\nContent-Transfer-Encoding: Base64\nContent-Disposition: ATTACHMENT\n",
        );
        assert_eq!(content.media_type, "text/plain");
        assert_eq!(content.charset.as_deref(), Some("KOI8-R"));
        assert_eq!(content.boundary.as_deref(), Some("a b"));
        assert!(content.flowed && content.delete_space && content.is_attachment);
        assert_eq!(content.encoding, Encoding::Base64);
        assert_eq!(super::tests::content("Content-Type: text\n").media_type, "");
    }
}
