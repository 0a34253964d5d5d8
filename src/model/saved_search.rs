//! Searches that were given a name, and results that were kept.

use serde::{Deserialize, Serialize};

use super::{Actor, MessageNo, ResultDigest, UtcTime};

/// What is searched for and where, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SearchText {
    /// The query; `None` matches everything in scope.
    pub query: Option<String>,
    /// Whether a doubtful query is read as documented instead of being refused.
    pub lenient: bool,
    /// Whether people are searched only under the name in the query.
    pub no_expand: bool,
    /// Whether `"this week"` begins on a Sunday, not on a Monday.
    pub weeks_from_sunday: bool,
    /// Addresses of mailboxes; empty means all.
    pub mailboxes: Vec<String>,
    /// Folder paths; empty means all.
    pub folders: Vec<String>,
}

/// A search with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// Its name, unique in the archive.
    pub name: String,
    /// What is searched for.
    pub search: SearchText,
    /// When it was saved, or last replaced.
    pub saved_at: UtcTime,
    /// By whom.
    pub saved_by: Actor,
}

/// What a saved search found at one time, kept so that it can be proved and compared later. Never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenSearch {
    /// Name of the saved search.
    pub name: String,
    /// Number among the results of that search, from 1.
    pub no: u64,
    /// What was searched for: the saved search may have been replaced since.
    pub search: SearchText,
    /// The query as it was read, relative dates resolved; empty for match-all.
    pub read_as: String,
    /// People who were searched under further names, each with these.
    pub people: Vec<(String, Vec<String>)>,
    /// Readings that the searcher may not have expected: code, byte offset and message of each.
    pub warnings: Vec<(String, u64, String)>,
    /// When it was searched.
    pub frozen_at: UtcTime,
    /// By whom.
    pub frozen_by: Actor,
    /// The newest message in the archive, and in its index, at that time.
    pub last_message: MessageNo,
    /// Version of the rules by which the index folded and divided texts.
    pub index_rules: u32,
    /// Version of the program.
    pub program: String,
    /// Messages that matched.
    pub messages: u64,
    /// Items that matched.
    pub items: u64,
    /// Raw bytes of the messages.
    pub bytes: u64,
    /// Items in scope of which not all could be searched.
    pub partially_indexed: u64,
    /// SHA-256 of the result: a line for each item, in the order of their numbers, made of the number in decimal, a
    /// tabulator, the digest of the message in hexadecimal, and a line feed.
    pub result: ResultDigest,
}

impl FrozenSearch {
    /// How it is named: `NAME@N`.
    pub fn label(&self) -> String {
        format!("{}@{}", self.name, self.no)
    }
}
