//! Import: from files to items, in large commits, with a ledger that adds up.
//!
//! One thread reads and prepares messages on all cores, this one writes, the index follows in its own threads. A commit
//! holds contents, items, ledger and audit entry together; what is reported is on disk. Killed at any instant, the
//! archive is in the state of the newest commit, and the same import completes it.

mod commit;
mod course;
mod deliveries;
mod failure;
mod file_report;
mod intake;
mod interleaved;
mod mapped_by;
mod matching;
mod missing;
mod open_minutes;
mod other_names;
mod part_file;
mod pipeline;
#[cfg(feature = "remote")]
mod receive;
mod renditions;
mod report;
mod route;
mod unrouted;
mod waiting;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::connector::{As, Format, Options as SourceOptions, Sources};
use crate::model::{Batch, BatchNo, BatchState, DateOrder, Ledger, MessageNo, TimeZone, Trust};
use crate::store::{MessageSet, create_batch, date_orders, last_message, load_set, put_batch};
use crate::{Error, Result};

use super::Archive;
use super::follower::is_bulk;
use commit::CommitWriter;
use course::Course;
pub(super) use course::disposed_digests;
pub(super) use failure::note_failure;
pub use file_report::FileReport;
pub(super) use intake::{Expected, Intake};
pub use interleaved::InterleavedChat;
pub use mapped_by::MappedBy;
pub use missing::MissingMailboxes;
pub use other_names::OtherNames;
use pipeline::{Belief, Offered};
pub(super) use renditions::lacking;
pub use report::ImportReport;
pub(super) use route::{Destination, Routed, Router, Routing};
pub(super) use unrouted::Unrouted;

/// Asks a long run to stop after its next commit.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Asks to stop.
    pub fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether somebody asked.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// What to import, and to whom.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// How to read them.
    pub read_as: As,
    /// Address of the mailbox that takes everything; `None` finds mailboxes by participants.
    pub mailbox: Option<String>,
    /// Folder that takes everything; `None` leaves it to the source.
    pub folder: Option<String>,
    /// The zone of local times that name none (IANA name); `None` takes the archive's.
    pub timezone: Option<String>,
    /// The order of day, month and year in chat exports; `None` takes the one settled earlier, or finds it out.
    pub date_order: Option<DateOrder>,
    /// A mapping file that is asked before the archive's own mapping; `None` asks that alone.
    pub mapping: Option<PathBuf>,
    /// Where national phone numbers of the mapping file are read (ISO 3166-1 alpha-2); `None` reads international ones
    /// only.
    pub region: Option<String>,
    /// Whether only mappings are asked, and not the addresses and numbers of mailboxes.
    pub mapping_only: bool,
    /// Whether mailboxes that are not there are created.
    pub create_mailboxes: bool,
    /// How far mails are believed that say of themselves that they are more than mails.
    pub trust: Trust,
    /// Header field of mails whose addresses took part too, beside those that are known to; `None` if there is none.
    pub user_header: Option<String>,
    /// Whether nothing is kept.
    pub dry_run: bool,
}

impl ImportOptions {
    fn routing(&self) -> Routing<'_> {
        Routing {
            mailbox: self.mailbox.as_deref(),
            folder: self.folder.as_deref(),
            mapping: self.mapping.as_deref(),
            region: self.region.as_deref(),
            mapping_only: self.mapping_only,
            create_mailboxes: self.create_mailboxes,
        }
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportProgress {
    /// Source records read.
    pub records: u64,
    /// Their raw bytes.
    pub bytes: u64,
    /// Bytes of all source files.
    pub total_bytes: u64,
}

/// What is told while an import runs.
#[derive(Debug, Clone, Copy)]
pub enum ImportEvent<'a> {
    /// How far it has come.
    Progress(ImportProgress),
    /// A file was read, and what of it is to be stored is on disk.
    File(&'a FileReport),
}

impl Archive {
    /// Takes in files and folders.
    ///
    /// # Errors
    /// A path does not exist, a mailbox does not, the disk is full, the store failed. What was reported before is on
    /// disk, and the same import completes it.
    pub fn import(
        &mut self,
        options: &ImportOptions,
        interrupt: &Interrupt,
        observer: &mut dyn FnMut(ImportEvent<'_>),
    ) -> Result<ImportReport> {
        self.refuse_own_directory(&options.paths)?;
        self.catch_up(&mut |_, _| {})?;
        if options.create_mailboxes {
            self.settle_before_new_mailboxes()?;
        }
        let sources = crate::connector::open(&options.paths, &self.source_options(options)?)?;
        let source = options.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        let mut run = Run::begin(self, options, source, None)?;
        let state = match run.work(sources, interrupt, observer) {
            Ok(state) => state,
            Err(error) => {
                run.fail(&error);
                return Err(error);
            }
        };
        run.end(state, interrupt)
    }

    pub(super) fn source_options(&self, options: &ImportOptions) -> Result<SourceOptions> {
        let timezone = match &options.timezone {
            Some(name) => time_zone(name)?,
            None => time_zone(&self.timezone()?)?,
        };
        let settled_date_orders = Arc::new(date_orders(&self.store.snapshot()?)?);
        Ok(SourceOptions { as_format: options.read_as, timezone, date_order: options.date_order, settled_date_orders })
    }

    pub(super) fn refuse_own_directory(&self, paths: &[PathBuf]) -> Result<()> {
        let own = std::fs::canonicalize(&self.directory).map_err(Error::io("read", &self.directory))?;
        for path in paths {
            let path = std::fs::canonicalize(path).map_err(Error::io("read", path))?;
            if path.starts_with(&own) {
                let path = path.display();
                return Err(Error::InvalidInput(format!(
                    "`{path}` is part of the archive itself: name files outside of it"
                )));
            }
        }
        Ok(())
    }
}

/// An import at work.
struct Run<'a> {
    archive: &'a mut Archive,
    options: &'a ImportOptions,
    course: Course,
    /// The deliveries that are read, if a connector fetched them.
    intake: Option<Intake>,
    total_bytes: u64,
    /// The newest message that was there before.
    last_before: MessageNo,
}

/// What comes after a commit.
#[derive(PartialEq, Eq)]
enum Next {
    More,
    End(BatchState),
}

impl<'a> Run<'a> {
    fn begin(
        archive: &'a mut Archive,
        options: &'a ImportOptions,
        source: String,
        mut intake: Option<Intake>,
    ) -> Result<Self> {
        let router = Router::new(archive, &options.routing())?;
        let now = archive.now();
        let mut batch = Batch {
            no: BatchNo(0),
            source,
            actor: archive.session.actor.clone(),
            started_at: now,
            updated_at: now,
            state: BatchState::Running,
            ledger: Ledger::default(),
        };
        if !options.dry_run {
            let transaction = archive.store.begin()?;
            batch = create_batch(&transaction, batch)?;
            archive.record(
                &transaction,
                "import",
                &batch.no.to_string(),
                &format!("begins to read {}{}", batch.source, router.described),
            )?;
            if let Some(intake) = &mut intake {
                intake.run.batch = Some(batch.no);
                intake.write(&transaction)?;
            }
            transaction.commit()?;
        }
        let snapshot = archive.store.snapshot()?;
        let last_before = last_message(&snapshot)?;
        let disposed = disposed_digests(&snapshot)?;
        let course = Course::new(archive.directory.clone(), router, ImportReport::new(batch), disposed);
        Ok(Self { archive, options, course, intake, total_bytes: 0, last_before })
    }

    fn work(
        &mut self,
        sources: Sources,
        interrupt: &Interrupt,
        observer: &mut dyn FnMut(ImportEvent<'_>),
    ) -> Result<BatchState> {
        self.total_bytes = self.total_bytes.saturating_add(sources.bytes);
        let mut chunks = pipeline::start(sources, Belief::of(self.options))?;
        loop {
            if let Next::End(state) = self.one_commit(&mut chunks, interrupt, observer)? {
                return Ok(state);
            }
        }
    }

    fn one_commit(
        &mut self,
        chunks: &mut pipeline::Chunks,
        interrupt: &Interrupt,
        observer: &mut dyn FnMut(ImportEvent<'_>),
    ) -> Result<Next> {
        let transaction = self.archive.store.begin()?;
        let now = self.archive.act_time(&transaction)?;
        let no = self.course.report.batch.no;
        let mut writer = CommitWriter::new(&transaction, no, now, self.options.dry_run)?;
        let next = loop {
            if interrupt.is_raised() {
                break Next::End(BatchState::Interrupted);
            }
            let Some(chunk) = chunks.next() else { break Next::End(BatchState::Complete) };
            for offered in chunk {
                let offered = match &mut self.intake {
                    Some(intake) => intake.meet(offered?),
                    None => offered?,
                };
                if let (Offered::Finished(path, fault), Some(intake)) = (&offered, &mut self.intake) {
                    intake.finish(&transaction, path, fault.as_deref(), now)?;
                }
                writer.take(&mut self.course, offered)?;
            }
            let Ledger { offered: records, bytes, .. } = self.course.report.batch.ledger;
            observer(ImportEvent::Progress(ImportProgress { records, bytes, total_bytes: self.total_bytes }));
            if self.options.dry_run {
                tell(&writer.take_files(), observer);
            }
            if let Some(documents) = writer.take_documents() {
                self.archive.index_documents(documents)?;
            }
            if writer.is_full() {
                break Next::More;
            }
        };
        if next == Next::End(BatchState::Complete) {
            writer.end_minutes(&mut self.course, u64::MAX)?;
        }
        let mut files = writer.take_files();
        if next == Next::End(BatchState::Complete) {
            files.extend(self.course.files.end());
        }
        let documents = writer.finish()?;
        if self.options.dry_run {
            tell(&files, observer);
            return Ok(next);
        }
        self.course.report.batch.updated_at = self.archive.now();
        put_batch(&transaction, &self.course.report.batch)?;
        if let Some(intake) = &mut self.intake {
            intake.write(&transaction)?;
        }
        let ledger = self.course.report.batch.ledger;
        self.archive.record(
            &transaction,
            "import",
            &self.course.report.batch.no.to_string(),
            &format!("{} offered, {} items so far", ledger.offered, ledger.items),
        )?;
        transaction.commit()?;
        tell(&files, observer);
        self.archive.index_documents(documents)?;
        Ok(next)
    }

    /// Leaves the index with few segments, if much was added. Everything is in it already: it needs not succeed.
    fn merge_index(&mut self) {
        let Ledger { messages, bytes, .. } = self.course.report.batch.ledger;
        let is_worth_it = messages > 0 && is_bulk(usize::try_from(messages).unwrap_or(usize::MAX), bytes);
        if is_worth_it && let Err(error) = self.archive.index.merge_small() {
            tracing::warn!("the index keeps more segments than it needs, and searches take longer: {error}");
        }
    }

    /// How many of the messages that are new are partially indexed.
    fn partially_indexed(&self) -> Result<u64> {
        let mut partial = load_set(&self.archive.store.snapshot()?, MessageSet::PartiallyIndexed)?;
        partial.remove_range(..=self.last_before.0);
        Ok(partial.len())
    }

    /// Notes that the run failed, as far as anything can still be written.
    fn fail(self, error: &Error) {
        self.archive.index.roll_back();
        if !self.options.dry_run {
            let (archive, no) = (&*self.archive, self.course.report.batch.no);
            if let Err(other) = note_failure(archive, no, error) {
                tracing::warn!("the failure of batch {no} could not be noted: {other}");
            }
        }
    }

    fn end(mut self, state: BatchState, interrupt: &Interrupt) -> Result<ImportReport> {
        self.course.report.batch.state = state;
        self.course.report.created_mailboxes = std::mem::take(&mut self.course.router.created);
        if self.options.dry_run {
            return Ok(self.course.report);
        }
        self.archive.commit_index()?;
        let transaction = self.archive.store.begin()?;
        put_batch(&transaction, &self.course.report.batch)?;
        let ledger = self.course.report.batch.ledger;
        let verdict = if state == BatchState::Complete { "complete" } else { "interrupted" };
        let outcome = format!("{verdict}: {ledger}; {} messages, {} items", ledger.messages, ledger.items);
        self.archive.record(&transaction, "import", &self.course.report.batch.no.to_string(), &outcome)?;
        transaction.commit()?;
        self.archive.read_unread(&mut || interrupt.is_raised(), &mut |_, _| {})?;
        self.merge_index();
        self.course.report.partially_indexed = self.partially_indexed()?;
        if self.course.report.formats.contains_key(Format::Whatsapp.as_str()) {
            self.course.report.other_names = self.archive.other_names(self.last_before)?;
            self.course.report.interleaved = self.archive.interleaved(&self.course.files.chats, self.last_before)?;
        }
        self.archive.evaluate_query_holds()?;
        self.archive.store.trim()?;
        Ok(self.course.report)
    }
}

fn tell(files: &[FileReport], observer: &mut dyn FnMut(ImportEvent<'_>)) {
    for file in files {
        observer(ImportEvent::File(file));
    }
}

/// A time zone by its name in the IANA database.
pub(super) fn time_zone(name: &str) -> Result<TimeZone> {
    name.parse().map_err(Error::InvalidInput)
}
