//! The rows of many messages, and of those with one content.

use redb::ReadOnlyTable;
use roaring::RoaringTreemap;

use super::digests::{self, DigestKind};
use super::failed;
use super::messages::{MessageRow, around, between, read};
use super::tables::{MESSAGES, Snapshot};
use crate::Result;
use crate::model::{ContentHash, MessageNo};

/// Messages that stand closer together than this, on average, are read with what is between them: they stand in the same
/// chunks or in neighbouring ones.
const CLOSE: u64 = 16;

/// Reads the rows of messages. Of messages that are asked for in the order of their numbers, each chunk is read once.
pub struct MessageReader<'s> {
    snapshot: &'s Snapshot,
    messages: ReadOnlyTable<u64, &'static [u8]>,
    /// The chunk that was looked into last, by number.
    last: Vec<(MessageNo, MessageRow)>,
}

impl<'s> MessageReader<'s> {
    /// A reader of `snapshot`.
    ///
    /// # Errors
    /// The store failed.
    pub fn new(snapshot: &'s Snapshot) -> Result<Self> {
        let messages = snapshot.0.open_table(MESSAGES).map_err(failed("open a table"))?;
        Ok(Self { snapshot, messages, last: Vec::new() })
    }

    /// The row of a message; `None` if there is none or it was destroyed.
    ///
    /// # Errors
    /// The store failed or the row is damaged.
    pub fn get(&mut self, no: MessageNo) -> Result<Option<MessageRow>> {
        if !matches!(self.last.as_slice(), [(first, _), .., (last, _)] if (first..=last).contains(&&no)) {
            self.last =
                around(&self.messages, no)?.map_or(Ok(Vec::new()), |(key, row)| read(key.value(), row.value()))?;
        }
        let place = self.last.binary_search_by_key(&no, |(no, _)| *no).ok();
        Ok(place.and_then(|place| self.last.get(place)).map(|(_, row)| row.clone()))
    }

    /// Calls `visit` with each of `numbers` that is a message, in order.
    ///
    /// # Errors
    /// The store failed, a row is damaged, or `visit` returned an error.
    pub fn each(
        &mut self,
        numbers: &RoaringTreemap,
        mut visit: impl FnMut(MessageNo, MessageRow) -> Result<()>,
    ) -> Result<()> {
        let (Some(first), Some(last)) = (numbers.min(), numbers.max()) else { return Ok(()) };
        if (last - first) / numbers.len() >= CLOSE {
            for no in numbers.iter().map(MessageNo) {
                if let Some(row) = self.get(no)? {
                    visit(no, row)?;
                }
            }
            return Ok(());
        }
        let mut wanted = numbers.iter().peekable();
        between(&self.messages, first..=last, |no, row| {
            while wanted.next_if(|wanted| *wanted < no.0).is_some() {}
            if wanted.next_if_eq(&no.0).is_some() { visit(no, row) } else { Ok(()) }
        })
    }

    /// Those of `among` that have this content, by number.
    ///
    /// # Errors
    /// The store failed or a row is damaged.
    pub fn of_content(&mut self, hash: &ContentHash, among: &RoaringTreemap) -> Result<Vec<MessageNo>> {
        let mut found = Vec::new();
        let hashes = digests::reader(self.snapshot, DigestKind::Contents)?;
        hashes.find(hash.prefix(), |no| {
            if among.contains(no) && self.get(MessageNo(no))?.is_some_and(|row| row.content_hash == *hash) {
                found.push(MessageNo(no));
            }
            Ok(None::<()>)
        })?;
        found.sort_unstable();
        Ok(found)
    }
}
