//! A part of a file in memory, moved forwards.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// Bytes read at once: small enough to be still in the cache of a core when they are searched.
const CHUNK: usize = 256 << 10;

/// The bytes of a file from one offset to another; both only grow.
pub(super) struct Window {
    file: Arc<File>,
    /// Nothing is read from here on, in bytes from the start of the file.
    limit: u64,
    /// File offset of `bytes[first]`.
    base: u64,
    bytes: Vec<u8>,
    /// The window is `bytes[first..filled]`.
    first: usize,
    filled: usize,
    /// Bytes read at once.
    pub(super) chunk: usize,
}

impl Window {
    /// An empty window at the start of a file, which ends at `limit`.
    pub(super) fn new(file: Arc<File>, limit: u64) -> Self {
        Self { file, limit, base: 0, bytes: Vec::new(), first: 0, filled: 0, chunk: CHUNK }
    }

    /// The file.
    pub(super) fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Where reading stops.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// File offset of the first byte after the window.
    pub(super) fn end(&self) -> u64 {
        self.base + (self.filled - self.first) as u64
    }

    /// What the window has of the bytes `start..end`; shorter where it has not all.
    pub(super) fn slice(&self, start: u64, end: u64) -> &[u8] {
        let place = |offset: u64| {
            let within = offset.clamp(self.base, self.end()) - self.base;
            self.first + within as usize
        };
        self.bytes.get(place(start)..place(end)).unwrap_or_default()
    }

    /// What the window has from `start` on.
    pub(super) fn from(&self, start: u64) -> &[u8] {
        self.slice(start, self.end())
    }

    /// Reads on, and may forget what lies before `keep`. `false` when the limit was reached before.
    ///
    /// # Errors
    /// The file cannot be read, or has become shorter than the limit.
    pub(super) fn fill(&mut self, keep: u64) -> io::Result<bool> {
        let offset = self.end();
        let wanted = usize::try_from(self.limit - offset).unwrap_or(usize::MAX).min(self.chunk);
        if wanted == 0 {
            return Ok(false);
        }
        self.forget(keep);
        self.make_room(wanted);
        let room = self.bytes.get_mut(self.filled..self.filled + wanted).expect("room was made for them");
        let read = read_some(&self.file, room, offset)?;
        self.filled += read;
        Ok(true)
    }

    /// Reads on until the window reaches `upto` or the limit, keeping all from `keep` on.
    ///
    /// # Errors
    /// As [`Window::fill`].
    pub(super) fn ensure(&mut self, keep: u64, upto: u64) -> io::Result<()> {
        while self.end() < upto && self.fill(keep)? {}
        Ok(())
    }

    /// Goes on at `offset`, which may lie behind the window; what lies before it is forgotten.
    pub(super) fn skip_to(&mut self, offset: u64) {
        if offset <= self.end() {
            self.forget(offset);
        } else {
            (self.base, self.first, self.filled) = (offset.min(self.limit), 0, 0);
        }
    }

    fn forget(&mut self, keep: u64) {
        let within = keep.clamp(self.base, self.end()) - self.base;
        self.base += within;
        self.first += within as usize;
    }

    /// Moving the kept bytes is paid for by the larger number of forgotten ones; else the buffer doubles.
    fn make_room(&mut self, wanted: usize) {
        if self.bytes.len() - self.filled >= wanted {
            return;
        }
        let kept = self.filled - self.first;
        if kept <= self.first {
            self.bytes.copy_within(self.first..self.filled, 0);
            (self.first, self.filled) = (0, kept);
        }
        let needed = self.filled + wanted;
        if self.bytes.len() < needed {
            self.bytes.resize(needed.max(2 * self.bytes.len()), 0);
        }
    }
}

/// Reads at least one byte.
fn read_some(file: &File, room: &mut [u8], offset: u64) -> io::Result<usize> {
    loop {
        match file.read_at(room, offset) {
            Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter")),
            Ok(read) => return Ok(read),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(bytes: &[u8]) -> Arc<File> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Arc::new(file)
    }

    #[test]
    fn slices_are_the_bytes_of_the_file_wherever_the_window_is() {
        let bytes: Vec<u8> = (0..CHUNK * 5 + 17).map(|i| (i % 251) as u8).collect();
        let mut window = Window::new(file(&bytes), bytes.len() as u64);
        let mut keep = 0;
        while window.fill(keep).unwrap() {
            let (start, end) = (keep as usize, window.end() as usize);
            assert_eq!(window.from(keep), &bytes[start..end]);
            keep = window.end() - 1000;
        }
        assert_eq!(window.end(), bytes.len() as u64);
        assert!(window.bytes.len() <= CHUNK * 4);
    }

    #[test]
    fn skipping_goes_on_at_the_offset() {
        let bytes: Vec<u8> = (0..CHUNK * 3).map(|i| (i % 251) as u8).collect();
        for skip in [0, 5, CHUNK as u64 + 3, CHUNK as u64 * 2 + 9, CHUNK as u64 * 3, u64::MAX] {
            let mut window = Window::new(file(&bytes), bytes.len() as u64);
            window.fill(0).unwrap();
            window.skip_to(skip);
            let start = skip.min(bytes.len() as u64);
            window.ensure(start, start + 50).unwrap();
            let end = (start as usize + 50).min(bytes.len());
            assert_eq!(window.slice(start, start + 50), &bytes[start as usize..end]);
        }
    }

    #[test]
    fn a_file_that_became_shorter_is_an_error() {
        let mut window = Window::new(file(b"short"), 1000);
        assert!(window.fill(0).unwrap());
        assert_eq!(window.fill(0).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
