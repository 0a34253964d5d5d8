//! How far a source is believed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How far mails of a source are believed where they say that they are more than mails. Anybody can write the marks of
/// a journal report, or the fields of a converted message, into a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// Each mail is a mail.
    None,
    /// What capture products deliver is believed: journal reports, and chats that `TeleMessage` made into mails.
    Journal,
    /// So are the `X-Custodia-*` fields of converted messages, in mails that no transport has touched.
    #[default]
    All,
}

impl Trust {
    /// From the least to the most.
    pub const ALL: [Self; 3] = [Self::None, Self::Journal, Self::All];

    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Journal => "journal",
            Self::All => "all",
        }
    }
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Trust {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|trust| trust.as_str() == word.to_ascii_lowercase());
        found.ok_or_else(|| format!("`{word}` says nothing of trust; write none, journal or all"))
    }
}
