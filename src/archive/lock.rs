//! One process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::Session;
use crate::model::UtcTime;
use crate::{Error, Result};

const PAUSE: Duration = Duration::from_millis(20);

/// The right to use an archive; given up when dropped, or by the operating system when the process ends.
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock file in `directory`, waiting up to `wait` for its holder.
    pub(super) fn take(directory: &Path, session: &Session, now: UtcTime, wait: Duration) -> Result<Self> {
        let path = directory.join("lock");
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = file.map_err(Error::io("open", &path))?;
        // A wait beyond what the clock can count never ends.
        let deadline = Instant::now().checked_add(wait);
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if deadline.is_none_or(|deadline| Instant::now() < deadline) => {
                    std::thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::Locked { path: directory.to_owned(), holder: holder(&mut file) });
                }
                Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
            }
        }
        let text =
            format!("{} (process {}, `{}`), since {now}\n", session.actor.0, std::process::id(), session.command);
        // Cut after it was written: to empty it first would give its block back and take another, which costs nearly a
        // millisecond.
        let written = file.write_all(text.as_bytes()).and_then(|()| file.set_len(text.len() as u64));
        written.map_err(Error::io("write", &path))?;
        Ok(Self { file })
    }
}

impl Drop for Lock {
    /// Gives the lock up for every copy of the file's handle: a child that was being started has one until it runs.
    fn drop(&mut self) {
        // Closing the file, which follows, does the same where there is no copy.
        self.file.unlock().ok();
    }
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(1024).read_to_string(&mut text));
    let line = text.lines().next().unwrap_or_default().trim();
    if read.is_ok() && !line.is_empty() { line.to_owned() } else { "another process".to_owned() }
}
