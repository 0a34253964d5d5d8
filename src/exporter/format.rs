//! The formats of exports.

use std::fmt;
use std::str::FromStr;

use super::dat::Dat;
use super::eml::Eml;
use super::item_json::Jsonl;
use super::mbox::Mbox;
use super::rsmf::Rsmf;
use super::{Content, ExportDirectory, ExportedItem};
use crate::Result;

/// A format of exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// A file for each item with the bytes that arrived (RFC 5322).
    Eml,
    /// A file for each folder (mboxrd).
    Mbox,
    /// A file for each conversation and day (Relativity Short Message Format 2.0); mails as in `Eml`.
    Rsmf,
    /// A load file with natives and texts (Concordance DAT).
    Dat,
    /// A JSON object for each item, with its text.
    Jsonl,
    /// The table of items alone.
    Csv,
}

impl ExportFormat {
    /// All formats.
    pub const ALL: [Self; 6] = [Self::Eml, Self::Mbox, Self::Rsmf, Self::Dat, Self::Jsonl, Self::Csv];

    /// Its word in commands and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eml => "eml",
            Self::Mbox => "mbox",
            Self::Rsmf => "rsmf",
            Self::Dat => "dat",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// What writes it.
    pub fn exporter(self) -> Box<dyn Exporter> {
        match self {
            Self::Eml => Box::new(Eml),
            Self::Mbox => Box::<Mbox>::default(),
            Self::Rsmf => Box::<Rsmf>::default(),
            Self::Dat => Box::<Dat>::default(),
            Self::Jsonl => Box::<Jsonl>::default(),
            Self::Csv => Box::new(TableAlone),
        }
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|format| format.as_str() == text);
        known.ok_or_else(|| {
            let words: Vec<&str> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("`{text}` is no format: use one of {}", words.join(", "))
        })
    }
}

/// Writes items in one format. Those of one folder come one after the other, by number.
pub trait Exporter {
    /// Writes an item; returns the path of the file that it is in, empty if it is in none.
    ///
    /// # Errors
    /// The item is damaged, or the export cannot be written.
    fn item(
        &mut self,
        item: &ExportedItem<'_>,
        content: &mut dyn Content,
        directory: &mut ExportDirectory,
    ) -> Result<String>;

    /// Ends the files that are still open.
    ///
    /// # Errors
    /// The export cannot be written.
    fn finish(&mut self, directory: &mut ExportDirectory) -> Result<()>;
}

struct TableAlone;

impl Exporter for TableAlone {
    fn item(&mut self, _: &ExportedItem<'_>, _: &mut dyn Content, _: &mut ExportDirectory) -> Result<String> {
        Ok(String::new())
    }

    fn finish(&mut self, _: &mut ExportDirectory) -> Result<()> {
        Ok(())
    }
}
