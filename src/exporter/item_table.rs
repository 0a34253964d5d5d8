//! The table of what was exported, for people: one row for each item.

use data_encoding::HEXUPPER;
use md5::{Digest as _, Md5};

use super::directory::ExportFile;
use super::{CsvFile, ExportDirectory, ExportedItem};
use crate::Result;
use crate::model::{ItemNo, Role, UtcTime};

/// The name of the table in an export.
pub const ITEM_TABLE: &str = "items.csv";

const HEADS: [&str; 27] = [
    "item",
    "file",
    "duplicate_of",
    "mailbox",
    "folder",
    "sent_at",
    "received_at",
    "captured_at",
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "kind",
    "platform",
    "event",
    "conversation",
    "message_id",
    "edrm_mih",
    "attachments",
    "attachment_names",
    "bytes",
    "sha256",
    "digest",
    "retention_label",
    "found_by",
    "partially_indexed",
];

/// The table being written.
#[derive(Debug)]
pub struct ItemTable {
    csv: CsvFile<ExportFile>,
}

impl ItemTable {
    /// Begins the table.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(directory: &ExportDirectory) -> Result<Self> {
        Ok(Self { csv: CsvFile::begin(directory.file(ITEM_TABLE)?, ITEM_TABLE, &HEADS)? })
    }

    /// Adds an item. `file` has it; or it is in none, because `duplicate_of` stands for it.
    ///
    /// # Errors
    /// The table cannot be written.
    pub fn add(&mut self, item: &ExportedItem<'_>, file: &str, duplicate_of: Option<ItemNo>) -> Result<()> {
        let facts = item.facts;
        let time = |time: Option<UtcTime>| time.map_or_else(String::new, |time| time.to_string());
        let message_id = facts.message_id.as_deref().unwrap_or_default();
        let names: Vec<&str> = facts.attachments.iter().map(|facts| facts.attachment.name.as_str()).collect();
        self.csv.row(&[
            item.item.to_string(),
            file.to_owned(),
            duplicate_of.map_or_else(String::new, |item| item.to_string()),
            item.mailbox.to_owned(),
            item.folder.to_owned(),
            time(facts.sent_at),
            time(facts.received_at),
            item.captured_at.to_string(),
            item.people(Role::From),
            item.people(Role::To),
            item.people(Role::Cc),
            item.people(Role::Bcc),
            facts.subject.clone(),
            facts.kind.as_str().to_owned(),
            facts.platform.clone(),
            facts.event.event.as_str().to_owned(),
            item.conversation().to_owned(),
            message_id.to_owned(),
            message_identification_hash(message_id),
            names.len().to_string(),
            names.join("; "),
            item.bytes.to_string(),
            item.sha256.to_string(),
            item.digest.to_string(),
            item.label.unwrap_or_default().to_owned(),
            item.found_by().to_owned(),
            item.partially_indexed.join("; "),
        ])
    }

    /// Ends the table and lists it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self, directory: &mut ExportDirectory) -> Result<()> {
        directory.add(self.csv.finish()?).map(drop)
    }
}

/// The EDRM Message Identification Hash (version 1.0, 2023) of a Message-ID without its angle brackets, which are hashed too,
/// as the published processing script does; empty for a message without one. It is for finding a message in another system,
/// never for telling messages apart.
fn message_identification_hash(message_id: &str) -> String {
    let hash = || HEXUPPER.encode(&Md5::digest(format!("<{message_id}>")));
    if message_id.is_empty() { String::new() } else { hash() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_identified_as_other_systems_do() {
        assert_eq!(message_identification_hash("abc123@example.com"), "7E40B4341B9501F9156894D667C8E4DE");
        assert_eq!(message_identification_hash(""), "");
    }
}
