//! Failures of this machine while a file is read: a full disk, a disk that cannot be read, no folder for temporary files.
//!
//! What was read of a file then may be less than what is in it, and another time more. A converter need not tell such a
//! failure from what is wrong in the file: it is noted where it is met.

use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::message::RawSource;

/// The failure of this machine that was met first.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Arc<Mutex<Option<String>>>);

impl Faults {
    /// Notes an error, unless it speaks of the bytes read and not of the machine.
    pub(super) fn note(&self, error: &io::Error) {
        if !matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| error.to_string());
        }
    }

    /// What was noted since this was asked last.
    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// A source whose errors are noted.
    pub(super) fn watch(&self, source: impl RawSource + 'static) -> Arc<dyn RawSource> {
        Arc::new(Watched { inner: source, faults: self.clone() })
    }

    /// A writer whose errors are noted.
    pub(super) fn watch_writer<W: Write>(&self, writer: W) -> impl Write {
        Watched { inner: writer, faults: self.clone() }
    }
}

struct Watched<T> {
    inner: T,
    faults: Faults,
}

impl<S: RawSource> RawSource for Watched<S> {
    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.inner.read_exact_at(offset, buffer).inspect_err(|error| self.faults.note(error))
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.inner.write(buffer).inspect_err(|error| self.faults.note(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush().inspect_err(|error| self.faults.note(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(ErrorKind);

    impl RawSource for Broken {
        fn len(&self) -> u64 {
            9
        }

        fn read_exact_at(&self, _: u64, _: &mut [u8]) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn only_what_the_machine_fails_at_is_noted_and_once() {
        let faults = Faults::default();
        for (kind, noted) in [(ErrorKind::UnexpectedEof, false), (ErrorKind::StorageFull, true)] {
            assert!(faults.watch(Broken(kind)).read_exact_at(0, &mut [0]).is_err());
            assert_eq!((faults.take().is_some(), faults.take()), (noted, None), "{kind}");
        }
    }
}
