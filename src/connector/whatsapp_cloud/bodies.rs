//! The notifications in a file: one body, a list of bodies, or one body a line.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use crate::connector::input::{SourceReader, reader};
use crate::connector::json_pieces::{MAX_VALUE, Piece, Scanner};
use crate::message::RawSource;

/// The bodies of a file, each read into memory by itself.
pub(super) struct Bodies {
    shape: Shape,
    done: u64,
}

enum Shape {
    /// One a line: a damaged line harms no other.
    Lines(SourceReader),
    /// One after the other, however they are spread over lines; in a list or not.
    Values { scanner: Scanner<SourceReader>, list: bool },
}

impl Bodies {
    /// Begins to read, and finds out how the bodies are laid out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn open(source: Arc<dyn RawSource>) -> io::Result<Self> {
        let shape = if is_lines(&source)? {
            Shape::Lines(reader(source))
        } else {
            let mut scanner = Scanner::new(reader(source));
            let list = scanner.take(b'[')?;
            Shape::Values { scanner, list }
        };
        Ok(Self { shape, done: 0 })
    }

    /// Bytes that are done with.
    pub(super) fn position(&self) -> u64 {
        self.done
    }

    /// The next body. `None` at the end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        match &mut self.shape {
            Shape::Lines(lines) => next_line(lines, &mut self.done),
            Shape::Values { scanner, list } => {
                while *list && (scanner.take(b',')? || scanner.take(b']')?) {}
                let piece = scanner.value(MAX_VALUE)?;
                self.done = scanner.position();
                Ok(piece)
            }
        }
    }
}

/// Whether the first or the second line is a body by itself.
fn is_lines(source: &Arc<dyn RawSource>) -> io::Result<bool> {
    let mut lines = reader(Arc::clone(source));
    for _ in 0..2 {
        let Some(Piece::Whole(line)) = next_line(&mut lines, &mut 0)? else { return Ok(false) };
        if line.starts_with(b"[") {
            return Ok(false);
        }
        let mut scanner = Scanner::new(line.as_slice());
        let whole = matches!(scanner.value(MAX_VALUE)?, Some(Piece::Whole(_)));
        if line.starts_with(b"{") && whole && scanner.peek()?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The next line that is not blank, without the white space around it.
fn next_line(lines: &mut SourceReader, done: &mut u64) -> io::Result<Option<Piece>> {
    loop {
        let mut line = Vec::new();
        let read = lines.by_ref().take(MAX_VALUE + 1).read_until(b'\n', &mut line)? as u64;
        *done = done.saturating_add(read);
        if read > MAX_VALUE {
            let more = if line.ends_with(b"\n") { 0 } else { lines.skip_until(b'\n')? as u64 };
            *done = done.saturating_add(more);
            return Ok(Some(Piece::Long(read.saturating_add(more))));
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
        if !text.is_empty() {
            return Ok(Some(Piece::Whole(text.to_vec())));
        }
        if read == 0 {
            return Ok(None);
        }
    }
}
