//! Reading and preparation, on other threads than the writer's.

use std::iter::Peekable;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use rayon::prelude::*;

use crate::archive::prepare::{LARGE, Prepared, prepare};
use crate::connector::{FileAccount, Format, Raw, Rejection, SourceEvent, Sources, Step};
use crate::model::Participant;
use crate::{Error, Result};

/// Raw bytes of a chunk; with two chunks waiting and two at work this bounds the memory of the import.
const CHUNK_BYTES: u64 = 8 << 20;

const CHUNK_EVENTS: usize = 4096;

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
        prepared: Box<Prepared>,
    },
}

/// Prepared chunks, in the order of the source.
pub(super) type Chunks = std::sync::mpsc::IntoIter<Vec<Result<Offered>>>;

/// Starts to read. The thread ends with the source, or when the chunks are dropped.
pub(super) fn start(mut sources: Sources) -> Result<Chunks> {
    let (sender, receiver): (_, Receiver<_>) = sync_channel(2);
    let read = move || {
        let mut steps = std::iter::from_fn(|| sources.next_step()).peekable();
        while steps.peek().is_some() {
            let chunk = next_chunk(&mut steps);
            if sender.send(chunk.into_par_iter().map(offer_step).collect()).is_err() {
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

fn offer_step(step: Step) -> Result<Offered> {
    match step {
        Step::Finished(path, fault) => Ok(Offered::Finished(path, fault)),
        Step::Refused(rejection) => Ok(Offered::Failed(rejection)),
        Step::Event(event) => offer(event),
    }
}

/// Prepares what a source yields.
pub(super) fn offer(event: SourceEvent) -> Result<Offered> {
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
            match prepare(record.raw) {
                Ok(prepared) => Offered::Message {
                    origin: record.origin,
                    folder: record.folder,
                    others: record.others,
                    prepared: Box::new(prepared),
                },
                Err(error) if in_memory => return Err(error),
                Err(error) => Offered::Failed(Rejection {
                    origin: record.origin,
                    reason: format!("cannot be read: {error}; import it again"),
                    bytes,
                }),
            }
        }
    })
}
