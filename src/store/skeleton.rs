//! The skeleton of a message: what its raw bytes are made of.
//!
//! A skeleton fragment is an encoded list of pieces followed by the bytes of all its literals.

use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use crate::Result;
use crate::message::segment::Encoding;
use crate::model::PartNo;

/// One piece of a message's raw bytes, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Piece {
    /// So many of the literal bytes that follow the list.
    Literal(u64),
    /// A part, encoded so.
    Part(PartNo, Encoding),
}

/// What the raw bytes of a message are made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Skeleton {
    pub(super) pieces: Vec<Piece>,
}

impl Record for Skeleton {
    const NAME: &'static str = "a message's skeleton";
}

impl Skeleton {
    pub(super) fn parts(&self) -> impl Iterator<Item = PartNo> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Part(no, _) => Some(*no),
            Piece::Literal(_) => None,
        })
    }

    pub(super) fn write(&self, literals: &[u8]) -> Result<Vec<u8>> {
        let mut bytes = codec::encode(self)?;
        bytes.extend_from_slice(literals);
        Ok(bytes)
    }

    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8])> {
        codec::decode_prefix(bytes)
    }
}

/// Where the header section of a message ends (RFC 5322, section 2.1), the empty line included; all of it where there is none.
pub(super) fn header_end(literals: &[u8]) -> usize {
    let ends = memchr::memchr_iter(b'\n', literals).map(|at| at + 1);
    let mut ends = ends.filter(|end| matches!(literals.get(*end..), Some([b'\n', ..] | [b'\r', b'\n', ..])));
    match ends.next() {
        Some(end) if literals.get(end) == Some(&b'\n') => end + 1,
        Some(end) => end + 2,
        None => literals.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::header_end;

    #[test]
    fn a_header_ends_behind_its_empty_line() {
        for (message, end) in [
            ("A: b\r\n\r\ntext", 8),
            ("A: b\n\ntext\n\nmore", 6),
            ("A: b\r\nC: d\r\n\r\n", 14),
            ("A: b\n\r\ntext", 7),
            ("A: b\r\n\ntext", 7),
            ("A: b\r\n\rtext", 11),
            ("A: b\r\n folded\r\n", 15),
            ("A: b", 4),
            ("\n\ntext", 2),
            ("", 0),
        ] {
            assert_eq!(header_end(message.as_bytes()), end, "{message:?}");
        }
    }
}
