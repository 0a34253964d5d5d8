#![doc = include_str!("GLOSSARY.md")]

mod address_group;
mod attachment;
mod audit_entry;
mod batch;
mod case;
mod connector;
mod connector_run;
mod controlled_act;
mod conversation;
mod date_order;
mod defect;
mod digest;
mod document_properties;
mod hold;
mod hold_notice;
mod id;
mod item;
mod kind;
mod label;
mod mailbox;
mod mapped_id;
mod participant;
mod period;
mod person_names;
mod policy;
mod rendition;
mod retention_schedule;
mod review;
mod saved_search;
mod schedule;
mod supervision;
mod time;
mod time_zone;
mod trust;

pub use address_group::AddressGroup;
pub use attachment::Attachment;
pub use audit_entry::{Actor, AuditEntry};
pub use batch::{Batch, BatchState, Ledger, Quarantined, QuarantinedFolder};
pub use case::{Case, Custodian};
pub use connector::{Connector, ConnectorKind, ConnectorReading, ConnectorSource, CredentialSource, OauthClient};
pub use connector_run::{ConnectorRun, Delivery, FailedDelivery, RunCounts, RunState};
pub use controlled_act::ControlledAct;
pub use conversation::{CallFacts, Conversation, Event, MessageEvent};
pub use date_order::DateOrder;
pub use defect::Defect;
pub use digest::{ContentHash, Digest, FileDigest, ResultDigest};
pub use document_properties::DocumentProperties;
pub use hold::{FormerScope, Hold, HoldEvaluation, HoldScope, Release};
pub use hold_notice::{
    HoldNotice, LetterKind, LetterText, NoticeEntry, NoticeEvent, NotifiedCustodian, PortalText, Repetition,
};
pub use id::{
    BatchNo, CaseId, ConnectorNo, FolderNo, HoldId, HoldNoticeId, ItemNo, LabelId, MailboxNo, MessageNo, PackNo,
    PartNo, PolicyId, SupervisionMatchNo, SupervisionPolicyId,
};
pub use item::Item;
pub use kind::{Importance, Kind};
pub use label::{
    ClearedLabels, ItemLabel, LabelEvaluation, LabelOrigin, LabelStart, RecordKind, RetentionEvent, RetentionLabel,
};
pub use mailbox::{Folder, Mailbox};
pub use mapped_id::MappedId;
pub use participant::{Participant, Role};
pub use period::RetentionPeriod;
pub use person_names::{PersonId, PersonNames};
pub use policy::{
    Departure, Member, PolicyScope, PreservationLock, RetentionAction, RetentionPolicy, RetentionTrigger,
};
pub use rendition::{ChatSort, Evidence, MediaKind, MediaName, MessageForm, Rendition, RenditionMedia};
pub use retention_schedule::{RetentionSchedule, ScheduledLabel, ScheduledPolicy};
pub use review::{ItemReview, REVIEW_STAGES, ReviewDecision, ReviewEntry, ReviewNote, ReviewStage, ReviewWord};
pub use saved_search::{FrozenSearch, SavedSearch, SearchText};
pub use schedule::Schedule;
pub use supervision::{
    Direction, FOUND_PLACES, Finding, FoundIn, Severity, SupervisionEntry, SupervisionMatch, SupervisionPolicy,
    SupervisionState, SupervisionStep,
};
pub use time::UtcTime;
pub use time_zone::TimeZone;
pub use trust::Trust;
