//! Lines of a file in bounded memory.

use std::io::{self, BufRead, Read};

use crate::connector::input::SourceReader;

/// A line, or why there is none.
pub(super) enum Line {
    /// With its end.
    Whole(Vec<u8>),
    /// Longer than asked for, by its number of bytes, which were passed over.
    Long(u64),
    /// There is no further line.
    End,
}

/// Reads lines, and knows how far it is.
pub(super) struct LineReader {
    reader: SourceReader,
    /// Number of the line read last, from 1.
    pub(super) line_no: u64,
    /// Bytes read.
    pub(super) bytes_done: u64,
}

impl LineReader {
    /// A reader of the lines that come next.
    pub(super) fn new(reader: SourceReader) -> Self {
        Self { reader, line_no: 0, bytes_done: 0 }
    }

    /// The next line of at most `max` bytes; the first without its byte order mark.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn next_line(&mut self, max: u64) -> io::Result<Line> {
        let mut line = Vec::new();
        self.line_no += 1;
        if self.reader.by_ref().take(max + 1).read_until(b'\n', &mut line)? == 0 {
            return Ok(Line::End);
        }
        self.bytes_done += line.len() as u64;
        if line.len() as u64 <= max {
            if self.line_no == 1 && line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
            return Ok(Line::Whole(line));
        }
        let ended = line.ends_with(b"\n");
        let read = line.len() as u64;
        drop(line);
        let skipped = if ended { 0 } else { self.skip_line()? };
        Ok(Line::Long(read + skipped))
    }

    /// Passes over the rest of a line, and gives its length.
    fn skip_line(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let bytes = self.reader.fill_buf()?;
            let newline = memchr::memchr(b'\n', bytes);
            let count = newline.map_or(bytes.len(), |at| at + 1);
            self.reader.consume(count);
            skipped += count as u64;
            if newline.is_some() || count == 0 {
                self.bytes_done += skipped;
                return Ok(skipped);
            }
        }
    }
}
