//! One commit of what arrived together.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::commit::CommitWriter;
use super::course::Course;
use super::pipeline::{Belief, offer};
use super::route::Router;
use super::{ImportOptions, ImportReport};
use crate::archive::Archive;
use crate::archive::prepare::LARGE;
use crate::connector::{Raw, SourceEvent, SourceRecord};
use crate::model::{Batch, BatchNo, BatchState, Ledger};
use crate::store::{batch, create_batch, put_batch};
use crate::{Error, Result};

/// How long attachments of what was received are read before more is received.
const READING: Duration = Duration::from_secs(2);

/// What became of the mails of one commit.
pub(in crate::archive) struct Received {
    /// Why each of them was not taken, in their order; `None` if it is on disk.
    pub(in crate::archive) refusals: Vec<Option<String>>,
    /// The ledger of the batch with them in it.
    pub(in crate::archive) ledger: Ledger,
}

impl Archive {
    /// Begins a batch of what arrives at `source`.
    pub(in crate::archive) fn begin_receiving(&mut self, source: String) -> Result<BatchNo> {
        let transaction = self.store.begin()?;
        let now = self.act_time(&transaction)?;
        let batch = Batch {
            no: BatchNo(0),
            source,
            actor: self.session.actor.clone(),
            started_at: now,
            updated_at: now,
            state: BatchState::Running,
            ledger: Ledger::default(),
        };
        let batch = create_batch(&transaction, batch)?;
        let outcome = format!("begins to receive at {}", batch.source);
        self.record(&transaction, "receive", &batch.no.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(batch.no)
    }

    /// Finds out whether what arrives can be taken in.
    ///
    /// # Errors
    /// The mailbox that takes everything does not exist.
    pub(in crate::archive) fn check_receiving(&self, options: &ImportOptions) -> Result<()> {
        Router::new(self, &options.routing()).map(drop)
    }

    /// Takes in what arrived together, in one transaction. The index learns it later.
    ///
    /// # Errors
    /// The store failed or the disk is full: nothing of it is kept.
    pub(in crate::archive) fn receive_together(
        &mut self,
        no: BatchNo,
        options: &ImportOptions,
        records: Vec<SourceRecord>,
    ) -> Result<Received> {
        let belief = Belief::of(options);
        let prepared: Vec<_> =
            records.into_par_iter().map(|record| offer(SourceEvent::Record(in_memory(record)?), &belief)).collect();
        let router = Router::new(self, &options.routing())?;
        let transaction = self.store.begin()?;
        let report = ImportReport::new(batch(&transaction, no)?);
        let mut course = Course::new(self.directory.clone(), router, report, HashSet::new());
        let now = self.act_time(&transaction)?;
        let mut writer = CommitWriter::new(&transaction, no, now, false)?;
        let mut refusals = Vec::new();
        for offered in prepared {
            let listed = course.report.rejected.len();
            writer.take(&mut course, offered?)?;
            refusals.push(course.report.rejected.get(listed).map(|rejected| rejected.reason.clone()));
        }
        writer.finish()?;
        let mut report = course.report;
        report.batch.updated_at = now;
        put_batch(&transaction, &report.batch)?;
        let ledger = report.batch.ledger;
        let outcome = format!("{} received, {} items so far", ledger.offered, ledger.items);
        self.record(&transaction, "receive", &no.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(Received { refusals, ledger })
    }

    /// Makes what was received findable, and evaluates holds on it. Attachments that take long are read by who uses the
    /// archive next.
    ///
    /// # Errors
    /// The store or the index failed. What was received is on disk all the same.
    pub(in crate::archive) fn follow_received(&mut self) -> Result<()> {
        self.follow(&mut |_, _| {})?;
        let began = Instant::now();
        self.read_unread(&mut || began.elapsed() >= READING, &mut |_, _| {})?;
        self.evaluate_query_holds()
    }

    /// Ends a batch of what arrived.
    pub(in crate::archive) fn end_receiving(&mut self, no: BatchNo) -> Result<Ledger> {
        let transaction = self.store.begin()?;
        let ended = Batch { state: BatchState::Complete, ..batch(&transaction, no)? };
        put_batch(&transaction, &ended)?;
        let ledger = ended.ledger;
        let outcome = format!("complete: {ledger}; {} messages, {} items", ledger.messages, ledger.items);
        self.record(&transaction, "receive", &no.to_string(), &outcome)?;
        transaction.commit()?;
        self.store.trim()?;
        Ok(ledger)
    }
}

/// A message that is not large is prepared in memory wherever it waited, so that equal bytes are read in equal ways.
fn in_memory(record: SourceRecord) -> Result<SourceRecord> {
    let Raw::Stored(source) = &record.raw else { return Ok(record) };
    if source.len() > LARGE {
        return Ok(record);
    }
    let mut bytes = vec![0; source.len() as usize];
    let read = source.read_exact_at(0, &mut bytes);
    read.map_err(|error| Error::Store { action: "read a received mail", source: error.into() })?;
    Ok(SourceRecord { raw: Raw::Memory(bytes), ..record })
}
