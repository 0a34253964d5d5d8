//! Where the messages of an mbox begin and end.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, LazyLock};

use memchr::{memchr, memmem};

use super::envelope::{Envelope, envelope, is_field};
use super::header::{Header, read_header};
use super::window::Window;
use crate::connector::LARGE;

/// Bytes that a separator, or the field behind it, may have; longer lines separate nothing.
const LINE: u64 = 1024;
/// Bytes of a header section in which `Content-Length` is looked for.
const HEADER: u64 = 1 << 20;

static CANDIDATE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"\nFrom "));

/// What told where a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EndedBy {
    /// `Content-Length`, which led exactly to the next separator or the end of the file.
    Length,
    /// The next separator.
    Separator,
    /// The end of the file, or of the part looked at.
    End,
}

/// A message: file offsets of its first byte and the byte after its last, without separator and blank line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) ended_by: EndedBy,
}

/// Which lines separate messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// An envelope after a blank line.
    AfterBlank,
    /// An envelope before a header field, blank line or not: for files whose writer leaves none.
    BeforeField,
}

/// A line that separates: where it starts, and where the message after it starts.
#[derive(Debug, Clone, Copy)]
struct Separator {
    line: u64,
    next: u64,
}

/// What stands where a message ends by its `Content-Length`.
#[derive(Debug, Clone, Copy)]
enum Landing {
    /// A separator; the message after it starts here.
    Message(u64),
    /// Nothing more.
    EndOfFile,
}

/// Finds the messages of a file in one pass.
pub(super) struct Splitter {
    pub(super) window: Window,
    rule: Rule,
    /// Length of the file in bytes, which may lie behind the limit of the window.
    len: u64,
    /// Where the message to be found next starts; `None` when there is none.
    record: Option<u64>,
}

impl Splitter {
    /// Looks at the first `limit` of the `len` bytes of a file.
    pub(super) fn new(file: Arc<File>, limit: u64, len: u64, rule: Rule) -> Self {
        Self { window: Window::new(file, limit.min(len)), rule, len, record: None }
    }

    /// Finds the first separator, and returns the length of a byte order mark and what stands before the separator.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn preamble(&mut self) -> io::Result<(u64, u64)> {
        self.window.ensure(0, 2 * LINE)?;
        let mark = if self.window.from(0).starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let first = match self.separator_at(mark, mark) {
            Some(separator) => Some(separator),
            None => self.scan(mark)?,
        };
        self.record = first.map(|separator| separator.next);
        let end = first.map_or(self.window.limit(), |separator| separator.line);
        Ok((mark, end - mark))
    }

    /// Where the next message starts, or the end.
    pub(super) fn position(&self) -> u64 {
        self.record.unwrap_or(self.len)
    }

    /// Whether no message is left.
    pub(super) fn is_finished(&self) -> bool {
        self.record.is_none()
    }

    /// The next message. Its bytes are in the window if there are at most `LARGE`.
    ///
    /// # Errors
    /// The file cannot be read, or has become shorter.
    pub(super) fn next_span(&mut self) -> io::Result<Option<Span>> {
        let Some(start) = self.record.take().filter(|&start| start <= self.window.limit()) else { return Ok(None) };
        if let Some((end, landing)) = self.by_length(start)? {
            self.record = match landing {
                Landing::Message(next) => Some(next),
                Landing::EndOfFile => None,
            };
            return Ok(Some(Span { start, end, ended_by: EndedBy::Length }));
        }
        let found = self.scan(start)?;
        self.record = found.map(|separator| separator.next);
        let stop = found.map_or(self.window.limit(), |separator| separator.line);
        let end = stop - blank_line(self.window.slice(start.max(stop.saturating_sub(3)), stop)).unwrap_or(0);
        let ended_by = if found.is_some() { EndedBy::Separator } else { EndedBy::End };
        Ok(Some(Span { start, end, ended_by }))
    }

    /// The first separator after `record`.
    fn scan(&mut self, record: u64) -> io::Result<Option<Separator>> {
        let mut at = record;
        loop {
            if let Some(found) = CANDIDATE.find(self.window.from(at)) {
                at += found as u64 + 1;
                self.window.ensure(keep(record, at), at + 2 * LINE)?;
                if let Some(separator) = self.separator_at(at, record) {
                    return Ok(Some(separator));
                }
            } else {
                at = at.max(self.window.end().saturating_sub(5));
                if !self.window.fill(keep(record, at))? {
                    return Ok(None);
                }
            }
        }
    }

    /// Judges the line at `line` of a message that starts at `record`.
    fn separator_at(&self, line: u64, record: u64) -> Option<Separator> {
        let after_blank = line == record || blank_line(self.slice_before(line, record)).is_some();
        if self.rule == Rule::AfterBlank && !after_blank {
            return None;
        }
        let ahead = self.window.slice(line, line + 2 * LINE);
        line_length(ahead, self.rule).map(|length| Separator { line, next: line + length })
    }

    fn slice_before(&self, line: u64, record: u64) -> &[u8] {
        self.window.slice(record.max(line.saturating_sub(3)), line)
    }

    /// The end of the message by `Content-Length`, and what follows, if the length leads exactly there.
    fn by_length(&mut self, record: u64) -> io::Result<Option<(u64, Landing)>> {
        // Without blank lines a header section ends nowhere, and would be searched far into the next messages.
        if self.rule == Rule::BeforeField {
            return Ok(None);
        }
        let Some(end) = self.length_of(record)? else { return Ok(None) };
        let Some(landing) = self.landing(end)? else { return Ok(None) };
        if end - record <= LARGE {
            self.window.ensure(record, end)?;
        } else {
            self.window.skip_to(end);
        }
        Ok(Some((end, landing)))
    }

    /// Where `Content-Length` says that the message ends.
    fn length_of(&mut self, record: u64) -> io::Result<Option<u64>> {
        let mut looked = 0;
        loop {
            match read_header(self.window.from(record), looked) {
                Header::Complete { body, length } => {
                    let end = length.and_then(|length| (record + body as u64).checked_add(length));
                    return Ok(end.filter(|&end| end <= self.len));
                }
                Header::Unfinished { looked: upto } => looked = upto,
            }
            if looked as u64 > HEADER || !self.window.fill(record)? {
                return Ok(None);
            }
        }
    }

    /// What stands at the end that a length claims; `None` if no message ends there.
    fn landing(&self, end: u64) -> io::Result<Option<Landing>> {
        let mut buffer = [0; 2 * LINE as usize + 3];
        let from = end.saturating_sub(1);
        let around = self.peek(from, &mut buffer)?;
        let Some((&before, ahead)) = around.split_first() else { return Ok(None) };
        let blank = ahead.len() - without_line_end(ahead).len();
        let rest = ahead.get(blank..).unwrap_or_default();
        let next = end + blank as u64;
        if next == self.len {
            return Ok(Some(Landing::EndOfFile));
        }
        if blank == 0 && before != b'\n' {
            return Ok(None);
        }
        Ok(line_length(rest, Rule::AfterBlank).map(|length| Landing::Message(next + length)))
    }

    /// The bytes from `offset` on, from the window or else from the file.
    fn peek<'a>(&'a self, offset: u64, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
        let wanted = (self.len - offset).min(buffer.len() as u64);
        let held = self.window.slice(offset, offset + wanted);
        if held.len() as u64 == wanted {
            return Ok(held);
        }
        let buffer = buffer.get_mut(..wanted as usize).unwrap_or_default();
        self.window.file().read_exact_at(buffer, offset)?;
        Ok(buffer)
    }
}

/// From where the window has to be kept: the whole message, unless it is too large for memory. The blank line
/// behind a message does not count as a part of it.
fn keep(record: u64, at: u64) -> u64 {
    if at.saturating_sub(record) <= LARGE + 2 { record } else { at - 8 }
}

/// Length of the blank line at the end of `before`, the up to three bytes before a line in the same message.
fn blank_line(before: &[u8]) -> Option<u64> {
    match before {
        b"\n" | [.., b'\n', b'\n'] => Some(1),
        b"\r\n" | [.., b'\n', b'\r', b'\n'] => Some(2),
        _ => None,
    }
}

/// Length of the separator at the start of `ahead` with its line end; `None` if it is none.
fn line_length(ahead: &[u8], rule: Rule) -> Option<u64> {
    let length = match memchr(b'\n', ahead.get(..LINE as usize).unwrap_or(ahead)) {
        Some(at) => at + 1,
        None if ahead.len() < LINE as usize => ahead.len(),
        None => return None,
    };
    let (line, after) = ahead.split_at_checked(length)?;
    let kind = envelope(line.trim_ascii_end())?;
    let needs_field = kind == Envelope::Short || rule == Rule::BeforeField;
    (!needs_field || is_field(after)).then_some(length as u64)
}

/// What follows a line end at the start.
fn without_line_end(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\n").or_else(|| bytes.strip_prefix(b"\r\n")).unwrap_or(bytes)
}
