//! The order of day, month and year in dates written with numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The order of day, month and year in dates written with numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year: 27/03/2022.
    Dmy,
    /// Month, day, year: 3/27/22.
    Mdy,
    /// Year, month, day: 2022-03-27.
    Ymd,
}

impl DateOrder {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::Dmy, Self::Mdy, Self::Ymd];

    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
            Self::Ymd => "ymd",
        }
    }
}

impl fmt::Display for DateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for DateOrder {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|order| order.as_str() == word.to_ascii_lowercase());
        found.ok_or_else(|| {
            format!("unknown date order `{word}`; write dmy (27/03/2022), mdy (3/27/22) or ymd (2022-03-27)")
        })
    }
}
