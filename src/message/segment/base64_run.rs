//! The longest beginning of a base64 body that encodes back to itself.

use data_encoding::{BASE64, BASE64_NOPAD};

use super::{BASE64_PART_FROM, Encoding, PartFacts};
use crate::model::Digest;

/// Characters decoded at once: enough for the digest to work on many blocks side by side.
const BATCH: usize = 48 * 1024;

/// Longest first line: its length must fit `line_chars`.
const MAX_LINE: usize = u32::MAX as usize - 3;

/// A base64 body of which some was seen. It ends at the first character or line end that encoding would not give back,
/// which may be in the middle of a line, so that no byte is ever looked at twice.
#[derive(Debug)]
pub(super) struct Base64Run {
    /// Offset of its first byte in the message.
    pub(super) start: u64,
    raw_len: u64,
    decoded_len: u64,
    /// Characters of the first line, once its end was seen.
    line_chars: Option<usize>,
    /// Kind of line end, once one was seen.
    crlf: bool,
    /// Characters of the current line so far.
    column: usize,
    /// Padding was met; only a line end can follow.
    closed: bool,
    hasher: Box<blake3::Hasher>,
    characters: Vec<u8>,
    decoded: Vec<u8>,
}

/// How far a run came in the bytes given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It took so many bytes and may go on after them.
    Taken(usize),
    /// It took so many bytes and ended.
    Ended(usize),
}

impl Base64Run {
    pub(super) fn new(start: u64) -> Self {
        Self {
            start,
            raw_len: 0,
            decoded_len: 0,
            line_chars: None,
            crlf: false,
            column: 0,
            closed: false,
            hasher: Box::default(),
            characters: Vec::new(),
            decoded: Vec::new(),
        }
    }

    /// Whether nothing was taken yet.
    pub(super) fn is_empty(&self) -> bool {
        self.raw_len == 0
    }

    /// Whether the next byte is the first of a line.
    pub(super) fn at_line_start(&self) -> bool {
        self.column == 0
    }

    /// Takes what it can of `bytes`. If it may go on, at most three bytes are left for the next time.
    pub(super) fn push(&mut self, bytes: &[u8], last: bool) -> Step {
        let mut at = 0;
        let ended = loop {
            at += self.full_lines(bytes.get(at..).unwrap_or_default());
            match self.line(bytes.get(at..).unwrap_or_default(), last) {
                Step::Taken(0) => break false,
                Step::Taken(used) => at += used,
                Step::Ended(used) => {
                    at += used;
                    break true;
                }
            }
        };
        self.raw_len += at as u64;
        if ended || last { Step::Ended(at) } else { Step::Taken(at) }
    }

    /// The length and facts of the run if it is a part.
    pub(super) fn finish(self) -> Option<(u64, PartFacts)> {
        if self.raw_len < BASE64_PART_FROM {
            return None;
        }
        let encoding = Encoding::Base64 {
            line_chars: self.line_chars.unwrap_or(self.column) as u32,
            crlf: self.crlf,
            final_newline: self.column == 0,
        };
        let digest = Digest(*self.hasher.finalize().as_bytes());
        Some((self.raw_len, PartFacts { encoding, digest, decoded_len: self.decoded_len }))
    }

    /// Takes one batch of lines of full length. If one of them is not good, stops inside of it.
    fn full_lines(&mut self, bytes: &[u8]) -> usize {
        let Some(line_chars) = self.line_chars.filter(|&chars| chars <= BATCH && self.column == 0 && !self.closed)
        else {
            return 0;
        };
        let end: &[u8] = if self.crlf { b"\r\n" } else { b"\n" };
        let mut characters = std::mem::take(&mut self.characters);
        characters.clear();
        for line in bytes.chunks_exact(line_chars + end.len()) {
            match line.split_at_checked(line_chars) {
                Some((content, found)) if found == end && characters.len() < BATCH => {
                    characters.extend_from_slice(content);
                }
                _ => break,
            }
        }
        let accepted = self.accept(&characters);
        self.characters = characters;
        self.column = accepted % line_chars;
        accepted / line_chars * (line_chars + end.len()) + self.column
    }

    /// Takes the rest of the current line, or as much of it as is there.
    fn line(&mut self, bytes: &[u8], last: bool) -> Step {
        let room = self.line_chars.unwrap_or(MAX_LINE) - self.column;
        // A full line shows its end within two more bytes; looking further would be quadratic for a line without end.
        let window = bytes.get(..room.saturating_add(2)).unwrap_or(bytes);
        let Some(newline) = memchr::memchr(b'\n', window) else {
            let over = window.len() > room + 1;
            let piece = bytes.get(..room).unwrap_or(bytes);
            let accepted = self.accept(piece);
            self.column += accepted;
            let ended = over || last || accepted < piece.len() & !3;
            return if ended { Step::Ended(accepted) } else { Step::Taken(accepted) };
        };
        let content = window.get(..newline).unwrap_or_default();
        let crlf = content.ends_with(b"\r");
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let accepted = self.accept(content.get(..room).unwrap_or(content));
        self.column += accepted;
        let first = self.line_chars.is_none();
        if accepted < content.len() || self.column == 0 || (!first && crlf != self.crlf) {
            return Step::Ended(accepted);
        }
        self.crlf = crlf;
        let full = *self.line_chars.get_or_insert(self.column) == self.column;
        self.column = 0;
        if full && !self.closed { Step::Taken(newline + 1) } else { Step::Ended(newline + 1) }
    }

    /// Decodes groups of four characters up to the first that is not strict base64 (RFC 4648 3.3 and 3.5); gives the
    /// number of characters taken.
    fn accept(&mut self, characters: &[u8]) -> usize {
        if self.closed {
            return 0;
        }
        let mut taken = 0;
        for batch in characters.chunks(BATCH) {
            let groups = batch.get(..batch.len() & !3).unwrap_or_default();
            self.decoded.resize(groups.len() / 4 * 3, 0);
            let (read, written) = match BASE64_NOPAD.decode_mut(groups, &mut self.decoded) {
                Ok(written) => (groups.len(), written),
                Err(partial) => (partial.read, partial.written),
            };
            self.hasher.update(self.decoded.get(..written).unwrap_or_default());
            self.decoded_len += written as u64;
            taken += read;
            if read < groups.len() {
                return taken + self.accept_groups(groups.get(read..).unwrap_or_default());
            }
        }
        taken
    }

    /// Decodes group by group: the decoder may report an error some groups late, and does not know padding.
    fn accept_groups(&mut self, groups: &[u8]) -> usize {
        let mut taken = 0;
        for group in groups.chunks_exact(4) {
            let mut decoded = [0; 3];
            let Ok(written) = BASE64.decode_mut(group, &mut decoded) else { break };
            self.hasher.update(decoded.get(..written).unwrap_or_default());
            self.decoded_len += written as u64;
            taken += group.len();
            if written < decoded.len() {
                self.closed = true;
                break;
            }
        }
        taken
    }
}
