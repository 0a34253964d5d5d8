//! Text of header fields: unfolding, encoded words (RFC 2047), raw 8-bit text.

use std::borrow::Cow;

use data_encoding::BASE64;
use memchr::memmem;

use super::transfer;
use crate::text::charset;

/// The text of an unstructured field: unfolded, encoded words decoded, trimmed. Raw 8-bit text is decoded by
/// `charset`, the character set that the message declares for its body, if it is not UTF-8.
pub(super) fn unstructured(value: &[u8], charset: Option<&str>) -> String {
    let text = raw_text(value, charset);
    let trimmed = text.trim();
    if memmem::find(trimmed.as_bytes(), b"=?").is_none() {
        return unfold(trimmed);
    }
    let mut decoded = String::with_capacity(trimmed.len());
    for piece in Pieces::new(trimmed) {
        match piece {
            Piece::Text(text) => decoded.push_str(&unfold(text)),
            Piece::Words { text, .. } => decoded.push_str(&unfold(&text)),
        }
    }
    match decoded.trim() {
        text if text.len() == decoded.len() => decoded,
        text => text.to_owned(),
    }
}

/// A structured field made safe for a parser that decodes one encoded word at a time: neighbouring words that
/// share a character set become one (senders split in the middle of a character), and `=?` that starts no
/// encoded word is written as one. Ends with a line end.
pub(super) fn structured<'a>(value: &'a [u8], charset: Option<&str>) -> Cow<'a, [u8]> {
    let text = raw_text(value, charset);
    let encoded = memmem::find(text.as_bytes(), b"=?").is_some();
    if !encoded && text.ends_with('\n') {
        return match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
    }
    let mut safe = String::with_capacity(text.len() + 1);
    for piece in Pieces::new(&text) {
        match piece {
            Piece::Text(text) => safe.push_str(&text.replace("=?", "=?utf-8?B?PT8=?=")),
            Piece::Words { text } => {
                safe.push_str("=?utf-8?B?");
                BASE64.encode_append(text.as_bytes(), &mut safe);
                safe.push_str("?=");
            }
        }
    }
    safe.push('\n');
    Cow::Owned(safe.into_bytes())
}

fn raw_text<'a>(value: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    match str::from_utf8(value) {
        Ok(text) if !value.contains(&0x1b) => Cow::Borrowed(text),
        Ok(_) => charset::decode(value, None).text,
        Err(_) => charset::decode(value, charset.filter(|label| !is_utf8(label))).text,
    }
}

fn is_utf8(label: &str) -> bool {
    label.trim().eq_ignore_ascii_case("utf-8") || label.trim().eq_ignore_ascii_case("utf8")
}

/// Joins folded lines by one space (RFC 5322 2.2.3).
pub(super) fn unfold(text: &str) -> String {
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none() {
        return text.to_owned();
    }
    let mut unfolded = String::with_capacity(text.len());
    for (n, line) in text.split(['\r', '\n']).filter(|line| !line.is_empty()).enumerate() {
        if n == 0 {
            unfolded.push_str(line);
        } else {
            unfolded.truncate(unfolded.trim_end_matches([' ', '\t']).len());
            unfolded.push(' ');
            unfolded.push_str(line.trim_start_matches([' ', '\t']));
        }
    }
    unfolded
}

enum Piece<'a> {
    /// Text that is no encoded word.
    Text(&'a str),
    /// Neighbouring encoded words, decoded.
    Words { text: String },
}

/// One encoded word.
struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    /// Length of its notation.
    length: usize,
}

/// Cuts a text into encoded words and what is between them. White space between two encoded words is not
/// part of the text (RFC 2047 6.2).
struct Pieces<'a> {
    rest: &'a str,
    pending: Option<Word<'a>>,
    /// No `?=` follows any more: keeps the search linear.
    exhausted: bool,
}

impl<'a> Pieces<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text, pending: None, exhausted: false }
    }

    fn word(&mut self, text: &'a str) -> Option<Word<'a>> {
        if self.exhausted {
            return None;
        }
        let inner = text.strip_prefix("=?")?;
        let (charset, inner) = inner.split_once('?').filter(|(charset, _)| is_charset(charset))?;
        let encoding = inner.chars().next()?.to_ascii_lowercase();
        let inner = inner.get(encoding.len_utf8()..)?.strip_prefix('?')?;
        let Some(end) = memmem::find(inner.as_bytes(), b"?=") else {
            self.exhausted = true;
            return None;
        };
        let encoded = inner.get(..end)?.as_bytes();
        let bytes = match encoding {
            'b' => transfer::base64(encoded).0,
            'q' => q_decode(encoded),
            _ => return None,
        };
        // Raw text in an encoded word cannot be in its character set any more: it was decoded before.
        let charset = if encoded.is_ascii() { charset } else { "utf-8" };
        // RFC 2231 5: a language may follow the character set.
        let charset = charset.split('*').next().unwrap_or(charset);
        Some(Word { charset, bytes, length: text.len() - inner.len() + end + 2 })
    }

    fn words(&mut self, first: Word<'a>) -> Piece<'a> {
        let (mut charset, mut bytes, mut text) = (first.charset, first.bytes, String::new());
        self.skip(first.length);
        loop {
            let next = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
            let Some(word) = next.starts_with("=?").then(|| self.word(next)).flatten() else { break };
            let gap = self.rest.len() - next.len();
            self.skip(gap + word.length);
            if word.charset.eq_ignore_ascii_case(charset) {
                bytes.extend_from_slice(&word.bytes);
            } else {
                text.push_str(&charset::decode(&bytes, Some(charset)).text);
                (charset, bytes) = (word.charset, word.bytes);
            }
        }
        text.push_str(&charset::decode(&bytes, Some(charset)).text);
        Piece::Words { text }
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(word) = self.pending.take() {
            return Some(self.words(word));
        }
        let text = self.rest;
        for at in memmem::find_iter(text.as_bytes(), b"=?") {
            if let Some(word) = text.get(at..).and_then(|candidate| self.word(candidate)) {
                if at == 0 {
                    return Some(self.words(word));
                }
                self.pending = Some(word);
                self.skip(at);
                return text.get(..at).map(Piece::Text);
            }
            if self.exhausted {
                break;
            }
        }
        self.rest = "";
        (!text.is_empty()).then_some(Piece::Text(text))
    }
}

fn is_charset(name: &str) -> bool {
    (2..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic())
}

/// RFC 2047 4.2: like quoted-printable, and `_` is a space.
fn q_decode(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = unfolded(text).iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
    let kept = spaced.trim_ascii_end().len();
    let (bytes, _) = transfer::quoted_printable(spaced.get(..kept).unwrap_or_default());
    let mut bytes = bytes.into_owned();
    bytes.extend_from_slice(spaced.get(kept..).unwrap_or_default());
    bytes
}

/// An encoded word must not be folded (RFC 2047 2), yet some senders do it. Next to an escape the white space is theirs; else
/// it may be the text's.
fn unfolded(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(b'\r', b'\n', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut unfolded = Vec::with_capacity(text.len());
    for line in text.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !line.is_empty()) {
        let line = if unfolded.is_empty() { line } else { line.trim_ascii_start() };
        let after_escape = matches!(unfolded.as_slice(), [.., b'=', _, _]);
        if !unfolded.is_empty() && !after_escape && line.first() != Some(&b'=') {
            unfolded.push(b' ');
        }
        unfolded.extend_from_slice(line.trim_ascii_end());
    }
    Cow::Owned(unfolded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unstructured_text_is_decoded() {
        for (value, expected) in [
            (&b" plain \r\n"[..], "plain"),
            (b" folded\r\n \t line\r\n", "folded line"),
            (b"=?utf-8?Q?gr=C3=BCn?=", "gr\u{fc}n"),
            (b"=?ISO-8859-1?q?gr=FCn_rot_?= blau", "gr\u{fc}n rot  blau"),
            (b"=?utf-8?B?Z3LDvG4=?=", "gr\u{fc}n"),
            (b"=?utf-8?B?Z3LD?= =?utf-8?B?vG4=?=", "gr\u{fc}n"),
            (b"=?utf-8?B?Z3LD?=\r\n =?UTF-8?q?=BCn?=", "gr\u{fc}n"),
            (b"=?utf-8?q?a?= =?iso-8859-1?q?=FC?=", "a\u{fc}"),
            (b"=?utf-8?q?gr=C3\r\n =BCn_a=\r\n\t=62_one\n two=20\n three?=", "gr\u{fc}n a=b one two three"),
            (b"=?utf-8?b?Z3LD\n vG4=?=", "gr\u{fc}n"),
            (b"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
            (b"=?utf-8*de?q?a?=", "a"),
            (b"=?iso-8859-1?q?gr\xfcn?=", "gr\u{fc}n"),
            (b"=?utf-8?x?a?=", "=?utf-8?x?a?="),
            (b"=?utf-8?q?open", "=?utf-8?q?open"),
            (b"a =? b ?= c", "a =? b ?= c"),
            (b"gr\xfcn", "gr\u{fc}n"),
            (b"gr\xc3\xbcn", "gr\u{fc}n"),
            (b"", ""),
        ] {
            assert_eq!(unstructured(value, None), expected, "{}", String::from_utf8_lossy(value));
        }
        assert_eq!(unstructured(b"\xc1\xd2", Some("koi8-r")), "\u{430}\u{440}");
        assert_eq!(unstructured(b"\xfc", Some("utf-8")), "\u{fc}");
    }

    #[test]
    fn broken_encoded_words_stay_linear() {
        let value = b"=?aa?q?x ".repeat(300_000);
        assert_eq!(unstructured(&value, None).len(), value.len() - 1);
        assert!(structured(&value, None).len() > value.len());
    }
}
