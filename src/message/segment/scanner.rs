//! Finds header sections, boundaries and bodies in a stream of lines.

use std::collections::HashSet;

use memchr::{memchr, memmem, memrchr};

use super::base64_run::{Base64Run, Step};
use super::header_section::{HeaderSection, MAX_BOUNDARY};
use super::text_run::TextRun;
use super::{Content, MAX_PARTS, PartFacts, Segment, Segmentation};
use crate::model::Digest;

/// A header line that has no end within so many bytes is taken piece by piece.
const LONG_LINE: usize = 64 * 1024;

/// Longest line that can be a boundary delimiter: dashes, boundary, and some white space.
const MAX_DELIMITER: usize = MAX_BOUNDARY + 256;

/// Boundaries tracked in one message.
const MAX_BOUNDARIES: usize = 1024;

/// What the next byte belongs to.
#[derive(Debug)]
enum State {
    Header,
    Text(TextRun),
    Base64(Base64Run),
}

/// What a line that starts with two dashes is.
enum Delimiter {
    None,
    Undecided,
    Found { len: usize, closing: bool },
}

/// Reads a message block by block.
#[derive(Debug)]
pub(super) struct Scanner {
    segments: Vec<Segment>,
    parts: usize,
    /// Offset of the first byte that is in no segment yet.
    literal_start: u64,
    /// Offset of the next byte.
    offset: u64,
    /// Whether the next byte continues a line.
    mid_line: bool,
    state: State,
    headers: HeaderSection,
    boundaries: HashSet<Vec<u8>>,
    hasher: blake3::Hasher,
}

impl Scanner {
    pub(super) fn new() -> Self {
        Self {
            segments: Vec::new(),
            parts: 0,
            literal_start: 0,
            offset: 0,
            mid_line: false,
            state: State::Header,
            headers: HeaderSection::default(),
            boundaries: HashSet::new(),
            hasher: blake3::Hasher::new(),
        }
    }

    /// Takes as much of `bytes` as can be decided, and all of it if they are the `last`. The rest, less than
    /// [`LONG_LINE`] bytes, must come again with more after it.
    pub(super) fn consume(&mut self, bytes: &[u8], last: bool) -> usize {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let step = match std::mem::replace(&mut self.state, State::Header) {
                State::Header => self.header(rest, last),
                State::Text(run) => self.text(run, rest, last),
                State::Base64(run) => self.base64(run, rest, last),
            };
            let Some(used) = step else { break };
            self.offset += used as u64;
            at += used;
        }
        self.hasher.update(bytes.get(..at).unwrap_or_default());
        at
    }

    /// The segmentation of everything consumed.
    pub(super) fn finish(mut self) -> Segmentation {
        match std::mem::replace(&mut self.state, State::Header) {
            State::Header => {}
            State::Text(run) => self.end_text(run, &[]),
            State::Base64(run) => self.end_base64(run),
        }
        self.literal_until(self.offset);
        let digest = Digest(*self.hasher.finalize().as_bytes());
        Segmentation { segments: self.segments, digest, len: self.offset }
    }

    /// One line of a header section, or a piece of a long one. `None`: more bytes are needed.
    fn header(&mut self, rest: &[u8], last: bool) -> Option<usize> {
        let len = match memchr(b'\n', rest) {
            Some(newline) => newline + 1,
            None if last || rest.len() >= LONG_LINE => rest.len(),
            None => return None,
        };
        let line = rest.get(..len).unwrap_or_default();
        let continued = std::mem::replace(&mut self.mid_line, !line.ends_with(b"\n"));
        if continued {
            return Some(len);
        }
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        if content.is_empty() {
            self.begin_body(len);
        } else if let Delimiter::Found { len, closing } = self.delimiter(line, true) {
            self.begin_part(len, closing);
        } else {
            self.headers.line(content);
        }
        Some(len)
    }

    /// Text up to a delimiter or to the end of what can be decided.
    fn text(&mut self, run: TextRun, rest: &[u8], last: bool) -> Option<usize> {
        if self.boundaries.is_empty() {
            return Some(self.push_text(run, rest));
        }
        let mut from = 0;
        if self.mid_line || !rest.starts_with(b"--") {
            from = memmem::find(rest, b"\n--").map_or(rest.len(), |at| at + 1);
        }
        while let Some(line) = rest.get(from..).filter(|line| !line.is_empty()) {
            let before = rest.get(..from).unwrap_or_default();
            match self.delimiter(line, last) {
                Delimiter::Found { len, closing } => {
                    self.end_text(run, before);
                    self.begin_part(from + len, closing);
                    return Some(from + len);
                }
                Delimiter::Undecided if from == 0 => {
                    self.state = State::Text(run);
                    return None;
                }
                Delimiter::Undecided => return Some(self.push_text(run, before)),
                Delimiter::None => from += memmem::find(line, b"\n--").map_or(line.len(), |at| at + 1),
            }
        }
        let decided = self.decided_text(rest, last);
        if decided == 0 {
            self.state = State::Text(run);
            return None;
        }
        Some(self.push_text(run, rest.get(..decided).unwrap_or_default()))
    }

    /// Bytes of a text without delimiter after which nothing can become one that began among them.
    fn decided_text(&self, rest: &[u8], last: bool) -> usize {
        let line_start = match memrchr(b'\n', rest) {
            Some(newline) => newline + 1,
            None if self.mid_line => return rest.len(),
            None => 0,
        };
        if !last && rest.get(line_start..).is_some_and(|line| line == b"-") { line_start } else { rest.len() }
    }

    fn base64(&mut self, mut run: Base64Run, rest: &[u8], last: bool) -> Option<usize> {
        if run.is_empty() {
            let blank = if rest.starts_with(b"\n") { 1 } else { 2 * usize::from(rest.starts_with(b"\r\n")) };
            if blank > 0 || (rest == b"\r" && !last) {
                self.state = State::Base64(Base64Run::new(self.offset + blank as u64));
                return (blank > 0).then_some(blank);
            }
        }
        match run.push(rest, last) {
            Step::Taken(used) => {
                self.state = State::Base64(run);
                (used > 0).then_some(used)
            }
            Step::Ended(used) => {
                self.mid_line = !run.at_line_start();
                self.end_base64(run);
                self.state = State::Text(TextRun::new(self.offset + used as u64));
                Some(used)
            }
        }
    }

    /// Whether `line`, which may be followed by others, is a delimiter (RFC 2046 5.1.1).
    fn delimiter(&self, line: &[u8], last: bool) -> Delimiter {
        let window = line.get(..MAX_DELIMITER).unwrap_or(line);
        let len = match memchr(b'\n', window) {
            Some(newline) => newline + 1,
            None if line.len() > MAX_DELIMITER => return Delimiter::None,
            None if last => line.len(),
            None => return Delimiter::Undecided,
        };
        let Some(name) = line.get(..len).and_then(|line| line.strip_prefix(b"--")) else { return Delimiter::None };
        let name = name.trim_ascii_end();
        if self.boundaries.contains(name) {
            return Delimiter::Found { len, closing: false };
        }
        let closing = name.strip_suffix(b"--").is_some_and(|name| self.boundaries.contains(name));
        if closing { Delimiter::Found { len, closing } } else { Delimiter::None }
    }

    /// After the blank line that ends a header section; `used` are the bytes up to and with it.
    fn begin_body(&mut self, used: usize) {
        let facts = self.headers.finish();
        let start = self.offset + used as u64;
        let multipart = facts.boundary.is_some();
        if let Some(boundary) = facts.boundary
            && self.boundaries.len() < MAX_BOUNDARIES
        {
            self.boundaries.insert(boundary);
        }
        self.state = if facts.base64 && !multipart {
            State::Base64(Base64Run::new(start))
        } else if facts.message {
            State::Header
        } else {
            State::Text(TextRun::new(start))
        };
    }

    /// After a delimiter; `used` are the bytes up to and with it.
    fn begin_part(&mut self, used: usize, closing: bool) {
        self.headers.finish();
        self.mid_line = false;
        self.state = if closing { State::Text(TextRun::new(self.offset + used as u64)) } else { State::Header };
    }

    fn push_text(&mut self, mut run: TextRun, bytes: &[u8]) -> usize {
        self.mid_line = !bytes.ends_with(b"\n");
        run.push(bytes);
        self.state = State::Text(run);
        bytes.len()
    }

    fn end_text(&mut self, run: TextRun, bytes: &[u8]) {
        let start = run.start;
        let part = run.finish(bytes);
        self.part(start, part);
    }

    fn end_base64(&mut self, run: Base64Run) {
        let start = run.start;
        let part = run.finish();
        self.part(start, part);
    }

    fn part(&mut self, start: u64, part: Option<(u64, PartFacts)>) {
        let Some((len, facts)) = part.filter(|_| self.parts < MAX_PARTS) else { return };
        self.literal_until(start);
        self.segments.push(Segment { start, len, content: Content::Part(facts) });
        self.literal_start = start + len;
        self.parts += 1;
    }

    fn literal_until(&mut self, end: u64) {
        if end > self.literal_start {
            let len = end - self.literal_start;
            self.segments.push(Segment { start: self.literal_start, len, content: Content::Literal });
            self.literal_start = end;
        }
    }
}
