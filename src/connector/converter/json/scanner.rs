//! The values of a JSON text one after the other, without holding the text.

use std::io::{self, BufRead};

/// Reads JSON values as bytes. It only counts brackets and quotes; whether a value is valid is for the parser to say.
#[derive(Debug)]
pub(in crate::connector) struct Scanner<R> {
    reader: R,
    position: u64,
}

/// The bytes of a value.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::connector) enum Piece {
    /// All of them.
    Whole(Vec<u8>),
    /// More than were asked for; so many were passed over.
    Long(u64),
    /// The text ends inside of it.
    Cut {
        /// What there is of it; empty if that is more than was asked for.
        head: Vec<u8>,
        /// Bytes that there are.
        len: u64,
    },
}

impl Piece {
    /// The bytes that are held.
    pub(in crate::connector) fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) | Self::Cut { head: bytes, .. } => bytes,
            Self::Long(_) => &[],
        }
    }

    /// The same, to be kept.
    pub(in crate::connector) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Whole(bytes) | Self::Cut { head: bytes, .. } => bytes,
            Self::Long(_) => Vec::new(),
        }
    }
}

/// Where in a value the scanner is.
#[derive(Debug, Default)]
struct Place {
    /// Brackets that are open.
    depth: u64,
    within: Within,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Nothing was read yet.
    #[default]
    Start,
    /// Between brackets, outside of strings.
    Brackets,
    String,
    /// Behind a backslash in a string.
    Escape,
    /// A number or word that is the whole value.
    Scalar,
}

impl<R: BufRead> Scanner<R> {
    /// A scanner at the beginning of a text.
    pub(in crate::connector) fn new(reader: R) -> Self {
        Self { reader, position: 0 }
    }

    /// Bytes that are done with.
    pub(in crate::connector) fn position(&self) -> u64 {
        self.position
    }

    /// The next byte that is no white space, without taking it; `None` at the end.
    ///
    /// # Errors
    /// The text cannot be read.
    pub(in crate::connector) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let bytes = self.reader.fill_buf()?;
            let blank = bytes.iter().take_while(|byte| is_blank(**byte)).count();
            let found = bytes.get(blank).copied();
            let ended = bytes.is_empty();
            self.consume(blank);
            if found.is_some() || ended {
                return Ok(found);
            }
        }
    }

    /// Takes the next byte that is no white space, if it is `expected`.
    ///
    /// # Errors
    /// The text cannot be read.
    pub(in crate::connector) fn take(&mut self, expected: u8) -> io::Result<bool> {
        let found = self.peek()? == Some(expected);
        self.consume(usize::from(found));
        Ok(found)
    }

    /// The next value, if it has at most `limit` bytes. `None` at the end of the text. It takes at least one byte.
    ///
    /// # Errors
    /// The text cannot be read.
    pub(in crate::connector) fn value(&mut self, limit: u64) -> io::Result<Option<Piece>> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        let (mut place, mut value, mut len) = (Place::default(), Vec::new(), 0_u64);
        loop {
            let bytes = self.reader.fill_buf()?;
            let at_end = bytes.is_empty();
            let end = place.end_in(bytes);
            let count = end.unwrap_or(bytes.len());
            len = len.saturating_add(count as u64);
            if len <= limit {
                value.extend_from_slice(bytes.get(..count).unwrap_or_default());
            } else {
                value = Vec::new();
            }
            self.consume(count);
            if end.is_some() || at_end {
                let whole = end.is_some() || place.within == Within::Scalar;
                return Ok(Some(match (whole, len <= limit) {
                    (true, true) => Piece::Whole(value),
                    (true, false) => Piece::Long(len),
                    (false, _) => Piece::Cut { head: value, len },
                }));
            }
        }
    }

    fn consume(&mut self, count: usize) {
        self.reader.consume(count);
        self.position = self.position.saturating_add(count as u64);
    }
}

impl Scanner<&[u8]> {
    /// Bytes that are done with, of a text in memory.
    pub(in crate::connector) fn offset(&self) -> usize {
        usize::try_from(self.position).unwrap_or(usize::MAX)
    }
}

impl Place {
    /// How many of `bytes` belong to the value, if it ends in them.
    fn end_in(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match self.within {
                Within::String => {
                    at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
                    match bytes.get(at) {
                        Some(b'"') if self.depth == 0 => return Some(at + 1),
                        Some(b'"') => self.within = Within::Brackets,
                        _ => self.within = Within::Escape,
                    }
                }
                Within::Escape => self.within = Within::String,
                Within::Scalar if is_blank(byte) || b",:[]{}\"".contains(&byte) => return Some(at),
                Within::Scalar => {}
                Within::Start | Within::Brackets => {
                    if self.structural(byte) {
                        return Some(at + 1);
                    }
                }
            }
            at += 1;
        }
        None
    }

    /// Takes a byte outside of strings and scalars; whether the value ends with it.
    fn structural(&mut self, byte: u8) -> bool {
        let first = self.within == Within::Start;
        self.within = Within::Brackets;
        match byte {
            b'"' => self.within = Within::String,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            b',' | b':' if first => return true,
            _ if first => self.within = Within::Scalar,
            _ => {}
        }
        false
    }
}

/// White space of JSON, and the bytes of a byte order mark, which may stand where white space may.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn values(text: &str, limit: u64, buffer: usize) -> Vec<Piece> {
        let mut scanner = Scanner::new(BufReader::with_capacity(buffer, text.as_bytes()));
        let mut found = Vec::new();
        while let Some(piece) = scanner.value(limit).unwrap() {
            found.push(piece);
        }
        assert_eq!(scanner.position(), text.len() as u64);
        found
    }

    #[test]
    fn values_are_told_apart_however_the_buffer_cuts_them() {
        let text = "\u{feff}{\"a\":\"}\\\"{\"} [1,[2]]\n12 \"x y\" , {\"b\":{}}{}";
        for buffer in 1..40 {
            let found = values(text, 100, buffer);
            let found: Vec<_> = found
                .iter()
                .map(|piece| match piece {
                    Piece::Whole(bytes) => std::str::from_utf8(bytes).unwrap(),
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(found, ["{\"a\":\"}\\\"{\"}", "[1,[2]]", "12", "\"x y\"", ",", "{\"b\":{}}", "{}"]);
        }
    }

    #[test]
    fn long_and_cut_values_are_passed_over() {
        for buffer in [1, 3, 64] {
            assert_eq!(values("[1,2,3] 4", 3, buffer), [Piece::Long(7), Piece::Whole(b"4".to_vec())]);
            assert_eq!(values("{\"a\":[1", 100, buffer), [Piece::Cut { head: b"{\"a\":[1".to_vec(), len: 7 }]);
            assert_eq!(values("{\"a\":[1", 3, buffer), [Piece::Cut { head: Vec::new(), len: 7 }]);
            assert_eq!(values("]", 100, buffer), [Piece::Whole(b"]".to_vec())]);
        }
    }
}
