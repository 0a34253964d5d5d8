//! What can be read out of a message.

use serde_json::{Map, Value};

use super::JournalReport;
use crate::model::{
    Attachment, CallFacts, ContentHash, Conversation, Defect, DocumentProperties, Importance, Kind, MessageEvent,
    Participant, Trust, UtcTime,
};

/// What can be read out of a message, for search, display and decisions. An opinion: the bytes are the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Message-ID without angle brackets (RFC 5322 3.6.4).
    pub message_id: Option<String>,
    /// Message-IDs of In-Reply-To and References, in order, without repeats.
    pub thread_ids: Vec<String>,
    /// Subject, decoded; empty if there is none.
    pub subject: String,
    /// The sender's claim (`Date`).
    pub sent_at: Option<UtcTime>,
    /// The transport's: the date of the topmost `Received` field; unknown without one.
    pub received_at: Option<UtcTime>,
    /// Everybody named, in the order of the header.
    pub participants: Vec<Participant>,
    /// Text of the message for people: plain text bodies, else HTML bodies without tags and scripts.
    pub body: String,
    /// Attachments in the order of the message.
    pub attachments: Vec<AttachmentFacts>,
    /// What sort of communication it is.
    pub kind: Kind,
    /// `email`, or the chat platform in lower case.
    pub platform: String,
    /// As the sender set it.
    pub importance: Importance,
    /// Whether the program that kept the message before recorded it as read.
    pub read: bool,
    /// Keywords (`Keywords` header), one each.
    pub categories: Vec<String>,
    /// `IPM.Note` for mail; `IPM.ExternalData.<Platform>` for converted messages.
    pub item_class: String,
    /// What happened, and to which earlier message.
    pub event: MessageEvent,
    /// The chat that a converted message belongs to.
    pub conversation: Option<Conversation>,
    /// Facts of a call.
    pub call: Option<CallFacts>,
    /// The platform's id of the message replied to; empty if none.
    pub reply_to: String,
    /// The platform's own id of the message; empty if it has none.
    pub native_id: String,
    /// Who made the message out of what a platform delivered: a converter, a product; empty for mail.
    pub source: String,
    /// What a chat knows of the message beyond all this, by JSON Pointer (RFC 6901).
    pub details: Map<String, Value>,
    /// The journal report that the message came in. Everything else is said of the message in it, except that
    /// `participants` has those of the report too.
    pub journal: Option<JournalReport>,
    /// The least trust in its source with which all of this is read out of the message: `All`, unless a claim of it was
    /// not believed.
    pub trust: Trust,
    /// Equal for copies of the same message.
    pub content_hash: ContentHash,
    /// Damage that was met.
    pub defects: Vec<Defect>,
    /// Why not all of it can be searched; empty if all can.
    pub partially_indexed: Vec<Defect>,
    /// What attached documents say of themselves, as far as they were read.
    pub documents: DocumentProperties,
}

/// An attachment and the text that search finds in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentFacts {
    /// As declared.
    pub attachment: Attachment,
    /// Its text; empty if it has none or none could be read (then `partially_indexed` says so).
    pub text: String,
}
