//! Lines as the app ends them: LF, CRLF or CR. Other line separators of Unicode are text.

use std::io::{self, BufRead};
use std::sync::Arc;

use crate::connector::input::{SourceReader, reader};
use crate::message::RawSource;

/// Bytes of the longest piece of a line that is given at once (1 MiB).
const MAX_PIECE: usize = 1 << 20;

/// A line, or a piece of one that is longer than [`MAX_PIECE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// Whether a line begins with it.
    pub(super) begins: bool,
    /// Bytes of the file that it takes, the line's end among them.
    pub(super) bytes: u64,
}

/// The lines of a file.
pub(super) struct Lines {
    reader: SourceReader,
    begins: bool,
    /// Number of the line at hand, from 1.
    pub(super) line_no: u64,
    /// Bytes that are done with.
    pub(super) bytes_done: u64,
}

impl Lines {
    /// Starts to read.
    pub(super) fn new(source: Arc<dyn RawSource>) -> Self {
        Self { reader: reader(source), begins: true, line_no: 0, bytes_done: 0 }
    }

    /// Reads the next line, without its end, into `line`; `None` at the end of the file.
    ///
    /// # Errors
    /// The file cannot be read on.
    pub(super) fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Option<Piece>> {
        line.clear();
        let (begins, mut taken, mut ended) = (self.begins, 0, false);
        while !ended && line.len() < MAX_PIECE {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let room = buffer.get(..MAX_PIECE - line.len()).unwrap_or(buffer);
            let end = memchr::memchr2(b'\n', b'\r', room);
            let text = room.get(..end.unwrap_or(room.len())).unwrap_or_default();
            line.extend_from_slice(text);
            let returned = end.and_then(|end| room.get(end)) == Some(&b'\r');
            ended = end.is_some();
            let used = text.len() + usize::from(ended);
            self.reader.consume(used);
            taken += used as u64;
            if returned && self.reader.fill_buf()?.starts_with(b"\n") {
                self.reader.consume(1);
                taken += 1;
            }
        }
        self.bytes_done += taken;
        if line.is_empty() && !ended {
            return Ok(None);
        }
        self.begins = ended;
        self.line_no += u64::from(begins);
        Ok(Some(Piece { begins, bytes: taken }))
    }
}
