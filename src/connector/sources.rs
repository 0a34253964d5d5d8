//! The messages of files and folders, one after the other.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec::IntoIter;

use super::converter::mbox::Mbox;
use super::converter::messages::Messages;
use super::converter::single::read_single;
use super::converter::sniff::{Circumstances, HEAD, Reading, is_zip, recognise};
use super::converter::{Converter, bundled};
use super::file_range::FileRange;
use super::input::{Attachments, Beside, Input, InputContent, Reader, source_of};
use super::source::walk::{Found, FoundFile, cannot_read, walk};
use super::zip_file::{ZipEntry, ZipFile};
use super::{As, FileAccount, Format, LARGE, Options, Rejection, SourceEvent, SourceRecord};
use crate::Result;

/// The messages of the files and folders given, read while they are asked for.
///
/// Files come in the order of the paths given, those of folders and zip files in the order of the bytes of their names.
/// Files that cannot be taken are reported last: a picture beside converted messages is no loss if one of them carries it.
pub struct Sources {
    /// Number of files that will be read or looked at.
    pub files: u64,
    /// Their sizes together, in bytes, as found by [`open`].
    pub bytes: u64,
    options: Options,
    found: IntoIter<Found>,
    /// The file at hand, and the file of a zip file at hand.
    reading: Vec<Current>,
    pending: VecDeque<SourceEvent>,
    attachments: Attachments,
    /// The file at hand, of those found.
    at: Option<PathBuf>,
    /// What is reported at the end.
    late: VecDeque<Late>,
    /// How much of that there was before the file at hand.
    late_before: usize,
    /// Why the file at hand was not taken as a whole.
    refused: Option<Rejection>,
    done: u64,
}

/// A step of reading.
pub enum Step {
    /// What is in the files.
    Event(SourceEvent),
    /// A file could not be taken as a whole: it cannot be opened, or is nothing that is read. Its path is the origin.
    Refused(Rejection),
    /// A file was read to its end, or belongs to messages of others; nothing more of it follows. With the failure of this
    /// machine that was met in between: another time there may be more in it.
    Finished(PathBuf, Option<String>),
}

/// What is reported at the end.
enum Late {
    /// A file that was not taken, unless it turns out to be an attachment of a message; whether it is one of those found,
    /// not one inside of a zip file.
    Refused(PathBuf, Rejection, bool),
    /// The end of a file of whose inside something is reported late.
    Finished(PathBuf, Option<String>),
}

/// A file that holds several messages.
struct Current {
    reader: Opened,
    /// Its size on disk; 0 for one inside of a zip file.
    bytes: u64,
    /// Whether its reader has closed it.
    closed: bool,
}

enum Opened {
    Messages(Box<dyn Reader>),
    Zip(ZipFolder),
}

/// A zip file that is read like a folder.
struct ZipFolder {
    zip: Arc<ZipFile>,
    path: PathBuf,
    entries: IntoIter<ZipEntry>,
}

/// Lists the files of `paths`, to be read by the iterator returned.
///
/// # Errors
/// [`Io`](crate::Error::Io): one of the paths does not exist or cannot be looked at. What cannot be read further
/// down is [rejected](SourceEvent::Rejected) when its turn comes.
pub fn open(paths: &[PathBuf], options: &Options) -> Result<Sources> {
    Ok(of_found(walk(paths)?, options))
}

/// The messages of files that were found before.
pub(super) fn of_found(found: Vec<Found>, options: &Options) -> Sources {
    let sizes = found.iter().filter_map(|found| match found {
        Found::File(file) => Some(file.bytes),
        Found::Passed(_) => None,
    });
    let (files, bytes) = sizes.fold((0, 0_u64), |(files, bytes), size| (files + 1, bytes.saturating_add(size)));
    Sources {
        files,
        bytes,
        options: options.clone(),
        found: found.into_iter(),
        reading: Vec::new(),
        pending: VecDeque::new(),
        attachments: Attachments::default(),
        at: None,
        late: VecDeque::new(),
        late_before: 0,
        refused: None,
        done: 0,
    }
}

impl Sources {
    /// Bytes of the files that are done with, of [`Sources::bytes`]; for progress.
    pub fn bytes_done(&self) -> u64 {
        let current = self.reading.first().map_or(0, |current| match &current.reader {
            Opened::Messages(reader) => reader.bytes_done().min(current.bytes),
            Opened::Zip(_) => 0,
        });
        self.done.saturating_add(current)
    }

    fn start(&mut self, file: &FoundFile) {
        let path = file.path();
        let origin = path.display().to_string();
        self.late_before = self.late.len();
        self.attachments.faults.take();
        match self.read_file(file, &path, &origin) {
            Ok(reader) => {
                self.at = Some(path);
                match reader {
                    Some(reader) => self.reading.push(Current { reader, bytes: file.bytes, closed: false }),
                    None => self.done = self.done.saturating_add(file.bytes),
                }
            }
            Err(reason) => {
                self.done = self.done.saturating_add(file.bytes);
                let rejection = Rejection { origin, reason, bytes: file.bytes };
                if self.options.as_format == As::Auto && !file.place.delivered {
                    self.late.push_back(Late::Refused(path, rejection, true));
                } else {
                    self.refused = Some(rejection);
                }
            }
        }
    }

    /// Reads a file with one message, or starts to read one with several. The reason if it cannot be taken.
    fn read_file(&mut self, found: &FoundFile, path: &Path, origin: &str) -> Result<Option<Opened>, String> {
        let (file, len, head) = open_file(path, found.given).map_err(|error| cannot_read(&error))?;
        if len == 0 {
            return Err("empty file".to_owned());
        }
        let name = found.name.to_string_lossy();
        let as_format = self.options.as_format;
        let circumstances =
            Circumstances { as_format, delivered: found.place.delivered, given: found.given, name: &name };
        let faults = self.attachments.faults.clone();
        let range = |file| faults.watch(FileRange::new(Arc::new(file), 0, len));
        match recognise(circumstances, &head)? {
            Reading::Single(format) => {
                let raw = read_single(file, len, head).map_err(|error| cannot_read(&error))?;
                let folder = found.place.folder.clone().filter(|_| format == Format::Maildir);
                self.opened(path, format);
                let record = SourceRecord::new(origin.to_owned(), raw, folder);
                self.pending.push_back(SourceEvent::Record(record));
                Ok(None)
            }
            Reading::Mbox => {
                let mbox = Mbox::open(file, path, origin.to_owned()).map_err(|error| cannot_read(&error))?;
                Ok(Some(Opened::Messages(Box::new(mbox.noting(&faults)))))
            }
            Reading::Messages => {
                let beside = Beside::file(path, &self.attachments).map_err(|error| cannot_read(&error))?;
                self.opened(path, Format::Messages);
                let messages = Messages::open(origin.to_owned(), range(file), beside);
                Ok(Some(Opened::Messages(Box::new(messages))))
            }
            Reading::Zip => self.open_zip(Arc::new(ZipFile::open(range(file), &faults)?), path, origin),
            Reading::Converted(converter) => {
                let beside = Beside::file(path, &self.attachments).map_err(|error| cannot_read(&error))?;
                let content = InputContent::File(range(file));
                let input = Input { origin: origin.to_owned(), name: name.into_owned(), content, beside };
                self.convert(converter, path, input)
            }
        }
    }

    fn opened(&mut self, path: &Path, format: Format) {
        self.pending.push_back(SourceEvent::Opened { path: path.to_owned(), format });
    }

    fn convert(&mut self, converter: &Converter, path: &Path, input: Input) -> Result<Option<Opened>, String> {
        let opening = (converter.open)(input, &self.options);
        let account = opening.as_ref().err().and_then(|refusal| refusal.account.clone());
        if opening.is_ok() || account.is_some() {
            self.opened(path, converter.format);
        }
        self.pending.extend(account.map(SourceEvent::Closed));
        Ok(Some(Opened::Messages(opening.map_err(|refusal| refusal.reason)?)))
    }

    fn open_zip(&mut self, zip: Arc<ZipFile>, path: &Path, origin: &str) -> Result<Option<Opened>, String> {
        if zip.entries().is_empty() {
            return Err("an empty zip file".to_owned());
        }
        if let Some(converter) = bundled(&zip, self.options.as_format) {
            let beside = self.beside_in(&zip, path, "");
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let input = Input { origin: origin.to_owned(), name, content: InputContent::Zip(zip), beside };
            return self.convert(converter, path, input);
        }
        let entries = zip.entries().to_vec().into_iter();
        Ok(Some(Opened::Zip(ZipFolder { zip, path: path.to_owned(), entries })))
    }

    fn beside_in(&self, zip: &Arc<ZipFile>, path: &Path, folder: &str) -> Beside {
        let (zip, path, folder) = (Arc::clone(zip), path.to_owned(), folder.to_owned());
        Beside::Zip { zip, path, folder, attachments: self.attachments.clone() }
    }

    fn start_entry(&mut self, zip: &Arc<ZipFile>, zip_path: &Path, entry: &ZipEntry) {
        // Not joined as paths are: a hostile entry may look absolute.
        let path = PathBuf::from(format!("{}/{}", zip_path.display(), entry.path));
        match self.read_entry(zip, zip_path, &path, entry) {
            Ok(Some(reader)) => self.reading.push(Current { reader, bytes: 0, closed: false }),
            Ok(None) => {}
            Err(reason) => {
                let rejection = Rejection { origin: path.display().to_string(), reason, bytes: entry.bytes };
                if self.options.as_format == As::Auto {
                    self.late.push_back(Late::Refused(path, rejection, false));
                } else {
                    self.pending.push_back(SourceEvent::Rejected(rejection));
                }
            }
        }
    }

    fn read_entry(
        &mut self,
        zip: &Arc<ZipFile>,
        zip_path: &Path,
        path: &Path,
        entry: &ZipEntry,
    ) -> Result<Option<Opened>, String> {
        let head = zip.head(entry, HEAD as u64)?;
        if head.is_empty() {
            return Err("empty file".to_owned());
        }
        if is_zip(&head) {
            return Err("a zip file inside of a zip file; unpack the outer one and give the folder".to_owned());
        }
        let origin = path.display().to_string();
        let circumstances =
            Circumstances { as_format: self.options.as_format, delivered: false, given: false, name: entry.name() };
        match recognise(circumstances, &head)? {
            Reading::Single(format) => {
                let raw = zip.read(entry)?;
                self.opened(path, format);
                self.pending.push_back(SourceEvent::Record(SourceRecord::new(origin, raw, None)));
                Ok(None)
            }
            Reading::Mbox => {
                let file = zip.read_to_file(entry)?;
                let faults = &self.attachments.faults;
                let mbox = Mbox::open(file, path, origin).inspect_err(|error| faults.note(error));
                let mbox = mbox.map_err(|error| cannot_read(&error))?.noting(faults);
                Ok(Some(Opened::Messages(Box::new(mbox))))
            }
            Reading::Messages => {
                let source = source_of(zip.read(entry)?);
                self.opened(path, Format::Messages);
                let beside = self.beside_in(zip, zip_path, entry.folder());
                Ok(Some(Opened::Messages(Box::new(Messages::open(origin, source, beside)))))
            }
            Reading::Zip => Err("a zip file inside of a zip file".to_owned()),
            Reading::Converted(converter) => {
                let content = InputContent::File(source_of(zip.read(entry)?));
                let beside = self.beside_in(zip, zip_path, entry.folder());
                self.convert(converter, path, Input { origin, name: entry.name().to_owned(), content, beside })
            }
        }
    }

    fn next_late(&mut self) -> Option<Step> {
        Some(match self.late.pop_front()? {
            Late::Finished(path, fault) => Step::Finished(path, fault),
            Late::Refused(path, ..) if self.attachments.contains(&path) => Step::Finished(path, None),
            Late::Refused(_, rejection, true) => Step::Refused(rejection),
            Late::Refused(_, rejection, false) => Step::Event(SourceEvent::Rejected(rejection)),
        })
    }

    /// The end of the file at hand; later if something of its inside is still to be reported.
    fn finished(&mut self) -> Option<Step> {
        let path = self.at.take()?;
        let fault = self.attachments.faults.take();
        if self.late.len() > self.late_before {
            self.late.push_back(Late::Finished(path, fault));
            return None;
        }
        Some(Step::Finished(path, fault))
    }

    /// The next step; the events among them are those of the iterator.
    pub fn next_step(&mut self) -> Option<Step> {
        loop {
            if let Some(event) = self.pending.pop_front().or_else(|| self.go_on()) {
                return Some(Step::Event(event));
            }
            if !self.reading.is_empty() || !self.pending.is_empty() {
                continue;
            }
            if let Some(rejection) = self.refused.take() {
                return Some(Step::Refused(rejection));
            }
            if let Some(finished) = self.finished() {
                return Some(finished);
            }
            match self.found.next() {
                Some(Found::File(file)) => self.start(&file),
                Some(Found::Passed(rejection)) => return Some(Step::Refused(rejection)),
                None => return self.next_late(),
            }
        }
    }

    /// The next event of the file at hand; `None` if there is none, or if it has ended or goes on with another of its
    /// files.
    fn go_on(&mut self) -> Option<SourceEvent> {
        let current = self.reading.last_mut()?;
        match &mut current.reader {
            Opened::Messages(reader) => {
                if let Some(event) = reader.next() {
                    current.closed |= matches!(event, SourceEvent::Closed(_));
                    return Some(event);
                }
                let closed = current.closed;
                self.end();
                (!closed).then(|| SourceEvent::Closed(FileAccount::default()))
            }
            Opened::Zip(folder) => {
                if let Some(entry) = folder.entries.next() {
                    let (zip, path) = (Arc::clone(&folder.zip), folder.path.clone());
                    self.start_entry(&zip, &path, &entry);
                } else {
                    self.end();
                }
                None
            }
        }
    }

    fn end(&mut self) {
        if let Some(ended) = self.reading.pop() {
            self.done = self.done.saturating_add(ended.bytes);
        }
    }
}

impl Iterator for Sources {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        loop {
            match self.next_step()? {
                Step::Event(event) => return Some(event),
                Step::Refused(rejection) => return Some(SourceEvent::Rejected(rejection)),
                Step::Finished(..) => {}
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
