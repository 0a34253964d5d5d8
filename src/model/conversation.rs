//! Chat facts: what a chat platform knows of a message beyond its text.

use serde::{Deserialize, Serialize};

/// The chat or thread that a message belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Conversation {
    /// The platform's identifier of the chat; empty if it has none.
    pub id: String,
    /// Title of the chat; empty if it has none.
    pub name: String,
    /// Whether more than two people can take part.
    pub group: bool,
}

/// What happened: chat platforms report edits and deletions as messages of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// A message was sent.
    #[default]
    Sent,
    /// An earlier message was given a new text.
    Edited,
    /// An earlier message was deleted by somebody.
    Deleted,
    /// An earlier message was recalled by its sender.
    Recalled,
    /// The platform said something itself: somebody joined, a title changed.
    System,
    /// Somebody reacted to an earlier message; the text is the reaction, and empty when it was taken back.
    Reacted,
}

impl Event {
    /// All events.
    pub const ALL: [Self; 6] = [Self::Sent, Self::Edited, Self::Deleted, Self::Recalled, Self::System, Self::Reacted];

    /// The value of the `event` search property.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Recalled => "recalled",
            Self::System => "system",
            Self::Reacted => "reacted",
        }
    }
}

/// An event and the earlier message that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct MessageEvent {
    /// What happened.
    pub event: Event,
    /// The platform's id of the earlier message; empty for `Sent` and `System`.
    pub reference: String,
}

/// Facts of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct CallFacts {
    /// `incoming` or `outgoing`, seen from the archived person; empty if unknown.
    pub direction: String,
    /// Whether somebody answered, if known.
    pub answered: Option<bool>,
    /// Length of the talk in seconds, if known.
    pub duration_seconds: Option<u64>,
}
