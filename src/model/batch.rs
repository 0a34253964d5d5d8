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
    /// When it came.
    pub captured_at: UtcTime,
    /// Ids of participants that mailboxes were looked for by, the first few of them.
    pub sought: Vec<String>,
    /// The folders that it would have gone to, in the order in which it came for them, each once.
    pub folders: Vec<QuarantinedFolder>,
}

/// A folder that a message in quarantine would have gone to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedFolder {
    /// Its path in each mailbox.
    pub path: String,
    /// Who took part besides those whom the message itself names, as far as the sources know that it came from for this
    /// folder.
    pub others: Vec<Participant>,
}

impl Quarantined {
    /// Folders, and people who took part besides, that are noted of one message at most.
    const NOTED: usize = 1000;

    /// It came again, for the folder `path`, and `others` took part; whether all of that is noted now.
    pub fn came_again(&mut self, path: &str, others: &[Participant]) -> bool {
        let noted: usize = self.folders.iter().map(|folder| folder.others.len()).sum();
        let mut room = Self::NOTED.saturating_sub(noted);
        let folder = match self.folders.iter().position(|folder| folder.path == path) {
            Some(at) => at,
            None if self.folders.len() >= Self::NOTED => return false,
            None => {
                self.folders.push(QuarantinedFolder { path: path.to_owned(), others: Vec::new() });
                self.folders.len() - 1
            }
        };
        let Some(folder) = self.folders.get_mut(folder) else { return false };
        for other in others {
            if folder.others.contains(other) {
                continue;
            }
            if room == 0 {
                return false;
            }
            room -= 1;
            folder.others.push(other.clone());
        }
        true
    }

    /// Who took part besides those whom the message itself names, each once.
    pub fn others(&self) -> Vec<Participant> {
        let mut others: Vec<Participant> = Vec::new();
        for other in self.folders.iter().flat_map(|folder| &folder.others) {
            if !others.contains(other) {
                others.push(other.clone());
            }
        }
        others
    }

    /// The paths of its folders, for people.
    pub fn paths(&self) -> String {
        self.folders.iter().map(|folder| folder.path.as_str()).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;

    fn other(name: String) -> Participant {
        Participant { role: Role::To, name, address: String::new(), number: None, id: None }
    }

    #[test]
    fn what_comes_again_is_noted_once_and_not_without_end() {
        let mut row = Quarantined {
            message: MessageNo(1),
            batch: BatchNo(1),
            origin: String::new(),
            reason: String::new(),
            captured_at: UtcTime(0),
            sought: Vec::new(),
            folders: vec![QuarantinedFolder { path: "Inbox".to_owned(), others: vec![other("Ann".to_owned())] }],
        };
        for _ in 0..2 {
            assert!(row.came_again("Inbox", &[other("Bob".to_owned())]));
            assert!(row.came_again("Deals", &[other("Ann".to_owned())]));
        }
        assert_eq!((row.paths().as_str(), row.folders.len()), ("Inbox, Deals", 2));
        assert_eq!(row.others(), ["Ann", "Bob"].map(|name| other(name.to_owned())));
        let many: Vec<Participant> = (0..2000).map(|n| other(n.to_string())).collect();
        assert!(!row.came_again("Inbox", &many));
        assert!(row.came_again("Inbox", &many[..900]), "they are noted");
        assert_eq!(row.others().len(), 999, "Ann is noted with each folder");
        assert!((0..2000).map(|n| row.came_again(&n.to_string(), &[])).any(|is_all| !is_all));
        assert_eq!(row.folders.len(), 1000);
    }
}
