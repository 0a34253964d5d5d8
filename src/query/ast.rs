//! The tree of a parsed query.

use std::sync::Arc;

use crate::model::{PersonId, UtcTime};

/// A parsed query. All relative dates are resolved, all properties known, all values typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The whole condition.
    pub root: Node,
}

/// A condition over one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// All of them; at least two.
    And(Vec<Node>),
    /// At least one of them; at least two.
    Or(Vec<Node>),
    /// The rows of a keyword list, joined by OR like any other alternatives; at least two. Stands only at the root, or
    /// first in an `And` at the root, before the conditions; see [`Query::rows`].
    Rows(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// Words anywhere: subject, body, attachment names and texts, all people.
    Anywhere(TextMatch),
    /// Two operands within `distance` other words of each other, in one field part.
    Near {
        /// Whether `left` must come first (`ONEAR`).
        ordered: bool,
        /// The most words that may stand between.
        distance: u32,
        /// `Anywhere`, `Or` of `Anywhere`, or `Near`.
        left: Box<Node>,
        /// As `left`, but never `Near`.
        right: Box<Node>,
    },
    /// Words in one text field.
    Text {
        /// Which.
        field: Field,
        /// What.
        text: TextMatch,
    },
    /// Somebody in one role or a union of roles.
    People {
        /// Which roles.
        field: PeopleField,
        /// Whom: an address, a domain, a name, a number.
        text: TextMatch,
    },
    /// Somebody in one role or a union of roles who has one of these ids. Never comes from a text: what a mapping knows of a
    /// person is added to the query.
    PersonIds {
        /// Which roles.
        field: PeopleField,
        /// The ids; at least one.
        ids: Arc<[PersonId]>,
    },
    /// A value out of a closed set, or an identifier matched whole.
    Token {
        /// Which.
        field: TokenField,
        /// In lower case for closed sets, as written for identifiers.
        value: String,
        /// Whether `value` is only the beginning (`itemclass:ipm.note*`).
        prefix: bool,
    },
    /// A date inside an interval.
    Date {
        /// Which date.
        property: DateProperty,
        /// Milliseconds since the epoch, UTC.
        interval: Interval,
    },
    /// The raw size inside an interval, in bytes.
    Size(Interval),
    /// Whether the message has an attachment.
    HasAttachment(bool),
    /// Whether the source recorded the message as read. One without such a record counts as unread.
    IsRead(bool),
    /// Whether a text or people field has any value (`subject:*`).
    HasText(Field),
    /// Whether anybody stands in the roles (`bcc:*`).
    HasPeople(PeopleField),
    /// Where an item is, or what it carries: asked of items, not of messages, so that only a content search can.
    Item {
        /// What is asked.
        field: ItemField,
        /// The number, name or beginning of a name; the empty beginning stands for any.
        value: TextMatch,
    },
    /// Every message: from the explicit match-all, or from an empty text in lenient mode.
    All,
}

/// A word, a phrase or a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMatch {
    /// As written, without quotes and without the final `*`.
    pub text: String,
    /// Whether it was quoted.
    pub quoted: bool,
    /// Whether the last word is only a beginning.
    pub prefix: bool,
    /// Where it stands in the text.
    pub place: Place,
}

/// A byte offset into the text of a query, for messages about it. What is asked does not depend on it, so all places
/// are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place(pub usize);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// Text fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// `subject`, also `subjecttitle`.
    Subject,
    /// `body`.
    Body,
    /// `attachmentnames`, also `filename`.
    AttachmentNames,
    /// `category`.
    Category,
    /// `author` of an attached document.
    Author,
    /// `title` of an attached document.
    Title,
}

/// People fields: one role or a documented union.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeopleField {
    /// `from`, also `senderauthor`.
    From,
    /// `to`.
    To,
    /// `cc`.
    Cc,
    /// `bcc`; recipients known from the envelope only count as bcc.
    Bcc,
    /// `recipients`: to, cc, bcc.
    Recipients,
    /// `participants`: from, to, cc, bcc.
    Participants,
}

/// Fields whose values match whole, ignoring case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenField {
    /// `kind`.
    Kind,
    /// `importance`: high, medium, low.
    Importance,
    /// `platform`, also `channel`: whatsapp, wechat, sms, email.
    Platform,
    /// `event`: sent, edited, deleted, recalled, system.
    Event,
    /// `conversation`: the platform's id of the chat.
    Conversation,
    /// `id`: the Message-ID without angle brackets.
    MessageId,
    /// `hash`: the digest.
    Hash,
    /// `threadid`: any Message-ID of the thread (Message-ID, In-Reply-To, References).
    ThreadId,
    /// `itemclass`.
    ItemClass,
    /// `filetype`: the ending of an attachment's name.
    FileType,
}

/// What can be asked of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemField {
    /// `folderid`: the number of its folder; subfolders are not included.
    Folder,
    /// `custodian`: a case whose custodians have its mailbox, or the person of the mailbox.
    Custodian,
    /// `retentionlabel`, also `compliancetag`: the name of its label.
    Label,
}

/// Dates of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateProperty {
    /// The sender's claim.
    Sent,
    /// The transport's; unknown matches nothing.
    Received,
    /// Received if known, else sent.
    Either,
    /// When an attached document says that it was made.
    Created,
    /// When an attached document says that it was changed last.
    Modified,
}

/// A half-open interval: `from` included, `before` excluded; `None` is unbounded. Never empty when it comes from a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The first value inside.
    pub from: Option<i64>,
    /// The first value after it.
    pub before: Option<i64>,
}

impl Interval {
    /// The interval between two times.
    pub fn times(from: Option<UtcTime>, before: Option<UtcTime>) -> Self {
        Self { from: from.map(|t| t.0), before: before.map(|t| t.0) }
    }
}
