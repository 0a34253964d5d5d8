//! The use cases: one operation per file, each one transaction and one audit entry. The only place where store and
//! index meet.

mod apply_mapping;
mod approval;
mod attachments;
mod audit;
mod audit_checkpoint;
mod audit_proof;
mod audit_signing;
mod case;
mod clock;
mod clock_correction;
mod clock_guard;
mod connectors;
mod conversation;
mod create;
mod custodian;
mod decide;
mod disposition;
mod explain;
mod export;
mod fail_point;
mod follow;
mod follower;
mod hold;
mod hold_notice;
mod import;
mod known_names;
mod label;
mod layout;
mod list_document;
mod lock;
mod mailbox_rules;
mod mailboxes;
mod mappings;
mod named;
mod narrowing;
mod new_directory;
mod policy;
mod prepare;
mod quarantine;
mod random;
#[cfg(feature = "remote")]
mod receive;
mod related;
mod remap;
mod rule_query;
mod rules;
mod search;
mod shell_word;
mod show;
mod simulation;
mod stats;
mod supervision;
#[cfg(test)]
mod test_archive;
mod unsearched;
mod verify;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::model::{Actor, UtcTime};
use crate::store::{
    Act, ArchiveInfo, Store, Tables, Transaction, append_audit, erasure_pending, last_audit_time, set_clock_in_doubt,
    timezone,
};
use crate::{Error, Result};

use follower::Follower;

pub use crate::store::{Approval, DispositionRecord};
pub use apply_mapping::{ApplyMappingOptions, GivenItems, LeftOut, MappingApplication};
pub use approval::GivenApproval;
pub use attachments::{AttachmentProgram, FAULT_VARIABLE, read_attachment};
pub use audit_checkpoint::AuditCheckpoint;
pub use audit_proof::{AuditProof, EarlierTree};
pub use audit_signing::{new_signing_key, read_signing_key};
pub use case::CaseReport;
pub use clock::{CLOCK_VARIABLE, Clock};
pub use connectors::{ConnectorEvent, ConnectorReport, ConnectorStatus, NewConnector, SourceCheck};
pub use conversation::{ConversationContext, ConversationMessage};
pub use create::CreateOptions;
pub use custodian::CustodianReport;
pub use disposition::{
    CertifiedItem, DispositionCertificate, Execution, PlanFile, PlanSummary, PlannedItem, ReviewChoice,
    ReviewSelection, ReviewedItem, WaitingItem, WantedReviews, verify_disposition_certificate,
};
pub use explain::{Explanation, PendingReview};
pub use export::{
    ExportDescription, ExportEvidence, ExportOptions, ExportSource, Found, PersonNames, ProvedEntry, Reading,
    VerifiedExport, verify_export,
};
pub use follow::IndexStatus;
pub use hold::{
    CertifiedHold, HOLD_COLUMNS, HoldCertificate, HoldChange, HoldReport, HoldRow, HoldState, NewHold, UnreadHold,
    verify_hold_certificate,
};
pub use hold_notice::{
    HoldNoticeChange, HoldNoticeReport, IssuedLetter, NewHoldNotice, NoticeStanding, NoticeState, NotifiedPerson,
};
pub use import::{
    FileReport, ImportEvent, ImportOptions, ImportProgress, ImportReport, InterleavedChat, Interrupt, MappedBy,
    MissingMailboxes, OtherNames,
};
pub use known_names::ChangedRules;
pub use label::{EventReach, EventType, LabelledItem, NewEvent, NewLabel};
pub use layout::Layout;
pub use mailbox_rules::{HoldOnMailbox, MailboxRules, PolicyOnMailbox};
pub use mailboxes::{MailboxChange, NewMailbox};
pub use mappings::{MappingImport, MappingReport};
pub use policy::{NewPolicy, NewScope, PolicyChange};
pub use quarantine::{QuarantinedMessage, ShownQuarantined};
#[cfg(feature = "remote")]
pub use receive::{ReceiveEvent, ReceiveOptions, receive};
pub use related::RelatedMessage;
pub use remap::{RemapOptions, RemapReport};
pub use rule_query::{Mending, UnreadRule};
pub use rules::{AppliedRules, Placed, Removal, RuleChange, RuleFile};
pub use search::{
    CheckedResult, DifferingItem, ExplainedPart, Hit, HitAttachment, KeywordCounts, KeywordRefusal, KeywordRow, Place,
    QueryExplanation, ResultDifference, SearchReport, SearchRequest, SortOrder, Statistics, StatisticsRow,
};
pub use shell_word::shell_word;
pub use show::{ShownAttachment, ShownItem};
pub use simulation::{
    Counts, HoldConflict, SampledItem, SimulatedItem, SimulatedItems, SimulatedRules, Simulation, SimulationMonth,
    SimulationRow,
};
pub use stats::Stats;
pub use supervision::{
    Excerpt, NewSupervisionPolicy, OpenedMatch, QueuedMatch, ReviewedMatches, SupervisionAct, SupervisionChange,
    SupervisionCounts, SupervisionFilter, SupervisionReport, SupervisionRun, TriedText,
};
pub use verify::{AuditVerification, Problem, Verification};

const STORE_FILE: &str = "archive.redb";
const INDEX_DIRECTORY: &str = "index";

/// How often the store's lock is tried, a millisecond apart, where the archive's is held.
const LEAVING: u32 = 1_000;

/// On whose behalf the archive is used.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who acts.
    pub actor: Actor,
    /// Why, recorded with each act; may be empty.
    pub purpose: String,
    /// What is being done, shown to others who find the archive in use.
    pub command: String,
    /// How long to wait for another process that uses the archive.
    pub wait: Duration,
    /// The time.
    pub clock: Clock,
    /// The program that reads attachments. Without one, messages with attachments in other formats than text and HTML stay
    /// partially indexed until the archive is used with one.
    pub attachments: Option<AttachmentProgram>,
}

/// An archive, open and locked for this process.
pub struct Archive {
    directory: PathBuf,
    session: Session,
    info: ArchiveInfo,
    store: Store,
    index: Follower,
    names: known_names::KnownNames,
    unfinished_erasure: Option<Error>,
    lock: lock::Lock,
}

impl Archive {
    /// Opens the archive in `directory`.
    ///
    /// # Errors
    /// There is none, another process uses it, or its format is not known.
    pub fn open(directory: &Path, session: Session) -> Result<Self> {
        Self::open_by(Store::open, directory, session)
    }

    /// Opens the archive in `directory` for an act that reads the store once from end to end, in little memory.
    ///
    /// # Errors
    /// As of [`Archive::open`].
    pub fn open_to_pass(directory: &Path, session: Session) -> Result<Self> {
        Self::open_by(Store::open_to_pass, directory, session)
    }

    /// Opens the archive in `directory` for [`Archive::verify`], which names all that is damaged where other acts end.
    ///
    /// # Errors
    /// As of [`Archive::open`].
    pub fn open_to_verify(directory: &Path, session: Session) -> Result<Self> {
        Self::open_by(Store::open_to_verify, directory, session)
    }

    fn open_by(open: fn(&Path) -> Result<Store>, directory: &Path, session: Session) -> Result<Self> {
        let file = directory.join(STORE_FILE);
        if !file.is_file() {
            return Err(Error::NoArchive { path: directory.to_owned() });
        }
        let lock = lock::Lock::take(directory, &session, session.clock.now(), session.wait)?;
        let store = open_store(open, &file)?;
        let info = store.info()?;
        let index = Follower::new(directory.join(INDEX_DIRECTORY));
        let (directory, unfinished_erasure) = (directory.to_owned(), None);
        let mut archive = Self {
            directory,
            session,
            info,
            store,
            index,
            names: known_names::KnownNames::default(),
            unfinished_erasure,
            lock,
        };
        if erasure_pending(&archive.store.snapshot()?)?
            && let Err(error) = archive.finish_erasure()
        {
            // What was destroyed is out of every count and search already; that bytes of it are left must not keep
            // anybody from searching and holding the rest.
            archive.unfinished_erasure = Some(error);
        }
        Ok(archive)
    }

    /// Leaves the archive for the rest of the process, which should end soon: it stays locked until then. For acts that
    /// change little; a search spends a third of its time less on the disk than where the store is closed.
    pub fn leave(self) {
        self.store.leave();
        self.index.leave();
        std::mem::forget(self.lock);
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Why bytes of an executed disposition are still in files of the archive; `None` if none are. Each opening tries
    /// again to rewrite them.
    pub fn unfinished_erasure(&self) -> Option<&Error> {
        self.unfinished_erasure.as_ref()
    }

    /// What is fixed about it.
    pub fn info(&self) -> &ArchiveInfo {
        &self.info
    }

    /// The zone of local times that name none (IANA name).
    ///
    /// # Errors
    /// The store failed.
    pub fn timezone(&self) -> Result<String> {
        timezone(&self.store.snapshot()?)
    }

    /// The time by this session's clock.
    pub fn now(&self) -> UtcTime {
        self.session.clock.now()
    }

    /// The time that an act in `tables` is dated: the clock's, but never before the newest audit entry. A clock set back
    /// would otherwise let the delay after a release, or the residence after a capture, end before it has run.
    fn act_time(&self, tables: &impl Tables) -> Result<UtcTime> {
        let now = self.now();
        Ok(last_audit_time(tables)?.map_or(now, |last| last.max(now)))
    }

    /// Records an act in the transaction that carries it out. The log's times never decrease but
    /// where a clock that was ahead was corrected.
    fn record(&self, transaction: &Transaction, action: &str, object: &str, outcome: &str) -> Result<u64> {
        let (last, now) = (last_audit_time(transaction)?, self.now());
        let at = self.act_time(transaction)?;
        if last.is_some_and(|last| clock_guard::jumped(now, last)) {
            set_clock_in_doubt(transaction, true)?;
        }
        let act = Act { actor: &self.session.actor, action, object, purpose: &self.session.purpose, outcome };
        append_audit(transaction, at, &act)
    }

    /// Records an act that changes nothing else: a search, a refusal.
    fn record_alone(&self, action: &str, object: &str, outcome: &str) -> Result<u64> {
        let transaction = self.store.begin()?;
        let seq = self.record(&transaction, action, object, outcome)?;
        transaction.commit()?;
        Ok(seq)
    }
}

/// Opens the store, whose lock is held. A process that left the archive gives its locks up one after the other, so that
/// the store's may be taken for an instant.
fn open_store(open: fn(&Path) -> Result<Store>, file: &Path) -> Result<Store> {
    for _ in 0..LEAVING {
        match open(file) {
            Err(Error::Locked { .. }) => std::thread::sleep(Duration::from_millis(1)),
            opened => return opened,
        }
    }
    open(file)
}
