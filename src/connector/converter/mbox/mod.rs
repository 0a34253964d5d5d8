//! mbox files (RFC 4155 and its older relatives).
//!
//! Nothing in such a file says which of its variants it is. Messages are therefore separated by what holds in all:
//! - a separator is a line `From `, at the start or after a blank line, with an envelope that a program could have
//!   written; a body line "From Russia with love" is none. An envelope without a date, or with one in an unusual
//!   order, has to be followed by a header field.
//! - a `Content-Length` that leads exactly to a separator or to the end of the file is believed (mboxcl2 quotes
//!   nothing), any other is stale and ignored.
//! - in a file of which no message follows a blank line, although several envelopes stand before header fields, these
//!   are the separators: there are writers that leave no blank line. As soon as one blank line was seen, each separator
//!   needs one, because else anybody could forge a message inside of his own.
//!
//! A record is what stands between two separators: without the separator line, and without the one blank line before
//! the next separator or the end, which both belong to the file and not to the message; so a message is the same
//! whether or not another was appended after it. Quoting (`>From `) is left as it stands: removing it is a guess, and
//! would alter evidence.

mod envelope;
mod header;
mod split;
mod survey;
#[cfg(test)]
mod tests;
mod window;

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

pub(in crate::connector) use envelope::{Envelope, envelope, is_field};

use self::split::{Span, Splitter};
use self::survey::survey;
use crate::connector::faults::Faults;
use crate::connector::file_range::FileRange;
use crate::connector::input::Reader;
use crate::connector::{LARGE, Raw, Rejection, SourceEvent, SourceRecord};

/// Reads the messages of one file, which may grow meanwhile.
pub(in crate::connector) struct Mbox {
    splitter: Splitter,
    origin: String,
    /// Messages found so far, those not taken too.
    count: u64,
    pending: VecDeque<SourceEvent>,
    opened: State,
    finished: bool,
    /// Where it is noted that this machine failed.
    faults: Faults,
}

/// Tells whether a file was written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    len: u64,
    modified: Option<SystemTime>,
}

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { len: metadata.len(), modified: metadata.modified().ok() })
    }
}

impl Mbox {
    /// Starts to read; `origin` is the name of the file in what is reported, `path` goes into the `Opened` event.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(in crate::connector) fn open(file: File, path: &Path, origin: String) -> io::Result<Self> {
        let file = Arc::new(file);
        let opened = State::of(&file)?;
        let survey = survey(&file, opened.len)?;
        let mut splitter = Splitter::new(file, opened.len, opened.len, survey.rule);
        let (mark, before) = splitter.preamble()?;
        let mut pending = VecDeque::from([SourceEvent::Opened { path: path.to_owned(), format: survey.format }]);
        let finished = splitter.is_finished();
        if finished {
            let reason = "no mbox separator found (a line `From ` with sender and date after a blank line); \
                          if the file is one message, import it with `--as eml`";
            pending.push_back(rejected(origin.clone(), reason, mark + before));
        } else if !splitter.window.slice(mark, mark + before).trim_ascii().is_empty() || before > LARGE {
            let reason = format!("{before} bytes before the first mbox separator belong to no message");
            pending.push_back(rejected(origin.clone(), reason, before));
        }
        Ok(Self { splitter, origin, count: 0, pending, opened, finished, faults: Faults::default() })
    }

    /// The same, noting there that this machine failed.
    pub(in crate::connector) fn noting(self, faults: &Faults) -> Self {
        Self { faults: faults.clone(), ..self }
    }

    fn read_next(&mut self) -> Option<SourceEvent> {
        let start = self.splitter.position();
        match self.splitter.next_span().and_then(|span| span.map(|span| self.take(span)).transpose()) {
            Ok(event) => event,
            Err(error) => {
                self.finished = true;
                self.faults.note(&error);
                let reason = format!("cannot read on from byte {start}: {error}; import the file again");
                Some(rejected(self.origin.clone(), reason, self.opened.len.saturating_sub(start)))
            }
        }
    }

    fn take(&mut self, span: Span) -> io::Result<SourceEvent> {
        self.count += 1;
        let origin = format!("{}#{}", self.origin, self.count);
        let len = span.end - span.start;
        self.finished = self.splitter.is_finished();
        if self.finished && self.grew()? {
            let reason = "the file grew while it was read, so its last message may be cut; import it again";
            return Ok(rejected(origin, reason, len));
        }
        if len == 0 {
            return Ok(rejected(origin, "empty message: nothing between two mbox separators", 0));
        }
        let raw = if len <= LARGE {
            Raw::Memory(self.splitter.window.slice(span.start, span.end).to_vec())
        } else {
            let file = Arc::clone(self.splitter.window.file());
            Raw::Stored(Arc::new(FileRange::new(file, span.start, len)))
        };
        Ok(SourceEvent::Record(SourceRecord::new(origin, raw, None)))
    }

    /// Whether the file grew; any other change is reported after the last message.
    fn grew(&mut self) -> io::Result<bool> {
        let now = State::of(self.splitter.window.file())?;
        if now != self.opened && now.len <= self.opened.len {
            let reason = "the file was changed while it was read; import it again to take what is in it now";
            self.pending.push_back(rejected(self.origin.clone(), reason, 0));
        }
        Ok(now.len > self.opened.len)
    }
}

impl Reader for Mbox {
    fn bytes_done(&self) -> u64 {
        self.splitter.position()
    }
}

impl Iterator for Mbox {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        if let Some(event) = self.pending.pop_front() {
            return Some(event);
        }
        if self.finished { None } else { self.read_next() }
    }
}

fn rejected(origin: String, reason: impl Into<String>, bytes: u64) -> SourceEvent {
    SourceEvent::Rejected(Rejection { origin, reason: reason.into(), bytes })
}
