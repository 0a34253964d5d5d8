//! Rules that are attached to single items.

use serde::{Deserialize, Serialize};

use super::{Actor, Digest, ItemNo, LabelId, MessageNo, RetentionAction, RetentionPeriod, ReviewStage, UtcTime};

/// From when the period of a label is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelStart {
    /// When the item was received or sent.
    Created,
    /// When it was last modified; an archived item never is.
    Modified,
    /// When the label was set.
    Labelled,
    /// When an event of this type happened to what the item is about.
    Event(String),
}

/// Whether what carries a label is a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    /// It is not: the label can be replaced and taken off.
    None,
    /// The label is replaced or taken off with a reason only.
    Record,
    /// Nobody replaces the label or takes it off.
    Regulatory,
}

/// A rule that single items carry; an item carries one at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionLabel {
    /// Its id.
    pub id: LabelId,
    /// Its number in the order of adding, from 1; of several labels that would be set, the one with the lowest is.
    pub no: u64,
    /// Its name, unique in the archive.
    pub name: String,
    /// What it does.
    pub action: RetentionAction,
    /// For how long, or after how long.
    pub period: RetentionPeriod,
    /// From when.
    pub start: LabelStart,
    /// Whether it makes records.
    pub record: RecordKind,
    /// Folders by path, ignoring case, whose items get it if they have none.
    pub folders: Vec<String>,
    /// The content search query whose finds get it if they have none.
    pub query: Option<String>,
    /// When it was added.
    pub added_at: UtcTime,
    /// By whom.
    pub added_by: Actor,
    /// The last item that it was offered to, where it is set by folder.
    pub offered_through: ItemNo,
    /// The stages of the review before disposition, in order; empty if there is none.
    pub review: Vec<ReviewStage>,
    /// The label that items get at the end of the period, in place of this one.
    pub next: Option<LabelId>,
    /// The version of the rules of searching that its query was evaluated by; 0 if it is not known.
    pub offered_rules: u32,
    /// The last item that its query was asked about.
    pub matched_through: ItemNo,
    /// Why the query cannot be read by the rules of searching that hold now, if it cannot.
    pub refused: Option<String>,
    /// While it waits for an older label whose query cannot be read: how far it is known what its own finds.
    pub evaluation: Option<LabelEvaluation>,
    /// Since when these people review, in place of others.
    pub review_since: Option<UtcTime>,
    /// How often the reviewers were changed: what was approved under others counts no longer, whatever the clock said.
    pub review_generation: u32,
    /// When it last got another query in place of one that could not be read. What that may have meant is retained as if it
    /// had been set on it then.
    pub mended_at: Option<UtcTime>,
    /// Digest of the other names by which the directory knew the people of its query when that was evaluated; `None` if it knew
    /// none, or if that is not known.
    pub people: Option<Digest>,
}

/// How far it is known what the query of a label finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelEvaluation {
    /// The last message that was looked at.
    pub through: MessageNo,
    /// Version of the rules of searching that they were found by.
    pub rules: u32,
}

/// Who or what set a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LabelOrigin {
    /// A person.
    Person,
    /// The item's folder.
    Folder,
    /// The label's query.
    Query,
    /// The label before it, whose period ended.
    Succession,
    /// A reviewer.
    Review,
}

/// The label on an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemLabel {
    /// The label.
    pub label: LabelId,
    /// When it was set.
    pub set_at: UtcTime,
    /// By whom.
    pub set_by: Actor,
    /// Who or what chose it.
    pub origin: LabelOrigin,
    /// What the item is about, as events name it: a contract number, an employee.
    pub asset: Option<String>,
}

/// The labels that had their turn on an item and do not set themselves on it again: people took them off, or another one
/// took their place at the end of their period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearedLabels {
    /// Each once.
    pub labels: Vec<LabelId>,
}

/// Something that happened, from which labels count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionEvent {
    /// Its number, from 1.
    pub no: u64,
    /// Its type, such as `contract-end`.
    pub kind: String,
    /// To what it happened.
    pub asset: String,
    /// When it happened.
    pub at: UtcTime,
    /// When it was recorded.
    pub recorded_at: UtcTime,
    /// By whom.
    pub recorded_by: Actor,
}
