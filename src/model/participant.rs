//! Who took part in a message.

use serde::{Deserialize, Serialize};

/// In what capacity somebody took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The author (RFC 5322 3.6.2), or the sender of a chat message.
    From,
    /// A primary recipient.
    To,
    /// A secondary recipient.
    Cc,
    /// A recipient hidden from the others.
    Bcc,
    /// A recipient named by the transport only (`Delivered-To`, `X-Original-To`, `Envelope-To`).
    Envelope,
}

impl Role {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::To => "to",
            Self::Cc => "cc",
            Self::Bcc => "bcc",
            Self::Envelope => "envelope",
        }
    }
}

/// An address or number with a role, as the message states it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Participant {
    /// In what capacity.
    pub role: Role,
    /// Display name; empty if none is given.
    pub name: String,
    /// Address as written (not normalised); empty if none is given.
    pub address: String,
    /// Phone number as digits without plus, if the message says that it is this person's: in a chat, or in the address of a
    /// gateway to telephones. Never a number in a display name of ordinary mail.
    pub number: Option<String>,
    /// The platform's own id of the person, such as a WeCom or WeChat user id, if one is given.
    pub id: Option<String>,
}

impl Participant {
    /// `Name <address>`, or whichever of name, address and number there is.
    pub fn display(&self) -> String {
        match (self.name.as_str(), self.address.as_str()) {
            ("", "") => self.number.clone().unwrap_or_default(),
            ("", address) => address.to_owned(),
            (name, "") => name.to_owned(),
            (name, address) => format!("{name} <{address}>"),
        }
    }
}
