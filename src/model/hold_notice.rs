//! Hold notices: letters that tell custodians to preserve, and what became of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Actor, CaseId, Digest, HoldNoticeId, MailboxNo, UtcTime};

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterKind {
    /// Tells to preserve.
    Issuance,
    /// Tells it again, because what is to be preserved or done changed.
    Reissuance,
    /// Asks for the acknowledgement that is missing.
    Reminder,
    /// The same, with a copy to the manager, after the last reminder.
    Escalation,
    /// Tells that nothing needs to be preserved for this case any longer.
    Release,
}

impl LetterKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Issuance, Self::Reissuance, Self::Reminder, Self::Escalation, Self::Release];

    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issuance => "issuance",
            Self::Reissuance => "reissuance",
            Self::Reminder => "reminder",
            Self::Escalation => "escalation",
            Self::Release => "release",
        }
    }
}

/// The text of a letter, with fields such as `{{custodian}}` that are filled in for each custodian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterText {
    /// Its subject.
    pub subject: String,
    /// The rest.
    pub body: String,
}

/// How often a letter is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repetition {
    /// Days from the letter before.
    pub days: u32,
    /// At most so many times.
    pub times: u32,
}

/// A version of the text that every letter but a release ends with: what is to be preserved, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalText {
    /// The text, with fields as in a [`LetterText`].
    pub text: String,
    /// When it was given.
    pub at: UtcTime,
    /// By whom.
    pub by: Actor,
}

/// Something that happened between a notice and one custodian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoticeEvent {
    /// A letter went out.
    Letter {
        /// What for.
        kind: LetterKind,
        /// Its number among the letters of the notice, from 1.
        number: u64,
        /// BLAKE3 of the letter as it was written, header and text.
        digest: Digest,
    },
    /// The custodian acknowledged the last letter.
    Acknowledged {
        /// How it is known; may be empty.
        comment: String,
    },
}

/// An event with its circumstances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeEntry {
    /// What happened.
    pub event: NoticeEvent,
    /// When.
    pub at: UtcTime,
    /// By whom it was recorded.
    pub by: Actor,
    /// Which way it went, such as `mail`.
    pub channel: String,
    /// The version of the portal text that it is about, from 1.
    pub version: u32,
}

/// A custodian who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifiedCustodian {
    /// The custodian's mailbox.
    pub mailbox: MailboxNo,
    /// Since when the notice is for this custodian.
    pub added_at: UtcTime,
    /// What happened, the oldest first.
    pub entries: Vec<NoticeEntry>,
}

/// A hold notice of a case. It decides nothing over what is preserved: holds do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldNotice {
    /// Its id.
    pub id: HoldNoticeId,
    /// The case.
    pub case: CaseId,
    /// Its name, unique in the archive.
    pub name: String,
    /// Display name of the officer in whose name it is issued; may be empty.
    pub officer_name: String,
    /// The officer's address.
    pub officer_address: String,
    /// Its letters; there is always an issuance, a reissuance and a release.
    pub letters: BTreeMap<LetterKind, LetterText>,
    /// When reminders go out, if there is a letter for them.
    pub reminders: Option<Repetition>,
    /// When escalations go out, if there is a letter for them.
    pub escalations: Option<Repetition>,
    /// The versions of the portal text, the oldest first; there is always one.
    pub portal: Vec<PortalText>,
    /// Letters that were written.
    pub written: u64,
    /// When it was created.
    pub created_at: UtcTime,
    /// By whom.
    pub created_by: Actor,
    /// Everybody it is or was for, in the order of adding.
    pub custodians: Vec<NotifiedCustodian>,
}

impl HoldNotice {
    /// The version of the portal text that is in force, from 1.
    pub fn version(&self) -> u32 {
        u32::try_from(self.portal.len()).unwrap_or(u32::MAX)
    }
}
