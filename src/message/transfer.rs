//! Content-Transfer-Encoding (RFC 2045 6).

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use memchr::memchr2;

use super::uuencode::{EncodedFile, only_file};

/// How a part's bytes are written into the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// 7bit, 8bit, binary, or nothing declared.
    #[default]
    Identity,
    /// RFC 2045 6.8.
    Base64,
    /// RFC 2045 6.7.
    QuotedPrintable,
    /// One file in the notation of POSIX `uuencode`, which some mail programs declare though no standard has it. A body that
    /// has anything else is taken as it stands.
    Uuencode,
    /// A mechanism that is not known: the bytes are taken as they stand.
    Unknown,
}

impl Encoding {
    /// From the value of the field; case does not matter (RFC 2045 6.1).
    pub(super) fn of(value: &str) -> Self {
        let word =
            value.split(|c: char| c.is_ascii_whitespace() || matches!(c, ';' | '(')).find(|word| !word.is_empty());
        let word = word.unwrap_or_default().trim_matches('"');
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        if is("base64") {
            Self::Base64
        } else if is("quoted-printable") {
            Self::QuotedPrintable
        } else if ["", "7bit", "8bit", "binary", "7-bit", "8-bit", "none"].iter().any(|name| is(name)) {
            Self::Identity
        } else if ["x-uuencode", "x-uue", "uuencode"].iter().any(|name| is(name)) {
            Self::Uuencode
        } else {
            Self::Unknown
        }
    }

    /// Decodes a part, and says whether it breaks the rules of its encoding. Everything decodable is decoded.
    pub(super) fn decode(self, bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
        match self {
            Self::Identity => (Cow::Borrowed(bytes), false),
            Self::Unknown => (Cow::Borrowed(bytes), true),
            Self::QuotedPrintable => quoted_printable(bytes),
            Self::Base64 => {
                let (bytes, faulty) = base64(bytes);
                (Cow::Owned(bytes), faulty)
            }
            Self::Uuencode => match only_file(&String::from_utf8_lossy(bytes)) {
                Some(EncodedFile { bytes, .. }) => (Cow::Owned(bytes), false),
                None => (Cow::Borrowed(bytes), true),
            },
        }
    }
}

/// Decodes base64; characters outside the alphabet are passed over (RFC 2045 6.8) and reported.
pub(super) fn base64(bytes: &[u8]) -> (Vec<u8>, bool) {
    if let Some(decoded) = base64_decode(bytes) {
        // A quantum that is cut short lacks characters.
        return (decoded, bytes.iter().filter(|byte| **byte > b' ').count() % 4 != 0);
    }
    let in_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let kept: Vec<u8> = bytes.iter().copied().filter(in_alphabet).collect();
    (base64_decode(&kept).unwrap_or_default(), true)
}

/// Where the base64 of a text ends and something else begins: software of mailing lists adds plain lines to parts that it
/// does not decode. Such a line has several characters that base64 has not, and is not the first.
pub(super) fn base64_end(bytes: &[u8]) -> usize {
    let foreign = |byte: &&u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'/' | b'=');
    let (mut at, mut is_first) = (0, true);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii();
        if !is_first && text.iter().filter(foreign).take(2).count() == 2 {
            break;
        }
        is_first &= text.is_empty();
        at += line.len();
    }
    let is_base64 = |rest: &[u8]| rest.iter().all(|byte| byte.is_ascii_whitespace() || !foreign(&byte));
    if bytes.get(at..).is_none_or(is_base64) { bytes.len() } else { at }
}

/// Whether a line of `text`, quoted or not, looks like base64: one word of its alphabet, longer than most.
pub(super) fn has_base64_lines(text: &[u8]) -> bool {
    let in_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    text.split(|byte| *byte == b'\n').any(|line| {
        let quoted = line.iter().take_while(|byte| **byte == b'>' || byte.is_ascii_whitespace()).count();
        let word = line.get(quoted..).unwrap_or_default().trim_ascii_end();
        word.iter().filter(|byte| **byte != b'=').take(8).count() == 8 && word.iter().all(in_alphabet)
    })
}

/// Decodes quoted-printable; what is no escape stays as it is (RFC 2045 6.7) and is reported. White space at
/// the end of a line was added by transport and goes.
pub(super) fn quoted_printable(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let (mut decoded, mut faulty, mut rest) = (Vec::with_capacity(bytes.len()), false, bytes);
    // White space before this place was written as an escape and is meant.
    let mut meant = 0;
    while let Some(at) = memchr2(b'=', b'\n', rest) {
        let (before, after) = rest.split_at(at);
        decoded.extend_from_slice(before);
        rest = after;
        if let [b'\n', tail @ ..] = rest {
            let line_end: &[u8] = if decoded.last() == Some(&b'\r') && meant < decoded.len() { b"\r\n" } else { b"\n" };
            if line_end.len() == 2 {
                decoded.pop();
            }
            trim_blanks(&mut decoded, meant);
            decoded.extend_from_slice(line_end);
            rest = tail;
        } else if let [b'=', high, low, tail @ ..] = rest
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            decoded.push(high << 4 | low);
            rest = tail;
        } else if let Some(tail) = soft_break(rest.get(1..).unwrap_or_default()) {
            rest = tail;
        } else {
            decoded.push(b'=');
            faulty = true;
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        meant = decoded.len();
    }
    decoded.extend_from_slice(rest);
    trim_blanks(&mut decoded, meant);
    (Cow::Owned(decoded), faulty)
}

fn trim_blanks(decoded: &mut Vec<u8>, meant: usize) {
    while decoded.len() > meant && matches!(decoded.last(), Some(b' ' | b'\t')) {
        decoded.pop();
    }
}

/// What follows a soft line break: white space that transport added, and a line end or the end of the part.
fn soft_break(text: &[u8]) -> Option<&[u8]> {
    let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
    match text.get(blanks..)? {
        [] => Some(&[]),
        [b'\n', tail @ ..] => Some(tail),
        _ => None,
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_is_decoded_and_never_lost() {
        for (text, expected, faulty) in [
            (&b"plain"[..], &b"plain"[..], false),
            (b"a=3Db=e9", b"a=b\xe9", false),
            (b"long=\r\n line=\n end", b"long line end", false),
            (b"long=  \nline", b"longline", false),
            (b"blank  \t\r\nnext", b"blank\r\nnext", false),
            (b"kept=20\nnext=20", b"kept \nnext ", false),
            (b"end=", b"end", false),
            (b"100 =% a=", b"100 =% a", true),
            (b"=\x7f=4", b"=\x7f=4", true),
            (b"== =3", b"== =3", true),
            (b"", b"", false),
            (b"\n\n", b"\n\n", false),
        ] {
            let (decoded, bad) = quoted_printable(text);
            assert_eq!((decoded.as_ref(), bad), (expected, faulty), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn base64_gives_what_can_be_read() {
        for (text, expected, faulty) in [
            (&b"aGVsbG8="[..], &b"hello"[..], false),
            (b"aGVs\r\nbG8=\r\n", b"hello", false),
            (b"aGV!sbG8=", b"hello", true),
            (b"aGVsbG8", b"hello", true),
            (b"aGVsb", b"hel", true),
            (b"", b"", false),
            (b"====", b"", false),
        ] {
            let (decoded, bad) = base64(text);
            assert_eq!((decoded.as_slice(), bad), (expected, faulty), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn lines_behind_base64_are_told() {
        for (text, end) in [
            (&b"aGVsbG8=\r\n\r\n____\r\nlist\r\n"[..], 12),
            (b"aGVs\nthe list\n", 14),
            (b"aGVs\nthe list: us\n", 5),
            (b"aGVs\nbG8 gaG Vs\n", 16),
            (b"aG !! sbG8=", 11),
            (b"aGVs\nbG!8\n", 10),
            (b"", 0),
        ] {
            assert_eq!(base64_end(text), end, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn lines_of_base64_are_told_from_words() {
        for (text, expected) in [
            (&b"____\naGVsbG8gdGhl\n"[..], true),
            (b"> aGVsbG8gdGhl\r\n", true),
            (b"c2VjcmV0\r\n", true),
            (b"========\nthe list of all\nlist: https://x.example/list/info\n", false),
            (b"", false),
        ] {
            assert_eq!(has_base64_lines(text), expected, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn the_mechanism_is_named_in_any_case() {
        for (value, encoding) in [
            (" BASE64\r\n", Encoding::Base64),
            ("quoted-printable (why not)", Encoding::QuotedPrintable),
            ("\"base64\";", Encoding::Base64),
            (" 8bit", Encoding::Identity),
            ("", Encoding::Identity),
            ("x-uuencode", Encoding::Uuencode),
            ("x-yenc", Encoding::Unknown),
        ] {
            assert_eq!(Encoding::of(value), encoding, "{value}");
        }
    }
}
