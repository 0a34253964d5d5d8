//! The bytes of every record, written down. A change here is a change of the format: it needs a new version byte and a
//! reader of the old one, not new bytes in this file.

use data_encoding::HEXLOWER;
use redb::ReadableTable as _;

use super::codec::{Record, decode, encode};
use super::content::{ContentWriter, NewMessage, PartSource, PreparedSegment};
use super::digests::{self, DigestKind};
use super::tables::{
    APPROVALS, AUDIT_LEAVES, AUDIT_NODES, CONTENT_HASHES, DATE_ORDERS, DELIVERY_DIGESTS, DIGEST_RUNS, FOLDERS,
    FROZEN_ITEMS, HOLD_NOTICE_LETTERS, HOLD_NOTICES, ITEMS, MAILBOXES, MAPPINGS, MESSAGE_DIGEST_BLOCKS,
    MESSAGE_DIGESTS, MESSAGE_ITEMS, MESSAGE_RENDITIONS, MESSAGES, META, PACKS, PART_DIGESTS, PARTS, RENDITION_MEDIA,
    RENDITIONS, SETS, Snapshot, Tables as _, Transaction, UNSEARCHED,
};
use super::test_store::{TIME, test_store};
use super::*;
use crate::message::segment::Encoding;
use crate::model::{
    Actor, Batch, BatchNo, BatchState, Case, CaseId, ChatSort, ClearedLabels, Connector, ConnectorKind, ConnectorNo,
    ConnectorReading, ConnectorRun, ConnectorSource, ContentHash, CredentialSource, Custodian, DateOrder, Defect,
    Delivery, Departure, Digest, Direction, FailedDelivery, Finding, FolderNo, FormerScope, FoundIn, FrozenSearch,
    Hold, HoldEvaluation, HoldId, HoldNotice, HoldNoticeId, HoldScope, Item, ItemLabel, ItemNo, ItemReview,
    LabelEvaluation, LabelId, LabelOrigin, LabelStart, Ledger, LetterKind, LetterText, Mailbox, MailboxNo, MappedId,
    MediaKind, MediaName, Member, MessageNo, NoticeEntry, NoticeEvent, NotifiedCustodian, OauthClient, Participant,
    PolicyId, PolicyScope, PortalText, PreservationLock, Quarantined, QuarantinedFolder, RecordKind, Release,
    Rendition, RenditionMedia, Repetition, ResultDigest, RetentionAction, RetentionEvent, RetentionLabel,
    RetentionPolicy, RetentionSchedule, RetentionTrigger, ReviewDecision, ReviewEntry, ReviewNote, ReviewStage,
    ReviewWord, Role, RunCounts, RunState, SavedSearch, Schedule, ScheduledLabel, ScheduledPolicy, SearchText,
    Severity, SupervisionEntry, SupervisionMatch, SupervisionMatchNo, SupervisionPolicy, SupervisionPolicyId,
    SupervisionStep, Trust, UtcTime,
};

fn actor() -> Actor {
    Actor("olga".to_owned())
}

fn release() -> Release {
    Release { at: TIME, by: actor(), reason: "settled".to_owned() }
}

/// `record` has the bytes `golden`, and they read as `record`.
fn assert_frozen<R: Record + PartialEq + std::fmt::Debug>(record: &R, golden: &str) {
    let bytes = HEXLOWER.decode(golden.as_bytes()).unwrap();
    assert_eq!(HEXLOWER.encode(&encode(record).unwrap()), golden, "{}", R::NAME);
    assert_eq!(&decode::<R>(&bytes).unwrap(), record, "{}", R::NAME);
}

/// `golden`, written by an older version, reads as `record`.
fn assert_older<R: Record + PartialEq + std::fmt::Debug>(record: &R, golden: &str) {
    let bytes = HEXLOWER.decode(golden.as_bytes()).unwrap();
    assert_eq!(&decode::<R>(&bytes).unwrap(), record, "{}", R::NAME);
}

/// A store with what `change` writes.
fn written(change: impl FnOnce(&Transaction)) -> (tempfile::TempDir, Snapshot) {
    let (directory, store) = test_store();
    let transaction = store.begin().unwrap();
    change(&transaction);
    transaction.commit().unwrap();
    (directory, store.snapshot().unwrap())
}

macro_rules! assert_row {
    ($snapshot:expr, $table:ident, $key:expr, $golden:expr) => {{
        let table = $snapshot.table($table).unwrap();
        let row = table.get($key).unwrap().expect(stringify!($table));
        assert_eq!(HEXLOWER.encode(row.value().as_ref()), $golden, stringify!($table));
    }};
}

mod archive;
mod connectors;
mod contents;
mod dispositions;
mod holds;
mod retention;
mod searches;
mod supervision;
