//! Raw bytes of a part to its decoded bytes.

use std::io::{self, Read};

use data_encoding::BASE64;

use super::{Encoding, fill};

/// Raw bytes that are read at a time.
const BLOCK: usize = 48 * 1024;

/// The decoded bytes of a part, as a stream. Made by [`decode_part`].
pub struct PartDecoder<'a> {
    raw: &'a mut dyn Read,
    encoding: Encoding,
    block: Vec<u8>,
    /// Characters read, without line ends, that are not decoded yet.
    characters: Vec<u8>,
    decoded: Vec<u8>,
    /// How much of `decoded` was given out.
    given: usize,
    ended: bool,
}

/// Decodes the raw bytes of a part. Reading fails with [`io::ErrorKind::InvalidData`] where they are not what
/// `encoding` says. Only the digest shows whether they are the right ones.
pub fn decode_part(raw: &mut dyn Read, encoding: Encoding) -> PartDecoder<'_> {
    PartDecoder {
        raw,
        encoding,
        block: Vec::new(),
        characters: Vec::new(),
        decoded: Vec::new(),
        given: 0,
        ended: false,
    }
}

impl PartDecoder<'_> {
    /// Decodes the next block.
    fn advance(&mut self) -> io::Result<()> {
        self.block.resize(BLOCK, 0);
        let count = fill(self.raw, &mut self.block)?;
        self.ended = count < BLOCK;
        for line in self.block.get(..count).unwrap_or_default().split(|&byte| byte == b'\n') {
            self.characters.extend(line.strip_suffix(b"\r").unwrap_or(line));
        }
        let mut whole = self.characters.len();
        if !self.ended {
            // A carriage return at the end of the block may belong to a line end that the next one completes.
            whole -= usize::from(self.characters.ends_with(b"\r"));
            whole &= !3;
        }
        let groups = self.characters.get(..whole).unwrap_or_default();
        let invalid = |error: &dyn std::fmt::Display| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
        let room = BASE64.decode_len(groups.len()).map_err(|error| invalid(&error))?;
        self.decoded.resize(room, 0);
        let written = BASE64.decode_mut(groups, &mut self.decoded).map_err(|partial| invalid(&partial.error))?;
        self.decoded.truncate(written);
        self.given = 0;
        self.characters.drain(..whole);
        Ok(())
    }
}

impl Read for PartDecoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.encoding == Encoding::Identity {
            return self.raw.read(buffer);
        }
        while self.given == self.decoded.len() && !self.ended {
            self.advance()?;
        }
        let rest = self.decoded.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}
