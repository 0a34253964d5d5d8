//! A record of the converted-message format.

use chrono::{DateTime, FixedOffset};

use crate::model::{CallFacts, Conversation, Event};

/// One message of a chat platform: read by [`Record::parse`], or made by a converter and brought
/// [within limits](Record::within_limits).
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Who made the record: a product, a converter; empty if not said.
    pub source: String,
    /// The platform in lower case: `whatsapp`, `wechat`, `sms`.
    pub platform: String,
    /// What sort of communication it is.
    pub kind: RecordKind,
    /// The chat, if the record names one.
    pub conversation: Option<Conversation>,
    /// The platform's id of the message; empty if it has none.
    pub native_id: String,
    /// When it was sent; 1900 to 9999 in UTC.
    pub sent: DateTime<FixedOffset>,
    /// The same as the record gives it (RFC 3339).
    pub sent_text: String,
    /// Who sent it; `None` only for an event of the platform itself.
    pub sender: Option<Person>,
    /// To whom.
    pub recipients: Vec<Person>,
    /// The text; may be empty.
    pub text: String,
    /// What happened.
    pub event: Event,
    /// The platform's id of the earlier message that an event is about; empty if not said.
    pub event_reference: String,
    /// The platform's id of the message replied to; empty if none.
    pub reply_to: String,
    /// Facts of a call, if the record has any.
    pub call: Option<CallFacts>,
    /// Files sent with it.
    pub attachments: Vec<AttachmentRef>,
    /// What the format does not know: JSON Pointers (RFC 6901) with their values as JSON, sorted.
    pub extra: Vec<(String, String)>,
}

/// What sort of communication a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordKind {
    /// A message in a chat.
    #[default]
    Chat,
    /// A call.
    Call,
    /// A meeting.
    Meeting,
    /// A voice mail.
    Voicemail,
}

impl RecordKind {
    /// The word used in records and header fields.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Call => "call",
            Self::Meeting => "meeting",
            Self::Voicemail => "voicemail",
        }
    }
}

/// Somebody as a platform knows them. At least one of the fields is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Display name.
    pub name: String,
    /// Phone number: digits in international form without plus.
    pub number: String,
    /// Mail address.
    pub address: String,
    /// The platform's own id of the person, such as a WeChat or WeCom user id.
    pub id: String,
}

/// A file sent with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRef {
    /// File name; empty if none is known.
    pub name: String,
    /// Media type with parameters; empty if none is declared.
    pub media_type: String,
    /// Where its bytes are.
    pub source: AttachmentSource,
}

/// Where the bytes of an attachment are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachmentSource {
    /// In a file: a path relative to the file of the record, with `/` between its components, none of which is `..`.
    Path(String),
    /// In the record.
    Inline(Vec<u8>),
}

impl AttachmentRef {
    /// The path, if its last component is not the name; else empty. Where a connector found a file is no part of the
    /// message unless it says something.
    pub(super) fn shown_path(&self) -> &str {
        match &self.source {
            AttachmentSource::Path(path) if path.rsplit('/').next() != Some(&self.name) => path,
            _ => "",
        }
    }
}
