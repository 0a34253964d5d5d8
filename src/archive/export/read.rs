//! The items of an export, read.

use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::Selected;
use crate::archive::follow::read_facts;
use crate::archive::prepare::LARGE;
use crate::archive::show::{copy_attachment, large_attachment};
use crate::exporter::Content;
use crate::message::{self, Facts};
use crate::model::{Digest, FileDigest, Trust, UtcTime};
use crate::store::{ContentReader, ItemReader, MessageReader, MessageRow, Snapshot};
use crate::{Error, Result};

/// Most items that are read at a time.
const WINDOW: usize = 256;

/// Bytes of messages behind which no more are read at a time.
const WINDOW_BYTES: u64 = 16 << 20;

/// An item as it is stored.
pub(super) struct StoredItem {
    pub(super) row: MessageRow,
    pub(super) captured_at: UtcTime,
    pub(super) facts: Facts,
    /// SHA-256 of its raw bytes.
    pub(super) sha256: FileDigest,
    /// The raw bytes, unless it is large.
    raw: Option<Vec<u8>>,
}

/// Reads items.
pub(super) struct Reader<'s> {
    directory: &'s Path,
    items: ItemReader,
    messages: MessageReader<'s>,
    contents: ContentReader,
}

impl<'s> Reader<'s> {
    /// A reader of `snapshot`, which spools large messages in `directory`.
    pub(super) fn new(snapshot: &'s Snapshot, directory: &'s Path) -> Result<Self> {
        Ok(Self {
            directory,
            items: ItemReader::new(snapshot)?,
            messages: MessageReader::new(snapshot)?,
            contents: ContentReader::new(snapshot)?,
        })
    }

    /// The first of `items`, at least one and as many as memory is given for; parsed and hashed on all cores.
    pub(super) fn next(&mut self, items: &[Selected]) -> Result<Vec<StoredItem>> {
        let mut unparsed = Vec::with_capacity(WINDOW.min(items.len()));
        let mut bytes = 0;
        for selected in items.iter().take(WINDOW) {
            if bytes > WINDOW_BYTES {
                break;
            }
            let stored = self.stored(selected)?;
            bytes += stored.row.raw_len;
            unparsed.push(stored);
        }
        let parsed: Vec<_> =
            unparsed.par_iter().map(|stored| stored.raw.as_ref().map(|raw| parse(raw, stored.trust))).collect();
        unparsed.into_iter().zip(parsed).map(|(stored, parsed)| self.whole(stored, parsed)).collect()
    }

    fn stored(&mut self, selected: &Selected) -> Result<Unparsed> {
        let missing = |what: &str| Error::Corrupt(format!("{what} {} is missing", selected.item));
        let row = self.messages.get(selected.message)?.ok_or_else(|| missing("the message of item"))?;
        let item = self.items.of_message(selected.message)?.into_iter().find(|item| item.no == selected.item);
        let captured_at = item.ok_or_else(|| missing("item"))?.captured_at;
        let trust = self.contents.trust(&row)?;
        let raw = if row.raw_len <= LARGE { Some(self.contents.raw(&row)?) } else { None };
        Ok(Unparsed { row, captured_at, trust, raw })
    }

    fn whole(&mut self, stored: Unparsed, parsed: Option<(Facts, FileDigest)>) -> Result<StoredItem> {
        let Unparsed { row, captured_at, raw, .. } = stored;
        let (facts, sha256) = if let Some(parsed) = parsed {
            parsed
        } else {
            let mut hash = Hashing(Sha256::new());
            self.contents.stream(&row, &mut hash)?;
            let facts = read_facts(self.directory, &mut self.contents, &row)?;
            (facts, FileDigest(hash.0.finalize().into()))
        };
        Ok(StoredItem { row, captured_at, facts, sha256, raw })
    }

    /// The bytes of an item that was read.
    pub(super) fn content<'r>(&'r mut self, item: &'r StoredItem) -> impl Content + use<'r, 's> {
        StoredContent { contents: &mut self.contents, item }
    }
}

/// An item whose message is not parsed yet.
struct Unparsed {
    row: MessageRow,
    captured_at: UtcTime,
    trust: Trust,
    raw: Option<Vec<u8>>,
}

fn parse(raw: &[u8], trust: Trust) -> (Facts, FileDigest) {
    (message::facts_trusting(raw, trust), FileDigest(Sha256::digest(raw).into()))
}

/// Hashes what is written.
struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct StoredContent<'r> {
    contents: &'r mut ContentReader,
    item: &'r StoredItem,
}

impl Content for StoredContent<'_> {
    fn write_raw(&mut self, out: &mut dyn Write) -> Result<()> {
        match &self.item.raw {
            Some(raw) => out.write_all(raw).map_err(Error::io("write", "the export")),
            None => self.contents.stream(&self.item.row, out),
        }
    }

    fn has_attachment(&mut self, n: usize, digest: Digest) -> Result<bool> {
        match &self.item.raw {
            Some(_) => Ok((1..=self.item.facts.attachments.len()).contains(&n)),
            None => Ok(large_attachment(self.contents, &self.item.row, digest)?.is_some()),
        }
    }

    fn write_attachment(&mut self, n: usize, digest: Digest, out: &mut dyn Write) -> Result<()> {
        copy_attachment(self.contents, &self.item.row, self.item.raw.as_deref(), (n, digest), out).map(drop)
    }
}
