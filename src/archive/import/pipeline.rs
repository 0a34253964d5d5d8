//! Reading and preparation, on other threads than the writer's.

use std::iter::Peekable;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use rayon::prelude::*;

use crate::archive::ImportOptions;
use crate::archive::prepare::{LARGE, Prepared, prepare};
use crate::connector::{FileAccount, Format, Occurrence, Raw, Rejection, SourceEvent, SourceRecord, Sources, Step};
use crate::message;
use crate::model::{Digest, Participant, Trust};
use crate::{Error, Result};

/// Raw bytes of a chunk; with two chunks waiting and two at work this bounds the memory of the import.
const CHUNK_BYTES: u64 = 6 << 20;

const CHUNK_EVENTS: usize = 1024;

/// What a source offered, ready to be stored.
pub(super) enum Offered {
    Opened {
        path: PathBuf,
        format: Format,
    },
    Closed(FileAccount),
    Rejected(Rejection),
    /// A file could not be taken as a whole, or a message of it cannot be read any more: it may be another time.
    Failed(Rejection),
    /// A file was read to its end; with the failure of this machine that was met in between.
    Finished(PathBuf, Option<String>),
    Message {
        origin: String,
        folder: Option<String>,
        others: Arc<[Participant]>,
        former: Option<Digest>,
        occurrence: Option<Occurrence>,
        prepared: Box<Prepared>,
    },
}

/// What is believed of the mails of a source.
#[derive(Debug, Clone, Default)]
pub(super) struct Belief {
    trust: Trust,
    user_header: Option<String>,
}

impl Belief {
    pub(super) fn of(options: &ImportOptions) -> Self {
        Self { trust: options.trust, user_header: options.user_header.clone() }
    }

    /// Who took part in a record besides those whom its message names.
    fn others(&self, record: &SourceRecord) -> Result<Arc<[Participant]>> {
        let Some(name) = self.user_header.as_deref().filter(|_| !record.made) else {
            return Ok(Arc::clone(&record.others));
        };
        let source = record.raw.source();
        let mut start = vec![0; source.len().min(LARGE) as usize];
        source.read_exact_at(0, &mut start).map_err(|e| Error::Store { action: "read a message", source: e.into() })?;
        let users = message::users(&start, name, self.trust);
        Ok(record.others.iter().cloned().chain(users).collect())
    }
}

/// Prepared chunks, in the order of the source.
pub(super) type Chunks = std::sync::mpsc::IntoIter<Vec<Result<Offered>>>;

/// Starts to read from sources that are believed as far as `belief` says. The thread ends with the source, or when the chunks are dropped.
pub(super) fn start(mut sources: Sources, belief: Belief) -> Result<Chunks> {
    let (sender, receiver): (_, Receiver<_>) = sync_channel(2);
    let read = move || {
        let mut steps = std::iter::from_fn(|| sources.next_step()).peekable();
        while steps.peek().is_some() {
            let chunk = next_chunk(&mut steps);
            if sender.send(chunk.into_par_iter().map(|step| offer_step(step, &belief)).collect()).is_err() {
                break;
            }
        }
    };
    std::thread::Builder::new()
        .name("reader".to_owned())
        .spawn(read)
        .map_err(|e| Error::Store { action: "start a thread", source: e.into() })?;
    Ok(receiver.into_iter())
}

fn next_chunk(steps: &mut Peekable<impl Iterator<Item = Step>>) -> Vec<Step> {
    let mut chunk = Vec::new();
    let mut bytes = 0;
    while bytes < CHUNK_BYTES && chunk.len() < CHUNK_EVENTS {
        let Some(step) = steps.next() else { break };
        if let Step::Event(SourceEvent::Record(record)) = &step {
            bytes += record.raw.source().len().min(LARGE);
        }
        chunk.push(step);
    }
    // The end of a file belongs to the commit that holds its last record.
    while let Some(end) = steps.next_if(|step| matches!(step, Step::Finished(..) | Step::Event(SourceEvent::Closed(_))))
    {
        chunk.push(end);
    }
    chunk
}

fn offer_step(step: Step, belief: &Belief) -> Result<Offered> {
    match step {
        Step::Finished(path, fault) => Ok(Offered::Finished(path, fault)),
        Step::Refused(rejection) => Ok(Offered::Failed(rejection)),
        Step::Event(event) => offer(event, belief),
    }
}

/// Prepares what a source yields, which is believed as far as `belief` says. What a converter made is this program's own
/// word.
pub(super) fn offer(event: SourceEvent, belief: &Belief) -> Result<Offered> {
    Ok(match event {
        SourceEvent::Opened { path, format } => Offered::Opened { path, format },
        SourceEvent::Closed(account) => Offered::Closed(account),
        SourceEvent::Rejected(rejection) => Offered::Rejected(rejection),
        SourceEvent::Record(record) if record.raw.source().is_empty() => {
            Offered::Rejected(Rejection { origin: record.origin, reason: "the message is empty".to_owned(), bytes: 0 })
        }
        SourceEvent::Record(record) => {
            let bytes = record.raw.source().len();
            let in_memory = matches!(record.raw, Raw::Memory(_));
            let trust = if record.made { Trust::All } else { belief.trust };
            let others = match belief.others(&record) {
                Ok(others) => others,
                Err(error) => return failed(record.origin, bytes, in_memory, error),
            };
            match prepare(record.raw, trust) {
                Ok(prepared) => Offered::Message {
                    origin: record.origin,
                    folder: record.folder,
                    others,
                    former: record.former,
                    occurrence: record.occurrence,
                    prepared: Box::new(prepared),
                },
                Err(error) => return failed(record.origin, bytes, in_memory, error),
            }
        }
    })
}

/// A message that waits in a file may be readable another time; one in memory fails with the whole run.
fn failed(origin: String, bytes: u64, in_memory: bool, error: Error) -> Result<Offered> {
    if in_memory {
        return Err(error);
    }
    Ok(Offered::Failed(Rejection { origin, reason: format!("cannot be read: {error}; import it again"), bytes }))
}
