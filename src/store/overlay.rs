//! A store's file read without changing it: what is written to it stays in memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;

/// Bytes that are kept in memory together where something of them is written.
const BLOCK: u64 = 4096;

/// A file, and what was written to it as far as this process sees it.
#[derive(Debug)]
pub(super) struct Overlay(Mutex<Layers>);

#[derive(Debug)]
struct Layers {
    file: File,
    /// Bytes from the start of the file that still show; what is behind them is zero where nothing was written.
    shown: u64,
    len: u64,
    written: BTreeMap<u64, Vec<u8>>,
}

impl Overlay {
    /// Over the file at `path`.
    pub(super) fn over(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Self(Mutex::new(Layers { file, shown: len, len, written: BTreeMap::new() })))
    }

    fn layers(&self) -> MutexGuard<'_, Layers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Layers {
    fn read(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(out.len() as u64).filter(|end| *end <= self.len);
        let end = end.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        let of_file = usize::try_from(self.shown.saturating_sub(offset)).unwrap_or(usize::MAX).min(out.len());
        let (of_file, behind) = out.split_at_mut(of_file);
        behind.fill(0);
        if !of_file.is_empty() {
            self.file.seek(SeekFrom::Start(offset))?;
            self.file.read_exact(of_file)?;
        }
        for (no, block) in self.written.range(offset / BLOCK..end.div_ceil(BLOCK)) {
            let start = no * BLOCK;
            let (from, to) = (start.max(offset), (start + BLOCK).min(end));
            let target = out.get_mut(within(from, offset)..within(to, offset));
            let source = block.get(within(from, start)..within(to, start));
            if let (Some(target), Some(source)) = (target, source) {
                target.copy_from_slice(source);
            }
        }
        Ok(())
    }

    fn write(&mut self, offset: u64, data: &[u8]) -> io::Result<()> {
        let end = offset.checked_add(data.len() as u64).filter(|end| *end <= self.len);
        let end = end.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        for no in offset / BLOCK..end.div_ceil(BLOCK) {
            let start = no * BLOCK;
            if !self.written.contains_key(&no) {
                let mut block = vec![0; within(BLOCK, 0)];
                let there = within((start + BLOCK).min(self.len), start);
                if let Some(there) = block.get_mut(..there) {
                    self.read(start, there)?;
                }
                self.written.insert(no, block);
            }
            let (from, to) = (start.max(offset), (start + BLOCK).min(end));
            let block =
                self.written.get_mut(&no).and_then(|block| block.get_mut(within(from, start)..within(to, start)));
            if let (Some(block), Some(data)) = (block, data.get(within(from, offset)..within(to, offset))) {
                block.copy_from_slice(data);
            }
        }
        Ok(())
    }

    fn set_len(&mut self, len: u64) {
        self.len = len;
        self.shown = self.shown.min(len);
        self.written.retain(|no, _| no * BLOCK < len);
        if let Some(last) = self.written.get_mut(&(len / BLOCK)) {
            last.iter_mut().skip(within(len % BLOCK, 0)).for_each(|byte| *byte = 0);
        }
    }
}

/// How far `place` is behind `start`.
fn within(place: u64, start: u64) -> usize {
    usize::try_from(place.saturating_sub(start)).unwrap_or(usize::MAX)
}

impl StorageBackend for Overlay {
    fn len(&self) -> io::Result<u64> {
        Ok(self.layers().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.layers().read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.layers().set_len(len);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.layers().write(offset, data)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone)]
    enum Act {
        Write(u64, Vec<u8>),
        SetLen(u64),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            (0_u64..20_000, prop::collection::vec(1_u8.., 0..9_000))
                .prop_map(|(offset, data)| Act::Write(offset, data)),
            (0_u64..20_000).prop_map(Act::SetLen),
        ]
    }

    proptest! {
        #[test]
        fn it_reads_as_a_file_that_is_written_would_and_the_file_stays(
            original in prop::collection::vec(1_u8.., 0..15_000),
            acts in prop::collection::vec(act(), 0..12),
        ) {
            let directory = tempfile::tempdir().expect("directory");
            let path = directory.path().join("store");
            fs::write(&path, &original).expect("file");
            let overlay = Overlay::over(&path).expect("it opens");
            let mut expected = original.clone();
            for act in acts {
                match act {
                    Act::SetLen(len) => {
                        overlay.set_len(len).expect("length");
                        expected.resize(usize::try_from(len).expect("it is small"), 0);
                    }
                    Act::Write(offset, data) => {
                        let start = usize::try_from(offset).expect("it is small");
                        let fits = expected.get_mut(start..start + data.len());
                        prop_assert_eq!(StorageBackend::write(&overlay, offset, &data).is_ok(), fits.is_some());
                        if let Some(target) = fits {
                            target.copy_from_slice(&data);
                        }
                    }
                }
                prop_assert_eq!(overlay.len().expect("length"), expected.len() as u64);
                let mut read = vec![0; expected.len()];
                StorageBackend::read(&overlay, 0, &mut read).expect("all of it");
                prop_assert!(read == expected);
                let middle = expected.len() / 3..expected.len() / 2;
                let mut read = vec![0; middle.len()];
                StorageBackend::read(&overlay, middle.start as u64, &mut read).expect("a part");
                prop_assert!(Some(&read[..]) == expected.get(middle));
            }
            prop_assert!(StorageBackend::read(&overlay, expected.len() as u64, &mut [0]).is_err());
            prop_assert!(fs::read(&path).expect("file") == original);
        }
    }
}
