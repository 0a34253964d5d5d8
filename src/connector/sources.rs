//! The messages of files and folders, one after the other.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use super::mbox::Mbox;
use super::messages::Attachments;
use super::single::read_single;
use super::sniff::{Circumstances, HEAD, Reading, recognise};
use super::walk::{Found, FoundFile, cannot_read, walk};
use super::{As, Format, LARGE, Options, Rejection, SourceEvent, SourceRecord, messages};
use crate::Result;

/// The messages of the files and folders given, read while they are asked for.
///
/// Files come in the order of the paths given, those of folders in the order of the bytes of their names. Files that
/// cannot be taken are reported last: a picture beside converted messages is no loss if one of them carries it.
pub struct Sources {
    /// Number of files that will be read or looked at.
    pub files: u64,
    /// Their sizes together, in bytes, as found by [`open`].
    pub bytes: u64,
    options: Options,
    found: IntoIter<Found>,
    reading: Option<Current>,
    pending: VecDeque<SourceEvent>,
    attachments: Attachments,
    /// Files that were not taken, reported at the end unless they turn out to be attachments of records.
    not_taken: VecDeque<(PathBuf, Rejection)>,
    done: u64,
}

/// A file that holds several messages.
struct Current {
    reader: Reader,
    bytes: u64,
}

enum Reader {
    Mbox(Box<Mbox>),
    Messages(Box<dyn Iterator<Item = SourceEvent> + Send>),
}

/// Lists the files of `paths`, to be read by the iterator returned.
///
/// # Errors
/// [`Io`](crate::Error::Io): one of the paths does not exist or cannot be looked at. What cannot be read further
/// down is [rejected](SourceEvent::Rejected) when its turn comes.
pub fn open(paths: &[PathBuf], options: &Options) -> Result<Sources> {
    let found = walk(paths)?;
    let sizes = found.iter().filter_map(|found| match found {
        Found::File(file) => Some(file.bytes),
        Found::Passed(_) => None,
    });
    let (files, bytes) = sizes.fold((0, 0_u64), |(files, bytes), size| (files + 1, bytes.saturating_add(size)));
    Ok(Sources {
        files,
        bytes,
        options: options.clone(),
        found: found.into_iter(),
        reading: None,
        pending: VecDeque::new(),
        attachments: Attachments::default(),
        not_taken: VecDeque::new(),
        done: 0,
    })
}

impl Sources {
    /// Bytes of the files that are done with, of [`Sources::bytes`]; for progress.
    pub fn bytes_done(&self) -> u64 {
        let current = self.reading.as_ref().map_or(0, |current| match &current.reader {
            Reader::Mbox(mbox) => mbox.bytes_done().min(current.bytes),
            Reader::Messages(_) => 0,
        });
        self.done.saturating_add(current)
    }

    fn start(&mut self, file: &FoundFile) {
        let path = file.path();
        let origin = path.display().to_string();
        let reading = self.read(file, &path, &origin);
        match reading {
            Ok(Some(reader)) => self.reading = Some(Current { reader, bytes: file.bytes }),
            Ok(None) => self.done = self.done.saturating_add(file.bytes),
            Err(reason) => {
                self.done = self.done.saturating_add(file.bytes);
                let rejection = Rejection { origin, reason, bytes: file.bytes };
                if self.options.as_format == As::Auto && !file.place.delivered {
                    self.not_taken.push_back((path, rejection));
                } else {
                    self.pending.push_back(SourceEvent::Rejected(rejection));
                }
            }
        }
    }

    /// Reads a file with one message, or starts to read one with several. The reason if it cannot be taken.
    fn read(&mut self, found: &FoundFile, path: &Path, origin: &str) -> Result<Option<Reader>, String> {
        let (file, len, head) = open_file(path, found.given).map_err(|error| cannot_read(&error))?;
        if len == 0 {
            return Err("empty file".to_owned());
        }
        let name = found.name.to_string_lossy();
        let as_format = self.options.as_format;
        let circumstances =
            Circumstances { as_format, delivered: found.place.delivered, given: found.given, name: &name };
        match recognise(circumstances, &head)? {
            Reading::Single(format) => {
                let raw = read_single(file, len, head).map_err(|error| cannot_read(&error))?;
                let folder = found.place.folder.clone().filter(|_| format == Format::Maildir);
                self.pending.push_back(SourceEvent::Opened { path: path.to_owned(), format });
                let origin = origin.to_owned();
                self.pending.push_back(SourceEvent::Record(SourceRecord { origin, raw, folder }));
                Ok(None)
            }
            Reading::Mbox => {
                let mbox = Mbox::open(file, path, origin.to_owned()).map_err(|error| cannot_read(&error))?;
                Ok(Some(Reader::Mbox(Box::new(mbox))))
            }
            Reading::Messages => {
                self.pending.push_back(SourceEvent::Opened { path: path.to_owned(), format: Format::Messages });
                Ok(Some(Reader::Messages(Box::new(messages::records(path, self.attachments.clone())))))
            }
        }
    }

    fn next_not_taken(&mut self) -> Option<SourceEvent> {
        loop {
            let (path, rejection) = self.not_taken.pop_front()?;
            if !self.attachments.contains(&path) {
                return Some(SourceEvent::Rejected(rejection));
            }
        }
    }

    /// The next event of the file at hand.
    fn go_on(&mut self) -> Option<SourceEvent> {
        let current = self.reading.as_mut()?;
        let event = match &mut current.reader {
            Reader::Mbox(mbox) => mbox.next(),
            Reader::Messages(records) => records.next(),
        };
        if event.is_none() {
            self.done = self.done.saturating_add(current.bytes);
            self.reading = None;
        }
        event
    }
}

impl Iterator for Sources {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        loop {
            if let Some(event) = self.pending.pop_front().or_else(|| self.go_on()) {
                return Some(event);
            }
            match self.found.next() {
                Some(Found::File(file)) => self.start(&file),
                Some(Found::Passed(rejection)) => return Some(SourceEvent::Rejected(rejection)),
                None => return self.next_not_taken(),
            }
        }
    }
}

/// Opens a file: its length and first bytes.
fn open_file(path: &Path, given: bool) -> io::Result<(File, u64, Vec<u8>)> {
    // Opening what has become a pipe meanwhile would wait for ever.
    let metadata = if given { fs::metadata(path)? } else { fs::symlink_metadata(path)? };
    if !metadata.is_file() {
        return Err(io::Error::other("it was replaced by something that is no file"));
    }
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    // Room for the whole message, so that reading the rest of it moves nothing.
    let mut head = Vec::with_capacity(len.min(LARGE) as usize);
    (&file).take(len.min(HEAD as u64)).read_to_end(&mut head)?;
    Ok((file, len, head))
}
