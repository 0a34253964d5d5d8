//! What one commit of an import holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ImportReport;
use super::course::Course;
use super::file_report::FileReport;
use super::open_minutes::Incoming;
use super::pipeline::Offered;
use super::renditions::{Standing, lacking};
use super::route::Destination;
use crate::Result;
use crate::archive::attachments::is_unread;
use crate::archive::follow::Document;
use crate::archive::follower::is_bulk;
use crate::archive::prepare::{LARGE, Prepared};
use crate::connector::{FileAccount, Occurrence, Rejection};
use crate::model::{BatchNo, Digest, Item, ItemNo, MessageNo, Participant, Quarantined, Trust, UtcTime};
use crate::store::{
    ContentWriter, ItemWriter, MessageSet, NewMessage, RejectedRecord, Transaction, add_rejection, extend_set,
    insert_quarantined, put_date_order, put_reasons, put_trusts,
};

/// Raw bytes after which a commit is made: large enough that its cost is spread over thousands of messages, small enough
/// that what waits for it stays in memory.
const COMMIT_BYTES: u64 = 48 << 20;

/// Records after which a commit is made.
const COMMIT_RECORDS: u64 = 40_000;

/// How a message came.
pub(super) struct Arrival {
    pub(super) origin: String,
    pub(super) folder: String,
    pub(super) others: Arc<[Participant]>,
    /// Digest of the bytes that the same message had before.
    pub(super) former: Option<Digest>,
    pub(super) occurrence: Option<Occurrence>,
}

/// Gathers the rows of one commit.
pub(super) struct CommitWriter<'t> {
    pub(super) transaction: &'t Transaction,
    pub(super) batch: BatchNo,
    pub(super) now: UtcTime,
    dry_run: bool,
    contents: ContentWriter<'t>,
    pub(super) items: ItemWriter<'t>,
    documents: Vec<Document>,
    /// Raw bytes of their messages.
    document_bytes: u64,
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
            document_bytes: 0,
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

    pub(super) fn take(&mut self, course: &mut Course, offered: Offered) -> Result<()> {
        match offered {
            Offered::Opened { path, format } => {
                self.end_minutes(course, u64::MAX)?;
                *course.report.formats.entry(format.as_str()).or_default() += 1;
                let messages = course.report.batch.ledger.messages;
                self.files.extend(course.files.open(path.display().to_string(), format, messages));
            }
            Offered::Closed(account) => self.close(course, account)?,
            Offered::Finished(..) => return Ok(()),
            Offered::Rejected(rejection) | Offered::Failed(rejection) => {
                course.files.reject(&rejection.origin);
                self.reject(&mut course.report, rejection)?;
            }
            Offered::Message { origin, folder, others, former, occurrence, prepared } => {
                course.files.message(&prepared.facts);
                let folder = course.router.folder_path(&prepared.facts, folder);
                let routed = course.router.route(self.transaction, &prepared.facts, &others, &folder)?;
                course.report.mapped_by.count(&routed.destinations);
                course.report.missing_mailboxes.count(&routed.unrouted.missing);
                let arrival = Arrival { origin, folder, others, former, occurrence };
                self.meet(course, Incoming { prepared, routed, arrival })?;
            }
        }
        self.records += 1;
        Ok(())
    }

    /// Keeps what was found out about a file that was read to its end.
    fn close(&mut self, course: &mut Course, account: FileAccount) -> Result<()> {
        self.end_minutes(course, u64::MAX)?;
        if let Some(order) = account.date_order.filter(|_| !self.dry_run && !account.conversation.is_empty()) {
            put_date_order(self.transaction, &account.conversation, order)?;
        }
        self.files.extend(course.files.close(account, course.report.batch.ledger.messages));
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

    /// The message that is here with the bytes of this one, or with those that it had before.
    pub(super) fn existing(&self, incoming: &Incoming) -> Result<Option<MessageNo>> {
        incoming.digests().map(|digest| self.contents.find(&digest)).find_map(Result::transpose).transpose()
    }

    /// Stores a message that stands to its renditions as `standing` says, unless everything of it is here.
    pub(super) fn store(&mut self, course: &mut Course, incoming: Incoming, standing: &Standing) -> Result<()> {
        let existing = self.existing(&incoming)?;
        let Incoming { prepared, routed, arrival } = &incoming;
        let ledger = &mut course.report.batch.ledger;
        ledger.offered += 1;
        ledger.bytes += prepared.raw_len;
        if let Some(message) = existing {
            self.note_rendition(message, standing)?;
        }
        let is_lost = routed.destinations.is_empty();
        if let Some(message) = existing.filter(|_| is_lost) {
            ledger.duplicate += 1;
            return self.sought_again(course, message, &routed.unrouted, arrival);
        }
        match Self::known(&mut course.report, arrival.occurrence.as_ref(), standing) {
            Some(message) if is_lost => self.sought_again(course, message, &routed.unrouted, arrival),
            Some(_) => Ok(()),
            None => self.keep(course, incoming, existing, standing),
        }
    }

    fn keep(
        &mut self,
        course: &mut Course,
        incoming: Incoming,
        existing: Option<MessageNo>,
        standing: &Standing,
    ) -> Result<()> {
        let digests = incoming.digests();
        let Incoming { prepared, routed, arrival } = incoming;
        let created_at = (prepared.facts.received_at, prepared.facts.sent_at);
        let same_content = existing.is_none() && self.contents.has_content(&prepared.facts.content_hash)?;
        let bound = existing.map(|message| self.bound(course, message, &prepared.facts)).transpose()?;
        let message = match existing {
            Some(message) => message,
            None => self.append(&mut course.report, *prepared, standing)?,
        };
        if routed.destinations.is_empty() {
            course.report.media_completed += u64::from(standing.completes);
            course.report.other_sort += u64::from(standing.other_sort);
            self.quarantine(&mut course.report, message, &routed.unrouted, arrival);
            return Ok(());
        }
        let new = routed.destinations.iter().filter(|one| !standing.folders.contains(&one.folder));
        let mut items = self.add_items(message, new, created_at)?;
        if items == 0 {
            course.report.batch.ledger.duplicate += 1;
            return Ok(());
        }
        if let Some(bound) = bound {
            let bound = lacking(self.transaction, &mut self.items, message, &bound)?;
            items += self.add_items(message, bound.into_iter(), created_at)?;
            self.leave_quarantine(message)?;
        }
        course.report.batch.ledger.items += items;
        course.report.batch.ledger.stored += 1;
        course.report.batch.ledger.same_content += u64::from(same_content);
        course.report.media_completed += u64::from(standing.completes);
        course.report.other_sort += u64::from(standing.other_sort);
        course.report.disposed_before += u64::from(course.is_back(digests));
        Ok(())
    }

    fn append(&mut self, report: &mut ImportReport, prepared: Prepared, standing: &Standing) -> Result<MessageNo> {
        let Prepared { digest, raw_len, facts, mut segments } = prepared;
        self.bytes += raw_len.min(LARGE);
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
            self.document_bytes += raw_len.min(LARGE);
            self.documents.push(Document { message, digest, raw_len, facts });
        }
        self.note_rendition(message, standing)?;
        Ok(message)
    }

    fn add_items<'d>(
        &mut self,
        message: MessageNo,
        destinations: impl Iterator<Item = &'d Destination>,
        (received_at, sent_at): (Option<UtcTime>, Option<UtcTime>),
    ) -> Result<u64> {
        let mut added = 0;
        let there = self.items.folders(message)?;
        for destination in destinations.filter(|destination| !there.contains(&destination.folder)) {
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

    /// The reports on the files that ended since they were asked for last.
    pub(super) fn take_files(&mut self) -> Vec<FileReport> {
        std::mem::take(&mut self.files)
    }

    /// What the index has to learn, once there is enough of it to be worth while. The index is committed after the
    /// store, and forgets everything if the store fails: it can be told before.
    pub(super) fn take_documents(&mut self) -> Option<Vec<Document>> {
        is_bulk(self.documents.len(), self.document_bytes).then(|| {
            self.document_bytes = 0;
            std::mem::take(&mut self.documents)
        })
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
