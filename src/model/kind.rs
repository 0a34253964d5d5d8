//! What sort of communication a message is.

use serde::{Deserialize, Serialize};

/// The sort of communication, in the values of the `kind` search property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Electronic mail.
    #[default]
    Email,
    /// A chat message of any platform.
    Im,
    /// A call or a meeting.
    Meetings,
    /// A voice mail.
    Voicemail,
    /// A fax.
    Faxes,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Email, Self::Im, Self::Meetings, Self::Voicemail, Self::Faxes];

    /// The value of the `kind` search property.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Im => "im",
            Self::Meetings => "meetings",
            Self::Voicemail => "voicemail",
            Self::Faxes => "faxes",
        }
    }
}

/// The importance that the sender gave (RFC 4021 `Importance`, X-Priority).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Importance {
    /// High.
    High,
    /// Normal, or not stated.
    #[default]
    Medium,
    /// Low.
    Low,
}

impl Importance {
    /// The value of the `importance` search property.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}
