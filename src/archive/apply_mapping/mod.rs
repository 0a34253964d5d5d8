//! The mapping applied to what is stored: who is mapped late gets the messages that others have already.
//!
//! Adds items, and never moves or removes one: a change of mapping by itself moves nothing, somebody has to say it. A
//! mailbox that has a message in any folder or all of it in another rendition gets none, nor does one whose item of it was
//! disposed of. Running it again adds nothing.

mod disposed;
mod report;

use std::collections::{HashMap, HashSet};

use super::Archive;
use super::follow::{next_rows, read_facts_of};
use super::import::{Destination, Interrupt, Router, Routing, lacking, note_failure};
use super::mailboxes::find_mailbox;
use crate::Result;
use crate::message::Facts;
use crate::model::{Batch, BatchNo, BatchState, FolderNo, Item, ItemNo, Kind, Ledger, MailboxNo, MessageNo, UtcTime};
use crate::people::Directory;
use crate::store::{
    ContentReader, ItemWriter, MessageRow, Snapshot, Transaction, create_batch, folders, items_of_message,
    last_message, mailboxes, put_batch, quarantined,
};
use disposed::disposed;
pub use report::{GivenItems, LeftOut, MappingApplication};

/// Items after which a commit is made.
const COMMIT_ITEMS: u64 = 40_000;

/// Who gives a message to the mailboxes of exports: the converter that knows more of them than stands in a message.
const EXPORTED: &str = "whatsapp-export";

/// What the mapping is applied to, and how.
#[derive(Debug, Clone, Default)]
pub struct ApplyMappingOptions {
    /// Addresses of the mailboxes that may get items; all if there are none.
    pub mailboxes: Vec<String>,
    /// Whether only mappings are asked, and not the addresses and numbers of mailboxes.
    pub mapping_only: bool,
    /// Whether nothing is kept.
    pub dry_run: bool,
}

impl Archive {
    /// Gives stored messages to the mailboxes that today's mapping finds for those who took part and that lack them, as a
    /// batch of its own. The items are captured now, and created when the message was. `progress` is told how many
    /// messages of how many are done.
    ///
    /// # Errors
    /// A mailbox does not exist, a message is damaged, the disk is full, or the store failed. What was committed before
    /// stays, and running it again completes it.
    pub fn apply_mapping(
        &mut self,
        options: &ApplyMappingOptions,
        interrupt: &Interrupt,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<MappingApplication> {
        let mut application = Application::new(self, options)?;
        let worked = application.work(interrupt, progress);
        let Application { report, .. } = application;
        let no = report.batch.no;
        match worked {
            Ok(()) if options.dry_run => {
                let outcome = format!("dry run: {} items would be added", report.batch.ledger.items);
                self.record_alone("mapping.apply", "", &outcome)?;
                Ok(report)
            }
            Ok(()) => Ok(report),
            Err(error) => {
                if !options.dry_run
                    && let Err(other) = note_failure(self, no, &error)
                {
                    tracing::warn!("the failure of batch {no} could not be noted: {other}");
                }
                Err(error)
            }
        }
    }

    fn begin_application(&self, options: &ApplyMappingOptions) -> Result<Batch> {
        let now = self.now();
        let mut batch = Batch {
            no: BatchNo(0),
            source: "mapping".to_owned(),
            actor: self.session.actor.clone(),
            started_at: now,
            updated_at: now,
            state: BatchState::Running,
            ledger: Ledger::default(),
        };
        if !options.dry_run {
            let transaction = self.store.begin()?;
            batch = create_batch(&transaction, batch)?;
            let whom = if options.mailboxes.is_empty() { "all".to_owned() } else { options.mailboxes.join(", ") };
            let only = if options.mapping_only { "; mapping only" } else { "" };
            let outcome = format!("begins to apply the mapping to what is stored; mailboxes: {whom}{only}");
            self.record(&transaction, "mapping.apply", &batch.no.to_string(), &outcome)?;
            transaction.commit()?;
        }
        Ok(batch)
    }
}

/// The work of applying the mapping.
struct Application<'a> {
    archive: &'a Archive,
    options: &'a ApplyMappingOptions,
    router: Router,
    /// What was stored when it began.
    snapshot: Snapshot,
    /// The mailboxes that may get items; `None` if all may.
    wanted: Option<HashSet<MailboxNo>>,
    addresses: HashMap<MailboxNo, String>,
    paths: HashMap<FolderNo, String>,
    disposed: HashMap<MessageNo, HashSet<MailboxNo>>,
    report: MappingApplication,
}

impl<'a> Application<'a> {
    fn new(archive: &'a Archive, options: &'a ApplyMappingOptions) -> Result<Self> {
        let router = Router::new(archive, &Routing { mapping_only: options.mapping_only, ..Routing::default() })?;
        let snapshot = archive.store.snapshot()?;
        let named = options.mailboxes.iter().map(|address| find_mailbox(&snapshot, address));
        let named: HashSet<MailboxNo> = named.collect::<Result<_>>()?;
        let all = mailboxes(&snapshot)?;
        Ok(Self {
            archive,
            options,
            router,
            wanted: Some(named).filter(|named| !named.is_empty()),
            disposed: disposed(&snapshot, &Directory::new(&all))?,
            addresses: all.into_iter().map(|mailbox| (mailbox.no, mailbox.address)).collect(),
            paths: folders(&snapshot)?.into_iter().map(|folder| (folder.no, folder.path)).collect(),
            snapshot,
            report: MappingApplication::new(archive.begin_application(options)?),
        })
    }

    fn work(&mut self, interrupt: &Interrupt, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        let (mut reader, last) = (ContentReader::new(&self.snapshot)?, last_message(&self.snapshot)?);
        let mut done = MessageNo(0);
        while self.report.batch.state == BatchState::Running {
            let transaction = self.archive.store.begin()?;
            let now = self.archive.act_time(&transaction)?;
            let mut items = ItemWriter::new(&transaction)?;
            let before = self.report.batch.ledger.items;
            while self.report.batch.state == BatchState::Running {
                let rows = next_rows(&self.snapshot, done)?;
                let Some((newest, _)) = rows.last() else {
                    self.report.batch.state = BatchState::Complete;
                    break;
                };
                done = *newest;
                for (no, row, facts) in read_facts_of(&self.archive.directory, &mut reader, rows)? {
                    self.give(&transaction, &mut items, (no, &row, &facts), now)?;
                }
                progress(done.0, last.0);
                if interrupt.is_raised() {
                    self.report.batch.state = BatchState::Interrupted;
                }
                if !self.options.dry_run && self.report.batch.ledger.items - before >= COMMIT_ITEMS {
                    break;
                }
            }
            if !self.options.dry_run {
                items.finish()?;
                self.commit(transaction)?;
            }
        }
        Ok(())
    }

    /// Gives a message to the mailboxes that lack it.
    fn give(
        &mut self,
        transaction: &Transaction,
        items: &mut ItemWriter<'_>,
        (no, row, facts): (MessageNo, &MessageRow, &Facts),
        now: UtcTime,
    ) -> Result<()> {
        let there = items_of_message(&self.snapshot, no)?;
        let path = there.first().and_then(|item| self.paths.get(&item.folder));
        let Some(path) = path.filter(|_| !is_left_out(facts)) else {
            return self.leave_out(no, facts, there.is_empty());
        };
        let has: HashSet<MailboxNo> = there.iter().map(|item| item.mailbox).collect();
        let (wanted, gone) = (self.wanted.as_ref(), self.disposed.get(&no));
        let mut disposed = 0;
        let routed = self.router.route_late(transaction, facts, path, &mut |mailbox| {
            let lacks = !has.contains(&mailbox) && wanted.is_none_or(|wanted| wanted.contains(&mailbox));
            let is_gone = lacks && gone.is_some_and(|gone| gone.contains(&mailbox));
            disposed += u64::from(is_gone);
            lacks && !is_gone
        })?;
        self.report.disposed += disposed;
        self.report.missing_mailboxes.count(&routed.unrouted.missing);
        let lacking = lacking(transaction, items, no, &routed.destinations)?;
        self.report.count(row.raw_len, lacking.len() as u64);
        for destination in lacking {
            let item = self.item(no, row, destination, now);
            let given = self.report.given.entry(destination.mailbox).or_default();
            if let Some(address) = self.addresses.get(&destination.mailbox).filter(|_| given.mailbox.is_empty()) {
                given.mailbox.clone_from(address);
            }
            given.add(&item, row.raw_len);
            if !self.options.dry_run {
                items.add(item);
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, no: MessageNo, facts: &Facts, is_nowhere: bool) -> Result<()> {
        let left_out = &mut self.report.left_out;
        if is_nowhere {
            left_out.quarantined += u64::from(quarantined(&self.snapshot, no)?.is_some());
        } else if facts.source == EXPORTED {
            left_out.exports += 1;
        } else {
            left_out.mail += 1;
        }
        Ok(())
    }

    fn item(&self, message: MessageNo, row: &MessageRow, destination: &Destination, now: UtcTime) -> Item {
        Item {
            no: ItemNo(0),
            mailbox: destination.mailbox,
            folder: destination.folder,
            message,
            batch: self.report.batch.no,
            captured_at: now,
            created_at: destination.created_at(row.received_at, row.sent_at).unwrap_or(now),
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
        let outcome = format!(
            "{verdict}: {}; {} items for {} mailboxes",
            batch.ledger,
            batch.ledger.items,
            self.report.given.len()
        );
        self.archive.record(&transaction, "mapping.apply", &batch.no.to_string(), &outcome)?;
        transaction.commit()
    }
}

/// Mail belongs to the mailbox that it was taken from; others who took part have copies with other bytes.
fn is_left_out(facts: &Facts) -> bool {
    facts.source == EXPORTED || (facts.kind == Kind::Email && facts.journal.is_none())
}
