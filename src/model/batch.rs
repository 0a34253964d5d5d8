//! A delivery and its account.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Actor, BatchNo, MessageNo, Participant, UtcTime};

/// Counts of a batch: `offered = stored + duplicate + quarantined + rejected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Source records read.
    pub offered: u64,
    /// Source records that gave at least one new item.
    pub stored: u64,
    /// Source records that gave none because all of it was there already.
    pub duplicate: u64,
    /// Source records that nobody could be found for, kept whole.
    pub quarantined: u64,
    /// Source records that could not be taken, each with a reason.
    pub rejected: u64,
    /// Stored source records whose content was in the archive already under other raw bytes.
    pub same_content: u64,
    /// New messages.
    pub messages: u64,
    /// New items.
    pub items: u64,
    /// Raw bytes of the source records offered.
    pub bytes: u64,
}

impl Ledger {
    /// Whether the counts add up.
    pub fn adds_up(&self) -> bool {
        self.offered == self.stored + self.duplicate + self.quarantined + self.rejected
    }
}

impl fmt::Display for Ledger {
    /// The sum that adds up, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offered, stored, duplicate, quarantined, rejected, .. } = self;
        write!(
            f,
            "{offered} offered = {stored} stored + {duplicate} duplicate + {quarantined} quarantined + {rejected} rejected"
        )
    }
}

/// How far a batch came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BatchState {
    /// At work; found after a restart, it means that the run was killed.
    Running,
    /// All of its source was read.
    Complete,
    /// Stopped between two commits because somebody asked.
    Interrupted,
    /// Ended by an error; what was committed before it stays.
    Failed,
}

/// One delivery or import run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Its number.
    pub no: BatchNo,
    /// What was read, as the caller named it.
    pub source: String,
    /// Who ran it.
    pub actor: Actor,
    /// When it started.
    pub started_at: UtcTime,
    /// When its newest commit was made.
    pub updated_at: UtcTime,
    /// How far it came.
    pub state: BatchState,
    /// Its counts as of the newest commit.
    pub ledger: Ledger,
}

/// A message kept whole because nobody could be found for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The message.
    pub message: MessageNo,
    /// The batch that brought it.
    pub batch: BatchNo,
    /// Where it came from: file, and place in the file.
    pub origin: String,
    /// Why it is here.
    pub reason: String,
    /// The folder that it would have gone to.
    pub folder: String,
    /// When it came.
    pub captured_at: UtcTime,
    /// Ids of participants that mailboxes were looked for by, the first few of them.
    pub sought: Vec<String>,
    /// Who took part besides those whom the message itself names.
    pub others: Vec<Participant>,
}
