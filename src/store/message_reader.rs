//! The rows of many messages, and of those with one content.

use redb::ReadOnlyTable;
use roaring::RoaringTreemap;

use super::digests::{self, DigestKind};
use super::messages::{MessageRow, get};
use super::tables::{MESSAGES, Snapshot};
use super::{codec, failed};
use crate::Result;
use crate::model::{ContentHash, MessageNo};

/// Messages that stand closer together than this, on average, are read with what is between them: to look for one costs
/// more than to pass by so many.
const CLOSE: u64 = 16;

/// Reads the rows of messages.
pub struct MessageReader<'s> {
    snapshot: &'s Snapshot,
    messages: ReadOnlyTable<u64, &'static [u8]>,
}

impl<'s> MessageReader<'s> {
    /// A reader of `snapshot`.
    ///
    /// # Errors
    /// The store failed.
    pub fn new(snapshot: &'s Snapshot) -> Result<Self> {
        Ok(Self { snapshot, messages: snapshot.0.open_table(MESSAGES).map_err(failed("open a table"))? })
    }

    /// The row of a message; `None` if there is none or it was destroyed.
    ///
    /// # Errors
    /// The store failed or the row is damaged.
    pub fn get(&self, no: MessageNo) -> Result<Option<MessageRow>> {
        get(&self.messages, no)
    }

    /// Calls `visit` with each of `numbers` that is a message, in order.
    ///
    /// # Errors
    /// The store failed, a row is damaged, or `visit` returned an error.
    pub fn each(
        &self,
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
        for row in self.messages.range(first..=last).map_err(failed("read message rows"))? {
            let (no, value) = row.map_err(failed("read message rows"))?;
            while wanted.next_if(|wanted| *wanted < no.value()).is_some() {}
            if wanted.next_if_eq(&no.value()).is_some() {
                visit(MessageNo(no.value()), codec::decode(value.value())?)?;
            }
        }
        Ok(())
    }

    /// Those of `among` that have this content, by number.
    ///
    /// # Errors
    /// The store failed or a row is damaged.
    pub fn of_content(&self, hash: &ContentHash, among: &RoaringTreemap) -> Result<Vec<MessageNo>> {
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
