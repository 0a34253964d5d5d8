//! How sources are to be read.

use std::fmt;
use std::str::FromStr;

use crate::{Error, Result};

/// How sources are to be read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The format of the files.
    pub as_format: As,
}

/// The format that files are taken for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum As {
    /// Recognised file by file, by content first.
    #[default]
    Auto,
    /// Each file is one message.
    Eml,
    /// Each file is an mbox.
    Mbox,
    /// Each file in `cur` and `new` of a Maildir, and each given by itself, is a message.
    Maildir,
    /// Each file holds converted messages, one JSON record a line.
    Messages,
}

impl As {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Auto, Self::Eml, Self::Mbox, Self::Maildir, Self::Messages];

    /// The word used in commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Eml => "eml",
            Self::Mbox => "mbox",
            Self::Maildir => "maildir",
            Self::Messages => "messages",
        }
    }
}

impl fmt::Display for As {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for As {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == word);
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            Error::InvalidInput(format!("unknown source format `{word}`; known are {known}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_names_its_format() {
        for format in As::ALL {
            assert_eq!(format.to_string().parse::<As>().unwrap(), format);
        }
        assert_eq!(
            "MBX".parse::<As>().unwrap_err().to_string(),
            "unknown source format `MBX`; known are auto, eml, mbox, maildir, messages"
        );
    }
}
