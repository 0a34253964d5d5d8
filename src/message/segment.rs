//! Segmentation: where the parts of a message are that are worth storing once.
//!
//! A segmentation cuts the raw bytes of a message into consecutive segments: parts, which the store keeps once for all
//! messages by the digest of their decoded bytes, and literals between them, which stay with the message. It is
//! bit-exact by construction: a base64 body is a part only as far as encoding its decoded bytes again gives back
//! exactly these characters and line ends; every other body text is a part as it stands.
//!
//! The scanner reads lines, headers and boundaries tolerantly and never fails. A message that it misunderstands is cut
//! in places that share less with other messages, and still comes back bit for bit.
//!
//! # Bounds
//! Memory is a few hundred KiB besides the list of segments, whatever the length of the message or of its lines: the
//! list ends after [`MAX_PARTS`] parts and leaves the rest as one literal.

mod base64_run;
mod decode;
mod encode;
mod header_section;
mod reduce;
mod scanner;
#[cfg(test)]
mod tests;
mod text_run;

use std::io::{self, BufRead, Read};

use serde::{Deserialize, Serialize};

use crate::model::Digest;

pub use decode::{PartDecoder, decode_part};
pub use encode::{PartEncoder, encode_part};
pub use reduce::{OMITTED_OVER, Omitted, Reduced, reduce};

use scanner::Scanner;

/// A body text is a part if it has more raw bytes than this; a reference costs less than such a text.
pub const TEXT_PART_OVER: u64 = 1024;

/// A base64 run is a part from this number of raw bytes on. Lower than for text, because base64 compresses badly.
pub const BASE64_PART_FROM: u64 = 512;

/// The most parts of one message; what follows them is one literal.
pub const MAX_PARTS: usize = 65_536;

/// Bytes that [`segment`] reads at a time.
const BLOCK: usize = 256 * 1024;

/// The raw bytes of a message as consecutive segments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segmentation {
    /// In the order of the message, none empty, covering it without gap or overlap.
    pub segments: Vec<Segment>,
    /// BLAKE3 of all raw bytes.
    pub digest: Digest,
    /// Number of raw bytes.
    pub len: u64,
}

/// Consecutive raw bytes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Offset of its first byte in the message, in bytes.
    pub start: u64,
    /// Its length in raw bytes, at least 1.
    pub len: u64,
    /// What it is.
    pub content: Content,
}

/// What a segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// Bytes that stay with the message.
    Literal,
    /// A part that can be stored once.
    Part(PartFacts),
}

/// What is known of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PartFacts {
    /// How its decoded bytes became its raw bytes.
    pub encoding: Encoding,
    /// BLAKE3 of its decoded bytes.
    pub digest: Digest,
    /// Number of its decoded bytes.
    pub decoded_len: u64,
}

/// How decoded bytes became raw bytes, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// They are the same.
    Identity,
    /// Base64 (RFC 4648 section 4, padded) in lines of equal length (RFC 2045 6.8).
    Base64 {
        /// Characters of each line but the last, which may have fewer; a multiple of 4. 0 is read as no line ends.
        line_chars: u32,
        /// Whether lines end with CR LF, else with LF.
        crlf: bool,
        /// Whether the last line has a line end too.
        final_newline: bool,
    },
}

/// Segments the message that `source` holds from its current position to its end, in one pass.
///
/// # Errors
/// `source` failed.
pub fn segment(source: &mut dyn BufRead) -> io::Result<Segmentation> {
    let mut scanner = Scanner::new();
    let mut block = vec![0; BLOCK];
    let mut filled = 0;
    loop {
        let count = fill(source, block.get_mut(filled..).unwrap_or_default())?;
        filled += count;
        let last = filled < BLOCK;
        let used = scanner.consume(block.get(..filled).unwrap_or_default(), last);
        if last {
            return Ok(scanner.finish());
        }
        block.copy_within(used..filled, 0);
        filled -= used;
    }
}

/// Segments a message in memory. The result is that of [`segment`].
pub fn segment_bytes(raw: &[u8]) -> Segmentation {
    let mut scanner = Scanner::new();
    scanner.consume(raw, true);
    scanner.finish()
}

/// Reads until `buffer` is full or the source ends.
fn fill(source: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
