//! A recorded act.

use serde::{Deserialize, Serialize};

use super::UtcTime;

/// The person or job that acts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(pub String);

impl Actor {
    /// Whether both names may be those of one person: they differ in case or surrounding blanks at most.
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.0.trim().to_lowercase() == other.0.trim().to_lowercase()
    }
}

/// One act, as the audit log keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Place in the log, from 0; also the leaf index in the audit tree.
    pub seq: u64,
    /// When, by this machine's clock.
    pub at: UtcTime,
    /// Who.
    pub actor: Actor,
    /// What: `import`, `search`, `hold.place`.
    pub action: String,
    /// On what: an id, a path, a query. Empty if the act is on the archive as a whole.
    pub object: String,
    /// Why, as the actor said; empty if not said.
    pub purpose: String,
    /// What came of it: counts, or a refusal.
    pub outcome: String,
}
