//! The quarantine mapped again, after the mapping was mended.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use super::Archive;
use super::follow::read_facts;
use super::import::{
    Destination, Interrupt, MappedBy, MissingMailboxes, Routed, Router, Routing, Unrouted, disposed_digests, lacking,
    note_failure,
};
use super::quarantine::message_row;
use crate::Result;
use crate::model::{Batch, BatchNo, BatchState, Digest, Item, ItemNo, Ledger, Quarantined, UtcTime};
use crate::store::{
    ContentReader, ItemWriter, Transaction, create_batch, insert_quarantined, put_batch, quarantined_messages,
    release_quarantined,
};

/// Messages that are mapped again in one commit.
const COMMIT_MESSAGES: usize = 10_000;

/// Why a message stays in quarantine though its mailboxes are there.
const KNOWN: &str = "its mailboxes have it as another export of the chat writes it";

/// What is to be mapped again, and how.
#[derive(Debug, Clone, Default)]
pub struct RemapOptions {
    /// A mapping file that is asked before the archive's own mapping.
    pub mapping: Option<PathBuf>,
    /// Where national phone numbers of the mapping file are read (ISO 3166-1 alpha-2).
    pub region: Option<String>,
    /// Whether only mappings are asked.
    pub mapping_only: bool,
    /// Only messages that this batch brought.
    pub batch: Option<BatchNo>,
    /// Whether mailboxes that are not there are created.
    pub create_mailboxes: bool,
}

/// The account of mapping the quarantine again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemapReport {
    /// The batch and its ledger: offered is what was in quarantine, and quarantined what remains there.
    pub batch: Batch,
    /// Messages that have items now and whose bytes were disposed of before, in whatever mailbox.
    pub disposed_before: u64,
    /// Reasons of what remains, with their counts.
    pub quarantined: BTreeMap<String, u64>,
    /// By what mailboxes were found.
    pub mapped_by: MappedBy,
    /// Mailboxes that a mapping names and that are not there.
    pub missing_mailboxes: MissingMailboxes,
    /// Mailboxes that were created, by address.
    pub created_mailboxes: Vec<String>,
}

impl Archive {
    /// Looks for the mailboxes of what is in quarantine again, and stores items where there are some now, as a batch of
    /// its own. `progress` is told how many messages of how many are done.
    ///
    /// # Errors
    /// The mapping cannot be used, a message is damaged, the disk is full, or the store failed. What was committed
    /// before stays, and running it again completes it.
    pub fn remap_quarantine(
        &mut self,
        options: &RemapOptions,
        interrupt: &Interrupt,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<RemapReport> {
        if options.create_mailboxes {
            self.settle_before_new_mailboxes()?;
        }
        let mut rows = quarantined_messages(&self.store.snapshot()?)?;
        rows.retain(|row| options.batch.is_none_or(|batch| row.batch == batch));
        let router = Router::new(self, &options.routing())?;
        let batch = self.begin_remap(options, &router.described)?;
        let no = batch.no;
        let disposed = disposed_digests(&self.store.snapshot()?)?;
        let mut remap = Remap { archive: self, router, disposed, report: RemapReport::new(batch) };
        let worked = remap.work(&rows, interrupt, progress);
        let Remap { router, mut report, .. } = remap;
        if let Err(error) = worked {
            if let Err(other) = note_failure(self, no, &error) {
                tracing::warn!("the failure of batch {no} could not be noted: {other}");
            }
            return Err(error);
        }
        report.created_mailboxes = router.created;
        Ok(report)
    }

    fn begin_remap(&self, options: &RemapOptions, described: &str) -> Result<Batch> {
        let which = options.batch.map_or_else(String::new, |batch| format!(" of batch {batch}"));
        let now = self.now();
        let batch = Batch {
            no: BatchNo(0),
            source: format!("quarantine{which}"),
            actor: self.session.actor.clone(),
            started_at: now,
            updated_at: now,
            state: BatchState::Running,
            ledger: Ledger::default(),
        };
        let transaction = self.store.begin()?;
        let batch = create_batch(&transaction, batch)?;
        let outcome = format!("begins to map the {} again{described}", batch.source);
        self.record(&transaction, "quarantine.remap", &batch.no.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(batch)
    }
}

/// The work of mapping again.
struct Remap<'a> {
    archive: &'a Archive,
    router: Router,
    /// Digests of what was disposed of before.
    disposed: HashSet<Digest>,
    report: RemapReport,
}

impl Remap<'_> {
    fn work(&mut self, rows: &[Quarantined], interrupt: &Interrupt, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        let snapshot = self.archive.store.snapshot()?;
        let mut reader = ContentReader::new(&snapshot)?;
        let mut rest = rows;
        while self.report.batch.state == BatchState::Running {
            let (chunk, later) = rest.split_at(rest.len().min(COMMIT_MESSAGES));
            rest = later;
            let transaction = self.archive.store.begin()?;
            let now = self.archive.act_time(&transaction)?;
            let mut items = ItemWriter::new(&transaction)?;
            for row in chunk {
                let stored = message_row(&snapshot, row.message)?;
                let facts = read_facts(&self.archive.directory, &mut reader, &stored)?;
                let routed = self.router.route_waiting(&transaction, &facts, &row.folders)?;
                let lacking = lacking(&transaction, &mut items, row.message, &routed.destinations)?;
                let reason = reason(&routed, &lacking);
                self.report.count(&routed, lacking.len() as u64, reason, stored.raw_len);
                if let Some(reason) = reason {
                    keep(&transaction, row, reason, &routed.unrouted)?;
                    continue;
                }
                for destination in lacking {
                    let claimed = destination.created_at(stored.received_at, stored.sent_at);
                    items.add(self.item(row, destination, now, claimed));
                }
                self.report.disposed_before += u64::from(self.disposed.contains(&stored.digest));
                release_quarantined(&transaction, row.message)?;
            }
            items.finish()?;
            if rest.is_empty() {
                self.report.batch.state = BatchState::Complete;
            } else if interrupt.is_raised() {
                self.report.batch.state = BatchState::Interrupted;
            }
            self.commit(transaction)?;
            progress(self.report.batch.ledger.offered, rows.len() as u64);
        }
        Ok(())
    }

    fn item(&self, row: &Quarantined, destination: &Destination, now: UtcTime, claimed: Option<UtcTime>) -> Item {
        Item {
            no: ItemNo(0),
            mailbox: destination.mailbox,
            folder: destination.folder,
            message: row.message,
            batch: self.report.batch.no,
            captured_at: now,
            created_at: claimed.unwrap_or(now),
        }
    }

    fn commit(&mut self, transaction: Transaction) -> Result<()> {
        let batch = &mut self.report.batch;
        batch.updated_at = self.archive.now();
        put_batch(&transaction, batch)?;
        let verdict = match batch.state {
            BatchState::Complete => "complete",
            BatchState::Interrupted => "interrupted",
            _ => "so far",
        };
        let outcome = format!("{verdict}: {}; {} items", batch.ledger, batch.ledger.items);
        self.archive.record(&transaction, "quarantine.remap", &batch.no.to_string(), &outcome)?;
        transaction.commit()
    }
}

impl RemapReport {
    fn new(batch: Batch) -> Self {
        let (quarantined, mapped_by, created_mailboxes) = (BTreeMap::new(), MappedBy::default(), Vec::new());
        let missing_mailboxes = MissingMailboxes::default();
        Self { batch, disposed_before: 0, quarantined, mapped_by, missing_mailboxes, created_mailboxes }
    }

    fn count(&mut self, routed: &Routed, items: u64, reason: Option<&str>, bytes: u64) {
        self.mapped_by.count(&routed.destinations);
        self.missing_mailboxes.count(&routed.unrouted.missing);
        let ledger = &mut self.batch.ledger;
        ledger.offered += 1;
        ledger.bytes += bytes;
        if let Some(reason) = reason {
            ledger.quarantined += 1;
            *self.quarantined.entry(reason.to_owned()).or_default() += 1;
        } else {
            ledger.stored += 1;
            ledger.items += items;
        }
    }
}

impl RemapOptions {
    fn routing(&self) -> Routing<'_> {
        Routing {
            mapping: self.mapping.as_deref(),
            region: self.region.as_deref(),
            mapping_only: self.mapping_only,
            create_mailboxes: self.create_mailboxes,
            ..Routing::default()
        }
    }
}

/// Why a message stays in quarantine; `None` if it goes to those that lack it.
fn reason(routed: &Routed, lacking: &[&Destination]) -> Option<&'static str> {
    if routed.destinations.is_empty() { Some(routed.unrouted.reason()) } else { lacking.is_empty().then_some(KNOWN) }
}

/// Leaves a message in quarantine, for today's reason.
fn keep(transaction: &Transaction, row: &Quarantined, reason: &str, unrouted: &Unrouted) -> Result<()> {
    let reason = if reason == KNOWN { reason.to_owned() } else { unrouted.reason_with_ids() };
    let sought = unrouted.sought();
    if row.reason == reason && row.sought == sought {
        return Ok(());
    }
    insert_quarantined(transaction, &Quarantined { reason, sought, ..row.clone() })
}
