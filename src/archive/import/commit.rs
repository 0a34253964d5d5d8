//! What one commit of an import holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ImportReport;
use super::file_report::{FileReport, FileTally};
use super::pipeline::Offered;
use super::route::{Destination, Routed, Router};
use super::unrouted::Unrouted;
use crate::Result;
use crate::archive::attachments::is_unread;
use crate::archive::follow::Document;
use crate::archive::follower::BULK_MESSAGES;
use crate::archive::prepare::Prepared;
use crate::connector::{FileAccount, Rejection};
use crate::model::{BatchNo, Digest, Item, ItemNo, MessageNo, Participant, Quarantined, Rendition, Trust, UtcTime};
use crate::store::{
    ContentWriter, ItemWriter, MessageSet, NewMessage, RejectedRecord, Transaction, add_rejection, extend_set,
    insert_quarantined, put_date_order, put_reasons, put_trusts, quarantined, release_quarantined,
};

/// Raw bytes after which a commit is made: large enough that its cost is spread over thousands of messages, small enough
/// that what waits for it stays in memory.
const COMMIT_BYTES: u64 = 48 << 20;

/// Records after which a commit is made.
const COMMIT_RECORDS: u64 = 40_000;

/// How a message came.
struct Arrival {
    origin: String,
    folder: String,
    others: Arc<[Participant]>,
    rendition: Option<Rendition>,
}

/// Other participants that a message in quarantine gathers when it comes again and again.
const OTHERS_KEPT: usize = 1000;

/// Gathers the rows of one commit.
pub(super) struct CommitWriter<'t> {
    pub(super) transaction: &'t Transaction,
    batch: BatchNo,
    now: UtcTime,
    dry_run: bool,
    contents: ContentWriter<'t>,
    pub(super) items: ItemWriter<'t>,
    documents: Vec<Document>,
    pub(super) quarantine: BTreeMap<MessageNo, Quarantined>,
    partial: Vec<MessageNo>,
    unread: Vec<MessageNo>,
    /// How far new messages are believed.
    trusts: Vec<(Digest, Trust)>,
    /// Reports on the files that ended.
    files: Vec<FileReport>,
    records: u64,
    bytes: u64,
}

impl<'t> CommitWriter<'t> {
    pub(super) fn new(transaction: &'t Transaction, batch: BatchNo, now: UtcTime, dry_run: bool) -> Result<Self> {
        Ok(Self {
            transaction,
            batch,
            now,
            dry_run,
            contents: ContentWriter::new(transaction)?,
            items: ItemWriter::new(transaction)?,
            documents: Vec::new(),
            quarantine: BTreeMap::new(),
            partial: Vec::new(),
            unread: Vec::new(),
            trusts: Vec::new(),
            files: Vec::new(),
            records: 0,
            bytes: 0,
        })
    }

    /// Whether it is time to commit. A dry run never commits and so never is full; it keeps no contents.
    pub(super) fn is_full(&self) -> bool {
        !self.dry_run && (self.bytes >= COMMIT_BYTES || self.records >= COMMIT_RECORDS)
    }

    pub(super) fn take(
        &mut self,
        router: &mut Router,
        report: &mut ImportReport,
        tally: &mut FileTally,
        offered: Offered,
    ) -> Result<()> {
        match offered {
            Offered::Opened { path, format } => {
                *report.formats.entry(format.as_str()).or_default() += 1;
                let messages = report.batch.ledger.messages;
                self.files.extend(tally.open(path.display().to_string(), format, messages));
            }
            Offered::Closed(account) => self.close(tally, account, report.batch.ledger.messages)?,
            Offered::Finished(..) => return Ok(()),
            Offered::Rejected(rejection) | Offered::Failed(rejection) => {
                tally.reject(&rejection.origin);
                self.reject(report, rejection)?;
            }
            Offered::Message { origin, folder, others, rendition, prepared } => {
                tally.message(&prepared.facts);
                let folder = router.folder_path(&prepared.facts, folder);
                let routed = router.route(self.transaction, &prepared.facts, &others, &folder)?;
                report.mapped_by.count(&routed.destinations);
                report.missing_mailboxes.count(&routed.unrouted.missing);
                self.store(report, *prepared, &routed, Arrival { origin, folder, others, rendition })?;
            }
        }
        self.records += 1;
        Ok(())
    }

    /// Keeps what was found out about a file that was read to its end.
    fn close(&mut self, tally: &mut FileTally, account: FileAccount, messages: u64) -> Result<()> {
        if let Some(order) = account.date_order.filter(|_| !self.dry_run && !account.conversation.is_empty()) {
            put_date_order(self.transaction, &account.conversation, order)?;
        }
        self.files.extend(tally.close(account, messages));
        Ok(())
    }

    fn reject(&mut self, report: &mut ImportReport, rejection: Rejection) -> Result<()> {
        let ledger = &mut report.batch.ledger;
        ledger.offered += 1;
        ledger.rejected += 1;
        ledger.bytes += rejection.bytes;
        let rejected = RejectedRecord { origin: rejection.origin, reason: rejection.reason };
        if !self.dry_run {
            add_rejection(self.transaction, self.batch, ledger.rejected, &rejected)?;
        }
        report.reject(rejected);
        Ok(())
    }

    fn store(
        &mut self,
        report: &mut ImportReport,
        prepared: Prepared,
        Routed { destinations, unrouted }: &Routed,
        Arrival { origin, folder, others, rendition }: Arrival,
    ) -> Result<()> {
        report.batch.ledger.offered += 1;
        report.batch.ledger.bytes += prepared.raw_len;
        let existing = self.contents.find(&prepared.digest)?;
        let created_at = (prepared.facts.received_at, prepared.facts.sent_at);
        if let Some(message) = existing.filter(|_| destinations.is_empty()) {
            report.batch.ledger.duplicate += 1;
            return self.sought_again(message, unrouted, &others);
        }
        let standing = self.standing(rendition.as_ref(), existing, destinations)?;
        if let Some(message) = Self::known(report, rendition.as_ref(), &standing) {
            return if destinations.is_empty() { self.sought_again(message, unrouted, &others) } else { Ok(()) };
        }
        let known = existing.or(standing.quarantined);
        let same_content = known.is_none() && self.contents.has_content(&prepared.facts.content_hash)?;
        let message = match known {
            Some(message) => message,
            None => self.append(report, prepared)?,
        };
        self.note_rendition(report, message, &standing)?;
        if destinations.is_empty() {
            *report.quarantined.entry(unrouted.reason().to_owned()).or_default() += 1;
            report.batch.ledger.quarantined += 1;
            let (batch, captured_at) = (self.batch, self.now);
            let (reason, sought, others) = (unrouted.reason_with_ids(), unrouted.sought(), others.to_vec());
            let row = Quarantined { message, batch, origin, reason, folder, captured_at, sought, others };
            self.quarantine.insert(message, row);
            return Ok(());
        }
        let items = self.add_items(message, &standing.lacking, created_at)?;
        let ledger = &mut report.batch.ledger;
        ledger.items += items;
        if items == 0 {
            ledger.duplicate += 1;
        } else {
            ledger.stored += 1;
            ledger.same_content += u64::from(same_content);
            self.leave_quarantine(message, known.is_some())?;
        }
        Ok(())
    }

    /// A message in quarantine came again, perhaps with others who took part: a later remap looks for them too.
    fn sought_again(&mut self, message: MessageNo, unrouted: &Unrouted, others: &[Participant]) -> Result<()> {
        let known = match self.quarantine.get(&message) {
            Some(row) => Some(row.clone()),
            None => quarantined(self.transaction, message)?,
        };
        let Some(mut row) = known else { return Ok(()) };
        let room = OTHERS_KEPT.saturating_sub(row.others.len());
        let new: Vec<_> = others.iter().filter(|other| !row.others.contains(other)).take(room).cloned().collect();
        if !new.is_empty() {
            row.others.extend(new);
            let sought = unrouted.sought().into_iter().filter(|id| !row.sought.contains(id)).collect::<Vec<_>>();
            row.sought.extend(sought);
            self.quarantine.insert(message, row);
        }
        Ok(())
    }

    fn append(&mut self, report: &mut ImportReport, prepared: Prepared) -> Result<MessageNo> {
        let Prepared { digest, raw_len, facts, mut segments } = prepared;
        self.bytes += raw_len.min(crate::archive::prepare::LARGE);
        if self.dry_run {
            segments.clear();
        }
        let message = self.contents.append(NewMessage {
            digest,
            content_hash: facts.content_hash,
            raw_len,
            sent_at: facts.sent_at,
            received_at: facts.received_at,
            captured_at: self.now,
            segments,
        })?;
        report.batch.ledger.messages += 1;
        if !self.dry_run {
            self.trusts.push((digest, facts.trust));
        }
        if !facts.partially_indexed.is_empty() {
            let is_unread = is_unread(&facts.partially_indexed);
            report.partially_indexed += u64::from(!(self.dry_run && is_unread));
            self.partial.push(message);
            self.unread.extend(is_unread.then_some(message));
        }
        if !self.dry_run {
            if !facts.partially_indexed.is_empty() {
                put_reasons(self.transaction, message, &facts.partially_indexed)?;
            }
            self.documents.push(Document { message, digest, raw_len, facts });
        }
        Ok(message)
    }

    fn add_items(
        &mut self,
        message: MessageNo,
        destinations: &[&Destination],
        (received_at, sent_at): (Option<UtcTime>, Option<UtcTime>),
    ) -> Result<u64> {
        let mut added = 0;
        let there = self.items.folders(message)?;
        for destination in destinations.iter().filter(|destination| !there.contains(&destination.folder)) {
            self.items.add(Item {
                no: ItemNo(0),
                mailbox: destination.mailbox,
                folder: destination.folder,
                message,
                batch: self.batch,
                captured_at: self.now,
                created_at: destination.created_at(received_at, sent_at).unwrap_or(self.now),
            });
            added += 1;
        }
        Ok(added)
    }

    /// A message that has an item now is in quarantine no longer.
    fn leave_quarantine(&mut self, message: MessageNo, was_there: bool) -> Result<()> {
        if was_there {
            if quarantined(self.transaction, message)?.is_some() {
                release_quarantined(self.transaction, message)?;
            }
            self.quarantine.remove(&message);
        }
        Ok(())
    }

    /// The reports on the files that ended since they were asked for last.
    pub(super) fn take_files(&mut self) -> Vec<FileReport> {
        std::mem::take(&mut self.files)
    }

    /// What the index has to learn, once there is enough of it to be worth while. The index is committed after the
    /// store, and forgets everything if the store fails: it can be told before.
    pub(super) fn take_documents(&mut self) -> Option<Vec<Document>> {
        (self.documents.len() >= BULK_MESSAGES).then(|| std::mem::take(&mut self.documents))
    }

    /// Writes everything gathered; returns what the index has to learn still.
    pub(super) fn finish(self) -> Result<Vec<Document>> {
        if self.dry_run {
            return Ok(Vec::new());
        }
        self.contents.finish()?;
        self.items.finish()?;
        for row in self.quarantine.values() {
            insert_quarantined(self.transaction, row)?;
        }
        put_trusts(self.transaction, self.trusts)?;
        extend_set(self.transaction, MessageSet::PartiallyIndexed, self.partial, [])?;
        extend_set(self.transaction, MessageSet::AttachmentsUnread, self.unread, [])?;
        Ok(self.documents)
    }
}
