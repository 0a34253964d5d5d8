//! The index as the archive uses it: opened when first needed, its writer kept open while there is something to add.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use roaring::RoaringTreemap;

use crate::index::{
    Found, Groups, HitOrder, HitTable, Index, IndexLayout, IndexWriter, Link, Load, Matched, Meaning, MessageScope,
    Ranking, Reader, Tally,
};
use crate::message::Facts;
use crate::model::{Digest, MessageNo};
use crate::query::{Node, Query};
use crate::{Error, Result};

/// Messages from which the writer is opened for bulk.
const BULK_MESSAGES: usize = 500;

/// Raw bytes of messages from which it is.
const BULK_BYTES: u64 = 8 << 20;

/// Whether so many messages, of so many raw bytes, are enough to keep all cores busy.
pub(super) fn is_bulk(messages: usize, raw_bytes: u64) -> bool {
    messages >= BULK_MESSAGES || raw_bytes >= BULK_BYTES
}

/// The index beside the store.
pub(super) struct Follower {
    directory: PathBuf,
    index: OnceCell<Index>,
    reader: OnceCell<Reader>,
    writer: Option<IndexWriter>,
    /// Whether the files of the last commit were checked.
    sound: OnceCell<()>,
}

impl Follower {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory, index: OnceCell::new(), reader: OnceCell::new(), writer: None, sound: OnceCell::new() }
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Leaves what was read of the index to the end of the process, which gives all its memory back at once.
    pub(super) fn leave(self) {
        drop(self.writer);
        std::mem::forget((self.index, self.reader));
    }

    fn index(&self) -> Result<&Index> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let index = match Index::open(&self.directory) {
            Err(Error::NotFound { .. }) => Index::create(&self.directory)?,
            other => other?,
        };
        Ok(self.index.get_or_init(|| index))
    }

    fn reader(&self) -> Result<&Reader> {
        if let Some(reader) = self.reader.get() {
            return Ok(reader);
        }
        let reader = self.index()?.reader()?;
        Ok(self.reader.get_or_init(|| reader))
    }

    fn writer(&mut self, load: Load) -> Result<&mut IndexWriter> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.index()?.writer(load)?,
        };
        Ok(self.writer.insert(writer))
    }

    /// The newest message that the last commit covers.
    pub(super) fn last_message(&self) -> Result<MessageNo> {
        self.index()?.last_message()
    }

    /// Where its bytes go.
    pub(super) fn layout(&self) -> Result<IndexLayout> {
        self.index()?.layout()
    }

    /// How many messages the last commit has.
    pub(super) fn messages(&self) -> Result<u64> {
        Ok(self.reader()?.messages())
    }

    /// The messages that match, not before `from`.
    pub(super) fn matches(&self, query: &Query, from: MessageNo) -> Result<RoaringTreemap> {
        self.reader()?.matches(query, &MessageScope::default().from(from))
    }

    /// The same for what decides over what is held or deleted. Where all messages are looked at, the index must be what was
    /// written.
    pub(super) fn decisive_matches(&self, query: &Query, from: MessageNo) -> Result<RoaringTreemap> {
        if from.0 <= 1 {
            self.check()?;
        }
        self.matches(query, from)
    }

    /// Refuses an index of which a file is not what was written. Its files are read once, as long as nothing is added.
    pub(super) fn check(&self) -> Result<()> {
        if self.sound.get().is_some() {
            return Ok(());
        }
        self.index()?.check()?;
        self.sound.get_or_init(|| ());
        Ok(())
    }

    /// The names of the files that are not what was written.
    pub(super) fn damaged_files(&self) -> Result<BTreeSet<String>> {
        self.index()?.damaged_files()
    }

    /// The messages of `within` that match; of all, if that is not given.
    pub(super) fn matches_within(&self, query: &Query, within: Option<&RoaringTreemap>) -> Result<RoaringTreemap> {
        self.reader()?.matches(query, &MessageScope::new(within.cloned()))
    }

    /// The messages of `within` that match, the earliest first; of all, if that is not given.
    pub(super) fn by_date(&self, query: &Query, within: Option<&RoaringTreemap>) -> Result<Vec<Found>> {
        self.reader()?.sorted(query, &MessageScope::new(within.cloned()), HitOrder::Oldest, None)
    }

    /// What matches, counted.
    pub(super) fn tally(&self, query: &Query, scope: &MessageScope) -> Result<Tally> {
        self.reader()?.tally(query, scope)
    }

    /// What [`Follower::first`] sorts by.
    pub(super) fn ranking(&self, query: &Query, scope: &MessageScope, order: HitOrder) -> Result<Ranking> {
        self.reader()?.ranking(query, scope, order)
    }

    /// What matches, counted, and the `limit` first of it, of those from `from` on.
    pub(super) fn first(
        &self,
        query: &Query,
        scope: &MessageScope,
        ranking: &Ranking,
        from: Option<Found>,
        limit: usize,
    ) -> Result<(Tally, Vec<Found>)> {
        self.reader()?.first(query, scope, ranking, from, limit)
    }

    pub(super) fn meaning(&self, node: &Node) -> Result<Option<Meaning>> {
        self.reader()?.meaning(node)
    }

    /// In which parts of messages of `within` the query matched.
    pub(super) fn matched_in(&self, query: &Query, within: &RoaringTreemap) -> Result<HashMap<MessageNo, Matched>> {
        self.reader()?.matched_in(query, within)
    }

    /// What matches, in groups.
    pub(super) fn groups(&self, query: &Query, scope: &MessageScope, table: HitTable) -> Result<(Groups, HitTable)> {
        self.reader()?.groups(query, scope, table)
    }

    /// The messages that are linked in a way, by number.
    pub(super) fn linked(&self, link: Link<'_>) -> Result<Vec<MessageNo>> {
        self.reader()?.linked(link)
    }

    /// Makes ready to add about so many messages, of so many raw bytes.
    pub(super) fn expect(&mut self, messages: usize, raw_bytes: u64) -> Result<()> {
        let load = if is_bulk(messages, raw_bytes) { Load::Bulk } else { Load::Few };
        self.writer(load).map(drop)
    }

    pub(super) fn add(&mut self, message: MessageNo, digest: &Digest, raw_len: u64, facts: &Facts) -> Result<()> {
        self.writer(Load::Few)?.add(message, digest, raw_len, facts)
    }

    pub(super) fn delete(&mut self, message: MessageNo) -> Result<()> {
        self.writer(Load::Few)?.delete(message)
    }

    /// Commits everything added and deleted; `last` is the newest message that the index has now.
    pub(super) fn commit(&mut self, last: MessageNo) -> Result<()> {
        self.writer(Load::Few)?.commit(last)?;
        (self.reader, self.sound) = (OnceCell::new(), OnceCell::new());
        Ok(())
    }

    /// Rewrites every segment that has deleted messages, so that no file holds anything of them.
    pub(super) fn erase_deleted(&mut self) -> Result<()> {
        self.reader = OnceCell::new();
        self.writer(Load::Few)?.erase_deleted()?;
        self.close()?;
        self.index()?.check_erased()
    }

    /// Leaves no more segments than searches need, after many messages were added and committed.
    pub(super) fn merge_small(&mut self) -> Result<()> {
        self.reader = OnceCell::new();
        self.writer(Load::Few)?.merge_small()?;
        self.close()
    }

    /// Forgets what was added and deleted since the last commit; it is found again by catching up.
    pub(super) fn roll_back(&mut self) {
        self.writer = None;
    }

    /// Ends the writer and its merges.
    pub(super) fn close(&mut self) -> Result<()> {
        self.writer.take().map_or(Ok(()), IndexWriter::close)
    }

    /// Removes the index with all its files; the next use makes a new one.
    pub(super) fn remove(&mut self) -> Result<()> {
        self.close()?;
        (self.reader, self.sound) = (OnceCell::new(), OnceCell::new());
        self.index = OnceCell::new();
        Index::remove(&self.directory)
    }
}
