//! What an item is to the maker of mails, wherever it is stored.

use std::io::Read;

use super::property::Properties;

/// Embedded messages in embedded messages that are followed.
pub(super) const MAX_DEPTH: usize = 20;

/// An item of Outlook.
pub(super) trait Item {
    /// Its own properties; texts are decoded.
    fn properties(&self) -> &Properties;

    /// Those of its recipients.
    fn recipients(&self) -> &[Properties];

    /// The number of its attachments.
    fn attachments(&self) -> usize;

    /// An attachment by its index, read only now.
    ///
    /// # Errors
    /// It is damaged: a text for people.
    fn attachment(&self, index: usize) -> Result<ItemAttachment, String>;
}

/// An attachment of an item.
pub(super) struct ItemAttachment {
    /// Its properties, without its data.
    pub(super) properties: Properties,
    /// What it holds.
    pub(super) content: ItemContent,
}

/// What an attachment holds.
pub(super) enum ItemContent {
    /// A file.
    File(Vec<u8>),
    /// A file that may be too large to hold in memory.
    Stored(Box<dyn Read>),
    /// Another item.
    Item(Box<dyn Item>),
    /// The streams of an object of another program, by their paths inside of it.
    Object(Vec<(String, Vec<u8>)>),
    /// Nothing that came with the item: why, for people.
    Absent(String),
}
