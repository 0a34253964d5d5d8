//! Raw bytes that need not be in memory.

use std::io;

/// The raw bytes of one message, readable at any place and as often as needed, and never changing.
pub trait RawSource: Send + Sync {
    /// Length in bytes.
    fn len(&self) -> u64;

    /// Fills `buffer` from byte `offset`.
    ///
    /// # Errors
    /// The source failed, or ends before `offset + buffer.len()`.
    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;

    /// Whether there is no byte at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Reads a range of a source from its beginning to its end.
pub struct RawReader<S> {
    source: S,
    position: u64,
    end: u64,
}

impl<S: std::ops::Deref<Target: RawSource>> RawReader<S> {
    /// A reader of the `len` bytes from byte `start` on.
    pub fn new(source: S, start: u64, len: u64) -> Self {
        Self { source, position: start, end: start.saturating_add(len) }
    }
}

impl<S: std::ops::Deref<Target: RawSource>> io::Read for RawReader<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = usize::try_from(self.end - self.position).unwrap_or(usize::MAX).min(buffer.len());
        let Some(target) = buffer.get_mut(..len) else { return Ok(0) };
        self.source.read_exact_at(self.position, target)?;
        self.position += len as u64;
        Ok(len)
    }
}

impl RawSource for Vec<u8> {
    fn len(&self) -> u64 {
        Vec::len(self) as u64
    }

    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let start = usize::try_from(offset).map_err(|_| end())?;
        let stop = start.checked_add(buffer.len()).ok_or_else(end)?;
        buffer.copy_from_slice(self.get(start..stop).ok_or_else(end)?);
        Ok(())
    }
}
