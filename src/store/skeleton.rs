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
