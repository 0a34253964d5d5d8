//! Attachments that are still to be read, and messages that are partially indexed no longer.

use std::path::Path;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use roaring::RoaringTreemap;

use super::{AttachmentProgram, Files, NOT_READ_YET, Whole};
use crate::archive::Archive;
use crate::archive::follow::{Document, large};
use crate::archive::prepare::LARGE;
use crate::message::{self, Facts};
use crate::model::{Defect, MessageNo};
use crate::store::{ContentReader, MessageRow, MessageSet, Snapshot, load_set, message, put_unsearched, unsearched};
use crate::{Error, Result};

/// Messages and time after which what was read is committed.
const COMMIT_MESSAGES: usize = 500;
const COMMIT_TIME: Duration = Duration::from_secs(15);

/// Whether there are attachments that are still to be read among the reasons.
pub(in crate::archive) fn is_unread(reasons: &[Defect]) -> bool {
    reasons.iter().any(|reason| reason.code == NOT_READ_YET)
}

/// A message and why not all of it can be searched.
type Outcome = (MessageNo, Vec<Defect>);

/// What the store says of partially indexed messages, to be compared with what the index learns.
pub(in crate::archive) struct Stale {
    partial: RoaringTreemap,
    unread: RoaringTreemap,
}

impl Stale {
    pub(in crate::archive) fn of(snapshot: &Snapshot) -> Result<Self> {
        let partial = load_set(snapshot, MessageSet::PartiallyIndexed)?;
        Ok(Self { partial, unread: load_set(snapshot, MessageSet::AttachmentsUnread)? })
    }

    /// Of `documents`, those that the store does not know as partially indexed in this way, and those that are fully
    /// indexed by now.
    pub(in crate::archive) fn outcomes(
        &self,
        snapshot: &Snapshot,
        documents: &[Document],
    ) -> Result<(Vec<Outcome>, Vec<Outcome>)> {
        let (mut marked, mut freed) = (Vec::new(), Vec::new());
        for Document { message, facts, .. } in documents {
            let reasons = &facts.partially_indexed;
            let is_known = self.partial.contains(message.0);
            if !reasons.is_empty() {
                let is_right = is_known
                    && self.unread.contains(message.0) == is_unread(reasons)
                    && unsearched(snapshot, *message)? == *reasons;
                marked.extend((!is_right).then(|| (*message, reasons.clone())));
            } else if is_known {
                freed.push((*message, Vec::new()));
            }
        }
        Ok((marked, freed))
    }
}

impl Archive {
    /// Reads attachments that were left for later, as far as a program for it is set, until `stop` says so. `progress` is
    /// told how many messages of how many are done.
    ///
    /// # Errors
    /// The store or the index failed, or the disk is full. What was read before is kept.
    pub(in crate::archive) fn read_unread(
        &mut self,
        stop: &mut dyn FnMut() -> bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<()> {
        let Some(program) = self.session.attachments.clone() else { return Ok(()) };
        let snapshot = self.store.snapshot()?;
        let waiting: Vec<u64> = load_set(&snapshot, MessageSet::AttachmentsUnread)?.iter().collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let mut reader = ContentReader::new(&snapshot)?;
        let (mut outcomes, mut since, mut done) = (Vec::new(), Instant::now(), 0);
        for group in waiting.chunks(rayon::current_num_threads().max(1) * 2) {
            if stop() {
                break;
            }
            let rows = rows(&snapshot, group)?;
            let documents = whole_documents(&self.directory, &mut reader, rows, &program)?;
            let is_started = documents.iter().all(|document| !is_unread(&document.facts.partially_indexed));
            outcomes.extend(self.replace_documents(documents)?);
            done += group.len() as u64;
            if outcomes.len() >= COMMIT_MESSAGES || since.elapsed() >= COMMIT_TIME {
                self.commit_read(&std::mem::take(&mut outcomes))?;
                since = Instant::now();
            }
            progress(done, waiting.len() as u64);
            if !is_started {
                tracing::warn!("the program that reads attachments, `{}`, does not start", program.path.display());
                break;
            }
        }
        self.commit_read(&outcomes)
    }

    /// Puts messages into the index in place of what it has of them.
    fn replace_documents(&mut self, documents: Vec<Document>) -> Result<Vec<Outcome>> {
        let read: Vec<Document> =
            documents.into_iter().filter(|document| !is_unread(&document.facts.partially_indexed)).collect();
        let outcomes =
            read.iter().map(|document| (document.message, document.facts.partially_indexed.clone())).collect();
        for document in &read {
            self.index.delete(document.message)?;
        }
        self.index_documents(read)?;
        Ok(outcomes)
    }

    fn commit_read(&mut self, outcomes: &[Outcome]) -> Result<()> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let last = self.index.last_message()?;
        self.index.commit(last)?;
        self.index.close()?;
        self.note_unsearched("attachments.read", outcomes)
    }

    /// Notes why messages are partially indexed, or that they are no longer. The index must have been committed with what
    /// is searched of them: holds, policies and labels are evaluated on those first that are fully indexed from now on.
    pub(in crate::archive) fn note_unsearched(&self, act: &str, outcomes: &[Outcome]) -> Result<()> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        let freed: RoaringTreemap =
            outcomes.iter().filter(|(_, reasons)| !is_unread(reasons)).map(|(message, _)| message.0).collect();
        if !freed.is_empty() {
            self.match_narrowed_holds(&transaction, &freed)?;
            self.match_query_policies(&transaction, &freed)?;
            let partial = outcomes.iter().filter(|(_, reasons)| !reasons.is_empty()).map(|(message, _)| message.0);
            self.offer_labels_again(&transaction, &freed, &partial.collect())?;
        }
        let mut partial = 0;
        for (message, reasons) in outcomes {
            put_unsearched(&transaction, *message, reasons, is_unread(reasons))?;
            partial += u64::from(!reasons.is_empty());
        }
        let outcome = format!("{} messages; {partial} of them partially indexed", outcomes.len());
        self.record(&transaction, act, "", &outcome)?;
        transaction.commit()
    }
}

fn rows(snapshot: &Snapshot, numbers: &[u64]) -> Result<Vec<(MessageNo, MessageRow)>> {
    let mut rows = Vec::with_capacity(numbers.len());
    for number in numbers.iter().copied().map(MessageNo) {
        let row = message(snapshot, number)?
            .ok_or_else(|| Error::Corrupt(format!("message {number} is to be read and is not there")))?;
        rows.push((number, row));
    }
    Ok(rows)
}

/// Reads messages with all their attachments, several at a time.
fn whole_documents(
    directory: &Path,
    reader: &mut ContentReader,
    rows: Vec<(MessageNo, MessageRow)>,
    program: &AttachmentProgram,
) -> Result<Vec<Document>> {
    let (small, huge): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, row)| row.raw_len <= LARGE);
    let mut raws = Vec::with_capacity(small.len());
    for (no, row) in small {
        let (raw, trust) = (reader.raw(&row)?, reader.trust(&row)?);
        raws.push((no, row, raw, trust));
    }
    let mut documents: Vec<Document> = raws
        .into_par_iter()
        .map(|(no, row, raw, trust)| document(no, &row, message::facts_with(&raw, trust, &Whole::new(program))))
        .collect();
    for (no, row) in huge {
        let facts = large(directory, reader, &row, &Files::Whole(&Whole::new(program)))?;
        documents.push(document(no, &row, facts));
    }
    Ok(documents)
}

fn document(message: MessageNo, row: &MessageRow, facts: Facts) -> Document {
    Document { message, digest: row.digest, raw_len: row.raw_len, facts }
}
